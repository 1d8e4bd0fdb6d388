"""Ages. "Child" has three meanings, never one (domain.md §0.4, §1.3): under 16 for direct payments,
under 18 for continuing care and the national return, and special educational needs run to 25."""

from __future__ import annotations

import calendar
from datetime import date

from phbportal.domain.errors import Refusal
from phbportal.domain.text import long_date

OWN_CONSENT_AGE = 16
ADULT_AGE = 18
SEND_END_AGE = 25


def birthday(born_on: date, n: int) -> date:
    """The day someone becomes ``n`` years old. Born on 29 February: 1 March in other years, as English law has it."""
    if (born_on.month, born_on.day) == (2, 29) and not calendar.isleap(born_on.year + n):
        return date(born_on.year + n, 3, 1)
    return born_on.replace(year=born_on.year + n)


def age_on(born_on: date, on: date) -> int:
    """Whole years of age on a day. Refuses a day before the birth."""
    if on < born_on:
        raise Refusal(f"Check the date of birth: it is after {long_date(on)}.")
    years = on.year - born_on.year
    return years if birthday(born_on, years) <= on else years - 1


def is_child_for_direct_payments(born_on: date, on: date) -> bool:
    """Under 16: a representative consents and holds the money (regs 3 to 6)."""
    return age_on(born_on, on) < OWN_CONSENT_AGE


def is_child_for_continuing_care(born_on: date, on: date) -> bool:
    """Under 18: children's continuing care, and "children" in the national return."""
    return age_on(born_on, on) < ADULT_AGE


def is_within_send_age(born_on: date, on: date) -> bool:
    """Under 25: may have an education, health and care plan with a personal budget."""
    return age_on(born_on, on) < SEND_END_AGE
