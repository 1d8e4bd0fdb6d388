"""Where invitations stand: open, used, withdrawn, or run out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, case, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.moments import LONDON
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.users import Invitation

STANDING_WORDS = {"OPEN": "Open", "USED": "Used", "WITHDRAWN": "Withdrawn", "OUT": "Run out"}


def _standing(today: date) -> Any:
    """By the day: a code that runs out today is open until midnight in the list, and says until when it works."""
    i, midnight = Invitation, datetime.combine(today, time(), LONDON).astimezone(UTC)
    return case(
        (col(i.used_at).is_not(None), "USED"),
        (col(i.withdrawn_at).is_not(None), "WITHDRAWN"),
        (col(i.expires_at) < midnight, "OUT"),
        else_="OPEN",
    )


def stands(actor: Actor, today: date, standing: Any) -> ColumnElement[bool]:
    """An invitation stands so."""
    return _standing(today) == standing


@by_shape
def _all(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    i = Invitation
    return select(col(i.id), _standing(today).label("standing")).where(
        col(i.id).in_(bindparam("ids", expanding=True)), visible(actor, i, today)
    )


def standings(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where each of these invitations stands, in words. One statement."""
    found = session.connection().execute(_all(actor, today), {"ids": list(ids)})
    return {row.id: STANDING_WORDS[row.standing] for row in found}
