"""Documents kept with a budget. The file itself is in the files folder under a random name."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.documents import DocumentKind
from phbportal.tables.base import Row, link, moment, one_of, text, whole, yes_no


class Document(Row, table=True):
    """A file and what it is. ``scan`` is whether it was checked for viruses, empty for what was kept before anything
    was; nothing is handed over while it waits, nor once a virus was found in it. ``for_them`` is whether it was kept as
    one that the person reads, empty for what was kept before anybody was told so."""

    __tablename__ = "document"
    __table_args__ = (
        one_of("document", "kind", DocumentKind),
        Index("ix_document_to_scan", "id", sqlite_where=sql("scan = 'WAITING'"),
              postgresql_where=sql("scan = 'WAITING'")),
    )  # fmt: skip

    icb_id: UUID = link("organisation", why="the board that keeps it")
    phb_id: UUID = link("phb", personal=True)
    kind: str = text(length=12, why="what sort of document, not what it says")
    name: str = text(personal=True)
    media_type: str = text(length=40, why="what the file is by its first bytes")
    size: int = whole(why="bytes")
    sha256: str = text(length=64, why="a digest of the file")
    stored_as: str = text(length=40, unique=True, why="a random name")
    scan: str | None = text(length=12, why="whether a virus was looked for and found", default=None)
    scanned_at: datetime | None = moment(why="when a virus was looked for")
    for_them: bool | None = yes_no(why="whether the person reads documents of this kind", default=None)
