"""Statements built once for each shape of who asks: building one takes longer than running it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import date
from functools import lru_cache, wraps
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Integer, SQLColumnExpression, Uuid, any_, bindparam, literal_column
from sqlalchemy.orm import Session

from phbportal.policy.actors import Actor

S = TypeVar("S")
MOST_KEPT = 512


def by_shape(build: Callable[..., S]) -> Callable[..., S]:
    """Keep what ``build(actor, today, *shape)`` returns, by the shape, the day, and what a scope asks of the actor.

    What differs from call to call must be bind parameters of the statement, never values in it. Run it with
    ``session.connection().execute(statement, values)``. Not for tables of ``scope.ASKS_WHO``.
    """
    return by_shape_of(lambda *shape: False)(build)


def by_shape_of(asks_who: Callable[..., bool]) -> Callable[[Callable[..., S]], Callable[..., S]]:
    """The same where a shape's scope may ask who among the staff is asking: ``asks_who(*shape)`` says whether."""

    def keep(build: Callable[..., S]) -> Callable[..., S]:
        kept = lru_cache(maxsize=MOST_KEPT)(build)

        @wraps(build)
        def statement(actor: Actor, today: date, *shape: Hashable) -> S:
            seen = as_scope_sees(actor)
            return kept(replace(seen, user_id=actor.user_id) if asks_who(*shape) else seen, today, *shape)

        return statement

    return keep


def as_scope_sees(actor: Actor) -> Actor:
    """The actor without what no scope asks: staff are told apart by role and board alone."""
    return replace(
        actor, display_name="", assignment_id=None, session_handle=None, sign_off_limit_pence=None, step_up_until=None,
        user_id=None if actor.is_staff else actor.user_id,
    )  # fmt: skip


def has_arrays(session: Session) -> bool:
    """Whether this database takes a list as one parameter; part of the shape of a statement with ``among``."""
    return session.get_bind().dialect.name == "postgresql"


def among(column: SQLColumnExpression[UUID], name: str, *, arrays: bool) -> ColumnElement[bool]:
    """That a column is one of the ids of the list parameter ``name``.

    As one array where the database has them: fifty parameters take the driver longer to write out than the database
    takes to answer.
    """
    if arrays:
        return column == any_(bindparam(name, type_=ARRAY(Uuid())))
    return column.in_(bindparam(name, expanding=True))


def at_most(rows: int) -> ColumnElement[int]:
    """A LIMIT that stands in the statement itself. Of a parameter PostgreSQL only guesses how few rows it means, so it
    plans the statement anew each time: that takes longer than reading them."""
    return literal_column(str(int(rows)), Integer())


def itself(value: date | UUID) -> ColumnElement[Any]:
    """A day or an id that stands in the statement, for the same reason: a statement is kept for each day and board."""
    if isinstance(value, UUID):
        return literal_column(f"'{value.hex}'", Uuid())  # as SQLite keeps it, and PostgreSQL reads it
    return literal_column(f"'{value:%Y-%m-%d}'", Date())
