"""Whose rows those are that the office of a board keeps about itself: nothing in them is about a holder.

Each is the condition of a table in ``scope.py``, which is where a query begins.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlmodel import col

from phbportal.domain.roles import LISTED_ROLES, Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import roles_that_could
from phbportal.policy.permissions import Permission
from phbportal.queries.parties import of_whom_let_in_to
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.users import Assignment, User

Where = ColumnElement[bool]


def everybody(actor: Actor, today: date) -> Where:
    return true()


def office(table: Any) -> Callable[[Actor, date], Where]:
    """What the office of a board keeps of those who work there: nothing about holders and who acts for them."""

    def where(actor: Actor, today: date) -> Where:
        listed = [role.value for role in LISTED_ROLES]
        return (table.icb_id == actor.icb_id) & table.role.in_(listed) if actor.icb_id else false()

    return where


def users(actor: Actor, today: date) -> Where:
    """Whoever has, or had, a role at the board that its list shows."""
    theirs = select(1).where(col(Assignment.user_id) == col(User.id), office(Assignment)(actor, today))
    return exists(theirs) if actor.icb_id else false()


def asked_for(table: Any, asker: Any) -> Callable[[Actor, date], Where]:
    """What somebody asked for: one's own, and for those who may agree to it or watch over it everybody's."""

    def where(actor: Actor, today: date) -> Where:
        of_board = table.icb_id == actor.icb_id if actor.icb_id else false()
        if actor.role in (Role.APPROVER, Role.AUDITOR):
            return of_board
        return of_board & (asker == actor.user_id) if actor.user_id else false()

    return where


def own_board(table: Any) -> Callable[[Actor, date], Where]:
    """What a board keeps for its own staff: nothing about a person."""

    def where(actor: Actor, today: date) -> Where:
        return table.icb_id == actor.icb_id if actor.icb_id else false()

    return where


def break_glass(actor: Actor, today: date) -> Where:
    of_board = col(BreakGlass.icb_id) == actor.icb_id if actor.icb_id else false()
    return of_board & (col(BreakGlass.user_id) == actor.user_id) if actor.role is Role.ADMIN else of_board


def board_or_everybodys(table: Any) -> Callable[[Actor, date], Where]:
    """What the actor's board owns, and what belongs to every board alike."""

    def where(actor: Actor, today: date) -> Where:
        return or_(table.icb_id == actor.icb_id, table.icb_id.is_(None)) if actor.icb_id else false()

    return where


def change_requests(actor: Actor, today: date) -> Where:
    """Changes the actor's role could propose or decide, of auditors all; told by role alone, so a team shares them."""
    within = board_or_everybodys(ChangeRequest)(actor, today)
    within = or_(within, col(ChangeRequest.other_icb_id) == actor.icb_id) if actor.icb_id else within
    if actor.role is Role.AUDITOR:
        return within
    theirs = [permission.value for permission in Permission if actor.role in roles_that_could(permission)]
    of_role = within & or_(col(ChangeRequest.proposes).in_(theirs), col(ChangeRequest.decides).in_(theirs))
    if actor.role is not Role.ADMIN or actor.icb_id is None:
        return of_role
    of_board = col(ChangeRequest.icb_id) == actor.icb_id
    return or_(of_role, of_board & of_whom_let_in_to(actor, ChangeRequest))
