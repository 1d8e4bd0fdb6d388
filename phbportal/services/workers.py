"""Personal assistants of a budget: written down, changed, left; a household exception with a second person (I20)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.minimum_wage import looked_at_until, pay_problem
from phbportal.domain.reading import given
from phbportal.domain.roles import Role
from phbportal.domain.tasks import HOUSEHOLD
from phbportal.domain.text import long_date, search_key
from phbportal.domain.workers import check_exception, dates_problems, payment_problem
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies
from phbportal.services.registrations import check_registered_today
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.workings import fact_of, rate_book
from phbportal.tables.budgets import BudgetLine, BudgetVersion
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import User
from phbportal.tables.workers import Worker

HOUSEHOLD_DAYS = 14
COLUMNS = (
    "name", "relation", "same_household", "born_on", "hours_hundredths", "price_pence", "opts_in_pension", "starts_on",
    "dbs_on", "right_to_work_on", "training", "competencies", "competent_until", "insured_until",
)  # fmt: skip


def add_worker(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Write down somebody who is, or is to be, paid from a budget. Returns their id.

    Refuses dates that cannot be, and an hour paid below the minimum wage for their age (I19).
    """
    phb = uow.find(Phb, values["phb_id"])
    uow.require(Permission.WORKER_WRITE, phb)
    _check(uow, values, None)
    row = uow.add(Worker, icb_id=phb.icb_id, phb_id=phb.id, **_columns(values))
    uow.record("worker_added", about=row, phb_id=phb.id, person_id=phb.person_id, name=row.name)
    return row.id


def change_worker(uow: UnitOfWork, worker_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is known of them. An exception was for who they were to the person: another relation needs another
    exception. A budget that is still being written is worked out again when a line of it next changes."""
    row = uow.find(Worker, worker_id, lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    _check(uow, values, row.ends_on)
    columns = _columns(values)
    if (columns["relation"], columns["same_household"]) != (row.relation, row.same_household):
        columns |= {"excepted_on": None, "exception_reason": "", "exception_review_on": None}
    if changed := uow.change(row, **columns):
        uow.record_change("worker_changed", row, changed, untold=("training", "competencies", "exception_reason"),
                          name=row.name, **_whose(uow, row))  # fmt: skip
        _look_at_household(uow, row)


def end_worker(uow: UnitOfWork, worker_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the last day somebody worked."""
    row = uow.find(Worker, worker_id, lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    refuse_if(
        dates_problems(born_on=None, starts_on=row.starts_on, ends_on=values["ends_on"], dbs_on=None,
                       right_to_work_on=None, today=uow.today)
    )  # fmt: skip
    uow.change(row, ends_on=values["ends_on"])
    uow.record("worker_left", about=row, name=row.name, on=values["ends_on"], **_whose(uow, row))
    _look_at_household(uow, row)


def _look_at_household(uow: UnitOfWork, row: Worker) -> None:
    """Somebody who is paid has become family or a friend of the household, and nobody has agreed to that (I20): the
    case manager is asked, once, until it is agreed or they are so no more. Nothing they are owed is held back."""
    t = Task
    asked = select(t).where(col(t.part_id) == row.id, col(t.kind) == HOUSEHOLD, col(t.done_at).is_(None))
    waiting = uow.session.execute(asked).scalars().all()
    if payment_problem(fact_of(row)) is None or not _is_paid(uow, row):
        for task in waiting:
            uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
    elif not waiting:
        reference = uow.session.get_one(Phb, row.phb_id).reference
        uow.add(
            Task, icb_id=row.icb_id, kind=HOUSEHOLD, role=Role.CASE_MANAGER.value, part_id=row.id,
            due_on=uow.today + timedelta(days=HOUSEHOLD_DAYS), **_whose(uow, row),
            sentence=f"{reference}: somebody who is paid from the budget lives with the person now, and is family or a "
            "friend. Ask for a household exception, or agree other help.",
        )  # fmt: skip


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


LONGEST_COMPETENCIES = 500


def record_competence(uow: UnitOfWork, worker_id: UUID, values: Mapping[str, Any]) -> None:
    """A clinician has seen that somebody can do a health task that is handed to them: the task, who found so and when,
    below those found before, until it is looked at again (domain.md §1.15)."""
    row = uow.find(Worker, worker_id, lock=True)
    uow.require(Permission.COMPETENCE_WRITE, row)
    check_registered_today(uow)
    if row.ends_on is not None:
        raise Refusal("This personal assistant has left.")
    until: date = values["competent_until"]
    if until <= uow.today:
        raise Refusal("Enter a later day than today.", field="competent_until")
    by = uow.session.get_one(User, given(uow.actor.user_id)).display_name
    found = f"{values['task'].rstrip('.')}: found competent by {by} on {long_date(uow.today)}."
    lines = "\n".join([*row.competencies.splitlines(), found])
    if len(lines) > LONGEST_COMPETENCIES:
        raise Refusal(
            "There is no room for more. Ask the case manager to shorten what is written already.", field="task"
        )
    earliest = min(until, row.competent_until) if row.competent_until and row.competent_until > uow.today else until
    uow.change(row, competencies=lines, competent_until=earliest)
    uow.record("competence_recorded", about=row, name=row.name, on=until, **_whose(uow, row))


def _except(uow: UnitOfWork, worker_id: UUID | None, values: Mapping[str, Any], _seen: int | None) -> UUID:
    """A household exception: necessary, for a reason, until it is looked at again (regulation 8, §9.5)."""
    row = uow.find(Worker, given(worker_id), lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    check_exception(fact_of(row), values["exception_review_on"], uow.today)
    uow.change(
        row, excepted_on=uow.today, exception_reason=values["exception_reason"],
        exception_review_on=values["exception_review_on"],
    )  # fmt: skip
    uow.record("household_exception_agreed", about=row, name=row.name, review_on=row.exception_review_on,
               **_whose(uow, row))  # fmt: skip
    _look_at_household(uow, row)
    return row.id


EXCEPTION = applies(
    "worker", "household-exception", what="A household exception", decides=Permission.WORKER_DECIDE, apply=_except,
    table=Worker,
)  # fmt: skip


def _check(uow: UnitOfWork, values: Mapping[str, Any], ends_on: date | None) -> None:
    refuse_if(
        dates_problems(
            born_on=values["born_on"], starts_on=values["starts_on"], ends_on=ends_on, dbs_on=values["dbs_on"],
            right_to_work_on=values["right_to_work_on"], today=uow.today,
        )
    )  # fmt: skip
    if values["price_pence"] is None:
        return
    first = max(values["starts_on"] or uow.today, uow.today)
    until = looked_at_until(first, ends_on, uow.today)
    if until >= first and (
        problem := pay_problem(
            values["name"], values["price_pence"], values["born_on"], first, until, rate_book(uow), field="price_pence"
        )
    ):
        raise Refusal(problem)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: values[name] for name in COLUMNS}
    empty = {name: values[name] or "" for name in ("training", "competencies")}
    return kept | empty | {"search_name": search_key(values["name"])[:200]}


def _whose(uow: UnitOfWork, row: Worker) -> dict[str, Any]:
    phb = uow.find(Phb, row.phb_id)
    return {"phb_id": phb.id, "person_id": phb.person_id}
