"""The rates of domain.md §4.2 for 2025/26 and 2026/27, as the portal keeps them."""

from __future__ import annotations

from datetime import date, timedelta

from phbportal.domain.rate_book import DatedRate, RateBook

LAST, THIS = date(2025, 4, 1), date(2026, 4, 1)


def two_years(name: str, last: int, this: int) -> list[DatedRate]:
    return [DatedRate(name, last, LAST, THIS - timedelta(days=1)), DatedRate(name, this, THIS)]


RATES = [
    *two_years("national_living_wage", 1_221, 1_271), *two_years("minimum_wage_18_to_20", 1_000, 1_085),
    *two_years("minimum_wage_under_18", 755, 800), DatedRate("employer_ni", 1_500, LAST),
    DatedRate("employer_ni_threshold", 500_000, LAST), DatedRate("employment_allowance", 1_050_000, LAST),
    DatedRate("pension_trigger", 1_000_000, LAST), DatedRate("pension_lower", 624_000, LAST),
    DatedRate("pension_upper", 5_027_000, LAST), DatedRate("pension_employer", 300, LAST),
]  # fmt: skip
BOOK = RateBook(RATES)
