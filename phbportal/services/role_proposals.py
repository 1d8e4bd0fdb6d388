"""Proposing roles: somebody new, a further role, a change to one, a sign-in given back. Another person decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.identifiers import email as parse_email
from phbportal.domain.money import parse_pounds
from phbportal.domain.reading import Reading, given
from phbportal.domain.role_grants import GrantKind, GrantStatus, RoleTerms, needs_second_person
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, User


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role as it was asked for; ``name`` and ``email`` are of somebody new, and empty otherwise."""

    terms: RoleTerms
    reason: str
    name: str = ""
    email: str | None = None


def _terms(r: Reading, role: Role | None, today: date) -> RoleTerms | None:
    """The limit and the end of a role. Empty answers are none."""
    limit = r.take("limit", parse_pounds)
    ends = r.day("ends_on")
    if ends and ends < today:
        r.problem("The last day cannot be in the past. To end a role today, choose “End this role”.", "ends_on")
    if limit is not None and role is not None and role is not Role.APPROVER:
        r.problem("Only an approver has a sign-off limit. Leave this empty.", "limit")
    if limit == 0:
        r.problem("An approver with a limit of nothing can approve nothing. Leave it empty for any amount.", "limit")
    return RoleTerms(role, ends, limit) if role else None


def _role(r: Reading) -> Role | None:
    role = r.choice("role", Role, needed="Choose a role.")
    if role is not None and role not in STAFF_ROLES:
        r.problem("Choose one of the roles of staff.", "role")
    return role


def _reason(r: Reading) -> str:
    return r.text("reason", needed="Say why, so that the second person can judge it.", longest=500)


def read_invitation(form: Mapping[str, object], today: date) -> RoleEntry:
    """Read the form that invites somebody new."""
    r = Reading(form)
    name = r.text("name", needed="Enter the person’s name.", longest=120)
    email = r.take("email", parse_email)
    terms = _terms(r, _role(r), today)
    reason = _reason(r)
    r.finish()
    return RoleEntry(given(terms), reason, name, email.lower() if email else None)


def read_further_role(form: Mapping[str, object], today: date) -> RoleEntry:
    """Read the form that proposes a further role for somebody who is here."""
    r = Reading(form)
    terms = _terms(r, _role(r), today)
    reason = _reason(r)
    r.finish()
    return RoleEntry(given(terms), reason)


def read_role_change(form: Mapping[str, object], role: Role, today: date) -> RoleEntry:
    """Read the form that changes the limit and the end of a role."""
    r = Reading(form)
    terms = _terms(r, role, today)
    reason = _reason(r)
    r.finish()
    return RoleEntry(given(terms), reason)


def propose_invitation(uow: UnitOfWork, entry: RoleEntry) -> UUID:
    """Propose a role for somebody new. Their code is made once a second person has granted it."""
    icb_id = _own_board(uow)
    uow.require(Permission.ROLE_GRANT_PROPOSE, Subject(icbs=frozenset({icb_id})))
    waiting = _waiting(uow, col(RoleGrant.kind) == GrantKind.INVITATION.value, col(RoleGrant.email) == entry.email)
    if entry.email and waiting:
        raise Refusal("Somebody with this e-mail is proposed already and waits for a second person.", field="email")
    grant_id = _propose(uow, GrantKind.INVITATION, entry, icb_id, name=entry.name)
    uow.record("role_proposed", icb_id=icb_id, role=ROLE_WORDS[entry.terms.role], who=entry.name)
    return grant_id


def propose_role(uow: UnitOfWork, user_id: UUID, entry: RoleEntry) -> UUID:
    """Propose a further role at the actor's board for somebody who works there."""
    user, icb_id = uow.find(User, user_id, lock=True), _own_board(uow)
    uow.require(Permission.ROLE_GRANT_PROPOSE, user)
    if user.disabled_at is not None:
        raise Refusal("This person is disabled. Propose that they may sign in again first.")
    role = entry.terms.role
    if _has(uow, user_id, icb_id, role):
        raise Refusal("They have this role already. Change its limit or its end instead.", field="role")
    if _waiting(uow, col(RoleGrant.user_id) == user_id, col(RoleGrant.role) == role.value):
        raise Refusal("This role is proposed for them already and waits for a second person.", field="role")
    grant_id = _propose(uow, GrantKind.ROLE, entry, icb_id, name=user.display_name, user_id=user_id)
    uow.record("role_proposed", icb_id=icb_id, role=ROLE_WORDS[role], who=user.display_name)
    return grant_id


def change_role(uow: UnitOfWork, assignment_id: UUID, entry: RoleEntry) -> UUID | None:
    """Change a role's limit or end: proposed where that gives power (returns the proposal), done at once where an
    earlier end only takes some away (returns None)."""
    role_held = uow.find(Assignment, assignment_id, lock=True)
    uow.require(Permission.ROLE_GRANT_PROPOSE, role_held)
    if role_held.revoked_at is not None:
        raise Refusal("This role has ended. Propose it anew instead.")
    user = uow.session.get_one(User, role_held.user_id)
    before = RoleTerms(entry.terms.role, role_held.valid_to, role_held.sign_off_limit_pence)
    if before == entry.terms:
        raise Refusal(Problem("Nothing is different. Change the limit or the last day, or go back.", "ends_on"))
    words = ROLE_WORDS[entry.terms.role]
    if not needs_second_person(before, entry.terms):
        if role_held.role == Role.ADMIN and entry.terms.ends_on is not None:
            _refuse_the_last_to_stay(uow, role_held, entry.terms.ends_on)
        uow.change(role_held, valid_to=entry.terms.ends_on)
        uow.record("role_shortened", about=role_held, icb_id=role_held.icb_id, role=words, who=user.display_name,
                   ends_on=entry.terms.ends_on)  # fmt: skip
        return None
    if _waiting(uow, col(RoleGrant.assignment_id) == assignment_id):
        raise Refusal("A change to this role is proposed already and waits for a second person.")
    grant_id = _propose(
        uow, GrantKind.CHANGE, entry, _own_board(uow), name=user.display_name, user_id=user.id, role_held=role_held
    )
    uow.record("role_change_proposed", about=role_held, icb_id=role_held.icb_id, role=words, who=user.display_name)
    return grant_id


