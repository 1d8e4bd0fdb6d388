"""Letters with their words as they were sent, and the outbox they leave by."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.letters import LetterStatus, OutboxStatus, Way
from phbportal.tables.base import Record, bare_id, day, link, long_text, moment, one_of, text, whole


class Letter(Record, table=True):
    """A letter, whole, as its receiver reads it. ``about_id`` is the decision, the reconsideration or the version of a
    budget it tells of; ``decision_id`` is empty for the last.

    ``template_id`` is empty where the board had no template in use and the words are the portal's own. ``part_id`` is
    the part of whoever it goes to in the person's place, or because they are paid. ``sent_by`` is how its receiver had
    chosen to get letters on the day it was written, and ``email`` where to; both are empty for the post.
    """

    __tablename__ = "letter"
    __table_args__ = (
        one_of("letter", "status", LetterStatus),
        Index("uq_letter_about_recipient", "about_id", "recipient", unique=True),
        Index("ix_letter_board_status", "icb_id", "status", "id"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    decision_id: UUID | None = link("decision", default=None)
    about_id: UUID = bare_id(why="the decision, the reconsideration or the version of a budget it tells of")
    recipient: str = text(length=40)
    part_id: UUID | None = link("person_role", personal=True, default=None)
    code: str = text(length=40)
    template_id: UUID | None = link("document_template", default=None, index=False)
    template_version: int = whole(default=0)
    law_as_of: date = day()
    title: str = text()
    addressee: str = text(personal=True)
    address: str = text(personal=True, length=600, default="")
    body: str = long_text(personal=True)
    written_on: date = day()
    post_by: date = day()
    status: str = text(length=12)
    left_on: date | None = day(default=None)
    email: str | None = text(personal=True, length=254, default=None)
    sent_by: str | None = text(personal=True, length=12, default=None)


class OutboxItem(Record, table=True):
    """A letter on its way out, once. ``reference`` is what the postal service knows it by: asked for before it is sent
    again, so that a letter that has left does not leave twice. ``heard_at`` is when it was heard what became of an
    e-mail; of what did not go by e-mail nothing is asked, so it is the moment it left."""

    __tablename__ = "outbox_item"
    __table_args__ = (one_of("outbox_item", "status", OutboxStatus), one_of("outbox_item", "way", ("", *Way)))

    letter_id: UUID = link("letter", index=False)
    reference: str = text(length=60, unique=True)
    status: str = text(length=10, index=True)
    way: str = text(length=10, default="")
    tries: int = whole(default=0)
    sent_as: str = text(length=60, default="")
    done_at: datetime | None = moment()
    heard_at: datetime | None = moment()
