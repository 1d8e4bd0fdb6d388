"""Server-side sessions: made at sign-in, read at every event, ended by one UPDATE (security.md §0, §5)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Uuid, bindparam, delete, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.break_glass import GlassStatus
from phbportal.domain.roles import ABSOLUTE_SECONDS, Role, idle_seconds
from phbportal.policy.actors import Actor
from phbportal.services.unit_of_work import london_date
from phbportal.sign_in.agents import family_of
from phbportal.sign_in.keys import digest, new_handle, new_secret
from phbportal.sign_in.roles import RoleChoice
from phbportal.tables.base import Moment, new_id
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.people import Person
from phbportal.tables.sessions import Draft, SignInSession
from phbportal.tables.users import Assignment, Identity, User

TOUCH_AFTER = timedelta(seconds=60)
STEP_UP_LASTS = timedelta(minutes=5)


class SignedOut(Exception):
    """There is no live session, or none that may do anything yet.

    ``reason`` is ``session.none | idle | absolute | revoked | disabled | role | no_role | agent``; the last but one is
    a session whose person has several roles and has not yet said which one they work in, the last one whose cookie
    another kind of browser sends. ``idle_minutes`` is the limit that ran out, where it is that one.
    """

    def __init__(self, reason: str, *, idle_minutes: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.idle_minutes = idle_minutes

    @property
    def page(self) -> str:
        """Where a page of such a session must go."""
        return _GONE_TO.get(self.reason, routes.SIGNED_OUT)


_GONE_TO = {
    "session.idle": routes.TIMED_OUT,
    "session.absolute": f"{routes.TIMED_OUT}?after=absolute",
    "session.no_role": routes.CHOOSE_ROLE,
    "session.agent": routes.STEP_UP,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A live session. Without a chosen role there is no actor: asking for one raises SignedOut("session.no_role")."""

    handle: str
    user_id: UUID
    provider: str
    last_seen_at: datetime
    absolute_expires_at: datetime
    idle_seconds: int
    in_role: Actor | None
    agent: str | None = None
    proved_at: datetime | None = None

    def is_in_its_own_browser(self, agent: str) -> bool:
        """Whether a User-Agent header is of the family the session began in (T34); of an old one that is not known."""
        return self.agent is None or self.agent == family_of(agent)

    @property
    def actor(self) -> Actor:
        if self.in_role is None:
            raise SignedOut("session.no_role")
        return self.in_role

    def touch_due(self, now: datetime) -> bool:
        return now - self.last_seen_at > TOUCH_AFTER

    def ends_at(self) -> datetime:
        return min(self.last_seen_at + timedelta(seconds=self.idle_seconds), self.absolute_expires_at)


_COLUMNS = (
    col(SignInSession.handle), col(SignInSession.user_id), col(SignInSession.assignment_id),
    col(SignInSession.provider),
    col(SignInSession.last_seen_at), col(SignInSession.absolute_expires_at), col(SignInSession.idle_seconds),
    col(SignInSession.step_up_until), col(SignInSession.revoked_at), col(SignInSession.revoked_reason),
    col(SignInSession.agent), col(SignInSession.auth_time),
    col(User.display_name), col(User.person_id), col(User.disabled_at), col(Identity.disabled_at).label("identity_off"),
    col(Assignment.role), col(Assignment.icb_id), col(Assignment.organisation_id),
    col(Assignment.sign_off_limit_pence), col(Assignment.valid_from), col(Assignment.valid_to),
    col(Assignment.revoked_at).label("assignment_off"), col(Person.sign_in_on), col(Person.died_on),
)  # fmt: skip
_JOINED = (
    select(*_COLUMNS)
    .join(User, col(User.id) == col(SignInSession.user_id))
    .join(Identity, col(Identity.id) == col(SignInSession.identity_id))
    .outerjoin(Assignment, col(Assignment.id) == col(SignInSession.assignment_id))
    .outerjoin(Person, col(Person.id) == col(User.person_id))
)
# Built once: every event reads one of these, and building a statement costs more than running it.
_BY_HANDLE = _JOINED.where(col(SignInSession.handle) == bindparam("wanted"))
_GLASS = (
    select(col(BreakGlass.id), col(BreakGlass.person_id), col(BreakGlass.ends_at))
    .where(
        col(BreakGlass.user_id) == bindparam("user_id", type_=Uuid()),
        col(BreakGlass.icb_id) == bindparam("icb_id", type_=Uuid()),
        col(BreakGlass.status) == GlassStatus.AGREED.value,
        col(BreakGlass.ended_at).is_(None), col(BreakGlass.ends_at) > bindparam("now", type_=Moment()),
    )
    .order_by(col(BreakGlass.id).desc())
    .limit(1)
)  # fmt: skip
_BY_SECRET = _JOINED.where(col(SignInSession.secret_hash) == bindparam("wanted"))
_BY_HANDLES = _JOINED.where(col(SignInSession.handle).in_(bindparam("wanted", expanding=True)))


