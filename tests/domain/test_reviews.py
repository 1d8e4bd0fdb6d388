"""When reviews are due (invariant I22): three months from the first payment, then a year at most."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.periods import months_after
from phbportal.domain.reviews import (
    RESULT_TASKS,
    RESULT_WORDS,
    REVIEW_WORDS,
    ReviewKind,
    ReviewResult,
    first_due,
    next_due,
    next_problem,
)

DAYS = st.dates(date(2014, 10, 1), date(2090, 1, 1))


def test_t01_the_first_review_is_three_months_after_the_first_payment() -> None:
    assert first_due(date(2026, 4, 13)) == date(2026, 7, 13)


@given(DAYS, st.integers(1, 36))
def test_i22_no_setting_of_a_board_puts_a_review_off_beyond_the_law(day: date, months: int) -> None:
    assert day < first_due(day, months) <= months_after(day, 3)
    assert day < next_due(day, months) <= months_after(day, 12)


@given(DAYS, st.integers(-10, 800), st.integers(1, 12))
def test_the_next_review_is_after_this_one_and_within_the_board_s_months(held_on: date, days: int, months: int) -> None:
    chosen = held_on + timedelta(days=days)
    problem = next_problem(chosen, held_on, months)
    assert (problem is None) is (held_on < chosen <= next_due(held_on, months))
    assert problem is None or problem.field == "next_due"


def test_the_31st_is_followed_by_the_last_day_of_a_shorter_month() -> None:
    assert first_due(date(2026, 11, 30)) == date(2027, 2, 28)
    assert next_due(date(2028, 2, 29)) == date(2029, 2, 28)


@pytest.mark.parametrize("kind", list(ReviewKind))
def test_every_kind_has_words(kind: ReviewKind) -> None:
    assert REVIEW_WORDS[kind]


@pytest.mark.parametrize("result", list(ReviewResult))
def test_every_result_has_words_and_all_but_one_leave_something_to_do(result: ReviewResult) -> None:
    assert RESULT_WORDS[result]
    assert (result in RESULT_TASKS) is (result is not ReviewResult.CONTINUE)
