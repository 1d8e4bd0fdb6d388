"""Documents kept with a budget. The file itself is in the files folder under a random name."""

from __future__ import annotations

from uuid import UUID

from phbportal.domain.documents import DocumentKind
from phbportal.tables.base import Row, link, one_of, text, whole


class Document(Row, table=True):
    __tablename__ = "document"
    __table_args__ = (one_of("document", "kind", DocumentKind),)

    icb_id: UUID = link("organisation", why="the board that keeps it")
    phb_id: UUID = link("phb", personal=True)
    kind: str = text(length=12, why="what sort of document, not what it says")
    name: str = text(personal=True)
    media_type: str = text(length=40, why="what the file is by its first bytes")
    size: int = whole(why="bytes")
    sha256: str = text(length=64, why="a digest of the file")
    stored_as: str = text(length=40, unique=True, why="a random name")
