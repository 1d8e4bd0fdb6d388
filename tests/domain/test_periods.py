"""Money over time: domain.md §4.4 and the sums of scenarios T01, T03, T09, T12 and T19."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.periods import (
    Cycle,
    Rate,
    commitment,
    cycle_containing,
    cycles_in,
    days_between,
    financial_year,
    first_payment,
    for_days,
    four_weekly,
    monthly,
    months_after,
    part_period,
    uplift,
)

ANCHOR = date(2026, 4, 6)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))
weekly_amounts = st.integers(0, 1_000_000)


def test_both_ends_of_a_period_are_counted() -> None:
    assert days_between(date(2026, 4, 13), date(2026, 5, 3)) == 21
    assert days_between(ANCHOR, ANCHOR) == 1


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(Refusal, match="5 April 2026, cannot be before the start date, 6 April 2026"):
        days_between(ANCHOR, date(2026, 4, 5))
    with pytest.raises(Refusal):
        Rate(100, ANCHOR, date(2026, 4, 5))


def test_a_year_of_days_differs_from_52_weeks() -> None:
    assert for_days(125_000, 365) == 6_517_857
    assert for_days(125_000, 364) == 125_000 * 52


def test_a_period_has_no_fewer_than_nought_days() -> None:
    with pytest.raises(ValueError, match="fewer than 0"):
        for_days(100, -1)


def test_t01_a_start_in_mid_cycle_is_paid_pro_rata_with_its_start_up_costs() -> None:
    start_up = 15_000 + 9_900 + 2 * 4_950 + 25_000
    assert start_up == 59_800
    first = first_payment(125_000, date(2026, 4, 13), ANCHOR, start_up)
    assert first.period == Cycle(date(2026, 4, 13), date(2026, 5, 3))
    assert first.period.days == 21
    assert (first.regular_pence, first.one_off_pence) == (375_000, 59_800)
    assert first.amount_pence == 434_800
    balance = first.amount_pence - 59_800 - 341_127
    assert balance == 33_873
    assert balance + four_weekly(125_000) == 533_873
    assert commitment(125_000, date(2026, 4, 13), None, 0, date(2026, 4, 13)) == 6_303_571
    assert commitment(125_000, date(2026, 4, 13), None, start_up, date(2026, 4, 13)) == 6_363_371
    assert months_after(date(2026, 4, 13), 3) == date(2026, 7, 13)


def test_a_stream_that_ends_within_its_first_cycle_is_paid_to_its_end() -> None:
    first = first_payment(125_000, date(2026, 4, 13), ANCHOR, stream_ends_on=date(2026, 4, 19))
    assert first.period == Cycle(date(2026, 4, 13), date(2026, 4, 19))
    assert first.amount_pence == 125_000


def test_start_up_costs_are_not_committed_again_the_year_after() -> None:
    assert commitment(125_000, date(2026, 4, 13), None, 59_800, date(2027, 4, 1)) == for_days(125_000, 366)


def test_a_stream_outside_the_year_commits_nothing() -> None:
    assert commitment(125_000, date(2026, 4, 13), date(2026, 9, 30), 59_800, date(2028, 1, 1)) == 0
    assert commitment(125_000, date(2027, 4, 1), None, 59_800, date(2027, 3, 31)) == 0


def test_t03_an_uplift_across_a_cycle_is_rounded_once() -> None:
    new = uplift(98_000, 410)
    assert new == 102_018
    rates = [Rate(98_000, date(2025, 4, 1), date(2026, 3, 31)), Rate(new, date(2026, 4, 1))]
    due = part_period(rates, date(2026, 3, 9), date(2026, 4, 5))
    assert due == 394_870
    arrears = due - four_weekly(98_000)
    assert arrears == 2_870
    assert four_weekly(new) + arrears == 410_942


def test_a_cut_by_percentage_rounds_as_a_rise_does() -> None:
    assert uplift(125_000, -1_000) == 112_500
    assert uplift(5, 1_000) == 6
    assert uplift(98_000, 0) == 98_000


def test_t09_a_mixed_budget_is_summed_by_stream() -> None:
    assert four_weekly(65_000) == 260_000
    assert four_weekly(40_000) - 155_250 == 4_750
    assert four_weekly(40_000) + four_weekly(65_000) == four_weekly(105_000) == 420_000


def test_t12_a_wheelchair_budget_expires_five_years_on() -> None:
    assert months_after(date(2026, 5, 18), 60) == date(2031, 5, 18)


def test_t19_a_reduction_in_mid_cycle_is_taken_from_the_next_payment() -> None:
    rates = [Rate(125_000, ANCHOR, date(2026, 10, 4)), Rate(112_000, date(2026, 10, 5))]
    cycle = cycle_containing(ANCHOR, date(2026, 10, 5))
    assert cycle == Cycle(date(2026, 9, 21), date(2026, 10, 18))
    adjustment = part_period(rates, cycle.starts_on, cycle.ends_on) - four_weekly(125_000)
    assert adjustment == -26_000
    assert four_weekly(112_000) + adjustment == 422_000
    assert part_period(rates, ANCHOR, date(2026, 10, 4)) == 3_250_000
    assert part_period(rates, date(2026, 10, 5), date(2027, 3, 31)) == 2_848_000
    assert part_period(rates, ANCHOR, date(2027, 3, 31)) == 6_098_000
    assert date(2026, 10, 5) - timedelta(days=28) == date(2026, 9, 7)
    assert (125_000 - 112_000) * 52 == 676_000


def test_two_rates_on_one_day_are_refused_whatever_their_order() -> None:
    rates = [Rate(112_000, date(2026, 10, 5)), Rate(125_000, ANCHOR, date(2026, 10, 5))]
    with pytest.raises(Refusal, match="Two weekly amounts are in force on 5 October 2026"):
        part_period(rates, ANCHOR, date(2026, 12, 31))
    with pytest.raises(Refusal, match="6 April 2026"):
        part_period([Rate(1, date(2026, 1, 1)), Rate(2, ANCHOR)], ANCHOR, ANCHOR)


def test_days_without_a_rate_are_worth_nothing() -> None:
    assert part_period([], ANCHOR, date(2026, 5, 3)) == 0
    assert part_period([Rate(700, date(2026, 5, 3))], ANCHOR, date(2026, 5, 3)) == 100


def test_a_month_is_a_twelfth_of_52_weeks() -> None:
    assert monthly(125_000) == 541_667
    assert monthly(30_000) == 130_000


def test_the_four_weekly_calendar_of_2026_27_is_the_published_one() -> None:
    starts = [cycle.starts_on for cycle in cycles_in(ANCHOR, ANCHOR, date(2027, 3, 31))]
    assert starts == [
        date(2026, 4, 6),
        date(2026, 5, 4),
        date(2026, 6, 1),
        date(2026, 6, 29),
        date(2026, 7, 27),
        date(2026, 8, 24),
        date(2026, 9, 21),
        date(2026, 10, 19),
        date(2026, 11, 16),
        date(2026, 12, 14),
        date(2027, 1, 11),
        date(2027, 2, 8),
        date(2027, 3, 8),
    ]


def test_a_cycle_before_the_calendar_begins_is_found() -> None:
    assert cycle_containing(ANCHOR, date(2026, 4, 5)) == Cycle(date(2026, 3, 9), date(2026, 4, 5))


def test_a_cycle_of_one_day_asked_for_is_the_whole_cycle() -> None:
    assert cycles_in(ANCHOR, date(2026, 5, 3), date(2026, 5, 3)) == (Cycle(ANCHOR, date(2026, 5, 3)),)


def test_the_financial_year_turns_on_1_april() -> None:
    assert financial_year(date(2026, 3, 31)) == (date(2025, 4, 1), date(2026, 3, 31))
    assert financial_year(date(2026, 4, 1)) == (date(2026, 4, 1), date(2027, 3, 31))


def test_a_month_without_the_day_ends_on_its_last() -> None:
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert months_after(date(2026, 3, 31), -1) == date(2026, 2, 28)


@settings(max_examples=300)
@given(days, days)
def test_every_day_lies_in_exactly_one_cycle(anchor: date, on: date) -> None:
    cycle = cycle_containing(anchor, on)
    assert cycle.starts_on <= on <= cycle.ends_on
    assert cycle.days == 28
    assert cycle_containing(anchor, cycle.ends_on) == cycle
    assert cycle_containing(anchor, cycle.ends_on + timedelta(days=1)).starts_on == cycle.ends_on + timedelta(days=1)


@settings(max_examples=300)
@given(days, days, st.integers(0, 800))
def test_cycles_of_a_period_cover_it_without_gap_or_overlap(anchor: date, start: date, length: int) -> None:
    end = start + timedelta(days=length)
    cycles = cycles_in(anchor, start, end)
    assert cycles[0].starts_on <= start <= cycles[0].ends_on
    assert cycles[-1].starts_on <= end <= cycles[-1].ends_on
    for before, after in pairwise(cycles):
        assert after.starts_on - before.ends_on == timedelta(days=1)


@settings(max_examples=300)
@given(
    st.lists(st.tuples(weekly_amounts, st.integers(1, 120), st.integers(0, 40)), max_size=6),
    st.integers(-60, 400),
    st.integers(0, 200),
    st.integers(1, 200),
)
def test_two_neighbouring_periods_add_up_to_the_whole_within_a_penny(
    spans: list[tuple[int, int, int]], offset: int, first_length: int, second_length: int
) -> None:
    rates: list[Rate] = []
    day = ANCHOR
    for weekly, length, gap in spans:
        rates.append(Rate(weekly, day, day + timedelta(days=length - 1)))
        day += timedelta(days=length + gap)
    start = ANCHOR + timedelta(days=offset)
    middle = start + timedelta(days=first_length)
    end = middle + timedelta(days=second_length)
    apart = part_period(rates, start, middle) + part_period(rates, middle + timedelta(days=1), end)
    assert abs(apart - part_period(rates, start, end)) <= 1


@settings(max_examples=300)
@given(weekly_amounts, days)
def test_a_whole_cycle_at_one_rate_is_four_weeks_exactly(weekly: int, on: date) -> None:
    cycle = cycle_containing(ANCHOR, on)
    assert part_period([Rate(weekly, cycle.starts_on)], cycle.starts_on, cycle.ends_on) == four_weekly(weekly)
    assert for_days(weekly, cycle.days) == four_weekly(weekly)
