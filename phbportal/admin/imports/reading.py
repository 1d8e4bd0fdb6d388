"""A file's cells as the columns a resource declared: what its headings are, what they stand for, what its rows say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from phbportal.admin.fields import Choice, Choices, Field, YesNo
from phbportal.admin.imports.declared import Import
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import Outcome, plain, propose_columns
from phbportal.gateways.import_files import first_rows
from phbportal.gateways.tabular import Row, Table, read_table, stray_problem
from phbportal.services.bringing_in import Came, Line, refused

SAMPLES = 3
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


def look_at(content: bytes, declared: Import, remembered: Mapping[str, str]) -> list[Heading]:
    """The headings of a file: the row among the first fifty that looks most like them. Raises Unreadable."""
    rows = first_rows(content)
    known = {plain(name) for key, names in declared.names().items() for name in (key, *names)} | set(remembered)

    def score(cells: Sequence[str]) -> tuple[int, int]:
        told = [cell for cell in cells if cell]
        words = [cell for cell in told if any(letter.isalpha() for letter in cell)]
        return sum(plain(cell) in known for cell in told), len(words) if len(told) > 1 else 0

    if not rows:
        raise Refusal("The file is empty. Check that it was saved, and choose it again.")
    at = max(range(len(rows)), key=lambda n: (*score(rows[n]), -n))
    below = [cells for cells in rows[at + 1 :] if any(cells)][:SAMPLES]
    found: list[Heading] = []
    for n, text in enumerate(rows[at]):
        if text and text not in [one.text for one in found]:
            found.append(Heading(text, [_veiled(cells[n]) for cells in below if n < len(cells) and cells[n]]))
    return found


def _veiled(cell: str) -> str:
    """A value to know a column by. Of a long number (an NHS number, an account) its last figures are enough."""
    bare = re.sub(r"[ -]", "", cell)
    return f"ending {bare[-3:]}" if _LONG_NUMBER.fullmatch(cell) else cell


def proposed(headings: Sequence[str], declared: Import, remembered: Mapping[str, str]) -> dict[str, str]:
    """Which column each heading most likely stands for, "" for none."""
    return propose_columns(headings, declared.names(), remembered)


def check_columns(declared: Import, columns: Mapping[str, str]) -> None:
    """Refuse what cannot be: two headings for one column, a needed column that no heading stands for."""
    chosen = [ours for ours in columns.values() if ours]
    for one in declared.fields:
        if chosen.count(one.name) > 1:
            same = [f"“{theirs}”" for theirs, ours in columns.items() if ours == one.name]
            last = max(n for n, ours in enumerate(columns.values()) if ours == one.name)
            raise Refusal(
                f"{' and '.join(same)} cannot both be “{one.words()}”. Leave one of them out.", field=f"c{last}"
            )
    missing = [f"“{one.words()}”" for one in declared.fields if not one.optional and one.name not in chosen]
    if missing:
        raise Refusal(f"No column was chosen for {', '.join(missing)}. The file needs one for each.")


def read_file(content: bytes, columns: Mapping[str, str], words: Words) -> Table:
    """The file as a table of our columns, with other people's values as our codes. Raises Unreadable."""
    wanted = {f"{_OURS}{ours}": (theirs,) for theirs, ours in columns.items() if ours}
    table = read_table(content, wanted=wanted)
    keys = tuple(key.removeprefix(_OURS) for key in table.rows[0].keys)
    about = [(place, key) for place, key in enumerate(keys) if key in {column for column, _theirs in words}]
    rows = tuple(replace(row, keys=keys, values=_ours(row.values, about, words)) for row in table.rows)
    heads = {key.removeprefix(_OURS): heading for key, heading in table.columns.items()}
    return replace(table, columns=heads, unknown=(), rows=rows)


def _ours(values: tuple[str, ...], about: Sequence[tuple[int, str]], words: Words) -> tuple[str, ...]:
    """A row's cells in our words: ``about`` are the places of the columns of which values were named."""
    if not about and not any(cell[:1] == "'" for cell in values):
        return values
    # As our own files keep it from being a formula.
    cells = [cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULAS) else cell for cell in values]
    for place, column in about:
        cells[place] = words.get((column, plain(cells[place])), cells[place])
    return tuple(cells)


def has_choices(field: Field) -> bool:
    """Whether a column's values are one of a few, so that other people's words for them can be named once."""
    return isinstance(field, Choice | YesNo) and not isinstance(field, Choices)


def strange_values(declared: Import, table: Table) -> dict[str, list[str]]:
    """By column, the values that stand for none of its choices."""
    found: dict[str, list[str]] = {}
    places = {key: place for place, key in enumerate(table.rows[0].keys)}
    for field in declared.fields:
        if field.name not in table.columns or not has_choices(field):
            continue
        place = places[field.name]
        for value in dict.fromkeys(row.values[place] for row in table.rows):
            if value and _problem(field, value) and len(found.get(field.name, [])) < MOST_VALUES:
                found.setdefault(field.name, []).append(value)
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
