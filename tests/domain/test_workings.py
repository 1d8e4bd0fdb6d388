"""Budget lines worked out with their sums in words: domain.md §4.3 and scenario T02, to the penny."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.money import LARGEST_PENCE, pounds
from phbportal.domain.on_costs import Earnings, employer_ni, employer_pension
from phbportal.domain.policies import show_setting
from phbportal.domain.quantities import hundredths, percent
from phbportal.domain.rates import RateUnit, show_rate
from phbportal.domain.workings import (
    BASIS,
    Answers,
    Basis,
    Sum,
    answers_of,
    fee_of_fund,
    kept_weeks,
    weekly_shares,
    work_out,
)
from tests.domain.rate_books import BOOK

YEAR = 5_200
ON = date(2026, 4, 6)
quantities = st.integers(1, 100_000)
prices = st.integers(1, 100_000)
SUMS = (
    Basis.HOURS,
    Basis.LEAVE_COVER,
    Basis.TIMES_A_WEEK,
    Basis.BANK_HOLIDAYS,
    Basis.MONTHLY,
    Basis.YEARLY,
    Basis.ONCE,
)


def annual(line_type: LineType, quantity: int, price: int, times: int = 0) -> int:
    found = work_out(line_type, Answers(BASIS[line_type], quantity, price, times)).annual_pence
    assert found is not None
    return found


def test_t02_on_costs_of_two_personal_assistants() -> None:
    """Two PAs at £13.50: 30 h and 12 h. Recurring £33,433.20 a year, £642.95 a week; one-off £459.00; with the
    Employment Allowance nothing is paid of £2,922.60, without it the year is £36,355.80, £699.15 a week."""
    wages = [annual(LineType.PA_WAGE, hours, 1_350, YEAR) for hours in (3_000, 1_200)]
    assert wages == [2_106_000, 842_400]
    cover = [annual(LineType.PA_COVER, hours, 1_350) for hours in (3_000, 1_200)]
    assert cover == [226_800, 90_720]
    staff = [Earnings("Ana", wages[0]), Earnings("Ben", wages[1])]
    with_allowance = employer_ni(staff, BOOK, ON, claims_allowance=True)
    without = employer_ni(staff, BOOK, ON, claims_allowance=False)
    assert (with_allowance.pence, without.pence) == (0, 292_260)
    pension = employer_pension(staff, BOOK, ON)
    assert pension.pence == 44_460
    payroll = annual(LineType.PAYROLL, 200, 960)
    assert payroll == 23_040
    insurance = annual(LineType.INSURANCE, 100, 9_900)
    yearly = [*wages, *cover, with_allowance.pence, pension.pence, payroll, insurance]
    assert sum(yearly) == 3_343_320
    assert sum(weekly_shares(yearly)) == 64_295
    once = [work_out(kind, Answers(Basis.ONCE, 200, price)).one_off_pence
            for kind, price in ((LineType.TRAINING, 18_000), (LineType.DBS, 4_950))]  # fmt: skip
    assert sum(once) == 45_900
    assert sum(yearly) + sum(once) == 3_389_220
    full = [*yearly, without.pence]
    assert (sum(full), sum(weekly_shares(full))) == (3_635_580, 69_915)


def test_t02_the_sum_of_each_line_is_said_in_words() -> None:
    staff = [Earnings("Ana", 2_106_000), Earnings("Ben", 842_400)]
    ni = employer_ni(staff, BOOK, ON, claims_allowance=True)
    assert ni.words == (
        "Ana: 15% of what £21,060.00 a year is above £5,000.00 = £2,409.00; "
        "Ben: 15% of what £8,424.00 a year is above £5,000.00 = £513.60. Together £2,922.60 a year. "
        "Less £2,922.60 of Employment Allowance = £0.00 a year."
    )
    assert employer_pension(staff, BOOK, ON).words == (
        "Ana: 3% of what £21,060.00 a year is above £6,240.00 = £444.60; "
        "Ben: nothing, because £8,424.00 is not above £10,000.00. Together £444.60 a year."
    )


@pytest.mark.parametrize(
    ("line_type", "answers", "words"),
    [
        (LineType.PA_WAGE, Answers(Basis.HOURS, 1_200, 1_420, YEAR),
         "12 hours a week × £14.20 × 52 weeks = £8,860.80 a year."),
        (LineType.AGENCY, Answers(Basis.HOURS, 1_250, 2_600, YEAR),
         "12.5 hours a week × £26.00 × 52 weeks = £16,900.00 a year."),
        (LineType.PA_COVER, Answers(Basis.LEAVE_COVER, 3_000, 1_350),
         "30 hours a week × £13.50 × 5.6 weeks of paid leave = £2,268.00 a year."),
        (LineType.PA_SLEEP_NIGHT, Answers(Basis.TIMES_A_WEEK, 100, 6_000, YEAR),
         "1 night a week × £60.00 × 52 weeks = £3,120.00 a year."),
        (LineType.THERAPY, Answers(Basis.TIMES_A_WEEK, 50, 4_500, 3_900),
         "0.5 sessions a week × £45.00 × 39 weeks = £877.50 a year."),
        (LineType.PA_BANK_HOLIDAY, Answers(Basis.BANK_HOLIDAYS, 600, 675, 800),
         "8 bank holidays × 6 hours × £6.75 more an hour = £324.00 a year."),
        (LineType.PAYROLL, Answers(Basis.MONTHLY, 200, 960), "2 × £9.60 a month × 12 months = £230.40 a year."),
        (LineType.CHARGES, Answers(Basis.MONTHLY, 100, 150), "£1.50 a month × 12 months = £18.00 a year."),
        (LineType.INSURANCE, Answers(Basis.YEARLY, 100, 9_900), "£99.00 a year."),
        (LineType.STATUTORY_PAY, Answers(Basis.YEARLY, 200, 9_900), "2 × £99.00 = £198.00 a year."),
        (LineType.DBS, Answers(Basis.ONCE, 200, 4_950), "2 × £49.50 = £99.00, paid once."),
        (LineType.RECRUITMENT, Answers(Basis.ONCE, 100, 15_000), "£150.00, paid once."),
    ],
)  # fmt: skip
def test_a_line_says_how_it_was_worked_out(line_type: LineType, answers: Answers, words: str) -> None:
    assert work_out(line_type, answers).words == words


def test_a_fee_is_a_share_of_the_whole_fund() -> None:
    """T07's fund of £900.00 a week with a fee of 5%: £855.00 of support and £45.00."""
    assert fee_of_fund(85_500, 500) == Sum(
        "5% of the whole fund of £900.00 a week (£855.00 for everything else) = £45.00 a week.", weekly_pence=4_500
    )


