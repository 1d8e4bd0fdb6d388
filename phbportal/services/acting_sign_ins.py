"""Who signs in to act for somebody: signed out when they stop, and ended one by one where an organisation acts."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.policy.permissions import Permission
from phbportal.services.leavers import end_sessions
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, User


def _roles_of(part: PersonRole) -> ColumnElement[bool]:
    """The roles in which a part can be seen: its user's, or those its board gave people of its organisation."""
    a = Assignment
    if part.organisation_id is None:
        return (col(a.user_id) == part.user_id) & (col(a.role) == part.role)
    return (
        (col(a.organisation_id) == part.organisation_id) & (col(a.icb_id) == part.icb_id) & (col(a.role) == part.role)
    )


def somebody_signs_in(uow: UnitOfWork, part: PersonRole) -> bool:
    """Whether anybody can read here today what a part is shown. Asks no leave: a question of whoever writes to them."""
    a = Assignment
    held = (
        select(col(a.id))
        .join(User, col(User.id) == col(a.user_id))
        .where(
            _roles_of(part), col(User.disabled_at).is_(None), col(a.revoked_at).is_(None),
            col(a.valid_from) <= uow.today, or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
        )
        .limit(1)
    )  # fmt: skip
    return uow.session.execute(held).first() is not None


def sign_out(uow: UnitOfWork, part: PersonRole) -> None:
    """Send the open pages of whoever acts away, for an act that has asked leave: a page goes on showing what it was
    sent. They sign in again to see whom else they act for."""
    if part.user_id is None and part.organisation_id is None:
        return
    end_sessions(uow, col(SignInSession.assignment_id).in_(select(col(Assignment.id)).where(_roles_of(part))))


def end_sign_in(uow: UnitOfWork, part_id: UUID, assignment_id: UUID) -> None:
    """End the sign-in of one person of an organisation that acts, at once: somebody who has left it."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    if part.organisation_id is None:
        raise NotFound()
    held = uow.session.execute(
        select(Assignment).where(col(Assignment.id) == assignment_id, _roles_of(part)).with_for_update()
    ).scalar_one_or_none()
    if held is None:
        raise NotFound()
    if held.revoked_at is not None:
        raise Refusal("This person’s sign-in has ended already. Reload the page.")
    uow.change(held, revoked_at=uow.now)
    end_sessions(uow, col(SignInSession.assignment_id) == held.id)
    uow.record("acting_sign_in_ended", about=held, person_id=part.person_id, name=part.name)
