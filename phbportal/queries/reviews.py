"""A review: what it is to find out, what was found, and what the holder said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.endings import LIVE
from phbportal.domain.errors import NotFound
from phbportal.domain.plans import OUTCOME_WORDS, OutcomeStatus, PlanStatus
from phbportal.domain.represented_words import control_words, review_day, review_questions, review_reason
from phbportal.domain.reviews import (
    ANSWERED_WORDS,
    CONTROL_WORDS,
    MONEY_USED_WORDS,
    RESULT_WORDS,
    REVIEW_WORDS,
    SATISFACTION_WORDS,
    AnsweredBy,
    Control,
    MoneyUsed,
    ReviewKind,
    ReviewResult,
    Satisfaction,
)
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.names import names_of
from phbportal.queries.scope import visible
from phbportal.queries.work_items import due_words
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.plans import Outcome, Plan
from phbportal.tables.reviews import ReviewAnswer, ReviewOutcome

IN_FORCE = (PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value)


@dataclass(frozen=True, slots=True)
class OutcomeAsked:
    """One outcome of the plan, to be answered in a review: the names its two fields are sent under."""

    id: str
    statement: str
    status: str
    field: str
    note_field: str


@dataclass(frozen=True, slots=True)
class OutcomeFound:
    """How an outcome stood on the day."""

    statement: str
    status: str
    note: str


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What the holder said, as text; empty ``by`` where nothing was said."""

    satisfaction: str = ""
    control: str = ""
    words: str = ""
    by: str = ""
    by_themselves: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as text. ``waits`` is said of one that is to be held; the other fields are empty until it is."""

    id: UUID
    kind: str
    due: str
    reason: str
    waits: bool
    goes_on: bool
    after_death: bool = False
    held: str = ""
    attended: str = ""
    findings: str = ""
    safe: str = ""
    enough: str = ""
    money_used: str = ""
    result: str = ""
    actions: str = ""
    not_needed: str = ""
    asked: list[OutcomeAsked] = field(default_factory=list[OutcomeAsked])
    outcomes: list[OutcomeFound] = field(default_factory=list[OutcomeFound])
    answer: AnswerView = AnswerView()


def review_view(session: Session, actor: Actor, today: date, phb_id: UUID, review_id: UUID) -> ReviewView:
    """One review of a budget. Four statements, or NotFound."""
    row = session.execute(
        select(Review, col(Phb.status))
        .join(Phb, col(Phb.id) == col(Review.phb_id))
        .where(col(Review.id) == review_id, col(Review.phb_id) == phb_id, visible(actor, Review, today))
    ).one_or_none()
    if row is None:
        raise NotFound()
    review, status = row
    waits = review.held_on is None and review.not_needed_on is None
    who = names_of(session, [review.held_by]).of(review.held_by) if review.held_by else ""
    return ReviewView(
        review.id, REVIEW_WORDS[ReviewKind(review.kind)],
        f"{long_date(review.due_on)}, {due_words(review.due_on, today)}" if waits else long_date(review.due_on),
        review.reason or "", waits, status in {one.value for one in LIVE},
        after_death=review.kind == ReviewKind.DEATH,
        held=f"{long_date(review.held_on)}, {who}".rstrip(", ") if review.held_on else "",
        attended=review.attended or "", findings=review.findings or "", safe=_yes_no(review.is_safe),
        enough=_yes_no(review.is_enough),
        money_used=MONEY_USED_WORDS[MoneyUsed(review.money_used)] if review.money_used else "",
        result=RESULT_WORDS[ReviewResult(review.result)] if review.result else "", actions=review.actions or "",
        not_needed=long_date(review.not_needed_on) if review.not_needed_on else "",
        asked=_asked(session, actor, today, phb_id) if waits and review.kind != ReviewKind.DEATH else [],
        outcomes=[] if waits else _found(session, actor, today, review.id),
        answer=answer_of(session, actor, today, review.id),
    )  # fmt: skip


def _yes_no(answer: bool | None) -> str:
    return "" if answer is None else "Yes" if answer else "No"


def _asked(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[OutcomeAsked]:
    """The outcomes of the plan that counts, each with how it stood last."""
    plan = select(col(Plan.id)).where(col(Plan.phb_id) == phb_id, col(Plan.status).in_(IN_FORCE))
    rows = session.execute(
        select(Outcome)
        .where(col(Outcome.plan_id).in_(plan), visible(actor, Outcome, today))
        .order_by(col(Outcome.position), col(Outcome.id))
    ).scalars()
    return [OutcomeAsked(str(o.id), o.statement, o.status, f"outcome-{o.id}", f"note-{o.id}") for o in rows]


def _found(session: Session, actor: Actor, today: date, review_id: UUID) -> list[OutcomeFound]:
    rows = session.execute(
        select(ReviewOutcome, col(Outcome.statement))
        .join(Outcome, col(Outcome.id) == col(ReviewOutcome.outcome_id))
        .where(col(ReviewOutcome.review_id) == review_id, visible(actor, ReviewOutcome, today))
        .order_by(col(Outcome.position), col(Outcome.id))
    )
    return [OutcomeFound(statement, OUTCOME_WORDS[OutcomeStatus(r.status)], r.note) for r, statement in rows]


def answer_of(session: Session, actor: Actor, today: date, review_id: UUID) -> AnswerView:
    """What the holder said for a review. One statement."""
    found = session.execute(
        select(ReviewAnswer).where(col(ReviewAnswer.review_id) == review_id, visible(actor, ReviewAnswer, today))
    ).scalar_one_or_none()
    if found is None:
        return AnswerView()
    return AnswerView(
        SATISFACTION_WORDS[Satisfaction(found.satisfaction)], CONTROL_WORDS[Control(found.control)], found.words,
        f"{ANSWERED_WORDS[AnsweredBy(found.answered_by)]}, {long_date(found.answered_on)}",
        found.answered_by != AnsweredBy.STAFF,
    )  # fmt: skip


def pages_of(session: Session, actor: Actor, today: date, reviews: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Where each of these reviews is held, or what was found is read. One statement."""
    rows = session.execute(
        select(col(Review.id), col(Review.held_on), col(Phb.reference))
        .join(Phb, col(Phb.id) == col(Review.phb_id))
        .where(col(Review.id).in_(reviews), visible(actor, Review, today))
    )
    return {
        row.id: (
            "Read it" if row.held_on else "Open the form",
            routes.of_phb(routes.STAFF_REVIEW, row.reference, review=str(row.id)),
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class OwnReview:
    """A review as the holder reads it: when it is, why, what will be asked, and what they have said so far."""

    id: str
    heading: str
    when: list[str]
    why: str
    questions: list[str]
    said: AnswerView


@dataclass(frozen=True, slots=True)
class OwnReviews:
    """The reviews that wait, and the budgets a review can be asked for: id and reference."""

    waiting: list[OwnReview] = field(default_factory=list[OwnReview])
    budgets: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])


