"""One page of a list as ready text: headings, rows, and the way on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal.admin import select
from phbportal.admin.asked import Asked, Searched, compared, understand
from phbportal.admin.cells import cells_of
from phbportal.admin.fields import Field
from phbportal.admin.heads import Head
from phbportal.admin.resource import Resource
from phbportal.admin.select import Shape
from phbportal.admin.sight import seen, sees
from phbportal.domain.text import plural
from phbportal.policy.actors import Actor

MOST_COUNTED = 1000
NOT_SEARCHED = Searched()


@dataclass(frozen=True)
class Listed:
    """Headings, and rows: the key, then cells as the headings say. Cursors are "" where there is no more."""

    heads: list[Head]
    rows: list[list[str]]
    before: str
    after: str
    nothing: str
    ids: tuple[UUID, ...] = ()
    unseen: bool = False
    searched: Searched = NOT_SEARCHED


@dataclass(frozen=True, slots=True)
class Order:
    name: str
    descending: bool
    chosen: bool


def columns_of(actor: Actor, resource: Resource, asked: Asked) -> tuple[Field, ...]:
    """The columns a list shows: those asked for, else those declared; never one the actor may not see.

    The title always stands first: it leads to the record.
    """
    names = tuple(n for n in asked.columns if n in resource.by_name) or resource.columns
    return seen(actor, resource, (resource.title, *[n for n in names if n != resource.title]))


def list_page(
    session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, *, within: tuple[str, Any] = ("", 0)
) -> Listed:
    """One page. Statements: one for the rows, one for each link or computed column. Raises Refusal for a condition
    that cannot be read."""
    columns = columns_of(actor, resource, asked)
    searched = understand(session, actor, today, resource, asked.search)
    order = order_of(actor, resource, asked.sort)
    values = {**compared(actor, resource, asked.conditions), **searched.values()}
    relevance = bool(searched.key) and not order.chosen and not resource.search_through
    place = _read_cursor(asked.cursor, _order_words(order, relevance))
    shape = Shape(
        tuple(c.name for c in columns), tuple((c.field, c.op) for c in asked.conditions), searched.exactly,
        bool(searched.key), order.name, order.descending, asked.direction == "before" and place is not None,
        place is not None,
        (place[0] if place else 0) if relevance else -1, within[0],
        len(searched.parts), asked.size + 1,
    )  # fmt: skip
    if within[0]:
        values["within"] = within[1]
    if place is not None:
        values |= {"at": _typed(resource, order.name, place[1], relevance), "at_id": UUID(place[2])}
    found: list[Any] = []
    if not searched.hopeless:
        found = list(session.connection().execute(select.rows(actor, today, resource.code, shape), values).all())
    more, found = len(found) > asked.size, found[: asked.size]
    if shape.backwards:
        found.reverse()
    words = _order_words(order, relevance)
    first = _cursor(found[0], words) if found and place is not None and (not shape.backwards or more) else ""
    last = _cursor(found[-1], words) if found and (more or shape.backwards) else ""
    heads, rows = cells_of(session, actor, today, resource, columns, found)
    return Listed(
        _sorted_heads(resource, columns, heads, order), rows, first, last, _nothing(asked, searched.nothing),
        tuple(row.row_id for row in found), searched.unseen, searched,
    )  # fmt: skip


def count_words(session: Session, actor: Actor, today: date, resource: Resource, asked: Asked) -> str:
    """How many match: "120 people", or "more than 1,000". One statement, which stops there."""
    count, many = how_many(session, actor, today, resource, asked, MOST_COUNTED + 1), resource.several
    if count is None:
        return ""
    return f"more than {MOST_COUNTED:,} {many}" if count > MOST_COUNTED else plural(count, resource.one, many)


def how_many(
    session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, most: int
) -> int | None:  # fmt: skip
    """How many match, counted no further than ``most``; None where what was typed can find nothing. One statement."""
    searched = understand(session, actor, today, resource, asked.search)
    if searched.hopeless:
        return None
    shape = whole_shape(asked, searched)
    values = {**compared(actor, resource, asked.conditions), **searched.values(), "most": most}
    return session.connection().execute(select.counted(actor, today, resource.code, shape), values).scalar_one()


def matching(session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, most: int) -> list[UUID]:
    """The ids of everything a list holds on all its pages, no more than ``most`` + 1. One statement."""
    searched = understand(session, actor, today, resource, asked.search)
    if searched.hopeless:
        return []
    shape = whole_shape(asked, searched)
    values = {**compared(actor, resource, asked.conditions), **searched.values(), "most": most + 1}
    return list(session.connection().execute(select.ids(actor, today, resource.code, shape), values).scalars())


def whole_shape(asked: Asked, searched: Searched) -> Shape:
    """The shape of all that matches, on whatever page."""
    conditions = tuple((c.field, c.op) for c in asked.conditions)
    return Shape(
        (), conditions, searched.exactly, bool(searched.key), phase=-1, parts=len(searched.parts)
    )  # fmt: skip


def order_of(actor: Actor, resource: Resource, sort: str) -> Order:
    name = sort.removeprefix("-")
    if name in resource.sorts and sees(actor, resource.field(name)):
        return Order(name, sort.startswith("-"), True)
    usual = resource.order
    return Order(usual.removeprefix("-"), usual.startswith("-"), False)


def _sorted_heads(resource: Resource, columns: Sequence[Field], heads: list[Head], order: Order) -> list[Head]:
    found: list[Head] = []
    for column, head in zip(columns, heads, strict=True):
        if column.name not in resource.sorts:
            found.append(head)
            continue
        is_it = column.name == order.name
        direction = ("descending" if order.descending else "ascending") if is_it else "none"
        sort = f"-{column.name}" if is_it and not order.descending else column.name
        found.append(replace(head, sort=sort, direction=direction))
    return found


def _nothing(asked: Asked, words: str) -> str:
    if asked.conditions:
        return "Nothing matches all of the filters. Take one away, or change it."
    return words


def _order_words(order: Order, relevance: bool) -> str:
    """The order a place belongs to: in another order it is no place."""
    return "" if relevance else f"{'-' if order.descending else ''}{order.name}"


def _cursor(row: Any, order: str) -> str:
    value = row.sort.isoformat() if isinstance(row.sort, date | datetime) else row.sort
    place = [order, row.phase, str(value) if isinstance(value, UUID) else value, str(row.row_id)]
    return json.dumps(place, ensure_ascii=False, separators=(",", ":"))


def _read_cursor(cursor: str, order: str) -> tuple[int, Any, str] | None:
    """The place a page ended at; None for none, and for a place in another order."""
    if not cursor:
        return None
    made_for, phase, value, row_id = json.loads(cursor)
    return (int(phase), value, str(row_id)) if made_for == order else None


def _typed(resource: Resource, name: str, value: Any, relevance: bool) -> Any:
    """A cursor's sort value in its column's type."""
    if relevance or name == "id":
        return value
    kind = resource.column(resource.field(name).sort_column()).type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind is date else value
