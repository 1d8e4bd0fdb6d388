"""Fields of time: days, and moments by the clock in London."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any, ClassVar

from phbportal.admin.fields.base import Field
from phbportal.admin.ops import Op
from phbportal.domain.moments import LONDON, show_moment
from phbportal.domain.reading import Reading
from phbportal.domain.text import long_date, parse_date


@dataclass(frozen=True)
class Day(Field):
    """A date, "6 April 2026"; three boxes in a form."""

    input: ClassVar[str] = "date"
    ops: ClassVar[tuple[Op, ...]] = (Op.IS, Op.BEFORE, Op.AFTER, Op.BETWEEN, Op.EMPTY, Op.FILLED)

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else long_date(values[0])

    def fill(self, *values: Any) -> dict[str, str]:
        day = values[0]
        parts = ("", "", "") if day is None else (str(day.day), str(day.month), str(day.year))
        return {f"{self.name}-{part}": text for part, text in zip(("day", "month", "year"), parts, strict=True)}

    def read(self, form: Mapping[str, str]) -> Any:
        reading = Reading(form)
        day = reading.day(self.name)
        reading.finish()
        return self.empty() if day is None else day

    def needs_words(self) -> str:
        return f"Enter a date for “{self.words()}”."

    def parse(self, typed: str) -> Any:
        return parse_date(typed, field=self.name)

    def brought(self, cell: str) -> Any:
        return parse_date(cell, field=self.name, excel_serials=True)

    def typed(self, form: Mapping[str, str]) -> str:
        return one_text(self.name, form)

    def export(self, *values: Any) -> Any:
        return values[0]


def one_text(name: str, form: Mapping[str, str]) -> str:
    """A date's three boxes as one text."""
    return " ".join(form.get(f"{name}-{part}", "").strip() for part in ("day", "month", "year")).strip()


@dataclass(frozen=True)
class Moment(Field):
    """A point in time, "6 April 2026 at 10:14"; written by the portal, never typed."""

    _: KW_ONLY

    input: ClassVar[str] = ""
    read_only: ClassVar[bool] = True
    ops: ClassVar[tuple[Op, ...]] = (Op.BEFORE, Op.AFTER, Op.BETWEEN, Op.EMPTY, Op.FILLED)

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else show_moment(values[0])

    def compared(self, op: Op, typed: str, *, end: bool = False) -> Any:
        # "After 6 April" begins with the 7th; "between" takes its last day whole.
        day = parse_date(typed, field=self.name) + timedelta(days=1 if end or op is Op.AFTER else 0)
        start = datetime.combine(day, time(), LONDON).astimezone(UTC)
        return start - timedelta(microseconds=1) if end or op is Op.AFTER else start

    def told(self, typed: str) -> str:
        return long_date(parse_date(typed, field=self.name))

    def typed(self, form: Mapping[str, str]) -> str:
        return one_text(self.name, form)

    @property
    def compares_with(self) -> str:
        return "date"

    def export(self, *values: Any) -> Any:
        return None if values[0] is None else values[0].astimezone(LONDON).replace(tzinfo=None)
