"""Who has looked at a person's record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.moments import show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.audit import AccessEvent
from phbportal.tables.users import User

SIZE = 25


@dataclass(frozen=True, slots=True)
class LookRow:
    """Somebody looked: who, in which role, at what, when."""

    who: str
    role: str
    page: str
    when: str


def looks_at(session: Session, actor: Actor, today: date, person_id: UUID, *, size: int = SIZE) -> tuple[LookRow, ...]:
    """Who looked at a person's record most recently (invariant I33), for those who may see that. One statement."""
    rows = session.execute(
        select(
            col(AccessEvent.page), col(AccessEvent.role), col(AccessEvent.created_at), col(User.display_name),
            col(AccessEvent.break_glass_id),
        )
        .outerjoin(User, col(User.id) == col(AccessEvent.user_id))
        .where(col(AccessEvent.person_id) == person_id, visible(actor, AccessEvent, today))
        .order_by(col(AccessEvent.id).desc())
        .limit(size)
    )  # fmt: skip
    return tuple(
        LookRow(
            who=row.display_name or "The portal", role=ROLE_WORDS[Role(row.role)].capitalize(),
            page=row.page.replace("_", " ").capitalize() + (" (break-glass)" if row.break_glass_id else ""),
            when=show_moment(row.created_at),
        )
        for row in rows
    )  # fmt: skip
