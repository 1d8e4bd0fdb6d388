"""Who helps a budget holder, as they read it: what each does, and what each may see of them by the plan's share marks.

A fixed number of statements, each beginning at what the person may see, however many help.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import exists, label, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain import helper_words as words
from phbportal.domain.acting import ACTING_WORDS, ActedFor, Acting, ActingStatus
from phbportal.domain.isf import IN_SIGHT, AgreementStatus
from phbportal.domain.nominations import holder_nominates_problem
from phbportal.domain.plans import PlanStatus, Share
from phbportal.policy.actors import Actor
from phbportal.queries.holder_facts import own_person
from phbportal.queries.scope import SHARED_WITH_PROVIDERS, visible
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Agreement, IsfConfirmation
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.plans import Outcome, Plan, PlanService

FOR_NOMINEES = (Share.NOMINEE, Share.ALL)
IN_FORCE = (PlanStatus.APPROVED, PlanStatus.ACTIVE)
SIGNS_IN = (Acting.REPRESENTATIVE, Acting.NOMINEE)


@dataclass(frozen=True, slots=True)
class HelperView:
    """Somebody who helps: what they do in sentences, what they see, and the parts of the plan that they see."""

    name: str
    what: str
    sentences: list[str]
    sees: list[str]
    parts: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class OwnHelpers:
    """Everybody who helps; ``why_not`` is why the person may not choose a nominee, empty when they may."""

    easy_read: bool = False
    helpers: list[HelperView] = field(default_factory=list[HelperView])
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a plan, its mark, and where it hangs."""

    plan_id: UUID
    phb_id: UUID
    in_force: bool
    share: Share
    words: str


def own_helpers(session: Session, actor: Actor, today: date) -> OwnHelpers:
    """Who helps the person asking: whoever acts or is to act, whoever only helps, and who holds money for them."""
    person = own_person(session, actor, today)
    if person is None:
        return OwnHelpers()
    rows = session.execute(
        select(PersonRole)
        .where(
            visible(actor, PersonRole, today), col(PersonRole.person_id) == person.id,
            col(PersonRole.status) != ActingStatus.ENDED.value,
        )
        .order_by(col(PersonRole.id))
    ).scalars().all()  # fmt: skip
    paid = session.execute(
        select(col(Stream.payee_role_id), col(Stream.phb_id)).where(
            visible(actor, Stream, today), col(Stream.payee_role_id).is_not(None)
        )
    ).all()
    parts = _parts(session, actor, today)
    helpers = [_helper(row, {phb for part, phb in paid if part == row.id}, parts) for row in rows]
    problem = holder_nominates_problem(ActedFor(person.date_of_birth, person.lacks_capacity), today)
    return OwnHelpers(
        person.easy_read, [*helpers, *_organisations(session, actor, today, parts)], problem.sentence if problem else ""
    )


def _helper(part: PersonRole, phbs: set[UUID], parts: Sequence[_Part]) -> HelperView:
    role, status = Acting(part.role), ActingStatus(part.status)
    seen: list[str] = []
    if role not in SIGNS_IN:
        sees = [words.SIGNS_IN_NOT]
    elif status is not ActingStatus.ACTIVE:
        sees = [words.ASKED_SEES]
    elif role is Acting.REPRESENTATIVE:
        sees = [words.SEES_ALL]
    else:
        seen = [one.words for one in parts if one.in_force and one.phb_id in phbs and one.share in FOR_NOMINEES]
        sees = [words.SEES_THEIR_MONEY if phbs else words.SEES_NO_MONEY, words.plan_sight(len(seen))]
    return HelperView(part.name, ACTING_WORDS[role], list(words.does(role, status, part.individual or "")), sees, seen)


def _organisations(session: Session, actor: Actor, today: date, parts: Sequence[_Part]) -> list[HelperView]:
    """Whoever has been sent an offer to hold money and has neither declined it nor let it run out (I31)."""
    c, a = IsfConfirmation, Agreement
    agreed = exists(
        select(1).where(col(a.confirmation_id) == col(c.id), col(a.status) == AgreementStatus.IN_FORCE.value)
    )
    rows = session.execute(
        select(col(Organisation.id), col(Organisation.name), col(c.plan_id), label("holds", agreed))
        .join(Organisation, col(Organisation.id) == col(c.organisation_id))
        .where(visible(actor, c, today), col(c.status).in_([status.value for status in IN_SIGHT]))
        .order_by(col(c.id))
    ).all()
    views: list[HelperView] = []
    for organisation_id, name in dict.fromkeys((row.id, row.name) for row in rows):
        plans = {row.plan_id for row in rows if row.id == organisation_id}
        seen = [one.words for one in parts if one.plan_id in plans and one.share in SHARED_WITH_PROVIDERS]
        sees = [words.HOLDS_SEES, words.plan_sight(len(seen))]
        holds = any(row.holds for row in rows if row.id == organisation_id)
        said = words.HOLDS_MONEY if holds else words.ASKED_TO_HOLD
        views.append(HelperView(name, "Organisation", list(said), sees, seen))
    return views


def _parts(session: Session, actor: Actor, today: date) -> list[_Part]:
    """The outcomes and services of the person's plans that are marked for somebody. Two statements."""
    shared = (
        (Outcome, col(Outcome.statement), col(Outcome.position)),
        (PlanService, col(PlanService.description), col(PlanService.position)),
    )
    found: list[_Part] = []
    for table, said, position in shared:
        rows = session.execute(
            select(col(table.plan_id), col(Plan.phb_id), col(Plan.status), col(table.share), said)
            .join(Plan, col(Plan.id) == col(table.plan_id))
            .where(visible(actor, table, today), col(table.share) != Share.NOBODY.value)
            .order_by(position)
        )
        found += [_Part(plan, phb, status in IN_FORCE, Share(share), text) for plan, phb, status, share, text in rows]
    return found
