"""What happened at the door: auth events. Anonymous refusals are counted by minute and address."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.base import new_id
from phbportal.tables.sessions import AuthEvent

log = logging.getLogger("phbportal.door")

Refused = tuple[str, str, str | None, UUID | None, str, str, str, int]
"""kind, reason, session handle, user, provider, handler, address, how many times"""


def write(
    db: Session, kind: str, outcome: str, now: datetime, *, reason: str = "", handle: str | None = None,
    user_id: UUID | None = None, provider: str = "", handler: str = "", ip: str = "", times: int = 1,
) -> None:  # fmt: skip
    """One auth event, in the caller's transaction."""
    db.add(
        AuthEvent(
            id=new_id(), created_at=now, kind=kind, outcome=outcome, reason=reason[:60], session_handle=handle,
            user_id=user_id, provider=provider[:40], handler=handler[:200], ip=ip[:64], times=times,
        )
    )  # fmt: skip
    db.flush()


class Door:
    """Writes refusals in a transaction of their own; with the database down the log line stands in for the row."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._minute = ""
        self._lock = threading.Lock()

    def refused(
        self, kind: str, reason: str, now: datetime, *, handle: str | None = None, user_id: UUID | None = None,
        provider: str = "", handler: str = "", ip: str = "",
    ) -> None:  # fmt: skip
        """Record one refusal; an anonymous one at the socket is only counted."""
        log.warning("refused %s %s %s", kind, reason, handler)
        if handle is None and kind in ("event", "handshake"):
            self._count(kind, reason, ip, now)
            return
        self._store([(kind, reason, handle, user_id, provider, handler, ip, 1)], now)

    def _count(self, kind: str, reason: str, ip: str, now: datetime) -> None:
        minute = now.strftime("%Y%m%d%H%M")
        with self._lock:
            first = self._counts[(kind, reason, ip)] == 0 or minute != self._minute
            due = self._counts if minute != self._minute else Counter[tuple[str, str, str]]()
            if minute != self._minute:
                self._counts, self._minute = Counter(), minute
            self._counts[(kind, reason, ip)] += 1
        rows: list[Refused] = [(k, r, None, None, "", "", i, n) for (k, r, i), n in due.items() if n > 1]
        if first:
            rows.append((kind, reason, None, None, "", "", ip, 1))
        if rows:
            self._store(rows, now)

    def _store(self, rows: list[Refused], now: datetime) -> None:
        try:
            with open_unit(self._engine, SYSTEM, writes=True, now=now) as uow:
                for kind, reason, handle, user_id, provider, handler, ip, times in rows:
                    write(
                        uow.session, kind, "refused", now, reason=reason, handle=handle, user_id=user_id,
                        provider=provider, handler=handler, ip=ip, times=times,
                    )  # fmt: skip
        except SQLAlchemyError:
            log.error("the refusal above could not be written: the database did not answer")
