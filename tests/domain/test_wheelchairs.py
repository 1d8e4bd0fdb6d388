"""Personal wheelchair budgets: scenario T12 (I40)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.wheelchairs import (
    WAY_WORDS,
    WheelchairBudget,
    WheelchairOffer,
    WheelchairWay,
    expires_on,
    wheelchair_budget,
)

W = WheelchairWay


@pytest.mark.parametrize(
    ("offer", "budget"),
    [
        (WheelchairOffer(W.NOTIONAL_CONTRIBUTION, 115_000, 78_000), WheelchairBudget(115_000, 93_600, 15_600, False)),
        (WheelchairOffer(W.NOTIONAL_CONTRIBUTION, 115_000, 78_000, True), WheelchairBudget(115_000, 78_000, 0, False)),
        (
            WheelchairOffer(W.THIRD_PARTY, 115_000, repairs_pence=27_500, chair_pence=299_900),
            WheelchairBudget(142_500, 157_400, 0, True),
        ),
        (WheelchairOffer(W.NOTIONAL, 115_000), WheelchairBudget(115_000, 0, 0, False)),
        (WheelchairOffer(W.DIRECT_PAYMENT, 115_000, chair_pence=100_000), WheelchairBudget(115_000, 0, 0, True)),
    ],
    ids=["a", "b", "c", "notional", "direct payment"],
)
def test_t12_a_wheelchair_budget(offer: WheelchairOffer, budget: WheelchairBudget) -> None:
    assert wheelchair_budget(offer) == budget


def test_t12_a_wheelchair_budget_runs_five_years() -> None:
    assert expires_on(date(2026, 5, 18), 5) == date(2031, 5, 18)


@pytest.mark.parametrize(
    ("offer", "field"),
    [
        (WheelchairOffer(W.NOTIONAL, 0), "value"),
        (WheelchairOffer(W.NOTIONAL, 115_000, 78_000), "extras"),
        (WheelchairOffer(W.THIRD_PARTY, 115_000, 78_000), "extras"),
        (WheelchairOffer(W.NOTIONAL, 115_000, repairs_pence=1), "repairs"),
    ],
)
def test_what_does_not_belong_to_a_way_is_refused(offer: WheelchairOffer, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        wheelchair_budget(offer)
    assert refused.value.problems[0].field == field


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 1_000_000), st.integers(0, 500_000), st.integers(0, 2_000_000))
def test_i40_value_repairs_and_excess_pay_for_the_chair(value: int, repairs: int, chair: int) -> None:
    found = wheelchair_budget(WheelchairOffer(W.THIRD_PARTY, value, repairs_pence=repairs, chair_pence=chair))
    assert found.budget_pence == value + repairs
    assert found.budget_pence + found.person_pays_pence == max(chair, found.budget_pence)


def test_every_way_has_words() -> None:
    assert set(WAY_WORDS) == set(W)
