"""The statutory rates by day: what one is on a day, and what it is on each of many (domain.md §4.2).

A rate that has no value on a day is refused in a sentence that names both: a sum is never worked out with a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from phbportal.domain.errors import Refusal
from phbportal.domain.rates import RATES
from phbportal.domain.text import long_date


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A value of a rate (pence or basis points, as its unit says) and its days; no ``ends_on`` is until changed."""

    name: str
    amount: int
    starts_on: date
    ends_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether it is this value on a day."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class RateBook:
    """All the values of the rates a sum may need. Of one name the days never overlap (services/rates.py)."""

    def __init__(self, rates: Iterable[DatedRate]) -> None:
        self._by_name: dict[str, list[DatedRate]] = {}
        for rate in sorted(rates, key=lambda one: (one.name, one.starts_on)):
            self._by_name.setdefault(rate.name, []).append(rate)

    def on(self, name: str, day: date) -> int:
        """The value on a day. Refuses a day without one."""
        return self._held(name, day).amount

    def over(self, name: str, first: date, last: date | None) -> list[DatedRate]:
        """Every value from the first day to the last, in order; no last day is as far as is known.

        Refuses a gap, by its first day.
        """
        found = [self._held(name, first)]
        while (ends := found[-1].ends_on) is not None and (last is None or ends < last):
            found.append(self._held(name, ends + timedelta(days=1)))
        return found

    def _held(self, name: str, day: date) -> DatedRate:
        for rate in self._by_name.get(name, ()):
            if rate.holds_on(day):
                return rate
        raise Refusal(
            f"The rates do not say what this is on {long_date(day)}: {RATES[name].label}. "
            "Ask finance to add it to the statutory rates first."
        )
