"""The year's money when the amount of a stream changes: more is set aside, or what is not needed goes back to the
board (domain.md §4.4, T19). Asks no leave: whoever changes the amount has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.amount_changes import Settled, settle
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.periods import financial_year, part_period
from phbportal.domain.reductions import AmountChange, rates
from phbportal.queries.reductions import reductions_of
from phbportal.services.ledger import post
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal
from phbportal.tables.phbs import Phb

Costs = Mapping[date, int]
"""Pence by the first day of the year they are for."""


def cost_of_years(
    uow: UnitOfWork, stream: Stream, *, without: UUID | None = None, also: Sequence[AmountChange] = ()
) -> Costs:
    """What a stream costs in each year whose money has been set aside, as things stand. ``without`` leaves out the
    change of one decision or uplift; ``also`` counts changes that are not written yet."""
    found = [one for one in reductions_of(uow.session, [stream.id]).get(stream.id, ()) if one.source != without]
    by_day = rates(stream.weekly_pence, stream.starts_on, stream.ends_on, [*found, *also])
    return {first: part_period(by_day, *financial_year(first)) for first in _years(uow, stream.phb_id)}


def _years(uow: UnitOfWork, phb_id: UUID) -> list[date]:
    """The first days of the years whose money has been set aside: the key of the entry ends with it."""
    j = LedgerJournal
    keys = uow.session.execute(
        select(col(j.idempotency_key)).where(
            col(j.phb_id) == phb_id, col(j.verb) == Verb.ALLOCATE.value, col(j.idempotency_key).like("allocate:%")
        )
    ).scalars()
    return sorted({date.fromisoformat(key.rpartition(":")[2]) for key in keys})


def settle_years(
    uow: UnitOfWork, phb: Phb, before: Costs, after: Costs, *, key: str, words: str, kept_pence: int = 0
) -> Settled:
    """Set aside what the years cost more, or give back what they cost less: once for ``key``.

    What was paid already cannot go back: it comes off the next payment, and stays in the budget until then.
    ``kept_pence`` is what stayed so when the same change was made before.
    """
    board, own = outside("icb", phb.icb_id), available(phb.id)
    settled = settle(sum(after.values()) - sum(before.values()), kept_pence, _left(uow, own))
    if moved := settled.moved_pence:
        source, target = (board, own) if moved > 0 else (own, board)
        post(
            uow,
            Journal(
                verb=Verb.ALLOCATE, phb_id=phb.id, effective_on=uow.today, reference=words,
                idempotency_key=f"allocate-change:{key}", postings=(Posting(source, target, abs(moved)),),
            ),
        )  # fmt: skip
    return settled


def _left(uow: UnitOfWork, path: str) -> int:
    found = select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == path)
    return uow.session.execute(found).scalar_one_or_none() or 0
