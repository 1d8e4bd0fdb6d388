"""Personal wheelchair budgets: scenario T12 (I40)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.streams import Method
from phbportal.domain.wheelchairs import (
    WAY_WORDS,
    Cover,
    WheelchairBudget,
    WheelchairOffer,
    WheelchairWay,
    amount_problem,
    contribution_problem,
    cover_problem,
    expires_on,
    holder_sentences,
    stream_problem,
    wheelchair_budget,
    working,
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
        (WheelchairOffer(W.NOTIONAL, 0), "value_pence"),
        (WheelchairOffer(W.NOTIONAL, 115_000, 78_000), "extras_pence"),
        (WheelchairOffer(W.THIRD_PARTY, 115_000, 78_000), "extras_pence"),
        (WheelchairOffer(W.NOTIONAL, 115_000, repairs_pence=1), "repairs_pence"),
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


@pytest.mark.parametrize(
    ("offer", "last"),
    [
        (
            WheelchairOffer(W.NOTIONAL_CONTRIBUTION, 115_000, 78_000),
            "What is added costs £780.00, and the VAT of 20% on it £156.00: £936.00 is paid by the person, or by "
            "others for them.",
        ),
        (
            WheelchairOffer(W.NOTIONAL_CONTRIBUTION, 115_000, 78_000, True),
            "What is added costs £780.00. VAT relief is declared, so no VAT is paid: £780.00 is paid by the person, or "
            "by others for them.",
        ),
        (
            WheelchairOffer(W.THIRD_PARTY, 115_000, repairs_pence=27_500, chair_pence=299_900),
            "The chair costs £2,999.00: £2,999.00 − £1,425.00 = £1,574.00 is paid by the person, or by others for "
            "them.",
        ),
        (WheelchairOffer(W.NOTIONAL, 115_000), "That is the budget. The NHS owns the chair."),
    ],
    ids=["a", "b", "c", "notional"],
)
def test_t12_the_sum_in_words(offer: WheelchairOffer, last: str) -> None:
    said = working(offer)
    assert said[0] == "A chair that meets the assessed need costs the NHS £1,150.00."
    assert said[-1] == last


def test_its_holder_reads_what_is_paid_whose_it_is_and_how_long_it_lasts() -> None:
    offer = WheelchairOffer(W.THIRD_PARTY, 115_000, repairs_pence=27_500, chair_pence=299_900)

    def told(*, own: bool) -> tuple[str, ...]:
        return holder_sentences(
            offer, Cover.REPAIRS, chair="Light chair", term_years=5, issued_on=date(2026, 5, 18),
            expires=date(2031, 5, 18), review_on=date(2027, 5, 18), own=own,
        )  # fmt: skip

    own, theirs = told(own=True), told(own=False)
    assert own == (
        "Your chair: Light chair.",
        "The NHS pays £1,425.00 for it.",
        "£1,574.00 more is paid by you, or by others for you.",
        "The chair is yours.",
        "Part of the money is for repairs. You see to repairs and maintenance.",
        "You have had it since 18 May 2026.",
        "You can have a new one from 18 May 2031, or before if your needs change.",
        "We look at it with you again on 18 May 2027.",
    )
    assert not any("you" in sentence.lower().split() for sentence in theirs)
    assert theirs[3] == "The chair is theirs."


@pytest.mark.parametrize(
    ("way", "methods", "fits"),
    [
        (W.NOTIONAL, {Method.NOTIONAL}, True),
        (W.THIRD_PARTY, {Method.NOTIONAL}, True),
        (W.THIRD_PARTY, {Method.THIRD_PARTY}, True),
        (W.NOTIONAL_CONTRIBUTION, {Method.DIRECT_PAYMENT}, False),
        (W.DIRECT_PAYMENT, {Method.DIRECT_PAYMENT}, True),
        (W.DIRECT_PAYMENT, {Method.NOTIONAL}, False),
    ],
)
def test_only_who_buys_the_chair_is_paid(way: WheelchairWay, methods: set[Method], fits: bool) -> None:
    assert (stream_problem(way, frozenset(methods)) is None) is fits


@pytest.mark.parametrize(
    ("way", "repairs", "covers", "fits"),
    [
        (W.NOTIONAL, 0, Cover.REPAIRS_AND_MAINTENANCE, True),
        (W.NOTIONAL, 0, Cover.NOTHING, False),
        (W.THIRD_PARTY, 27_500, Cover.REPAIRS, True),
        (W.THIRD_PARTY, 27_500, Cover.NOTHING, False),
        (W.THIRD_PARTY, 0, Cover.MAINTENANCE, False),
        (W.THIRD_PARTY, 0, Cover.NOTHING, True),
    ],
)
def test_money_for_upkeep_and_what_it_pays_for_belong_together(
    way: WheelchairWay, repairs: int, covers: Cover, fits: bool
) -> None:
    offer = WheelchairOffer(way, 115_000, repairs_pence=repairs)
    assert (cover_problem(offer, covers) is None) is fits


@pytest.mark.parametrize(
    ("promised", "more", "fits"), [(0, 93_600, True), (60_000, 33_600, True), (60_000, 33_601, False)]
)
def test_i40_nobody_adds_more_than_the_budget_leaves_over(promised: int, more: int, fits: bool) -> None:
    assert (contribution_problem(93_600, promised, more) is None) is fits


def test_the_lines_are_the_budget_that_was_worked_out() -> None:
    assert amount_problem(142_500, weekly_pence=0, one_off_pence=142_500) is None
    problem = amount_problem(142_500, weekly_pence=100, one_off_pence=142_500)
    assert problem is not None
    assert "£1,425.00, and the budget lines to £1,425.00 once and £1.00 a week" in problem.sentence
