"""A weekly amount that changes: what a payment made already owes or is owed, and when notice is due (§1.11, §4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from phbportal.domain.periods import Cycle, Rate, for_days, part_period


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


def notice_by(changes_on: date, notice_days: int) -> date:
    """The last day to give notice of a reduction, by the board's setting of notice days (regulation 13)."""
    return changes_on - timedelta(days=notice_days)


def above_tolerance(indicative_pence: int, final_pence: int, tolerance_pct: int) -> bool:
    """Whether a final budget is further above the indicative one than the board lets pass without a reason (§3.2)."""
    return final_pence * 100 > indicative_pence * (100 + tolerance_pct)


def to_write_off(unspent_pence: int, limit_pence: int) -> bool:
    """Whether what is left of a one-off budget is small enough to be written off by a second person (T16)."""
    return 0 < unspent_pence <= limit_pence
