"""Reading a kept search, and the lists somebody saved to find them again.

Neither is a record of anybody, so ``scope.py`` knows nothing of them: whose a view is, and of which board, is all there
is to ask, and every statement asks it. What a view then shows goes through the scope of the list it is of.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Integer, String, Uuid, bindparam, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.policy.actors import Actor
from phbportal.queries.kept import at_most
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
_KEPT_WHERE = (
    col(_V.id) == bindparam("view", type_=Uuid()), col(_V.icb_id) == bindparam("board", type_=Uuid()),
    col(_V.page) == bindparam("page", type_=String()),
)  # fmt: skip
_KEPT = select(
    col(_V.search), col(_V.cursor), col(_V.direction), col(_V.conditions), col(_V.columns), col(_V.density),
    col(_V.user_id),
).where(*_KEPT_WHERE)  # fmt: skip


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


def kept_and_saved(session: Session, actor: Actor, page: str, view_id: str) -> tuple[KeptView, list[Saved]]:
    """What ``kept_view`` finds, and the actor's own saved lists of the page with those their board shares, by name.
    One statement."""
    if actor.icb_id is None or actor.user_id is None:
        return KeptView(), []
    values: dict[str, Any] = {"me": actor.user_id, "board": actor.icb_id, "page": page}
    try:
        values["view"] = UUID(view_id)
    except ValueError:
        statement = _SAVED
    else:
        statement = _BOTH
    view, saved = KeptView(), list[Saved]()
    for row in session.connection().execute(statement, values).all():
        if row.cursor is None:
            saved.append(Saved(*row[:-2]))
        else:
            view = KeptView(
                row.search, row.cursor, row.direction, row.conditions, row.columns, row.density, row.mine, True
            )  # fmt: skip
    return view, saved


_S = SavedView
_ME = bindparam("me", type_=Uuid())
_SAVED = (
    select(
        col(_S.id), col(_S.name), col(_S.shared), col(_S.opens_first), col(_S.search), col(_S.conditions),
        col(_S.columns), col(_S.sort), col(_S.size), col(_S.density), (col(_S.user_id) == _ME).label("mine"),
        null().cast(String()).label("cursor"), null().cast(String()).label("direction"),
    )
    .where(
        or_(col(_S.user_id) == _ME, col(_S.shared) == literal(True, Boolean())),
        col(_S.icb_id) == bindparam("board", type_=Uuid()), col(_S.page) == bindparam("page", type_=String()),
    )
    .order_by(col(_S.name), col(_S.id))
    .limit(at_most(MOST_LISTED))
)  # fmt: skip
_NO, _NONE = literal(False, Boolean()), literal("", String())
# A saved list has no cursor; a kept search, which has, comes last and is put in no order.
_BOTH = union_all(
    select(_SAVED.subquery()),
    select(
        col(_V.id), _NONE, _NO, _NO, col(_V.search), col(_V.conditions), col(_V.columns), _NONE,
        literal(0, Integer()), col(_V.density), func.coalesce(col(_V.user_id) == _ME, _NO), col(_V.cursor),
        col(_V.direction),
    ).where(*_KEPT_WHERE),
)  # fmt: skip
