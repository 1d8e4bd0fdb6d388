"""Tables as text: comma, semicolon, tab or bar between cells; UTF-8 or older. Bytes in, lines out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from phbportal.gateways.table_rows import Line, Unreadable, tidy

DELIMITERS = (",", ";", "\t", "|")
LONGEST_CELL = 10_000
SAVE_AS = "Open it in a spreadsheet program and save it as an Excel workbook (.xlsx) or as CSV UTF-8."
_NOT_TEXT = (
    (b"%PDF", "This is a PDF, not a table. Ask for the table itself as an Excel workbook or as CSV."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and bring the file inside."),
)
_MARKUP = re.compile(rb"\s*<\s*(!doctype|html|head|body|table|\?xml|script|meta)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


def decoded(content: bytes) -> tuple[str, str]:
    """The text of a file and its encoding. Raises Unreadable for what is not text."""
    for signature, sentence in _NOT_TEXT:
        if content.startswith(signature):
            raise Unreadable(sentence)
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable(f"This is a web page or XML file, whatever its name says, and not a table. {SAVE_AS}")
    text, encoding = _decode(content)
    if _CONTROL.search(text):
        raise Unreadable(f"This file is not text, or it is damaged. {SAVE_AS}")
    return text, encoding


def _decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: what a mark at the front says, else UTF-8, else Windows-1252.

    Office programs in England save one of these. Nothing is guessed beyond them: a wrong guess makes other people's
    names out of bytes, and no later check can tell.
    """
    attempts = ["utf-8-sig", "cp1252"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        attempts = ["utf-16"]
    for encoding in attempts:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise Unreadable(f"We cannot tell in which encoding this file was saved. {SAVE_AS}")


def lines(text: str, delimiter: str, *, strict: bool = True) -> Iterator[Line]:
    """Lines with their numbers. A fault ends the search for headings (not ``strict``), and refuses the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader, None)
        except csv.Error as wrong:
            if not strict:
                return
            raise Unreadable(
                f"The quotation marks in row {number} do not match, so we cannot tell where its cells end. "
                "Correct that row and bring the file again."
            ) from wrong
        if cells is None:
            return
        if strict and any(len(cell) > LONGEST_CELL for cell in cells):
            raise Unreadable(
                f"Row {number} has a cell of more than {LONGEST_CELL:,} letters. A quotation mark may be missing: "
                "correct that row and bring the file again."
            )
        yield Line(number, [tidy(cell) if cell else cell for cell in cells])
