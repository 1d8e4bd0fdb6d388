"""Time and money: what a weekly amount is worth over days, cycles, months and years.

Rules: domain.md §4.4. Money is per day (weekly / 7), and the day rate is never rounded by itself:
a period is summed in sevenths of a penny and rounded once, half up. Where months are paid as twelfths of 52 weeks a day
is its part of its month, and the sum is rounded as it runs through the financial year (ADR 0036). Both ends of a period
are inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from phbportal.domain.errors import Refusal
from phbportal.domain.money import round_half_up
from phbportal.domain.text import long_date

CYCLE_DAYS = 28
_MONTHS_OF = 28 * 29 * 15 * 31
"""A number that every length of a month divides, so that parts of months are added up exactly."""


class MonthlyPay(StrEnum):
    """How a month's payment is worked out: by the days it has, or as a twelfth of 52 weeks whatever its days."""

    BY_DAYS = "BY_DAYS"
    TWELFTHS = "TWELFTHS"


def monthly_pay(kept: str | None) -> MonthlyPay:
    """How a stream's months are worked out, from what is kept with it: nothing, where it is by days."""
    return MonthlyPay(kept) if kept else MonthlyPay.BY_DAYS


@dataclass(frozen=True, slots=True)
class Rate:
    """A weekly amount and the days it is in force, both ends inside; no ``ends_on`` means until further notice."""

    weekly_pence: int
    starts_on: date
    ends_on: date | None = None
    monthly: MonthlyPay = MonthlyPay.BY_DAYS

    def __post_init__(self) -> None:
        if self.ends_on is not None:
            days_between(self.starts_on, self.ends_on)

    def days_within(self, start: date, end: date) -> int:
        """How many days of the period the rate is in force."""
        last = end if self.ends_on is None else min(end, self.ends_on)
        return max(0, (last - max(start, self.starts_on)).days + 1)


@dataclass(frozen=True, slots=True)
class Cycle:
    """A payment period, both ends inside."""

    starts_on: date
    ends_on: date

    @property
    def days(self) -> int:
        """Length in days."""
        return days_between(self.starts_on, self.ends_on)


@dataclass(frozen=True, slots=True)
class FirstPayment:
    """What a new stream is paid first, and the days it covers."""

    period: Cycle
    regular_pence: int
    one_off_pence: int

    @property
    def amount_pence(self) -> int:
        """The part period and the start-up costs together."""
        return self.regular_pence + self.one_off_pence


def days_between(start: date, end: date) -> int:
    """Days from start to end, counting both. Refuses an end before its start."""
    if end < start:
        raise Refusal(f"The end date, {long_date(end)}, cannot be before the start date, {long_date(start)}.")
    return (end - start).days + 1


def for_days(weekly_pence: int, days: int) -> int:
    """Pence for a number of days at one weekly amount. ``days`` must be 0 or more (ValueError)."""
    if days < 0:
        raise ValueError("a period cannot have fewer than 0 days")
    return round_half_up(weekly_pence * days, 7)


def part_period(rates: Sequence[Rate], start: date, end: date) -> int:
    """Pence for a period in which the weekly amount may begin, change or end: the one rule of what days are worth.

    By days: unrounded parts, one rounding. As twelfths: what the financial year comes to up to the last day, less what
    it came to before the first, each rounded once; so periods beside each other add up to the period they make, and the
    payments of a year to 52 weeks. Days without a rate are worth nothing. Refuses two rates in force on one day, and
    rates that are not worked out in one way (ValueError).
    """
    days_between(start, end)
    in_order = sorted(rates, key=lambda rate: rate.starts_on)
    for earlier, later in pairwise(in_order):
        if earlier.ends_on is None or earlier.ends_on >= later.starts_on:
            raise Refusal(
                f"Two weekly amounts are in force on {long_date(later.starts_on)}. "
                "End the earlier one before the later one starts."
            )
    ways = {rate.monthly for rate in in_order}
    if len(ways) > 1:
        raise ValueError("the amounts of a stream are all worked out in one way")
    if MonthlyPay.TWELFTHS in ways:
        return _in_twelfths(in_order, start, end)
    return round_half_up(sum(rate.weekly_pence * rate.days_within(start, end) for rate in in_order), 7)


