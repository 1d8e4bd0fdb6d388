"""Months that are twelfths of 52 weeks, in words (domain.md §4.4, ADR 0036); what they come to is in ``periods.py``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from phbportal.domain.money import pounds, round_half_up
from phbportal.domain.periods import MonthlyPay, Rate, days_between, monthly, months_after, part_period
from phbportal.domain.text import MONTHS, listed, plural

EACH_MONTH = "each month a twelfth of 52 weeks"


def are_twelfths(rates: Sequence[Rate]) -> bool:
    """Whether these amounts of a stream are paid in twelfths of 52 weeks."""
    return any(rate.monthly is MonthlyPay.TWELFTHS for rate in rates)


def month_words(weekly_pence: int) -> str:
    """What a whole month comes to: "£1,300.00", or where a penny is carried on "£5,416.67 or £5,416.66"."""
    # A month is 13 / 3 weeks: of three in a row one or two are a penny from the other.
    usual, run = monthly(weekly_pence), [round_half_up(weekly_pence * 13 * months, 3) for months in range(4)]
    others = {after - before for before, after in pairwise(run)} - {usual}
    return pounds(usual) + (f" or {pounds(others.pop())}" if others else "")


def sum_of_twelfths(rates: Sequence[Rate], start: date, end: date) -> str:
    """How some days came to their amount, ready for what is added to it: "A twelfth of 52 weeks at £300.00 a week is
    £1,300.00", "18 of the 30 days of April at £300.00 a week, each month a twelfth of 52 weeks, is £780.00"."""
    in_force = [(rate, pieces) for rate in rates if (pieces := _pieces(rate, start, end))]
    is_worth = f"is {pounds(part_period(rates, start, end))}{_carried(rates, start, end)}"
    if len(in_force) == 1 and in_force[0][1] == ["1 month"]:
        return f"A twelfth of 52 weeks at {pounds(in_force[0][0].weekly_pence)} a week {is_worth}"
    if not in_force:
        return f"No days {is_worth}"
    told = listed([f"{listed(pieces)} at {pounds(rate.weekly_pence)} a week" for rate, pieces in in_force])
    return f"{told}, {EACH_MONTH}, {is_worth}"


def in_months(rates: Sequence[Rate], start: date, end: date) -> str:
    """The months of a period at each amount, and what each comes to where there are several: "6 months at £300.00 a
    week (£7,800.00) and 6 months at £270.00 a week (£7,020.00), each month a twelfth of 52 weeks"."""
    in_force = [(rate, pieces) for rate in rates if (pieces := _pieces(rate, start, end))]
    told: list[str] = []
    for rate, pieces in in_force:
        first, last = _within(rate, start, end)
        worth = f" ({pounds(part_period(rates, first, last))})" if len(in_force) > 1 else ""
        told.append(f"{listed(pieces)} at {pounds(rate.weekly_pence)} a week{worth}")
    return f"{listed(told)}, {EACH_MONTH}" if told else "no days"


def _within(rate: Rate, start: date, end: date) -> tuple[date, date]:
    return max(rate.starts_on, start), end if rate.ends_on is None else min(rate.ends_on, end)


def _pieces(rate: Rate, start: date, end: date) -> list[str]:
    """The days of a rate in a period, as whole months and parts of months, in their order."""
    first, last = _within(rate, start, end)
    found: list[str] = []
    whole = 0
    while first <= last:
        month_end = months_after(first.replace(day=1), 1) - timedelta(days=1)
        until = min(month_end, last)
        if first.day == 1 and until == month_end:
            whole += 1
        else:
            if whole:
                found.append(plural(whole, "month"))
            whole = 0
            found.append(f"{days_between(first, until)} of the {month_end.day} days of {MONTHS[first.month - 1]}")
        first = month_end + timedelta(days=1)
    return [*found, plural(whole, "month")] if whole else found


def _carried(rates: Sequence[Rate], start: date, end: date) -> str:
    """That pennies of other months are in it: sums are rounded as they run, so that a year comes out exactly."""
    by_itself = part_period([*_moved(rates, start, end)], start, end)
    away = part_period(rates, start, end) - by_itself
    if not away:
        return ""
    pennies = "a penny" if abs(away) == 1 else f"{abs(away)} pence"
    return f", {pennies} {'more' if away > 0 else 'less'} so that the year comes out exactly"


def _moved(rates: Sequence[Rate], start: date, end: date) -> list[Rate]:
    """The rates of these days alone, as if nothing had run before them."""
    found: list[Rate] = []
    for rate in rates:
        first, last = _within(rate, start, end)
        if first <= last:
            found.append(Rate(rate.weekly_pence, first, last, rate.monthly))
    return found
