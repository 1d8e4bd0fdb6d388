"""The lines of history of somebody's first sign-in, which is no act in a unit of work: nobody is signed in yet."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import new_id


class FirstLines:
    """Writes lines of history in the name of a user who takes up a role at a board, if it is of one."""

    def __init__(self, db: Session, now: datetime, *, user_id: UUID, role: str, icb_id: UUID | None) -> None:
        self._db, self._now = db, now
        self._stamp: dict[str, Any] = {"created_by": user_id, "role": role, "icb_id": icb_id}

    def record(self, kind: str, *, about: UUID, **details: Any) -> None:
        """One line about a row, as ``uow.record`` writes it."""
        told = json.dumps(details, default=str, sort_keys=True)
        event = AuditEvent(id=new_id(), created_at=self._now, kind=kind, about_id=about, details=told, **self._stamp)
        self._db.add(event)
