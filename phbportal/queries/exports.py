"""Lists taken out of the portal: which files are ready, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.exports import KEPT_FOR, ExportStatus
from phbportal.domain.moments import show_moment
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem
from phbportal.tables.exports import ExportRequest
from phbportal.tables.users import User

_BECAME = {
    ExportStatus.READY: "the file is ready", ExportStatus.FAILED: "the file could not be made",
    ExportStatus.REFUSED: "it was refused",
}  # fmt: skip


def ready_files(session: Session, actor: Actor, today: date, exports: Sequence[UUID]) -> dict[UUID, str]:
    """Which of these have a file for this actor, who must be the one who asked. One statement."""
    rows = session.execute(
        select(col(ExportRequest.id)).where(
            col(ExportRequest.id).in_(exports), visible(actor, ExportRequest, today),
            col(ExportRequest.asked_by) == actor.user_id, col(ExportRequest.status) == ExportStatus.READY.value,
        )
    )  # fmt: skip
    return {row.id: str(row.id) for row in rows}


def asked_for(session: Session, actor: Actor, today: date, exports: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Of which resource each of these is, and what was asked for of it, as it is kept. One statement."""
    e = ExportRequest
    rows = session.execute(
        select(col(e.id), col(e.resource), col(e.asked_for)).where(col(e.id).in_(exports), visible(actor, e, today))
    )
    return {row.id: (row.resource, row.asked_for) for row in rows}


def exports_to_fetch(session: Session, actor: Actor, today: date) -> WorkGroup:
    """What became since yesterday of lists this actor asked for: ready, refused or not to be made. One statement."""
    e = ExportRequest
    lately = datetime.combine(today - timedelta(days=1), time(), UTC)
    rows = session.execute(
        select(col(e.id), col(e.title), col(e.status), col(e.made_at), col(e.note))
        .where(
            visible(actor, e, today), col(e.asked_by) == actor.user_id, col(e.updated_at) >= lately,
            col(e.status).in_([status.value for status in _BECAME]),
        )
        .order_by(col(e.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of("Lists you asked for", [_what_became(row) for row in rows])


def _what_became(row: Any) -> WorkItem:
    kept = f"It is kept until {show_moment(row.made_at + KEPT_FOR)}." if row.made_at else ""
    title = f"{row.title}: {_BECAME[ExportStatus(row.status)]}"
    return WorkItem(title, f"{routes.STAFF}/exports/{row.id}", kept or row.note)


def exports_waiting(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Lists somebody else asked for, for a second person to agree to. One statement."""
    rows = session.execute(
        select(col(ExportRequest.id), col(ExportRequest.title), col(ExportRequest.reason), col(User.display_name))
        .join(User, col(User.id) == col(ExportRequest.asked_by))
        .where(
            visible(actor, ExportRequest, today), col(ExportRequest.status) == ExportStatus.ASKED.value,
            col(ExportRequest.asked_by) != actor.user_id,
        )
        .order_by(col(ExportRequest.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Lists to agree to",
        [
            WorkItem(f"{row.display_name} asks for a list: {row.title}", f"{routes.STAFF}/exports/{row.id}", row.reason)
            for row in rows
        ],
    )
