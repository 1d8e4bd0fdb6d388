"""Sign-ins in progress, live sessions, and what happened at the door."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from phbportal.tables.base import Row, bare_id, link, long_text, moment, text, whole


class AuthFlow(Row, table=True):
    """One sign-in in progress: single use, ten minutes, bound to one browser. Swept after an hour."""

    __tablename__ = "auth_flow"

    provider: str = text(length=40)
    purpose: str = text(length=10)
    state_hash: str = text(length=64, unique=True)
    browser_hash: str = text(length=64)
    nonce: str = text(length=64)
    code_verifier: str = text(length=128)
    next_path: str = text(length=500, default="/")
    asked: str | None = text(length=400, default=None)
    """The levels that were asked for, as JSON: nothing lower is accepted, whatever the settings say by then."""
    session_id: str | None = text(length=32, default=None)
    invitation_id: UUID | None = link("invitation", default=None, index=False)
    expires_at: datetime = moment(default=..., index=True)
    consumed_at: datetime | None = moment()


class SignInSession(Row, table=True):
    """A live session. ``handle`` is public inside the server; only the SHA-256 of the cookie's secret is kept."""

    __tablename__ = "session"
    __table_args__ = (
        Index("ix_session_user", "user_id", "revoked_at"),
        Index("ix_session_provider", "provider", "op_sid"),
    )

    handle: str = text(length=32, unique=True)
    secret_hash: str = text(length=64, unique=True)
    user_id: UUID = link("user_account", index=False)
    identity_id: UUID = link("identity", index=False)
    assignment_id: UUID | None = link("role_assignment", default=None, index=False)
    provider: str = text(length=40)
    assurance: str = text(length=60, default="")
    board_codes: str | None = text(length=400, default=None)
    """ODS codes of the boards the provider's roles are for, separated by spaces; None: it says nothing of boards."""
    op_sid: str | None = text(length=255, default=None)
    auth_time: datetime | None = moment()
    last_seen_at: datetime = moment(default=...)
    absolute_expires_at: datetime = moment(default=...)
    idle_seconds: int = whole()
    step_up_until: datetime | None = moment()
    revoked_at: datetime | None = moment(index=True)
    revoked_reason: str = text(length=40, default="")
    ip_first: str = text(personal=True, length=64, default="")
    agent_hash: str = text(length=64, default="")
    agent: str | None = text(length=60, default=None)


class Draft(Row, table=True):
    """What somebody had typed when they were asked to confirm who they are: for their own session, read once, then
    emptied; swept after half an hour."""

    __tablename__ = "draft"

    user_id: UUID = link("user_account", index=False)
    session_handle: str = text(length=32, index=True)
    page: str = text(length=400)
    content: str = long_text(personal=True)
    expires_at: datetime = moment(default=..., index=True)
    used_at: datetime | None = moment()


class LogoutJti(Row, table=True):
    """A logout token that has been used: the digest of its id. Swept when the token would be too old anyway."""

    __tablename__ = "logout_jti"
    __table_args__ = (UniqueConstraint("issuer", "jti_hash", name="uq_logout_jti_issuer_jti_hash"),)

    issuer: str = text(length=300)
    jti_hash: str = text(length=64)
    expires_at: datetime = moment(default=..., index=True)


class AuthEvent(Row, table=True):
    """Append-only: who came to the door, what was refused and why. No names, numbers or tokens."""

    __tablename__ = "auth_event"

    kind: str = text(length=40, index=True)
    outcome: str = text(length=10)
    reason: str = text(length=60, default="")
    session_handle: str | None = text(length=32, default=None)
    user_id: UUID | None = bare_id(default=None)
    provider: str = text(length=40, default="")
    handler: str = text(length=200, default="")
    ip: str = text(personal=True, length=64, default="")
    times: int = whole(default=1)
