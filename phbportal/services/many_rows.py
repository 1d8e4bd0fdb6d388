"""Many new rows of a table at once: by COPY on PostgreSQL, by one prepared statement on SQLite.

The one way in which more than a handful of rows is written. The transaction is the caller's, and so are ids and stamps.
Checks, links, unique values and triggers are the database's, and hold here as for a row by itself. Asks no leave: the
service that calls it has.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import repeat
from operator import is_, itemgetter
from types import MappingProxyType
from typing import Any, TypeVar
from uuid import UUID

import psycopg
import uuid_utils
from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    String,
    Table,
    Text,
    Uuid,
    any_,
    bindparam,
    func,
    insert,
    literal,
    update,
)  # fmt: skip
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from phbportal.tables.base import Moment, Row

T = TypeVar("T")
_NO_MORE: Mapping[str, Any] = MappingProxyType({})
BATCH = 1000
"""Values of one statement that asks for many."""
AT_A_TIME = 4_000
"""Rows that are in memory a second time, as they are sent."""
_NOTHING = r"\N"
_APART = re.compile(r"[\\\t\n\r]")
_AS_SENT = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def parts_of(many: Sequence[T], most: int = BATCH) -> Iterator[Sequence[T]]:
    """Pieces of a long list: a statement takes only so many values."""
    for start in range(0, len(many), most):
        yield many[start : start + most]


def is_among(session: Session, column: Any, values: Sequence[Any]) -> ColumnElement[bool]:
    """That a column is one of many values: one parameter where the database takes a list for one."""
    if session.get_bind().dialect.name == "postgresql":
        return column == any_(_as_list(column, values))
    return column.in_(values)


def insert_many(session: Session, of: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows of a table. Each holds a value for the same columns: all that may not be empty (ValueError, KeyError).
    Rows that nothing points to may leave their ``id`` out. Raises DBAPIError as any statement does; then nothing of the
    transaction is kept."""
    many_ready(session, of, rows)()


def many_ready(session: Session, of: type[Row], rows: Sequence[Mapping[str, Any]]) -> Callable[[], None]:
    """The same in two halves: now rows become what the database is sent, which takes less room; what is returned sends
    it. The session is not used until then, so that something else may go on in it."""
    if not rows:
        return _do_nothing
    if any(len(row) != len(rows[0]) for row in rows):
        raise ValueError(f"rows of {_table(of).name} differ in their columns")
    return columns_ready(session, of, {name: [*map(itemgetter(name), rows)] for name in rows[0]})


