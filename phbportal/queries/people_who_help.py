"""People who help a person or act for them, as the team reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.acting import (
    ACTING_STATUS_WORDS,
    ACTING_WORDS,
    APPOINTED,
    BASIS_WORDS,
    NOMINATED_WORDS,
    Acting,
    ActingStatus,
    Basis,
    appointment_problems,
    dbs_needed,
)
from phbportal.domain.errors import NotFound, Problem
from phbportal.domain.relations import RELATION_WORDS, Relation
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import could_ever, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import by_shape
from phbportal.queries.names import names_of
from phbportal.queries.payees import acted_for, acting_fact, appointed_fact, may_nominate, without_payee
from phbportal.queries.person import Fact
from phbportal.queries.person_forms import ChoiceRow
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, about
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.people import Person
from phbportal.tables.users import Assignment, User

NOT_ENDED = tuple(s.value for s in ActingStatus if s is not ActingStatus.ENDED)


@dataclass(frozen=True, slots=True)
class HelperRow:
    """Somebody who helps or acts; ``why`` is their basis or who nominated them."""

    name: str
    href: str
    what: str
    why: str
    status: str


@dataclass(frozen=True, slots=True)
class HelperRecord:
    """One of them as text, what their appointment still needs, and what the actor may do now.

    ``why_not`` is why this actor may not agree, where they otherwise could.
    """

    name: str
    facts: tuple[Fact, ...]
    missing: tuple[str, ...]
    row_version: int
    needs_dbs: bool
    may_check: bool
    may_agree: bool
    why_not: str
    may_suspend: bool
    may_end: bool
    may_invite: bool
    may_name: bool
    is_organisation: bool
    may_change_individual: bool


def helpers_of(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[HelperRow, ...]:
    """Everybody on a person's record, those who ended last. One statement."""
    rows = session.connection().execute(_helpers(actor, today), {"person": person_id}).all()
    return tuple(
        HelperRow(
            part.name, routes.staff_helper(person_id, part.id), ACTING_WORDS[Acting(part.role)], _why(part),
            ACTING_STATUS_WORDS[ActingStatus(part.status)],
        )
        for part in rows
    )  # fmt: skip


@by_shape
def _helpers(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(PersonRole)
        .where(col(PersonRole.person_id) == bindparam("person", type_=Uuid()), visible(actor, PersonRole, today))
        .order_by(col(PersonRole.status) == ActingStatus.ENDED.value, col(PersonRole.id))
    )


def _why(part: Any) -> str:
    named = f". {part.individual} looks after the money there" if part.individual else ""
    return _reason(part) + named


def _reason(part: Any) -> str:
    fact = acting_fact(part)
    if fact.basis:
        return BASIS_WORDS[fact.basis]
    if fact.nominated_by:
        return f"Nominated by: {_small(NOMINATED_WORDS[fact.nominated_by])}"
    return RELATION_WORDS[fact.relation]


def _small(words: str) -> str:
    return words[0].lower() + words[1:]


