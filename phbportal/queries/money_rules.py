"""The rules of the board for a direct payment, as whoever reads about the money is told them.

They are those of the day the agreement that is signed was made: what a board chooses later is for later agreements.
"""

from __future__ import annotations

from datetime import date
from typing import Any
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
    """The rules of the direct payments in sight, of one person or one budget; nothing where there is none. Two
    statements."""
    a = PayeeAgreement
    signed = and_(
        col(a.stream_id) == col(Stream.id), col(a.status) == AgreementStatus.IN_FORCE.value,
        col(a.kind) == AgreementKind.DIRECT_PAYMENT.value,
    )  # fmt: skip
    streams = (
        select(col(Stream.icb_id), col(a.created_at))
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .outerjoin(a, signed)
        .where(
            visible(actor, Stream, today), col(Stream.method) == Method.DIRECT_PAYMENT.value,
            col(Stream.status).not_in(_OVER),
        )
        .order_by(col(Stream.id))
    )  # fmt: skip
    if person_id is not None:
        streams = streams.where(col(Phb.person_id) == person_id)
    if phb_id is not None:
        streams = streams.where(col(Phb.id) == phb_id)
    found = [(row.icb_id, london_date(row.created_at) if row.created_at else today) for row in session.execute(streams)]
    if not found:
        return []
    chosen = _chosen(session, [icb_id for icb_id, _ in found])
    said = [one for icb_id, on in found for one in payee_sentences(rules_from(_on(chosen, icb_id, on)))]
    return list(dict.fromkeys(said))


def _chosen(session: Session, icb_ids: list[UUID]) -> list[Any]:
    p = PolicySetting
    return list(
        session.execute(
            select(col(p.name), col(p.icb_id), col(p.value), col(p.starts_on))
            .where(col(p.name).in_(NAMES), or_(col(p.icb_id).in_(icb_ids), col(p.icb_id).is_(None)))
            .order_by(col(p.icb_id).is_not(None), col(p.starts_on))
        )
    )


def _on(chosen: list[Any], icb_id: UUID, on: date) -> dict[str, str]:
    """What holds for a board on a day: everybody's first, then its own above them, the latest last."""
    return {row.name: row.value for row in chosen if row.icb_id in (None, icb_id) and row.starts_on <= on}
