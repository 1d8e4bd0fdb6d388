"""Amounts that change in mid-cycle: scenarios T03, T16 and T19."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.amount_changes import Changeover, above_tolerance, change_over, notice_by, to_write_off
from phbportal.domain.periods import Cycle, uplift


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
