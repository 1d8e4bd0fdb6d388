"""Questions asked before buying: of one's own budgets, and what one may choose when one asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.money import pounds
from phbportal.domain.plans import PlanStatus
from phbportal.domain.purchases import ANSWERED_WORDS, Answered
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan
from phbportal.tables.purchases import PurchaseQuestion


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question and how it stands: "by" is the day it is to be answered by, empty once it is."""

    question: str
    cost: str
    asked: str
    status: str
    answer: str
    by: str


@dataclass(frozen=True, slots=True)
class AskPage:
    """One budget's questions, newest first, and the outcomes a new one may be for, as (id, words)."""

    reference: str = ""
    whose: str = ""
    questions: list[QuestionView] = field(default_factory=list[QuestionView])
    outcomes: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


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
    ).scalars()
    return AskPage(
        reference, f"{row.known_as or row.given_name} {row.family_name}", [_view(one) for one in asked],
        _outcomes(session, actor, today, row.id),
    )  # fmt: skip


def _view(row: PurchaseQuestion) -> QuestionView:
    answered = Answered(row.status)
    waits = answered in (Answered.OPEN, Answered.TALK)
    return QuestionView(
        row.question, pounds(row.cost_pence), f"{row.asked_name}, {long_date(row.asked_on)}", ANSWERED_WORDS[answered],
        row.answer, long_date(row.due_on) if waits else "",
    )  # fmt: skip


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
