"""The statements behind a list: scope, search, conditions, order and place, built once for each shape of them.

What differs from call to call are bind parameters; building a statement takes longer than running it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    literal,
    not_,
    or_,
    select,
    tuple_,
    union_all,
)

from phbportal.admin.fields import Link
from phbportal.admin.ops import Op
from phbportal.admin.registry import asks_who, resource_of
from phbportal.admin.resource import Resource
from phbportal.policy.actors import Actor
from phbportal.queries.kept import at_most, by_shape_of
from phbportal.queries.scope import visible

_MOST = bindparam("most", type_=Integer())
Conditions = tuple[tuple[str, Op], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """What a list's statement depends on, without its values.

    ``exactly`` are the columns of an exact search, any of which may hold what was typed; ``prefixed`` says that a
    beginning of a name is searched, ``parts`` how many beginnings of its words; ``sort`` is a field's name or "id";
    ``phase`` is which of the search columns the page before ended in (0 for the first page).
    """

    names: tuple[str, ...]
    conditions: Conditions = ()
    exactly: tuple[str, ...] = ()
    prefixed: bool = False
    sort: str = "id"
    descending: bool = False
    backwards: bool = False
    placed: bool = False
    phase: int = 0
    within: str = ""
    """A column that must hold the bind parameter ``within``: the rows of a related list."""
    parts: int = 0
    most: int = 0
    """How many rows a page holds; 0 where the bind parameter ``most`` says it."""


@by_shape_of(asks_who)
def rows(actor: Actor, today: date, code: str, shape: Shape) -> Select[*tuple[Any, ...]]:
    """One page: phase, sort value, id, then the columns of the fields named."""
    resource = resource_of(code)
    if not (shape.prefixed and shape.phase >= 0):
        return _plain(actor, today, resource, shape)
    return _by_relevance(actor, today, resource, shape)


@by_shape_of(asks_who)
def counted(actor: Actor, today: date, code: str, shape: Shape) -> Select[*tuple[Any, ...]]:
    """How many rows match, counted no further than ``most``."""
    resource = resource_of(code)
    found = select(resource.column("id")).where(*_conditions(actor, today, resource, shape)).limit(_MOST)
    return select(func.count()).select_from(found.subquery())


@by_shape_of(asks_who)
def ids(actor: Actor, today: date, code: str, shape: Shape) -> Select[*tuple[Any, ...]]:
    """The ids of all rows that match, no more than ``most``."""
    resource = resource_of(code)
    where = _conditions(actor, today, resource, shape)
    return select(resource.column("id")).where(*where).order_by(resource.column("id")).limit(_MOST)


@by_shape_of(asks_who)
def place(actor: Actor, today: date, code: str, shape: Shape) -> Select[*tuple[Any, ...]]:
    """Where a row in sight stands in a list's order, whether it still matches or not: phase, sort value, id.

    The phase is 0 where no search column begins with the key any more.
    """
    resource = resource_of(code)
    own, key = resource.column("id"), resource.column(resource.key)
    phase, sort = literal(0), own if shape.sort == "id" else _sort_column(resource, shape.sort)
    if shape.prefixed and shape.phase >= 0:
        begins = [(_begins(resource, name), name) for name in resource.search]
        phase = case(*[(begun, number) for number, (begun, _name) in enumerate(begins, 1)], else_=0)
        sort = case(*[(begun, resource.column(name)) for begun, name in begins], else_="")
    return select(phase.label("phase"), sort.label("sort"), own.label("row_id")).where(
        key == bindparam("row_key", type_=key.type), visible(actor, resource.table, today)
    )


@by_shape_of(asks_who)
def beside(actor: Actor, today: date, code: str, shape: Shape) -> Select[*tuple[Any, ...]]:
    """The row before a place and the row after it: whether it is the one after, then what ``rows`` reads."""
    resource = resource_of(code)
    build = _by_relevance if shape.prefixed and shape.phase >= 0 else _plain
    ways = [
        select(literal(way), build(actor, today, resource, replace(shape, placed=True, backwards=way == 0)).subquery())
        for way in (0, 1)
    ]
    return select(union_all(*ways).subquery())


def _sort_column(resource: Resource, name: str) -> Any:
    return resource.column("id" if name == "id" else resource.field(name).sort_column())


def _conditions(actor: Actor, today: date, resource: Resource, shape: Shape) -> list[ColumnElement[bool]]:
    found = [visible(actor, resource.table, today)]
    for n, (name, op) in enumerate(shape.conditions):
        found.append(resource.field(name).holds(actor, today, resource.table, op, n))
    if shape.within:
        column = resource.column(shape.within)
        found.append(column == bindparam("within", type_=column.type))
    if shape.exactly:
        found.append(or_(*[_exactly(resource.column(name), n) for n, name in enumerate(shape.exactly)]))
    elif shape.parts:
        found += [_part(resource.column(resource.search[0]), n) for n in range(shape.parts)]
    elif shape.prefixed:
        through = [_through(actor, today, resource, name) for name in resource.search_through]
        found.append(or_(*[_begins(resource, name) for name in resource.search], *through))
    return found


def _through(actor: Actor, today: date, resource: Resource, name: str) -> ColumnElement[bool]:
    """The row a link names begins with the key, and is in the actor's sight."""
    field = resource.field(name)
    assert isinstance(field, Link)
    other = resource_of(field.to)
    begins = or_(*[_begins(other, column) for column in other.search])
    theirs = select(other.column("id")).where(visible(actor, other.table, today), begins)
    return resource.column(name).in_(theirs)


