"""Amounts that change in mid-cycle: scenarios T03, T16 and T19."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.amount_changes import (
    Changeover,
    above_tolerance,
    carried_one_off,
    change_over,
    change_words,
    notice_by,
    owed_for_days_paid,
    settle,
    to_write_off,
)
from phbportal.domain.periods import Cycle, Rate, for_days, part_period, uplift


def test_t03_an_uplift_across_a_cycle() -> None:
    """£980.00 and 4.1% from 1 April: £28.70 of arrears, and £4,109.42 on 6 April."""
    new = uplift(98_000, 410)
    assert new == 102_018
    cycle = Cycle(date(2026, 3, 9), date(2026, 4, 5))
    assert change_over(98_000, new, date(2026, 4, 1), cycle, 392_000) == Changeover(394_870, 2_870, 410_942, 0)


def test_t19_a_reduction_in_mid_cycle() -> None:
    """£1,250.00 to £1,120.00 from 5 October: notice by 7 September; £260.00 comes off; £4,220.00 on 19 October."""
    cycle = Cycle(date(2026, 9, 21), date(2026, 10, 18))
    assert notice_by(date(2026, 10, 5), 28) == date(2026, 9, 7)
    assert change_over(125_000, 112_000, date(2026, 10, 5), cycle, 500_000) == Changeover(474_000, -26_000, 422_000, 0)


def test_i16_no_payment_goes_below_nought() -> None:
    cycle = Cycle(date(2026, 9, 21), date(2026, 10, 18))
    assert change_over(125_000, 1_000, date(2026, 9, 21), cycle, 500_000) == Changeover(4_000, -496_000, 0, -492_000)


def test_t16_what_is_left_of_a_one_off_budget() -> None:
    """£480.00 paid, £455.75 spent: £24.25 is within the limit of £50.00."""
    assert 48_000 - 45_575 == 2_425
    assert to_write_off(2_425, 5_000)
    assert not to_write_off(5_001, 5_000)
    assert not to_write_off(0, 5_000)


@pytest.mark.parametrize(("final", "above"), [(110_000, False), (110_001, True), (90_000, False)])
def test_a_final_budget_may_be_a_tolerance_above_the_indicative_one(final: int, above: bool) -> None:
    assert above_tolerance(100_000, final, 10) is above


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 500_000), st.integers(0, 500_000), st.integers(0, 27), st.integers(0, 3_000_000))
def test_what_is_paid_due_and_carried_always_agree(old: int, new: int, day: int, paid: int) -> None:
    cycle = Cycle(date(2026, 9, 21), date(2026, 10, 18))
    found = change_over(old, new, cycle.starts_on + timedelta(days=day), cycle, paid)
    assert found.due_pence == (2 * (old * day + new * (28 - day)) + 7) // 14
    assert paid + found.next_payment_pence + found.carried_pence == found.due_pence + new * 4
    assert found.next_payment_pence >= 0 >= found.carried_pence
    assert found.next_payment_pence == 0 or found.carried_pence == 0


@dataclass(frozen=True)
class Paid:
    period_start: date
    period_end: date
    regular_pence: int | None
    adjustment_pence: int | None = None


REDUCED = [Rate(125_000, date(2026, 4, 6), date(2026, 10, 4)), Rate(112_000, date(2026, 10, 5))]
CYCLE = Paid(date(2026, 9, 21), date(2026, 10, 18), 500_000)


def test_t19_what_was_paid_too_much_comes_off_once() -> None:
    assert owed_for_days_paid(REDUCED, [CYCLE], None) == -26_000
    following = Paid(date(2026, 10, 19), date(2026, 11, 15), 448_000, -26_000)
    assert owed_for_days_paid(REDUCED, [CYCLE, following], None) == 0
    assert owed_for_days_paid([Rate(125_000, date(2026, 4, 6))], [CYCLE, following], None) == 26_000 + 52_000


def test_days_whose_own_sum_is_not_known_or_that_a_stop_cuts_short_are_left_to_the_final_return() -> None:
    assert owed_for_days_paid(REDUCED, [Paid(CYCLE.period_start, CYCLE.period_end, None)], None) == 0
    assert owed_for_days_paid(REDUCED, [CYCLE], date(2026, 10, 10)) == 0


def test_start_up_costs_are_told_apart_from_what_is_made_good() -> None:
    assert carried_one_off(434_800, 0, 375_000, 0)
    assert not carried_one_off(410_942, 0, 408_072, 2_870)
    assert carried_one_off(408_800, 26_000, 375_000, 0)


def test_t19_in_words() -> None:
    assert change_words(REDUCED, [CYCLE], date(2026, 10, 5)) == [
        "21 September 2026 to 18 October 2026: 14 days at £1,250.00 a week (£2,500.00) and 14 days at £1,120.00 a week "
        "(£2,240.00) = £4,740.00.",
        "£5,000.00 was paid, so £260.00 comes off the next payment.",
        "The year, 6 April 2026 to 31 March 2027: 182 days at £1,250.00 a week (£32,500.00) and 178 days at £1,120.00 "
        "a week (£28,480.00) = £60,980.00.",
    ]


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 300_000), st.lists(st.tuples(st.integers(1, 300_000), st.integers(0, 200)), max_size=4))
def test_however_often_the_amount_changes_what_is_paid_comes_to_what_is_due(
    first: int, changes: list[tuple[int, int]]
) -> None:
    """Payments of 28 days, each made before the next change is known; each makes good what was paid before it."""
    start = date(2026, 4, 6)
    days = sorted({after for _pence, after in changes})
    amounts = [first, *(pence for pence, _after in changes[: len(days)])]
    starts = [start, *(start + timedelta(days=after + 1) for after in days)]
    paid: list[Paid] = []
    for number in range(8):
        known = [(on, pence) for on, pence in zip(starts, amounts, strict=True)][: number + 1]
        ends = [on - timedelta(days=1) for on, _pence in known[1:]]
        rates = [Rate(pence, on, end) for (on, pence), end in zip(known, [*ends, None], strict=True)]
        begins = start + timedelta(days=28 * number)
        period = (begins, begins + timedelta(days=27))
        owed = owed_for_days_paid(rates, paid, None)
        paid.append(Paid(*period, part_period(rates, *period), owed))
        due = sum(part_period(rates, one.period_start, one.period_end) for one in paid)
        assert sum((one.regular_pence or 0) + (one.adjustment_pence or 0) for one in paid) == due
    assert for_days(first, 7) == first


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.integers(0, 9_000_000), min_size=2, max_size=6),
    st.lists(st.integers(0, 9_000_000), min_size=7, max_size=7),
)
def test_a_reduction_that_is_reversed_sets_aside_what_went_back_and_no_penny_more(
    costs: list[int], left: list[int]
) -> None:
    """A year's cost is reduced, changed any number of times and put back to what it was."""
    kept = net = 0
    for (was, now), there in zip(pairwise([*costs, costs[0]]), left, strict=False):
        found = settle(now - was, kept, there)
        assert found.kept_pence >= 0
        assert found.moved_pence >= -there
        assert found.kept_pence == 0 or found.moved_pence <= 0
        kept, net = found.kept_pence, net + found.moved_pence
        assert net - kept == now - costs[0]
    assert net == kept
    assert costs[0] < max(costs) or net == 0
