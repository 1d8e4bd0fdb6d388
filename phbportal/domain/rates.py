"""Statutory rates by name and day (domain.md §4.2): what each is called, how it is counted, read and shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.money import LARGEST_PENCE, parse_pounds, pounds
from phbportal.domain.quantities import percent
from phbportal.domain.text import legible


class RateUnit(StrEnum):
    PENCE_PER_HOUR = "PENCE_PER_HOUR"
    PENCE_PER_YEAR = "PENCE_PER_YEAR"
    PENCE = "PENCE"
    BASIS_POINTS = "BASIS_POINTS"


@dataclass(frozen=True, slots=True)
class RateKind:
    """A rate of the law or of a national body: its name in words and its unit."""

    label: str
    unit: RateUnit


RATES: dict[str, RateKind] = {
    "national_living_wage": RateKind("National Living Wage, 21 and over", RateUnit.PENCE_PER_HOUR),
    "minimum_wage_18_to_20": RateKind("National Minimum Wage, 18 to 20", RateUnit.PENCE_PER_HOUR),
    "minimum_wage_under_18": RateKind("National Minimum Wage, under 18 and apprentices", RateUnit.PENCE_PER_HOUR),
    "employer_ni": RateKind("Employer National Insurance", RateUnit.BASIS_POINTS),
    "employer_ni_threshold": RateKind("Employer National Insurance: secondary threshold", RateUnit.PENCE_PER_YEAR),
    "employment_allowance": RateKind("Employment Allowance", RateUnit.PENCE_PER_YEAR),
    "pension_trigger": RateKind("Workplace pension: earnings trigger", RateUnit.PENCE_PER_YEAR),
    "pension_lower": RateKind("Workplace pension: lower limit of the band", RateUnit.PENCE_PER_YEAR),
    "pension_upper": RateKind("Workplace pension: upper limit of the band", RateUnit.PENCE_PER_YEAR),
    "pension_employer": RateKind("Workplace pension: least an employer pays", RateUnit.BASIS_POINTS),
    "holiday_accrual": RateKind("Holiday accrual for irregular hours", RateUnit.BASIS_POINTS),
    "statutory_sick_pay": RateKind("Statutory Sick Pay, a week", RateUnit.PENCE),
    "accommodation_offset": RateKind("Accommodation offset, a day", RateUnit.PENCE),
    "mileage": RateKind("Mileage, a mile, for the first 10,000 miles", RateUnit.PENCE),
    "enhanced_dbs": RateKind("Enhanced DBS check", RateUnit.PENCE),
    "funded_nursing_care": RateKind("NHS-funded nursing care, a week", RateUnit.PENCE),
}

_PERCENT = re.compile(r"(?P<whole>[0-9]{1,3})(?:\.(?P<part>[0-9]{1,2}))? ?%?")
WHOLE_BASIS_POINTS = 10_000
"""100%."""


def show_rate(unit: RateUnit, amount: int) -> str:
    """An amount in the rate's unit: "£12.71 an hour", "£5,000.00 a year", "£123.25", "12.07%"."""
    match unit:
        case RateUnit.PENCE_PER_HOUR:
            return f"{pounds(amount)} an hour"
        case RateUnit.PENCE_PER_YEAR:
            return f"{pounds(amount)} a year"
        case RateUnit.PENCE:
            return pounds(amount)
        case RateUnit.BASIS_POINTS:
            return percent(amount)


def typed_rate(unit: RateUnit, amount: int) -> str:
    """An amount as somebody types it into the form: "12.71", "12.07"."""
    return f"{amount // 100}.{amount % 100:02d}" if unit is not RateUnit.BASIS_POINTS else show_rate(unit, amount)[:-1]


def parse_rate(unit: RateUnit, text: str, *, field: str | None = None) -> int:
    """Read an amount in the rate's unit: pence or basis points. Refuses, beside ``field``, what cannot be right:
    nothing, words, a percentage above 100 or with more than two figures after the point."""
    if unit is not RateUnit.BASIS_POINTS:
        amount = parse_pounds(text, field=field)
        if not 0 < amount <= LARGEST_PENCE // 100:
            raise Refusal("The amount must be above 0 and no more than £1,000,000. Check the figures.", field=field)
        return amount
    found = _PERCENT.fullmatch(legible(text))
    if found is None:
        raise Refusal("Enter a percentage with at most 2 figures after the point, such as 12.07.", field=field)
    amount = int(found["whole"]) * 100 + int((found["part"] or "").ljust(2, "0"))
    if not 0 < amount <= WHOLE_BASIS_POINTS:
        raise Refusal("The percentage must be above 0 and no more than 100.", field=field)
    return amount
