"""The first rows of a file somebody brings in, whose headings are not known yet."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from itertools import islice

from phbportal.gateways import workbooks
from phbportal.gateways.table_rows import Unreadable
from phbportal.gateways.tabular import read_table
from phbportal.gateways.workbook_process import read_sheets

_FEWEST = 2
"""Cells of a row that make it more than a title."""


_DELIMITERS = (",", ";", "\t", "|")
_MOST_ROWS = 50
_LOOKED_AT = 200_000
"""Letters of a file that are looked at for its headings."""
_NO_TEXT = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_MARKUP = b"<"


@dataclass(frozen=True, slots=True)
class SheetHead:
    """The first fifty rows of a sheet, its place among the others (from 0), whether the office hid it, and how many of
    its rows say something."""

    place: int
    name: str
    hidden: bool
    rows: list[list[str]]
    count: int


def first_rows(content: bytes) -> list[SheetHead]:
    """The sheets of a workbook that say something, in their order; a text file is one without a name, read under the
    delimiter that makes most cells, and its rows are not counted. Raises Unreadable for what is no table at all.
    """
    if content.startswith(workbooks.OLD_WORKBOOK):
        raise Unreadable(workbooks.why_not(content))
    if content.startswith(workbooks.WORKBOOK):
        return _of_workbook(content)
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    text = _decoded(content[:_LOOKED_AT])
    if not begins or begins.startswith((*_NO_TEXT, _MARKUP)) or "\0" in text:
        read_table(content, wanted={"heading": ()})  # which says, in a sentence, what it is
    tried = [_rows(text, delimiter) for delimiter in _DELIMITERS]
    best = max(tried, key=lambda rows: sum(len(list(filter(None, cells))) - 1 for cells in rows if any(cells)))
    return [SheetHead(0, "", False, best, 0)]


def _of_workbook(content: bytes) -> list[SheetHead]:
    found: list[SheetHead] = []
    for place, sheet in enumerate(read_sheets(content)):
        rows = iter(sheet.rows)
        head = [row.cells for row in islice(rows, _MOST_ROWS)]
        if any(sum(map(bool, cells)) >= _FEWEST for cells in head):
            count = sum(any(cells) for cells in head) + sum(any(row.cells) for row in rows)
            found.append(SheetHead(place, sheet.name, sheet.hidden, head, count))
    if all(sheet.hidden for sheet in found):
        raise Unreadable(
            f"Every sheet of this workbook that says something is hidden ({found[0].name}). Show it in Excel, and "
            "choose the file again." if found
            else "The workbook is empty. Check that it was saved, and choose it again."
        )  # fmt: skip
    return found


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8-sig", "replace")


def _rows(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [[" ".join(cell.split()) for cell in cells] for cells in islice(reader, _MOST_ROWS)]
    except csv.Error:
        return []
