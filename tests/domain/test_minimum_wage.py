"""I19: no hour is paid below the minimum wage for the worker's age on any day (refusal 11)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.minimum_wage import pay_problem
from phbportal.domain.periods import months_after
from phbportal.domain.rate_book import RateBook
from tests.domain.rate_books import BOOK

APRIL = date(2026, 4, 6)


def test_refusal_11_a_personal_assistant_at_12_50_after_1_april_2026() -> None:
    found = pay_problem("Ana", 1_250, None, APRIL, None, BOOK)
    assert found is not None
    assert found.sentence == (
        "The pay of Ana, £12.50 an hour, is too little: from 6 April 2026 the minimum wage for somebody aged 21 or "
        "over is £12.71 an hour. Enter at least that."
    )
    assert found.field == "price"


def test_i19_a_rate_that_is_enough_today_and_not_from_1_april_is_found() -> None:
    found = pay_problem("Ana", 1_250, None, date(2026, 3, 2), None, BOOK)
    assert found is not None
    assert "from 1 April 2026" in found.sentence
    assert pay_problem("Ana", 1_250, None, date(2026, 3, 2), date(2026, 3, 31), BOOK) is None


@pytest.mark.parametrize(
    ("born", "pence", "says"),
    [
        (date(2009, 4, 7), 800, "from 7 April 2027"),  # 18 a year later
        (date(2008, 4, 6), 1_084, "from 6 April 2026"),  # 18 on the first day
        (date(2005, 9, 1), 1_085, "from 1 September 2026"),  # 21 in September
        (date(2005, 9, 1), 1_271, ""),
        (None, 1_271, ""),
    ],
)
def test_i19_birthdays_count(born: date | None, pence: int, says: str) -> None:
    found = pay_problem("Ben", pence, born, APRIL, None, BOOK)
    assert says in found.sentence if found and says else (found is None) == (says == "")


def test_a_day_on_which_the_minimum_is_not_known_is_refused() -> None:
    with pytest.raises(Refusal, match="National Living Wage"):
        pay_problem("Ana", 2_000, None, APRIL, None, RateBook([]))


@settings(max_examples=300, deadline=None)
@given(
    st.integers(700, 1_400), st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2010, 3, 1))),
    st.dates(date(2025, 4, 1), date(2026, 12, 31)), st.integers(0, 700),
)  # fmt: skip
def test_i19_a_problem_is_found_exactly_when_some_day_is_too_low(
    pence: int, born: date | None, first: date, days: int
) -> None:
    last = first + timedelta(days=days)

    def least(day: date) -> int:
        age = next((a for a in (21, 18, 0) if born is None or months_after(born, 12 * a) <= day), 0)
        return BOOK.on({21: "national_living_wage", 18: "minimum_wage_18_to_20", 0: "minimum_wage_under_18"}[age], day)

    low = [day for n in range(days + 1) if pence < least(day := first + timedelta(days=n))]
    found = pay_problem("Ana", pence, born, first, last, BOOK)
    assert (found is not None) == bool(low)
    if found:
        day = low[0]
        assert f"from {day.day} " in found.sentence
