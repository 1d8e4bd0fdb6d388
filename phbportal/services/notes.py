"""Writing a note on a record, and putting one right."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import Row
from phbportal.tables.notes import Note
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


def write_note(
    uow: UnitOfWork, resource: str, table: type[SQLModel], row_id: UUID, words: str, *, corrects: UUID | None = None
) -> UUID:
    """Write a note on a row in the actor's sight; with ``corrects``, in place of an earlier one of the actor's own."""
    assert issubclass(table, Row)
    row = uow.find(table, row_id)
    if uow.actor.icb_id is None:
        raise NotAllowed("You do not act for a board.")
    person_id, phb_id = _whose(uow, row)
    uow.require(Permission.NOTE_WRITE, Subject(icbs=frozenset({uow.actor.icb_id}), person_id=person_id))
    if corrects is not None:
        _check_correction(uow, row_id, corrects)
    note = uow.add(
        Note, icb_id=uow.actor.icb_id, resource=resource, about_id=row.id, person_id=person_id, phb_id=phb_id,
        role=uow.actor.role.value, words=words, corrects_id=corrects,
    )  # fmt: skip
    if corrects is None:
        uow.record("note_written", about=row, person_id=person_id, phb_id=phb_id)
    else:
        uow.record("note_put_right", about=row, person_id=person_id, phb_id=phb_id)
    return note.id


def _whose(uow: UnitOfWork, row: Row) -> tuple[UUID | None, UUID | None]:
    """The person and the budget a row belongs to, where it belongs to any."""
    if isinstance(row, Person):
        return row.id, None
    phb_id: UUID | None = row.id if isinstance(row, Phb) else getattr(row, "phb_id", None)
    person_id: UUID | None = getattr(row, "person_id", None)
    if person_id is None and phb_id is not None:
        person_id = uow.find(Phb, phb_id).person_id
    return person_id, phb_id


def _check_correction(uow: UnitOfWork, row_id: UUID, corrects: UUID) -> None:
    earlier = uow.find(Note, corrects)
    if earlier.about_id != row_id:
        raise Refusal("That note stands on another record.")
    if earlier.created_by != uow.actor.user_id:
        raise NotAllowed("Only whoever wrote a note can put it right. Write a note of your own.")
    if uow.session.execute(select(col(Note.id)).where(col(Note.corrects_id) == corrects)).first():
        raise Refusal("That note has been put right already. Put the later one right instead.")
