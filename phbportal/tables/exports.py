"""Lists somebody asked to take out of the portal."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint

from phbportal.domain.exports import ExportStatus, FileKind
from phbportal.tables.base import Record, link, long_text, moment, one_of, text, whole


class ExportRequest(Record, table=True):
    """A list of more rows than one person may take out alone: who asked, why, who agreed, and the file made of it."""

    __tablename__ = "export_request"
    __table_args__ = (
        one_of("export_request", "status", ExportStatus),
        one_of("export_request", "file_kind", FileKind),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="ck_export_request_two_people"),
    )

    icb_id: UUID = link("organisation")
    resource: str = text(length=40)
    title: str = text(length=80, why="what kind of list")
    asked_for: str = long_text(personal=True)
    file_kind: str = text(length=4)
    asked_by: UUID = link("user_account")
    asked_role: str = text(length=20)
    reason: str = text(length=300, default="")
    status: str = text(length=8)
    decided_by: UUID | None = link("user_account", default=None, index=False)
    decided_at: datetime | None = moment()
    note: str = text(length=300, default="")
    rows_done: int = whole(default=0)
    rows_total: int = whole(default=0)
    stored_as: str = text(length=40, default="", why="a random name")
    made_at: datetime | None = moment()
