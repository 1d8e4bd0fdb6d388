"""Leavers: a role ended, or somebody disabled everywhere at once."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select, update
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.role_grants import GrantKind, GrantStatus
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.organisations import Organisation
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.sessions import Draft, SignInSession
from phbportal.tables.users import Assignment, Identity, Invitation, User

SESSION_REASON = "office"


def end_role(uow: UnitOfWork, assignment_id: UUID) -> None:
    """End one role of somebody else now; whoever works in it is signed out at once."""
    held = uow.find(Assignment, assignment_id, lock=True)
    uow.require(Permission.USER_END, held)
    if held.revoked_at is not None:
        raise Refusal("This role has ended already.")
    user = uow.session.get_one(User, held.user_id)
    if held.role == Role.ADMIN:
        _refuse_the_last(uow, user, [held])
    uow.change(held, revoked_at=uow.now)
    end_sessions(uow, col(SignInSession.assignment_id) == held.id)
    _end_break_glass(uow, user.id, [held])
    if held.role == Role.ADMIN:
        # Nobody keeps a way in for when they are gone: a colleague makes the code anew.
        withdraw_codes_of(uow, held.user_id, col(Invitation.icb_id) == held.icb_id)
    uow.record("role_ended", about=held, icb_id=held.icb_id, role=ROLE_WORDS[Role(held.role)], who=user.display_name)


def disable_user(uow: UnitOfWork, user_id: UUID) -> None:
    """Disable somebody everywhere, at every board: sessions, sign-ins, roles, what they asked for and what they gave.

    Their open pages are sent away within two seconds. What they did stays in every record.
    """
    user = uow.find(User, user_id, lock=True)
    uow.require(Permission.USER_END, user)
    if user.disabled_at is not None:
        raise Refusal("This person is disabled already.")
    if user.person_id is not None:
        raise Refusal(
            "This person signs in to their own budget as well, which this would stop. End their roles one by one."
        )
    held = list(
        uow.session.execute(
            select(Assignment).where(col(Assignment.user_id) == user_id, col(Assignment.revoked_at).is_(None))
        ).scalars()
    )
    if held and not any(one.icb_id == uow.actor.icb_id for one in held):
        raise Refusal("This person has left your board and works at another, which looks after their sign-in now.")
    _refuse_the_last(uow, user, [one for one in held if one.role == Role.ADMIN])
    uow.change(user, disabled_at=uow.now)
    for identity in uow.session.execute(
        select(Identity).where(col(Identity.user_id) == user_id, col(Identity.disabled_at).is_(None))
    ).scalars():
        uow.change(identity, disabled_at=uow.now)
    for one in held:
        uow.change(one, revoked_at=uow.now)
    end_sessions(uow, col(SignInSession.user_id) == user_id)
    _end_break_glass(uow, user_id, held)
    _withdraw_what_they_gave(uow, user_id)
    uow.record("user_disabled", about=user, who=user.display_name, user=user_id)


def _refuse_the_last(uow: UnitOfWork, user: User, held: list[Assignment]) -> None:
    """Refuse what would leave a board without an administrator. The board's administrators are locked first, so that
    of two who end each other at once only one is ended."""
    for one in held:
        a = Assignment
        in_force = (
            select(a)
            .join(User, col(User.id) == col(a.user_id))
            .where(
                col(a.role) == Role.ADMIN.value, col(a.icb_id) == one.icb_id, col(a.revoked_at).is_(None),
                or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today), col(User.disabled_at).is_(None),
            )
            .order_by(col(a.id))
            .with_for_update(of=a)
            .execution_options(populate_existing=True)
        )  # fmt: skip
        others = [row for row in uow.session.execute(in_force).scalars().all() if row.user_id != user.id]
        if not others:
            board = uow.session.get_one(Organisation, one.icb_id)
            raise Refusal(
                f"{user.display_name} is the last administrator of {board.name}. Have another one granted first."
            )


def end_sessions(uow: UnitOfWork, which: object) -> None:
    """End these sessions, and forget what was half typed in them; their open pages are sent away within two seconds.
    For a service that has asked leave."""
    s = select(col(SignInSession.handle)).where(which)  # pyright: ignore[reportArgumentType,reportCallIssue]
    uow.session.execute(
        delete(Draft).where(col(Draft.session_handle).in_(s)).execution_options(synchronize_session=False)
    )
    uow.session.execute(
        update(SignInSession)
        .where(which, col(SignInSession.revoked_at).is_(None))  # pyright: ignore[reportArgumentType]
        .values(revoked_at=uow.now, revoked_reason=SESSION_REASON)
        .execution_options(synchronize_session=False)
    )


def _end_break_glass(uow: UnitOfWork, user_id: UUID, held: list[Assignment]) -> None:
    boards = [one.icb_id for one in held if one.role == Role.ADMIN]
    uow.session.execute(
        update(BreakGlass)
        .where(
            col(BreakGlass.user_id) == user_id, col(BreakGlass.icb_id).in_(boards), col(BreakGlass.ends_at) > uow.now,
            col(BreakGlass.ended_at).is_(None),
        )
        .values(ended_at=uow.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _withdraw_what_they_gave(uow: UnitOfWork, user_id: UUID) -> None:
    """Codes they handed out and nobody used, and proposals by them or for them, are good no longer."""
    g = RoleGrant
    used = select(col(Invitation.grant_id)).where(
        col(Invitation.grant_id).is_not(None), col(Invitation.used_at).is_not(None)
    )
    open_grants = select(g).where(
        or_(
            (col(g.status) == GrantStatus.PROPOSED.value)
            & or_(col(g.proposed_by) == user_id, col(g.user_id) == user_id),
            (col(g.status) == GrantStatus.GRANTED.value) & (col(g.kind) == GrantKind.INVITATION.value)
            & (col(g.proposed_by) == user_id) & col(g.id).not_in(used),
        )
    )  # fmt: skip
    withdrawn = list(uow.session.execute(open_grants).scalars())
    for one in withdrawn:
        uow.change(one, status=GrantStatus.WITHDRAWN.value)
    codes = select(Invitation).where(
        col(Invitation.used_at).is_(None), col(Invitation.withdrawn_at).is_(None),
        or_(col(Invitation.created_by) == user_id, col(Invitation.grant_id).in_([one.id for one in withdrawn])),
    )  # fmt: skip
    for code in uow.session.execute(codes).scalars().all():
        uow.change(code, withdrawn_at=uow.now)


def withdraw_codes_of(uow: UnitOfWork, user_id: UUID, which: ColumnElement[bool]) -> None:
    """The codes somebody made and nobody used stop working. For a service that has asked leave."""
    codes = select(Invitation).where(
        col(Invitation.created_by) == user_id, which,
        col(Invitation.used_at).is_(None), col(Invitation.withdrawn_at).is_(None),
    )  # fmt: skip
    for code in uow.session.execute(codes.with_for_update()).scalars().all():
        uow.change(code, withdrawn_at=uow.now)
