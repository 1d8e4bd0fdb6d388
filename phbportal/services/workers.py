"""Personal assistants of a budget: written down, changed, left (their household exceptions: ``household``)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.minimum_wage import looked_at_until, pay_problem
from phbportal.domain.reading import given
from phbportal.domain.text import long_date, search_key
from phbportal.domain.workers import dates_problems
from phbportal.policy.permissions import Permission
from phbportal.services.household import NO_EXCEPTION, look_at_household, whose
from phbportal.services.registrations import check_registered_today
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.workings import rate_book
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User
from phbportal.tables.workers import Worker

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
        columns |= {**NO_EXCEPTION, "exception_reason": ""}
    if changed := uow.change(row, **columns):
        uow.record_change("worker_changed", row, changed, untold=("training", "competencies", "exception_reason"),
                          name=row.name, **whose(uow, row))  # fmt: skip
        look_at_household(uow, row)


def end_worker(uow: UnitOfWork, worker_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the last day somebody worked."""
    row = uow.find(Worker, worker_id, lock=True)
    uow.require(Permission.WORKER_WRITE, row)
    refuse_if(
        dates_problems(born_on=None, starts_on=row.starts_on, ends_on=values["ends_on"], dbs_on=None,
                       right_to_work_on=None, today=uow.today)
    )  # fmt: skip
    uow.change(row, ends_on=values["ends_on"])
    uow.record("worker_left", about=row, name=row.name, on=values["ends_on"], **whose(uow, row))
    look_at_household(uow, row)


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
    uow.record("competence_recorded", about=row, name=row.name, on=until, **whose(uow, row))


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
