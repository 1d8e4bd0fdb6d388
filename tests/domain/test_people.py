"""Ages: three tests of who is a child (domain.md §0.4, §1.3)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.people import (
    age_on,
    birthday,
    is_child_for_continuing_care,
    is_child_for_direct_payments,
    is_within_send_age,
)

BORN_ON = date(2008, 8, 15)
LEAP_BORN_ON = date(2008, 2, 29)


def test_a_person_is_a_year_older_on_the_birthday() -> None:
    assert age_on(BORN_ON, date(2026, 8, 14)) == 17
    assert age_on(BORN_ON, date(2026, 8, 15)) == 18
    assert age_on(BORN_ON, BORN_ON) == 0


def test_a_person_born_on_29_february_is_a_year_older_on_1_march_in_other_years() -> None:
    assert birthday(LEAP_BORN_ON, 18) == date(2026, 3, 1)
    assert birthday(LEAP_BORN_ON, 16) == date(2024, 2, 29)
    assert age_on(LEAP_BORN_ON, date(2026, 2, 28)) == 17
    assert age_on(LEAP_BORN_ON, date(2026, 3, 1)) == 18
    assert age_on(LEAP_BORN_ON, date(2024, 2, 28)) == 15
    assert age_on(LEAP_BORN_ON, date(2024, 2, 29)) == 16


def test_nobody_has_an_age_before_birth() -> None:
    with pytest.raises(Refusal, match="Check the date of birth: it is after 14 August 2008"):
        age_on(BORN_ON, date(2008, 8, 14))


def test_a_child_for_direct_payments_is_under_16() -> None:
    assert is_child_for_direct_payments(BORN_ON, date(2024, 8, 14))
    assert not is_child_for_direct_payments(BORN_ON, date(2024, 8, 15))


def test_a_child_for_continuing_care_is_under_18() -> None:
    assert is_child_for_continuing_care(BORN_ON, date(2026, 8, 14))
    assert not is_child_for_continuing_care(BORN_ON, date(2026, 8, 15))


def test_special_educational_needs_run_to_25() -> None:
    assert is_within_send_age(BORN_ON, date(2033, 8, 14))
    assert not is_within_send_age(BORN_ON, date(2033, 8, 15))


@settings(max_examples=300)
@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.integers(1, 110))
def test_an_age_begins_on_its_birthday_and_not_the_day_before(born_on: date, n: int) -> None:
    turned = birthday(born_on, n)
    assert age_on(born_on, turned) == n
    assert age_on(born_on, turned - timedelta(days=1)) == n - 1