def find_by_handle(db: Session, handle: str, now: datetime) -> Found:
    """The live session with this handle. Raises SignedOut with the reason there is none."""
    return _let_in(db, _found(db.connection().execute(_BY_HANDLE, {"wanted": handle}).one_or_none(), now), now)


def _let_in(db: Session, found: Found, now: datetime) -> Found:
    """An administrator who is let into a record at this moment, by break-glass, is told so. Nobody else is asked."""
    actor = found.in_role
    if actor is None or actor.role is not Role.ADMIN:
        return found
    wanted = {"user_id": actor.user_id, "icb_id": actor.icb_id, "now": now}
    row = db.connection().execute(_GLASS, wanted).first()
    if row is None:
        return found
    return replace(
        found,
        in_role=replace(actor, let_in_to=row.person_id, let_in_until=row.ends_at, break_glass_id=row.id),
    )


def find_by_secret(db: Session, secret: str, now: datetime) -> Found:
    """The live session whose cookie holds this secret. Raises SignedOut."""
    return _found(db.connection().execute(_BY_SECRET, {"wanted": digest(secret)}).one_or_none(), now)


def _found(row: Row[*tuple[Any, ...]] | None, now: datetime) -> Found:
    if row is None:
        raise SignedOut("session.none")
    if row.revoked_at is not None:
        raise SignedOut("session.revoked")
    if now >= row.absolute_expires_at:
        raise SignedOut("session.absolute")
    if now >= row.last_seen_at + timedelta(seconds=row.idle_seconds):
        raise SignedOut("session.idle", idle_minutes=row.idle_seconds // 60)
    if row.disabled_at is not None or row.identity_off is not None:
        raise SignedOut("session.disabled")
    return Found(
        row.handle, row.user_id, row.provider, row.last_seen_at, row.absolute_expires_at, row.idle_seconds,
        _actor(row, now) if row.assignment_id is not None else None, row.agent, row.auth_time,
    )  # fmt: skip


def _actor(row: Row[*tuple[Any, ...]], now: datetime) -> Actor:
    """The role somebody acts in, if it is still theirs. The portal's own role is nobody's to sign in with."""
    role = Role(row.role) if row.role else Role.SYSTEM
    if role is Role.SYSTEM or not _in_force(row, london_date(now)):
        raise SignedOut("session.role")
    if role is Role.HOLDER and (not row.sign_in_on or row.died_on is not None):
        raise SignedOut("session.disabled")
    return Actor(
        role=role, user_id=row.user_id, display_name=row.display_name, icb_id=row.icb_id,
        organisation_id=row.organisation_id, person_id=row.person_id, assignment_id=row.assignment_id,
        session_handle=row.handle, sign_off_limit_pence=row.sign_off_limit_pence, step_up_until=row.step_up_until,
    )  # fmt: skip


def _in_force(row: Row[*tuple[Any, ...]], today: date) -> bool:
    return row.assignment_off is None and row.valid_from <= today and (row.valid_to is None or row.valid_to >= today)


def ended(db: Session, handles: Collection[str], now: datetime) -> dict[str, SignedOut]:
    """Which of these sessions are over, and why: also those nobody ended, which only time or a role did."""
    wanted, over = list(handles), {handle: SignedOut("session.none") for handle in handles}
    for start in range(0, len(wanted), 500):
        for row in db.connection().execute(_BY_HANDLES, {"wanted": wanted[start : start + 500]}):
            try:
                _found(row, now)
                del over[row.handle]
            except SignedOut as gone:
                over[row.handle] = gone
    return over


def start(
    db: Session, *, user_id: UUID, identity_id: UUID, provider: str, roles: list[RoleChoice], now: datetime,
    assurance: str = "", op_sid: str | None = None, auth_time: datetime | None = None, ip: str = "", agent: str = "",
    boards: tuple[str, ...] | None = None,
) -> tuple[str, str]:  # fmt: skip
    """Make a session with a new handle and secret. Returns (handle, secret); the secret is nowhere else."""
    secret, handle = new_secret(), new_handle()
    only = roles[0] if len(roles) == 1 else None
    strictest = min((idle_seconds(r.role) for r in roles), default=15 * 60)
    db.add(
        SignInSession(
            id=new_id(), created_at=now, handle=handle, secret_hash=digest(secret), user_id=user_id,
            identity_id=identity_id, assignment_id=only.assignment_id if only else None, provider=provider,
            assurance=assurance, op_sid=op_sid, auth_time=auth_time, last_seen_at=now,
            board_codes=None if boards is None else " ".join(boards),
            absolute_expires_at=now + timedelta(seconds=ABSOLUTE_SECONDS),
            idle_seconds=idle_seconds(only.role) if only else strictest, ip_first=ip, agent_hash=digest(agent),
            agent=family_of(agent),
        )
    )  # fmt: skip
    db.flush()
    return handle, secret


def rotate(db: Session, handle: str, secret: str, assignment: RoleChoice, now: datetime) -> tuple[str, str]:
    """Choose a role: the old session ends and a new one begins, so no state of the old role is reachable.

    Raises SignedOut if the old one had ended already, or ``secret`` is its secret no longer: of two choices at once one
    is made, and a copied cookie gets nothing from a step-up of its owner at the same moment.
    """
    if not revoke(db, handle, "rotated", now, secret=secret):
        raise SignedOut("session.revoked")
    old = db.execute(select(SignInSession).where(col(SignInSession.handle) == handle)).scalar_one()
    given, fresh = new_secret(), new_handle()
    db.add(
        SignInSession(
            id=new_id(), created_at=now, handle=fresh, secret_hash=digest(given), user_id=old.user_id,
            identity_id=old.identity_id, assignment_id=assignment.assignment_id, provider=old.provider,
            assurance=old.assurance, op_sid=old.op_sid, auth_time=old.auth_time, last_seen_at=now,
            absolute_expires_at=old.absolute_expires_at, idle_seconds=idle_seconds(assignment.role),
            ip_first=old.ip_first, agent_hash=old.agent_hash, agent=old.agent, board_codes=old.board_codes,
        )
    )  # fmt: skip
    db.flush()
    return fresh, given


def is_of(db: Session, handle: str, issuer: str, subject: str) -> bool:
    """Whether a session began with this identity: not merely with one of the same person."""
    found = db.execute(
        select(col(Identity.id))
        .join(SignInSession, col(SignInSession.identity_id) == col(Identity.id))
        .where(col(SignInSession.handle) == handle, col(Identity.issuer) == issuer, col(Identity.subject) == subject)
    )
    return found.one_or_none() is not None


def confirm(db: Session, handle: str, secret: str, now: datetime, *, agent: str) -> str | None:
    """Step-up: five minutes of it from now, under the same handle with a new secret. None if the old one is used up."""
    fresh = new_secret()
    taken = db.execute(
        update(SignInSession)
        .where(
            col(SignInSession.handle) == handle, col(SignInSession.secret_hash) == digest(secret),
            col(SignInSession.revoked_at).is_(None),
        )
        .values(
            secret_hash=digest(fresh), step_up_until=now + STEP_UP_LASTS, auth_time=now, last_seen_at=now,
            agent=family_of(agent), agent_hash=digest(agent),
        )
        .returning(col(SignInSession.id))
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return fresh if taken.one_or_none() is not None else None


def touch(db: Session, handle: str, now: datetime) -> None:
    """Put off the idle limit of a session that has not been ended."""
    db.execute(
        update(SignInSession)
        .where(
            col(SignInSession.handle) == handle, col(SignInSession.revoked_at).is_(None),
            col(SignInSession.last_seen_at) < now,
        )
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def revoke(db: Session, handle: str, reason: str, now: datetime, *, secret: str | None = None) -> bool:
    """End one session, and what it left half typed with it. False if it had ended already, or (where ``secret`` is
    given) that is its secret no longer."""
    wanted = [col(SignInSession.handle) == handle, col(SignInSession.revoked_at).is_(None)]
    if secret is not None:
        wanted.append(col(SignInSession.secret_hash) == digest(secret))
    taken = db.execute(
        update(SignInSession)
        .where(*wanted)
        .values(revoked_at=now, revoked_reason=reason)
        .returning(col(SignInSession.id))
        .execution_options(synchronize_session=False)
    )
    if taken.one_or_none() is None:
        return False
    db.execute(delete(Draft).where(col(Draft.session_handle) == handle))
    return True


def revoke_all(db: Session, meant: Select[str], reason: str, now: datetime, ended: Callable[[str], None]) -> list[str]:
    """End the sessions ``meant`` finds (handles of live ones), telling ``ended`` of each; returns their handles.

    Looks again until there is none: one that changed its role at the same moment goes on under another handle, which
    only shows once the old one is found to have ended.
    """
    over: list[str] = []
    while handles := db.execute(meant).scalars().all():
        for handle in handles:
            if revoke(db, handle, reason, now):
                ended(handle)
                over.append(handle)
    return over


def revoked_since(db: Session, since: datetime) -> list[str]:
    """Handles of sessions ended after a moment, by whichever process."""
    return list(db.execute(select(col(SignInSession.handle)).where(col(SignInSession.revoked_at) > since)).scalars())
