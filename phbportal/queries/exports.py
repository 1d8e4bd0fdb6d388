"""Lists taken out of the portal: which files are ready, and what waits for a second person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.exports import ExportStatus
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem
from phbportal.tables.exports import ExportRequest
from phbportal.tables.users import User


def ready_files(session: Session, actor: Actor, today: date, exports: Sequence[UUID]) -> dict[UUID, str]:
    """Which of these have a file for this actor, who must be the one who asked. One statement."""
    rows = session.execute(
        select(col(ExportRequest.id)).where(
            col(ExportRequest.id).in_(exports), visible(actor, ExportRequest, today),
            col(ExportRequest.asked_by) == actor.user_id, col(ExportRequest.status) == ExportStatus.READY.value,
        )
    )  # fmt: skip
    return {row.id: str(row.id) for row in rows}


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
