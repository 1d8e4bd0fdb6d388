"""Files that go out for an import: an empty one to fill in, and the refused rows with what is to be put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from phbportal.admin.fields import Field
from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.reading import has_choices, read_file
from phbportal.domain.exports import FileKind
from phbportal.gateways.sheets import write_csv, write_xlsx
from phbportal.gateways.tabular import Table
from phbportal.gateways.templates import TemplateColumn, template_csv, template_xlsx

TO_PUT_RIGHT = "What to put right"


def write_template(path: Path, declared: Import, kind: FileKind) -> None:
    """Write an empty file with the import's own headings."""
    columns = [TemplateColumn(one.words(), _wants(one), _choices(one)) for one in declared.fields]
    (template_csv if kind is FileKind.CSV else template_xlsx)(path, columns)


def _wants(field: Field) -> str:
    told = ["May be empty." if field.optional else "Needed in every row."]
    if field.hint:
        told.insert(0, field.hint.rstrip(".") + ".")
    if choices := _choices(field):
        told.append(f"One of: {', '.join(choices)}.")
    if field.input == "date":
        told.append("A day, such as 6 April 2026 or 06/04/2026.")
    if field.input == "money":
        told.append("Pounds, such as 1,234.50.")
    return " ".join(told)


def _choices(field: Field) -> list[str]:
    options: list[tuple[str, str]] = getattr(field, "options", list[Any])() if has_choices(field) else []
    return [words for _code, words in options]


def refused_table(content: bytes, declared: Import, columns: Mapping[str, str], sheets: Sequence[str]) -> Table:
    """A file as it is read for its refused rows: under our columns, or under its publisher's. Raises Unreadable."""
    return declared.table(content) if declared.table else read_file(content, columns, {}, sheets)


def write_refused(path: Path, table: Table, reasons: Mapping[int, str], kind: FileKind) -> int:
    """Write the refused rows under the file's own headings, each with what is to be put right; returns how many.

    Titles above the headings are left out: a part of a directory must not be taken for all of it. Cells under no
    heading stand after the reason, so that a row whose values have moved on is not taken for one that is right.
    """
    keys = list(table.columns)

    def rows() -> Iterator[list[str]]:
        for row in table.rows:
            if row.number in reasons:
                cells = row.cells
                yield [*(cells.get(key, "") for key in keys), reasons[row.number], *row.stray]

    headings = [*(table.columns[key] for key in keys), TO_PUT_RIGHT]
    return (write_csv if kind is FileKind.CSV else write_xlsx)(path, headings, rows())
