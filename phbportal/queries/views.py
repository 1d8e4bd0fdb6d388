"""Reading a kept search, and the lists somebody saved to find them again.

Neither is a record of anybody, so ``scope.py`` knows nothing of them: whose a view is, and of which board, is all there
is to ask, and both statements ask it. What a view then shows goes through the scope of the list it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Boolean, String, Uuid, bindparam, literal, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.policy.actors import Actor
from phbportal.tables.settings import SavedView, View

MOST_LISTED = 60


@dataclass(frozen=True, slots=True)
class KeptView:
    """What was typed, the place in the list (a cursor and which way from it), the conditions as JSON, the columns.

    ``mine`` says that the actor typed it, ``found`` that there is one.
    """

    search: str = ""
    cursor: str = ""
    direction: str = ""
    conditions: str = ""
    columns: str = ""
    density: str = ""
    mine: bool = True
    found: bool = False


def kept_view(session: Session, actor: Actor, page: str, view_id: str) -> KeptView:
    """The kept search with this id, if it is one of the actor's own team and of this page; else an empty one."""
    try:
        wanted = UUID(view_id)
    except ValueError:
        return KeptView()
    values = {"view": wanted, "board": actor.icb_id, "page": page}
    row = session.connection().execute(_KEPT, values).one_or_none()
    return KeptView(*row[:-1], mine=row[-1] == actor.user_id, found=True) if row and actor.icb_id else KeptView()


_V = View
_KEPT = select(
    col(_V.search), col(_V.cursor), col(_V.direction), col(_V.conditions), col(_V.columns), col(_V.density),
    col(_V.user_id),
).where(
    col(_V.id) == bindparam("view", type_=Uuid()), col(_V.icb_id) == bindparam("board", type_=Uuid()),
    col(_V.page) == bindparam("page", type_=String()),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved list. One without a name is how its person last set the list out: columns, size and density alone."""

    id: UUID
    name: str
    shared: bool
    opens_first: bool
    search: str
    conditions: str
    columns: str
    sort: str
    size: int
    density: str
    mine: bool


def saved_views(session: Session, actor: Actor, page: str) -> list[Saved]:
    """The actor's own saved lists of a page and those their board shares, by name. One statement."""
    if actor.icb_id is None or actor.user_id is None:
        return []
    values = {"me": actor.user_id, "board": actor.icb_id, "page": page}
    return [Saved(*row) for row in session.connection().execute(_SAVED, values)]


_S = SavedView
_ME = bindparam("me", type_=Uuid())
_SAVED = (
    select(
        col(_S.id), col(_S.name), col(_S.shared), col(_S.opens_first), col(_S.search), col(_S.conditions),
        col(_S.columns), col(_S.sort), col(_S.size), col(_S.density), (col(_S.user_id) == _ME).label("mine"),
    )
    .where(
        or_(col(_S.user_id) == _ME, col(_S.shared) == literal(True, Boolean())),
        col(_S.icb_id) == bindparam("board", type_=Uuid()), col(_S.page) == bindparam("page", type_=String()),
    )
    .order_by(col(_S.name), col(_S.id))
    .limit(MOST_LISTED)
)  # fmt: skip