def columns_ready(
    session: Session, of: type[Row], columns: Mapping[str, Sequence[Any]], same: Mapping[str, Any] = _NO_MORE
) -> Callable[[], None]:  # fmt: skip
    """The same of rows that are given column by column, all equally long; ``same`` is what further columns hold in
    every row."""
    table, dialect = _table(of), session.get_bind().dialect
    names = [column.name for column in table.columns if column.name in columns]
    alike = [column.name for column in table.columns if column.name in same]
    if len(names) != len(columns) or not same.keys().isdisjoint(names):
        raise ValueError(f"rows of {table.name} differ in their columns")
    own = [] if "id" in names else ["id"]
    said = _in_words if dialect.name == "postgresql" else partial(_bound, dialect)
    end = [said(table.c[name], [same[name]])[0] for name in alike]

    def sent(start: int) -> dict[str, list[Any]]:
        given = {name: said(table.c[name], [*columns[name][start : start + AT_A_TIME]]) for name in names}
        return {name: _new_ids(given[names[0]]) for name in own} | given

    parts = map(sent, range(0, len(columns[names[0]]), AT_A_TIME))
    if dialect.name == "postgresql":
        quote = dialect.identifier_preparer.quote
        copy = f"COPY {quote(table.name)} ({', '.join(map(quote, own + names + alike))}) FROM STDIN"
        line_end = "".join(f"\t{word}" for word in end) + "\n"
        texts = [line_end.join(map("\t".join, zip(*part.values(), strict=True))) + line_end for part in parts]
        return partial(_copy, session, copy, texts)
    in_order = [column.name for column in table.columns if column.name in {*own, *names, *alike}]
    statement = str(insert(table).values(dict.fromkeys(in_order)).compile(dialect=dialect))

    def whole(part: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
        many = len(part[names[0]])
        part |= {name: [value] * many for name, value in zip(alike, end, strict=True)}
        return [*zip(*(part[name] for name in in_order), strict=True)]

    return partial(_insert, session, statement, [*map(whole, parts)])


def update_many(session: Session, of: type[Row], rows: Sequence[Mapping[str, Any]]) -> None:
    """Change rows of a table, each by its ``id``: a statement for all that change the same columns. What was read of
    them must be locked by the caller, who also counts their versions on."""
    update_in(session, _table(of), rows)


def update_in(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """The same for a table that is known by its name alone."""
    alike: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
    for row in rows:
        alike.setdefault(tuple(sorted(row)), []).append(row)
    session.flush()
    connection = session.connection()
    for names, same in alike.items():
        others = [name for name in names if name != "id"]
        for part in parts_of(same, AT_A_TIME):
            if connection.dialect.name == "postgresql":
                values = [_as_list(table.c[name], [row[name] for row in part]) for name in names]
                new = func.unnest(*values).table_valued(*names).render_derived(name="new")
                change = update(table).where(table.c.id == new.c.id)
                connection.execute(change.values({name: new.c[name] for name in others}))
                continue
            change = update(table).where(table.c.id == bindparam("row_id"))
            connection.execute(
                change.values({name: bindparam(f"new_{name}") for name in others}),
                [{"row_id": row["id"], **{f"new_{name}": row[name] for name in others}} for row in part],
            )


def _table(of: type[Row]) -> Table:
    of_any: Any = of
    return of_any.__table__


def _as_list(column: Any, values: Sequence[Any]) -> ColumnElement[Any]:
    """Values of a column as one parameter. Text without a length: a list of VARCHAR(10) would cut what is longer."""
    is_text = any(isinstance(value, str) for value in values)
    return literal(list(values), ARRAY(Text() if is_text else column.type))


def _do_nothing() -> None:
    """Nothing is to be written."""


def _new_ids(rows: Sequence[object]) -> list[str]:
    """New ids, as ``new_id`` makes them, for rows that nobody asks for by theirs: as both databases take them, at a
    fifth of the time."""
    return [uuid_utils.uuid7().hex for _ in rows]


def _insert(session: Session, statement: str, values: Sequence[list[Any]]) -> None:
    session.flush()
    for part in values:
        session.connection().exec_driver_sql(statement, part)


def _bound(dialect: Dialect, column: Column[Any], values: list[Any]) -> list[Any]:
    """A column's values as its type gives them to the driver."""
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return _each(bind, values) if bind else values


def _copy(session: Session, statement: str, texts: Sequence[str]) -> None:
    session.flush()
    driver: Any = session.connection().connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for text in texts:
                copy.write(text)
    except psycopg.Error as error:
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error


def _in_words(column: Column[Any], values: list[Any]) -> list[str]:
    """A column's values as COPY reads them."""
    said = next(said for kind, said in _WORDS if isinstance(column.type, kind))
    if said is _id:
        return _each(_id, values)
    if said is _text and None not in values:
        # Most texts hold nothing that must be set apart: one look at all of them is enough.
        return values if _APART.search("".join(values)) is None else [_text(value) for value in values]
    return _each(lambda value: _NOTHING if value is None else said(value), values)


def _each(act: Callable[[Any], Any], values: list[Any]) -> list[Any]:
    """An act on every value; once where all are one, as in most columns of a file."""
    first = values[0]
    if all(map(is_, values, repeat(first))):
        return [act(first)] * len(values)
    return [act(value) for value in values]


def _id(value: UUID | None) -> str:
    return _NOTHING if value is None else f"{value.int:032x}"  # quicker than its ``hex``


def _text(value: str) -> str:
    return value.translate(_AS_SENT)


@lru_cache(maxsize=20_000)
def _day(value: Any) -> str:
    return value.isoformat()


_WORDS: tuple[tuple[type[Any], Callable[[Any], str]], ...] = (
    (Uuid, _id), (String, _text), (Boolean, lambda value: "t" if value else "f"),
    (Integer, str), (Date, _day), (Moment, lambda value: value.isoformat()),
)  # fmt: skip
