"""Which days a stream's next payment is for, and how its amount came about, in words (domain.md §4.4, §4.5).

Direct payments are made in advance, to the end of a period of the board's calendar; the first is for the part period
from the stream's start.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from phbportal.domain.money import pounds
from phbportal.domain.periods import Cycle, Rate, cycle_containing, months_after, part_period
from phbportal.domain.streams import Frequency
from phbportal.domain.text import listed, plural
from phbportal.domain.twelfths import are_twelfths, sum_of_twelfths

LONGEST_DAYS = 366
LONGEST_AHEAD_DAYS = 124
"""The longest anybody is paid in advance is a quarter; what is typed beyond it is a slip of the hand."""


def next_period(
    frequency: Frequency, anchor: date, starts_on: date, *, ends_on: date | None, paid_to: date | None
) -> Cycle | None:
    """The days the next payment is for; None once everything to the stream's end has been paid.

    ``anchor`` is any cycle start of the board's calendar, ``paid_to`` the last day paid for so far.
    """
    start = starts_on if paid_to is None else max(starts_on, paid_to + timedelta(days=1))
    if ends_on is not None and start > ends_on:
        return None
    if frequency is Frequency.ONCE and paid_to is not None:
        return None
    end = min(_period_end(frequency, anchor, start, ends_on), start + timedelta(days=LONGEST_DAYS - 1))
    return Cycle(start, end if ends_on is None else min(end, ends_on))


def asked_next(
    frequency: Frequency, anchor: date, starts_on: date, *, ends_on: date | None, paid_to: date | None,
    first_payment_on: date | None, paid_to_on: date | None, brought_in_on: date,
) -> Cycle | None:  # fmt: skip
    """The days finance is asked to pay next: ``next_period`` of a stream that may have been paid before the portal knew
    of it.

    ``paid_to`` is the last day of what the portal has paid, or is about to; ``paid_to_on`` the last day that was paid
    before. Where that is not known and something was, the cycle or month of ``brought_in_on`` is the first that is
    asked for, however late anybody asks, and nothing of what is paid once.
    """
    if paid_to_on is not None:
        paid_to = max(paid_to or paid_to_on, paid_to_on)
    elif paid_to is None and first_payment_on is not None:
        if frequency is Frequency.ONCE:
            return None
        starts_on = max(starts_on, period_around(frequency, anchor, brought_in_on).starts_on)
    return next_period(frequency, anchor, starts_on, ends_on=ends_on, paid_to=paid_to)


def period_around(frequency: Frequency, anchor: date, on: date) -> Cycle:
    """The month a day is in where a stream is paid by the month; the four-weekly cycle of any other."""
    if frequency is not Frequency.MONTHLY:
        return cycle_containing(anchor, on)
    first = on.replace(day=1)
    return Cycle(first, months_after(first, 1) - timedelta(days=1))


def _period_end(frequency: Frequency, anchor: date, start: date, ends_on: date | None) -> date:
    if frequency is Frequency.WEEKLY:
        return start + timedelta(days=6 - (start - anchor).days % 7)
    if frequency is Frequency.FOUR_WEEKLY:
        return cycle_containing(anchor, start).ends_on
    if frequency is Frequency.ONCE:
        return ends_on or start
    # Months and quarters of the financial year, which begins with one of each.
    months = 1 if frequency is Frequency.MONTHLY else 1 + (3 - start.month) % 3
    return months_after(start.replace(day=1), months) - timedelta(days=1)


def sum_of_rates(rates: Sequence[Rate], start: date, end: date, one_off_pence: int, off_pence: int = 0) -> str:
    """How a payment came to its amount where the weekly amount may change within its days: "14 days at £1,250.00 a week
    and 14 days at £1,120.00 a week is £4,740.00.". ``off_pence`` is what was taken off for nights in hospital (T15).
    """
    if off_pence:
        whole = sum_of_rates(rates, start, end, one_off_pence)
        return f"{whole} {pounds(off_pence)} is taken off for nights in hospital."
    parts = [(rate, days) for rate in rates if (days := rate.days_within(start, end))]
    if are_twelfths(rates) and any(rate.weekly_pence for rate, _days in parts):
        return f"{sum_of_twelfths(rates, start, end)}{_and_start_up(one_off_pence)}."
    if len(parts) < 2:
        rate, days = parts[0] if parts else (rates[-1], 0)
        return sum_in_words(days, rate.weekly_pence, part_period(rates, start, end), one_off_pence)
    told = listed([f"{plural(days, 'day')} at {pounds(rate.weekly_pence)} a week" for rate, days in parts])
    return f"{told} is {pounds(part_period(rates, start, end))}{_and_start_up(one_off_pence)}."


def _and_start_up(one_off_pence: int) -> str:
    return f", plus {pounds(one_off_pence)} start-up costs" if one_off_pence else ""


def made_good_words(adjustment_pence: int) -> str:
    """What a payment makes good for days paid before, to follow its sum; "" for nothing (T03, T19)."""
    if adjustment_pence > 0:
        return f" {pounds(adjustment_pence)} is added, because days paid before come to more now."
    if adjustment_pence < 0:
        return f" {pounds(-adjustment_pence)} comes off, because days paid before come to less now."
    return ""


def sum_in_words(days: int, weekly_pence: int, regular_pence: int, one_off_pence: int) -> str:
    """How a payment came to its amount: "21 days at £1,250.00 a week is £3,750.00, plus £598.00 start-up costs."."""
    regular = f"{plural(days, 'day')} at {pounds(weekly_pence)} a week is {pounds(regular_pence)}"
    if not weekly_pence and one_off_pence:
        return f"{pounds(one_off_pence)}, paid once."
    return f"{regular}{_and_start_up(one_off_pence)}."
