"""How the reader gets letters, as they chose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.letters import by_of
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.acting import PersonRole
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class ChosenLetters:
    """The choice as a code, and the address that e-mails go to ("" for none)."""

    by: str
    email: str


def own_letters(session: Session, actor: Actor, today: date) -> ChosenLetters:
    """A holder's choice. Raises NotFound for anybody else. One statement."""
    if actor.person_id is None:
        raise NotFound()
    return _chosen(session, Person, actor, today, actor.person_id)


def letters_of_part(session: Session, actor: Actor, today: date, part_id: UUID) -> ChosenLetters:
    """The choice that stands with a part in somebody's life. Raises NotFound. One statement."""
    return _chosen(session, PersonRole, actor, today, part_id)


def _chosen(
    session: Session, of: type[Person] | type[PersonRole], actor: Actor, today: date, row_id: UUID
) -> ChosenLetters:
    row = session.execute(
        select(col(of.letters_by), col(of.email)).where(col(of.id) == row_id, visible(actor, of, today))
    ).one_or_none()
    if row is None:
        raise NotFound()
    return ChosenLetters(by_of(row.letters_by).value, row.email or "")
