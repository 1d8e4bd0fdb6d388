"""What a weekly amount comes to in a year: of 52 weeks, or of 365 days, as the board counts (domain.md §4.9).

Only where a weekly amount is told, or weighed, as a yearly one. What is paid and set aside is worked out by the day
(§4.4), and the pay of somebody employed is counted in 52 weeks, holiday included (§4.3), whatever a board chooses.
"""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.money import round_half_up


class PlanYear(StrEnum):
    WEEKS_52 = "WEEKS_52"
    DAYS_365 = "DAYS_365"


PLAN_YEAR_WORDS: dict[PlanYear, str] = {
    PlanYear.WEEKS_52: "52 weeks of it",
    PlanYear.DAYS_365: "365 days of it, each a seventh",
}
SPAN_WORDS: dict[PlanYear, str] = {PlanYear.WEEKS_52: "52 weeks", PlanYear.DAYS_365: "365 days"}
"""A year as a sentence says it: "in 52 weeks"."""
_WEEKS: dict[PlanYear, tuple[int, int]] = {PlanYear.WEEKS_52: (52, 1), PlanYear.DAYS_365: (365, 7)}


def weeks(year: PlanYear) -> tuple[int, int]:
    """The weeks of a year as a fraction, for sums that are rounded later, or never."""
    return _WEEKS[year]


def yearly(weekly_pence: int, year: PlanYear) -> int:
    """Pence a year of a weekly amount, rounded once: £1,250.00 is £65,000.00, or £65,178.57 by days."""
    many, of = _WEEKS[year]
    return round_half_up(weekly_pence * many, of)
