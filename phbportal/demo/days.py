"""The days of the demo world, all counted back from the day it was begun; nothing in it happens later than the day
before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from phbportal.domain.periods import CYCLE_DAYS, Cycle, cycle_containing


def ago(on: date, days: int) -> date:
    """That many days before a day."""
    return on - timedelta(days=days)


@dataclass(frozen=True, slots=True)
class Days:
    """Today, the board's payment calendar around the last working day before it, and how many cycles it looks back."""

    today: date
    cycle: Cycle
    cycles: int = 1

    def working(self, n: int = 1) -> date:
        """The nth working day before today (Monday to Friday; bank holidays are worked)."""
        on = self.today
        while n:
            on = ago(on, 1)
            n -= on.weekday() < 5
        return on

    @property
    def monday(self) -> date:
        """The Monday of the last working day's week."""
        last = self.working()
        return ago(last, last.weekday())

    @property
    def cycle_before(self) -> Cycle:
        """The payment cycle before the present one."""
        return self.cycle_back(1)

    def cycle_back(self, n: int) -> Cycle:
        """The payment cycle that many before the present one."""
        return Cycle(ago(self.cycle.starts_on, n * CYCLE_DAYS), ago(self.cycle.ends_on, n * CYCLE_DAYS))

    @property
    def next_cycle_on(self) -> date:
        """The day the next payment cycle begins."""
        return self.cycle.ends_on + timedelta(days=1)

    @property
    def joined(self) -> date:
        """The day the teams began: before any of their people was referred."""
        return ago(self.cycle_back(self.cycles).starts_on, 2 * CYCLE_DAYS)


def days_of(today: date, anchor: date, cycles: int = 1) -> Days:
    """The days of a world begun on ``today``, by a payment calendar that has a cycle starting on ``anchor``."""
    last_working = Days(today, Cycle(today, today)).working()
    return Days(today, cycle_containing(anchor, last_working), cycles)
