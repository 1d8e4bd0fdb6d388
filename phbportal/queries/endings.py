"""How far the closing of budgets has come: what is with the payee, what is to be asked back, what is left to do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.endings import Settling
from phbportal.domain.payments import PaymentStatus
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import Balances, balances_by_phb
from phbportal.queries.scope import visible
from phbportal.tables.endings import PhbEnding
from phbportal.tables.payments import PaymentItem

OPEN_PAYMENTS = (
    PaymentStatus.PLANNED.value, PaymentStatus.APPROVED.value, PaymentStatus.IN_RUN.value,
    PaymentStatus.EXPORTED.value, PaymentStatus.HELD.value,
)  # fmt: skip


def settlings_of(session: Session, actor: Actor, today: date, endings: Sequence[UUID]) -> dict[UUID, Settling]:
    """Where each of these endings stands, of those that are neither closed nor taken back. Three statements."""
    e = PhbEnding
    found = session.execute(
        select(col(e.id), col(e.phb_id), col(e.return_on), col(e.liabilities_pence)).where(
            col(e.id).in_(endings), visible(actor, e, today), col(e.closed_on).is_(None), col(e.taken_back_on).is_(None)
        )
    ).all()
    phbs = [row.phb_id for row in found]
    balances, waiting = balances_by_phb(session, phbs), _waiting(session, phbs)
    return {
        row.id: _settling(balances[row.phb_id], waiting.get(row.phb_id, 0), row.return_on, row.liabilities_pence)
        for row in found
    }


def settling_of(session: Session, ending: PhbEnding) -> Settling:
    """Where one ending stands, which the caller has found in the actor's scope. Two statements."""
    balances = balances_by_phb(session, [ending.phb_id])[ending.phb_id]
    waiting = _waiting(session, [ending.phb_id]).get(ending.phb_id, 0)
    return _settling(balances, waiting, ending.return_on, ending.liabilities_pence)


def _settling(balances: Balances, waiting: int, return_on: date | None, liabilities: int | None) -> Settling:
    # What is left with some is said first; only where nothing is, what others are overdrawn by.
    rests = sum(pence for pence in balances.held_pence.values() if pence > 0)
    held = rests or sum(balances.held_pence.values())
    return Settling(return_on, held, balances.reserved_pence, waiting, liabilities)


def _waiting(session: Session, phbs: Sequence[UUID]) -> dict[UUID, int]:
    p = PaymentItem
    rows = session.execute(
        select(col(p.phb_id), func.count())
        .where(col(p.phb_id).in_(phbs), col(p.status).in_(OPEN_PAYMENTS))
        .group_by(col(p.phb_id))
    )
    return {row[0]: row[1] for row in rows}


def open_ending(session: Session, actor: Actor, today: date, phb_id: UUID) -> UUID | None:
    """The end of a budget that was not taken back, if the actor may see it. One statement."""
    e = PhbEnding
    found = select(col(e.id)).where(col(e.phb_id) == phb_id, col(e.taken_back_on).is_(None), visible(actor, e, today))
    return session.execute(found).scalar_one_or_none()
