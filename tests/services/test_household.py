"""Household exceptions are looked at again (domain.md §1.18): with the next review, and asked for by the night."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.admin.proposing import propose_act
from phbportal.domain.tasks import HOUSEHOLD, HOUSEHOLD_REVIEW
from phbportal.policy.actors import SYSTEM
from phbportal.resources.everything import WORKERS
from phbportal.services import household, workers
from phbportal.services.change_requests import approve
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.services.tasks import finish_task
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetLine
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.workers import Worker
from tests.services.asking import Paying, refused, row, rows
from tests.services.rates_known import know_rates
from tests.services.test_workers import VALUES
from tests.support.world import World, at

REVIEW_ON = date(2026, 7, 13)
STILL = {"still": "YES", "found": "Nobody else speaks her language.", "exception_review_on": None}
BY_CODE = {action.code: action for action in WORKERS.actions}
OVER = {"still": "NO", "found": "An agency comes now."}
WIFE = {**VALUES, "relation": "PARTNER", "same_household": True}


@pytest.fixture
def wife(direct: Paying) -> UUID:
    """She is paid by a live budget that is reviewed on 13 July 2026, and has no exception yet."""
    world, case = direct.world, direct.case
    know_rates(world)
    who = world.do(world.cm, lambda uow: workers.add_worker(uow, {**WIFE, "phb_id": case.phb_id}))
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(BudgetLine, case.lines[0]).worker_id = who
        uow.session.get_one(Phb, case.phb_id).status = "ACTIVE"
        for review in rows(world, Review):
            uow.session.get_one(Review, review.id).not_needed_on = world.today
        uow.add(Review, phb_id=case.phb_id, icb_id=world.icb, kind="FIRST", due_on=REVIEW_ON)
    return who


def excepted(world: World, who: UUID, on: date | None = None) -> ChangeRequest:
    """As the page does it: asked for by a case manager, agreed by an approver. Returns what was asked."""
    values = {"exception_reason": "Nobody else can.", "exception_review_on": on}
    change = world.do(world.cm, lambda uow: propose_act(uow, WORKERS, BY_CODE["household-exception"], who, values))
    world.do(world.approver, lambda uow: approve(uow, change))
    return row(world, ChangeRequest, change)


def look(world: World, who: UUID, on: date, **values: Any) -> None:
    world.do(world.cm, lambda uow: household.look_again(uow, who, values), on=on)


def waiting(world: World, kind: str = HOUSEHOLD_REVIEW) -> list[Task]:
    return [task for task in rows(world, Task, kind=kind) if task.done_at is None]


def test_it_is_looked_at_with_the_next_review_unless_another_day_is_chosen(direct: Paying, wife: UUID) -> None:
    asked = excepted(direct.world, wife)
    assert "13 July 2026" in asked.after_json, "whoever agrees reads the day"
    assert (asked.title, asked.reason) == ("A household exception: Zoë Ångström", "Nobody else can."), "asked once"
    assert row(direct.world, Worker, wife).exception_review_on == REVIEW_ON


def test_the_day_that_was_chosen_stands(direct: Paying, wife: UUID) -> None:
    excepted(direct.world, wife, date(2026, 6, 1))
    assert row(direct.world, Worker, wife).exception_review_on == date(2026, 6, 1)


def test_without_a_review_to_come_the_day_is_asked_for(direct: Paying, wife: UUID) -> None:
    world = direct.world
    excepted(world, wife)
    said = refused(world, world.cm, lambda uow: household.look_again(uow, wife, STILL), on=REVIEW_ON)
    assert said == "No review of the budget is planned after 13 July 2026. Enter the day this is looked at again."


@pytest.mark.parametrize(
    ("on", "says"),
    [
        (REVIEW_ON, "Choose a day later than 13 July 2026 to look at the exception again."),
        (date(2027, 7, 2), "An exception is looked at within a year. Choose a day up to 1 July 2027."),
    ],
    ids=["not later", "too late"],
)
def test_a_day_that_cannot_be_is_refused(direct: Paying, wife: UUID, on: date, says: str) -> None:
    world = direct.world
    excepted(world, wife)
    values = {**STILL, "exception_review_on": on}
    first = date(2026, 7, 1)
    assert refused(world, world.cm, lambda uow: household.look_again(uow, wife, values), on=first) == says
    look(world, wife, first, **{**values, "exception_review_on": date(2027, 7, 1)})


def test_a_task_comes_two_weeks_before_once_and_ends_when_it_was_looked_at(direct: Paying, wife: UUID) -> None:
    world = direct.world
    excepted(world, wife)

    def night(on: date) -> int:
        return run_expiry_clock(world.engine, now=at(on, 2))

    assert [night(date(2026, 6, 28)), night(date(2026, 6, 29)), night(date(2026, 6, 30))] == [0, 1, 0]
    (task,) = waiting(world)
    assert (task.part_id, task.due_on, task.role) == (wife, REVIEW_ON, "CASE_MANAGER")
    assert task.sentence.endswith("Look at it again by 13 July 2026: is it still necessary?")
    said = refused(world, world.cm, lambda uow: finish_task(uow, task.id, "I looked at it, it is all right."))
    assert said == "This task ends by itself when what it asks for is done."
    again = date(2027, 1, 11)
    look(world, wife, date(2026, 7, 10), **{**STILL, "exception_review_on": again})
    found = row(world, Worker, wife)
    assert (found.excepted_on, found.exception_review_on) == (world.today, again)
    assert found.exception_reason == "Nobody else can.\n10 July 2026: Nobody else speaks her language."
    assert waiting(world) == []
    assert [night(REVIEW_ON), night(date(2026, 12, 28))] == [0, 1]
    (event,) = rows(world, AuditEvent, kind="household_exception_looked_at")
    assert "language" not in event.details, "what was found is read on their record alone"


def test_one_that_is_not_necessary_ends_and_who_is_paid_is_asked_about(direct: Paying, wife: UUID) -> None:
    world = direct.world
    excepted(world, wife)
    run_expiry_clock(world.engine, now=at(REVIEW_ON, 2))
    look(world, wife, REVIEW_ON, **OVER)
    found = row(world, Worker, wife)
    assert (found.excepted_on, found.exception_review_on) == (None, None)
    assert found.exception_reason.endswith("13 July 2026: An agency comes now.")
    assert waiting(world) == []
    assert [task.part_id for task in waiting(world, HOUSEHOLD)] == [wife]
    said = refused(world, world.cm, lambda uow: household.look_again(uow, wife, OVER))
    assert said == "There is no household exception to look at."


def test_one_that_is_agreed_anew_is_asked_about_for_the_same_day_and_keeps_what_was_said(
    direct: Paying, wife: UUID
) -> None:
    world = direct.world
    excepted(world, wife)
    run_expiry_clock(world.engine, now=at(date(2026, 6, 29), 2))
    look(world, wife, date(2026, 6, 29), **OVER)
    excepted(world, wife)
    found = row(world, Worker, wife)
    assert found.exception_review_on == REVIEW_ON
    assert found.exception_reason.splitlines() == [
        "Nobody else can.", "29 June 2026: An agency comes now.", "Nobody else can.",
    ]  # fmt: skip
    assert [run_expiry_clock(world.engine, now=at(date(2026, 6, 30), hour)) for hour in (2, 3)] == [1, 0]
    assert [task.due_on for task in waiting(world)] == [REVIEW_ON]


@pytest.mark.parametrize("how", ["leaves", "moves out"])
def test_nothing_waits_about_who_leaves_or_is_of_the_household_no_more(direct: Paying, wife: UUID, how: str) -> None:
    world = direct.world
    excepted(world, wife)
    run_expiry_clock(world.engine, now=at(REVIEW_ON, 2))
    assert len(waiting(world)) == 1
    if how == "leaves":
        world.do(world.cm, lambda uow: workers.end_worker(uow, wife, {"ends_on": REVIEW_ON}), on=REVIEW_ON)
    else:
        out = {**WIFE, "same_household": False}
        world.do(world.cm, lambda uow: workers.change_worker(uow, wife, out), on=REVIEW_ON)
    assert waiting(world) == []
    assert run_expiry_clock(world.engine, now=at(REVIEW_ON + timedelta(days=1), 2)) == 0


def test_who_leaves_only_after_the_day_is_asked_about_before_it(direct: Paying, wife: UUID) -> None:
    world = direct.world
    excepted(world, wife)
    for last, tasks in ((REVIEW_ON, 0), (REVIEW_ON + timedelta(days=30), 1)):
        world.do(world.cm, lambda uow, on=last: workers.end_worker(uow, wife, {"ends_on": on}))
        run_expiry_clock(world.engine, now=at(date(2026, 6, 29), 2))
        assert len(waiting(world)) == tasks
    world.do(world.cm, lambda uow: workers.end_worker(uow, wife, {"ends_on": REVIEW_ON + timedelta(days=31)}))
    assert len(waiting(world)) == 1
    world.do(world.cm, lambda uow: workers.end_worker(uow, wife, {"ends_on": REVIEW_ON}))
    assert waiting(world) == []


@pytest.mark.parametrize("name", ["clinician", "approver", "auditor", "admin", "other_cm"])
def test_only_who_may_ask_for_one_looks_at_it(direct: Paying, wife: UUID, name: str) -> None:
    world = direct.world
    excepted(world, wife)
    refused(world, world.actors[name], lambda uow: household.look_again(uow, wife, OVER))
    assert row(world, Worker, wife).excepted_on is not None


def test_it_is_offered_while_there_is_an_exception_and_asking_for_one_while_there_is_none() -> None:
    there = {"excepted_on": date(2026, 4, 1), "relation": "PARTNER"}
    none = {"excepted_on": None, "relation": "PARTNER"}
    ask, again = BY_CODE["household-exception"], BY_CODE["look-again"]
    assert [ask.offered(there), ask.offered(none), again.offered(there), again.offered(none)] == [
        False, True, True, False
    ]  # fmt: skip
