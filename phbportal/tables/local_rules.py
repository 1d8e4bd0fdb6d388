"""What a board adds to the list of what the money cannot buy, from a day to a day."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.tables.base import Record, day, link, sort_text, text


class LocalRule(Record, table=True):
    """One rule of a board: its code (L01 and on), its words, words that name such a thing, and its policy."""

    __tablename__ = "local_rule"
    __table_args__ = (UniqueConstraint("icb_id", "code", "starts_on", name="uq_local_rule"),)

    icb_id: UUID = link("organisation")
    code: str = text(length=3)
    words: str = text(length=200)
    search_words: str = sort_text(index=True, of="words")
    easy: str = text(length=100)
    looks_like: str = text(length=500, default="")
    policy: str = text(length=200)
    starts_on: date = day()
    ends_on: date | None = day(default=None)
