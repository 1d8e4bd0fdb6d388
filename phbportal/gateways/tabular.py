"""Tables as other people save them: comma, semicolon, tab or bar; UTF-8 or older; titles above the headings.

Bytes in, text cells out. What the cells mean is for the reader of the one kind of file (``caseload_file``,
``provider_directory``); nothing here knows a database or a screen.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from phbportal.domain.errors import Refusal
from phbportal.domain.text import listed

MAX_BYTES = 20 * 1024 * 1024
"""Imports are 20 MB at most (decisions.md §6)."""

_DELIMITERS = (",", ";", "\t", "|")
_LINES_SEARCHED_FOR_HEADINGS = 50
_LONGEST_CELL = 10_000
_LONGEST_TOTAL = 40
_SAVE_AS = "Open it in a spreadsheet program and save it as CSV UTF-8."
_NOT_TEXT = (
    (b"PK\x03\x04", f"This is a spreadsheet or a zip file, not a CSV file. {_SAVE_AS}"),
    (b"\xd0\xcf\x11\xe0", f"This is an old Excel workbook, not a CSV file. {_SAVE_AS}"),
    (b"%PDF", "This is a PDF, not a CSV file. Ask for the table itself as CSV."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and bring the CSV file inside."),
)
_MARKUP = re.compile(rb"\s*<\s*(!doctype|html|head|body|table|\?xml|script|meta)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_TOTAL = re.compile(r"(?:grand |sub[- ]?|overall )?totals?(?: \w+)?:?[\s\d£.,]*", re.IGNORECASE)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
_TEXT_FORMULA = re.compile(r'="(.*)"', re.DOTALL)


class Unreadable(Refusal):
    """The whole file cannot be read, for the reason in the sentence: nothing was taken from it."""


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

    Cells are legible: single spaces (a line break is one), nothing invisible, "" where the file has nothing.
    """

    number: int
    cells: dict[str, str]
    stray: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A file read: where its headings stood, which were known, and the rows that say something."""

    sha256: str
    encoding: str
    delimiter: str
    titles: tuple[str, ...]
    header_row: int
    columns: dict[str, str]
    """Key → the heading as the file has it, in the file's order."""
    unknown: tuple[str, ...]
    """Headings that stand for no key."""
    rows: tuple[Row, ...]
    total_rows: tuple[int, ...]
    """Rows left out because they only add up the others."""

    def heading(self, key: str) -> str:
        """What the file calls the column, or the key where the file has no such column."""
        return self.columns.get(key, key)


def read_table(content: bytes, *, wanted: Mapping[str, Iterable[str]], max_bytes: int = MAX_BYTES) -> Table:
    """Read a delimited text file whose columns go by the keys of ``wanted`` or by one of their synonyms.

    Headings are compared without case, accents, spaces and punctuation. The heading row is the one among the first 50
    that names most columns (two at least), under whichever delimiter names most; blank rows, repeated heading rows and
    rows of totals are passed over. A quoted cell with line breaks is one row, as in a spreadsheet.
    Raises Unreadable for what is too big, empty, not text, badly quoted, without headings or without rows.
    """
    _refuse_what_is_not_text(content, max_bytes)
    text, encoding = _decode(content)
    text = _INVISIBLE.sub("", text)
    if _CONTROL.search(text):
        raise Unreadable(f"This file is not text, or it is damaged. {_SAVE_AS}")
    known = {_plain(name): key for key, synonyms in wanted.items() for name in (key, *synonyms)}
    delimiter, above = _find_headings(text, known)
    records = _records(text, delimiter)
    titles = tuple(" ".join(filter(None, cells)) for _, cells in islice(records, above))
    header_row, headings = next(records)
    keys = [known.get(_plain(heading)) for heading in headings]
    _refuse_repeated_columns(keys, headings)
    rows, totals = _body(records, keys, headings)
    if not rows:
        raise Unreadable(
            f"There are no rows under the headings in row {header_row}. Check that this is the right file."
        )
    return Table(
        sha256=hashlib.sha256(content).hexdigest(),
        encoding=encoding,
        delimiter=delimiter,
        titles=tuple(filter(None, titles)),
        header_row=header_row,
        columns={key: heading for key, heading in zip(keys, headings, strict=True) if key},
        unknown=tuple(heading for key, heading in zip(keys, headings, strict=True) if heading and not key),
        rows=tuple(rows),
        total_rows=tuple(totals),
    )


