"""The rows that figures of the dashboards count, as filters of the lists they lead to: the same rows, by a code.

``code`` is a bind parameter of the list's statement, and ``me`` the user who asks: a statement is kept for its shape.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, or_, select
from sqlmodel import col

from phbportal.domain.payments import PaymentStatus
from phbportal.domain.plans import EDITABLE, PlanStatus
from phbportal.domain.roles import STAFF_ROLES
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_budgets import OPEN, REVIEW_DAYS, SIGNED_DAYS
from phbportal.queries.dashboard_office import LOOKED_DAYS, MONEY_DAYS
from phbportal.queries.scope import visible
from phbportal.queries.uplifts import not_raised
from phbportal.queries.users_list import role_in_force
from phbportal.tables.audit import AccessEvent
from phbportal.tables.budgets import PayeeAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment, User

Where = ColumnElement[bool]
_ME = bindparam("me", type_=Uuid())
_EDITABLE = [status.value for status in EDITABLE]
_WAITING = [PlanStatus.SUBMITTED.value, PlanStatus.CLINICALLY_SIGNED.value]

BUDGETS = {"open": "Open", "mine": "Open and mine", "nobodys": "Open, without a case manager"}
PLANS = {
    "mine": "Of my budgets, to finish",
    "waiting": "Waiting for sign-off or approval",
    "signed": f"Signed off in the last {SIGNED_DAYS} days",
}
STREAMS = {"to_raise": "To be raised by the yearly uplift"}
REVIEWS = {
    "overdue": "Of my open budgets, overdue",
    "soon": f"Of my open budgets, due in the next {REVIEW_DAYS} days",
    "late": "Of the whole team, overdue",
    "waiting": "Of the whole team, to be held",
}
TASKS = {
    "mine": "Taken by me",
    "team": "Of my role, that nobody has taken",
    "overdue": "Of my role, overdue",
    "waiting": "All that wait",
    "done": "Done",
}
PAYMENTS = {"confirmed": f"Confirmed in the last {MONEY_DAYS} days"}
ACCOUNTS = {"entered": f"Entered in the last {MONEY_DAYS} days"}
LOOKS = {"records": f"At somebody’s record, in the last {LOOKED_DAYS} days"}
USERS = {"staff": "With a role of staff today"}


def _since(today: date, days: int) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(), UTC)


def _one_of(code: Any, conditions: dict[str, Where]) -> Where:
    return or_(*[and_(code == name, condition) for name, condition in conditions.items()])


def budgets(actor: Actor, today: date, code: Any) -> Where:
    """Budgets that have not ended: all, the actor's own, or nobody's."""
    owner = col(Phb.case_manager_id)
    whose = or_(code == "open", and_(code == "mine", owner == _ME), and_(code == "nobodys", owner.is_(None)))
    return and_(col(Phb.status).in_(OPEN), whose)


def plans(actor: Actor, today: date, code: Any) -> Where:
    """Plans the actor has to finish, those that wait for others, and those signed off lately."""
    mine = select(col(Phb.id)).where(visible(actor, Phb, today), col(Phb.case_manager_id) == _ME)
    return _one_of(code, {
        "mine": and_(col(Plan.status).in_(_EDITABLE), col(Plan.phb_id).in_(mine)),
        "waiting": col(Plan.status).in_(_WAITING),
        "signed": col(Plan.signed_on) > today - timedelta(days=SIGNED_DAYS),
    })  # fmt: skip


def reviews(actor: Actor, today: date, code: Any) -> Where:
    """Reviews that were not held: of the actor's own open budgets, overdue or due soon; or of the whole board."""
    mine = select(col(Phb.id)).where(
        visible(actor, Phb, today), col(Phb.case_manager_id) == _ME, col(Phb.status).in_(OPEN)
    )
    due, own = col(Review.due_on), col(Review.phb_id).in_(mine)
    open_ones = select(col(Phb.id)).where(visible(actor, Phb, today), col(Phb.status).in_(OPEN))
    when = {
        "overdue": and_(own, due < today),
        "soon": and_(own, due.between(today, today + timedelta(days=REVIEW_DAYS))),
        "late": and_(col(Review.phb_id).in_(open_ones), due < today),
        "waiting": col(Review.phb_id).in_(open_ones),
    }
    return and_(col(Review.held_on).is_(None), col(Review.not_needed_on).is_(None), _one_of(code, when))


def tasks(actor: Actor, today: date, code: Any) -> Where:
    """Tasks the actor has taken, those of their role that nobody has or that are late, all that wait, and done ones."""
    waits, theirs = col(Task.done_at).is_(None), col(Task.role) == actor.role.value
    when = {
        "mine": and_(waits, col(Task.assigned_to) == _ME),
        "team": and_(waits, theirs, col(Task.assigned_to).is_(None)),
        "overdue": and_(waits, theirs, col(Task.due_on) < today),
        "waiting": waits,
        "done": col(Task.done_at).is_not(None),
    }
    return _one_of(code, when)


def payments(actor: Actor, today: date, code: Any) -> Where:
    """Payments confirmed lately."""
    paid = col(PaymentItem.status) == PaymentStatus.PAID.value
    return _one_of(code, {"confirmed": and_(paid, col(PaymentItem.confirmed_at) >= _since(today, MONEY_DAYS))})


def streams(actor: Actor, today: date, code: Any) -> Where:
    """Streams that no yearly uplift raises so far."""
    return _one_of(code, {"to_raise": not_raised(today)})


def accounts(actor: Actor, today: date, code: Any) -> Where:
    """Bank details entered lately."""
    return _one_of(code, {"entered": col(PayeeAccount.created_at) >= _since(today, MONEY_DAYS)})


def looks(actor: Actor, today: date, code: Any) -> Where:
    """Looks at somebody's record, lately."""
    a = AccessEvent
    lately = and_(col(a.person_id).is_not(None), col(a.created_at) >= _since(today, LOOKED_DAYS))
    return _one_of(code, {"records": lately})


def users(actor: Actor, today: date, code: Any) -> Where:
    """Users who have a role of staff today, in the actor's sight."""
    a = Assignment
    held = select(1).where(
        col(a.user_id) == col(User.id), visible(actor, a, today), role_in_force(today),
        col(a.role).in_([role.value for role in STAFF_ROLES]),
    )  # fmt: skip
    return _one_of(code, {"staff": exists(held)})
