"""Notes that people write on a record. Append-only: a wrong one is put right by another, and both can be read."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index

from phbportal.tables.base import Row, bare_id, link, long_text, text


class Note(Row, table=True):
    """One note. ``about_id`` is the row it stands on, ``resource`` which kind of row that is."""

    __tablename__ = "note"
    __table_args__ = (Index("ix_note_about", "about_id", "id"),)

    icb_id: UUID = link("organisation", why="the board whose note it is")
    resource: str = text(length=40)
    about_id: UUID = bare_id(why="the row it stands on")
    person_id: UUID | None = link("person", personal=True, default=None)
    phb_id: UUID | None = link("phb", personal=True, default=None, index=False)
    role: str = text(length=20)
    words: str = long_text(personal=True)
    corrects_id: UUID | None = bare_id(why="the note it puts right", default=None)
