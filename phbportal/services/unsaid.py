"""What a unit of work has written and no line of history has told yet, row by row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from phbportal.tables.base import Row

Held = dict[str, tuple[Any, Any]]
LONGEST_CODE = 60


class Unsaid:
    """Rows that are new or changed, each with what its columns held before and hold now."""

    def __init__(self) -> None:
        self._new: dict[UUID, Row] = {}
        self._changed: dict[UUID, tuple[Row, Held]] = {}

    def added(self, row: Row) -> None:
        """A row is new: what is changed of it before it is told is part of its beginning."""
        self._new[row.id] = row

    def changed(self, row: Row, differs: Held) -> None:
        """Columns of a row changed; of two changes the first value and the last count."""
        if row.id in self._new:
            return
        held = self._changed.setdefault(row.id, (row, {}))[1]
        for name, (was, now) in differs.items():
            held[name] = (held[name][0] if name in held else was, now)

    def said(self, row: Row) -> Held:
        """A line of history is about this row: what it may tell of the columns, which are told with it."""
        self._new.pop(row.id, None)
        _row, held = self._changed.pop(row.id, (row, {}))
        return {name: pair for name, pair in held.items() if pair[0] != pair[1] and _may_be_told(row, name)}

    def left(self) -> list[tuple[Row, bool]]:
        """The rows nothing was said of, and whether each is new."""
        return [*((row, True) for row in self._new.values()), *((row, False) for row, _held in self._changed.values())]


def _may_be_told(row: Row, name: str) -> bool:
    """Codes, amounts, days and ids; never somebody's own words, and no digest or key to search by."""
    column: Any = getattr(type(row), name).property.columns[0]
    if column.type.python_type is not str:
        return True
    length = getattr(column.type, "length", None) or LONGEST_CODE + 1
    return not column.info.get("personal", True) and length <= LONGEST_CODE and not name.startswith("search_")
