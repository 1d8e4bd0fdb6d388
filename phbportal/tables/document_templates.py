"""Templates of letters and agreements, every version of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql

from phbportal.domain.templates import TemplateKind, TemplateStatus
from phbportal.tables.base import Record, day, link, long_text, one_of, sort_text, text, whole

_IN_USE = sql("status = 'IN_USE'")


class DocumentTemplate(Record, table=True):
    """One version of a board's template. A change makes the next version; what was sent under an earlier one can be
    read still."""

    __tablename__ = "document_template"
    __table_args__ = (
        one_of("document_template", "kind", TemplateKind),
        one_of("document_template", "status", TemplateStatus),
        UniqueConstraint("icb_id", "code", "version", name="uq_document_template_version"),
        Index(
            "uq_document_template_in_use", "icb_id", "code", unique=True, sqlite_where=_IN_USE,
            postgresql_where=_IN_USE,
        ),
    )  # fmt: skip

    icb_id: UUID = link("organisation", index=False)
    code: str = text(length=40)
    kind: str = text(length=12)
    version: int = whole()
    title: str = text()
    search_title: str = sort_text(index=True)
    body: str = long_text()
    law_as_of: date = day()
    status: str = text(length=12)
