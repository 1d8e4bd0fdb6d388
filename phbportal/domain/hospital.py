"""A stay in hospital: how long assistants are kept on in full, and what may be taken off after (domain.md §4.9, T15).

Nothing is taken off by itself: after the board's days a person decides, and another agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.periods import Rate, part_period
from phbportal.domain.text import long_date


class StayDecision(StrEnum):
    NONE = "NONE"
    KEEP_PAYING = "KEEP_PAYING"
    PAY_LESS = "PAY_LESS"


DECISION_WORDS: dict[StayDecision, str] = {
    StayDecision.NONE: "Nothing to decide yet, or nobody has",
    StayDecision.KEEP_PAYING: "Paid in full",
    StayDecision.PAY_LESS: "Some is taken off the next payment",
}


def stay_problems(admitted_on: date, discharged_on: date | None, today: date) -> list[Problem]:
    """What is wrong with the days of a stay."""
    problems: list[Problem] = []
    if admitted_on > today:
        problems.append(Problem("The day they went in cannot be in the future.", "admitted_on"))
    if discharged_on is not None and discharged_on > today:
        problems.append(Problem("The day they came home cannot be in the future.", "discharged_on"))
    elif discharged_on is not None and discharged_on < admitted_on:
        problems.append(
            Problem(f"They went in on {long_date(admitted_on)}. The day they came home cannot be before.",
                    "discharged_on")
        )  # fmt: skip
    return problems


def full_pay_until(admitted_on: date, full_pay_days: int) -> date:
    """The last night that is paid in full."""
    return admitted_on + timedelta(days=full_pay_days - 1)


def nights_after(admitted_on: date, discharged_on: date, full_pay_days: int) -> tuple[date, date] | None:
    """The nights beyond those paid in full, first and last; None where there are none. The night of the day somebody
    comes home is at home."""
    first, last = admitted_on + timedelta(days=full_pay_days), discharged_on - timedelta(days=1)
    return (first, last) if first <= last else None


def taken_off(rates: Sequence[Rate], nights: tuple[date, date]) -> int:
    """What may be taken off for those nights, in pence, each at the amount of its own day, rounded once (T15: 11 nights
    of £1,250.00 a week)."""
    return part_period(rates, *nights)
