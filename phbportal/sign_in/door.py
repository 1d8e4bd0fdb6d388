"""What happened at the door: auth events. Floods of anonymous refusals are counted by minute and address."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.base import new_id
from phbportal.tables.sessions import AuthEvent

log = logging.getLogger("phbportal.door")

Refused = tuple[str, str, str | None, UUID | None, str, str, str, int]
"""kind, reason, session handle, user, provider, handler, address, how many times"""

# So many refusals of one kind, reason and address are written one by one in a minute; the rest are counted.
# A failed sign-in is quoted by its reference, so an office's worth of them is worth a row each.
SINGLY = {"event": 1, "handshake": 1, "socket": 1, "upload": 1, "sign_in": 20, "sign_out": 20, "back_channel": 20}
MOST_ADDRESSES = 10_000


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
        """Record one refusal: of a session always, of an anonymous caller until they are a flood."""
        if handle is None and kind in SINGLY and not self._is_single(kind, reason, ip, now):
            return
        log.warning("refused %s %s %s", kind, reason, handler)
        self._store([(kind, reason, handle, user_id, provider, handler, ip, 1)], now)

    def _is_single(self, kind: str, reason: str, ip: str, now: datetime) -> bool:
        self.flush_past(now)
        with self._lock:
            key = (kind, reason, ip if len(self._counts) < MOST_ADDRESSES else "")
            self._counts[key] += 1
            return self._counts[key] <= SINGLY[kind]

    def flush_past(self, now: datetime) -> None:
        """Write down what was counted in a minute that is over."""
        if self._minute != (minute := now.strftime("%Y%m%d%H%M")):
            self.flush(now, minute)

    def flush(self, now: datetime, minute: str = "") -> None:
        """Write down everything that was counted, and count anew."""
        with self._lock:
            counted, self._counts, self._minute = self._counts, Counter(), minute
        rows: list[Refused] = [
            (kind, reason, None, None, "", "", ip, times - SINGLY[kind])
            for (kind, reason, ip), times in counted.items()
            if times > SINGLY[kind]
        ]
        for row in rows:
            log.warning("refused %s %s %d times more", row[0], row[1], row[7])
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
        except (SQLAlchemyError, Refusal):  # a Refusal here is a busy database
            log.error("the refusal above could not be written: the database did not answer")
