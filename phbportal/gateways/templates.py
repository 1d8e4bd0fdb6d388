"""An empty file to fill in: headings, choices to pick from, and on a second sheet what each column wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from phbportal.gateways.sheets import write_csv

MOST_ROWS = 20_000
"""Rows of the sheet that offer the choices."""
_LONGEST_LIST = 255


@dataclass(frozen=True, slots=True)
class TemplateColumn:
    """A heading, what to write under it, and what can be chosen."""

    heading: str
    wants: str
    choices: Sequence[str] = ()


def template_csv(path: Path, columns: Sequence[TemplateColumn]) -> None:
    """Write the headings as CSV."""
    write_csv(path, [column.heading for column in columns], [])


def template_xlsx(path: Path, columns: Sequence[TemplateColumn]) -> None:
    """Write a workbook: the sheet to fill in, with its choices, and a sheet that explains the columns."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, about = book.add_worksheet("List"), book.add_worksheet("How to fill it in")
        bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        plain = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(columns) - 1, 22, plain)  # as text: a spreadsheet must not take a nought from a number
        sheet.write_row(0, 0, [column.heading for column in columns], bold)
        about.set_column(0, 0, 28, wrapped)
        about.set_column(1, 1, 80, wrapped)
        about.write_row(0, 0, ["Column", "What to write"], bold)
        for n, column in enumerate(columns):
            about.write_row(n + 1, 0, [column.heading, column.wants])
            if column.choices:
                _offer(book, sheet, n, column.choices)


def _offer(book: xlsxwriter.Workbook, sheet: Worksheet, n: int, choices: Sequence[str]) -> None:
    """A drop-down. A long list stands on a sheet of its own: in the cell's rule it would not fit."""
    source: list[str] | str = list(choices)
    if len(",".join(choices)) > _LONGEST_LIST:
        own = book.add_worksheet(f"Choices {n + 1}")
        own.write_column(0, 0, list(choices))
        own.hide()
        source = f"='Choices {n + 1}'!$A$1:$A${len(choices)}"
    sheet.data_validation(1, n, MOST_ROWS, n, {"validate": "list", "source": source, "error_type": "warning"})