def own_reviews(session: Session, actor: Actor, today: date, person_id: UUID, *, whose: str = "") -> OwnReviews:
    """The reviews of a person, for themselves or, with their name, for whoever represents them, the earliest first.
    Three statements."""
    live = session.execute(
        select(col(Phb.id), col(Phb.reference))
        .where(
            visible(actor, Phb, today), col(Phb.person_id) == person_id,
            col(Phb.status).in_([status.value for status in LIVE]),
        )
        .order_by(col(Phb.id))
    ).all()  # fmt: skip
    references = {row.id: row.reference for row in live}
    reviews = session.execute(
        select(Review)
        .where(
            visible(actor, Review, today), col(Review.phb_id).in_(references), col(Review.held_on).is_(None),
            col(Review.not_needed_on).is_(None),
        )
        .order_by(col(Review.due_on), col(Review.id))
    ).scalars().all()  # fmt: skip
    said = {
        answer.review_id: answer
        for answer in session.execute(
            select(ReviewAnswer).where(
                visible(actor, ReviewAnswer, today), col(ReviewAnswer.review_id).in_([r.id for r in reviews])
            )
        ).scalars()
    }
    waiting = [
        OwnReview(
            str(r.id), f"{REVIEW_WORDS[ReviewKind(r.kind)]} of budget {references[r.phb_id]}",
            review_day(r.due_on, today, whose), review_reason(ReviewKind(r.kind), whose),
            review_questions(whose), _own_answer(said.get(r.id), whose),
        )
        for r in reviews
    ]  # fmt: skip
    return OwnReviews(waiting, [(str(row.id), row.reference) for row in live])


def _own_answer(found: ReviewAnswer | None, whose: str) -> AnswerView:
    if found is None:
        return AnswerView()
    return AnswerView(
        SATISFACTION_WORDS[Satisfaction(found.satisfaction)], control_words(Control(found.control), whose), found.words,
        f"You said this on {long_date(found.answered_on)}.", True,
    )  # fmt: skip
