"""The indicative budget: worked out, recorded with what it was worked out from, and shown before planning begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budget_offers import Teller
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.indicative import Tool, planning_problem, shown_problems
from phbportal.domain.path import BEFORE_PLANNING, IN_PLANNING, case_step
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.path import IndicativeBudget
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class IndicativeEntry:
    """An amount in pence, the way it was worked out, and what from (hours, points, present costs) in words."""

    weekly_pence: int
    one_off_pence: int
    tool: Tool
    inputs: str
    worked_out_on: date


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """When and to whom the amount was shown, and what was explained with it."""

    shown_on: date
    to: Teller = Teller.PERSON
    name: str = ""
    choices_explained: bool = True
    spending_explained: bool = True


def read_indicative(form: Mapping[str, object], today: date) -> IndicativeEntry:
    """Read the form of an indicative budget."""
    r = Reading(form)
    weekly, one_off = r.money("weekly"), r.money("one_off")
    if not r.problems and weekly == 0 and one_off == 0:
        r.problem("Enter an amount a week, a one-off amount, or both.", "weekly")
    tool = r.choice("tool", Tool, needed="Choose how the amount was worked out.")
    inputs = r.text("inputs", needed="Write what it was worked out from.", longest=4000)
    on = r.day("worked_out_on", needed="Enter the day it was worked out.")
    if on and on > today:
        r.problem("The day it was worked out cannot be in the future.", "worked_out_on")
    r.finish()
    return IndicativeEntry(weekly, one_off, given(tool), inputs, given(on))


def read_shown(form: Mapping[str, object]) -> ShownEntry:
    """Read the form that says the amount was shown."""
    r = Reading(form)
    on = r.day("shown_on", needed="Enter the day it was shown.")
    to = r.choice("to", Teller, needed="Choose who it was shown to.")
    name = r.text("name")
    choices, spending = r.yes("choices_explained"), r.yes("spending_explained")
    r.finish()
    return ShownEntry(given(on), given(to), name, choices, spending)


def indicative_of(uow: UnitOfWork, phb_id: UUID) -> IndicativeBudget | None:
    """The latest indicative budget of a case: an earlier one was replaced by it."""
    found = select(IndicativeBudget).where(col(IndicativeBudget.phb_id) == phb_id)
    return uow.session.execute(found.order_by(col(IndicativeBudget.id).desc()).limit(1)).scalar_one_or_none()


def record_indicative(uow: UnitOfWork, phb_id: UUID, entry: IndicativeEntry) -> UUID:
    """Record an indicative budget; a later one takes its place, and must be shown anew. Returns its id."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.INDICATIVE_WRITE, phb)
    status = PhbStatus(phb.status)
    if status not in IN_PLANNING:  # while the plan is being written the amount may be put right
        status = case_step(status, "set the indicative budget of")
    if entry.weekly_pence <= 0 and entry.one_off_pence <= 0:
        raise Refusal("Enter an amount a week, a one-off amount, or both.", field="weekly")
    if entry.worked_out_on > uow.today:
        raise Refusal("The day it was worked out cannot be in the future.", field="worked_out_on")
    row = uow.add(
        IndicativeBudget, icb_id=phb.icb_id, phb_id=phb.id, weekly_pence=entry.weekly_pence,
        one_off_pence=entry.one_off_pence, tool=entry.tool.value, inputs=entry.inputs,
        worked_out_on=entry.worked_out_on,
    )  # fmt: skip
    uow.change(phb, status=status.value)
    uow.record("indicative_recorded", about=row, phb_id=phb.id, person_id=phb.person_id,
               weekly_pence=row.weekly_pence, one_off_pence=row.one_off_pence)  # fmt: skip
    return row.id


def show_indicative(uow: UnitOfWork, phb_id: UUID, entry: ShownEntry) -> None:
    """Record that the person, or whoever decides for them, was shown the amount and what they may choose."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.INDICATIVE_SHOW, phb)
    found = indicative_of(uow, phb.id)
    if found is None:
        raise Refusal("There is no indicative budget yet. Record it first.")
    row = uow.find(IndicativeBudget, found.id, lock=True)
    if row.shown_on is not None:
        raise Refusal("This indicative budget has been shown already. Reload the page.")
    refuse_if(
        shown_problems(
            entry.shown_on, uow.today, worked_out_on=row.worked_out_on, choices_explained=entry.choices_explained,
            spending_explained=entry.spending_explained, needs_name=entry.to is Teller.REPRESENTATIVE,
            name=entry.name,
        )
    )  # fmt: skip
    uow.change(
        row, shown_on=entry.shown_on, shown_to=entry.to.value, shown_name=entry.name.strip()[:200],
        choices_explained=entry.choices_explained, spending_explained=entry.spending_explained,
    )  # fmt: skip
    uow.record("indicative_shown", about=row, phb_id=phb.id, person_id=phb.person_id, on=entry.shown_on)


def enter_planning(uow: UnitOfWork, phb: Phb) -> None:
    """Move a case on to planning, if the amount has been shown; a case that is further on stays where it is."""
    status = PhbStatus(phb.status)
    if status in MONEY_AGREED or status not in BEFORE_PLANNING:
        return
    if status is PhbStatus.INDICATIVE_SET:
        found = indicative_of(uow, phb.id)
        problem = planning_problem(found.shown_on if found else None, recorded=found is not None)
        refuse_if([problem] if isinstance(problem, Problem) else [])
    uow.change(phb, status=case_step(status, "plan").value)
