"""A file's cells as the columns a resource declared: what its headings are, what they stand for, what its rows say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from phbportal.admin.fields import Choice, Choices, Field, YesNo
from phbportal.admin.imports.declared import Import
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import Outcome, plain, propose_columns
from phbportal.gateways.import_files import SheetHead, first_rows
from phbportal.gateways.table_rows import APART
from phbportal.gateways.tabular import Row, Table, read_table, stray_problem
from phbportal.services.bringing_in import Came, Line, refused
from phbportal.services.import_look import SHEETS, with_sheets

SAMPLES = 3
FEWEST_KNOWN = 2
"""Headings known to us that make a sheet one of ours."""
MOST_VALUES = 50
"""Values of other people's that one is asked about at once."""
_FORMULAS = ("=", "+", "-", "@")
_OURS = "our column "
_LONG_NUMBER = re.compile(r"\d{6,}|\d[\d ]{6,}\d|\d\d-\d\d-\d\d")
Words = Mapping[tuple[str, str], str]
"""What values stand for: by column and value (as ``plain`` has it), our code."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as the file has it, with a few of the values under it."""

    text: str
    samples: list[str]


@dataclass(frozen=True, slots=True)
class SheetLook:
    """A sheet as somebody chooses it: its headings, how many rows stand under them, whether the office hid it. A text
    file is one without a name. ``place`` is its place in the workbook; ``proposed``: it is most likely meant."""

    place: int
    name: str
    hidden: bool
    rows: int
    headings: list[Heading]
    proposed: bool


def look_at(content: bytes, declared: Import, remembered: Mapping[str, str]) -> list[SheetLook]:
    """The sheets of a file with their headings: of each the row among the first fifty that looks most like them. That
    which has most of our columns is proposed, and those with the same headings. Raises Unreadable."""
    known = {plain(name) for key, names in declared.names().items() for name in (key, *names)} | set(remembered)

    def score(cells: Sequence[str]) -> tuple[int, int]:
        told = [cell for cell in cells if cell]
        words = [cell for cell in told if any(letter.isalpha() for letter in cell)]
        return sum(plain(cell) in known for cell in told), len(words) if len(told) > 1 else 0

    found: list[tuple[int, SheetHead, list[Heading], int]] = []
    for sheet in first_rows(content):
        if not sheet.rows:
            continue
        at = max(range(len(sheet.rows)), key=lambda n: (*score(sheet.rows[n]), -n))
        above = sum(any(cells) for cells in sheet.rows[: at + 1])
        found.append((score(sheet.rows[at])[0], sheet, _headings(sheet.rows, at), max(sheet.count - above, 0)))
    if not found:
        raise Refusal("The file is empty. Check that it was saved, and choose it again.")
    _known, first, headings, _rows = max((one for one in found if not one[1].hidden), key=lambda one: one[0])
    texts = [one.text for one in headings]
    return [
        SheetLook(
            sheet.place, sheet.name, sheet.hidden, rows, own,
            sheet is first or (not sheet.hidden and rows > 0 and [one.text for one in own] == texts),
        )
        for _score, sheet, own, rows in found
    ]  # fmt: skip


def _headings(rows: list[list[str]], at: int) -> list[Heading]:
    below = [cells for cells in rows[at + 1 :] if any(cells)][:SAMPLES]
    found: list[Heading] = []
    for n, text in enumerate(rows[at]):
        if text and text not in [one.text for one in found]:
            found.append(Heading(text, [_veiled(cells[n]) for cells in below if n < len(cells) and cells[n]]))
    return found


def needs_choice(sheets: Sequence[SheetLook], declared: Import, remembered: Mapping[str, str]) -> bool:
    """Whether somebody must say which sheets are meant: when more than one in sight could be, or none is like ours."""
    known = {plain(name) for key, names in declared.names().items() for name in (key, *names)} | set(remembered)
    told = [sum(plain(one.text) in known for one in sheet.headings) for sheet in sheets if not sheet.hidden]
    return len(told) > 1 and sum(count >= FEWEST_KNOWN for count in told) != 1


def look_of_file(sheets: Sequence[SheetLook]) -> dict[str, Any]:
    """What is kept of how a file looks: its sheets (of a workbook), those proposed, and the headings of these."""
    look = {SHEETS: [asdict(sheet) for sheet in sheets]}
    return with_sheets(look, [sheet.name for sheet in sheets if sheet.proposed])


def _veiled(cell: str) -> str:
    """A value to know a column by. Of a long number (an NHS number, an account) its last figures are enough."""
    bare = re.sub(r"[ -]", "", cell)
    return f"ending {bare[-3:]}" if _LONG_NUMBER.fullmatch(cell) else cell


def proposed(
    headings: Sequence[str], declared: Import, remembered: Mapping[str, str], sheets: Sequence[Sequence[str]] = ()
) -> dict[str, str]:
    """Which column each heading most likely stands for, "" for none; no column twice in one of the ``sheets``."""
    found: dict[str, str] = {}
    for own in sheets or [headings]:
        found = propose_columns(own, declared.names(), remembered) | found
    return {heading: found.get(heading, "") for heading in headings}


