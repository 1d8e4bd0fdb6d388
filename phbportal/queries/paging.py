"""Newest first, a page at a time, by keyset: what every long list of a record uses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, tuple_
from sqlalchemy.orm import Session

from phbportal.queries.kept import MOST_KEPT, at_most


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
    session: Session, statement: Select[*tuple[Any, ...]], keys: Sequence[Any], values: dict[str, Any], *,
    place: Place, size: int,
) -> Slice:  # fmt: skip
    """One page of a kept statement by columns that end in a unique one. The rows must begin with those columns.

    ``keys`` are dates and ids only: that is what a cursor can hold. ``values`` are those of the statement's parameters.
    """
    backwards = place.direction == "newer"
    page = _page(statement, tuple(keys), len(_read(place.cursor)) if place.cursor else 0, backwards, size + 1)
    here = {f"at_{n}": value for n, value in enumerate(_read(place.cursor))} if place.cursor else {}
    found = session.connection().execute(page, {**values, **here}).all()
    more, rows = len(found) > size, list(found[:size])
    if backwards:
        rows.reverse()
    newer = _cursor(rows[0], len(keys)) if rows and place.cursor and (not backwards or more) else ""
    older = _cursor(rows[-1], len(keys)) if rows and (more or backwards) else ""
    return Slice(rows, newer, older)


@lru_cache(maxsize=MOST_KEPT)
def _page(
    statement: Select[*tuple[Any, ...]], keys: tuple[Any, ...], placed: int, backwards: bool, most: int
) -> Select[*tuple[Any, ...]]:
    """The statement in order, from a place on where there is one, as many rows as asked."""
    if placed:
        at: list[Any] = [bindparam(f"at_{n}", type_=key.type) for n, key in enumerate(keys)]
        here = tuple_(*at)
        statement = statement.where(tuple_(*keys) > here if backwards else tuple_(*keys) < here)
    order = [key.asc() if backwards else key.desc() for key in keys]
    return statement.order_by(*order).limit(at_most(most))


def _cursor(row: Any, keys: int) -> str:
    return json.dumps([str(value) for value in row[:keys]])


def _read(cursor: str) -> list[date | UUID]:
    return [date.fromisoformat(v) if len(v) == 10 else UUID(v) for v in json.loads(cursor)]
