"""One user as the office sees them: roles with their dates, sign-ins, what was proposed; never what they work on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.money import pounds
from phbportal.domain.phbs import ENDED
from phbportal.domain.role_grants import RoleTerms, terms_words
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import Actor
from phbportal.queries.role_grants import GrantRow, grants_about
from phbportal.queries.scope import visible
from phbportal.queries.users_list import role_in_force
from phbportal.tables.phbs import Phb
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Identity, User


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role at the board, as text; the addresses are empty once it has ended."""

    id: str
    role: str
    limit: str
    starts: str
    ends: str
    status: str
    change_href: str
    end_href: str


@dataclass(frozen=True, slots=True)
class SignInRow:
    """A way they sign in: the provider's name and when it was last used, never who they are there."""

    provider: str
    last_used: str
    status: str


@dataclass(frozen=True, slots=True)
class UserRecord:
    """A user as text. ``budgets`` says how many open ones they are the case manager of, "" for none."""

    id: UUID
    name: str
    email: str
    status: str
    is_disabled: bool
    sessions: str
    budgets: str
    roles: tuple[HeldRole, ...]
    sign_ins: tuple[SignInRow, ...]
    grants: tuple[GrantRow, ...]


@dataclass(frozen=True, slots=True)
class UserBrief:
    """Enough for the head of a form."""

    id: UUID
    name: str
    is_disabled: bool


@dataclass(frozen=True, slots=True)
class RoleForm:
    """What the form of a change starts from; ``words`` is the role as it stands."""

    role: Role
    words: str
    limit: str
    day: str
    month: str
    year: str
    shows_limit: bool


