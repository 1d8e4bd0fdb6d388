"""Many new rows at once: kept aside while they are put together, then written table by table.

A row at a time costs a statement and a flush each, minutes for the caseload of a large board. Asks no leave: the
service that calls it has.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from pydantic_core import PydanticUndefined

from phbportal.services.many_rows import columns_ready
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import Record, Row, new_id

_DETAILS = json.JSONEncoder(default=str, sort_keys=True)


class Ids:
    """Ids of rows, by their table: a million of them in little room."""

    def __init__(self) -> None:
        self._bytes: dict[type[Row], bytearray] = {}

    def keep(self, table: type[Row], row_id: UUID) -> None:
        """Keep one more."""
        if table not in self._bytes:
            self._bytes[table] = bytearray()
        self._bytes[table] += row_id.bytes

    def __iter__(self) -> Iterator[tuple[type[Row], UUID]]:
        for table, kept in self._bytes.items():
            for start in range(0, len(kept), 16):
                yield table, UUID(bytes=bytes(kept[start : start + 16]))

    def together(self, most: int) -> Iterator[tuple[type[Row], str]]:
        """So many ids of a table together: each as 32 letters, commas between them."""
        for table, kept in self._bytes.items():
            for start in range(0, len(kept), 16 * most):
                yield table, kept[start : start + 16 * most].hex(",", -16)


class NewRows:
    """New rows of one unit of work, stamped as ``uow.add`` stamps them. Tables are written in the order given."""

    def __init__(self, uow: UnitOfWork, *tables: type[Row]) -> None:
        self._uow = uow
        self.waiting = 0
        self.made = Ids()
        """Every row put, whether written yet or not; lines of history are none."""
        self._rows: dict[type[Row], dict[tuple[str, ...], list[Any]]] = {table: {} for table in (*tables, AuditEvent)}
        """By the columns that were given: their values, row after row. A row by itself would be one thing more for
        Python to look after."""
        self._blank = {table: _blank(table) | self._stamp(table) for table in self._rows}

    def _stamp(self, table: type[Row]) -> dict[str, Any]:
        stamp: dict[str, Any] = {"created_at": self._uow.now, "created_by": self._uow.actor.user_id}
        if issubclass(table, Record):
            stamp |= {"updated_at": self._uow.now, "updated_by": self._uow.actor.user_id}
        return stamp

    def put(self, table: type[Row], /, **values: Any) -> UUID:
        """Keep a new row until ``write``. Returns the id it will have."""
        row_id: UUID = values.setdefault("id", new_id())
        self._keep(table, values)
        self.made.keep(table, row_id)
        return row_id

    def put_with(self, table: type[Row], /, **values: Any) -> None:
        """Keep a new row that belongs to one that was put: whatever becomes of that one, becomes of it."""
        self._keep(table, values)

    def _keep(self, table: type[Row], values: dict[str, Any]) -> None:
        self.waiting += 1
        kept, given = self._rows[table], tuple(values)
        if given not in kept:
            kept[given] = []
        kept[given] += values.values()

    def record(self, kind: str, *, icb_id: UUID | None, phb_id: UUID | None = None, person_id: UUID | None = None,
               about: UUID | None = None, **details: Any) -> None:  # fmt: skip
        """One line of history, as ``uow.record`` writes it; ``about`` is the id of the row it is about."""
        actor = self._uow.actor
        self._keep(
            AuditEvent,
            {
                "kind": kind, "icb_id": icb_id, "phb_id": phb_id, "person_id": person_id, "role": actor.role.value,
                "session_handle": actor.session_handle, "about_id": about, "details": _DETAILS.encode(details),
            },
        )  # fmt: skip

    def write(self) -> None:
        """Write everything kept, table by table."""
        self.taken()()

    def taken(self) -> Callable[[], None]:
        """Let go of everything kept. Returns what writes it, table by table, when it is called."""
        writes = [
            self._ready(table, given, values) for table, kept in self._rows.items() for given, values in kept.items()
        ]
        self._rows, self.waiting = {table: {} for table in self._rows}, 0

        def write() -> None:
            for each in writes:
                each()

        return write

    def _ready(self, table: type[Row], given: tuple[str, ...], values: list[Any]) -> Callable[[], None]:
        """Rows of one table: what they were not given is in all of them what it is in a new row."""
        columns = {name: values[place :: len(given)] for place, name in enumerate(given)}
        same = {name: value for name, value in self._blank[table].items() if name not in columns}
        return columns_ready(self._uow.session, table, columns, same)


def _blank(table: type[Row]) -> dict[str, Any]:
    """The columns of a table that have a default, with it."""
    return {name: field.default for name, field in table.model_fields.items() if field.default is not PydanticUndefined}
