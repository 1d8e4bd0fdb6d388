"""What a budget's money is for and whom it pays, as the holder, a nominee and a provider see it (I30, I31)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal.domain.budgets import LineType as T
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.domain.workings import BASIS, Answers
from phbportal.policy.actors import Actor
from phbportal.queries.money_for import MoneyFor, money_for, workers_by_phb
from phbportal.queries.workers import WorkerView, worker_choices
from phbportal.services import approvals, budgets, workers
from phbportal.tables.plans import PlanService
from tests.services.asking import rows
from tests.services.rates_known import know_rates
from tests.services.test_workers import VALUES
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, make_world


@pytest.fixture(scope="module")
def approved(module_engine: Engine) -> tuple[World, Case, Actor]:
    """12 hours a week of Ana, paid through a nominee, from a budget that is approved."""
    world = make_world(module_engine)
    know_rates(world)
    person_id = journey.add_person(world)
    part = journey.nominee(world, person_id)
    journey.allow_direct_payment(world, person_id)
    stream = StreamPlan(Method.DIRECT_PAYMENT, 1_000, line_type=T.ACTIVITY, payee=(PayeeKind.NOMINEE, part))
    case = journey.draft(world, stream, person_id=person_id)
    with world.unit(world.cm) as uow:
        wife = {**VALUES, "relation": "PARTNER", "same_household": True, "name": "Winnie", "price_pence": None}
        ana = workers.add_worker(uow, {**VALUES, "name": "Ana", "phb_id": case.phb_id})
        workers.add_worker(uow, {**wife, "phb_id": case.phb_id})
        left = workers.add_worker(uow, {**VALUES, "name": "Ben", "starts_on": None, "phb_id": case.phb_id})
        workers.end_worker(uow, left, {"ends_on": world.today})
        service = rows(world, PlanService, plan_id=case.plan_id)[0].id
        answers = Answers(BASIS[T.PA_WAGE], 1_200, 1_420, 5_200)
        budgets.add_line(uow, case.plan_id, budgets.LineEntry(case.streams[0], T.PA_WAGE, 0, 0, service,
                                                              answers=answers, worker_id=ana))  # fmt: skip
    journey.submit(world, case)
    journey.sign_off(world, case)
    why = "Her needs have grown since the indicative budget."
    world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id, note=why))
    return world, case, journey.user_of(world, part, Role.NOMINEE)


def seen(world: World, actor: Actor, case: Case, *, days: int = 1) -> tuple[list[MoneyFor], list[WorkerView]]:
    with world.unit(actor, writes=False) as uow:
        about: Any = (uow.session, uow.actor, uow.today + timedelta(days=days), [case.phb_id])
        return money_for(*about).get(case.phb_id, []), workers_by_phb(*about).get(case.phb_id, [])


def holder(case: Case) -> Actor:
    return Actor(Role.HOLDER, user_id=UUID(int=1), person_id=case.person_id)


def test_a_holder_reads_what_each_part_is_for_and_how_it_was_worked_out(approved: tuple[World, Case, Actor]) -> None:
    world, case, _nominee = approved
    lines, _people = seen(world, holder(case), case)
    assert lines == [
        MoneyFor("Activities", "£10.00 a week", ""),
        MoneyFor("Personal assistant pay", "£170.40 a week", "12 hours a week × £14.20 × 52 weeks = £8,860.80 a year."),
    ]


def test_a_holder_and_a_nominee_see_who_works_and_who_may_not_be_paid_yet(
    approved: tuple[World, Case, Actor],
) -> None:
    world, case, nominee = approved
    for who in (holder(case), nominee):
        ana, winnie = seen(world, who, case)[1]
        assert (ana.name, ana.pay) == ("Ana", "12.5 hours a week, £13.50 an hour")
        assert ana.checks == "DBS certificate of 1 March 2026; right to work not checked yet"
        assert winnie.waits == "Cannot be paid yet: the board must agree first, because they live in the same home"


def test_i31_others_see_neither(approved: tuple[World, Case, Actor]) -> None:
    world, case, _nominee = approved
    provider = Actor(Role.PROVIDER, user_id=UUID(int=2), organisation_id=UUID(int=3), icb_id=world.icb)
    another = Actor(Role.HOLDER, user_id=UUID(int=4), person_id=UUID(int=5))
    for who in (provider, another, world.other_cm, world.admin):
        assert seen(world, who, case) == ([], [])


def test_who_has_left_is_not_offered_on_a_line(approved: tuple[World, Case, Actor]) -> None:
    world, case, _nominee = approved
    with world.unit(world.cm, writes=False) as uow:
        today = [one.name for one in worker_choices(uow.session, uow.actor, uow.today, case.phb_id)]
        ana = worker_choices(uow.session, uow.actor, uow.today, case.phb_id)[0]
    assert today == ["Ana", "Ben", "Winnie"]
    assert (ana.hours, ana.price, ana.hint) == ("12.5", "13.50", "12.5 hours a week, £13.50 an hour")
