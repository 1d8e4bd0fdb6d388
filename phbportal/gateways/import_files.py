"""A file somebody brings in, as text: CSV as it is, the first sheet of a workbook that says something as CSV."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from phbportal.gateways.tabular import Unreadable, read_table

_WORKBOOK = b"PK\x03\x04"
_FEWEST = 2
"""Cells of a row that make it more than a title."""


_DELIMITERS = (",", ";", "\t", "|")
_MOST_ROWS = 50
_LOOKED_AT = 200_000
"""Letters of a file that are looked at for its headings."""
_NO_TEXT = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_MARKUP = b"<"


def first_rows(content: bytes) -> list[list[str]]:
    """The first fifty rows of a file whose headings are not known yet, under the delimiter that makes most cells.

    Raises Unreadable for what is no table at all.
    """
    content = as_text(content)
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    text = _decoded(content[:_LOOKED_AT])
    if not begins or begins.startswith((*_NO_TEXT, _MARKUP)) or "\0" in text:
        read_table(content, wanted={"heading": ()})  # which says, in a sentence, what it is
    tried = [_rows(text, delimiter) for delimiter in _DELIMITERS]
    return max(tried, key=lambda rows: sum(len(list(filter(None, cells))) - 1 for cells in rows if any(cells)))


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


def as_text(content: bytes) -> bytes:
    """The content as ``tabular`` reads it. Raises Unreadable for a workbook that cannot be opened, or is empty."""
    if not content.startswith(_WORKBOOK):
        return content
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if any(sum(1 for cell in row if cell != "") >= _FEWEST for row in rows):
                return _csv(rows)
    except (CalamineError, OSError, ValueError):
        raise Unreadable(
            "We could not open this workbook: it may be damaged, or have a password. Open it in a spreadsheet program "
            "and save it as CSV UTF-8."
        ) from None
    raise Unreadable("The workbook is empty. Check that it was saved, and choose it again.")


def _csv(rows: list[list[Any]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(cell) for cell in row] for row in rows])
    return out.getvalue().encode()


def _cell(value: Any) -> str:
    """A cell as somebody would type it: whole numbers without a point, dates by year, month and day."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else str(value) if not isinstance(value, timedelta) else ""