def helper_record(session: Session, actor: Actor, today: date, person_id: UUID, part_id: UUID) -> HelperRecord:
    """One of them. Raises NotFound."""
    row = session.execute(
        select(PersonRole, Person)
        .join(Person, col(Person.id) == col(PersonRole.person_id))
        .where(
            col(PersonRole.id) == part_id, col(PersonRole.person_id) == person_id, visible(actor, PersonRole, today)
        )
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    part, person = row
    status, fact = ActingStatus(part.status), acting_fact(part)
    waits = status in (ActingStatus.PROPOSED, ActingStatus.CHECKS, ActingStatus.SUSPENDED)
    appointed = fact.role in APPOINTED
    problems: list[Problem] = []
    if appointed and waits:
        problems = appointment_problems(appointed_fact(session, part), acted_for(session, person), today)
    writes = could_ever(actor, Permission.ACTING_WRITE)
    made_by = frozenset(i for i in (part.proposed_by, part.user_id) if i is not None)
    agreed = decide(actor, Permission.ACTING_AGREE, Subject(icbs=frozenset({part.icb_id}), made_by=made_by))
    decides = could_ever(actor, Permission.ACTING_AGREE) and status in (ActingStatus.CHECKS, ActingStatus.SUSPENDED)
    return HelperRecord(
        name=part.name,
        facts=tuple(_facts(session, actor, today, part)),
        missing=tuple(p.sentence for p in problems),
        row_version=part.row_version,
        needs_dbs=dbs_needed(fact),
        may_check=writes and appointed and status in (ActingStatus.PROPOSED, ActingStatus.CHECKS),
        may_agree=decides and agreed.allowed and not problems,
        why_not=agreed.because if decides and not agreed.allowed else "",
        may_suspend=writes and appointed and status is ActingStatus.ACTIVE,
        may_end=writes and status is not ActingStatus.ENDED,
        may_invite=writes and appointed and part.user_id is None and status is not ActingStatus.ENDED,
        may_name=writes
        and appointed
        and status is not ActingStatus.ENDED
        and _pays_nobody(session, actor, today, part),
        is_organisation=fact.relation is Relation.ORGANISATION,
        may_change_individual=writes
        and appointed
        and fact.relation is Relation.ORGANISATION
        and status in (ActingStatus.ACTIVE, ActingStatus.SUSPENDED),
    )


@dataclass(frozen=True, slots=True)
class SignsInRow:
    """Somebody who signs in for an organisation that acts; ``id`` is that of their role."""

    id: str
    name: str


def who_signs_in(session: Session, actor: Actor, today: date, part_id: UUID) -> tuple[SignsInRow, ...]:
    """Whom the board let in to act for an organisation's people, by name, for whoever may end it. One statement."""
    if not could_ever(actor, Permission.ACTING_WRITE):
        return ()
    a, p = Assignment, PersonRole
    same = (
        (col(a.organisation_id) == col(p.organisation_id))
        & (col(a.icb_id) == col(p.icb_id))
        & (col(a.role) == col(p.role))
    )
    rows = session.execute(
        select(col(a.id), col(User.display_name))
        .join(p, same)
        .join(User, col(User.id) == col(a.user_id))
        .where(
            col(p.id) == part_id, visible(actor, p, today), col(a.revoked_at).is_(None),
            or_(col(a.valid_to).is_(None), col(a.valid_to) >= today),
        )
        .order_by(col(User.display_name), col(a.id))
    )  # fmt: skip
    return tuple(SignsInRow(str(row.id), row.display_name) for row in rows)


def _pays_nobody(session: Session, actor: Actor, today: date, part: PersonRole) -> bool:
    """Whether a stream of the person pays nobody who acts, and could be paid to this part."""
    found = select(col(Stream.id)).where(without_payee(part), visible(actor, Stream, today)).limit(1)
    return session.execute(found).first() is not None


def _facts(session: Session, actor: Actor, today: date, part: PersonRole) -> list[Fact]:
    fact = acting_fact(part)
    facts = [Fact("What they do", ACTING_WORDS[fact.role])]
    if fact.basis:
        facts.append(Fact("Why they represent this person", BASIS_WORDS[fact.basis]))
    if fact.nominated_by:
        facts.append(
            Fact("Nominated by", _nominated_by(session, actor, today, part, NOMINATED_WORDS[fact.nominated_by]))
        )
    if part.wanted_for:
        facts.append(Fact("What they are wanted for", part.wanted_for))
    if part.individual:
        facts.append(Fact("Looks after the money there", part.individual))
    facts += [
        Fact("Who they are to this person", RELATION_WORDS[fact.relation]),
        Fact("Lives in the same household", "Yes" if fact.lives_in_household else "No"),
        Fact("Status", ACTING_STATUS_WORDS[fact.status]),
    ]
    if not actor.is_staff:
        return facts
    facts.append(Fact("How to reach them", part.contact or "Not recorded"))
    if fact.role in APPOINTED:
        names = names_of(session, [part.dbs_checked_by, part.board_agreed_by, part.proposed_by])
        facts += [
            Fact("Proposed by", names.of(part.proposed_by)),
            Fact("They agreed on", long_date(part.agreed_on) if part.agreed_on else "Not yet"),
            Fact("DBS check", _check(part, needed=dbs_needed(fact), by=names.of(part.dbs_checked_by))),
            Fact("The board agreed", _agreed(part, names.of(part.board_agreed_by))),
            Fact("Signs in", "Yes" if part.user_id else "Not yet"),
        ]
    if part.end_reason:
        facts.append(Fact("Reason for stopping or the hold", part.end_reason))
    if part.ended_on:
        facts.append(Fact("Ended on", long_date(part.ended_on)))
    return facts


def _nominated_by(session: Session, actor: Actor, today: date, part: PersonRole, words: str) -> str:
    """Who nominated them: of a representative the name, where it was recorded and the actor sees their part."""
    if part.nominator_id is None:
        return words
    name = session.execute(
        select(col(PersonRole.name)).where(col(PersonRole.id) == part.nominator_id, visible(actor, PersonRole, today))
    ).scalar_one_or_none()
    return f"{words}: {name}" if name else words


def nominator_choices(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[ChoiceRow, ...]:
    """The representatives who may have nominated somebody: those who act and may choose a nominee. One statement."""
    rows = session.execute(
        select(PersonRole)
        .where(may_nominate(person_id), visible(actor, PersonRole, today))
        .order_by(col(PersonRole.id))
    ).scalars()
    return tuple(ChoiceRow(str(part.id), part.name, BASIS_WORDS[Basis(part.basis)]) for part in rows)


def _check(part: PersonRole, *, needed: bool, by: str) -> str:
    if part.dbs_on:
        whose = f" for {part.individual}" if part.individual else ""
        return f"Certificate {part.dbs_reference}{whose} of {long_date(part.dbs_on)}, seen by {by}"
    return "Needed, not recorded yet" if needed else "Not needed: close family, same household or involved friend"


def _agreed(part: PersonRole, by: str) -> str:
    return f"{long_date(part.board_agreed_on)}, by {by}" if part.board_agreed_on else "Not yet"


def payee_choices(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[ChoiceRow, ...]:
    """Whoever could be paid a direct payment in the person's place: ``NOMINEE:`` and the id of their part."""
    rows = session.execute(
        select(PersonRole)
        .where(
            col(PersonRole.person_id) == person_id,
            col(PersonRole.role).in_([role.value for role in APPOINTED]),
            col(PersonRole.status).in_(
                [s.value for s in (ActingStatus.PROPOSED, ActingStatus.CHECKS, ActingStatus.ACTIVE)]
            ),
            visible(actor, PersonRole, today),
        )
        .order_by(col(PersonRole.role), col(PersonRole.id))
    ).scalars()
    return tuple(
        ChoiceRow(
            f"{part.role}:{part.id}", f"{part.name}, {_small(ACTING_WORDS[Acting(part.role)])}",
            "" if part.status == ActingStatus.ACTIVE else "Not agreed yet: nothing is paid before an approver agrees",
        )
        for part in rows
    )  # fmt: skip


def to_agree(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Representatives and nominees who wait for the board to agree, without those the actor proposed."""
    rows = session.execute(
        select(PersonRole, col(Person.given_name), col(Person.family_name))
        .outerjoin(Person, (col(Person.id) == col(PersonRole.person_id)) & visible(actor, Person, today))
        .where(
            visible(actor, PersonRole, today),
            col(PersonRole.status) == ActingStatus.CHECKS.value,
            col(PersonRole.agreed_on).is_not(None),
            or_(col(PersonRole.proposed_by).is_(None), col(PersonRole.proposed_by) != actor.user_id),
            or_(col(PersonRole.user_id).is_(None), col(PersonRole.user_id) != actor.user_id),
        )
        .order_by(col(PersonRole.id))
        .limit(MOST + 1)
    )
    return WorkGroup.of(
        "People to agree",
        [
            WorkItem(
                f"Agree {part.name} as {_small(ACTING_WORDS[Acting(part.role)])} for {about(given, family)}",
                routes.staff_helper(part.person_id, part.id),
                f"They agreed on {long_date(part.agreed_on)}." if part.agreed_on else "",
            )
            for part, given, family in rows
        ],
    )
