"""What every table shares: UUIDv7 ids, moments in UTC, and a declaration per column of whether it is personal.

``personal=True`` means the value is about an identifiable person; ``why`` says why a column on a table about
people is not. House tests read both from ``column.info``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CheckConstraint, Date, DateTime, String, Text, Uuid
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

from phbportal.domain.text import search_key


def new_id() -> UUID:
    """A UUIDv7: unique, and in order of making."""
    return uuid_utils.compat.uuid7()


class Moment(TypeDecorator[datetime]):
    """A point in time, always UTC-aware; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment must carry its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Stored normalised and compared byte by byte, so that an index serves prefixes and keysets on both databases.
SortText = String(200).with_variant(String(200, collation="C"), "postgresql")


def _info(personal: bool, why: str) -> dict[str, Any]:
    return {"info": {"personal": personal, "why": why}}


def text(
    personal: bool = False, why: str = "", *, length: int = 200, unique: bool = False, index: bool = False,
    default: Any = ...,
) -> Any:  # fmt: skip
    """Short text, never null; ``default=None`` on an Optional annotation makes it nullable."""
    return Field(
        default=default, sa_type=String(length), unique=unique, index=index, nullable=default is None,
        sa_column_kwargs=_info(personal, why),
    )  # fmt: skip


def long_text(personal: bool = False, why: str = "", *, default: Any = "") -> Any:
    return Field(default=default, sa_type=Text, nullable=default is None, sa_column_kwargs=_info(personal, why))


def sort_text(personal: bool = False, why: str = "", *, index: bool = False, of: str = "") -> Any:
    """Normalised text to search and sort by: NOT NULL, bytewise. ``of`` names the column it is folded from whenever a
    row is made; whoever changes that column changes both."""
    extra: dict[str, Any] = {"default": _folded(of)} if of else {}
    return Field(sa_type=SortText, nullable=False, index=index, sa_column_kwargs={**_info(personal, why), **extra})


def _folded(column: str) -> Callable[[Any], str]:
    return lambda context: search_key(context.get_current_parameters()[column])[:200]


def whole(personal: bool = False, why: str = "", *, default: Any = ...) -> Any:
    return Field(default=default, nullable=default is None, sa_column_kwargs=_info(personal, why))


def pence(why: str = "an amount of money", *, default: Any = ...) -> Any:
    """Integer pence, 64 bits."""
    from sqlalchemy import BigInteger

    return Field(default=default, sa_type=BigInteger, nullable=default is None, sa_column_kwargs=_info(False, why))


def yes_no(personal: bool = False, why: str = "", *, default: Any = False) -> Any:
    return Field(default=default, nullable=default is None, sa_column_kwargs=_info(personal, why))


def day(personal: bool = False, why: str = "", *, default: Any = ..., index: bool = False) -> Any:
    return Field(
        default=default, sa_type=Date, nullable=default is None, index=index, sa_column_kwargs=_info(personal, why)
    )


def moment(personal: bool = False, why: str = "", *, default: Any = None, index: bool = False) -> Any:
    return Field(
        default=default, sa_type=Moment, nullable=default is None, index=index, sa_column_kwargs=_info(personal, why)
    )


def link(to: str, personal: bool = False, why: str = "a link", *, default: Any = ..., index: bool = True) -> Any:
    """A foreign key to ``table.id``."""
    return Field(
        default=default, sa_type=Uuid, foreign_key=f"{to}.id", nullable=default is None, index=index,
        sa_column_kwargs=_info(personal, why),
    )  # fmt: skip


def bare_id(personal: bool = False, why: str = "an id without a foreign key", *, default: Any = ...) -> Any:
    """An id on an append-only row: kept even if what it names is elsewhere."""
    return Field(default=default, sa_type=Uuid, nullable=default is None, sa_column_kwargs=_info(personal, why))


def one_of(table: str, column: str, choices: type[StrEnum] | tuple[str, ...]) -> CheckConstraint:
    """A CHECK that keeps a text column to its codes."""
    codes = ", ".join(f"'{c}'" for c in (choices if isinstance(choices, tuple) else [m.value for m in choices]))
    return CheckConstraint(f"{column} IN ({codes})", name=f"ck_{table}_{column}")


def positive(table: str, column: str, *, zero: bool = True) -> CheckConstraint:
    return CheckConstraint(f"{column} {'>=' if zero else '>'} 0", name=f"ck_{table}_{column}_positive")


def key() -> Any:
    return Field(
        default_factory=new_id, primary_key=True, sa_type=Uuid, nullable=False,
        sa_column_kwargs=_info(False, "a random id"),
    )  # fmt: skip


class Row(SQLModel):
    """An append-only or technical row: an id and when it was made."""

    id: UUID = key()
    created_at: datetime = moment(why="when the row was made", default=...)
    created_by: UUID | None = bare_id(why="the user who made it", default=None)


class Record(Row):
    """A row that changes: who last did, when, and a version that every change raises."""

    updated_at: datetime = moment(why="when the row last changed", default=...)
    updated_by: UUID | None = bare_id(why="the user who changed it", default=None)
    row_version: int = whole(why="counts changes", default=1)


__all__ = ["UUID", "CheckConstraint", "Moment", "Record", "Row", "date", "datetime"]
