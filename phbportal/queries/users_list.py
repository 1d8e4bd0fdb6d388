"""What a list of a board's users tells of each of them: the roles they have today, and whether they may sign in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, exists, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.roles import LISTED_ROLES, ROLE_WORDS, Role
from phbportal.domain.text import listed
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.users import Assignment, User

LISTED = sorted(LISTED_ROLES, key=lambda role: ROLE_WORDS[role])


@dataclass(frozen=True, slots=True)
class Standing:
    """The roles somebody has today in words ("None" for none); and "Active", "No role now" or "Disabled"."""

    roles: str
    status: str


def role_in_force(today: date) -> ColumnElement[bool]:
    """A role that is held today."""
    a = Assignment
    return (
        col(a.revoked_at).is_(None)
        & (col(a.valid_from) <= today)
        & or_(col(a.valid_to).is_(None), col(a.valid_to) >= today)
    )


def has_role(actor: Actor, today: date, role: Any) -> ColumnElement[bool]:
    """A user has a role today, in the actor's sight."""
    a = Assignment
    return exists(
        select(1).where(
            col(a.user_id) == col(User.id), visible(actor, a, today), role_in_force(today), col(a.role) == role
        )
    )


@by_shape
def _held(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    a = Assignment
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    # A subquery: the scope of users asks of roles too, and would take a joined table for its own.
    held = (
        select(col(a.id), col(a.user_id), col(a.role))
        .where(col(a.user_id).in_(ids), visible(actor, a, today), role_in_force(today))
        .subquery()
    )
    return (
        select(col(User.id), col(User.disabled_at), held.c.role)
        .outerjoin(held, held.c.user_id == col(User.id))
        .where(col(User.id).in_(ids), visible(actor, User, today))
        .order_by(held.c.id)
    )


def standings(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> dict[UUID, Standing]:
    """Where each of these users stands today. One statement."""
    roles: dict[UUID, list[str]] = {}
    disabled: set[UUID] = set()
    for row in session.connection().execute(_held(actor, today), {"ids": list(ids)}):
        roles.setdefault(row.id, [])
        if row.role:
            roles[row.id].append(ROLE_WORDS[Role(row.role)])
        if row.disabled_at:
            disabled.add(row.id)
    return {
        user_id: Standing(
            listed(words).capitalize() or "None",
            "Disabled" if user_id in disabled else "Active" if words else "No role now",
        )
        for user_id, words in roles.items()
    }
