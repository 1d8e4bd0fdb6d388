"""Days that were paid before the portal knew of a stream: none is paid a second time, and none is left out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.amount_changes import PaidBefore, owed_for_days_paid, paid_before
from phbportal.domain.budgets import StreamAmount, year_commitment
from phbportal.domain.payment_calendar import asked_next, period_around
from phbportal.domain.periods import Cycle, MonthlyPay, Rate, financial_year, part_period
from phbportal.domain.reductions import AmountChange, rates
from phbportal.domain.streams import Frequency

ANCHOR, TODAY = date(2026, 4, 6), date(2026, 11, 22)
A_DAY = timedelta(days=1)
OFTEN = [Frequency.WEEKLY, Frequency.FOUR_WEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
WAYS = st.sampled_from(list(MonthlyPay))


def asked(
    frequency: Frequency, starts: date, before: date | None, *, paid_to: date | None = None, ends: date | None = None,
    anchor: date = ANCHOR, today: date = TODAY,
) -> Cycle | None:  # fmt: skip
    return asked_next(
        frequency, anchor, starts, ends_on=ends, paid_to=paid_to, first_payment_on=date(2025, 5, 5),
        paid_to_on=before, brought_in_on=today,
    )  # fmt: skip


def all_periods(
    frequency: Frequency, starts: date, before: date, until: date, *, ends: date | None = None, anchor: date = ANCHOR,
    today: date = TODAY,
) -> list[Cycle]:  # fmt: skip
    """What finance is asked for, payment by payment, until a day is paid."""
    found: list[Cycle] = []
    while not found or found[-1].ends_on < until:
        paid_to = found[-1].ends_on if found else None
        period = asked(frequency, starts, before, paid_to=paid_to, ends=ends, anchor=anchor, today=today)
        if period is None:
            break
        found.append(period)
    return found


@settings(max_examples=400)
@given(
    st.sampled_from(OFTEN), DAYS, DAYS, st.integers(0, 500), DAYS, st.none() | st.integers(0, 800), st.integers(0, 400)
)
def test_every_day_after_the_last_day_paid_is_asked_for_once_and_no_other(
    frequency: Frequency, anchor: date, starts: date, paid: int, today: date, length: int | None, beyond: int
) -> None:
    before = starts + timedelta(days=paid)
    ends = None if length is None else starts + timedelta(days=length)
    until = before + timedelta(days=1 + beyond)
    periods = all_periods(frequency, starts, before, until, ends=ends, anchor=anchor, today=today)
    days = [one.starts_on + timedelta(days=n) for one in periods for n in range(one.days)]
    last = periods[-1].ends_on if periods else before
    assert days == [before + timedelta(days=n) for n in range(1, (last - before).days + 1)]
    assert last >= (until if ends is None else min(until, max(ends, before)))


@settings(max_examples=400)
@given(st.sampled_from(OFTEN), st.integers(1, 500_000), WAYS, st.integers(-60, 124), st.dates(date(2026, 4, 1), TODAY))
def test_what_is_set_aside_is_what_the_payments_to_31_march_come_to(
    frequency: Frequency, weekly: int, way: MonthlyPay, paid: int, today: date
) -> None:
    """As twelfths to the penny; by days each payment is rounded by itself, half a penny at most."""
    starts, before = date(2025, 5, 5), today + timedelta(days=paid)
    last = financial_year(today)[1]
    set_aside = year_commitment(
        [StreamAmount("", weekly, 0, starts, None, way, before)], today, from_day=today
    )  # fmt: skip
    by_day = [Rate(weekly, starts, None, way)]
    first = max(before + A_DAY, today)
    periods = [one for one in all_periods(frequency, starts, before, last, today=today) if one.ends_on >= today]
    paid_for = [(max(one.starts_on, today), min(one.ends_on, last)) for one in periods if one.starts_on <= last]
    assert paid_for[0][0] == first
    pence = sum(part_period(by_day, *days) for days in paid_for)
    if way is MonthlyPay.TWELFTHS:
        assert pence == set_aside
    else:
        assert abs(pence - set_aside) <= (len(paid_for) + 1) / 2
    assert set_aside == part_period(by_day, first, last)


@settings(max_examples=300)
@given(st.integers(1, 300_000), WAYS, st.integers(0, 300))
def test_the_year_of_the_last_day_paid_and_the_next_hold_no_day_paid(weekly: int, way: MonthlyPay, paid: int) -> None:
    starts, before = date(2025, 5, 5), date(2027, 1, 1) + timedelta(days=paid)
    stream = [StreamAmount("", weekly, 30_000, starts, None, way, before)]
    by_day = [Rate(weekly, starts, None, way)]
    for year in (date(2026, 4, 1), date(2027, 4, 1)):
        first, last = financial_year(year)
        counted = max(first, before + A_DAY)
        due = part_period(by_day, counted, last) if counted <= last else 0
        assert year_commitment(stream, year) == due


def test_start_up_costs_went_with_the_payments_made_before() -> None:
    started = StreamAmount("", 10_000, 30_000, date(2026, 5, 4), None)
    assert year_commitment([started], TODAY) == part_period([Rate(10_000, date(2026, 5, 4))], date(2026, 5, 4),
                                                            date(2027, 3, 31)) + 30_000  # fmt: skip
    before = StreamAmount("", 10_000, 30_000, date(2026, 5, 4), None, paid_to=date(2027, 3, 31))
    assert year_commitment([before], TODAY) == 0


def test_where_the_last_day_is_not_known_the_period_of_today_is_the_first() -> None:
    for frequency in OFTEN:
        found = asked(frequency, date(2025, 5, 5), None)
        assert found is not None
        assert found.starts_on == period_around(frequency, ANCHOR, TODAY).starts_on


@pytest.mark.parametrize("before", [None, date(2026, 6, 1)])
def test_what_is_paid_once_and_was_is_not_asked_for_again(before: date | None) -> None:
    assert asked(Frequency.ONCE, date(2025, 5, 5), before) is None


def test_a_stream_paid_beyond_its_end_is_asked_for_nothing() -> None:
    assert asked(Frequency.MONTHLY, date(2025, 5, 5), date(2026, 12, 31), ends=date(2026, 12, 15)) is None


@settings(max_examples=400)
@given(
    st.integers(1, 200_000),
    st.integers(1, 200_000),
    WAYS,
    st.integers(1, 200),
    st.integers(0, 200),
    st.booleans(),
    st.sampled_from(OFTEN),
)
def test_an_amount_that_changes_within_the_days_paid_is_made_good_once(
    was: int, now: int, way: MonthlyPay, to: int, at: int, in_effect: bool, frequency: Frequency
) -> None:
    """What was paid before, and all that the portal pays, come to what the days come to; within the roundings."""
    starts = date(2026, 5, 4)
    before, changed = starts + timedelta(days=to), starts + timedelta(days=1 + at)
    change = AmountChange(changed, was, now, in_effect)
    by_day = rates(now if in_effect else was, starts, None, [change], monthly=way)
    whole, paid = part_period([Rate(was, starts, None, way)], starts, before), list[PaidBefore]()
    for one in all_periods(frequency, starts, before, before + timedelta(days=150)):
        owed = owed_for_days_paid(by_day, [*paid, *paid_before(by_day, before)], None)
        regular = part_period(by_day, one.starts_on, one.ends_on)
        paid.append(PaidBefore(one.starts_on, one.ends_on, regular, owed))
        whole += regular + owed
    due = part_period(by_day, starts, paid[-1].period_end)
    assert abs(whole - due) <= (len(paid) + 3) / 2
    assert sum(one.adjustment_pence != 0 for one in paid) <= 1
    if changed > before:
        assert all(one.adjustment_pence == 0 for one in paid)


def test_a_raise_within_the_days_paid_to_the_penny() -> None:
    """£100.00 a week becomes £107.00 on 1 April; paid to 30 April before: 30 days at £1.00 a day are short."""
    change = AmountChange(date(2027, 4, 1), 10_000, 10_700, in_effect=True)
    by_day = rates(10_700, date(2025, 5, 5), None, [change], monthly=MonthlyPay.BY_DAYS)
    before = paid_before(by_day, date(2027, 4, 30))
    assert before == [PaidBefore(date(2027, 4, 1), date(2027, 4, 30), 42_857)]
    assert owed_for_days_paid(by_day, before, None) == 3_000
    ended = rates(10_700, date(2025, 5, 5), date(2027, 4, 10), [change], monthly=MonthlyPay.BY_DAYS)
    assert owed_for_days_paid(ended, paid_before(ended, date(2027, 4, 30)), date(2027, 4, 10)) == 1_000
    assert paid_before(by_day, date(2027, 3, 31)) == paid_before(by_day[:1], date(2027, 4, 30)) == []
    assert paid_before(by_day, None) == []
