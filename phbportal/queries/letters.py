"""Letters: one as it is printed, where each is opened, and those that wait to be posted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.letters import LetterStatus, paragraphs_of
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.boards import board_of_letter
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, due_status, due_words
from phbportal.tables.letters import Letter


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter whole; whose record it is part of, for the note of who looked."""

    board: str
    title: str
    addressee: str
    address: tuple[str, ...]
    paragraphs: tuple[str, ...]
    written_on: date
    person_id: UUID
    phb_id: UUID


def letter_of(session: Session, actor: Actor, today: date, letter_id: UUID) -> LetterText:
    """A letter in the actor's sight; else NotFound. Two statements."""
    row = session.execute(
        select(Letter).where(col(Letter.id) == letter_id, visible(actor, Letter, today))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return LetterText(
        board_of_letter(session, row.person_id, row.icb_id, row.written_on), row.title, row.addressee,
        tuple(row.address.splitlines()), tuple(paragraphs_of(row.body)), row.written_on, row.person_id, row.phb_id,
    )  # fmt: skip


def documents_of(session: Session, actor: Actor, today: date, letters: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Where each of these letters is opened as a document. One statement."""
    rows = session.execute(select(col(Letter.id)).where(col(Letter.id).in_(letters), visible(actor, Letter, today)))
    return {row.id: ("PDF", routes.letter(row.id, pdf=True)) for row in rows}


def to_post(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Letters that wait to be printed, the first to be posted first; the oldest say by when. One statement."""
    rows = session.execute(
        select(col(Letter.id), col(Letter.title), col(Letter.addressee), col(Letter.post_by))
        .where(visible(actor, Letter, today), col(Letter.status) == LetterStatus.TO_POST.value)
        .order_by(col(Letter.post_by), col(Letter.id))
        .limit(MOST + 1)
    )
    return WorkGroup.of(
        "Letters to post",
        [
            WorkItem(
                f"Print and post “{row.title}” to {row.addressee}", f"{routes.STAFF}/letters/{row.id}",
                f"Post by {long_date(row.post_by)}, {due_words(row.post_by, today)}.", due_status(row.post_by, today),
            )
            for row in rows
        ],
    )  # fmt: skip
