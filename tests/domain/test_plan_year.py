"""A year of 52 weeks or of 365 days: what a weekly amount comes to, and what is weighed by it (domain.md §4.9)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.indicative import is_above, tolerance_problem, year_pence
from phbportal.domain.path import approvers_needed
from phbportal.domain.plan_year import PlanYear, yearly
from phbportal.domain.uplifts import a_year

WEEKS, DAYS = PlanYear.WEEKS_52, PlanYear.DAYS_365


@pytest.mark.parametrize(("year", "pence"), [(WEEKS, 6_500_000), (DAYS, 6_517_857)])
def test_the_same_week_is_two_years(year: PlanYear, pence: int) -> None:
    """£1,250.00 a week is £65,000.00 or £65,178.57 (domain.md §0, point 8)."""
    assert yearly(125_000, year) == pence
    assert year_pence(125_000, 45_900, year) == pence + 45_900
    assert a_year(100_000, 225_000, year) == pence
    assert yearly(-125_000, year) == -pence


@given(st.integers(0, 10**8))
def test_a_year_of_days_is_52_weeks_and_a_seventh_rounded_once(weekly: int) -> None:
    more = yearly(weekly, DAYS) - yearly(weekly, WEEKS)
    assert abs(7 * more - weekly) <= 3


def test_the_tolerance_is_of_the_board_s_own_year_and_no_rounding_decides() -> None:
    """£100.00 a week told; 10% is £520.00 of 52 weeks, or £521.43 (and a fraction less) of 365 days."""

    def above(one_off: int, year: PlanYear) -> bool:
        return is_above(
            indicative_weekly=10_000, indicative_one_off=0, final_weekly=10_000, final_one_off=one_off,
            tolerance_percent=10, year=year,
        )  # fmt: skip

    assert [above(52_000, WEEKS), above(52_001, WEEKS)] == [False, True]
    assert [above(52_142, DAYS), above(52_143, DAYS)] == [False, True]
    problem = tolerance_problem(
        "", indicative_weekly=125_000, indicative_one_off=0, final_weekly=150_000, final_one_off=0,
        tolerance_percent=10, year=DAYS,
    )  # fmt: skip
    assert problem is not None
    assert "£65,178.57" in problem.sentence


def test_a_one_off_is_a_year_s_money_as_the_board_counts_it() -> None:
    assert [approvers_needed(0, pence, 100_000, WEEKS) for pence in (5_200_000, 5_200_001)] == [1, 2]
    assert [approvers_needed(0, pence, 100_000, DAYS) for pence in (5_214_285, 5_214_286)] == [1, 2]
