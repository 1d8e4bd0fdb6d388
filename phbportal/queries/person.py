"""One person's record: who they are, why they may have a budget, what they have consented to, what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain import identifiers
from phbportal.domain.consents import (
    CONSENT_KIND_WORDS,
    GIVEN_BY_WORDS,
    ConsentFact,
    ConsentKind,
    GivenBy,
    direct_payment_consent_problem,
    exclusion_problem,
)
from phbportal.domain.eligibility import COHORT_WORDS, RIGHT_WORDS, Cohort, Right
from phbportal.domain.errors import NotFound
from phbportal.domain.letters import BY_WORDS, by_of
from phbportal.domain.moments import show_moment
from phbportal.domain.national import NHS_NUMBER_STATUS_WORDS
from phbportal.domain.people import age_on
from phbportal.domain.phbs import KIND_WORDS, STATUS_WORDS, PhbKind, PhbStatus
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.tasks import TASK_WORDS
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import by_shape
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import User

_PERSON = bindparam("person", type_=Uuid())


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a record: what it is and what it says. Nothing leads anywhere from it."""

    key: str
    value: str
    href: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class EligibilityRow:
    """Why somebody may have a budget; ``rests_on`` is the id of the assessment of needs, "" for none."""

    reason: str
    right: str
    decided: str
    starts: str
    ends: str
    rests_on: str = ""


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A consent; ``withdraw_href`` is empty once it has been withdrawn."""

    what: str
    given_by: str
    given: str
    evidence: str
    status: str
    withdraw_href: str


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget; ``reason`` is empty for those who may not see why."""

    reference: str
    href: str
    reason: str
    kind: str
    status: str
    opened: str


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Something that waits, or that somebody said is done: then ``done`` says who, when and what came of it."""

    sentence: str
    who: str
    due: str
    late: bool
    href: str = ""
    done: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A person as the actor may see them; what they may not see is empty.

    ``missing`` says in words what a direct payment still needs; ``check`` what was last answered to the check
    against the regulations, never why.
    """

    name: str
    facts: tuple[Fact, ...]
    signs_in: bool
    alive: bool
    eligibilities: tuple[EligibilityRow, ...]
    consents: tuple[ConsentRow, ...]
    check: str
    missing: tuple[str, ...]
    budgets: tuple[BudgetRow, ...]
    tasks: tuple[TaskRow, ...]


