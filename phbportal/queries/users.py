"""Finding a member of staff by e-mail, for the command line; and who holds a role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment, User


def named_by_assignment(
    session: Session, actor: Actor, today: date, assignments: Sequence[UUID]
) -> dict[UUID, tuple[str, str]]:
    """Who holds each of these roles: their name and their id. One statement."""
    rows = session.execute(
        select(col(Assignment.id), col(User.display_name), col(Assignment.user_id))
        .join(User, col(User.id) == col(Assignment.user_id))
        .where(col(Assignment.id).in_(assignments), visible(actor, Assignment, today))
    )
    return {row.id: (row.display_name, str(row.user_id)) for row in rows}


def somebody_else_grants(session: Session, actor: Actor, today: date) -> bool:
    """Whether anybody but the actor could grant a role at their board today (policy/grants.py). One statement."""
    a, deciding = Assignment, [Role.APPROVER.value, Role.AUDITOR.value, Role.ADMIN.value]
    others = select(1).where(
        visible(actor, a, today), col(a.role).in_(deciding), col(a.user_id) != actor.user_id,
        col(a.revoked_at).is_(None), col(a.valid_from) <= today,
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= today),
    )  # fmt: skip
    return session.execute(others.limit(1)).first() is not None


def staff_actor(session: Session, email: str, icb_code: str | None, today: date, roles: tuple[Role, ...]) -> Actor:
    """The actor with this e-mail in the first of these roles they hold today, at the board if one is named."""
    statement = (
        select(User, Assignment)
        .join(Assignment, col(Assignment.user_id) == col(User.id))
        .join(Organisation, col(Organisation.id) == col(Assignment.icb_id))
        .where(
            col(User.email) == email.strip().lower(),
            col(User.disabled_at).is_(None),
            col(Assignment.role).in_([r.value for r in roles]),
            col(Assignment.revoked_at).is_(None),
            col(Assignment.valid_from) <= today,
            or_(col(Assignment.valid_to).is_(None), col(Assignment.valid_to) >= today),
        )
    )
    if icb_code:
        statement = statement.where(col(Organisation.ods_code) == icb_code.strip().upper())
    found = {Role(assignment.role): (user, assignment) for user, assignment in session.execute(statement)}
    for role in roles:
        if role in found:
            user, assignment = found[role]
            return Actor(
                role=role, user_id=user.id, display_name=user.display_name, icb_id=assignment.icb_id,
                assignment_id=assignment.id, sign_off_limit_pence=assignment.sign_off_limit_pence,
            )  # fmt: skip
    needed = " or ".join(ROLE_WORDS[r] for r in roles)
    raise Refusal(f"Nobody with the e-mail {email} is {needed} at that board today. Check the e-mail and the code.")
