"""The notes on a record, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.moments import show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.scope import visible
from phbportal.tables.notes import Note
from phbportal.tables.users import User

SIZE = 10


@dataclass(frozen=True, slots=True)
class NoteRow:
    """A note as text; ``put_right`` says that a later one corrects it, ``mine`` that the reader wrote it."""

    id: str
    words: str
    by: str
    put_right: str
    corrects: str
    mine: bool


def notes_on(
    session: Session, actor: Actor, today: date, row_id: UUID, *, place: Place = TOP, size: int = SIZE
) -> tuple[tuple[NoteRow, ...], str, str]:
    """A page of a record's notes that the actor may see, and the cursors either way. One statement."""
    found = newest_first(session, _notes(actor, today), [col(Note.id)], {"about": row_id}, place=place, size=size)
    return tuple(_row(actor, row) for row in found.rows), found.newer, found.older


def _row(actor: Actor, row: Any) -> NoteRow:
    return NoteRow(
        str(row.id), row.words, f"{row.display_name or 'The portal'}, {ROLE_WORDS[Role(row.role)]}, "
        f"{show_moment(row.created_at)}", f"Put right on {show_moment(row.righted_at)}." if row.righted_at else "",
        "Puts an earlier note right." if row.corrects_id else "", row.created_by == actor.user_id,
    )  # fmt: skip


@by_shape
def _notes(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    later = aliased(Note)
    righted = (
        select(col(later.created_at)).where(col(later.corrects_id) == col(Note.id)).order_by(col(later.id)).limit(1)
    )
    return (
        select(
            col(Note.id), col(Note.words), col(Note.role), col(Note.created_at), col(Note.created_by),
            col(Note.corrects_id), col(User.display_name), righted.scalar_subquery().label("righted_at"),
        )
        .outerjoin(User, col(User.id) == col(Note.created_by))
        .where(visible(actor, Note, today), col(Note.about_id) == bindparam("about", type_=Uuid()))
    )  # fmt: skip
