"""Files for a spreadsheet, written row by row: CSV and XLSX. What looks like a formula stays text.

XLSX is XlsxWriter's work, in its constant-memory mode: rows go to disk as they come.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

MOST_ROWS = 1_048_575
"""Of an XLSX sheet below its heading."""
LONGEST_CELL = 32_767
_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula when it opens a CSV file: an apostrophe stands before it."""
    return f"'{text}" if text.lstrip(" ").startswith(_BEGINNINGS) else text


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write a CSV file in UTF-8 with a mark that Excel knows it by. Returns how many rows it has."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([harmless(heading) for heading in headings])
        for row in rows:
            writer.writerow([_plain(value) for value in row])
            count += 1
    return count


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def write_xlsx(path: Path, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write an XLSX file with one sheet. Returns how many rows it has; what a sheet cannot hold is left out."""
    count = 0
    options = {
        "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
        "tmpdir": str(path.parent),
    }  # fmt: skip
    with xlsxwriter.Workbook(str(path), options) as book:
        sheet = book.add_worksheet("List")
        bold = book.add_format({"bold": True})
        money, day = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "d mmm yyyy"})
        moment = book.add_format({"num_format": "d mmm yyyy hh:mm"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, max(len(headings) - 1, 0), 18)
        sheet.write_row(0, 0, list(headings), bold)
        for count, row in enumerate(rows, 1):
            if count > MOST_ROWS:
                return MOST_ROWS
            for n, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(count, n, value[:LONGEST_CELL])
                elif isinstance(value, datetime):
                    sheet.write_datetime(count, n, value, moment)
                elif isinstance(value, date):
                    sheet.write_datetime(count, n, datetime.combine(value, time()), day)
                elif isinstance(value, Decimal):
                    sheet.write_number(count, n, float(value), money)
                else:
                    sheet.write_number(count, n, value)
    return count
