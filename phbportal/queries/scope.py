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

from phbportal.domain.isf import IN_SIGHT
from phbportal.domain.plans import Share
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
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
    AuditEvent: Permission.HISTORY_READ,
    AccessEvent: Permission.ACCESS_READ,
    Organisation: Permission.PROVIDER_READ,
    IsfConfirmation: Permission.ARRANGEMENT_READ,
    IsfAnswer: Permission.ARRANGEMENT_READ,
    Agreement: Permission.ARRANGEMENT_READ,
    Signature: Permission.ARRANGEMENT_READ,
}

SHARED_WITH_PROVIDERS = (Share.PROVIDER, Share.ALL)


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
    if actor.role is Role.PROVIDER:
        return _of_organisation(actor, table)
    return _BY_TABLE[table](actor, today)


def in_sight_of(organisation_id: Any) -> Where:
    """The offers an organisation sees: those it has been sent and has not declined or let run out (I31)."""
    c = IsfConfirmation
    return (col(c.organisation_id) == organisation_id) & col(c.status).in_([status.value for status in IN_SIGHT])


def _of_organisation(actor: Actor, table: type[SQLModel]) -> Where:
    """What a provider may see: its own streams and what belongs to them; of a plan the parts marked for it."""
    if actor.organisation_id is None:
        return false()
    c, mine = IsfConfirmation, in_sight_of(actor.organisation_id)
    if table is IsfConfirmation:
        return mine
    if table is IsfAnswer or table is Agreement:
        owner: Any = table
        return owner.confirmation_id.in_(select(col(c.id)).where(mine))
    if table is Signature:
        own = select(col(Agreement.id)).where(col(Agreement.confirmation_id).in_(select(col(c.id)).where(mine)))
        return col(Signature.agreement_id).in_(own)
    if table is Stream:
        return col(Stream.id).in_(select(col(c.stream_id)).where(mine))
    if table is PaymentItem:
        return col(PaymentItem.stream_id).in_(select(col(c.stream_id)).where(mine))
    if table is Outcome or table is PlanService:
        part: Any = table
        return part.plan_id.in_(select(col(c.plan_id)).where(mine)) & part.share.in_(
            [share.value for share in SHARED_WITH_PROVIDERS]
        )
    return false()


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
            return table.phb_id.in_(select(col(Phb.id)).where(col(Phb.person_id) == actor.person_id))
        # Without a board, "= NULL" would be written IS NULL and show what belongs to no board.
        return table.icb_id == actor.icb_id if actor.icb_id else false()

    return where


def _task(actor: Actor, today: date) -> Where:
    own_board = _board(Task)(actor, today)
    return own_board & (col(Task.role) == Role.ADMIN.value) if actor.role is Role.ADMIN else own_board


def _part_of_plan(table: Any) -> Callable[[Actor, date], Where]:
    def where(actor: Actor, today: date) -> Where:
        return table.plan_id.in_(select(col(Plan.id)).where(visible(actor, Plan, today)))

    return where


def _line(actor: Actor, today: date) -> Where:
    return col(BudgetLine.budget_id).in_(select(col(BudgetVersion.id)).where(visible(actor, BudgetVersion, today)))


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
    AuditEvent: _board(AuditEvent),
    AccessEvent: _board(AccessEvent),
    Organisation: _everybody,
    IsfConfirmation: _board(IsfConfirmation),
    IsfAnswer: _board(IsfAnswer),
    Agreement: _board(Agreement),
    Signature: _board(Signature),
}
