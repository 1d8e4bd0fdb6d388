"""Rates by day, and a day on which a rate has no value."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.rate_book import DatedRate, RateBook
from tests.domain.rate_books import BOOK

NLW = "national_living_wage"


@pytest.mark.parametrize(("day", "pence"), [(date(2026, 3, 31), 1_221), (date(2026, 4, 1), 1_271)])
def test_a_rate_is_what_it_is_on_its_day(day: date, pence: int) -> None:
    assert BOOK.on(NLW, day) == pence


def test_a_rate_with_no_value_on_a_day_is_refused_by_name_and_day() -> None:
    with pytest.raises(Refusal) as refused:
        BOOK.on("employer_ni", date(2025, 3, 31))
    said = str(refused.value)
    assert "31 March 2025" in said
    assert "Employer National Insurance" in said


def test_a_rate_nobody_has_written_down_is_refused() -> None:
    with pytest.raises(Refusal, match="Mileage"):
        BOOK.on("mileage", date(2026, 4, 1))


def test_a_gap_is_refused_by_its_first_day() -> None:
    first = DatedRate(NLW, 1_221, date(2025, 4, 1), date(2025, 12, 31))
    book = RateBook([first, DatedRate(NLW, 1_271, date(2026, 4, 1))])
    with pytest.raises(Refusal, match="1 January 2026"):
        book.over(NLW, date(2025, 6, 1), date(2026, 6, 1))
    assert book.over(NLW, date(2025, 6, 1), date(2025, 12, 31)) == [first]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=6), st.integers(0, 1_500),
    st.one_of(st.none(), st.integers(0, 900))
)  # fmt: skip
def test_each_value_over_some_days_is_what_it_is_on_each_of_them(
    lengths: list[int], offset: int, days: int | None
) -> None:
    """Values one after the other from 1 April 2025, the last until changed."""
    starts = [date(2025, 4, 1)]
    for length in lengths:
        starts.append(starts[-1] + timedelta(days=length))
    ends = [*(day - timedelta(days=1) for day in starts[1:]), None]
    rates = [DatedRate(NLW, 1_000 + i, s, e) for i, (s, e) in enumerate(zip(starts, ends, strict=True))]
    book = RateBook(reversed(rates))
    first = date(2025, 4, 1) + timedelta(days=offset)
    last = None if days is None else first + timedelta(days=days)
    found = book.over(NLW, first, last)
    through = last or max(first, starts[-1]) + timedelta(days=1_000)
    on_each = {book.on(NLW, first + timedelta(days=n)) for n in range((through - first).days + 1)}
    assert {rate.amount for rate in found} == on_each
