"""The rules of the board for a direct payment, as whoever reads about the money is told them.

They are those of the day the agreement that is signed was made: what a board chooses later is for later agreements.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.clock import london_date
from phbportal.domain.money_rules import NAMES, payee_sentences, rules_from
from phbportal.domain.payee_agreement import AgreementStatus
from phbportal.domain.streams import Method, StreamStatus
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting

_OVER = [StreamStatus.PROPOSED.value, StreamStatus.CLOSED.value]


def rules_of_money(
    session: Session, actor: Actor, today: date, *, person_id: UUID | None = None, phb_id: UUID | None = None
) -> list[str]:
    """The rules of the direct payments in sight, of one person or one budget; nothing where there is none. One
    statement."""
    a, p = PayeeAgreement, PolicySetting
    signed = and_(
        col(a.stream_id) == col(Stream.id), col(a.status) == AgreementStatus.IN_FORCE.value,
        col(a.kind) == AgreementKind.DIRECT_PAYMENT.value,
    )  # fmt: skip
    chosen = and_(col(p.name).in_(NAMES), or_(col(p.icb_id) == col(Stream.icb_id), col(p.icb_id).is_(None)))
    rows = (
        select(col(Stream.id), col(a.created_at), col(p.name), col(p.value), col(p.starts_on))
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .outerjoin(a, signed)
        .outerjoin(p, chosen)
        .where(
            visible(actor, Stream, today), col(Stream.method) == Method.DIRECT_PAYMENT.value,
            col(Stream.status).not_in(_OVER),
        )
        # Everybody's first, then the board's own above them, the latest last.
        .order_by(col(Stream.id), col(p.icb_id).is_not(None), col(p.starts_on))
    )  # fmt: skip
    if person_id is not None:
        rows = rows.where(col(Phb.person_id) == person_id)
    if phb_id is not None:
        rows = rows.where(col(Phb.id) == phb_id)
    found: dict[UUID, dict[str, str]] = {}
    for row in session.execute(rows):
        held = found.setdefault(row.id, {})
        on = london_date(row.created_at) if row.created_at else today
        if row.name is not None and row.starts_on <= on:
            held[row.name] = row.value
    return list(dict.fromkeys(one for held in found.values() for one in payee_sentences(rules_from(held))))