def stray_problem(row: Row) -> RowProblem | None:
    """A row with more cells than headings: a value with a comma was not quoted, and all that follows moved on."""
    if not row.stray:
        return None
    return RowProblem(
        row.number,
        "",
        "This row has more cells than there are headings, so its values may stand in the wrong columns. "
        "Put quotation marks around any value with a comma or semicolon in it, and empty the cells under no heading.",
    )


def _refuse_what_is_not_text(content: bytes, max_bytes: int) -> None:
    if len(content) > max_bytes:
        size, limit = len(content) / 1024 / 1024, max_bytes / 1024 / 1024
        raise Unreadable(f"The file has {size:.1f} MB, and {limit:g} MB is the most we read. Split it in two.")
    if not content.strip():
        raise Unreadable("The file is empty. Check that it was saved, and choose it again.")
    for signature, sentence in _NOT_TEXT:
        if content.startswith(signature):
            raise Unreadable(sentence)
    if _MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")):
        raise Unreadable(f"This is a web page or XML file, not a CSV file. {_SAVE_AS}")


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
    raise Unreadable(f"We cannot tell in which encoding this file was saved. {_SAVE_AS}")


def _find_headings(text: str, known: Mapping[str, str]) -> tuple[str, int]:
    """The delimiter, and how many rows stand above the headings."""
    best, delimiter, above = 0, ",", 0
    for candidate in _DELIMITERS:
        head = _records(text, candidate, strict=False)
        for index, (_, cells) in enumerate(islice(head, _LINES_SEARCHED_FOR_HEADINGS)):
            score = len({known[plain] for plain in map(_plain, cells) if plain in known})
            if score > best:
                best, delimiter, above = score, candidate, index
    if best < min(2, len(set(known.values()))):
        some = listed([f"“{name}”" for name in islice(dict.fromkeys(known.values()), 3)])
        raise Unreadable(f"We found no row of headings. The first rows must hold the column names, such as {some}.")
    return delimiter, above


def _records(text: str, delimiter: str, *, strict: bool = True) -> Iterator[tuple[int, list[str]]]:
    """Rows with their numbers. A fault ends the search for headings (not ``strict``), and refuses the file."""
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
        if strict and any(len(cell) > _LONGEST_CELL for cell in cells):
            raise Unreadable(
                f"Row {number} has a cell of more than {_LONGEST_CELL:,} letters. A quotation mark may be missing: "
                "correct that row and bring the file again."
            )
        yield number, [_cell(cell) if cell else cell for cell in cells]


def _cell(text: str) -> str:
    legible = " ".join(text.split())
    if legible.startswith('="') and (guarded := _TEXT_FORMULA.fullmatch(legible)):
        return guarded[1].strip()  # how some systems keep Excel from dropping noughts: ="089999"
    return legible


def _body(
    records: Iterator[tuple[int, list[str]]], keys: list[str | None], headings: list[str]
) -> tuple[list[Row], list[int]]:
    rows: list[Row] = []
    totals: list[int] = []
    width = len(keys)
    named = [(index, key) for index, key in enumerate(keys) if key]
    nameless = [index for index, heading in enumerate(headings) if not heading]
    for number, cells in records:
        if not any(cells) or cells == headings:
            continue
        if _is_total(cells):
            totals.append(number)
            continue
        beyond = [*(cells[index] for index in nameless if index < len(cells)), *cells[width:]]
        padded = cells + [""] * (width - len(cells))
        rows.append(Row(number, {key: padded[index] for index, key in named}, tuple(filter(None, beyond))))
    return rows, totals


def _is_total(cells: list[str]) -> bool:
    """ "Total" in the first cell that says anything, and mostly figures or nothing after it."""
    said = [cell for cell in cells if cell]
    if len(said[0]) > _LONGEST_TOTAL or not _TOTAL.fullmatch(said[0]):
        return False
    return all(re.fullmatch(r"[-(]?\s*£?\s*[\d,.]+\)?", cell) for cell in said[1:])


def _refuse_repeated_columns(keys: list[str | None], headings: list[str]) -> None:
    twice = {key for key in keys if key and keys.count(key) > 1}
    if twice:
        same = listed([f"“{heading}”" for key, heading in zip(keys, headings, strict=True) if key in twice])
        raise Unreadable(f"More than one column says the same thing: {same}. Keep one of each.")


def _plain(heading: str) -> str:
    """A heading as it is compared: letters and digits only, without case or accents."""
    spread = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in spread if letter.isalnum())
