"""The list of a board's users: search, role filter, keyset pages by name; and the invitations that are open."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, label, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.moments import show_moment
from phbportal.domain.role_grants import GrantKind, GrantStatus
from phbportal.domain.roles import LISTED_ROLES, ROLE_WORDS, Role
from phbportal.domain.text import listed, search_key
from phbportal.policy.actors import Actor
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation, User

SIZE = 50
LISTED = sorted(LISTED_ROLES, key=lambda role: ROLE_WORDS[role])


@dataclass(frozen=True, slots=True)
class UserRow:
    """One line of the list, as text. ``status`` is "Active", "No role now" or "Disabled"."""

    name: str
    href: str
    roles: str
    status: str


@dataclass(frozen=True, slots=True)
class UsersPage:
    """Rows, the cursors either way ("" where there is no more), and what to say when nobody was found."""

    rows: tuple[UserRow, ...]
    before: str
    after: str
    nothing: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An invitation that is open, as text; ``href`` is where its code is made, empty for one of the command line."""

    id: str
    name: str
    role: str
    invited: str
    until: str
    href: str


def role_in_force(today: date) -> ColumnElement[bool]:
    """A role that is held today."""
    a = Assignment
    return (
        col(a.revoked_at).is_(None)
        & (col(a.valid_from) <= today)
        & or_(col(a.valid_to).is_(None), col(a.valid_to) >= today)
    )


def users_page(
    session: Session, actor: Actor, today: date, *, search: str = "", role: str = "", cursor: str = "",
    direction: str = "", size: int = SIZE,
) -> UsersPage:  # fmt: skip
    """One page of who works at the board, by name. Two statements.

    ``search`` is the beginning of any part of a name, whatever its accents, so the names (some hundreds at a board,
    and nothing else of anybody) are folded and put in order here and not in the database. ``role`` is a code of those
    held today.
    """
    key, place = search_key(search), _read(cursor)
    statement = select(col(User.id), col(User.display_name), col(User.disabled_at)).where(visible(actor, User, today))
    if role in {one.value for one in LISTED}:
        held = select(1).where(
            col(Assignment.user_id) == col(User.id), visible(actor, Assignment, today), role_in_force(today),
            col(Assignment.role) == role,
        )  # fmt: skip
        statement = statement.where(exists(held))
    people = sorted(
        (search_key(row.display_name), str(row.id), row)
        for row in session.execute(statement)
        if all(any(part.startswith(word) for part in search_key(row.display_name).split()) for word in key.split())
    )
    backwards = direction == "before"
    if place is not None:
        people = [one for one in people if (one[:2] < place if backwards else one[:2] > place)]
    shown = people[-size:] if backwards else people[:size]
    more = len(people) > len(shown)
    first = _cursor(shown[0]) if shown and place is not None and (not backwards or more) else ""
    last = _cursor(shown[-1]) if shown and (more or backwards) else ""
    roles = _roles(session, actor, today, [row.id for _key, _id, row in shown])
    return UsersPage(
        tuple(_row(row, roles.get(row.id, [])) for _key, _id, row in shown), first, last, _nothing(search, role)
    )


def _row(row: Any, roles: list[str]) -> UserRow:
    status = "Disabled" if row.disabled_at else "Active" if roles else "No role now"
    return UserRow(row.display_name, routes.staff_user(row.id), listed(roles).capitalize() or "No role", status)


def _roles(session: Session, actor: Actor, today: date, users: list[UUID]) -> dict[UUID, list[str]]:
    found: dict[UUID, list[str]] = {}
    rows = session.execute(
        select(col(Assignment.user_id), col(Assignment.role))
        .where(col(Assignment.user_id).in_(users), visible(actor, Assignment, today), role_in_force(today))
        .order_by(col(Assignment.id))
    )
    for row in rows:
        found.setdefault(row.user_id, []).append(ROLE_WORDS[Role(row.role)])
    return found


def _nothing(search: str, role: str) -> str:
    if search.strip():
        return f"Nobody’s name has a part that begins with “{search.strip()}”. Type fewer letters, or show everyone."
    return "Nobody has this role at your board today." if role else "Nobody works here yet."


def _cursor(person: tuple[str, str, Any]) -> str:
    return json.dumps(person[:2], ensure_ascii=False)


def _read(cursor: str) -> tuple[str, str] | None:
    if not cursor:
        return None
    key, user_id = json.loads(cursor)
    return str(key), str(user_id)


def open_invitations(session: Session, actor: Actor, now: datetime, today: date) -> tuple[InvitationRow, ...]:
    """Invitations nobody has used yet, the newest first: granted ones and codes of the command line. Two statements."""
    i, g = Invitation, RoleGrant
    codes = session.execute(
        select(
            col(i.id), col(i.display_name), col(i.role), col(i.created_at), col(i.expires_at), col(i.grant_id),
            label("by", col(User.display_name)),
        )
        .outerjoin(User, col(User.id) == col(i.created_by))
        .where(
            visible(actor, i, today), col(i.used_at).is_(None), col(i.withdrawn_at).is_(None), col(i.expires_at) > now
        )
        .order_by(col(i.id).desc())
    ).all()  # fmt: skip
    with_code = {row.grant_id for row in codes if row.grant_id}
    used = select(col(i.grant_id)).where(col(i.grant_id).is_not(None), col(i.used_at).is_not(None))
    granted = session.execute(
        select(col(g.id), col(g.display_name), col(g.role), col(g.decided_at), label("by", col(User.display_name)))
        .outerjoin(User, col(User.id) == col(g.proposed_by))
        .where(
            visible(actor, g, today), col(g.kind) == GrantKind.INVITATION.value,
            col(g.status) == GrantStatus.GRANTED.value, col(g.id).not_in(used), col(g.id).not_in(with_code),
        )
        .order_by(col(g.id).desc())
    )  # fmt: skip
    waiting = [
        InvitationRow(
            "", row.display_name, ROLE_WORDS[Role(row.role)].capitalize(), row.by or NOBODY, "No code made yet",
            routes.staff_role_grant(row.id),
        )
        for row in granted
    ]  # fmt: skip
    return (
        *waiting,
        *(
            InvitationRow(
                "" if row.grant_id else str(row.id), row.display_name, ROLE_WORDS[Role(row.role)].capitalize(),
                row.by or "The command line", show_moment(row.expires_at),
                routes.staff_role_grant(row.grant_id) if row.grant_id else "",
            )
            for row in codes
        ),
    )  # fmt: skip