def _in_twelfths(rates: Sequence[Rate], start: date, end: date) -> int:
    pence = 0
    while start <= end:
        first, last = financial_year(start)
        pence += _year_to(rates, first, min(last, end)) - _year_to(rates, first, start - timedelta(days=1))
        start = last + timedelta(days=1)
    return pence


def _year_to(rates: Sequence[Rate], first: date, last: date) -> int:
    """Pence of a financial year, month by month from its first day to one of its days, rounded once: a month is 52
    weeks / 12, which is 13 / 3."""
    parts = 0
    while first <= last:
        month_end = months_after(first, 1) - timedelta(days=1)
        a_day = _MONTHS_OF // days_between(first, month_end)
        parts += a_day * sum(rate.weekly_pence * rate.days_within(first, min(month_end, last)) for rate in rates)
        first = month_end + timedelta(days=1)
    return round_half_up(parts * 13, 3 * _MONTHS_OF)


def four_weekly(weekly_pence: int) -> int:
    """Pence for one four-weekly cycle; 13 cycles cover 364 days."""
    return weekly_pence * 4


def monthly(weekly_pence: int) -> int:
    """Pence for one month by itself where months are twelfths of 52 weeks; those of a year are rounded as they run."""
    return round_half_up(weekly_pence * 52, 12)


def uplift(weekly_pence: int, basis_points: int) -> int:
    """A weekly amount raised (or, below nought, cut) by hundredths of a per cent: 4.1% is 410."""
    return round_half_up(weekly_pence * (10_000 + basis_points), 10_000)


def cycle_containing(anchor: date, on: date) -> Cycle:
    """The four-weekly cycle a day falls in; ``anchor`` is any cycle start of the board's calendar, past or to come."""
    starts_on = anchor + timedelta(days=(on - anchor).days // CYCLE_DAYS * CYCLE_DAYS)
    return Cycle(starts_on, starts_on + timedelta(days=CYCLE_DAYS - 1))


def cycles_in(anchor: date, start: date, end: date) -> tuple[Cycle, ...]:
    """Every cycle with a day between start and end, in order: the first and last may reach outside."""
    days_between(start, end)
    first = cycle_containing(anchor, start).starts_on
    starts = range(0, (end - first).days + 1, CYCLE_DAYS)
    return tuple(cycle_containing(anchor, first + timedelta(days=days)) for days in starts)


def financial_year(on: date) -> tuple[date, date]:
    """The 1 April and 31 March around a day."""
    year = on.year if on.month >= 4 else on.year - 1
    return date(year, 4, 1), date(year + 1, 3, 31)


def commitment(
    weekly_pence: int, starts_on: date, ends_on: date | None, one_off_pence: int, on_year_of: date, *,
    monthly: MonthlyPay = MonthlyPay.BY_DAYS, from_day: date | None = None,
) -> int:  # fmt: skip
    """Pence a stream will cost within one financial year: its days in force there, to 31 March, and its one-offs.

    ``on_year_of`` is any day of the year meant. One-offs are paid with the first payment (§4.8), so they count in the
    year the stream starts and never again when the next year is allocated. ``from_day`` leaves the days before it out.
    """
    first, last = financial_year(on_year_of)
    counted = max(first, from_day or first)
    regular_pence = part_period([Rate(weekly_pence, starts_on, ends_on, monthly)], counted, last) if (
        counted <= last
    ) else 0  # fmt: skip
    return regular_pence + (one_off_pence if first <= starts_on <= last else 0)


def months_after(on: date, n: int) -> date:
    """The same day ``n`` months later (earlier, below nought), or the month's last day where it has no such day."""
    return on + relativedelta(months=n)


def first_payment(
    weekly_pence: int,
    stream_starts_on: date,
    anchor: date,
    one_off_pence: int = 0,
    *,
    stream_ends_on: date | None = None,
) -> FirstPayment:
    """The first payment of a stream: pro rata to the end of the cycle it starts in, and start-up costs with it."""
    last = cycle_containing(anchor, stream_starts_on).ends_on
    period = Cycle(stream_starts_on, last if stream_ends_on is None else min(last, stream_ends_on))
    return FirstPayment(period, for_days(weekly_pence, period.days), one_off_pence)
