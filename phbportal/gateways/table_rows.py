"""What every table brought in is made of: rows, what is wrong in one, and what is wrong with the whole."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from phbportal.domain.errors import Refusal

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)
APART = "\x1f"
"""Between the texts of a row's cells. ``tidy`` leaves none in a cell: it counts as a space."""
_A_SHEET = 2_000_000
"""More rows than a sheet can have: what stands between the numbers of one sheet and the next."""


class Unreadable(Refusal):
    """The whole file cannot be read, for the reason in the sentence: nothing was taken from it."""


class Place(int):
    """The number of a row in a workbook of several sheets: no two rows have the same, and it reads "5 of “Adults”"."""

    sheet: str

    def __new__(cls, order: int, sheet: str, row: int) -> Place:
        place = super().__new__(cls, order * _A_SHEET + row)
        place.sheet = sheet
        return place

    @property
    def row(self) -> int:
        """The row as its sheet numbers it."""
        return self % _A_SHEET

    def __str__(self) -> str:
        return f"{self.row} of “{self.sheet}”"

    def __format__(self, how: str) -> str:
        return format(str(self), how)


def whereabouts(number: int) -> tuple[str, int]:
    """The sheet a row stands in ("" where there is only one), and its number there."""
    return (number.sheet, number.row) if isinstance(number, Place) else ("", number)


def row_words(number: int, sheets: Mapping[int, str] = MappingProxyType({})) -> str:
    """A row by its number as it was kept: "Row 1,204", or "Row 5 of “Adults”" where several ``sheets`` (names by their
    place, from 0) were read."""
    order, row = divmod(number, _A_SHEET)
    name = f"“{sheets[order]}”" if order in sheets else f"sheet {order + 1}" if order else ""
    return f"Row {row:,}" + (f" of {name}" if name else "")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong in one row. ``column`` is the heading as the file has it; ``reason`` says what to do.

    A reason may quote what the row says of a person: it is for whoever brought the file, never for a log.
    """

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, its cells by key, and cells under no heading.

    Cells are legible: single spaces (a line break is one), nothing invisible, "" where the file has nothing. They are
    kept as one text, apart by what no legible cell holds: 100,000 rows take a third of the room that way.
    """

    number: int
    keys: tuple[str, ...]
    text: str
    stray: tuple[str, ...] = ()
    doubts: tuple[tuple[str, str], ...] = ()
    """Headings, and what is doubtful of the cell under each: the row is not to be taken."""

    @property
    def values(self) -> tuple[str, ...]:
        """The cells in the order of the keys. Made anew each time."""
        return tuple(self.text.split(APART)) if self.keys else ()

    @property
    def cells(self) -> dict[str, str]:
        """The cells by key. Made anew each time."""
        return dict(zip(self.keys, self.text.split(APART), strict=True)) if self.keys else {}


@dataclass(frozen=True, slots=True)
class Line:
    """A row before its headings are known: its number, its cells in order, and by place what is doubtful of one."""

    number: int
    cells: list[str]
    doubts: dict[int, str] | None = None


def tidy(text: str) -> str:
    """A cell as a reader sees it: single spaces, nothing invisible, no guard against dropped noughts (="089999")."""
    legible = " ".join((text if text.isascii() else _INVISIBLE.sub("", text)).split())
    if legible.startswith('="') and (guarded := _TEXT_FORMULA.fullmatch(legible)):
        return guarded[1].strip()  # how some systems keep Excel from dropping noughts
    return legible
