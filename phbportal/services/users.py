"""Users, their roles and invitations; and who a provider's claims belong to."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.role_grants import FIRST_ADMINS
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.domain.text import search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.first_lines import FirstLines
from phbportal.services.unit_of_work import UnitOfWork, london_date
from phbportal.tables.acting import PersonRole
from phbportal.tables.base import new_id
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Identity, Invitation, User

BY_EMAIL = timedelta(days=14)
BY_LETTER = timedelta(days=28)
_CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class ProviderClaims:
    """The claims that say who somebody is, as an identity provider gave them."""

    provider: str
    issuer: str
    subject: str
    name: str | None = None
    nhs_number: str | None = None
    birthdate: str | None = None
    family_name: str | None = None


class Unknown(Refusal):
    """Nobody here answers to these claims."""


def board_by_code(uow: UnitOfWork, code: str) -> Organisation:
    """The board with an ODS code."""
    board = uow.session.execute(
        select(Organisation).where(col(Organisation.ods_code) == code.strip().upper(), col(Organisation.kind) == "ICB")
    ).scalar_one_or_none()
    if board is None:
        raise Refusal(f"There is no board with the code {code}. Check it against the ODS list.")
    if board.valid_to is not None and board.valid_to < uow.today:
        raise Refusal(f"{board.name} ({code}) was abolished. Use the code of the board that followed it.")
    return board


def invite(
    uow: UnitOfWork, *, role: Role, icb_id: UUID, name: str, email: str | None = None, limit_pence: int | None = None
) -> str:
    """Make a single-use invitation. Returns its code, which is shown once and kept only as a digest.

    A staff role needs a second person (``role_proposals``), but for the first two administrators of a board.
    """
    uow.require(Permission.USER_INVITE, Subject(icbs=frozenset({icb_id})))
    if role in (Role.SYSTEM, Role.HOLDER):
        raise Refusal("A budget holder signs in with NHS login and needs no invitation.")
    if role in STAFF_ROLES and not needs_no_second_person(uow, role, icb_id):
        raise Refusal(
            "Only the first two administrators of a board need no second person. Have an administrator propose this "
            "role under Users, or name them with --as; somebody else then grants it."
        )
    code = new_code()
    invitation = uow.add(
        Invitation, code_hash=code_digest(code), role=role.value, icb_id=icb_id,
        display_name=name.strip() or role.value, email=email, sign_off_limit_pence=limit_pence,
        expires_at=uow.now + (BY_EMAIL if email else BY_LETTER),
    )  # fmt: skip
    uow.record("user_invited", about=invitation, icb_id=icb_id, role=ROLE_WORDS[role])
    return code


def invite_to_act(uow: UnitOfWork, part_id: UUID) -> str:
    """Give a representative or nominee a code to sign in with; an earlier code of theirs stops working."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    if part.role not in (Role.REPRESENTATIVE, Role.NOMINEE):
        raise Refusal("Only a representative or a nominee signs in.")
    if part.status == ActingStatus.ENDED:
        raise Refusal("This person no longer acts, so there is nothing for them to sign in to.")
    if part.user_id is not None:
        raise Refusal(f"{part.name} has signed in already and needs no code.")
    earlier = uow.session.execute(
        select(Invitation).where(col(Invitation.person_role_id) == part.id, col(Invitation.used_at).is_(None))
    ).scalars()
    for old in earlier.all() if part.organisation_id is None else ():
        uow.change(old, expires_at=min(old.expires_at, uow.now))
    code = new_code()
    uow.add(
        Invitation, code_hash=code_digest(code), role=part.role, icb_id=part.icb_id,
        organisation_id=part.organisation_id, display_name=part.name, person_role_id=part.id,
        expires_at=uow.now + BY_LETTER,
    )  # fmt: skip
    uow.record("acting_invited", about=part, person_id=part.person_id, name=part.name, acting=part.role)
    return code


def new_code() -> str:
    """A new invitation's code: 20 letters and figures none of which is taken for another, 98 bits."""
    return "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(5))


def needs_no_second_person(uow: UnitOfWork, role: Role, icb_id: UUID) -> bool:
    """Whether this is one of a board's first two administrators: before there are two there is nobody to ask."""
    return role is Role.ADMIN and _admins(uow, icb_id) < FIRST_ADMINS


