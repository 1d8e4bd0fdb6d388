"""The days a stream's next payment is for, and how its amount came about in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.payment_calendar import LONGEST_DAYS, next_period, sum_in_words
from phbportal.domain.periods import Cycle
from phbportal.domain.streams import Frequency

ANCHOR = date(2026, 4, 6)
DAYS = st.dates(date(2024, 1, 1), date(2032, 12, 31))


def test_the_first_payment_runs_from_the_start_to_the_end_of_its_cycle() -> None:
    first = next_period(Frequency.FOUR_WEEKLY, ANCHOR, date(2026, 4, 13), ends_on=None, paid_to=None)
    assert first == Cycle(date(2026, 4, 13), date(2026, 5, 3))


def test_the_next_payment_is_the_whole_cycle_after_the_last_day_paid_for() -> None:
    second = next_period(Frequency.FOUR_WEEKLY, ANCHOR, date(2026, 4, 13), ends_on=None, paid_to=date(2026, 5, 3))
    assert second == Cycle(date(2026, 5, 4), date(2026, 5, 31))


def test_the_last_payment_stops_on_the_day_the_stream_ends() -> None:
    last = next_period(
        Frequency.FOUR_WEEKLY, ANCHOR, date(2026, 4, 13), ends_on=date(2026, 5, 10), paid_to=date(2026, 5, 3)
    )
    assert last == Cycle(date(2026, 5, 4), date(2026, 5, 10))


def test_a_stream_paid_to_its_end_is_asked_for_nothing() -> None:
    end = date(2026, 5, 10)
    assert next_period(Frequency.FOUR_WEEKLY, ANCHOR, date(2026, 4, 13), ends_on=end, paid_to=end) is None


@pytest.mark.parametrize(
    ("frequency", "starts_on", "ends_on"),
    [
        (Frequency.WEEKLY, date(2026, 4, 8), date(2026, 4, 12)),
        (Frequency.MONTHLY, date(2026, 4, 13), date(2026, 4, 30)),
        (Frequency.MONTHLY, date(2027, 2, 1), date(2027, 2, 28)),
        (Frequency.QUARTERLY, date(2026, 4, 13), date(2026, 6, 30)),
        (Frequency.QUARTERLY, date(2026, 12, 31), date(2026, 12, 31)),
        (Frequency.QUARTERLY, date(2027, 1, 1), date(2027, 3, 31)),
        (Frequency.ONCE, date(2026, 4, 13), date(2026, 4, 13)),
    ],
)
def test_other_frequencies_pay_to_the_end_of_their_own_periods(
    frequency: Frequency, starts_on: date, ends_on: date
) -> None:
    assert next_period(frequency, ANCHOR, starts_on, ends_on=None, paid_to=None) == Cycle(starts_on, ends_on)


def test_what_is_paid_once_is_paid_to_its_end_and_never_again() -> None:
    end = date(2026, 9, 30)
    assert next_period(Frequency.ONCE, ANCHOR, ANCHOR, ends_on=end, paid_to=None) == Cycle(ANCHOR, end)
    assert next_period(Frequency.ONCE, ANCHOR, ANCHOR, ends_on=None, paid_to=ANCHOR) is None


@given(st.sampled_from(list(Frequency)), DAYS, DAYS, st.none() | st.integers(0, 900))
def test_periods_follow_each_other_without_a_gap_or_an_overlap(
    frequency: Frequency, anchor: date, starts_on: date, length: int | None
) -> None:
    ends_on = None if length is None else starts_on + timedelta(days=length)
    paid_to, day = None, starts_on
    for _ in range(5):
        period = next_period(frequency, anchor, starts_on, ends_on=ends_on, paid_to=paid_to)
        if period is None:
            assert frequency is Frequency.ONCE or paid_to == ends_on
            return
        assert period.starts_on == day
        assert 1 <= period.days <= LONGEST_DAYS
        assert ends_on is None or period.ends_on <= ends_on
        paid_to, day = period.ends_on, period.ends_on + timedelta(days=1)


def test_a_first_payment_says_its_days_and_its_start_up_costs() -> None:
    words = sum_in_words(21, 125_000, 375_000, 59_800)
    assert words == "21 days at £1,250.00 a week is £3,750.00, plus £598.00 start-up costs."


def test_a_later_payment_says_only_its_days() -> None:
    assert sum_in_words(1, 125_000, 17_857, 0) == "1 day at £1,250.00 a week is £178.57."


def test_one_off_money_alone_says_that_it_is_paid_once() -> None:
    assert sum_in_words(1, 0, 0, 48_000) == "£480.00, paid once."
