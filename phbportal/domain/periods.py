"""Time and money: what a weekly amount is worth over days, cycles and years.

Rules: domain.md §4.4. Money is per day (weekly / 7), and the day rate is never rounded by itself:
a period is summed in sevenths of a penny and rounded once, half up. Both ends of a period are inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from dateutil.relativedelta import relativedelta

from phbportal.domain.errors import Refusal
from phbportal.domain.money import round_half_up
from phbportal.domain.text import long_date

CYCLE_DAYS = 28


@dataclass(frozen=True, slots=True)
class Rate:
    """A weekly amount and the days it is in force, both ends inside; no ``ends_on`` means until further notice."""

    weekly_pence: int
    starts_on: date
    ends_on: date | None = None

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
    """Pence for a period in which the weekly amount may begin, change or end: unrounded parts, one rounding.

    Days without a rate are worth nothing. Refuses two rates in force on one day.
    """
    days_between(start, end)
    in_order = sorted(rates, key=lambda rate: rate.starts_on)
    for earlier, later in pairwise(in_order):
        if earlier.ends_on is None or earlier.ends_on >= later.starts_on:
            raise Refusal(
                f"Two weekly amounts are in force on {long_date(later.starts_on)}. "
                "End the earlier one before the later one starts."
            )
    return round_half_up(sum(rate.weekly_pence * rate.days_within(start, end) for rate in in_order), 7)


def four_weekly(weekly_pence: int) -> int:
    """Pence for one four-weekly cycle; 13 cycles cover 364 days."""
    return weekly_pence * 4


def monthly(weekly_pence: int) -> int:
    """Pence for one month where the board pays twelfths of 52 weeks."""
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


def commitment(weekly_pence: int, starts_on: date, ends_on: date | None, one_off_pence: int, on_year_of: date) -> int:
    """Pence a stream will cost within one financial year: its days in force there, to 31 March, and its one-offs.

    ``on_year_of`` is any day of the year meant. One-offs are paid with the first payment (§4.8), so they count in the
    year the stream starts and never again when the next year is allocated.
    """
    first, last = financial_year(on_year_of)
    regular_pence = part_period([Rate(weekly_pence, starts_on, ends_on)], first, last)
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