def _admins(uow: UnitOfWork, icb_id: UUID) -> int:
    """The administrators a board has, and those who have a code."""
    granted = uow.session.execute(
        select(func.count()).select_from(Assignment).where(
            col(Assignment.role) == Role.ADMIN.value, col(Assignment.icb_id) == icb_id,
            col(Assignment.revoked_at).is_(None),
        )
    ).scalar_one()  # fmt: skip
    waiting = uow.session.execute(
        select(func.count()).select_from(Invitation).where(
            col(Invitation.role) == Role.ADMIN.value, col(Invitation.icb_id) == icb_id,
            col(Invitation.used_at).is_(None), col(Invitation.withdrawn_at).is_(None),
            col(Invitation.expires_at) > uow.now,
        )
    ).scalar_one()  # fmt: skip
    return granted + waiting


def code_digest(code: str) -> str:
    """What is kept of a code, however it was typed."""
    tidy = "".join(c for c in code.upper() if c.isalnum())
    return hashlib.sha256(tidy.encode()).hexdigest()


def open_invitation(db: Session, code: str, now: datetime) -> UUID:
    """The invitation a code opens. One sentence for every way it can be wrong."""
    found = db.execute(select(Invitation).where(col(Invitation.code_hash) == code_digest(code))).scalar_one_or_none()
    if found is None or found.used_at is not None or found.withdrawn_at is not None or found.expires_at <= now:
        raise Unknown("That code does not work. Check it, or ask the person who invited you for a new one.")
    return found.id


def invited_role(db: Session, invitation_id: UUID) -> Role:
    """The role an invitation is for."""
    return Role(db.get_one(Invitation, invitation_id).role)


def find_or_bind(
    db: Session, claims: ProviderClaims, now: datetime, *, invitation_id: UUID | None = None
) -> tuple[UUID, UUID]:
    """The (user id, identity id) behind claims: known, invited, or a holder whose record matches. Raises Unknown."""
    identity = db.execute(
        select(Identity).where(col(Identity.issuer) == claims.issuer, col(Identity.subject) == claims.subject)
    ).scalar_one_or_none()
    if identity is not None:
        user = db.get_one(User, identity.user_id)
        if identity.disabled_at is not None or user.disabled_at is not None or _is_switched_off(db, user):
            raise Unknown("identity.disabled")
        if invitation_id is not None:
            _accept(db, invitation_id, user.id, identity.id, now)
        identity.last_seen_at = now
        db.flush()
        return user.id, identity.id
    if invitation_id is not None:
        return _bind_invited(db, claims, invitation_id, now)
    return _bind_holder(db, claims, now)


def _is_switched_off(db: Session, user: User) -> bool:
    """A holder whose board has switched sign-in off again, or who has died; staff with a record are not locked out."""
    if user.person_id is None:
        return False
    person = db.get_one(Person, user.person_id)
    if person.sign_in_on and person.died_on is None:
        return False
    roles = db.execute(
        select(col(Assignment.role)).where(col(Assignment.user_id) == user.id, col(Assignment.revoked_at).is_(None))
    ).scalars()
    return set(roles) <= {Role.HOLDER.value}


def _new_identity(db: Session, user_id: UUID, claims: ProviderClaims, now: datetime) -> UUID:
    identity = Identity(
        id=new_id(), created_at=now, updated_at=now, user_id=user_id, provider=claims.provider,
        issuer=claims.issuer, subject=claims.subject, last_seen_at=now,
    )  # fmt: skip
    db.add(identity)
    db.flush()
    return identity.id


def _bind_invited(db: Session, claims: ProviderClaims, invitation_id: UUID, now: datetime) -> tuple[UUID, UUID]:
    invitation = db.get_one(Invitation, invitation_id)
    user = User(
        id=new_id(), created_at=now, updated_at=now, display_name=invitation.display_name, email=invitation.email
    )
    db.add(user)
    db.flush()
    identity_id = _new_identity(db, user.id, claims, now)
    _accept(db, invitation_id, user.id, identity_id, now)
    return user.id, identity_id


def _accept(db: Session, invitation_id: UUID, user_id: UUID, identity_id: UUID, now: datetime) -> None:
    taken = db.execute(
        update(Invitation)
        .where(
            col(Invitation.id) == invitation_id, col(Invitation.used_at).is_(None),
            col(Invitation.withdrawn_at).is_(None), col(Invitation.expires_at) > now,
        )
        .values(used_at=now, used_identity_id=identity_id, user_id=user_id)
        .returning(col(Invitation.role), col(Invitation.icb_id), col(Invitation.organisation_id),
                   col(Invitation.sign_off_limit_pence), col(Invitation.created_by), col(Invitation.person_role_id),
                   col(Invitation.valid_to), col(Invitation.grant_id))
        .execution_options(synchronize_session=False)
    ).one_or_none()  # fmt: skip
    if taken is None:
        raise Unknown("identity.invitation")
    grant = db.get(RoleGrant, taken.grant_id) if taken.grant_id else None
    gave = {taken.created_by} | ({grant.proposed_by, grant.decided_by} if grant else set[UUID | None]())
    if user_id in gave:
        raise Unknown("identity.own_invitation")  # nobody gives themselves a role (T35)
    lines = FirstLines(db, now, user_id=user_id, role=taken.role, icb_id=taken.icb_id)
    lines.record("code_used", about=invitation_id)
    lines.record("signed_in_by_code", about=user_id, role=ROLE_WORDS[Role(taken.role)])
    if taken.person_role_id is not None and _takes_part(db, taken, user_id, now):
        return
    _take_up(
        db, now, user_id=user_id, role=taken.role, icb_id=taken.icb_id, organisation_id=taken.organisation_id,
        valid_to=taken.valid_to, granted_by=grant.decided_by if grant else taken.created_by,
        sign_off_limit_pence=taken.sign_off_limit_pence,
    )  # fmt: skip


