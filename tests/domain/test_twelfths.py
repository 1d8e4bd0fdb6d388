"""Months paid as twelfths of 52 weeks: every payment, every year and every funder exact (T11, domain.md §4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.amount_changes import change_words, owed_for_days_paid
from phbportal.domain.budgets import StreamAmount, year_commitment
from phbportal.domain.funding import Funder, Share, share_out, shared_on
from phbportal.domain.isf_offer import amount_words
from phbportal.domain.payment_calendar import next_period, period_around, sum_of_rates
from phbportal.domain.periods import (
    Cycle,
    MonthlyPay,
    Rate,
    commitment,
    financial_year,
    monthly,
    monthly_pay,
    months_after,
    part_period,
)
from phbportal.domain.reductions import AmountChange, rates
from phbportal.domain.streams import Frequency, how_often
from phbportal.domain.twelfths import month_words

DAYS, TWELFTHS = MonthlyPay.BY_DAYS, MonthlyPay.TWELFTHS
APRIL, MARCH = date(2026, 4, 1), date(2027, 3, 31)
H, E, S = Funder.HEALTH, Funder.EDUCATION, Funder.SOCIAL_CARE
EHC = (Share(H, pence=15_000), Share(E, pence=10_000), Share(S, pence=5_000))
WEEKLY = st.integers(0, 2_000_000)


def always(weekly_pence: int, starts_on: date = APRIL, ends_on: date | None = None) -> list[Rate]:
    return [Rate(weekly_pence, starts_on, ends_on, TWELFTHS)]


def months(first: date, count: int = 12) -> list[Cycle]:
    return [period_around(Frequency.MONTHLY, APRIL, months_after(first, n)) for n in range(count)]


def test_t11_every_month_and_every_share_of_an_ehc_year() -> None:
    paid, shared = 0, []
    for month in months(APRIL):
        pence = part_period(always(30_000), month.starts_on, month.ends_on)
        assert pence == 130_000 == monthly(30_000)
        shared.append(shared_on(paid, pence, EHC))
        paid += pence
    assert shared[0] == {H: 65_000, E: 43_333, S: 21_667}
    assert shared[1] == {H: 65_000, E: 43_334, S: 21_666}
    year = {funder: sum(month[funder] for month in shared) for funder in (H, E, S)}
    assert (paid, year) == (1_560_000, {H: 780_000, E: 520_000, S: 260_000})


@settings(max_examples=200, deadline=None)
@given(WEEKLY, st.integers(0, 40))
def test_twelve_months_in_a_row_are_52_weeks_whenever_they_begin(weekly: int, after: int) -> None:
    first = months_after(date(2026, 1, 1), after)
    paid = [part_period(always(weekly, first), one.starts_on, one.ends_on) for one in months(first)]
    assert sum(paid) == weekly * 52
    assert max(paid) - min(paid) <= 1
    year = financial_year(months_after(first, 12))
    assert part_period(always(weekly, first), *year) == weekly * 52


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(WEEKLY, st.integers(0, 500)), min_size=1, max_size=4),
    st.lists(st.integers(1, 90), min_size=1, max_size=9), st.integers(0, 400),
)  # fmt: skip
def test_periods_beside_each_other_add_up_to_the_period_they_make(
    amounts: list[tuple[int, int]], lengths: list[int], begins: int
) -> None:
    """However the days are cut and whenever the amount changes: nothing is paid twice and no penny is lost."""
    days = sorted({after for _pence, after in amounts})
    starts = [APRIL + timedelta(days=after) for after in days]
    ends = [*(on - timedelta(days=1) for on in starts[1:]), None]
    found = [Rate(pence, on, end, TWELFTHS) for (pence, _), on, end in zip(amounts, starts, ends, strict=False)]
    start = first = APRIL + timedelta(days=begins)
    paid = 0
    for length in lengths:
        last = start + timedelta(days=length - 1)
        part = part_period(found, start, last)
        assert part >= 0
        paid, start = paid + part, last + timedelta(days=1)
    assert paid == part_period(found, first, start - timedelta(days=1))


@pytest.mark.parametrize(
    ("start", "end", "pence"),
    [
        (date(2026, 4, 13), date(2026, 4, 30), 78_000), (date(2027, 2, 1), date(2027, 2, 14), 65_000),
        (date(2028, 2, 1), date(2028, 2, 29), 130_000), (date(2026, 5, 1), date(2026, 5, 1), 4_194),
        (date(2027, 3, 15), date(2027, 4, 15), 71_290 + 65_000),
    ],
)  # fmt: skip
def test_a_part_of_a_month_is_its_days_of_that_month(start: date, end: date, pence: int) -> None:
    assert part_period(always(30_000, start), start, end) == pence


@pytest.mark.parametrize("way", list(MonthlyPay))
@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, 13), st.integers(1, 300_000),
    st.lists(st.tuples(st.integers(0, 365), st.integers(0, 300_000), st.integers(0, 12)), max_size=4),
    st.one_of(st.none(), st.integers(330, 420)),
)  # fmt: skip
def test_whatever_changes_within_a_month_what_is_paid_comes_to_what_is_due(
    way: MonthlyPay, begins: int, weekly: int, changes: list[tuple[int, int, int]], ends: int | None
) -> None:
    """A year of monthly payments, the first and perhaps the last of a part. Each change is known from some month on:
    a payment after it makes good those before it, once. In the end they come to their days, in both ways of paying."""
    starts = APRIL + timedelta(days=begins)
    last = APRIL + timedelta(days=ends) if ends else None
    paid: list[Paid] = []
    while (period := next_period(
        Frequency.MONTHLY, APRIL, starts, ends_on=last, paid_to=paid[-1].period_end if paid else None
    )) and len(paid) < 13:  # fmt: skip
        known = [(on, pence) for on, pence, from_month in changes if from_month <= len(paid)]
        found = changing(starts, last, weekly, known, way)
        owed = owed_for_days_paid(found, paid, last)
        paid.append(Paid(period.starts_on, period.ends_on, part_period(found, period.starts_on, period.ends_on), owed))
    found = changing(starts, last, weekly, [(on, pence) for on, pence, _ in changes], way)
    owed = owed_for_days_paid(found, paid, last)
    amount = sum((one.regular_pence or 0) + (one.adjustment_pence or 0) for one in paid) + owed
    assert amount == sum(part_period(found, one.period_start, one.period_end) for one in paid)
    if way is TWELFTHS:
        assert amount == part_period(found, starts, paid[-1].period_end)
    assert [one.period_start for one in paid[1:]] == [one.period_end + timedelta(days=1) for one in paid[:-1]]


@dataclass(frozen=True)
class Paid:
    period_start: date
    period_end: date
    regular_pence: int | None
    adjustment_pence: int | None


def changing(
    starts: date, last: date | None, weekly: int, changes: list[tuple[int, int]], way: MonthlyPay
) -> list[Rate]:  # fmt: skip
    amounts = dict(sorted((APRIL + timedelta(days=after), pence) for after, pence in changes))
    made: list[AmountChange] = []
    for on, pence in amounts.items():
        if on > starts:
            made.append(AmountChange(on, made[-1].after_pence if made else weekly, pence, in_effect=False))
    return rates(weekly, starts, last, made, monthly=way)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 400_000), max_size=14), st.lists(st.integers(0, 90), min_size=3, max_size=3).filter(any))
def test_i08_every_part_and_every_funders_year_is_exact(paid: list[int], weights: list[int]) -> None:
    shares = [Share(funder, weight) for funder, weight in zip(Funder, weights, strict=True)]
    found = [shared_on(sum(paid[:number]), pence, shares) for number, pence in enumerate(paid)]
    assert [sum(parts.values()) for parts in found] == paid
    assert {funder: sum(parts[funder] for parts in found) for funder in Funder} == share_out(sum(paid), shares)


@settings(max_examples=200, deadline=None)
@given(WEEKLY, st.integers(0, 364), st.integers(0, 364), st.sampled_from(list(MonthlyPay)))
def test_a_budget_brought_in_is_set_aside_from_its_day_and_no_penny_more(
    weekly: int, began: int, day: int, way: MonthlyPay
) -> None:
    starts, today = APRIL + timedelta(days=began), APRIL + timedelta(days=day)
    stream = StreamAmount("", weekly, 0, starts, None, way)
    whole, rest = year_commitment([stream], APRIL), year_commitment([stream], APRIL, from_day=today)
    if way is TWELFTHS and today > starts:
        before = part_period(always(weekly, starts), starts, today - timedelta(days=1))
        assert whole - rest == before
    assert rest == part_period([Rate(weekly, max(starts, today), None, DAYS)], APRIL, MARCH) or way is TWELFTHS


def test_the_year_of_a_stream_is_52_weeks_and_what_lies_outside_it_is_nothing() -> None:
    assert commitment(30_000, APRIL, None, 500, APRIL, monthly=TWELFTHS) == 1_560_500
    assert commitment(30_000, APRIL, None, 500, MARCH + timedelta(days=1), monthly=TWELFTHS) == 1_560_000
    assert commitment(30_000, APRIL, None, 0, APRIL, monthly=TWELFTHS, from_day=date(2027, 4, 1)) == 0


def test_two_ways_in_one_stream_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one way"):
        part_period([Rate(1, APRIL, date(2026, 4, 30), DAYS), Rate(1, date(2026, 5, 1), None, TWELFTHS)], APRIL, MARCH)
    assert (monthly_pay(None), monthly_pay("TWELFTHS")) == (DAYS, TWELFTHS)


@pytest.mark.parametrize(
    ("weekly", "start", "end", "words"),
    [
        (30_000, APRIL, date(2026, 4, 30), "A twelfth of 52 weeks at £300.00 a week is £1,300.00."),
        (125_000, APRIL, date(2026, 4, 30), "A twelfth of 52 weeks at £1,250.00 a week is £5,416.67."),
        (125_000, date(2026, 5, 1), date(2026, 5, 31), "A twelfth of 52 weeks at £1,250.00 a week is £5,416.66, a "
         "penny less so that the year comes out exactly."),
        (30_000, date(2026, 4, 13), date(2026, 4, 30), "18 of the 30 days of April at £300.00 a week, each month a "
         "twelfth of 52 weeks, is £780.00."),
        (30_000, date(2026, 4, 13), date(2026, 7, 31), "18 of the 30 days of April and 3 months at £300.00 a week, "
         "each month a twelfth of 52 weeks, is £4,680.00."),
    ],
)  # fmt: skip
def test_how_a_payment_came_about_is_said(weekly: int, start: date, end: date, words: str) -> None:
    assert sum_of_rates(always(weekly), start, end, 0) == words


def test_start_up_costs_and_nights_in_hospital_are_said_after_it() -> None:
    words = "A twelfth of 52 weeks at £300.00 a week is £1,300.00, plus £598.00 start-up costs."
    month = APRIL, date(2026, 4, 30)
    assert sum_of_rates(always(30_000), *month, 59_800) == words
    assert sum_of_rates(always(30_000), *month, 0, 100) == (
        "A twelfth of 52 weeks at £300.00 a week is £1,300.00. £1.00 is taken off for nights in hospital."
    )
    assert sum_of_rates(always(0), *month, 48_000) == "£480.00, paid once."
    assert sum_of_rates(always(30_000), date(2026, 3, 1), date(2026, 3, 31), 0) == (
        "0 days at £300.00 a week is £0.00."
    )


def test_a_change_within_a_month_is_said_month_by_month() -> None:
    change = AmountChange(date(2026, 9, 11), 30_000, 27_000, in_effect=False)
    found = rates(30_000, APRIL, None, [change], monthly=TWELFTHS)
    paid = Paid(date(2026, 9, 1), date(2026, 9, 30), 130_000, None)
    assert change_words(found, [paid], change.effective_on) == [
        "1 September 2026 to 30 September 2026: 10 of the 30 days of September at £300.00 a week (£433.33) and 20 of "
        "the 30 days of September at £270.00 a week (£780.00), each month a twelfth of 52 weeks = £1,213.33.",
        "£1,300.00 was paid, so £86.67 comes off the next payment.",
        "The year, 1 April 2026 to 31 March 2027: 5 months and 10 of the 30 days of September at £300.00 a week "
        "(£6,933.33) and 20 of the 30 days of September and 6 months at £270.00 a week (£7,800.00), each month a "
        "twelfth of 52 weeks = £14,733.33.",
    ]


def test_a_month_in_words() -> None:
    assert (month_words(30_000), month_words(125_000)) == ("£1,300.00", "£5,416.67 or £5,416.66")
    assert amount_words(30_000, Frequency.MONTHLY, 500, TWELFTHS) == (
        "£1,300.00 every month (a twelfth of 52 weeks at £300.00), a part of a month by its days, and £5.00 once with "
        "the first payment"
    )
    assert how_often(Frequency.MONTHLY, TWELFTHS) == "every month, a twelfth of 52 weeks"
    assert how_often(Frequency.MONTHLY, DAYS) == "every month"
