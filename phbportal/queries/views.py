"""Reading a kept search."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.policy.actors import Actor
from phbportal.tables.settings import View


@dataclass(frozen=True, slots=True)
class KeptView:
    """What was typed, the place in the list (a cursor and which way from it), the conditions as JSON, the columns."""

    search: str = ""
    cursor: str = ""
    direction: str = ""
    conditions: str = ""
    columns: str = ""
    density: str = ""


def kept_view(session: Session, actor: Actor, page: str, view_id: str) -> KeptView:
    """The kept search with this id, if it is one of the actor's own team and of this page; else an empty one."""
    try:
        wanted = UUID(view_id)
    except ValueError:
        return KeptView()
    row = session.execute(
        select(
            col(View.search),
            col(View.cursor),
            col(View.direction),
            col(View.conditions),
            col(View.columns),
            col(View.density),
        ).where(col(View.id) == wanted, col(View.icb_id) == actor.icb_id, col(View.page) == page)
    ).one_or_none()
    return KeptView(*row) if row else KeptView()
