"""Household exceptions (regulation 8, domain.md §1.9): agreed by two people until a day, and looked at again by then.

The day is that of the next review of the budget unless another is chosen; the night sets the task
(``expiry_clock``), and looking at it ends it. Nothing that somebody is owed is held back by any of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.reading import given
from phbportal.domain.reviews import REGULAR
from phbportal.domain.roles import Role
from phbportal.domain.tasks import HOUSEHOLD, HOUSEHOLD_REVIEW
from phbportal.domain.text import long_date
from phbportal.domain.workers import check_exception, check_look, payment_problem
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies
from phbportal.services.review_setting import open_reviews
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.workings import fact_of
from phbportal.tables.budgets import BudgetLine, BudgetVersion
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.workers import Worker

HOUSEHOLD_DAYS = 14
NO_EXCEPTION: dict[str, Any] = {"excepted_on": None, "exception_review_on": None}
STILL = "YES"


def _except(uow: UnitOfWork, worker_id: UUID | None, values: Mapping[str, Any], _seen: int | None) -> UUID:
    """A household exception: necessary, for a reason, until it is looked at again (regulation 8, §9.5)."""
    row = uow.find(Worker, given(worker_id), lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    check_exception(fact_of(row))
    on = _looked_at_on(uow, row, values["exception_review_on"])
    words = _said_too(row, values["exception_reason"])
    uow.change(row, excepted_on=uow.today, exception_reason=words, exception_review_on=on)
    uow.record("household_exception_agreed", about=row, name=row.name, review_on=row.exception_review_on,
               **whose(uow, row))  # fmt: skip
    look_at_household(uow, row)
    return row.id


EXCEPTION = applies(
    "worker", "household-exception", what="A household exception", decides=Permission.WORKER_DECIDE, apply=_except,
    table=Worker,
)  # fmt: skip


def look_again(uow: UnitOfWork, worker_id: UUID, values: Mapping[str, Any]) -> None:
    """Record that an exception was looked at again: it goes on to another day, or is over. ``values`` are ``still``
    (whether it is necessary), ``found`` (what was found, in words) and, where it goes on, ``exception_review_on``."""
    row = uow.find(Worker, worker_id, lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    if row.excepted_on is None:
        raise Refusal("There is no household exception to look at.")
    words = _said_too(row, f"{long_date(uow.today)}: {values['found']}")
    if values["still"] == STILL:
        on = _looked_at_on(uow, row, values.get("exception_review_on"))
        uow.change(row, exception_reason=words, exception_review_on=on)
        uow.record("household_exception_looked_at", about=row, name=row.name, review_on=on, **whose(uow, row))
    else:
        uow.change(row, exception_reason=words, **NO_EXCEPTION)
        uow.record("household_exception_ended", about=row, name=row.name, **whose(uow, row))
    _over(uow, row, HOUSEHOLD_REVIEW)
    look_at_household(uow, row)


def _said_too(row: Worker, more: str) -> str:
    """What was said of exceptions before, and what is said now: nothing of it is lost."""
    return "\n".join([*row.exception_reason.splitlines(), more])


def _looked_at_on(uow: UnitOfWork, row: Worker, chosen: date | None) -> date:
    """The day chosen, or that of the next review of the budget (domain.md §1.18: at each review). Later than the day it
    was to be looked at by, which has been done."""
    last = max(uow.today, row.exception_review_on or uow.today)
    if chosen is None:
        reviews = open_reviews(uow, row.phb_id, REGULAR)
        chosen = next((review.due_on for review in reviews if review.due_on > last), None)
    if chosen is None:
        raise Refusal(
            f"No review of the budget is planned after {long_date(last)}. Enter the day this is looked at again.",
            field="exception_review_on",
        )
    check_look(chosen, last, uow.today)
    return chosen


def look_at_household(uow: UnitOfWork, row: Worker) -> None:
    """Somebody who is paid has become family or a friend of the household, and nobody has agreed to that (I20): the
    case manager is asked, once, until it is agreed or they are so no more. Nothing they are owed is held back. What
    waits about an exception that is there no more, or of somebody who leaves by the day it is looked at again, is over.
    Asks no leave: a part of changing them."""
    last = row.ends_on or date.max
    if row.excepted_on is None or last < uow.today or last <= (row.exception_review_on or date.max):
        _over(uow, row, HOUSEHOLD_REVIEW)
    if payment_problem(fact_of(row)) is None or not _is_paid(uow, row):
        _over(uow, row, HOUSEHOLD)
    elif not _waiting(uow, row, HOUSEHOLD):
        reference = uow.session.get_one(Phb, row.phb_id).reference
        uow.add(
            Task, icb_id=row.icb_id, kind=HOUSEHOLD, role=Role.CASE_MANAGER.value, part_id=row.id,
            due_on=uow.today + timedelta(days=HOUSEHOLD_DAYS), **whose(uow, row),
            sentence=f"{reference}: somebody who is paid from the budget lives with the person now, and is family or a "
            "friend. Ask for a household exception, or agree other help.",
        )  # fmt: skip


def _waiting(uow: UnitOfWork, row: Worker, kind: str) -> list[Task]:
    t = Task
    asked = select(t).where(col(t.part_id) == row.id, col(t.kind) == kind, col(t.done_at).is_(None))
    return list(uow.session.execute(asked).scalars())


def _over(uow: UnitOfWork, row: Worker, kind: str) -> None:
    for task in _waiting(uow, row, kind):
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def _is_paid(uow: UnitOfWork, row: Worker) -> bool:
    """Whether somebody who has not left is paid by a budget that is agreed."""
    if row.ends_on is not None and row.ends_on < uow.today:
        return False
    b = BudgetVersion
    paid = (
        select(col(BudgetLine.id))
        .join(b, col(b.id) == col(BudgetLine.budget_id))
        .where(col(BudgetLine.worker_id) == row.id, col(b.status) == BudgetStatus.APPROVED.value)
    )
    return uow.session.execute(paid.limit(1)).first() is not None


def whose(uow: UnitOfWork, row: Worker) -> dict[str, Any]:
    """Whose budget pays somebody, for a line of history or a task."""
    phb = uow.find(Phb, row.phb_id)
    return {"phb_id": phb.id, "person_id": phb.person_id}
