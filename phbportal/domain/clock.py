"""Days are London's, whatever the server's clock is set to; working days are England's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter

LONDON = ZoneInfo("Europe/London")


def london_date(moment: datetime) -> date:
    """The date in London at a moment (which must carry its time zone)."""
    return moment.astimezone(LONDON).date()


_MOVED: dict[date, date] = {
    date(2020, 5, 4): date(2020, 5, 8),
    date(2022, 5, 30): date(2022, 6, 2),
}
"""Bank holidays that were proclaimed to another day of their year."""
_ONCE = (date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8))
"""Days proclaimed once (www.gov.uk/bank-holidays). A new one is added here as soon as it is proclaimed."""


@cache
def bank_holidays(year: int) -> frozenset[date]:
    """The days on which the offices of England are closed in a year, beside weekends: Good Friday and Christmas Day by
    common law, the others by the Banking and Financial Dealings Act 1971 and by proclamation. What falls on a weekend
    is kept on the next weekday that is free."""
    sunday = easter(year)
    found = {
        sunday - timedelta(days=2), sunday + timedelta(days=1), _monday(date(year, 5, 1)),
        _monday(date(year, 5, 25)), _monday(date(year, 8, 25)),
    }  # fmt: skip
    found = {_MOVED.get(on, on) for on in found} | {on for on in _ONCE if on.year == year}
    for on in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        while on.weekday() > 4 or on in found:
            on += timedelta(days=1)
        found.add(on)
    return frozenset(found)


def _monday(on: date) -> date:
    """The first Monday from a day on."""
    return on + timedelta(days=-on.weekday() % 7)


def is_working_day(on: date) -> bool:
    """Monday to Friday, and no bank holiday of England."""
    return on.weekday() < 5 and on not in bank_holidays(on.year)


def working_days_after(on: date, days: int) -> date:
    """The day so many working days after another."""
    while days > 0:
        on += timedelta(days=1)
        days -= is_working_day(on)
    return on
