"""Excel workbooks made for a test: good ones, and ones spoilt the way offices and strangers spoil them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter

Sheets = dict[str, Sequence[Sequence[Any]]]


def book(sheets: Sheets, spoil: Callable[[Any, dict[str, Any]], None] | None = None) -> bytes:
    """A workbook of sheets, a list of rows each; ``spoil`` gets the workbook and its sheets by name."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as made:
        day = made.add_format({"num_format": "dd/mm/yyyy"})
        by_name = {name: made.add_worksheet(name) for name in sheets}
        for name, rows in sheets.items():
            for at, row in enumerate(rows):
                for column, value in enumerate(row):
                    if hasattr(value, "isoformat"):
                        by_name[name].write_datetime(at, column, value, day)
                    elif isinstance(value, str):
                        by_name[name].write_string(at, column, value)
                    elif value is not None:
                        by_name[name].write_number(at, column, value)
        if spoil:
            spoil(made, by_name)
    return worked_out(out.getvalue())


def worked_out(content: bytes) -> bytes:
    """The workbook as Excel leaves it: it no longer asks for its formulas to be worked out."""
    return changed(content, "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A part with some of its text changed; the first time it stands there."""
    return repacked(content, lambda name, data: data.replace(old, new, 1) if name == part else data)


def repacked(content: bytes, change: Callable[[str, bytes], bytes] = lambda _name, data: data, **more: bytes) -> bytes:
    """The workbook with its parts changed, and others added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for info in before.infolist():
            after.writestr(info.filename, change(info.filename, before.read(info)))
        for name, data in more.items():
            after.writestr(name, data)
    return out.getvalue()


def zipped(*names: str) -> bytes:
    """A zip file that is no workbook."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in names:
            archive.writestr(name, b"x")
    return out.getvalue()
