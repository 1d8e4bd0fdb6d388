"""Which rows may I see: the one place that turns an actor into a WHERE (invariant I29).

The other half of the same law is ``policy/grants.py``; a house test proves that for every role and row,
visible here ⇔ permitted there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlmodel import SQLModel, col

from phbportal.domain.roles import LISTED_ROLES, Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation, User

Where = ColumnElement[bool]

READ: dict[type[SQLModel], Permission] = {
    Person: Permission.PERSON_READ,
    Eligibility: Permission.ELIGIBILITY_READ,
    Consent: Permission.CONSENT_READ,
    ExclusionAttestation: Permission.CONSENT_READ,
    Phb: Permission.PHB_READ,
    Plan: Permission.PLAN_READ,
    Outcome: Permission.PLAN_READ,
    PlanService: Permission.PLAN_READ,
    BudgetVersion: Permission.BUDGET_READ,
    BudgetLine: Permission.BUDGET_READ,
    Stream: Permission.BUDGET_READ,
    PayeeAccount: Permission.ACCOUNT_READ,
    PaymentItem: Permission.PAYMENT_READ,
    LedgerJournal: Permission.LEDGER_READ,
    Review: Permission.PHB_READ,
    Task: Permission.TASK_READ,
    AuditEvent: Permission.HISTORY_READ,
    AccessEvent: Permission.ACCESS_READ,
    Organisation: Permission.PROVIDER_READ,
    User: Permission.USER_READ,
    Assignment: Permission.USER_READ,
    Invitation: Permission.USER_READ,
    RoleGrant: Permission.ROLE_GRANT_READ,
    BreakGlass: Permission.BREAK_GLASS_READ,
}


def responsible_today(icb_id: Any, today: date) -> Where:
    """The board answers for this person today (dated responsibility rows)."""
    r = PersonResponsibility
    return exists(
        select(1).where(
            col(r.person_id) == col(Person.id),
            col(r.icb_id) == icb_id,
            col(r.starts_on) <= today,
            or_(col(r.ends_on).is_(None), col(r.ends_on) >= today),
        )
    )


def visible(actor: Actor, table: type[SQLModel], today: date) -> Where:
    """The rows of ``table`` this actor may see today, as a condition on that table."""
    if not could_ever(actor, READ[table]):
        return false()
    return _BY_TABLE[table](actor, today)


def _person(actor: Actor, today: date) -> Where:
    if actor.role is Role.HOLDER:
        return col(Person.id) == actor.person_id if actor.person_id else false()
    of_board = responsible_today(actor.icb_id, today) if actor.icb_id else false()
    return of_board & (col(Person.id) == actor.let_in_to) if actor.role is Role.ADMIN else of_board


def _of_whom_let_in_to(actor: Actor, table: Any) -> Where:
    """The rows about the one person an administrator is let in to by break-glass."""
    if actor.let_in_to is None:
        return false()
    if "phb_id" not in table.model_fields:
        return table.person_id == actor.let_in_to
    theirs = table.phb_id.in_(select(col(Phb.id)).where(col(Phb.person_id) == actor.let_in_to))
    if "person_id" not in table.model_fields:
        return theirs
    return or_(table.person_id == actor.let_in_to, and_(table.person_id.is_(None), theirs))


def _board(table: Any) -> Callable[[Actor, date], Where]:
    """What a board owns and a holder is the person of."""

    def where(actor: Actor, today: date) -> Where:
        if actor.role is Role.HOLDER:
            if actor.person_id is None:
                return false()
            if "person_id" in table.model_fields:
                return table.person_id == actor.person_id
            return table.phb_id.in_(select(col(Phb.id)).where(col(Phb.person_id) == actor.person_id))
        # Without a board, "= NULL" would be written IS NULL and show what belongs to no board.
        of_board = table.icb_id == actor.icb_id if actor.icb_id else false()
        return of_board & _of_whom_let_in_to(actor, table) if actor.role is Role.ADMIN else of_board

    return where


def _task(actor: Actor, today: date) -> Where:
    if actor.role is not Role.ADMIN:
        return _board(Task)(actor, today)
    theirs = or_(col(Task.role) == Role.ADMIN.value, _of_whom_let_in_to(actor, Task))
    return (col(Task.icb_id) == actor.icb_id) & theirs if actor.icb_id else false()


def _part_of_plan(table: Any) -> Callable[[Actor, date], Where]:
    def where(actor: Actor, today: date) -> Where:
        return table.plan_id.in_(select(col(Plan.id)).where(visible(actor, Plan, today)))

    return where


def _line(actor: Actor, today: date) -> Where:
    return col(BudgetLine.budget_id).in_(select(col(BudgetVersion.id)).where(visible(actor, BudgetVersion, today)))


def _everybody(actor: Actor, today: date) -> Where:
    return true()


def _office(table: Any) -> Callable[[Actor, date], Where]:
    """What the office of a board keeps of those who work there: nothing about holders and who acts for them."""

    def where(actor: Actor, today: date) -> Where:
        listed = [role.value for role in LISTED_ROLES]
        return (table.icb_id == actor.icb_id) & table.role.in_(listed) if actor.icb_id else false()

    return where


def _user(actor: Actor, today: date) -> Where:
    """Whoever has, or had, a role at the board that its list shows."""
    theirs = select(1).where(col(Assignment.user_id) == col(User.id), _office(Assignment)(actor, today))
    return exists(theirs) if actor.icb_id else false()


def _role_grant(actor: Actor, today: date) -> Where:
    return col(RoleGrant.icb_id) == actor.icb_id if actor.icb_id else false()


def _break_glass(actor: Actor, today: date) -> Where:
    of_board = col(BreakGlass.icb_id) == actor.icb_id if actor.icb_id else false()
    return of_board & (col(BreakGlass.user_id) == actor.user_id) if actor.role is Role.ADMIN else of_board


_BY_TABLE: dict[type[SQLModel], Callable[[Actor, date], Where]] = {
    Person: _person,
    Eligibility: _board(Eligibility),
    Consent: _board(Consent),
    ExclusionAttestation: _board(ExclusionAttestation),
    Phb: _board(Phb),
    Plan: _board(Plan),
    Outcome: _part_of_plan(Outcome),
    PlanService: _part_of_plan(PlanService),
    BudgetVersion: _board(BudgetVersion),
    BudgetLine: _line,
    Stream: _board(Stream),
    PayeeAccount: _board(PayeeAccount),
    PaymentItem: _board(PaymentItem),
    LedgerJournal: _board(LedgerJournal),
    Review: _board(Review),
    Task: _task,
    AuditEvent: _board(AuditEvent),
    AccessEvent: _board(AccessEvent),
    Organisation: _everybody,
    User: _user,
    Assignment: _office(Assignment),
    Invitation: _office(Invitation),
    RoleGrant: _role_grant,
    BreakGlass: _break_glass,
}
