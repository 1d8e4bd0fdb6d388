"""How things are counted for a dashboard: in the actor's scope, in one statement, no further than a thousand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from phbportal.domain.figures import MOST_COUNTED

Whole = Select[*tuple[Any, ...]]


def capped(found: Whole) -> Whole:
    """A statement that counts rows and stops one after a thousand."""
    return select(func.count()).select_from(found.limit(MOST_COUNTED + 1).subquery())


def number(session: Session, statement: Whole, **values: Any) -> int:
    """The one whole number a statement finds; nothing found is nought."""
    return session.connection().execute(statement, values).scalar_one() or 0


def by_code(session: Session, statement: Whole, **values: Any) -> dict[Any, int]:
    """What a statement of two columns finds: a number by its code or month."""
    return {code: found for code, found in session.connection().execute(statement, values).all()}  # noqa: C416 - rows
