"""Deciding on proposed roles: granted or refused by a second person, withdrawn by an administrator; and the code that
carries out an invitation that was granted."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.reading import given
from phbportal.domain.role_grants import GrantKind, GrantStatus
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.users import BY_EMAIL, BY_LETTER, code_digest, new_code
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Identity, Invitation, User


def grant(uow: UnitOfWork, grant_id: UUID) -> None:
    """Grant what somebody else proposed for somebody else, and carry it out (domain.md §9.5)."""
    proposed = _to_decide(uow, grant_id)
    match GrantKind(proposed.kind):
        case GrantKind.INVITATION:
            pass  # carried out by its code
        case GrantKind.ROLE:
            _give(uow, proposed)
        case GrantKind.CHANGE:
            _change(uow, proposed)
        case GrantKind.ENABLE:
            _enable(uow, proposed)
    uow.change(proposed, status=GrantStatus.GRANTED.value, decided_by=uow.actor.user_id, decided_at=uow.now)
    uow.record("role_granted", icb_id=proposed.icb_id, who=proposed.display_name, grant=proposed.id)


def refuse(uow: UnitOfWork, grant_id: UUID, reason: str) -> None:
    """Refuse what somebody else proposed, with a reason the proposer reads."""
    proposed = _to_decide(uow, grant_id)
    uow.change(
        proposed, status=GrantStatus.REFUSED.value, decided_by=uow.actor.user_id, decided_at=uow.now, refusal=reason
    )
    uow.record("role_refused", icb_id=proposed.icb_id, who=proposed.display_name, grant=proposed.id)


def _to_decide(uow: UnitOfWork, grant_id: UUID) -> RoleGrant:
    proposed = uow.find(RoleGrant, grant_id, lock=True)
    uow.require(Permission.ROLE_GRANT_DECIDE, proposed)
    if proposed.status != GrantStatus.PROPOSED:
        raise Refusal("This has been decided or withdrawn already. Reload the page to see the outcome.")
    return proposed


def _user_of(uow: UnitOfWork, proposed: RoleGrant) -> User:
    return uow.session.execute(
        select(User).where(col(User.id) == given(proposed.user_id)).with_for_update()
    ).scalar_one()


def _give(uow: UnitOfWork, proposed: RoleGrant) -> None:
    if _user_of(uow, proposed).disabled_at is not None:
        raise Refusal("This person has been disabled since. Refuse this, and have it proposed anew if it is right.")
    uow.add(
        Assignment, user_id=given(proposed.user_id), role=given(proposed.role), icb_id=proposed.icb_id,
        valid_from=uow.today, valid_to=proposed.valid_to, granted_by=uow.actor.user_id,
        sign_off_limit_pence=proposed.sign_off_limit_pence,
    )  # fmt: skip


def _change(uow: UnitOfWork, proposed: RoleGrant) -> None:
    # Not found by scope: an approver sees what was proposed and not the office's other rows.
    held = uow.session.execute(
        select(Assignment).where(col(Assignment.id) == given(proposed.assignment_id)).with_for_update()
    ).scalar_one()
    if held.revoked_at is not None or held.row_version != proposed.assignment_version:
        raise Refusal("The role has changed since this was proposed. Refuse it, and have it proposed anew.")
    uow.change(
        held, sign_off_limit_pence=proposed.sign_off_limit_pence, valid_to=proposed.valid_to,
        granted_by=uow.actor.user_id,
    )  # fmt: skip


def _enable(uow: UnitOfWork, proposed: RoleGrant) -> None:
    """The sign-ins that ended with the disabling come back; one that was switched off before it does not."""
    user = _user_of(uow, proposed)
    if user.disabled_at is None:
        raise Refusal("This person may sign in again already.")
    with_them = select(Identity).where(
        col(Identity.user_id) == user.id, col(Identity.disabled_at) == user.disabled_at
    )  # fmt: skip
    for identity in uow.session.execute(with_them).scalars().all():
        uow.change(identity, disabled_at=None)
    uow.change(user, disabled_at=None)


def withdraw_grant(uow: UnitOfWork, grant_id: UUID) -> None:
    """Withdraw a proposal, or an invitation that was granted and is not used; its code stops working at once."""
    proposed = uow.find(RoleGrant, grant_id, lock=True)
    uow.require(Permission.ROLE_GRANT_PROPOSE, Subject(icbs=frozenset({proposed.icb_id})))
    open_invitation = proposed.kind == GrantKind.INVITATION and proposed.status == GrantStatus.GRANTED
    if proposed.status != GrantStatus.PROPOSED and not open_invitation:
        raise Refusal("This has been decided already, so it cannot be withdrawn. End the role instead.")
    _withdraw_codes(uow, proposed)
    uow.change(proposed, status=GrantStatus.WITHDRAWN.value)
    uow.record("role_withdrawn", icb_id=proposed.icb_id, who=proposed.display_name, grant=proposed.id)


def make_code(uow: UnitOfWork, grant_id: UUID) -> str:
    """The code of an invitation that was granted: shown once, kept as a digest. An earlier one stops working.

    14 days when it goes by e-mail, 28 by letter (decisions.md §2).
    """
    granted = uow.find(RoleGrant, grant_id, lock=True)
    uow.require(Permission.USER_INVITE, granted)
    if granted.kind != GrantKind.INVITATION or granted.status != GrantStatus.GRANTED:
        raise Refusal("There is a code only for an invitation that a second person has granted.")
    _withdraw_codes(uow, granted)
    code = new_code()
    invitation = uow.add(
        Invitation, code_hash=code_digest(code), role=given(granted.role), icb_id=granted.icb_id,
        display_name=granted.display_name, email=granted.email, sign_off_limit_pence=granted.sign_off_limit_pence,
        valid_to=granted.valid_to, expires_at=uow.now + (BY_EMAIL if granted.email else BY_LETTER),
        grant_id=granted.id,
    )  # fmt: skip
    uow.record("user_invited", about=invitation, icb_id=granted.icb_id, role=ROLE_WORDS[Role(given(granted.role))])
    return code


def _withdraw_codes(uow: UnitOfWork, proposed: RoleGrant) -> None:
    codes = select(Invitation).where(col(Invitation.grant_id) == proposed.id).with_for_update()
    for invitation in uow.session.execute(codes).scalars().all():
        if invitation.used_at is not None:
            raise Refusal("The code has been used: they have the role now. To take it away, end the role.")
        if invitation.withdrawn_at is None:
            uow.change(invitation, withdrawn_at=uow.now)


def withdraw_invitation(uow: UnitOfWork, invitation_id: UUID) -> None:
    """Withdraw a code that nobody has used, such as one of the command line."""
    invitation = uow.find(Invitation, invitation_id, lock=True)
    uow.require(Permission.USER_INVITE, invitation)
    if invitation.used_at is not None:
        raise Refusal("This code has been used. To take the role away, end the role.")
    if uow.change(invitation, withdrawn_at=invitation.withdrawn_at or uow.now):
        uow.record(
            "invitation_withdrawn", about=invitation, icb_id=invitation.icb_id, role=ROLE_WORDS[Role(invitation.role)]
        )