def _exactly(column: Any, n: int) -> ColumnElement[bool]:
    """One of two, which may be the same: a list as long as may be would be written out anew each time."""
    one, other = (bindparam(name, type_=column.type) for name in (f"exactly{n}", f"exactly{n}_or"))
    return or_(column == one, column == other)


def _part(column: Any, n: int) -> ColumnElement[bool]:
    """A word of the column begins so: its first, or one after a space."""
    first, other = bindparam(f"part{n}", type_=String()), bindparam(f"part{n}_in", type_=String())
    return or_(column.like(first, escape="\\"), column.like(other, escape="\\"))


def _begins(resource: Resource, name: str) -> ColumnElement[bool]:
    column = resource.column(name)
    return and_(column >= bindparam("key", type_=String()), column < bindparam("key_end", type_=String()))


def _columns(resource: Resource, shape: Shape, phase: int, sort: Any) -> Select[*tuple[Any, ...]]:
    read = [resource.column(c) for name in shape.names for c in resource.field(name).columns()]
    if resource.key != "id":
        read.append(resource.column(resource.key))
    return select(
        literal(phase).label("phase"), sort.label("sort"), resource.column("id").label("row_id"),
        *[column.label(f"v{n}") for n, column in enumerate(read)],
    )  # fmt: skip


def _most(rows: int) -> ColumnElement[int]:
    return at_most(rows) if rows else _MOST


def _placed(statement: Any, sort: Any, own: Any, down: bool, placed: bool, most: int) -> Any:
    if placed:
        by_id = sort is own
        at: Any = (
            bindparam("at_id", type_=Uuid())
            if by_id
            else tuple_(bindparam("at", type_=sort.type), bindparam("at_id", type_=Uuid()))
        )
        here: Any = own if by_id else tuple_(sort, own)
        statement = statement.where(here < at if down else here > at)
    order = [own] if sort is own else [sort, own]
    return statement.order_by(*[c.desc() if down else c.asc() for c in order]).limit(_most(most))


def _plain(actor: Actor, today: date, resource: Resource, shape: Shape) -> Select[*tuple[Any, ...]]:
    own = resource.column("id")
    sort = own if shape.sort == "id" else _sort_column(resource, shape.sort)
    statement = _columns(resource, shape, 0, sort).where(*_conditions(actor, today, resource, shape))
    return _placed(statement, sort, own, shape.descending is not shape.backwards, shape.placed, shape.most)


def _by_relevance(actor: Actor, today: date, resource: Resource, shape: Shape) -> Select[*tuple[Any, ...]]:
    """Rows whose first search column begins with the key, then those whose second does: each is one range of one
    index, and all are read at once."""
    whole = Shape(shape.names, shape.conditions, within=shape.within)
    always = _conditions(actor, today, resource, whole)
    parts: list[Any] = []
    earlier: list[ColumnElement[bool]] = []
    for number, name in enumerate(resource.search, 1):
        begins = _begins(resource, name)
        wanted = number <= shape.phase if shape.backwards else number >= shape.phase
        if wanted or not shape.phase:
            column = resource.column(name)
            part = _columns(resource, shape, number, column).where(*always, begins, *[not_(e) for e in earlier])
            placed = shape.placed and shape.phase == number
            parts.append(_placed(part, column, resource.column("id"), shape.backwards, placed, shape.most))
        earlier.append(begins)
    if len(parts) == 1:
        return parts[0]
    every = union_all(*(select(part.subquery()) for part in parts)).subquery()
    order = (every.c.phase, every.c.sort, every.c.row_id)
    return select(every).order_by(*[c.desc() for c in order] if shape.backwards else order).limit(_most(shape.most))
