"""Figures of a whole board: counts and sums by label, their words, and which are too small to show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum
from string import Formatter
from typing import Literal

from phbportal.domain.money import pounds
from phbportal.domain.periods import months_after
from phbportal.domain.roles import Role
from phbportal.domain.text import MONTHS, listed

MOST_COUNTED = 1000
"""Where the count of a tile stops: beyond it a number says no more than "many"."""
SMALL = 5
KEPT_FROM = frozenset({Role.AUDITOR, Role.ADMIN})
"""Who is told nothing of groups so small that a figure is nearly a person: they watch, and look after nobody."""
MOST_SERIES = 4
"""As many parts of a bar as have a pattern of their own."""


class Hidden(Enum):
    """Why a figure is not shown."""

    SMALL = "fewer than 5"
    TELLS = "not shown"
    """It is not small, but with the others it would tell the one that is."""


Value = int | Hidden
Unit = Literal["count", "pence"]


@dataclass(frozen=True, slots=True)
class Series:
    """One run of values, one a label, with its name ("" where there is only one)."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a chart shows: values by label, in whole things or in pence."""

    labels: tuple[str, ...]
    series: tuple[Series, ...]
    unit: Unit = "count"

    def words(self, value: Value) -> str:
        """A value as it is read: "12", "£1,234.50", "fewer than 5"."""
        if isinstance(value, Hidden):
            return value.value
        return pounds(value) if self.unit == "pence" else f"{value:,}"

    def totals(self) -> tuple[int, ...]:
        """The whole of each label; what is hidden counts as nothing."""
        return tuple(
            sum(0 if isinstance(v, Hidden) else v for v in values)
            for values in zip(*(one.values for one in self.series), strict=True)
        )

    def anything(self) -> bool:
        """Whether there is anything to show."""
        return any(isinstance(v, Hidden) or v for one in self.series for v in one.values)


SAYS = frozenset({"total", "top", "top_amount", "last", "last_amount", "first"})
"""What a chart's sentence may name: the whole, the label with the most and how much, the first and last label."""


def sentence_problem(says: str) -> str:
    """Why a sentence cannot be said of figures, or "": it names something that is not known, or has no full stop."""
    try:
        names = [name for _text, name, _spec, _conversion in Formatter().parse(says) if name is not None]
    except ValueError:
        return "has a brace without its other half"
    unknown = sorted(set(names) - SAYS)
    if unknown:
        return f"names {listed([repr(name) for name in unknown])}, which no figures have"
    return "" if says.endswith(".") else "does not end with a full stop"


def sentence_of(says: str, figures: Figures) -> str:
    """A sentence with its figures in it. There must be a label."""
    totals = figures.totals()
    most = max(range(len(totals)), key=lambda i: totals[i])
    return says.format(
        total=figures.words(sum(totals)), top=figures.labels[most], top_amount=figures.words(totals[most]),
        last=figures.labels[-1], last_amount=figures.words(totals[-1]), first=figures.labels[0],
    )  # fmt: skip


def counted(number: int) -> str:
    """A count that may have stopped at a thousand."""
    return f"More than {MOST_COUNTED:,}" if number > MOST_COUNTED else f"{number:,}"


def without_small(figures: Figures, role: Role) -> Figures:
    """The figures as this role may see them: a group of 1 to 4 is "fewer than 5" to those who look after nobody.

    A single one could be worked out from the others and the whole, so the next smallest is held back with it.
    """
    if role not in KEPT_FROM:
        return figures
    return replace(figures, series=tuple(replace(one, values=_hidden(one.values)) for one in figures.series))


def _hidden(values: tuple[Value, ...]) -> tuple[Value, ...]:
    found = list(values)
    small = [i for i, v in enumerate(values) if isinstance(v, int) and 0 < v < SMALL]
    for i in small:
        found[i] = Hidden.SMALL
    others = sorted((v, i) for i, v in enumerate(values) if isinstance(v, int) and v >= SMALL)
    if len(small) == 1 and others:
        found[others[0][1]] = Hidden.TELLS
    return tuple(found)


def last_months(today: date, count: int = 12) -> tuple[date, ...]:
    """The first days of the last months, the present one last."""
    first = today.replace(day=1)
    return tuple(months_after(first, -back) for back in reversed(range(count)))


def month_words(month: date) -> str:
    """ "April 2026"."""
    return f"{MONTHS[month.month - 1]} {month.year}"


def by_month(months: Sequence[date], runs: Mapping[str, Mapping[date, int]], unit: Unit) -> Figures:
    """Runs of values by month, by name; a month without one is nought."""
    series = tuple(Series(name, tuple(found.get(m, 0) for m in months)) for name, found in runs.items())
    return Figures(tuple(month_words(m) for m in months), series, unit)


def since_the_first(figures: Figures) -> Figures:
    """The same from the first label that has anything; the last label always stays."""
    totals = figures.totals()
    first = next((i for i, total in enumerate(totals) if total), len(totals) - 1)
    cut = tuple(replace(one, values=one.values[first:]) for one in figures.series)
    return replace(figures, labels=figures.labels[first:], series=cut)


def by_label(words: Mapping[str, str], found: Mapping[str, int], unit: Unit = "count") -> Figures:
    """One value a code, those with nothing left out, the largest first; ``words`` says each code."""
    rows = sorted(((words[code], value) for code, value in found.items() if value), key=lambda row: (-row[1], row[0]))
    return Figures(tuple(label for label, _ in rows), (Series("", tuple(value for _, value in rows)),), unit)
