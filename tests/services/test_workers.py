"""Personal assistants written down, changed and left, and the household exception of two people (§1.9, I20)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.permissions import Permission
from phbportal.services import workers
from phbportal.services.change_requests import approve, propose
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetLine
from phbportal.tables.phbs import Task
from phbportal.tables.registrations import Registration
from phbportal.tables.workers import Worker
from tests.services.asking import Copy, Paying, refused, row, rows
from tests.services.rates_known import know_rates
from tests.support.world import World

VALUES: dict[str, Any] = {
    "name": "Zoë Ångström", "relation": "OTHER", "same_household": False, "born_on": None, "hours_hundredths": 1_250,
    "price_pence": 1_350, "opts_in_pension": False, "starts_on": date(2026, 4, 13), "dbs_on": date(2026, 3, 1),
    "right_to_work_on": None, "training": "", "competencies": "", "competent_until": None, "insured_until": None,
}  # fmt: skip


def added(copy: Copy, **differs: Any) -> UUID:
    world, case = copy
    know_rates(world)
    return world.do(world.cm, lambda uow: workers.add_worker(uow, {**VALUES, "phb_id": case.phb_id, **differs}))


def asked(world: World, worker_id: UUID, *, by: Actor | None = None, review_on: date | None = None) -> UUID:
    """A household exception that waits for a second person. Returns the change request."""
    review = review_on or world.today + timedelta(days=180)

    def act(uow: UnitOfWork) -> UUID:
        worker = uow.find(Worker, worker_id)
        return propose(
            uow, subject="worker", act="household-exception", title="Household exception", before={},
            after={"Why": "Nobody else can", "To be looked at": "later"},
            values={"exception_reason": "Nobody else can.", "exception_review_on": review}, reason="It is necessary.",
            permission=Permission.WORKER_WRITE, row=worker,
        )  # fmt: skip

    return world.do(by or world.cm, act)


def excepted(world: World, worker_id: UUID) -> None:
    change = asked(world, worker_id)
    world.do(world.approver, lambda uow: approve(uow, change))


def test_somebody_is_written_down_and_found_by_their_plain_name(drafted: Copy) -> None:
    world, _case = drafted
    found = row(world, Worker, added(drafted))
    assert (found.search_name, found.hours_hundredths, found.icb_id) == ("zoe angstrom", 1_250, world.icb)


@pytest.mark.parametrize(
    ("differs", "says"),
    [
        ({"price_pence": 1_250}, "£12.50 an hour, is too little"),
        ({"born_on": date(2020, 1, 1)}, "Nobody under 13"),
        ({"dbs_on": date(2026, 5, 1)}, "cannot be in the future"),
        ({"right_to_work_on": date(2026, 5, 1)}, "check cannot be in the future"),
    ],
    ids=["pay", "age", "certificate", "right to work"],
)
def test_what_cannot_be_is_refused(drafted: Copy, differs: dict[str, Any], says: str) -> None:
    world, case = drafted
    know_rates(world)
    values = {**VALUES, "phb_id": case.phb_id, **differs}
    assert says in refused(world, world.cm, lambda uow: workers.add_worker(uow, values))


def test_nobody_leaves_before_they_start(drafted: Copy) -> None:
    world, _case = drafted
    who = added(drafted)
    said = refused(world, world.cm, lambda uow: workers.end_worker(uow, who, {"ends_on": date(2026, 4, 12)}))
    assert said == "They cannot leave before they start on 13 April 2026."
    world.do(world.cm, lambda uow: workers.end_worker(uow, who, {"ends_on": date(2026, 8, 1)}))
    assert row(world, Worker, who).ends_on == date(2026, 8, 1)


@pytest.mark.parametrize("name", ["clinician", "approver", "auditor", "admin", "other_cm"])
def test_only_case_managers_and_finance_of_the_board_write_workers_down(drafted: Copy, name: str) -> None:
    world, case = drafted
    values = {**VALUES, "price_pence": None, "phb_id": case.phb_id}
    refused(world, world.actors[name], lambda uow: workers.add_worker(uow, values))


def test_i20_an_exception_is_two_people_s(drafted: Copy) -> None:
    world, _case = drafted
    wife = added(drafted, relation="PARTNER", same_household=True)
    change = asked(world, wife)
    assert row(world, Worker, wife).excepted_on is None
    refused(world, world.cm, lambda uow: approve(uow, change))
    refused(world, world.finance2, lambda uow: approve(uow, change))
    world.do(world.approver, lambda uow: approve(uow, change))
    found = row(world, Worker, wife)
    assert (found.excepted_on, found.exception_reason) == (world.today, "Nobody else can.")


@pytest.mark.parametrize(
    ("relation", "together"), [("PARTNER", False), ("NEIGHBOUR", True), ("OTHER_FAMILY", True)], ids=str
)
def test_who_is_no_connected_person_needs_no_exception(drafted: Copy, relation: str, together: bool) -> None:
    world, _case = drafted
    who = added(drafted, relation=relation, same_household=together)
    change = asked(world, who)
    assert "need no exception" in refused(world, world.approver, lambda uow: approve(uow, change))


def test_an_exception_is_looked_at_again_on_a_later_day(drafted: Copy) -> None:
    world, _case = drafted
    wife = added(drafted, relation="PARTNER", same_household=True)
    change = asked(world, wife, review_on=world.today)
    assert "a day later than" in refused(world, world.approver, lambda uow: approve(uow, change))


def test_who_becomes_somebody_else_to_the_person_needs_another_exception(drafted: Copy) -> None:
    world, _case = drafted
    friend = added(drafted, relation="FRIEND", same_household=True)
    excepted(world, friend)
    married = {**VALUES, "relation": "PARTNER", "same_household": True}
    world.do(world.cm, lambda uow: workers.change_worker(uow, friend, married))
    assert row(world, Worker, friend).excepted_on is None


def test_i20_who_is_paid_and_moves_in_is_asked_about_until_it_is_agreed(notional: Paying) -> None:
    world = notional.world
    friend = added((world, notional.case), relation="FRIEND")
    moves_in = {**VALUES, "relation": "FRIEND", "same_household": True}

    def move(**changed: Any) -> None:
        world.do(world.cm, lambda uow: workers.change_worker(uow, friend, {**VALUES, "relation": "FRIEND", **changed}))

    long = {"name": "Wilhelmina " * 18}
    move(same_household=True)
    assert rows(world, Task, kind="HOUSEHOLD") == [], "nobody pays them yet"
    move()
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(BudgetLine, notional.case.lines[0]).worker_id = friend
    for _twice in range(2):
        world.do(world.cm, lambda uow: workers.change_worker(uow, friend, moves_in | long))
    (task,) = rows(world, Task, kind="HOUSEHOLD")
    assert (task.part_id, task.due_on, task.done_at) == (friend, world.today + timedelta(days=14), None)
    assert "Wilhelmina" not in task.sentence, "its record names them, to whoever may read it"
    excepted(world, friend)
    assert [one.done_at is not None for one in rows(world, Task, kind="HOUSEHOLD")] == [True]


def test_training_is_told_only_as_changed(drafted: Copy) -> None:
    """Free text may be clinical: the history says that it changed, never what it says."""
    world, _case = drafted
    who = added(drafted)
    secret = {**VALUES, "competencies": "Tracheostomy suction"}
    world.do(world.cm, lambda uow: workers.change_worker(uow, who, secret))
    told = [event.details for event in rows(world, AuditEvent, kind="worker_changed")]
    assert len(told) == 1
    assert "Tracheostomy" not in told[0]


def test_a_clinician_finds_somebody_competent_task_by_task(drafted: Copy) -> None:
    world, _case = drafted
    who = added(drafted)
    feeding = {"task": "Feeding through a tube.", "competent_until": world.today + timedelta(days=180)}
    world.do(world.clinician, lambda uow: workers.record_competence(uow, who, feeding))
    suction = {"task": "Suction", "competent_until": world.today + timedelta(days=90)}
    world.do(world.clinician, lambda uow: workers.record_competence(uow, who, suction))
    found = row(world, Worker, who)
    first, second = found.competencies.splitlines()
    assert first.startswith("Feeding through a tube: found competent by Clinician on ")
    assert second.startswith("Suction: ")
    assert found.competent_until == world.today + timedelta(days=90), "the earliest of what is looked at again"


def test_competence_is_not_found_by_a_clinician_whose_registration_has_lapsed(drafted: Copy) -> None:
    world, _case = drafted
    who, values = added(drafted), {"task": "Suction", "competent_until": world.today + timedelta(days=9)}
    with world.unit(SYSTEM) as uow:
        found = select(Registration).where(col(Registration.user_id) == world.clinician.user_id)
        uow.session.execute(found).scalar_one().ends_on = world.today - timedelta(days=1)
    said = refused(world, world.clinician, lambda uow: workers.record_competence(uow, who, values))
    assert said.startswith("Only a registered professional can find this")


@pytest.mark.parametrize(
    ("name", "days", "says"),
    [("clinician", 0, "later day than today"), ("cm", 9, "clinician"), ("other_clinician", 9, "could not find")],
)
def test_competence_is_for_a_clinician_of_the_board_to_find(drafted: Copy, name: str, days: int, says: str) -> None:
    world, _case = drafted
    who, values = added(drafted), {"task": "Suction", "competent_until": world.today + timedelta(days=days)}
    said = refused(world, world.actors[name], lambda uow: workers.record_competence(uow, who, values))
    assert says in said
    assert row(world, Worker, who).competencies == ""