def user_brief(session: Session, actor: Actor, today: date, user_id: UUID) -> UserBrief:
    """The user the address names, if the actor may see them. Raises NotFound."""
    row = session.execute(
        select(col(User.id), col(User.display_name), col(User.disabled_at)).where(
            col(User.id) == user_id, visible(actor, User, today)
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    return UserBrief(row.id, row.display_name, row.disabled_at is not None)


def user_record(session: Session, actor: Actor, now: datetime, today: date, user_id: UUID) -> UserRecord:
    """All of a user's record, in six statements. Raises NotFound."""
    user = session.execute(
        select(User).where(col(User.id) == user_id, visible(actor, User, today))
    ).scalar_one_or_none()  # fmt: skip
    if user is None:
        raise NotFound()
    roles = _roles(session, actor, today, user_id)
    in_force = any(role.status == "In force" for role in roles)
    status = f"Disabled since {show_moment(user.disabled_at)}" if user.disabled_at else ""
    return UserRecord(
        id=user.id, name=user.display_name, email=user.email or "Not recorded",
        status=status or ("Active" if in_force else "Has no role at your board now"),
        is_disabled=user.disabled_at is not None, sessions=_sessions(session, now, user_id),
        budgets=budgets_words(session, actor, user_id), roles=roles, sign_ins=_sign_ins(session, user_id),
        grants=grants_about(session, actor, today, user_id),
    )  # fmt: skip


def _roles(session: Session, actor: Actor, today: date, user_id: UUID) -> tuple[HeldRole, ...]:
    rows = session.execute(
        select(Assignment)
        .where(col(Assignment.user_id) == user_id, visible(actor, Assignment, today))
        .order_by(col(Assignment.id).desc())
    ).scalars()
    return tuple(_held(row, today) for row in rows)


def _held(row: Assignment, today: date) -> HeldRole:
    if row.revoked_at is not None:
        status, ends = "Ended", long_date(london_day(row.revoked_at))
    else:
        over = row.valid_to is not None and row.valid_to < today
        status = "Ended" if over else "In force" if row.valid_from <= today else "Not begun"
        ends = long_date(row.valid_to) if row.valid_to else "No end date"
    alive = row.revoked_at is None
    limit = ""
    if row.role == Role.APPROVER:
        amount = row.sign_off_limit_pence
        limit = "Any amount" if amount is None else f"{pounds(amount)} a week"
    return HeldRole(
        id=str(row.id), role=ROLE_WORDS[Role(row.role)].capitalize(), limit=limit or "Not for this role",
        starts=long_date(row.valid_from), ends=ends, status=status,
        change_href=routes.of_user(routes.STAFF_USER_CHANGE, row.user_id, row.id) if alive else "",
        end_href=routes.of_user(routes.STAFF_USER_END, row.user_id, row.id) if alive and status != "Ended" else "",
    )  # fmt: skip


def _sign_ins(session: Session, user_id: UUID) -> tuple[SignInRow, ...]:
    rows = session.execute(
        select(col(Identity.provider), col(Identity.last_seen_at), col(Identity.disabled_at))
        .where(col(Identity.user_id) == user_id)
        .order_by(col(Identity.id))
    )
    return tuple(
        SignInRow(
            row.provider, show_moment(row.last_seen_at) if row.last_seen_at else "Never",
            "Disabled" if row.disabled_at else "In use",
        )
        for row in rows
    )  # fmt: skip


def _sessions(session: Session, now: datetime, user_id: UUID) -> str:
    s = SignInSession
    live = session.execute(
        select(col(s.last_seen_at), col(s.idle_seconds)).where(
            col(s.user_id) == user_id, col(s.revoked_at).is_(None), col(s.absolute_expires_at) > now
        )
    )
    count = sum((now - row.last_seen_at).total_seconds() < row.idle_seconds for row in live)
    return f"Signed in now, in {plural(count, 'place')}" if count else "Not signed in now"


def budgets_words(session: Session, actor: Actor, user_id: UUID) -> str:
    """How many open budgets of the board they are the case manager of; the office sees the number and no more."""
    found = session.execute(
        select(func.count()).select_from(Phb).where(
            col(Phb.case_manager_id) == user_id, col(Phb.icb_id) == actor.icb_id,
            col(Phb.status).not_in([status.value for status in ENDED]),
        )
    ).scalar_one()  # fmt: skip
    return plural(found, "open budget") if found else ""


def role_form(session: Session, actor: Actor, today: date, user_id: UUID, assignment_id: UUID) -> RoleForm:
    """The role the address names, of the user it names. Raises NotFound, also when it has ended."""
    row = session.execute(
        select(Assignment).where(
            col(Assignment.id) == assignment_id, col(Assignment.user_id) == user_id,
            visible(actor, Assignment, today), col(Assignment.revoked_at).is_(None),
        )
    ).scalar_one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    role, ends, limit = Role(row.role), row.valid_to, row.sign_off_limit_pence
    return RoleForm(
        role, terms_words(RoleTerms(role, ends, limit)), pounds(limit).lstrip("£") if limit is not None else "",
        *((str(ends.day), str(ends.month), str(ends.year)) if ends else ("", "", "")), role is Role.APPROVER,
    )  # fmt: skip


def case_managers(session: Session, actor: Actor, today: date) -> tuple[tuple[UUID, str], ...]:
    """Who may be given budgets at the actor's board today, by name: (user id, name)."""
    rows = session.execute(
        select(col(User.id), col(User.display_name))
        .join(Assignment, col(Assignment.user_id) == col(User.id))
        .where(
            col(Assignment.icb_id) == actor.icb_id, col(Assignment.role) == Role.CASE_MANAGER.value,
            role_in_force(today), col(User.disabled_at).is_(None),
        )
        .distinct()
        .order_by(col(User.display_name), col(User.id))
    )  # fmt: skip
    return tuple((row.id, row.display_name) for row in rows)


def case_manager_of(session: Session, actor: Actor, today: date, phb_id: UUID) -> UUID | None:
    """Whose budget it is, as the actor may see it."""
    return session.execute(
        select(col(Phb.case_manager_id)).where(col(Phb.id) == phb_id, visible(actor, Phb, today))
    ).scalar_one_or_none()
