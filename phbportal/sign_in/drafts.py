"""What somebody had typed when they were asked to confirm who they are, kept until they are back (decisions.md §2).

A draft belongs to one session, is read once and then emptied. Its random id is all that stands in an address.
"""

from __future__ import annotations

import json
import re
import uuid
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.sign_in.next_path import safe_next
from phbportal.tables.sessions import Draft

LIFETIME = timedelta(minutes=30)
MOST_OF_A_SESSION = 20
"""Older drafts of a session make way: nobody has so many forms open, and each may be a megabyte."""

_NAME = re.compile(r"[a-z_-]{1,30}")
_VALUE = re.compile(r"[A-Za-z0-9_-]{1,64}")
_OURS = ("draft", "done")


def page_of(path: str, query: str) -> str:
    """The address to come back to, from what the browser says: a page of ours with codes and ids, or ``/`` (T16)."""
    page = safe_next(path)
    kept = [
        (name, value)
        for name, value in parse_qsl(query)
        if name not in _OURS and _NAME.fullmatch(name) and _VALUE.fullmatch(value)
    ]
    found = f"{page}?{urlencode(kept)}" if kept and page != routes.HOME else page
    return found if len(found) <= 400 else page


def keep(db: Session, *, user_id: UUID, handle: str, page: str, content: dict[str, str], now: datetime) -> UUID:
    """Keep what was typed. Returns the random id that goes into the address."""
    sweep(db, now)
    earlier = db.execute(
        select(col(Draft.id)).where(col(Draft.session_handle) == handle).order_by(col(Draft.created_at).desc())
    ).scalars().all()  # fmt: skip
    db.execute(delete(Draft).where(col(Draft.id).in_(earlier[MOST_OF_A_SESSION - 1 :])))
    draft = Draft(
        id=uuid.uuid4(), created_at=now, created_by=user_id, user_id=user_id, session_handle=handle, page=page,
        content=json.dumps(content), expires_at=now + LIFETIME,
    )  # fmt: skip
    db.add(draft)
    db.flush()
    return draft.id


def address_of(db: Session, given: str, *, user_id: UUID, handle: str, now: datetime) -> str | None:
    """The page a draft of this session belongs to, with the draft's id; None if there is no such draft any more."""
    wanted = _mine(given, user_id, handle, now)
    page = db.execute(select(col(Draft.page)).where(wanted)).scalar_one_or_none() if wanted is not None else None
    if page is None:
        return None
    return f"{page}{'&' if '?' in page else '?'}{urlencode({'draft': given})}"


def take(db: Session, given: str, *, user_id: UUID, handle: str, now: datetime) -> dict[str, str] | None:
    """What was typed, once: the draft is emptied. None if it is somebody else's, another session's, used or old."""
    wanted = _mine(given, user_id, handle, now)
    if wanted is None:
        return None
    row = db.execute(select(col(Draft.id), col(Draft.content)).where(wanted).with_for_update()).one_or_none()
    if row is None:
        return None
    db.execute(update(Draft).where(col(Draft.id) == row.id).values(used_at=now, content=""))
    return json.loads(row.content)


def sweep(db: Session, now: datetime) -> None:
    """Delete the drafts nobody came back for (decisions.md §4)."""
    db.execute(delete(Draft).where(col(Draft.expires_at) < now))


def _mine(given: str, user_id: UUID, handle: str, now: datetime) -> ColumnElement[bool] | None:
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    return (
        (col(Draft.id) == wanted)
        & (col(Draft.user_id) == user_id)
        & (col(Draft.session_handle) == handle)
        & col(Draft.used_at).is_(None)
        & (col(Draft.expires_at) > now)
    )
