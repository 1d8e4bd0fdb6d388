"""What people did (audit) and what they looked at (access): append-only."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index

from phbportal.tables.base import Row, bare_id, long_text, text, whole


class AuditEvent(Row, table=True):
    """One act, told by its kind and details; details hold codes and amounts, never free clinical text."""

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_phb", "phb_id", "id"),
        Index("ix_audit_event_person", "person_id", "id"),
        Index("ix_audit_event_about", "about_id", "id"),
    )

    kind: str = text(length=60)
    icb_id: UUID | None = bare_id(default=None)
    phb_id: UUID | None = bare_id(default=None)
    person_id: UUID | None = bare_id(personal=True, default=None)
    role: str = text(length=20)
    session_handle: str | None = text(length=32, default=None)
    details: str = long_text(personal=True)
    about_id: UUID | None = bare_id(why="the row it is about, whatever its table", default=None)


class AccessEvent(Row, table=True):
    """Somebody looked at a person's record (invariant I33)."""

    __tablename__ = "access_event"
    __table_args__ = (
        Index("ix_access_event_person", "person_id", "id"),
        Index("ix_access_event_user", "user_id", "id"),
    )

    user_id: UUID | None = bare_id(default=None)
    role: str = text(length=20)
    icb_id: UUID | None = bare_id(default=None)
    person_id: UUID | None = bare_id(personal=True, default=None)
    phb_id: UUID | None = bare_id(default=None)
    page: str = text(length=60)
    rows_shown: int = whole(default=1)
    break_glass_id: UUID | None = bare_id(why="the break-glass under which they looked", default=None)
