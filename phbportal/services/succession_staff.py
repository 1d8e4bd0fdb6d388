"""Those who work for a board that ends: who comes along has the same role at the board that takes over, from the same
moment; everybody else's role ends. Whoever signs in for themselves, or acts for somebody, goes with the person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, update
from sqlmodel import SQLModel, col

from phbportal.domain.change_requests import ChangeStatus
from phbportal.domain.role_grants import GrantStatus
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.services.leavers import end_sessions
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.form_drafts import FormDraft
from phbportal.tables.people import PassedOn
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.sessions import SignInSession
from phbportal.tables.settings import SavedView
from phbportal.tables.users import Assignment, Invitation, User

_STAFF = [role.value for role in STAFF_ROLES]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for the board: their user, name, e-mail in small letters, and roles in words."""

    user_id: UUID
    name: str
    email: str
    roles: tuple[str, ...]


def staff_of(uow: UnitOfWork, board: UUID) -> tuple[Member, ...]:
    """Everybody with a staff role at a board that has not ended, by name. For a service that has asked leave."""
    rows = uow.session.execute(
        select(col(User.id), col(User.display_name), col(User.email), col(Assignment.role))
        .join(User, col(User.id) == col(Assignment.user_id))
        .where(_in_force(uow, board), col(Assignment.role).in_(_STAFF), col(User.disabled_at).is_(None))
        .order_by(col(User.search_name), col(User.id), col(Assignment.role))
    ).all()
    found: dict[UUID, Member] = {}
    for user_id, name, email, role in rows:
        known = found.get(user_id) or Member(user_id, name, (email or "").lower(), ())
        found[user_id] = Member(user_id, name, known.email, (*known.roles, ROLE_WORDS[Role(role)]))
    return tuple(found.values())


def _in_force(uow: UnitOfWork, board: UUID) -> ColumnElement[bool]:
    a = Assignment
    lasts = or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today)
    return (col(a.icb_id) == board) & col(a.revoked_at).is_(None) & lasts


