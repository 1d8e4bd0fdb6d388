"""Excel workbooks as rows of text: what each cell says as a person reads it, and what is doubtful about it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from python_calamine import CalamineError, load_workbook

from phbportal.gateways.table_rows import tidy
from phbportal.gateways.workbook_guard import Sheet, look_at

WORKBOOK = b"PK\x03\x04"
"""How every XLSX file begins (and every other zip file)."""
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_MOST_FIGURES = 10**15
"""Excel keeps 15 figures of a number; the rest have become 0."""
_OFTEN = 4_096
"""Texts of which it is kept how they read: most cells say what others of their column say."""
_MERGED = "is merged with others. Unmerge them, and write in each row what belongs to it"
_NOT_WORKED_OUT = "has a formula that was never worked out. Open the workbook in Excel, save it, and bring it again"
_ERROR = "shows an error, such as #REF!. Put right the formula, or write the value in its place"
_TOO_LONG = "has a number of more than 15 figures, of which Excel has lost the last. Enter it as text"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A row of a sheet: its number there, what each cell says (tidy), and for doubtful cells (by place, from 0) what is
    wrong, to be read after "this cell"."""

    number: int
    cells: list[str]
    doubts: dict[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True, slots=True)
class SheetRead:
    """A sheet: whether the office hid it, which of its rows are hidden, and its rows as they come."""

    name: str
    hidden: bool
    hidden_rows: frozenset[int]
    rows: Iterator[SheetRow]


def why_not(content: bytes) -> str:
    """What to do with an old Excel file: one that is locked looks the same from outside."""
    if _ENCRYPTED in content:
        return "This workbook is locked with a password. Take the password off, and bring it again."
    return (
        "This is an old Excel workbook (.xls). Open it in Excel, save it as an Excel workbook (.xlsx), and bring that."
    )


def read_sheets(content: bytes) -> Iterator[SheetRead]:
    """Sheets one after the other; only one is in memory, while its rows are read. Raises Unreadable."""
    looked = look_at(content)
    with load_workbook(looked.packed) as book:
        for sheet in looked.sheets:
            yield SheetRead(sheet.name, sheet.hidden, frozenset(sheet.hidden_rows), _rows(book, sheet))


def _rows(book: Any, sheet: Sheet) -> Iterator[SheetRow]:
    try:
        found = book.get_sheet_by_name(sheet.name)
    except CalamineError:
        return
    if found.start is None:
        return
    left = found.start[1]
    before = [""] * left
    told = ((_NOT_WORKED_OUT, sheet.not_worked_out), (_ERROR, sheet.errors), (_MERGED, _covered(sheet)))
    text = lru_cache(_OFTEN)(_text)  # kept no longer than the sheet
    for number, values in enumerate(found.iter_rows(), 1):
        doubts: dict[int, str] = {}
        for why, where in told:
            if number in where:
                doubts |= {column - 1: why for column in where[number]}
        cells = [text(value) if type(value) is str else tidy(said(value)) for value in values]
        for column, value in enumerate(values, left):
            if type(value) is not str and isinstance(value, (int, float)) and abs(value) >= _MOST_FIGURES:
                doubts[column] = _TOO_LONG
        yield SheetRow(number, [*before, *cells], doubts)


def _text(value: str) -> str:
    return tidy(said(value))


def _covered(sheet: Sheet) -> dict[int, set[int]]:
    """Cells that stand empty because another one lies over them, by row."""
    covered: dict[int, set[int]] = {}
    for top, left, bottom, right in sheet.merged:
        # A title over the whole table, or a column merged to the end of the sheet: rows are counted, cells are not.
        for row in range(top, min(bottom, top + 5_000) + 1):
            columns = range(left, min(right, left + 200) + 1)
            covered.setdefault(row, set()).update(c for c in columns if (row, c) != (top, left))
    return covered


def said(value: Any) -> str:
    """What a cell says as text: dates as 2026-04-06, numbers without what only a computer sees behind the point."""
    if isinstance(value, str):
        return value if value.isprintable() else _UNSEEN.sub(" ", value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        rounded = round(value, 9)
        return str(int(rounded)) if rounded == int(rounded) else repr(rounded)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)
