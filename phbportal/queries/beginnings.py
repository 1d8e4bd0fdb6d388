"""Finding by the beginning of a folded name: a range, which an index serves on both databases."""

from __future__ import annotations

from sqlalchemy import ColumnElement, SQLColumnExpression, and_

_LAST = chr(0x10FFFF)


def begins(column: SQLColumnExpression[str], key: str) -> ColumnElement[bool]:
    """A name begins with the key."""
    return and_(column >= key, column < key + _LAST)
