"""Tables as other people save them: text or Excel workbooks, of one sheet or several; titles above the headings.

Bytes in, text cells out. What the cells mean is for the reader of the one kind of file (``caseload_file``,
``provider_directory``); nothing here knows a database or a screen.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice

from phbportal.domain.text import listed
from phbportal.gateways import delimited, workbooks
from phbportal.gateways.table_rows import APART, Line, Place, Row, RowProblem, Unreadable
from phbportal.gateways.workbook_process import read_sheets

__all__ = ["MAX_BYTES", "Row", "RowProblem", "Table", "Unreadable", "read_table", "stray_problem"]

MAX_BYTES = 20 * 1024 * 1024
"""Imports are 20 MB at most (decisions.md §6)."""

_LINES_SEARCHED_FOR_HEADINGS = 50
_LONGEST_TOTAL = 40
_TOTAL = re.compile(r"(?:grand |sub[- ]?|overall )?totals?(?: \w+)?:?[\s\d£.,]*", re.IGNORECASE)
_ERROR = re.compile(r"#(?:REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|N/A|#+)")
_ERROR_SAID = "shows an error, such as #REF!. Write the value in its place"


@dataclass(frozen=True, slots=True)
class Table:
    """A file read: where its headings stood, which were known, and the rows that say something."""

    sha256: str
    encoding: str
    """"" of a workbook, and so is the delimiter."""
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
    sheets: tuple[str, ...] = ()
    """The sheets of a workbook that were read."""
    notes: tuple[str, ...] = ()
    """What whoever brought the file should know of it, such as sheets that were passed over."""

    def heading(self, key: str) -> str:
        """What the file calls the column, or the key where the file has no such column."""
        return self.columns.get(key, key)


@dataclass(slots=True)
class _Part:
    """A sheet whose headings were found, or the whole of a text file."""

    columns: dict[str, str]
    unknown: tuple[str, ...]
    titles: tuple[str, ...]
    header_row: int
    rows: list[Row]
    totals: list[int]
    below: list[int]
    order: int = 0
    """The place of the sheet in its workbook."""


def read_table(
    content: bytes, *, wanted: Mapping[str, Iterable[str]], max_bytes: int = MAX_BYTES, sheet: str | None = None,
    sheets: Collection[str] = (),
) -> Table:  # fmt: skip
    """Read a table whose columns go by the keys of ``wanted`` or by one of their synonyms.

    A text file has its delimiter and encoding found. Of a workbook the sheet named is read, or every sheet in sight
    that has headings, which must then be the same; or all of ``sheets``, which somebody has looked at and chosen: they
    may differ in their headings, and what one of them does not have is empty in its rows. Headings are compared
    without case, accents, spaces and punctuation. The heading row is the one among the first 50 that names most
    columns (two at least); blank rows, repeated heading rows and rows of totals are passed over. A cell with line
    breaks is one row, as in a spreadsheet.
    Raises Unreadable for what is too big, empty, locked, damaged, without headings or without rows, and for a workbook
    with hidden rows in its table, or sheets that differ.
    """
    if len(content) > max_bytes:
        size, limit = len(content) / 1024 / 1024, max_bytes / 1024 / 1024
        raise Unreadable(f"The file has {size:.1f} MB, and {limit:g} MB is the most we read. Split it in two.")
    if not content.strip():
        raise Unreadable("The file is empty. Check that it was saved, and choose it again.")
    known = {_plain(name): key for key, synonyms in wanted.items() for name in (key, *synonyms)}
    digest = hashlib.sha256(content).hexdigest()
    if content.startswith(workbooks.OLD_WORKBOOK):
        raise Unreadable(workbooks.why_not(content))
    if content.startswith(workbooks.WORKBOOK):
        return _of_sheets(content, known, digest, [sheet] if sheet is not None else list(sheets), alike=not sheets)
    text, encoding = delimited.decoded(content)
    delimiter, above = _find_delimiter(text, known)
    part = _part(delimited.lines(text, delimiter), above, known)
    return _table([("", part)], digest, encoding=encoding, delimiter=delimiter)


def stray_problem(row: Row) -> RowProblem | None:
    """Why a row is not to be taken as it stands: a cell in doubt, or more cells than headings, which is a value with a
    comma that was not quoted, so that all that follows moved on."""
    if row.doubts:
        heading, doubt = row.doubts[0]
        others = listed([f"“{other}”" for other, _ in row.doubts[1:]])
        return RowProblem(row.number, heading, f"This cell {doubt}.{f' Look at {others} as well.' if others else ''}")
    if not row.stray:
        return None
    return RowProblem(
        row.number,
        "",
        "This row has more cells than there are headings, so its values may stand in the wrong columns. "
        "Put quotation marks around any value with a comma or semicolon in it, and empty the cells under no heading.",
    )


def _of_sheets(content: bytes, known: Mapping[str, str], digest: str, named: Sequence[str], *, alike: bool) -> Table:
    """A workbook: the sheets that were named, or all in sight with headings, which must be ``alike``."""
    wanted = {_folded(name) for name in named}
    parts: list[tuple[str, _Part]] = []
    names: list[str] = []
    hidden: list[str] = []
    without: list[str] = []
    for order, sheet in enumerate(read_sheets(content)):
        names.append(sheet.name)
        if wanted and _folded(sheet.name) not in wanted:
            continue
        found = (Line(row.number, row.cells, row.doubts) for row in sheet.rows)
        head = list(islice(found, _LINES_SEARCHED_FOR_HEADINGS))
        score, above = _find_headings(head, known)
        if score < _enough(known):
            without.append(sheet.name)
        elif sheet.hidden and not wanted:
            hidden.append(sheet.name)
        else:
            part = _part(chain(head, found), above, known)
            part.order = order
            _refuse_hidden_rows(part, sheet)
            parts.append((sheet.name, part))
    _refuse_missing_sheets(named, names)
    if hidden and not parts:
        raise Unreadable(f"The sheet {_quoted(hidden)} is hidden. Show it in Excel, or name it, and bring it again.")
    if not parts:
        raise Unreadable(_no_headings(known))
    if without and len(wanted) > 1:
        raise Unreadable(f"The sheet {_quoted(without)} has none of the columns that were chosen. Leave it out.")
    full = [(name, part) for name, part in parts if part.rows] or parts[:1]
    if alike:
        _refuse_different_sheets(full)
    passed = [] if wanted else [(hidden, "is hidden"), (without, "has no headings we know")]
    notes = [f"The sheet “{name}” was passed over: it {why}." for sheets, why in passed for name in sheets]
    return _table(full, digest, notes=tuple(notes))


def _folded(name: str) -> str:
    return name.strip().casefold()


def _refuse_missing_sheets(named: Sequence[str], names: list[str]) -> None:
    for one in named:
        if _folded(one) not in map(_folded, names):
            raise Unreadable(f"There is no sheet “{one}” in this workbook. It has {_quoted(names)}.")


def _refuse_different_sheets(parts: list[tuple[str, _Part]]) -> None:
    """Two lists with other columns are two lists: nobody knows here whether one adds to the other."""
    (first, one), *others = parts
    for name, other in others:
        if one.columns.keys() != other.columns.keys() or one.unknown != other.unknown:
            here = {*one.columns.values(), *one.unknown} - {*other.columns.values(), *other.unknown}
            there = {*other.columns.values(), *other.unknown} - {*one.columns.values(), *one.unknown}
            differ = " and ".join(
                f"only “{sheet}” has {_quoted(sorted(only))}" for sheet, only in ((first, here), (name, there)) if only
            )
            raise Unreadable(
                f"The sheets “{first}” and “{name}” have different headings: {differ}. Say which sheet to bring in, or "
                "give them the same headings."
            )


def _refuse_hidden_rows(part: _Part, sheet: workbooks.SheetRead) -> None:
    hidden = [row.number for row in part.rows if row.number in sheet.hidden_rows]
    if hidden:
        some = listed([str(number) for number in hidden[:5]])
        raise Unreadable(
            f"Some rows of “{sheet.name}” are hidden, perhaps by a filter ({some}{' …' if hidden[5:] else ''}). Clear "
            "the filter and show them, or delete them, so that what you see is what is brought in."
        )


def _table(
    parts: list[tuple[str, _Part]], digest: str, *, encoding: str = "", delimiter: str = "",
    notes: tuple[str, ...] = (),
) -> Table:  # fmt: skip
    first = parts[0][1]
    several = len(parts) > 1

    def place(name: str, part: _Part, number: int) -> int:
        return Place(part.order, name, number) if several else number

    rows = [row for _, part in parts for row in part.rows]
    if not rows:
        raise Unreadable(
            f"There are no rows under the headings in row {first.header_row}. Check that this is the right file."
        )
    if several:
        rows = [replace(row, number=place(name, part, row.number)) for name, part in parts for row in part.rows]
    more = ((key, name) for _, part in parts for key, name in part.columns.items() if key not in first.columns)
    below = tuple(
        f"Row {place(name, part, number)} was passed over: it stands below the total and says one thing only."
        for name, part in parts for number in part.below
    )  # fmt: skip
    return Table(
        sha256=digest, encoding=encoding, delimiter=delimiter, titles=first.titles, header_row=first.header_row,
        columns=dict(chain(first.columns.items(), more)),
        unknown=tuple(dict.fromkeys(name for _, part in parts for name in part.unknown)), rows=tuple(rows),
        total_rows=tuple(place(name, part, number) for name, part in parts for number in part.totals),
        sheets=tuple(name for name, _ in parts if name), notes=(*notes, *below),
    )  # fmt: skip


def _part(lines: Iterable[Line], above: int, known: Mapping[str, str]) -> _Part:
    """The rows under the headings that stand below ``above`` others."""
    left = iter(lines)
    titles = tuple(" ".join(filter(None, line.cells)) for line in islice(left, above))
    header = next(left)
    headings = header.cells
    keys = [known.get(_plain(heading)) for heading in headings]
    _refuse_repeated_columns(keys, headings)
    body = _Body(keys, headings)
    for line in left:
        body.add(line)
    below = body.below_the_total()
    return _Part(
        columns={key: heading for key, heading in zip(keys, headings, strict=True) if key},
        unknown=tuple(heading for key, heading in zip(keys, headings, strict=True) if heading and not key),
        titles=tuple(filter(None, titles)), header_row=header.number, rows=body.rows, totals=body.totals,
        below=below,
    )  # fmt: skip


class _Body:
    """Rows as they are read."""

    def __init__(self, keys: list[str | None], headings: list[str]) -> None:
        self.rows: list[Row] = []
        self.totals: list[int] = []
        self._headings = headings
        self._named = {index: headings[index] for index, key in enumerate(keys) if key}
        self._keys = tuple(key for key in keys if key)
        self._places = tuple(self._named)
        self._nameless = [index for index, heading in enumerate(headings) if not heading]

    def add(self, line: Line) -> None:
        """Keep a row, unless it is blank, repeats the headings, or adds up the others."""
        number, cells, width = line.number, line.cells, len(self._headings)
        doubts: tuple[tuple[str, str], ...] = ()
        if line.doubts:
            doubts = tuple((self._named[i], why) for i, why in sorted(line.doubts.items()) if i in self._named)
        if any(cell[:1] == "#" for cell in cells):
            doubts += tuple(
                (heading, _ERROR_SAID) for i, heading in self._named.items()
                if i < len(cells) and _ERROR.fullmatch(cells[i])
            )  # fmt: skip
        if not any(cells) and not doubts:
            return
        if any(cells) and _is_total(cells):
            self.totals.append(number)
            return
        if cells[:width] == self._headings and not any(cells[width:]):
            return
        beyond = [*(cells[index] for index in self._nameless if index < len(cells)), *cells[width:]]
        cells = cells + [""] * (width - len(cells))
        text = APART.join(map(cells.__getitem__, self._places))
        self.rows.append(Row(number, self._keys, text, tuple(filter(None, beyond)), doubts))

    def below_the_total(self) -> list[int]:
        """Take out the last rows if they stand below a total and say one thing each, such as who checked the list."""
        found: list[int] = []
        last = self.totals[-1] if self.totals else None
        while last is not None and self.rows and self.rows[-1].number > last:
            row = self.rows[-1]
            if len(list(filter(None, row.values))) + len(row.stray) > 1 or row.doubts:
                break
            found.append(self.rows.pop().number)
        return found[::-1]


def _is_total(cells: list[str]) -> bool:
    """ "Total" in the first cell that says anything, and mostly figures or nothing after it."""
    said = [cell for cell in cells if cell]
    if len(said[0]) > _LONGEST_TOTAL or not _TOTAL.fullmatch(said[0]):
        return False
    return all(re.fullmatch(r"[-(]?\s*£?\s*[\d,.]+\)?", cell) for cell in said[1:])


def _find_delimiter(text: str, known: Mapping[str, str]) -> tuple[str, int]:
    """The delimiter under which most columns are named, and how many rows stand above the headings."""
    best, delimiter, above = 0, ",", 0
    for candidate in delimited.DELIMITERS:
        head = islice(delimited.lines(text, candidate, strict=False), _LINES_SEARCHED_FOR_HEADINGS)
        score, index = _find_headings(head, known)
        if score > best:
            best, delimiter, above = score, candidate, index
    if best < _enough(known):
        raise Unreadable(_no_headings(known))
    return delimiter, above


def _find_headings(head: Iterable[Line], known: Mapping[str, str]) -> tuple[int, int]:
    """How many columns the likeliest heading row names, and how many rows stand above it."""
    scores = [len({known[plain] for plain in map(_plain, line.cells) if plain in known}) for line in head]
    best = max(scores, default=0)
    return best, scores.index(best) if scores else 0


def _enough(known: Mapping[str, str]) -> int:
    return min(2, len(set(known.values())))


def _no_headings(known: Mapping[str, str]) -> str:
    some = _quoted(list(islice(dict.fromkeys(known.values()), 3)))
    return f"We found no row of headings. The first rows must hold the column names, such as {some}."


def _refuse_repeated_columns(keys: list[str | None], headings: list[str]) -> None:
    twice = {key for key in keys if key and keys.count(key) > 1}
    if twice:
        same = _quoted([heading for key, heading in zip(keys, headings, strict=True) if key in twice])
        raise Unreadable(f"More than one column says the same thing: {same}. Keep one of each.")


def _quoted(names: Iterable[str]) -> str:
    return listed([f"“{name}”" for name in names])


def _plain(heading: str) -> str:
    """A heading as it is compared: letters and digits only, without case or accents."""
    spread = unicodedata.normalize("NFKD", heading).casefold()
    return "".join(letter for letter in spread if letter.isalnum())
