"""The roles a user may take up, and through which kind of provider."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.services.unit_of_work import london_date
from phbportal.tables.organisations import Organisation
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment

_AUDIENCES: dict[Role, frozenset[str]] = {
    Role.HOLDER: frozenset({"holder"}),
    Role.REPRESENTATIVE: frozenset({"holder"}),
    Role.NOMINEE: frozenset({"holder", "organisation"}),
    Role.PROVIDER: frozenset({"organisation"}),
    **{role: frozenset({"staff"}) for role in STAFF_ROLES},
}


@dataclass(frozen=True, slots=True)
class RoleChoice:
    """A role a user holds today, for the page that asks which to act in."""

    assignment_id: UUID
    role: Role
    words: str
    where: str


def may_take_up(role: Role, audience: Collection[str]) -> bool:
    """Whether a provider vouches for people of this role (decisions.md §2): NHS login makes nobody staff, and an
    organisation's own sign-in makes nobody a budget holder. The portal's own role is in no audience."""
    return not _AUDIENCES.get(role, frozenset[str]()).isdisjoint(audience)


def boards_of(db: Session, handle: str) -> tuple[str, ...] | None:
    """The boards a session's provider named at sign-in (ODS codes), or None where it names none."""
    codes = db.execute(select(col(SignInSession.board_codes)).where(col(SignInSession.handle) == handle)).scalar()
    return None if codes is None else tuple(codes.split())


def serves(db: Session, boards: Collection[str], now: datetime) -> bool:
    """Whether one of these ODS codes is a board that is here today."""
    today = london_date(now)
    found = db.execute(
        select(col(Organisation.id)).where(
            col(Organisation.kind) == "ICB", col(Organisation.ods_code).in_(list(boards)),
            or_(col(Organisation.valid_to).is_(None), col(Organisation.valid_to) >= today),
        )
    )  # fmt: skip
    return found.first() is not None


def roles_of(
    db: Session, user_id: UUID, now: datetime, audience: Collection[str], boards: Collection[str] | None = None
) -> list[RoleChoice]:
    """The roles a user holds today and may take up through a provider of this audience, oldest first; only those at
    ``boards`` where the provider names some (a role at CIS2 narrows ours, it never widens them)."""
    today = london_date(now)
    rows = db.execute(
        select(col(Assignment.id), col(Assignment.role), col(Organisation.name), col(Organisation.ods_code))
        .outerjoin(
            Organisation, or_(col(Organisation.id) == col(Assignment.icb_id),
                              and_(col(Assignment.icb_id).is_(None),
                                   col(Organisation.id) == col(Assignment.organisation_id))),
        )
        .where(
            col(Assignment.user_id) == user_id, col(Assignment.revoked_at).is_(None),
            col(Assignment.valid_from) <= today,
            or_(col(Assignment.valid_to).is_(None), col(Assignment.valid_to) >= today),
        )
        .order_by(col(Assignment.id))
    )  # fmt: skip
    found = [
        RoleChoice(r.id, Role(r.role), ROLE_WORDS[Role(r.role)], r.name or "")
        for r in rows
        if boards is None or r.ods_code in boards
    ]
    return [choice for choice in found if may_take_up(choice.role, audience)]
