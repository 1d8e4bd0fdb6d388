"""How long records are kept (domain.md §1.17)."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.retention import KeptUntil, kept_until

CLOSED = date(2026, 7, 13)


@pytest.mark.parametrize(
    ("born_on", "care"),
    [
        (date(1970, 1, 1), date(2034, 7, 13)),
        (date(2008, 7, 13), date(2034, 7, 13)),
        (date(2008, 7, 14), date(2034, 7, 13)),
        (date(2015, 3, 1), date(2040, 3, 1)),
    ],
    ids=["an adult", "18 that day", "18 the day after: 25 comes first", "a child: to 25"],
)
def test_care_is_kept_for_years_and_a_childs_to_their_25th_birthday_at_least(born_on: date, care: date) -> None:
    assert kept_until(CLOSED, born_on, 8, 7) == KeptUntil(care, date(2033, 7, 13))
