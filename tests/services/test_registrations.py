"""Registrations: recorded by an administrator, asked for at sign-off, looked up again before they end."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.plans import PlanStatus, RegistrationBody
from phbportal.policy.actors import SYSTEM
from phbportal.services import plans, registrations
from phbportal.services.renewals import ask_for_renewals
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Plan
from phbportal.tables.registrations import Registration
from phbportal.tables.users import Assignment
from tests.services.asking import Copy, refused, row, rows
from tests.support import journey
from tests.support.world import World, at

SIGNED = plans.SignOffEntry("Dr Clinician", RegistrationBody.NMC, "12A3456E")


def of_clinician(world: World) -> Registration:
    return rows(world, Registration, user_id=world.clinician.user_id)[0]


def looked_up(world: World, ends_on: date, on: date, **changed: Any) -> None:
    """The clinician's registration looked up on a day."""
    values = {"number": "12A3456E", "profession": "Nurse", "checked_on": on, "ends_on": ends_on, **changed}
    row_id = of_clinician(world).id
    world.do(world.admin, lambda uow: registrations.change_registration(uow, row_id, values), on=on)


def test_a_plan_is_signed_off_on_the_last_day_of_a_registration_and_not_the_day_after(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    last = world.today + timedelta(days=10)
    looked_up(world, last, world.today)
    late = refused(
        world, world.clinician, lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED), on=last + timedelta(days=1)
    )
    assert "only to" in late
    world.do(world.clinician, lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED), on=last)
    assert row(world, Plan, case.plan_id).status == PlanStatus.CLINICALLY_SIGNED


@pytest.mark.parametrize(
    ("body", "number", "sentence"),
    [(RegistrationBody.GMC, "1234567", "is not recorded here"), (RegistrationBody.NMC, "99A9999E", "has recorded")],
    ids=["another body", "another number"],
)
def test_a_registration_that_nobody_checked_signs_nothing(
    drafted: Copy, body: RegistrationBody, number: str, sentence: str
) -> None:
    world, case = drafted
    journey.submit(world, case)
    entry = plans.SignOffEntry("Dr Clinician", body, number)
    assert sentence in refused(world, world.clinician, lambda uow: plans.sign_off_plan(uow, case.plan_id, entry))


def asked_of(world: World, user_id: UUID | None, **changed: Any) -> dict[str, Any]:
    return {
        "user_id": user_id, "body": "HCPC", "number": "PH123456", "profession": "Physiotherapist",
        "checked_on": world.today, "ends_on": world.today + timedelta(days=400), **changed,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["cm", "clinician", "finance", "approver", "auditor", "other_admin"])
def test_only_an_administrator_of_the_board_records_one(drafted: Copy, name: str) -> None:
    world, _case = drafted
    asked = asked_of(world, world.cm2.user_id)
    refused(world, world.actors[name], lambda uow: registrations.record_registration(uow, asked))


def test_nobody_records_their_own_nor_a_second_with_the_same_body(drafted: Copy) -> None:
    world, _case = drafted
    own = asked_of(world, world.admin.user_id)
    said = refused(world, world.admin, lambda uow: registrations.record_registration(uow, own))
    assert said == "You cannot do this to yourself. Ask another administrator."
    second = asked_of(world, world.clinician.user_id, body="NMC", number="99A9999E")
    assert "recorded already" in refused(world, world.admin, lambda uow: registrations.record_registration(uow, second))
    world.do(world.admin, lambda uow: registrations.record_registration(uow, asked_of(world, world.clinician.user_id)))
    assert {one.body for one in rows(world, Registration, user_id=world.clinician.user_id)} == {"NMC", "HCPC"}


def test_a_board_somebody_left_changes_nothing_of_what_they_sign_with_elsewhere(drafted: Copy) -> None:
    world, _case = drafted

    def leave(uow: UnitOfWork) -> None:
        held = uow.session.execute(select(Assignment).where(col(Assignment.user_id) == world.clinician.user_id))
        uow.change(held.scalar_one(), valid_to=world.today)

    world.do(SYSTEM, leave)
    ends, tomorrow = of_clinician(world).ends_on, world.today + timedelta(days=1)
    looked_up(world, ends, world.today)
    values = {"number": "12A3456E", "profession": "Nurse", "checked_on": tomorrow, "ends_on": tomorrow}
    row_id = of_clinician(world).id
    late = lambda uow: registrations.change_registration(uow, row_id, values)  # noqa: E731
    assert "do not work at your board any more" in refused(world, world.admin, late, on=tomorrow)
    more = asked_of(world, world.clinician.user_id)
    late = lambda uow: registrations.record_registration(uow, more)  # noqa: E731
    assert "do not work at your board any more" in refused(world, world.admin, late, on=tomorrow)


def test_an_administrator_is_asked_once_before_it_ends_and_looking_it_up_ends_the_task(drafted: Copy) -> None:
    world, _case = drafted
    ends = of_clinician(world).ends_on
    assert ask_for_renewals(world.engine, now=at(ends - timedelta(days=31))) == 0
    assert ask_for_renewals(world.engine, now=at(ends - timedelta(days=30))) == 2, "one at each board"
    assert ask_for_renewals(world.engine, now=at(ends)) == 0
    (task,) = rows(world, Task, kind="REGISTRATION_ENDS", icb_id=world.icb)
    assert (task.role, task.due_on, task.part_id) == ("ADMIN", ends, of_clinician(world).id)
    assert "Clinician with the Nursing and Midwifery Council" in task.sentence
    looked_up(world, ends + timedelta(days=365), ends)
    assert rows(world, Task, kind="REGISTRATION_ENDS", icb_id=world.icb)[0].done_at is not None