def staff_follow(uow: UnitOfWork, board: UUID, goes_to: Mapping[UUID, UUID], codes: Mapping[UUID, str]) -> None:
    """End every staff role at the board; ``goes_to`` has a like role at the board it says, by user. ``codes`` are the
    boards' own. For a service that has asked leave."""
    held = uow.session.execute(
        select(Assignment)
        .where(_in_force(uow, board), col(Assignment.role).in_(_STAFF))
        .order_by(col(Assignment.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalars().all()  # fmt: skip
    for one in held:
        uow.change(one, revoked_at=uow.now)
        to = goes_to.get(one.user_id)
        if to is not None:
            _sessions_follow(uow, one, _like(uow, one, to), codes[to])
        end_sessions(uow, col(SignInSession.assignment_id) == one.id)
    for table in (SavedView, FormDraft):
        for user_id, to in goes_to.items():
            _set(uow, table, to, col(table.icb_id) == board, col(table.user_id) == user_id)
    _close_the_office(uow, board)


def _like(uow: UnitOfWork, one: Assignment, to: UUID) -> Assignment:
    """The same role at the other board: the one they have there, else a new one to the same last day."""
    there = uow.session.execute(
        select(Assignment)
        .where(_in_force(uow, to), col(Assignment.user_id) == one.user_id, col(Assignment.role) == one.role)
        .limit(1)
    ).scalar_one_or_none()
    return there or uow.add(
        Assignment, user_id=one.user_id, role=one.role, icb_id=to, valid_from=max(one.valid_from, uow.today),
        valid_to=one.valid_to, sign_off_limit_pence=one.sign_off_limit_pence, granted_by=one.granted_by,
    )  # fmt: skip


def _sessions_follow(uow: UnitOfWork, before: Assignment, now: Assignment, code: str) -> None:
    """Whoever is at work goes on at the other board, unless their provider says which boards they may work for."""
    s = SignInSession
    for row in uow.session.execute(
        select(s).where(col(s.assignment_id) == before.id, col(s.revoked_at).is_(None))
    ).scalars().all():  # fmt: skip
        if row.board_codes is None or code in row.board_codes.split():
            row.assignment_id = now.id
    uow.session.flush()


def _close_the_office(uow: UnitOfWork, board: UUID) -> None:
    """What waits about the board itself waits for nobody any more: roles, settings and templates proposed, codes of
    staff that nobody used."""
    g, c, i = RoleGrant, ChangeRequest, Invitation
    for grant in uow.session.execute(
        select(g).where(col(g.icb_id) == board, col(g.status) == GrantStatus.PROPOSED.value)
    ).scalars().all():  # fmt: skip
        uow.change(grant, status=GrantStatus.WITHDRAWN.value)
    for change in uow.session.execute(
        select(c).where(
            col(c.icb_id) == board, col(c.status) == ChangeStatus.PROPOSED.value, col(c.person_id).is_(None),
            col(c.phb_id).is_(None), col(c.other_icb_id).is_(None),
        )
    ).scalars().all():  # fmt: skip
        uow.change(change, status=ChangeStatus.WITHDRAWN.value)
    for code in uow.session.execute(
        select(i).where(col(i.icb_id) == board, col(i.person_role_id).is_(None), col(i.used_at).is_(None),
                        col(i.withdrawn_at).is_(None))
    ).scalars().all():  # fmt: skip
        uow.change(code, withdrawn_at=uow.now)


def others_follow(uow: UnitOfWork, board: UUID, first: UUID) -> None:
    """Holders, and whoever acts for somebody, go where the person has gone; their roles and codes stay theirs.

    Called once the people have gone. An organisation that acts for people of several boards has its role at each.
    """
    a, p, u, part = Assignment, PassedOn, User, PersonRole
    own = (
        select(col(p.icb_id))
        .join(u, col(u.person_id) == col(p.person_id))
        .where(col(u.id) == col(a.user_id), col(p.from_icb_id) == board)
        .correlate(a)
        .scalar_subquery()
    )
    _set(uow, a, own, col(a.icb_id) == board, col(a.role) == Role.HOLDER.value, own.is_not(None))
    by_name = _part_at(col(part.user_id) == col(a.user_id), a, board)
    acting = [Role.REPRESENTATIVE.value, Role.NOMINEE.value]
    mine = (col(a.icb_id) == board, col(a.role).in_(acting), col(a.organisation_id).is_(None))
    _set(uow, a, by_name, *mine, by_name.is_not(None))
    _organisations_follow(uow, board)
    _set(uow, a, first, col(a.icb_id) == board, col(a.role).not_in(_STAFF))
    i = Invitation
    invited = _part_at(col(part.id) == col(i.person_role_id), i, board)
    _set(uow, i, invited, col(i.icb_id) == board, invited.is_not(None))


def _part_at(which: ColumnElement[bool], about: type[SQLModel], board: UUID) -> Any:
    """The board of a part somebody has, now that it has gone."""
    part = PersonRole
    return (
        select(col(part.icb_id)).where(which, col(part.icb_id) != board)
        .order_by(col(part.status), col(part.id)).limit(1).correlate(about).scalar_subquery()
    )  # fmt: skip


def _organisations_follow(uow: UnitOfWork, board: UUID) -> None:
    a, part = Assignment, PersonRole
    held = uow.session.execute(
        select(a).where(_in_force(uow, board), col(a.organisation_id).is_not(None), col(a.role) == Role.NOMINEE.value)
    ).scalars().all()  # fmt: skip
    for one in held:
        boards = uow.session.execute(
            select(col(part.icb_id)).distinct().join(PassedOn, col(PassedOn.person_id) == col(part.person_id))
            .where(col(part.organisation_id) == one.organisation_id, col(PassedOn.from_icb_id) == board)
            .order_by(col(part.icb_id))
        ).scalars().all()  # fmt: skip
        for number, to in enumerate(boards):
            if number == 0:
                uow.change(one, icb_id=to)
            else:
                uow.add(a, user_id=one.user_id, role=one.role, icb_id=to, organisation_id=one.organisation_id,
                        valid_from=max(one.valid_from, uow.today), valid_to=one.valid_to,
                        granted_by=one.granted_by)  # fmt: skip


def _set(uow: UnitOfWork, table: Any, to: Any, *where: ColumnElement[bool]) -> None:
    uow.session.execute(update(table).where(*where).values(icb_id=to).execution_options(synchronize_session=False))
