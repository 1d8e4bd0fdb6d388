"""Days before a budget was brought in, of which no money was set aside with it: whoever pays for them sets it aside.

The portal asks first for the cycle, or the month, a budget was brought in in, and for all days of a stream that was not
paid yet; it was set aside from its day on. Asks no leave: a part of recording a payment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.periods import part_period
from phbportal.queries.reductions import rates_of_stream
from phbportal.services.ledger import post
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.ledger import LedgerJournal, LedgerPosting
from phbportal.tables.payments import PaymentItem


def set_aside_days_before(uow: UnitOfWork, stream: Stream, item: PaymentItem, live: Sequence[PaymentItem]) -> None:
    """Set aside what these payments of a stream, ``item`` the last of them, come to for days before it was brought in:
    once for all of them, so that one that was cancelled and recorded again takes no more."""
    b = BudgetVersion
    # What a file brought in was written at one moment; a stream that was added since was set aside from its first day.
    together = (col(b.phb_id) == stream.phb_id, col(b.kind) == BudgetKind.OPENING.value)
    opened = select(col(b.starts_on)).where(*together, col(b.created_at) == stream.created_at).limit(1)
    on = uow.session.execute(opened).scalar_one_or_none()
    if on is None or item.period_start >= on:
        return
    by_day, last = rates_of_stream(uow.session, stream), on - timedelta(days=1)
    need = sum(
        part_period(by_day, one.period_start, min(one.period_end, last)) for one in live if one.period_start <= last
    )
    j, p, key = LedgerJournal, LedgerPosting, f"allocate-before:{stream.id}:"
    done = (
        select(func.coalesce(func.sum(col(p.amount_pence)), 0))
        .join(j, col(j.id) == col(p.journal_id))
        .where(col(j.phb_id) == stream.phb_id, col(j.idempotency_key).like(f"{key}%"))
    )
    more = need - int(uow.session.execute(done).scalar_one())
    if more > 0:
        places = outside("icb", stream.icb_id), available(stream.phb_id)
        post(
            uow,
            Journal(
                verb=Verb.ALLOCATE, phb_id=stream.phb_id, effective_on=uow.today,
                reference="For days before it was brought in", idempotency_key=f"{key}{item.id}",
                postings=(Posting(*places, more),),
            ),
        )  # fmt: skip