def check_columns(
    declared: Import, columns: Mapping[str, str], sheets: Sequence[Collection[str]] = ()
) -> None:  # fmt: skip
    """Refuse what cannot be: two headings of one sheet for one column, a needed column that no heading stands for.
    ``sheets`` are the headings of each sheet that is read; without them all are of one."""
    chosen = [ours for ours in columns.values() if ours]
    for one in declared.fields:
        theirs = [heading for heading, ours in columns.items() if ours == one.name]
        for headings in sheets or [columns]:
            same = [heading for heading in theirs if heading in headings]
            if len(same) > 1:
                last = max(n for n, heading in enumerate(columns) if heading in same)
                both = " and ".join(f"“{heading}”" for heading in same)
                raise Refusal(f"{both} cannot both be “{one.words()}”. Leave one of them out.", field=f"c{last}")
    missing = [f"“{one.words()}”" for one in declared.fields if not one.optional and one.name not in chosen]
    if missing:
        raise Refusal(f"No column was chosen for {', '.join(missing)}. The file needs one for each.")


def read_file(content: bytes, columns: Mapping[str, str], words: Words, sheets: Sequence[str] = ()) -> Table:
    """The file as a table of our columns, with other people's values as our codes. Raises Unreadable."""
    wanted: dict[str, list[str]] = {}
    for theirs, ours in columns.items():
        if ours:
            wanted.setdefault(f"{_OURS}{ours}", []).append(theirs)
    table = read_table(content, wanted=wanted, sheets=sheets if any(sheets) else ())
    rows = tuple(row for alike in _by_keys(table.rows) for row in _in_our_words(alike, words))
    heads = {key.removeprefix(_OURS): heading for key, heading in table.columns.items()}
    return replace(table, columns=heads, unknown=(), rows=rows)


def _by_keys(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """The rows that have the same columns together: those of one sheet after those of another."""
    return (list(alike) for _keys, alike in groupby(rows, key=lambda row: row.keys))


def _in_our_words(rows: Sequence[Row], words: Words) -> Iterator[Row]:
    """Rows of the same columns, in our words."""
    keys = tuple(key.removeprefix(_OURS) for key in rows[0].keys)
    about = [(place, key) for place, key in enumerate(keys) if key in {column for column, _theirs in words}]
    return (Row(row.number, keys, _ours(row, about, words), row.stray, row.doubts) for row in rows)


def _ours(row: Row, about: Sequence[tuple[int, str]], words: Words) -> str:
    """A row's cells in our words: ``about`` are the places of the columns of which values were named."""
    if not about and "'" not in row.text:
        return row.text
    # As our own files keep it from being a formula.
    cells = [cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell for cell in row.values]
    for place, column in about:
        cells[place] = words.get((column, plain(cells[place])), cells[place])
    return APART.join(cells)


def has_choices(field: Field) -> bool:
    """Whether a column's values are one of a few, so that other people's words for them can be named once."""
    return isinstance(field, Choice | YesNo) and not isinstance(field, Choices)


def strange_values(declared: Import, table: Table) -> dict[str, list[str]]:
    """By column, the values that stand for none of its choices."""
    said: dict[str, dict[str, None]] = {field.name: {} for field in declared.fields if has_choices(field)}
    for rows in _by_keys(table.rows):
        places = [(values, rows[0].keys.index(name)) for name, values in said.items() if name in rows[0].keys]
        for row in rows if places else ():
            cells = row.values
            for values, place in places:
                values[cells[place]] = None
    found: dict[str, list[str]] = {}
    for name, values in said.items():
        for value in values:
            if value and len(found.get(name, [])) < MOST_VALUES and _problem(declared.field(name), value):
                found.setdefault(name, []).append(value)
    return found


def _problem(field: Field, value: str) -> str:
    try:
        field.parse(value)
    except Refusal as refusal:
        return refusal.problems[0].sentence
    return ""


def read_lines(declared: Import, table: Table) -> Iterator[Line | Came]:
    """Every row: as values, or refused with all that is wrong with it under the headings the file has."""
    first: dict[tuple[Any, ...], int] = {}
    for row in table.rows:
        line, problems = _read(declared, table, row)
        key = tuple(line.values.get(name) for name in declared.key)
        if not problems and key and all(key):
            earlier = first.setdefault(key, row.number)
            if earlier != row.number:
                problems.append(f"This row says the same as row {earlier}. Take one of them out.")
        yield refused(line, " ".join(problems), _words(declared, row)) if problems else line


def _read(declared: Import, table: Table, row: Row) -> tuple[Line, list[str]]:
    if stray := stray_problem(row):
        return Line(row.number, {}), [stray.reason]
    values: dict[str, Any] = {}
    problems: list[str] = []
    for field in declared.fields:
        try:
            cell = row.cells.get(field.name, "").strip()
            values[field.name] = field.brought(cell) if cell else field.empty()
        except Refusal as refusal:
            heading = table.heading(field.name) if field.name in table.columns else field.words()
            problems += [f"{heading}: {problem.sentence}" for problem in refusal.problems]
    return Line(row.number, values), problems


def _words(declared: Import, row: Row) -> str:
    """What a row that cannot be read is about: the first two of its cells."""
    told = [row.cells.get(field.name, "") for field in declared.fields]
    return ", ".join([cell for cell in told if cell][:2])


def is_refused(one: Line | Came) -> bool:
    """Whether a row was refused by its cells alone."""
    return isinstance(one, Came) and one.outcome is Outcome.REFUSED
