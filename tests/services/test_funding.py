"""Who pays for a budget: set, shared to the penny, and held against what it comes to (I08)."""

from __future__ import annotations

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.funding import Funder, Share
from phbportal.queries.funding import FunderView, who_pays
from phbportal.services import budgets, plans
from phbportal.services.funders import set_shares
from phbportal.services.funding import read_shares
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare
from tests.services.asking import Copy, refused, rows
from tests.support import journey

H, S, E = Funder.HEALTH, Funder.SOCIAL_CARE, Funder.EDUCATION


def pays(copy: Copy) -> list[FunderView]:
    world, case = copy
    budget = rows(world, BudgetVersion, phb_id=case.phb_id)[-1]
    with world.unit(world.cm, writes=False) as uow:
        return who_pays(uow.session, uow.actor, uow.today, budget.id, budget.weekly_pence)


def test_t10_60_and_40_of_what_the_budget_costs(drafted: Copy) -> None:
    """£1,250.00 a week: £750.00 and £500.00; said again, it takes the place of what was said."""
    world, case = drafted
    world.do(world.cm, lambda uow: set_shares(uow, case.plan_id, [Share(H, weight=100)]))
    world.do(world.cm, lambda uow: set_shares(uow, case.plan_id, [Share(H, weight=6_000), Share(S, weight=4_000)]))
    assert pays(drafted) == [
        FunderView("Health", "60 parts", "£750.00", "£3,000.00"),
        FunderView("Social care", "40 parts", "£500.00", "£2,000.00"),
    ]


def test_t10_thirds_lose_no_penny(drafted: Copy) -> None:
    world, case = drafted
    world.do(world.cm, lambda uow: set_shares(uow, case.plan_id, [Share(funder, weight=100) for funder in (H, S, E)]))
    assert [one.weekly for one in pays(drafted)] == ["£416.67", "£416.67", "£416.66"]


def test_i08_amounts_must_come_to_the_budget_then_and_when_it_is_sent(drafted: Copy) -> None:
    world, case = drafted
    short = [Share(H, pence=100_000), Share(S, pence=20_000)]
    said = refused(world, world.cm, lambda uow: set_shares(uow, case.plan_id, short))
    assert said == "The shares come to £1,200.00, £50.00 short of the £1,250.00 to pay."
    world.do(world.cm, lambda uow: set_shares(uow, case.plan_id, [Share(H, pence=100_000), Share(S, pence=25_000)]))
    line = budgets.LineEntry(case.streams[0], budgets.LineType.TRANSPORT, 1_000, 0)
    world.do(world.cm, lambda uow: budgets.add_line(uow, case.plan_id, line))
    assert "£10.00 short" in refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))


def test_who_pays_is_settled_once_the_plan_is_sent(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    refused(world, world.cm, lambda uow: set_shares(uow, case.plan_id, [Share(H, weight=1)]))
    assert rows(world, FundingShare) == []


@pytest.mark.parametrize("name", ["clinician", "approver", "auditor", "admin", "other_cm"])
def test_only_who_writes_the_budget_says_who_pays(drafted: Copy, name: str) -> None:
    world, case = drafted
    refused(world, world.actors[name], lambda uow: set_shares(uow, case.plan_id, [Share(H, weight=1)]))


def test_a_form_is_read_as_parts_or_as_amounts() -> None:
    parts = read_shares({"way": "PARTS", "HEALTH": "66.67", "SOCIAL_CARE": "33.33", "EDUCATION": ""})
    assert parts == [Share(H, weight=6_667), Share(S, weight=3_333)]
    assert read_shares({"way": "AMOUNTS", "HEALTH": "£1,250.00"}) == [Share(H, pence=125_000)]


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"HEALTH": "1"}, "way"), ({"way": "PARTS"}, "HEALTH"), ({"way": "PARTS", "EDUCATION": "half"}, "EDUCATION"),
        ({"way": "AMOUNTS", "SOCIAL_CARE": "12.345"}, "SOCIAL_CARE"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(form: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_shares(form)
    assert refusal.value.problems[0].field == field
