"""A weekly amount that changes: what a payment made already owes or is owed, and when notice is due (§1.11, §4.4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from phbportal.domain.money import pounds
from phbportal.domain.periods import Cycle, Rate, financial_year, for_days, part_period
from phbportal.domain.text import listed, long_date, plural
from phbportal.domain.twelfths import are_twelfths, in_months


@dataclass(frozen=True, slots=True)
class Changeover:
    """Pence of the cycle in which the amount changed, and of the next payment.

    ``adjustment_pence`` is what is due less what was paid: above 0 it is owed to the payee, below 0 it comes off.
    ``carried_pence`` is what could not come off the next payment, because no payment goes below 0 (I16).
    """

    due_pence: int
    adjustment_pence: int
    next_payment_pence: int
    carried_pence: int


def change_over(
    old_weekly_pence: int, new_weekly_pence: int, changes_on: date, cycle: Cycle, paid_pence: int
) -> Changeover:
    """The cycle around a change, and the payment for the next one as long as it (T03, T19). One rounding a step."""
    rates = [
        Rate(old_weekly_pence, date.min, changes_on - timedelta(days=1)),
        Rate(new_weekly_pence, changes_on),
    ]
    due = part_period(rates, cycle.starts_on, cycle.ends_on)
    adjustment = due - paid_pence
    following = for_days(new_weekly_pence, cycle.days) + adjustment
    return Changeover(due, adjustment, max(0, following), min(0, following))


class PaidDays(Protocol):
    """A payment that left, or is about to: its days, what they came to when it was recorded (None where that is not
    known), and what it made good for payments before it."""

    @property
    def period_start(self) -> date: ...

    @property
    def period_end(self) -> date: ...

    @property
    def regular_pence(self) -> int | None: ...

    @property
    def adjustment_pence(self) -> int | None: ...


def owed_for_days_paid(rates: Sequence[Rate], paid: Sequence[PaidDays], ends_on: date | None) -> int:
    """Pence that payments made are short of what their days come to now (above 0), or more than it (below 0).

    Each payment is rounded by itself, as it was when it was recorded (T03, T19). What a payment has made good already
    counts once. Days beyond a stream's last are not asked back here: the final return settles them (domain.md §1.13).
    """
    owed = 0
    for one in paid:
        owed -= one.adjustment_pence or 0
        if one.regular_pence is None or (ends_on is not None and ends_on < one.period_end):
            continue
        owed += part_period(rates, one.period_start, one.period_end) - one.regular_pence
    return owed


@dataclass(frozen=True, slots=True)
class PaidBefore:
    """Days that were paid before the portal knew of their stream, as one payment at the amount it came with."""

    period_start: date
    period_end: date
    regular_pence: int
    adjustment_pence: int = 0


def paid_before(by_day: Sequence[Rate], paid_to: date | None, *, since: date = date.min) -> list[PaidBefore]:
    """What was paid for the days up to ``paid_to`` whose amount has changed since (and from ``since`` on): one payment,
    or none. ``by_day`` are the amounts of the stream in order; it was brought in with the first.

    What an uplift or a reduction makes of these days is made good by the next payment, as of days the portal paid.
    """
    if paid_to is None or len(by_day) < 2:
        return []
    first, changed = by_day[0], max(by_day[1].starts_on, since)
    last = min(paid_to, by_day[-1].ends_on or paid_to)  # days beyond a stream's last are the final return's
    if changed > last:
        return []
    was = Rate(first.weekly_pence, first.starts_on, None, first.monthly)
    return [PaidBefore(changed, last, part_period([was], changed, last))]


def carried_one_off(amount_pence: int, off_pence: int, regular_pence: int, adjustment_pence: int) -> bool:
    """Whether a payment carried start-up costs: it was more than its days, and what it made good, come to."""
    return amount_pence + off_pence - adjustment_pence > regular_pence


def change_words(rates: Sequence[Rate], paid: Sequence[PaidDays], changes_on: date) -> list[str]:
    """The working of a change, payment by payment and for the year, as whoever pays it reads it (T19).

    Only of payments for days from ``changes_on`` on whose own sum is known.
    """
    said: list[str] = []
    for one in paid:
        if one.regular_pence is None or one.period_end < changes_on:
            continue
        due = part_period(rates, one.period_start, one.period_end)
        days = f"{long_date(one.period_start)} to {long_date(one.period_end)}"
        said.append(f"{days}: {in_days(rates, one.period_start, one.period_end)} = {pounds(due)}.")
        more = due - one.regular_pence
        if more < 0:
            said.append(f"{pounds(one.regular_pence)} was paid, so {pounds(-more)} comes off the next payment.")
        elif more > 0:
            said.append(f"{pounds(one.regular_pence)} was paid, so {pounds(more)} is added to the next payment.")
        else:
            said.append("That is what was paid.")
    first, last = financial_year(changes_on)
    first = max(first, min(rate.starts_on for rate in rates))
    cost = part_period(rates, first, last)
    said.append(f"The year, {long_date(first)} to {long_date(last)}: {in_days(rates, first, last)} = {pounds(cost)}.")
    return said


def in_days(rates: Sequence[Rate], start: date, end: date) -> str:
    """The days of a period at each amount, each with what it comes to: "182 days at £1,250.00 a week (£32,500.00) and
    178 days at £1,120.00 a week (£28,480.00)". Of a stream that is paid in twelfths, its months."""
    if are_twelfths(rates):
        return in_months(rates, start, end)
    parts = [(rate, days) for rate in rates if (days := rate.days_within(start, end))]
    told = [
        f"{plural(days, 'day')} at {pounds(rate.weekly_pence)} a week"
        + (f" ({pounds(for_days(rate.weekly_pence, days))})" if len(parts) > 1 else "")
        for rate, days in parts
    ]
    return listed(told) if told else "no days"


def notice_by(changes_on: date, notice_days: int) -> date:
    """The last day to give notice of a reduction, by the board's setting of notice days (regulation 13)."""
    return changes_on - timedelta(days=notice_days)


def above_tolerance(indicative_pence: int, final_pence: int, tolerance_pct: int) -> bool:
    """Whether a final budget is further above the indicative one than the board lets pass without a reason (§3.2)."""
    return final_pence * 100 > indicative_pence * (100 + tolerance_pct)


def to_write_off(unspent_pence: int, limit_pence: int) -> bool:
    """Whether what is left of a one-off budget is small enough to be written off by a second person (T16)."""
    return 0 < unspent_pence <= limit_pence


@dataclass(frozen=True, slots=True)
class Settled:
    """What a change did to the year's money, in pence: ``moved_pence`` was set aside, or went back where it is below
    0; ``kept_pence`` should have gone back and could not, as it was paid already."""

    moved_pence: int
    kept_pence: int


def settle(more_pence: int, kept_pence: int, left_pence: int) -> Settled:
    """What is moved where a year costs ``more_pence`` more (below 0: less) than before.

    ``kept_pence`` stayed in the budget when the same change was made before: it is there still, so it is not set aside
    a second time, and where the change goes further it is to go back too. ``left_pence`` is what can go back.
    """
    wanted = more_pence - kept_pence
    moved = wanted if wanted > 0 else -min(-wanted, max(0, left_pence))
    return Settled(moved, moved - wanted)
