"""Files that go out for an import: an empty one to fill in, and the refused rows with what is to be put right."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from phbportal.admin.fields import Field
from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.reading import has_choices, read_file
from phbportal.domain.exports import FileKind
from phbportal.gateways.sheets import write_csv, write_xlsx
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


def write_refused(
    path: Path, content: bytes, columns: Mapping[str, str], reasons: Mapping[int, str], kind: FileKind
) -> int:
    """Write the refused rows under the file's own headings, each with what is to be put right; returns how many."""
    table = read_file(content, columns, {})
    keys = list(table.columns)

    def rows() -> Iterator[list[str]]:
        for row in table.rows:
            if row.number in reasons:
                yield [*(row.cells.get(key, "") for key in keys), reasons[row.number]]

    headings = [*(table.columns[key] for key in keys), TO_PUT_RIGHT]
    return (write_csv if kind is FileKind.CSV else write_xlsx)(path, headings, rows())