def test_money_is_kept_for_emergencies_once() -> None:
    assert kept_weeks(125_000, 150) == Sum(
        "1.5 weeks × £1,250.00 a week = £1,875.00, kept for emergencies.", one_off_pence=187_500
    )


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SUMS), quantities, prices, st.integers(100, YEAR))
def test_a_sum_is_exact_until_its_end_and_rounded_once(basis: Basis, quantity: int, price: int, times: int) -> None:
    """Within half a penny of the exact sum, a half going up, and its words end with what it comes to."""
    exact = Fraction(quantity, 100) * price
    exact *= {
        Basis.LEAVE_COVER: Fraction(56, 10), Basis.MONTHLY: Fraction(12), Basis.YEARLY: Fraction(1),
        Basis.ONCE: Fraction(1),
    }.get(basis, Fraction(times, 100))  # fmt: skip
    if exact < Fraction(1, 2):
        with pytest.raises(Refusal):
            work_out(LineType.PA_WAGE, Answers(basis, quantity, price, times))
        return
    found = work_out(LineType.PA_WAGE, Answers(basis, quantity, price, times))
    pence = found.one_off_pence if found.annual_pence is None else found.annual_pence
    assert Fraction(-1, 2) < pence - exact <= Fraction(1, 2)
    assert pounds(pence) in found.words


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, LARGEST_PENCE // 100), max_size=12))
def test_the_lines_of_a_week_come_to_the_year_by_52_rounded_once(yearly: list[int]) -> None:
    shares = weekly_shares(yearly)
    assert len(shares) == len(yearly)
    assert sum(shares) == (2 * sum(yearly) + 52) // 104
    assert all(abs(52 * share - of) < 52 for share, of in zip(shares, yearly, strict=True))


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 10_000_000), st.integers(1, 1_500))
def test_a_fee_is_its_share_of_the_fund_within_a_penny(other: int, basis_points: int) -> None:
    fee = fee_of_fund(other, basis_points).weekly_pence
    assert fee is not None
    assert abs((other + fee) * basis_points - fee * 10_000) <= 10_000


@settings(max_examples=200, deadline=None)
@given(
    st.builds(
        Answers, st.sampled_from(list(Basis)), quantities, prices, st.integers(0, YEAR), st.integers(0, 10_000),
        st.booleans(),
    )
)  # fmt: skip
def test_what_was_answered_is_read_back_as_it_was(answers: Answers) -> None:
    assert answers_of(answers.kept()) == answers
    assert answers_of(replace(answers, quantity=0).kept()).quantity == 0


@pytest.mark.parametrize(
    ("quantity", "words"), [(1_200, "12"), (1_250, "12.5"), (1_225, "12.25"), (5, "0.05"), (0, "0")]
)
def test_a_quantity_reads_as_people_write_it(quantity: int, words: str) -> None:
    assert hundredths(quantity) == words


@pytest.mark.parametrize(
    ("points", "words"), [(500, "5%"), (250, "2.5%"), (1_207, "12.07%"), (10_000, "100%"), (5, "0.05%"), (0, "0%")]
)
def test_a_percentage_reads_the_same_wherever_it_stands(points: int, words: str) -> None:
    assert percent(points) == words
    assert show_rate(RateUnit.BASIS_POINTS, points) == words
    assert show_setting("uplift_basis_points", str(points)) == words


def test_every_kind_of_cost_has_a_way_to_work_it_out() -> None:
    assert set(BASIS) == set(LineType)


def test_what_comes_to_more_than_could_be_is_refused_beside_its_field() -> None:
    with pytest.raises(Refusal) as refused:
        work_out(LineType.PA_WAGE, Answers(Basis.HOURS, 99_999_900, 99_999_900, YEAR))
    assert refused.value.problems[0].field == "quantity"
