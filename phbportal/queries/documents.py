"""The documents of a budget, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.documents import DOCUMENT_WORDS, SCAN_WORDS, DocumentKind, scan_of, size_words, why_shut
from phbportal.domain.moments import show_moment
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.documents import Document
from phbportal.tables.users import User

MOST = 200


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document as text: what it is, the name it came with, its size, who kept it and when, and whether a virus was
    looked for. ``href`` is empty while nobody may open it."""

    kind: str
    name: str
    href: str
    size: str
    added: str
    scan: str


def documents_of(session: Session, actor: Actor, today: date, phb_id: UUID) -> tuple[DocumentRow, ...]:
    """The newest 200 documents of a budget that the actor may see. One statement."""
    d = Document
    rows = session.execute(
        select(col(d.id), col(d.kind), col(d.name), col(d.size), col(d.scan), col(d.created_at), col(User.display_name))
        .outerjoin(User, col(User.id) == col(d.created_by))
        .where(col(d.phb_id) == phb_id, visible(actor, d, today))
        .order_by(col(d.id).desc())
        .limit(MOST)
    )
    return tuple(
        DocumentRow(
            DOCUMENT_WORDS[DocumentKind(row.kind)], row.name,
            "" if why_shut(scan_of(row.scan)) else routes.evidence(row.id), size_words(row.size),
            f"{row.display_name or 'The portal'}, {show_moment(row.created_at)}", SCAN_WORDS[scan_of(row.scan)],
        )
        for row in rows
    )  # fmt: skip


def files_of(session: Session, actor: Actor, today: date, documents: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """How large each of these files is, and where it is opened; why not, of one that stays shut. One statement."""
    rows = session.execute(
        select(col(Document.id), col(Document.size), col(Document.scan)).where(
            col(Document.id).in_(documents), visible(actor, Document, today)
        )
    )
    return {
        row.id: (SCAN_WORDS[scan_of(row.scan)], "")
        if why_shut(scan_of(row.scan))
        else (f"Open ({size_words(row.size)})", routes.evidence(row.id))
        for row in rows
    }
