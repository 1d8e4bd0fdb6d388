"""The indicative budget: about how much there may be, told before planning begins (domain.md §3.2, §9.4).

Money in integer pence, a year as the board counts it (``plan_year``).
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.money import pounds
from phbportal.domain.plan_year import PlanYear, weeks, yearly
from phbportal.domain.text import long_date

SHORTEST_REASON = 20


class Tool(StrEnum):
    """How the amount was worked out (domain.md §3.2: the methods seen)."""

    POINTS = "POINTS"
    NEEDS_AND_RATES = "NEEDS_AND_RATES"
    PRESENT_COST = "PRESENT_COST"
    OTHER = "OTHER"


TOOL_WORDS: dict[Tool, str] = {
    Tool.POINTS: "Points for each need",
    Tool.NEEDS_AND_RATES: "Hours needed, at local rates",
    Tool.PRESENT_COST: "What the care costs now",
    Tool.OTHER: "Another way",
}


def year_pence(weekly_pence: int, one_off_pence: int, year: PlanYear = PlanYear.WEEKS_52) -> int:
    """What a budget comes to in a year, its one-offs included."""
    return yearly(weekly_pence, year) + one_off_pence


def is_above(
    *, indicative_weekly: int, indicative_one_off: int, final_weekly: int, final_one_off: int, tolerance_percent: int,
    year: PlanYear = PlanYear.WEEKS_52,
) -> bool:  # fmt: skip
    """Whether a final budget is more than the tolerance above the indicative one, over a year. Exactly at it is not."""
    many, of = weeks(year)  # compared as fractions: a penny of rounding decides nothing
    told = indicative_weekly * many + indicative_one_off * of
    return (final_weekly * many + final_one_off * of) * 100 > told * (100 + tolerance_percent)


def tolerance_problem(
    reason: str, *, indicative_weekly: int, indicative_one_off: int, final_weekly: int, final_one_off: int,
    tolerance_percent: int, year: PlanYear = PlanYear.WEEKS_52,
) -> Problem | None:  # fmt: skip
    """A final budget above the tolerance needs the approver's own reason (domain.md §3.2, §9.5)."""
    if len(reason.strip()) >= SHORTEST_REASON or not is_above(
        indicative_weekly=indicative_weekly, indicative_one_off=indicative_one_off, final_weekly=final_weekly,
        final_one_off=final_one_off, tolerance_percent=tolerance_percent, year=year,
    ):  # fmt: skip
        return None
    return Problem(
        f"This budget comes to {pounds(year_pence(final_weekly, final_one_off, year))} a year. That is more than "
        f"{tolerance_percent}% above the indicative budget of "
        f"{pounds(year_pence(indicative_weekly, indicative_one_off, year))}. Write why you approve it.",
        "note",
    )


def shown_problems(
    shown_on: date, today: date, *, worked_out_on: date, choices_explained: bool, spending_explained: bool,
    needs_name: bool, name: str,
) -> list[Problem]:  # fmt: skip
    """What is wrong with having told the amount: impossible days, or half of what a person must be told (§1.2)."""
    problems: list[Problem] = []
    if shown_on > today:
        problems.append(Problem("The day it was shown cannot be in the future.", "shown_on"))
    elif shown_on < worked_out_on:
        problems.append(
            Problem(
                f"It was worked out on {long_date(worked_out_on)}, so it cannot have been shown before then.",
                "shown_on",
            )
        )
    if not choices_explained:
        problems.append(
            Problem("Explain the three ways to hold the money, and that they can be mixed.", "choices_explained")
        )
    if not spending_explained:
        problems.append(Problem("Explain that the money can be used flexibly for the plan.", "spending_explained"))
    if needs_name and not name.strip():
        problems.append(Problem("Enter the name of whoever was shown it for the person.", "name"))
    return problems


def planning_problem(shown_on: date | None, *, recorded: bool) -> Problem | None:
    """Planning begins when the person knows about how much there may be (§9.4: shown before the plan leaves draft)."""
    if shown_on is not None:
        return None
    if not recorded:
        return Problem("Record the indicative budget and show it to the person before planning begins.")
    return Problem("Show the indicative budget to the person, and record that, before planning begins.")
