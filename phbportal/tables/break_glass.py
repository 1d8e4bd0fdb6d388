"""An administrator let into one person's record for an hour."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index

from phbportal.domain.break_glass import GlassStatus
from phbportal.tables.base import Record, link, moment, one_of, text


class BreakGlass(Record, table=True):
    """Asked for by an administrator, agreed by somebody else, which sets ``ends_at``; an auditor reviews it."""

    __tablename__ = "break_glass"
    __table_args__ = (
        one_of("break_glass", "status", GlassStatus),
        CheckConstraint(
            "status <> 'AGREED' OR (decided_by IS NOT NULL AND decided_by <> user_id AND ends_at IS NOT NULL)",
            name="ck_break_glass_second_person",
        ),
        Index("ix_break_glass_user", "user_id", "id"),
        Index("ix_break_glass_board_status", "icb_id", "status", "id"),
    )

    icb_id: UUID = link("organisation", index=False)
    user_id: UUID = link("user_account", index=False)
    person_id: UUID = link("person", personal=True, index=False)
    reference: str = text(length=20)
    reason: str = text(personal=True, length=500)
    status: str = text(length=12)
    decided_by: UUID | None = link("user_account", default=None, index=False)
    decided_at: datetime | None = moment()
    refusal: str = text(personal=True, length=500, default="")
    ends_at: datetime | None = moment()
    ended_at: datetime | None = moment()
    reviewed_by: UUID | None = link("user_account", default=None, index=False)
    reviewed_at: datetime | None = moment()
