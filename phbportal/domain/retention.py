"""How long the records of a budget that is closed are kept (domain.md §1.17, §4.9): a day before which nobody lets them
go. The portal itself deletes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from phbportal.domain.people import age_on, birthday
from phbportal.domain.periods import months_after

CARE_YEARS, MONEY_YEARS = "retention_years_clinical", "retention_years_finance"
"""The board's settings."""
ADULT, CHILDS_UNTIL = 18, 25


@dataclass(frozen=True, slots=True)
class KeptUntil:
    """The first day on which the records of care, and those of the money, need not be kept any more."""

    care: date
    money: date


def kept_until(closed_on: date, born_on: date, care_years: int, money_years: int) -> KeptUntil:
    """Whole years after the budget was closed; the records of a child's care to their 25th birthday at least."""
    care, money = (months_after(closed_on, 12 * years) for years in (care_years, money_years))
    if age_on(born_on, closed_on) < ADULT:
        care = max(care, birthday(born_on, CHILDS_UNTIL))
    return KeptUntil(care, money)