def _take_up(db: Session, now: datetime, **terms: Any) -> None:
    """The role somebody who signs in for the first time has from today, with its line of history."""
    held = Assignment(id=new_id(), created_at=now, updated_at=now, valid_from=london_date(now), **terms)
    db.add(held)
    lines = FirstLines(db, now, user_id=held.user_id, role=held.role, icb_id=held.icb_id)
    lines.record("role_taken_up", about=held.id, role=ROLE_WORDS[Role(held.role)])
    db.flush()


def _takes_part(db: Session, taken: Any, user_id: UUID, now: datetime) -> bool:
    """Bind a user to the part they were invited to. True if they hold its role already: one is enough for all parts."""
    part = db.execute(
        select(PersonRole).where(col(PersonRole.id) == taken.person_role_id).with_for_update()
    ).scalar_one()
    if part.status == ActingStatus.ENDED or part.user_id not in (None, user_id):
        raise Unknown("identity.invitation")
    if part.organisation_id is None:
        part.user_id = user_id
        part.row_version, part.updated_at, part.updated_by = part.row_version + 1, now, user_id
    held = db.execute(
        select(Assignment).where(
            col(Assignment.user_id) == user_id,
            col(Assignment.role) == taken.role,
            col(Assignment.revoked_at).is_(None),
            col(Assignment.valid_to).is_(None),
        )
    ).scalars()
    db.flush()
    own = taken.organisation_id is None  # a person's parts are theirs at any board; an organisation's are a board's
    return any(one.organisation_id == taken.organisation_id and (own or one.icb_id == taken.icb_id) for one in held)


def _bind_holder(db: Session, claims: ProviderClaims, now: datetime) -> tuple[UUID, UUID]:
    """NHS number, date of birth and family name must all match one record whose board has switched sign-in on."""
    if not (claims.nhs_number and claims.birthdate and claims.family_name):
        raise Unknown("identity.unknown")
    person = db.execute(
        select(Person).where(col(Person.nhs_number) == claims.nhs_number, col(Person.sign_in_on).is_(True))
    ).scalar_one_or_none()
    if (
        person is None
        or person.died_on is not None
        or person.date_of_birth.isoformat() != claims.birthdate
        or search_key(person.family_name) != search_key(claims.family_name)
    ):
        raise Unknown("identity.unknown")
    user = db.execute(select(User).where(col(User.person_id) == person.id)).scalar_one_or_none()
    if user is None:
        user = User(
            id=new_id(), created_at=now, updated_at=now, person_id=person.id,
            display_name=f"{person.known_as or person.given_name} {person.family_name}",
        )  # fmt: skip
        db.add(user)
        db.flush()
        board = db.execute(
            select(col(PersonResponsibility.icb_id))
            .where(col(PersonResponsibility.person_id) == person.id)
            .order_by(col(PersonResponsibility.starts_on).desc())
            .limit(1)
        ).scalar_one_or_none()
        _take_up(db, now, user_id=user.id, role=Role.HOLDER.value, icb_id=board)
        lines = FirstLines(db, now, user_id=user.id, role=Role.HOLDER.value, icb_id=board)
        lines.record("holder_signed_in", about=user.id)
    if user.disabled_at is not None:
        raise Unknown("identity.disabled")
    return user.id, _new_identity(db, user.id, claims, now)


def invite_to_organisation(uow: UnitOfWork, organisation_id: UUID, *, name: str, email: str | None) -> str:
    """Write an invitation to sign in for an organisation, for which leave has been asked. Returns its code."""
    code = new_code()
    uow.add(
        Invitation, code_hash=code_digest(code), role=Role.PROVIDER.value, organisation_id=organisation_id,
        display_name=name.strip(), email=email, expires_at=uow.now + (BY_EMAIL if email else BY_LETTER),
    )  # fmt: skip
    return code
