"""Days and working days: bank holidays of England, by rule and by proclamation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.clock import bank_holidays, is_working_day, working_days_after


@pytest.mark.parametrize(("year", "closed"), [
    # As published at www.gov.uk/bank-holidays for England and Wales; weekends left out.
    (2022, ["01-03", "04-15", "04-18", "05-02", "06-02", "06-03", "08-29", "09-19", "12-26", "12-27"]),
    (2023, ["01-02", "04-07", "04-10", "05-01", "05-08", "05-29", "08-28", "12-25", "12-26"]),
    (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
    (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
])  # fmt: skip
def test_the_offices_of_england_are_closed_on_these_weekdays(year: int, closed: list[str]) -> None:
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year) if day.weekday() < 5) == closed


@pytest.mark.parametrize(("on", "days", "after"), [
    (date(2026, 12, 22), 5, date(2026, 12, 31)),  # over Christmas, Boxing Day being a Saturday
    (date(2026, 4, 1), 5, date(2026, 4, 10)),  # over Good Friday and Easter Monday
    (date(2026, 12, 31), 1, date(2027, 1, 4)),  # over the new year and its weekend
    (date(2026, 7, 1), 0, date(2026, 7, 1)),
    (date(2026, 7, 3), 1, date(2026, 7, 6)),  # a weekend alone
])  # fmt: skip
def test_a_working_day_clock_stands_still_on_weekends_and_bank_holidays(on: date, days: int, after: date) -> None:
    assert working_days_after(on, days) == after


@settings(max_examples=200)
@given(on=st.dates(date(2020, 1, 1), date(2040, 12, 31)), count=st.integers(0, 30))
def test_as_many_working_days_lie_between_as_were_asked_for(on: date, count: int) -> None:
    after = working_days_after(on, count)
    between = [on + timedelta(days=n) for n in range(1, (after - on).days + 1)]
    assert sum(is_working_day(day) for day in between) == count
    assert count == 0 or is_working_day(after)