def _refuse_the_last_to_stay(uow: UnitOfWork, held: Assignment, ends_on: date) -> None:
    """Two administrators who each give the other a last day would leave a board with none. All are locked first."""
    a = Assignment
    in_force = (
        select(a)
        .join(User, col(User.id) == col(a.user_id))
        .where(
            col(a.role) == Role.ADMIN.value, col(a.icb_id) == held.icb_id, col(a.revoked_at).is_(None),
            or_(col(a.valid_to).is_(None), col(a.valid_to) > ends_on), col(User.disabled_at).is_(None),
        )
        .order_by(col(a.id))
        .with_for_update(of=a)
        .execution_options(populate_existing=True)
    )  # fmt: skip
    if all(one.user_id == held.user_id for one in uow.session.execute(in_force).scalars().all()):
        raise Refusal(
            "No other administrator of your board stays longer than that day. Have another one granted first.",
            field="ends_on",
        )


def read_reason(form: Mapping[str, object]) -> str:
    """Read a form that asks only for a reason."""
    r = Reading(form)
    reason = _reason(r)
    r.finish()
    return reason


def read_refusal(form: Mapping[str, object]) -> str:
    """Read why something is refused."""
    r = Reading(form)
    reason = r.text("refusal", needed="Say why you refuse, so that whoever proposed it knows what to do.", longest=500)
    r.finish()
    return reason


def propose_enabling(uow: UnitOfWork, user_id: UUID, reason: str) -> UUID:
    """Propose that somebody who was disabled may sign in again. Their roles stay ended; each is proposed anew."""
    user, icb_id = uow.find(User, user_id, lock=True), _own_board(uow)
    uow.require(Permission.ROLE_GRANT_PROPOSE, user)
    if user.disabled_at is None:
        raise Refusal("This person is not disabled.")
    if not _worked_here_then(uow, user, icb_id):
        raise Refusal("This person worked at another board when they were disabled, so it is for that board to decide.")
    if _waiting(uow, col(RoleGrant.user_id) == user_id, col(RoleGrant.kind) == GrantKind.ENABLE.value):
        raise Refusal("That they may sign in again is proposed already and waits for a second person.")
    grant = uow.add(
        RoleGrant, icb_id=icb_id, kind=GrantKind.ENABLE.value, status=GrantStatus.PROPOSED.value, user_id=user_id,
        display_name=user.display_name, reason=reason, proposed_by=given(uow.actor.user_id),
    )  # fmt: skip
    uow.record("enabling_proposed", icb_id=icb_id, who=user.display_name)
    return grant.id


def _worked_here_then(uow: UnitOfWork, user: User, icb_id: UUID) -> bool:
    """Whether a role here ended with the disabling, or none did anywhere: a board somebody left does not undo it."""
    ended = select(col(Assignment.icb_id)).where(
        col(Assignment.user_id) == user.id, col(Assignment.revoked_at) == user.disabled_at
    )
    boards = set(uow.session.execute(ended).scalars())
    return not boards or icb_id in boards


def _own_board(uow: UnitOfWork) -> UUID:
    if uow.actor.icb_id is None:
        raise Refusal("You act for no board, so you cannot propose a role at one.")
    return uow.actor.icb_id


def _has(uow: UnitOfWork, user_id: UUID, icb_id: UUID, role: Role) -> bool:
    a = Assignment
    found = select(col(a.id)).where(
        col(a.user_id) == user_id, col(a.icb_id) == icb_id, col(a.role) == role.value, col(a.revoked_at).is_(None),
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
    )  # fmt: skip
    return uow.session.execute(found.limit(1)).first() is not None


def _waiting(uow: UnitOfWork, *where: object) -> bool:
    """Whether such a proposal waits at the actor's board."""
    found = select(col(RoleGrant.id)).where(
        col(RoleGrant.icb_id) == uow.actor.icb_id,
        col(RoleGrant.status) == GrantStatus.PROPOSED.value,
        *where,  # pyright: ignore[reportArgumentType]
    )
    return uow.session.execute(found.limit(1)).first() is not None


def _propose(
    uow: UnitOfWork, kind: GrantKind, entry: RoleEntry, icb_id: UUID, *, name: str, user_id: UUID | None = None,
    role_held: Assignment | None = None,
) -> UUID:  # fmt: skip
    return uow.add(
        RoleGrant, icb_id=icb_id, kind=kind.value, status=GrantStatus.PROPOSED.value, role=entry.terms.role.value,
        user_id=user_id, assignment_id=role_held.id if role_held else None,
        assignment_version=role_held.row_version if role_held else None, display_name=name, email=entry.email,
        sign_off_limit_pence=entry.terms.limit_pence, valid_to=entry.terms.ends_on, reason=entry.reason,
        proposed_by=given(uow.actor.user_id),
    ).id  # fmt: skip
