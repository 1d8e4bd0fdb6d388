"""What auditors and administrators watch over, counted for their dashboards: looks, changes of money, staff."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.figures import Figures, by_label
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.role_grants import GrantStatus
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_counts import Whole, by_code, capped, number
from phbportal.queries.invitations import stands
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.audit import AccessEvent
from phbportal.tables.base import Moment
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation

LOOKED_DAYS, MONEY_DAYS = 7, 28
_SINCE = bindparam("since", type_=Moment())


def _days_ago(today: date, days: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(), UTC)


@by_shape
def _looks(actor: Actor, today: date) -> Whole:
    a = AccessEvent
    return capped(
        select(col(a.id)).where(visible(actor, a, today), col(a.person_id).is_not(None), col(a.created_at) >= _SINCE)
    )


def looks_at_records(session: Session, actor: Actor, today: date) -> int:
    """Looks at somebody's record in the last seven days, by anybody of the board."""
    return number(session, _looks(actor, today), since=_days_ago(today, LOOKED_DAYS))


@by_shape
def _payments(actor: Actor, today: date) -> Whole:
    p = PaymentItem
    paid = and_(col(p.status) == PaymentStatus.PAID.value, col(p.confirmed_at) >= _SINCE)
    return capped(select(col(p.id)).where(visible(actor, p, today), paid))


def payments_confirmed(session: Session, actor: Actor, today: date) -> int:
    """Payments confirmed in the last 28 days."""
    return number(session, _payments(actor, today), since=_days_ago(today, MONEY_DAYS))


@by_shape
def _accounts(actor: Actor, today: date) -> Whole:
    a = PayeeAccount
    return capped(select(col(a.id)).where(visible(actor, a, today), col(a.created_at) >= _SINCE))


def bank_details_entered(session: Session, actor: Actor, today: date) -> int:
    """Bank details entered in the last 28 days."""
    return number(session, _accounts(actor, today), since=_days_ago(today, MONEY_DAYS))


def _in_force(actor: Actor, today: date) -> ColumnElement[bool]:
    a = Assignment
    return and_(
        visible(actor, a, today), col(a.role).in_([role.value for role in STAFF_ROLES]), col(a.revoked_at).is_(None),
        col(a.valid_from) <= today, or_(col(a.valid_to).is_(None), col(a.valid_to) >= today),
    )  # fmt: skip


@by_shape
def _staff(actor: Actor, today: date) -> Whole:
    return capped(select(col(Assignment.user_id)).where(_in_force(actor, today)).distinct())


def staff(session: Session, actor: Actor, today: date) -> int:
    """Members of staff who have a role at the board today."""
    return number(session, _staff(actor, today))


@by_shape
def _staff_by_role(actor: Actor, today: date) -> Whole:
    role = col(Assignment.role)
    return (
        select(role, func.count(func.distinct(col(Assignment.user_id)))).where(_in_force(actor, today)).group_by(role)
    )


def staff_by_role(session: Session, actor: Actor, today: date) -> Figures:
    """Members of staff by the role they have at the board today; who has two is counted in both."""
    rows = by_code(session, _staff_by_role(actor, today))
    return by_label({r.value: words.capitalize() for r, words in ROLE_WORDS.items()}, rows)


@by_shape
def _invitations(actor: Actor, today: date, standing: str) -> Whole:
    i = Invitation
    return capped(select(col(i.id)).where(visible(actor, i, today), stands(actor, today, standing)))


def invitations_waiting(session: Session, actor: Actor, today: date) -> int:
    """Invitations of the board that are not used and still work."""
    return number(session, _invitations(actor, today, "OPEN"))


def invitations_run_out(session: Session, actor: Actor, today: date) -> int:
    """Invitations of the board that ran out unused."""
    return number(session, _invitations(actor, today, "OUT"))


@by_shape
def _grants(actor: Actor, today: date) -> Whole:
    g = RoleGrant
    return capped(
        select(col(g.id)).where(visible(actor, g, today), col(g.status) == GrantStatus.PROPOSED.value)
    )  # fmt: skip


def roles_proposed(session: Session, actor: Actor, today: date) -> int:
    """Roles and limits that wait for a second person."""
    return number(session, _grants(actor, today))
