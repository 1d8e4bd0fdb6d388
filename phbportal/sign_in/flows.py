"""Sign-ins in progress: made when the browser leaves for a provider, consumed once when it comes back."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.gateways.identity import SignInFailed
from phbportal.sign_in import drafts
from phbportal.sign_in.keys import digest, new_secret
from phbportal.tables.base import new_id
from phbportal.tables.sessions import AuthFlow

LIFETIME = timedelta(minutes=10)
SWEEP_AFTER = timedelta(minutes=50)


@dataclass(frozen=True, slots=True)
class Started:
    """What the browser takes along: ``state`` in the address, ``browser`` in its own cookie."""

    state: str
    nonce: str
    code_verifier: str
    browser: str


@dataclass(frozen=True, slots=True)
class Consumed:
    """A flow that is over. ``session_handle`` is that of a step-up's own session; None for every other purpose."""

    nonce: str
    code_verifier: str
    next_path: str
    invitation_id: UUID | None
    session_handle: str | None
    began_at: datetime
    accepted: tuple[str, ...] | None = None


def start(
    db: Session, *, provider: str, browser: str | None, next_path: str, now: datetime,
    invitation_id: UUID | None = None, session_handle: str | None = None, accepted: tuple[str, ...] | None = None,
) -> Started:  # fmt: skip
    """Begin a sign-in, for an invitation or without one, or a step-up of a session, that asks for one of the levels
    ``accepted`` (None: those the settings ask for). Two tabs share the browser's secret, so that neither ends the
    other."""
    db.execute(delete(AuthFlow).where(col(AuthFlow.expires_at) < now - SWEEP_AFTER))
    drafts.sweep(db, now)
    started = Started(new_secret(), new_secret(), new_secret() + new_secret()[:21], browser or new_secret())
    db.add(
        AuthFlow(
            id=new_id(), created_at=now, provider=provider, purpose=_purpose(invitation_id, session_handle),
            state_hash=digest(started.state), browser_hash=digest(started.browser), nonce=started.nonce,
            code_verifier=started.code_verifier, next_path=next_path, session_id=session_handle,
            invitation_id=invitation_id, expires_at=now + LIFETIME,
            asked=None if accepted is None else json.dumps(accepted),
        )
    )  # fmt: skip
    db.flush()
    return started


def _purpose(invitation_id: UUID | None, session_handle: str | None) -> str:
    """A step-up belongs to a session, an invitation's sign-in to its invitation, a plain sign-in to neither."""
    assert invitation_id is None or session_handle is None
    return "step_up" if session_handle else "invite" if invitation_id else "sign_in"


def is_known(db: Session, state: str) -> bool:
    """Whether any flow was ever begun with this state."""
    return db.execute(select(col(AuthFlow.id)).where(col(AuthFlow.state_hash) == digest(state))).first() is not None


def consume(db: Session, *, provider: str, state: str, browser: str | None, now: datetime) -> Consumed:
    """Take the flow a callback belongs to, once. Raises SignInFailed("flow.…") and takes nothing otherwise.

    A flow that is not what it was begun for is nobody's: no purpose stands in for another.
    """
    flow = db.execute(select(AuthFlow).where(col(AuthFlow.state_hash) == digest(state))).scalar_one_or_none()
    if flow is None or flow.provider != provider or flow.purpose != _purpose(flow.invitation_id, flow.session_id):
        raise SignInFailed("flow.state")
    if browser is None or not hmac.compare_digest(flow.browser_hash, digest(browser)):
        raise SignInFailed("flow.browser")
    if now >= flow.expires_at:
        raise SignInFailed("flow.expired")
    taken = db.execute(
        update(AuthFlow)
        .where(col(AuthFlow.id) == flow.id, col(AuthFlow.consumed_at).is_(None))
        .values(consumed_at=now)
        .returning(col(AuthFlow.id))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if taken is None:
        raise SignInFailed("flow.replayed")
    accepted = None if flow.asked is None else tuple(json.loads(flow.asked))
    return Consumed(
        flow.nonce, flow.code_verifier, flow.next_path, flow.invitation_id, flow.session_id, flow.created_at, accepted
    )