def person_record(session: Session, actor: Actor, today: date, person_id: UUID) -> PersonRecord:
    """The record of a person the actor may see, in seven statements. Raises NotFound."""

    def read(statement: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        return session.connection().execute(statement, {"person": person_id}).all()

    found = read(_person(actor, today))
    if not found:
        raise NotFound()
    person, consents = found[0], read(_consents(actor, today))
    answers = [(row.attested_on, row.excluded, row.display_name) for row in read(_answers(actor, today))]
    return PersonRecord(
        name=f"{person.given_name} {person.family_name}",
        facts=tuple(_facts(actor, today, person, read(_boards(actor, today)))),
        signs_in=person.sign_in_on,
        alive=person.died_on is None,
        eligibilities=tuple(_eligibility_row(row) for row in read(_eligibilities(actor, today))),
        consents=tuple(_consent_row(c, today) for c in consents),
        check=_check_words(answers),
        missing=_missing(actor, today, person, consents, answers),
        budgets=_budget_rows(actor, read(_budgets(actor, today))),
        tasks=tuple(_task_row(row, today) for row in read(_tasks(actor, today))),
    )


@by_shape
def _person(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return select(Person).where(col(Person.id) == _PERSON, visible(actor, Person, today))


@by_shape
def _boards(_actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    """The boards that answer for somebody already found in sight."""
    r = PersonResponsibility
    return (
        select(col(Organisation.name), col(Organisation.ods_code), col(r.starts_on))
        .join(Organisation, col(Organisation.id) == col(r.icb_id))
        .where(
            col(r.person_id) == _PERSON,
            col(r.starts_on) <= today,
            or_(col(r.ends_on).is_(None), col(r.ends_on) >= today),
        )
        .order_by(col(r.starts_on))
    )


def _facts(actor: Actor, today: date, person: Any, rows: Sequence[Any]) -> list[Fact]:
    boards = [f"{row.name} ({row.ods_code}), since {long_date(row.starts_on)}" for row in rows]
    age = age_on(person.date_of_birth, person.died_on or today)
    born = long_date(person.date_of_birth)
    facts = [Fact("Known as", person.known_as)] if person.known_as else []
    if person.died_on is None:
        facts.append(Fact("Date of birth", f"{born} ({plural(age, 'year')} old)"))
    else:
        facts += [Fact("Date of birth", born), Fact("Died", f"{long_date(person.died_on)}, aged {age}")]
    if could_ever(actor, Permission.NHS_NUMBER_READ):
        traced = NHS_NUMBER_STATUS_WORDS[person.nhs_number_status]
        number = identifiers.show_nhs_number(person.nhs_number) if person.nhs_number else "Not recorded"
        facts.append(Fact("NHS number", f"{number} ({traced.lower()})" if person.nhs_number else number))
    facts += [
        Fact("Local reference", person.local_reference or "Not recorded"),
        Fact("Address", ", ".join(p.strip() for p in person.address.splitlines() if p.strip()) or "Not recorded"),
        Fact("Postcode", person.postcode or "Not recorded"),
        Fact("Telephone", identifiers.show_telephone(person.telephone) if person.telephone else "Not recorded"),
        Fact("Letters", f"{BY_WORDS[by_of(person.letters_by)]}{f', to {person.email}' if person.letters_by else ''}"),
        Fact("Communication needs", person.communication_needs or "None recorded"),
    ]
    if person.easy_read:
        facts.append(Fact("Easy read", "Prefers pages in easy read"))
    if person.lacks_capacity:
        facts.append(Fact("Capacity", "Lacks capacity to decide about a direct payment"))
    facts.append(Fact("Looked after by", " and ".join(boards)))
    facts.append(Fact("Sign-in", "Can sign in with NHS login" if person.sign_in_on else "Switched off"))
    return facts


@by_shape
def _eligibilities(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Eligibility)
        .where(col(Eligibility.person_id) == _PERSON, visible(actor, Eligibility, today))
        .order_by(col(Eligibility.starts_on).desc(), col(Eligibility.id).desc())
    )


def _eligibility_row(row: Any) -> EligibilityRow:
    return EligibilityRow(
        reason=COHORT_WORDS[Cohort(row.cohort)], right=RIGHT_WORDS[Right(row.entitlement)],
        decided=long_date(row.decided_on), starts=long_date(row.starts_on),
        ends=long_date(row.ends_on) if row.ends_on else "No end date",
        rests_on=str(row.assessment_id or ""),
    )  # fmt: skip


@by_shape
def _consents(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Consent)
        .where(col(Consent.person_id) == _PERSON, visible(actor, Consent, today))
        .order_by(col(Consent.given_on).desc(), col(Consent.id).desc())
    )


def _consent_row(consent: Any, today: date) -> ConsentRow:
    withdrawn = consent.withdrawn_on
    who = GIVEN_BY_WORDS[GivenBy(consent.given_by)]
    what = CONSENT_KIND_WORDS[ConsentKind(consent.kind)]
    return ConsentRow(
        what=what[0].upper() + what[1:],
        given_by=f"{who}: {consent.giver_name}" if consent.giver_name else who,
        given=long_date(consent.given_on), evidence=consent.evidence,
        status=f"Withdrawn from {long_date(withdrawn)}" if withdrawn else "In force",
        withdraw_href="" if withdrawn else routes.staff_withdrawal(consent.person_id, consent.id),
    )  # fmt: skip


@by_shape
def _answers(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    """When the check was made, whether it said excluded, and who made it; in the order they were given."""
    e = ExclusionAttestation
    return (
        select(col(e.attested_on), col(e.excluded), col(User.display_name))
        .join(User, col(User.id) == col(e.attested_by))
        .where(col(e.person_id) == _PERSON, visible(actor, e, today))
        .order_by(col(e.attested_on), col(e.id))
    )


def _check_words(answers: list[tuple[date, bool, str]]) -> str:
    if not answers:
        return ""
    on, excluded, who = answers[-1]
    answer = "Excluded from direct payments" if excluded else "Not excluded from direct payments"
    return f"{answer}. Checked by {who} on {long_date(on)}."


def _missing(
    actor: Actor, today: date, person: Any, consents: Sequence[Any], answers: list[tuple[date, bool, str]]
) -> tuple[str, ...]:
    """Invariants I04 and I05 as they stand today, in the sentences an approver would be refused with."""
    if not could_ever(actor, Permission.CONSENT_READ):
        return ()
    facts = [
        ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on) for c in consents
    ]  # fmt: skip
    problems = (
        direct_payment_consent_problem(
            facts, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity, on=today
        ),
        exclusion_problem([(on, excluded) for on, excluded, _who in answers], today),
    )
    return tuple(p.sentence for p in problems if p is not None)


@by_shape
def _budgets(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return select(Phb).where(col(Phb.person_id) == _PERSON, visible(actor, Phb, today)).order_by(col(Phb.id).desc())


def _budget_rows(actor: Actor, rows: Sequence[Any]) -> tuple[BudgetRow, ...]:
    says_why = could_ever(actor, Permission.ELIGIBILITY_READ)
    return tuple(
        BudgetRow(
            reference=row.reference, href=routes.staff_phb(row.reference),
            reason=COHORT_WORDS[Cohort(row.cohort)] if says_why else "", kind=KIND_WORDS[PhbKind(row.kind)],
            status=STATUS_WORDS[PhbStatus(row.status)], opened=long_date(row.opened_on),
        )
        for row in rows
    )  # fmt: skip


@by_shape
def _tasks(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    theirs = select(col(Phb.id)).where(col(Phb.person_id) == _PERSON)
    return (
        select(
            col(Task.id), col(Task.kind), col(Task.sentence), col(Task.role), col(Task.due_on), col(Task.done_at),
            col(Task.done_note), col(User.display_name),
        )
        .outerjoin(User, col(User.id) == col(Task.done_by))
        .where(
            or_(col(Task.person_id) == _PERSON, col(Task.phb_id).in_(theirs)),
            or_(col(Task.done_at).is_(None), col(Task.done_note).is_not(None)),
            visible(actor, Task, today),
        )
        .order_by(
            col(Task.done_at).is_not(None), col(Task.done_at).desc(), col(Task.due_on).is_(None), col(Task.due_on),
            col(Task.id),
        )
    )  # fmt: skip


def _task_row(row: Any, today: date) -> TaskRow:
    return TaskRow(
        sentence=row.sentence, who=ROLE_WORDS[Role(row.role)].capitalize(),
        due=long_date(row.due_on) if row.due_on else "No date",
        late=row.done_at is None and row.due_on is not None and row.due_on < today,
        href=routes.staff_task(row.id) if row.kind in TASK_WORDS else "",
        done=f"{row.display_name or NOBODY}, {show_moment(row.done_at)}: {row.done_note}" if row.done_at else "",
    )  # fmt: skip
