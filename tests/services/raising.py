"""An uplift of two budgets, from proposal to what is written of it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.services import uplift_effects, uplifts
from phbportal.tables.settings import PolicySetting
from phbportal.tables.uplifts import UpliftItem
from tests.services.asking import rows
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

ON = date(2027, 4, 1)
MARCH = date(2027, 3, 10)
CYCLE = date(2027, 3, 8), date(2027, 4, 4)


def two_budgets(world: World) -> list[Case]:
    """T03's £980.00 a week, paid for the cycle across 1 April; and nights of £400.00 by invoice. 4.1% from 1 April."""
    first = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 98_000))
    journey.account(world, first.streams[0])
    journey.pay(world, first.streams[0], *CYCLE, on=CYCLE[0])
    person = journey.add_person(world, number=journey.NUMBERS[1], names=("Bo", "Other"))
    second = journey.approved(world, StreamPlan(Method.NOTIONAL, 40_000), person_id=person)
    with world.unit(SYSTEM) as uow:
        for name, value in (("uplift_basis_points", "410"), ("uplift_policy", "The board’s uplift for 2027/28")):
            uow.add(PolicySetting, icb_id=world.icb, name=name, value=value, starts_on=date(2027, 1, 1))
    return [first, second]


def prepare(world: World, on: date = MARCH) -> UUID:
    return world.do(world.finance, lambda uow: uplifts.prepare_uplift(uow, {"effective_on": ON}), on=on)


def propose(world: World, uplift: UUID, on: date = MARCH) -> None:
    world.do(world.finance, lambda uow: uplifts.propose_uplift(uow, uplift, {}), on=on)


def approve(world: World, uplift: UUID, on: date = MARCH, by: Any = None) -> None:
    world.do(by or world.approver, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=on)


def agreed(world: World, on: date = MARCH) -> UUID:
    uplift = prepare(world, on)
    propose(world, uplift, on)
    approve(world, uplift, on)
    uplift_effects.write_all(world.engine, uplift, now=at(on))
    return uplift


def items(world: World, uplift: UUID) -> list[UpliftItem]:
    return rows(world, UpliftItem, uplift_id=uplift)
