"""The least an hour of work may be paid, by the worker's age and by the day (domain.md §4.2, §4.3, I19)."""

from __future__ import annotations

from datetime import date, timedelta

from phbportal.domain.errors import Problem
from phbportal.domain.money import pounds
from phbportal.domain.periods import months_after
from phbportal.domain.rate_book import RateBook
from phbportal.domain.text import long_date

BY_AGE: tuple[tuple[int, str, str], ...] = (
    (0, "minimum_wage_under_18", "for somebody under 18"),
    (18, "minimum_wage_18_to_20", "for somebody aged 18 to 20"),
    (21, "national_living_wage", "for somebody aged 21 or over"),
)
"""From which birthday on, which rate, and for whom in words. Apprentices are not told apart: no plan employs one."""


def pay_problem(
    who: str, pence_an_hour: int, born_on: date | None, first: date, last: date | None, book: RateBook,
    *, field: str | None = "price",
) -> Problem | None:  # fmt: skip
    """The first day on which an hourly rate is too low, if there is one (I19).

    Every day from the first to the last is looked at (with no last day, as far as the rates are known), across
    birthdays and new rates. A worker without a date of birth counts as 21 or over, whose minimum is the highest.
    Refuses a day on which the rates do not say what the minimum is.
    """
    for begins, ends, name, whom in _ages(born_on, first, last):
        for rate in book.over(name, begins, ends):
            if pence_an_hour < rate.amount:
                day = max(rate.starts_on, begins)
                return Problem(
                    f"The pay of {who}, {pounds(pence_an_hour)} an hour, is too little: from {long_date(day)} the "
                    f"minimum wage {whom} is {pounds(rate.amount)} an hour. Enter at least that.",
                    field,
                )
    return None


def looked_at_until(starts_on: date, ends_on: date | None, today: date) -> date:
    """The last day an hourly rate is held against the minimum. What has no end is looked at for a year from its start
    or today: by then the budget must have been reviewed (regulation 14), and a later birthday is that review's."""
    return ends_on or months_after(max(starts_on, today), 12)


def _ages(born_on: date | None, first: date, last: date | None) -> list[tuple[date, date | None, str, str]]:
    """The stretches of days with one age band: first day, last day (None for no end), its rate, whom it is for."""
    if born_on is None:
        _from, name, whom = BY_AGE[-1]
        return [(first, last, name, whom)]
    starts = [(months_after(born_on, 12 * years), name, whom) for years, name, whom in BY_AGE]
    found: list[tuple[date, date | None, str, str]] = []
    last_days = [following[0] - timedelta(days=1) for following in starts[1:]]
    for (begins, name, whom), ends in zip(starts, [*last_days, None], strict=True):
        day = max(begins, first)
        until = last if ends is None or (last is not None and last < ends) else ends
        if until is None or day <= until:
            found.append((day, until, name, whom))
    return found
