"""What a service that brings in rows of a file is given, and what it answers: the same for every kind of list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from phbportal.domain.imports import Decision, Outcome
from phbportal.gateways.tabular import RowProblem, Table
from phbportal.policy.actors import Actor
from phbportal.services.new_rows import Ids
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import Row

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Line:
    """One row that could be read: its number as a spreadsheet shows it, and each column's value by its name."""

    number: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A row that was made of a line, or changed by it: then ``before`` are the columns that differ, as they were."""

    table: type[Row]
    row_id: UUID
    before: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)


@dataclass(frozen=True, slots=True)
class Came:
    """What becomes of a line: ``words`` name what it is about, ``reason`` says what is to be put right or noticed.

    ``doubt`` names what the portal has that the line may mean, where a person must decide, or has decided on a screen:
    it changes when it is somebody or something else. "" where there is nothing to decide."""

    number: int
    outcome: Outcome
    words: str = ""
    reason: str = ""
    made: tuple[Made, ...] = ()
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person decided of lines in doubt: by the line's number, what the doubt was about, and the decision."""

    said: Mapping[int, tuple[str, Decision]] = field(default_factory=dict[int, tuple[str, Decision]])

    def of(self, number: int, doubt: str) -> Decision | None:
        """The decision, if it was about the very same thing; None for none."""
        about, decision = self.said.get(int(number), ("", None))
        return decision if about == doubt else None


BringRows = Callable[[UnitOfWork, Sequence[Line], bool], Sequence[Came]]
"""Brings in some lines, a thousand at most, or says what would become of them (the third is true: nothing is written).
It asks leave, and answers for every line, in their order. What the lines of a file do to one another is not its to
see: the engine has refused lines that say the same."""


@dataclass(slots=True)
class Whole:
    """A file that has not been read: as a table under our own columns (None where its publisher's headings are read),
    and as it came."""

    table: Table | None
    content: bytes

    def taken(self) -> Table:
        """The table, which is not kept here any longer: whoever reads it can let go of its rows one by one."""
        table, self.table = self.table, None
        assert table is not None, "a list of our own columns is a table"
        return table


@dataclass(slots=True)
class Given:
    """A whole file: ``read`` is what the list's own reader made of it before anything was locked. ``approver`` is the
    second person, if there is one by now; ``decided`` is what was said of lines in doubt."""

    read: object
    approver: Actor | None
    dry_run: bool
    decided: Decided = field(default_factory=Decided)

    def taken(self) -> object:
        """What was read, which is not kept here any longer: whoever writes it can let go of it row by row."""
        read, self.read = self.read, None
        return read


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a whole file. ``made`` are rows of no one line, read once, ``new`` such as were made, where they
    are many; ``note`` is something to notice."""

    came: Sequence[Came]
    made: Iterable[Made] = ()
    note: str = ""
    new: Ids = field(default_factory=Ids)


ReadFile = Callable[[Whole, date], object]
"""Reads a whole file, on a day in London. Raises Unreadable."""
BringFile = Callable[[UnitOfWork, Given], Brought]
"""Brings in a whole file at once: for what cannot be told row by row. Raises Refusal if it takes nothing of it."""


def refused(line: Line, sentence: str, words: str = "") -> Came:
    """A line that is not taken."""
    return Came(line.number, Outcome.REFUSED, words, sentence)


def told(
    rows: Mapping[int, tuple[Outcome, str]], problems: Iterable[RowProblem], headings: Callable[[str], str],
    doubts: Mapping[int, str] | None = None,
) -> tuple[Came, ...]:  # fmt: skip
    """Every row of a file with what becomes of it: ``rows`` by number, ``problems`` as a reader or a service said them,
    under the headings the file has; ``doubts`` are what rows may mean, of those a person decides about."""
    said: dict[int, list[str]] = {}
    for one in problems:
        heading = headings(one.column)
        said.setdefault(one.row, []).append(f"{heading}: {one.reason}" if heading else one.reason)
    return tuple(
        Came(number, outcome, words, " ".join(said.get(number, [])), doubt=(doubts or {}).get(number, ""))
        for number, (outcome, words) in sorted(rows.items())
    )
