"""Figures for those who watch over the work: auditors and administrators."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import ENDED
from phbportal.domain.plans import PlanStatus
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import WorkCount
from phbportal.tables.audit import AccessEvent
from phbportal.tables.base import Row
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment, Invitation

MOST_COUNTED = 1000
LOOKED_DAYS, MONEY_DAYS = 7, 28


def counts(session: Session, actor: Actor, today: date) -> tuple[WorkCount, ...]:
    """The figures of the actor's role, if it has any, in one statement. Each stops counting at a thousand."""
    of_role = _COUNTS.get(actor.role)
    if of_role is None or actor.icb_id is None:
        return ()
    asked = of_role(actor, actor.icb_id, today)
    numbers = session.execute(select(*(_capped(found) for _count, found in asked))).one()
    return tuple(
        WorkCount(count.label, _words(number), count.hint, count.href)
        for (count, _found), number in zip(asked, numbers, strict=True)
    )


Asked = list[tuple[WorkCount, Select[*tuple[Any, ...]]]]


def _capped(found: Select[*tuple[Any, ...]]) -> Any:
    return select(func.count()).select_from(found.limit(MOST_COUNTED + 1).subquery()).scalar_subquery()


def _words(number: int) -> str:
    return f"More than {MOST_COUNTED:,}" if number > MOST_COUNTED else f"{number:,}"


def _seen(actor: Actor, today: date, table: type[Row], *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(col(table.id)).where(visible(actor, table, today), *where)


def _midnight(today: date, days: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(), UTC)


def _auditor(actor: Actor, _icb: UUID, today: date) -> Asked:
    money, looked = _midnight(today, MONEY_DAYS), _midnight(today, LOOKED_DAYS)
    waiting = [PlanStatus.SUBMITTED.value, PlanStatus.CLINICALLY_SIGNED.value]
    return [
        (
            WorkCount("People", "", "looked after by your board", routes.STAFF_PEOPLE),
            _seen(actor, today, Person),
        ),
        (
            WorkCount("Budgets", "", "open, in any status"),
            _seen(actor, today, Phb, col(Phb.status).not_in([s.value for s in ENDED])),
        ),
        (
            WorkCount("Plans", "", "waiting for sign-off or approval"),
            _seen(actor, today, Plan, col(Plan.status).in_(waiting)),
        ),
        (
            WorkCount("Payments", "", f"confirmed in the last {MONEY_DAYS} days"),
            _seen(
                actor, today, PaymentItem,
                col(PaymentItem.status) == PaymentStatus.PAID.value, col(PaymentItem.confirmed_at) >= money,
            ),
        ),
        (
            WorkCount("Bank details", "", f"entered in the last {MONEY_DAYS} days"),
            _seen(actor, today, PayeeAccount, col(PayeeAccount.created_at) >= money),
        ),
        (
            WorkCount("Looks at records", "", f"in the last {LOOKED_DAYS} days", routes.STAFF_ACCESS),
            _seen(
                actor, today, AccessEvent,
                col(AccessEvent.person_id).is_not(None), col(AccessEvent.created_at) >= looked,
            ),
        ),
    ]  # fmt: skip


def _admin(_actor: Actor, icb: UUID, today: date) -> Asked:
    """Users have no rows of a person in them, and so no scope: they are counted by the board of their role."""
    now = _midnight(today, 0)
    a, i = Assignment, Invitation
    in_force = (
        col(a.icb_id) == icb,
        col(a.role).in_([role.value for role in STAFF_ROLES]),
        col(a.revoked_at).is_(None),
        col(a.valid_from) <= today,
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= today),
    )
    unused = (col(i.icb_id) == icb, col(i.used_at).is_(None), col(i.withdrawn_at).is_(None))
    return [
        (
            WorkCount("Members of staff", "", "have a role at your board today", routes.STAFF_USERS),
            select(col(a.user_id)).where(*in_force).distinct(),
        ),
        (WorkCount("Invitations waiting", "", "to be used"), select(col(i.id)).where(*unused, col(i.expires_at) > now)),
        (
            WorkCount("Invitations run out", "", "unused; invite the person again if they still need a role"),
            select(col(i.id)).where(*unused, col(i.expires_at) <= now),
        ),
    ]


_COUNTS: dict[Role, Callable[[Actor, UUID, date], Asked]] = {Role.AUDITOR: _auditor, Role.ADMIN: _admin}
