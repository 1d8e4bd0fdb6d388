"""Changes of amount and holds that stand, by stream: for whatever works out what a stream pays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.decisions import IN_FORCE, DecisionKind, DecisionStatus
from phbportal.domain.periods import Rate, monthly_pay
from phbportal.domain.reductions import AmountChange, rates
from phbportal.domain.uplifts import RAISES, ItemStatus
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.uplifts import UpliftItem


def reductions_of(session: Session, stream_ids: Sequence[UUID]) -> dict[UUID, tuple[AmountChange, ...]]:
    """The reductions of each stream, and the yearly uplifts that raise it. One statement, or none for no stream."""
    if not stream_ids:
        return {}
    d, i = Decision, UpliftItem
    by_decision = select(
        col(d.stream_id), col(d.effective_on), col(d.weekly_before_pence), col(d.weekly_after_pence), col(d.status),
        col(d.id),
    ).where(
        col(d.stream_id).in_(stream_ids), col(d.kind) == DecisionKind.REDUCE.value,
        col(d.status).in_([status.value for status in IN_FORCE]),
    )  # fmt: skip
    by_uplift = select(
        col(i.stream_id), col(i.effective_on), col(i.before_pence), col(i.after_pence), col(i.status), col(i.id)
    ).where(col(i.stream_id).in_(stream_ids), col(i.status).in_([status.value for status in RAISES]))
    done = (DecisionStatus.IN_EFFECT.value, ItemStatus.IN_EFFECT.value)
    found: dict[UUID, tuple[AmountChange, ...]] = {}
    rows: Any = session.execute(union_all(by_decision, by_uplift))
    for stream_id, on, before, after, status, source in rows:
        found[stream_id] = (*found.get(stream_id, ()), AmountChange(on, before, after, status in done, source))
    return found


def rates_of(
    session: Session, stream_id: UUID, weekly_pence: int, starts_on: date, ends_on: date | None, kept: str | None
) -> list[Rate]:  # fmt: skip
    """What one stream pays a week, each amount with its days; ``kept`` says how its months were agreed."""
    changes = reductions_of(session, [stream_id]).get(stream_id, ())
    return rates(weekly_pence, starts_on, ends_on, changes, monthly=monthly_pay(kept))


def rates_of_stream(session: Session, stream: Any) -> list[Rate]:
    """The same of a stream's row."""
    return rates_of(
        session, stream.id, stream.weekly_pence, stream.starts_on, stream.ends_on, stream.monthly_pay
    )  # fmt: skip


def held_from(session: Session, stream: Stream) -> date:
    """The day from which a stream is on hold: of the last decision that suspends it or its whole budget. The first of
    all days for a hold that no decision tells of."""
    d = Decision
    found = select(func.max(col(d.effective_on))).where(
        col(d.phb_id) == stream.phb_id, col(d.kind) == DecisionKind.SUSPEND.value,
        col(d.status) == DecisionStatus.IN_EFFECT.value, or_(col(d.stream_id).is_(None), col(d.stream_id) == stream.id),
    )  # fmt: skip
    return session.execute(found).scalar_one_or_none() or date.min
