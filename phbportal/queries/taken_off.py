"""What is taken off payments for nights in hospital, for pages that foretell the next payment (T15)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.next_payment import PaymentFact
from phbportal.domain.payments import PaymentStatus
from phbportal.tables.endings import PaymentDeduction
from phbportal.tables.payments import PaymentItem


@dataclass(frozen=True, slots=True)
class TakenOff:
    """Pence by payment, and by stream what no payment has taken off yet."""

    payments: dict[UUID, int] = field(default_factory=dict[UUID, int])
    waiting: dict[UUID, int] = field(default_factory=dict[UUID, int])


def taken_off(session: Session, phb_ids: Sequence[UUID]) -> TakenOff:
    """What is taken off the payments of budgets, which the caller has found in the actor's scope. One statement."""
    d, found = PaymentDeduction, TakenOff()
    rows = session.execute(
        select(col(d.stream_id), col(d.payment_id), func.sum(col(d.amount_pence)))
        .where(col(d.phb_id).in_(phb_ids))
        .group_by(col(d.stream_id), col(d.payment_id))
    )
    for stream_id, payment_id, pence in rows:
        if payment_id is None:
            found.waiting[stream_id] = int(pence)
        else:
            found.payments[payment_id] = int(pence)
    return found


def payment_facts(stream_id: UUID, payments: Sequence[PaymentItem], off: TakenOff) -> list[PaymentFact]:
    """The payments of one stream as the rules of the next one see them."""
    return [
        PaymentFact(
            PaymentStatus(p.status), p.period_start, p.period_end, p.amount_pence, p.due_on, p.paid_on,
            p.regular_pence, p.adjustment_pence, off.payments.get(p.id, 0),
        )
        for p in payments
        if p.stream_id == stream_id
    ]  # fmt: skip
