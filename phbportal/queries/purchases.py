"""Questions asked before buying: of one's own budgets, and what one may choose when one asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.money import pounds
from phbportal.domain.plans import PlanStatus
from phbportal.domain.purchases import ANSWERED_WORDS, Answered, compared
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan
from phbportal.tables.purchases import PurchaseQuestion

_SHORT = 80


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question and how it stands: "by" is the day it is to be answered by, empty once it is; ``bought`` what was said
    and accounted for since, empty before."""

    id: str
    question: str
    cost: str
    asked: str
    status: str
    answer: str
    by: str
    bought: str = ""


@dataclass(frozen=True, slots=True)
class AskPage:
    """One budget's questions, newest first, and the outcomes a new one may be for, as (id, words)."""

    reference: str = ""
    whose: str = ""
    questions: list[QuestionView] = field(default_factory=list[QuestionView])
    outcomes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    to_tell: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    """What had a yes and is not accounted for yet, as (id, words)."""


def own_references(session: Session, actor: Actor, today: date) -> list[str]:
    """The budgets whose money the actor may ask about, by reference, the latest first. One statement."""
    rows = session.execute(
        select(col(Phb.reference))
        .join(Stream, col(Stream.phb_id) == col(Phb.id))
        .where(visible(actor, Stream, today))
        .group_by(col(Phb.id), col(Phb.reference))
        .order_by(col(Phb.id).desc())
    ).scalars()
    return list(rows)


def ask_page(session: Session, actor: Actor, today: date, reference: str) -> AskPage:
    """What was asked of a budget's money and what may be. Raises NotFound for one with no money in sight."""
    row = session.execute(
        select(col(Phb.id), col(Person.given_name), col(Person.known_as), col(Person.family_name))
        .join(Stream, col(Stream.phb_id) == col(Phb.id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .where(col(Phb.reference) == reference, visible(actor, Stream, today))
        .limit(1)
    ).one_or_none()
    if row is None:
        raise NotFound()
    q = PurchaseQuestion
    asked = session.execute(
        select(q).where(col(q.phb_id) == row.id, visible(actor, q, today)).order_by(col(q.id).desc())
    ).scalars().all()  # fmt: skip
    return AskPage(
        reference, f"{row.known_as or row.given_name} {row.family_name}", [_view(one) for one in asked],
        _outcomes(session, actor, today, row.id),
        [(str(one.id), f"{_short(one.question)} ({pounds(one.cost_pence)})") for one in asked
         if one.status == Answered.YES and one.journal_id is None],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class AgreedChoice:
    """A yes that was not accounted for yet, to choose when money is accounted for (the attributes of the kit's
    Choice)."""

    value: str
    text: str
    hint: str = ""


def agreed_choices(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[AgreedChoice]:
    """What a budget's money may buy after a yes, the latest first: what was agreed, what its buyer says it cost, and
    how the two stand to each other. One statement."""
    q = PurchaseQuestion
    rows = session.execute(
        select(q)
        .where(
            col(q.phb_id) == phb_id, col(q.status) == Answered.YES.value, col(q.journal_id).is_(None),
            visible(actor, q, today),
        )
        .order_by(col(q.id).desc())
    ).scalars()  # fmt: skip
    return [AgreedChoice(str(one.id), f"{_short(one.question)}: {_told(one)}") for one in rows]


def compared_of(session: Session, actor: Actor, today: date, questions: Sequence[UUID]) -> dict[UUID, str]:
    """How what was spent, or is said to have been, stands to what was agreed; nothing of what was not bought. One
    statement."""
    q = PurchaseQuestion
    rows = session.execute(
        select(col(q.id), col(q.cost_pence), col(q.bought_pence), col(q.spent_pence)).where(
            col(q.id).in_(questions), visible(actor, q, today)
        )
    )
    return {
        row.id: compared(row.cost_pence, spent)
        for row in rows
        if (spent := row.bought_pence if row.spent_pence is None else row.spent_pence) is not None
    }


def _told(row: PurchaseQuestion) -> str:
    if row.bought_pence is None:
        return f"{pounds(row.cost_pence)} was agreed."
    return f"{pounds(row.bought_pence)} at {row.bought_from}. {compared(row.cost_pence, row.bought_pence)}"


def _short(words: str) -> str:
    return words if len(words) <= _SHORT else f"{words[: _SHORT - 1].rstrip()}…"


def _view(row: PurchaseQuestion) -> QuestionView:
    answered = Answered(row.status)
    waits = answered in (Answered.OPEN, Answered.TALK)
    return QuestionView(
        str(row.id), row.question, pounds(row.cost_pence), f"{row.asked_name}, {long_date(row.asked_on)}",
        ANSWERED_WORDS[answered], row.answer, long_date(row.due_on) if waits else "", _bought(row),
    )  # fmt: skip


def _bought(row: PurchaseQuestion) -> str:
    """What was bought, as its buyer reads it."""
    if row.spent_pence is not None:
        return f"Accounted for: {pounds(row.spent_pence)}. {compared(row.cost_pence, row.spent_pence)}"
    if row.bought_pence is None or row.bought_on is None:
        return ""
    return (
        f"{row.bought_name} told us: {pounds(row.bought_pence)} at {row.bought_from} on {long_date(row.bought_on)}. "
        f"{compared(row.cost_pence, row.bought_pence)}"
    )


def _outcomes(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[tuple[str, str]]:
    """The outcomes of the plan in force that the actor may read."""
    rows = session.execute(
        select(col(Outcome.id), col(Outcome.statement))
        .join(Plan, col(Plan.id) == col(Outcome.plan_id))
        .where(
            col(Plan.phb_id) == phb_id, visible(actor, Outcome, today),
            col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]),
        )
        .order_by(col(Outcome.position))
    )  # fmt: skip
    return [(str(row.id), row.statement) for row in rows]
