"""Budgets, plans and reviews of a board, counted for its dashboards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Integer, Uuid, bindparam, cast, extract, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.eligibility import COHORT_WORDS
from phbportal.domain.figures import Figures, by_label, by_month, last_months, without_small
from phbportal.domain.phbs import ENDED, STATUS_WORDS, PhbStatus
from phbportal.domain.plans import EDITABLE, PlanStatus
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_counts import Whole, by_code, capped, number
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.plans import Plan

REVIEW_DAYS, SIGNED_DAYS = 28, 28
# "Is one of the open" reads the index of a board's budgets; "is none of the ended" reads every budget.
OPEN = [status.value for status in PhbStatus if status not in ENDED]
_ME = bindparam("me", type_=Uuid())


@by_shape
def _people(actor: Actor, today: date) -> Whole:
    return capped(select(col(Person.id)).where(visible(actor, Person, today)))


def people(session: Session, actor: Actor, today: date) -> int:
    """People the board looks after today."""
    return number(session, _people(actor, today))


@by_shape
def _budgets(actor: Actor, today: date, whose: str) -> Whole:
    owner = {
        "all": (), "mine": (col(Phb.case_manager_id) == _ME,), "of_nobody": (col(Phb.case_manager_id).is_(None),)
    }[whose]  # fmt: skip
    return capped(select(col(Phb.id)).where(visible(actor, Phb, today), col(Phb.status).in_(OPEN), *owner))


def open_budgets(session: Session, actor: Actor, today: date) -> int:
    """Budgets that have not ended, in any status."""
    return number(session, _budgets(actor, today, "all"))


def own_budgets(session: Session, actor: Actor, today: date) -> int:
    """Open budgets of which the actor is the case manager."""
    return number(session, _budgets(actor, today, "mine"), me=actor.user_id)


def budgets_of_nobody(session: Session, actor: Actor, today: date) -> int:
    """Open budgets that no case manager has been given."""
    return number(session, _budgets(actor, today, "of_nobody"))


@by_shape
def _plans(actor: Actor, today: date, *statuses: str) -> Whole:
    return capped(select(col(Plan.id)).where(visible(actor, Plan, today), col(Plan.status).in_(statuses)))


def plans_to_sign_off(session: Session, actor: Actor, today: date) -> int:
    """Plans of the board that wait for a clinician, whoever wrote them."""
    return number(session, _plans(actor, today, PlanStatus.SUBMITTED.value))


def plans_to_approve(session: Session, actor: Actor, today: date) -> int:
    """Plans of the board that wait for approval, whatever their amount."""
    return number(session, _plans(actor, today, PlanStatus.CLINICALLY_SIGNED.value))


def plans_waiting(session: Session, actor: Actor, today: date) -> int:
    """Plans of the board that wait for sign-off or approval."""
    return number(session, _plans(actor, today, PlanStatus.SUBMITTED.value, PlanStatus.CLINICALLY_SIGNED.value))


@by_shape
def _own_plans(actor: Actor, today: date) -> Whole:
    plan = select(col(Plan.id)).join(Phb, col(Phb.id) == col(Plan.phb_id))
    return capped(
        plan.where(
            visible(actor, Plan, today), col(Phb.case_manager_id) == _ME,
            col(Plan.status).in_([status.value for status in EDITABLE]),
        )
    )  # fmt: skip


def own_plans_to_finish(session: Session, actor: Actor, today: date) -> int:
    """Plans being written or returned, of the actor's own budgets."""
    return number(session, _own_plans(actor, today), me=actor.user_id)


@by_shape
def _signed(actor: Actor, today: date) -> Whole:
    since = today - timedelta(days=SIGNED_DAYS)
    return capped(select(col(Plan.id)).where(visible(actor, Plan, today), col(Plan.signed_on) > since))


def plans_signed_lately(session: Session, actor: Actor, today: date) -> int:
    """Plans of the board signed off in the last 28 days, by anybody."""
    return number(session, _signed(actor, today))


@by_shape
def _own_reviews(actor: Actor, today: date, which: str) -> Whole:
    due = col(Review.due_on)
    when = due < today if which == "late" else due.between(today, today + timedelta(days=REVIEW_DAYS))
    review = select(col(Review.id)).join(Phb, col(Phb.id) == col(Review.phb_id))
    return capped(
        review.where(
            visible(actor, Review, today), col(Phb.case_manager_id) == _ME, col(Phb.status).in_(OPEN),
            col(Review.held_on).is_(None), col(Review.not_needed_on).is_(None), when,
        )
    )  # fmt: skip


def own_reviews_overdue(session: Session, actor: Actor, today: date) -> int:
    """Reviews not held whose day is past, of the actor's own open budgets."""
    return number(session, _own_reviews(actor, today, "late"), me=actor.user_id)


def own_reviews_soon(session: Session, actor: Actor, today: date) -> int:
    """Reviews not held that are due within four weeks, of the actor's own open budgets."""
    return number(session, _own_reviews(actor, today, "soon"), me=actor.user_id)


@by_shape
def _grouped(actor: Actor, today: date, by: str, whose: str) -> Whole:
    column: Any = {"status": col(Phb.status), "cohort": col(Phb.cohort)}[by]
    which = [col(Phb.case_manager_id) == _ME] if whose == "mine" else []
    if by != "status":  # by status every one is counted, a range of the index, and the ended are left out afterwards
        which.append(col(Phb.status).in_(OPEN))
    return select(column, func.count()).where(visible(actor, Phb, today), *which).group_by(column)


def _of_open(found: dict[str, int]) -> Figures:
    words = {status.value: said for status, said in STATUS_WORDS.items()}
    return by_label(words, {code: count for code, count in found.items() if code in OPEN})


def own_budgets_by_status(session: Session, actor: Actor, today: date) -> Figures:
    """The actor's own open budgets by where they stand."""
    return _of_open(by_code(session, _grouped(actor, today, "status", "mine"), me=actor.user_id))


def budgets_by_status(session: Session, actor: Actor, today: date) -> Figures:
    """The board's open budgets by where they stand."""
    return _of_open(by_code(session, _grouped(actor, today, "status", "all")))


def budgets_by_cohort(session: Session, actor: Actor, today: date) -> Figures:
    """The board's open budgets by why people have them; small groups are kept from those who look after nobody."""
    rows = by_code(session, _grouped(actor, today, "cohort", "all"))
    found = by_label({c.value: words for c, words in COHORT_WORDS.items()}, rows)
    return without_small(found, actor.role)


@by_shape
def _signed_by_month(actor: Actor, today: date) -> Whole:
    signed = col(Plan.signed_on)
    year, month = cast(extract("year", signed), Integer), cast(extract("month", signed), Integer)
    return (
        select(year, month, func.count())
        .where(visible(actor, Plan, today), signed >= last_months(today)[0])
        .group_by(year, month)
    )


def plans_signed_by_month(session: Session, actor: Actor, today: date) -> Figures:
    """Plans of the board signed off in each of the last twelve months."""
    rows = session.connection().execute(_signed_by_month(actor, today))
    found = {date(year, month, 1): count for year, month, count in rows}
    return by_month(last_months(today), {"": found}, "count")
