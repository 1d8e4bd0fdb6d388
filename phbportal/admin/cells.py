"""From rows to ready text: each field shows its own values; links and computed words are found for a whole page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from phbportal.admin.addresses import record_address
from phbportal.admin.fields import Computed, Field, Link
from phbportal.admin.heads import Head
from phbportal.admin.registry import asks_who, resource_of
from phbportal.admin.resource import Resource
from phbportal.policy.actors import Actor
from phbportal.queries.kept import among, by_shape_of, has_arrays
from phbportal.queries.scope import visible

Found = tuple[str, str]
"""A text, and the address it leads to ("" for none)."""
_NOTHING: Found = ("", "")


@by_shape_of(asks_who)
def _titles(actor: Actor, today: date, code: str, arrays: bool) -> Select[*tuple[Any, ...]]:
    resource = resource_of(code)
    read = [resource.column(name) for name in resource.field(resource.title).columns()]
    own, key = resource.column("id"), resource.column(resource.key)
    return select(own.label("row_id"), key.label("row_key"), *[c.label(f"v{n}") for n, c in enumerate(read)]).where(
        among(own, "ids", arrays=arrays), visible(actor, resource.table, today)
    )


def titles(session: Session, actor: Actor, today: date, code: str, ids: Sequence[UUID]) -> dict[UUID, Found]:
    """What rows of a resource are called and where their records are, as far as the actor may see them."""
    if not ids:
        return {}
    resource = resource_of(code)
    field = resource.field(resource.title)
    statement = _titles(actor, today, code, has_arrays(session))
    found = session.connection().execute(statement, {"ids": list(set(ids))}).all()
    return {row.row_id: (field.show(*row[2:]), record_address(resource, row.row_key)) for row in found}


def values_of(resource: Resource, columns: Sequence[Field], row: Any) -> list[tuple[Any, ...]]:
    """A row's values, field by field. The row begins with phase, sort and id."""
    found: list[tuple[Any, ...]] = []
    at = 3
    for column in columns:
        n = len(column.columns())
        found.append(tuple(row[at : at + n]))
        at += n
    return found


def elsewhere(
    session: Session, actor: Actor, today: date, columns: Sequence[Field], ids: Sequence[UUID],
    values: Sequence[Sequence[tuple[Any, ...]]],
) -> dict[str, Mapping[UUID, Any]]:  # fmt: skip
    """What links and computed fields show for these rows: one statement each."""
    links = {
        column.name: [row[n][0] for row in values if row[n][0] is not None]
        for n, column in enumerate(columns)
        if isinstance(column, Link)
    }
    return _loaded(session, actor, today, columns, ids, links)


def _loaded(
    session: Session, actor: Actor, today: date, columns: Sequence[Field], ids: Sequence[UUID],
    links: Mapping[str, list[UUID]],
) -> dict[str, Mapping[UUID, Any]]:  # fmt: skip
    found: dict[str, Mapping[UUID, Any]] = {}
    loaded: dict[Any, Mapping[UUID, Any]] = {}
    for column in columns:
        if isinstance(column, Link):
            found[column.name] = titles(session, actor, today, column.to, links[column.name])
        elif isinstance(column, Computed):
            if column.load not in loaded:
                loaded[column.load] = column.load(session, actor, today, ids) if ids else {}
            found[column.name] = loaded[column.load]
    return found


def shown(column: Field, row_id: UUID, values: tuple[Any, ...], found: Mapping[str, Mapping[UUID, Any]]) -> Found:
    """A field's text and address for one row."""
    if isinstance(column, Link):
        return found[column.name].get(values[0], ("", "")) if values[0] is not None else ("", "")
    if isinstance(column, Computed):
        return column.found(found[column.name].get(row_id))
    return column.show(*values), ""


def cells_of(
    session: Session, actor: Actor, today: date, resource: Resource, columns: Sequence[Field], found: Sequence[Any]
) -> tuple[list[Head], list[list[str]]]:
    """Headings, and rows as texts: the key, a cell for each column, then the addresses of the cells that lead away."""
    leads = [column for column in columns if column.cell == "link"]
    heads = [
        Head(
            column.words(), "record" if column.name == resource.title else column.cell, n,
            len(columns) + 1 + leads.index(column) if column in leads else 0, column.numeric,
            colours=column.painted(),
        )
        for n, column in enumerate(columns, 1)
    ]  # fmt: skip
    # Column by column: a list's time is mostly here.
    at, places = 3, list[int]()
    for column in columns:
        places.append(at)
        at += len(column.columns())
    links = {
        column.name: [row[place] for row in found if row[place] is not None]
        for column, place in zip(columns, places, strict=True)
        if isinstance(column, Link)
    }
    ids = [row[2] for row in found]
    others = _loaded(session, actor, today, columns, ids, links)
    keys = [str(row[-1]) for row in found] if resource.key != "id" else [str(row_id) for row_id in ids]
    texts: list[list[str]] = []
    addresses: list[list[str]] = []
    for column, place in zip(columns, places, strict=True):
        pairs = _column(column, place, found, ids, others)
        if pairs is None:
            texts.append(_own(column, place, found))
            continue
        texts.append([text for text, _address in pairs])
        if column in leads:
            addresses.append([address for _text, address in pairs])
    return heads, [list(row) for row in zip(keys, *texts, *addresses, strict=True)]


def _column(
    column: Field, place: int, found: Sequence[Any], ids: Sequence[UUID], others: Mapping[str, Mapping[UUID, Any]]
) -> list[Found] | None:
    """What links and computed fields show, row by row; None for a column that shows its own values."""
    if isinstance(column, Link):
        known = others[column.name]
        return [known.get(row[place], _NOTHING) for row in found]
    if isinstance(column, Computed):
        known, tell = others[column.name], column.found
        return [tell(known.get(row_id)) for row_id in ids]
    return None


def _own(column: Field, place: int, found: Sequence[Any]) -> list[str]:
    show, count = column.show, len(column.columns())
    if count == 1:
        return [show(row[place]) for row in found]
    return [show(*row[place : place + count]) for row in found]
