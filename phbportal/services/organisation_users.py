"""Who signs in for an organisation: the first is invited by a board, the others by the organisation itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.leavers import end_sessions, withdraw_codes_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.users import invite_to_organisation
from phbportal.tables.organisations import Organisation
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Invitation, User


@dataclass(frozen=True, slots=True)
class PersonToInvite:
    name: str
    email: str = ""


def read_invitation(form: Mapping[str, object]) -> PersonToInvite:
    """Read who is invited; without an e-mail address the code lasts 28 days, for a letter."""
    r = Reading(form)
    name = r.text("name", needed="Enter the person’s name.")
    email = r.take("email", identifiers.email)
    r.finish()
    return PersonToInvite(name, email or "")


def invite_first(uow: UnitOfWork, organisation_id: UUID, entry: PersonToInvite, *, key: str) -> str:
    """Invite the first person to sign in for an organisation. Returns the code, which is shown once.

    Only while nobody does: otherwise one board could let somebody in to see what another entrusted to it. A code the
    same board made, that nobody has used, stops working: it may have been lost, or gone to a wrong address. ``key``
    makes it happen once however often it is sent; "" is returned when it had happened before.
    """
    organisation = uow.find(Organisation, organisation_id)
    boards = frozenset({uow.actor.icb_id} if uow.actor.icb_id else ())
    uow.require(Permission.ORGANISATION_INVITE, Subject(icbs=boards))

    def act() -> str:
        _withdraw_our_own(uow, organisation.id)
        if organisation_people(uow, organisation.id) or _waiting(uow, organisation.id):
            raise Refusal(
                "Somebody signs in for this organisation already, or has a code that still works. "
                "They invite their own colleagues."
            )
        return _invite(uow, organisation.id, organisation.name, entry)

    return _once(uow, organisation.id, key, entry, act)


def invite_colleague(uow: UnitOfWork, entry: PersonToInvite, *, key: str) -> str:
    """Invite another person of the actor's own organisation. Returns the code, which is shown once (see above)."""
    organisation_id = _own(uow)
    name = uow.session.get_one(Organisation, organisation_id).name
    return _once(uow, organisation_id, key, entry, lambda: _invite(uow, organisation_id, name, entry))


def end_colleague(uow: UnitOfWork, assignment_id: UUID) -> None:
    """End the sign-in of somebody else of the actor's own organisation, at once and everywhere.

    Their open pages are sent away, and codes they made that nobody used stop working: nobody lets themselves in again.
    """
    organisation_id = _own(uow)
    assignment = uow.session.execute(
        select(Assignment)
        .where(
            col(Assignment.id) == assignment_id, col(Assignment.organisation_id) == organisation_id,
            col(Assignment.role) == Role.PROVIDER.value,
        )
        .with_for_update()
    ).scalar_one_or_none()  # fmt: skip
    if assignment is None:
        raise NotFound()
    if assignment.user_id == uow.actor.user_id:
        raise Refusal("You cannot end your own sign-in. Ask a colleague to do it.")
    if assignment.revoked_at is not None:
        raise Refusal("This person’s sign-in has ended already. Reload the page.")
    uow.change(assignment, revoked_at=uow.now)
    end_sessions(uow, col(SignInSession.assignment_id) == assignment.id)
    withdraw_codes_of(uow, assignment.user_id, col(Invitation.organisation_id) == organisation_id)
    uow.record(
        "organisation_user_ended",
        about=assignment,
        organisation=uow.session.get_one(Organisation, organisation_id).name,
    )


def withdraw_colleague(uow: UnitOfWork, invitation_id: UUID) -> None:
    """Take back a code of the actor's own organisation that nobody has used, such as one sent to a wrong address."""
    organisation_id = _own(uow)
    invitation = uow.session.execute(
        select(Invitation).where(col(Invitation.id) == invitation_id, _codes_of(organisation_id)).with_for_update()
    ).scalar_one_or_none()
    if invitation is None:
        raise NotFound()
    if invitation.used_at is not None:
        raise Refusal("This code has been used. To take the sign-in away, end it.")
    if uow.change(invitation, withdrawn_at=invitation.withdrawn_at or uow.now):
        uow.record(
            "organisation_code_withdrawn",
            about=invitation,
            organisation=uow.session.get_one(Organisation, organisation_id).name,
        )


def _codes_of(organisation_id: UUID) -> ColumnElement[bool]:
    """Codes to sign in for an organisation as a provider; one to act for a person is another thing."""
    return (col(Invitation.organisation_id) == organisation_id) & (col(Invitation.role) == Role.PROVIDER.value)


def _own(uow: UnitOfWork) -> UUID:
    """The actor's own organisation, with leave to look after who signs in for it."""
    own = uow.actor.organisation_id
    uow.require(Permission.OWN_ORGANISATION_WRITE, Subject(organisations=frozenset({own} if own else ())))
    assert own is not None, "leave is given for an organisation only"
    return own


def _once(uow: UnitOfWork, organisation_id: UUID, key: str, entry: PersonToInvite, act: Callable[[], str]) -> str:
    """The code the first time and "" afterwards: codes are kept nowhere, not even beside the form's key."""
    codes: list[str] = []

    def keep_none() -> str:
        codes.append(act())
        return ""

    content = {"organisation": organisation_id, "name": entry.name, "email": entry.email}
    uow.once("organisation invitation", key, content, keep_none)
    return codes[0] if codes else ""


def _invite(uow: UnitOfWork, organisation_id: UUID, name: str, entry: PersonToInvite) -> str:
    code = invite_to_organisation(uow, organisation_id, name=entry.name, email=entry.email or None)
    uow.record("organisation_user_invited", organisation=name)
    return code


def organisation_people(uow: UnitOfWork, organisation_id: UUID) -> list[str]:
    """The names of those who sign in for an organisation today: who will see what a board entrusts to it."""
    a = Assignment
    return list(
        uow.session.execute(
            select(col(User.display_name))
            .join(a, col(a.user_id) == col(User.id))
            .where(
                col(a.organisation_id) == organisation_id, col(a.role) == Role.PROVIDER.value,
                col(a.revoked_at).is_(None), or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
                col(User.disabled_at).is_(None),
            )
            .order_by(col(User.display_name))
        ).scalars()
    )  # fmt: skip


def _withdraw_our_own(uow: UnitOfWork, organisation_id: UUID) -> None:
    """Codes for an organisation that people of the actor's board made, if nobody signs in for it yet."""
    colleagues = select(col(Assignment.user_id)).where(col(Assignment.icb_id) == uow.actor.icb_id)
    codes = select(Invitation).where(
        _codes_of(organisation_id), col(Invitation.created_by).in_(colleagues), col(Invitation.used_at).is_(None),
        col(Invitation.withdrawn_at).is_(None),
    )  # fmt: skip
    for code in uow.session.execute(codes.with_for_update()).scalars().all():
        uow.change(code, withdrawn_at=uow.now)


def _waiting(uow: UnitOfWork, organisation_id: UUID) -> int:
    i = Invitation
    return uow.session.execute(
        select(func.count()).select_from(i).where(
            _codes_of(organisation_id), col(i.used_at).is_(None), col(i.withdrawn_at).is_(None),
            col(i.expires_at) > uow.now,
        )
    ).scalar_one()  # fmt: skip
