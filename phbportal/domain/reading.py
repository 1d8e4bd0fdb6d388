"""Reading a form: every field into its type, every problem found in one pass and kept beside its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.money import parse_pounds
from phbportal.domain.text import parse_date

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class Reading:
    """One pass over what somebody typed. ``finish()`` raises a Refusal with every problem found."""

    def __init__(self, form: Mapping[str, object]) -> None:
        self._form = form
        self.problems: list[Problem] = []

    def raw(self, field: str) -> str:
        """The text of a field, trimmed; a field that was not sent is empty; anything but text is refused."""
        value = self._form.get(field, "")
        if value is None:
            return ""
        if not isinstance(value, str):
            self.problems.append(Problem("This answer could not be read. Enter it again.", field))
            return ""
        return value.strip()

    def text(self, field: str, *, needed: str = "", longest: int = 200) -> str:
        """Short text; ``needed`` is the sentence for an empty answer."""
        value = self.raw(field)
        if not value and needed:
            self.problems.append(Problem(needed, field))
        if len(value) > longest:
            self.problems.append(Problem(f"This is too long. Use {longest} letters or fewer.", field))
            return value[:longest]
        return value

    def take(self, field: str, parse: Callable[..., T], *, needed: str = "") -> T | None:
        """A value by its own parser, or None when the answer is empty or wrong."""
        value = self.text(field, needed=needed, longest=500)
        if not value:
            return None
        try:
            return parse(value, field=field)
        except Refusal as refusal:
            self.problems.extend(refusal.problems)
            return None

    def day(self, field: str, *, needed: str = "") -> date | None:
        """A date: one field, or three called ``field-day``, ``field-month`` and ``field-year``."""
        parts = [self.raw(f"{field}-{part}") for part in ("day", "month", "year")]
        if not any(parts):
            return self.take(field, parse_date, needed=needed)
        missing = [name for name, part in zip(("day", "month", "year"), parts, strict=True) if not part]
        if missing:
            self.problems.append(Problem(f"The date must include a {' and a '.join(missing)}.", field))
            return None
        try:
            return parse_date("/".join(parts), field=field)
        except Refusal as refusal:
            self.problems.extend(refusal.problems)
            return None

    def money(self, field: str, *, needed: str = "") -> int:
        """Pence; an empty answer that is not needed is nothing."""
        return self.take(field, parse_pounds, needed=needed) or 0

    def choice(self, field: str, choices: type[E], *, needed: str) -> E | None:
        """One of the codes of an enumeration."""
        value = self.raw(field)
        if value in {c.value for c in choices}:
            return choices(value)
        self.problems.append(Problem(needed, field))
        return None

    def yes(self, field: str) -> bool:
        """A ticked box or a radio answered yes."""
        return self.raw(field).lower() in ("yes", "on", "true")

    def problem(self, sentence: str, field: str) -> None:
        """Add a problem found by comparing answers."""
        self.problems.append(Problem(sentence, field))

    def finish(self) -> None:
        """Raise everything found, in the order the fields were read."""
        if self.problems:
            raise Refusal(*self.problems)


def given(value: T | None) -> T:
    """A value that ``finish`` has already made sure of."""
    if value is None:
        raise ValueError("read and checked before use")
    return value
