"""Newest first, a page at a time, by keyset: what every long list of a record uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import Mapped, Session


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a list: the cursor of the row beyond which to read ("" for the top), and which way."""

    cursor: str = ""
    direction: str = ""


TOP = Place()


@dataclass(frozen=True, slots=True)
class Slice:
    """Rows in reading order, and the cursors either way ("" where there is no more)."""

    rows: Sequence[Any]
    newer: str
    older: str


def newest_first(
    session: Session, statement: Select[*tuple[Any, ...]], keys: Sequence[Mapped[Any]], *, place: Place, size: int
) -> Slice:
    """One page of a statement by columns that end in a unique one. The rows must begin with those columns.

    ``keys`` are dates and ids only: that is what a cursor can hold.
    """
    backwards = place.direction == "newer"
    if place.cursor:
        here = tuple_(*_read(place.cursor))
        statement = statement.where(tuple_(*keys) > here if backwards else tuple_(*keys) < here)
    order = [key.asc() if backwards else key.desc() for key in keys]
    found = session.execute(statement.order_by(*order).limit(size + 1)).all()
    more, rows = len(found) > size, list(found[:size])
    if backwards:
        rows.reverse()
    newer = _cursor(rows[0], len(keys)) if rows and place.cursor and (not backwards or more) else ""
    older = _cursor(rows[-1], len(keys)) if rows and (more or backwards) else ""
    return Slice(rows, newer, older)


def _cursor(row: Any, keys: int) -> str:
    return json.dumps([str(value) for value in row[:keys]])


def _read(cursor: str) -> list[date | UUID]:
    return [date.fromisoformat(v) if len(v) == 10 else UUID(v) for v in json.loads(cursor)]
