"""The documents kept with a person's budgets, for the person and for whoever represents them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.documents import DOCUMENT_WORDS, DocumentKind, scan_of, size_words, why_shut
from phbportal.domain.moments import london_day
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.documents import Document
from phbportal.tables.phbs import Phb

MOST = 200


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """One document as text. ``href`` is empty while nobody may open it; then ``shut`` says why."""

    name: str
    kind: str
    kept: str
    size: str
    budget: str
    href: str
    shut: str


def own_documents(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[OwnDocument, ...]:
    """The newest 200 that the reader may see, of all the person's budgets. One statement."""
    d = Document
    rows = session.execute(
        select(
            col(d.id),
            col(d.kind),
            col(d.name),
            col(d.size),
            col(d.scan),
            col(d.created_at),
            col(Phb.reference),
        )
        .join(Phb, col(Phb.id) == col(d.phb_id))
        .where(visible(actor, d, today), col(Phb.person_id) == person_id)
        .order_by(col(d.id).desc())
        .limit(MOST)
    )
    return tuple(_shown(row) for row in rows)


def _shown(r: Any) -> OwnDocument:
    shut = why_shut(scan_of(r.scan))
    return OwnDocument(
        r.name,
        DOCUMENT_WORDS[DocumentKind(r.kind)],
        long_date(london_day(r.created_at)),
        size_words(r.size),
        r.reference,
        "" if shut else routes.evidence(r.id),
        shut.sentence if shut else "",
    )
