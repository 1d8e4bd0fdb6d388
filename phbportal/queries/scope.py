"""Which rows may I see: the one place that turns an actor into a WHERE (invariant I29).

The other half of the same law is ``policy/grants.py``; a house test proves that for every role and row,
visible here ⇔ permitted there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select, true
from sqlmodel import SQLModel, col

from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.documents import Document
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Outcome, Plan, PlanService

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
    Document: Permission.DOCUMENT_READ,
    AuditEvent: Permission.HISTORY_READ,
    AccessEvent: Permission.ACCESS_READ,
    Organisation: Permission.PROVIDER_READ,
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
    return responsible_today(actor.icb_id, today) if actor.icb_id else false()


def _board(table: Any) -> Callable[[Actor, date], Where]:
    """What a board owns and a holder is the person of."""

    def where(actor: Actor, today: date) -> Where:
        if actor.role is Role.HOLDER:
            if actor.person_id is None:
                return false()
            if "person_id" in table.model_fields:
                return table.person_id == actor.person_id
            own = (col(Phb.id) == table.phb_id) & (col(Phb.person_id) == actor.person_id)
            return select(1).where(own).correlate(table).exists()
        # Without a board, "= NULL" would be written IS NULL and show what belongs to no board.
        return table.icb_id == actor.icb_id if actor.icb_id else false()

    return where


def _task(actor: Actor, today: date) -> Where:
    own_board = _board(Task)(actor, today)
    return own_board & (col(Task.role) == Role.ADMIN.value) if actor.role is Role.ADMIN else own_board


def _part_of_plan(table: Any) -> Callable[[Actor, date], Where]:
    def where(actor: Actor, today: date) -> Where:
        # EXISTS, not IN: SQLite would read every plan of the board first.
        plan = col(Plan.id) == table.plan_id
        return select(1).where(plan, visible(actor, Plan, today)).correlate(table).exists()

    return where


def _line(actor: Actor, today: date) -> Where:
    budget = col(BudgetVersion.id) == col(BudgetLine.budget_id)
    return select(1).where(budget, visible(actor, BudgetVersion, today)).correlate(BudgetLine).exists()


def _everybody(actor: Actor, today: date) -> Where:
    return true()


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
    Document: _board(Document),
    AuditEvent: _board(AuditEvent),
    AccessEvent: _board(AccessEvent),
    Organisation: _everybody,
}
