"""The year's money when the amount of a stream changes: more is set aside, or what is not needed goes back to the
board (domain.md §4.4, T19). Asks no leave: whoever changes the amount has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.amount_changes import Settled, owed_for_days_paid, paid_before, settle
from phbportal.domain.budgets import StreamAmount
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.periods import MonthlyPay, financial_year, monthly_pay, part_period
from phbportal.domain.reductions import AmountChange, rates
from phbportal.queries.reductions import reductions_of
from phbportal.services.ledger import post
from phbportal.services.many_rows import is_among
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb

Costs = Mapping[date, int]
"""Pence by the first day of the year they are for."""


def amounts_of(streams: Sequence[Stream]) -> list[StreamAmount]:
    """What each stream pays, its days, and how its months are worked out."""
    return [
        StreamAmount(
            str(s.id), s.weekly_pence, s.one_off_pence, s.starts_on, s.ends_on, monthly_pay(s.monthly_pay),
            s.paid_to_on,
        )
        for s in streams
    ]  # fmt: skip


def made_good_in(uow: UnitOfWork, streams: Sequence[Stream], year: date) -> int:
    """Pence that days of a year which were paid before their streams were brought in are short of (below 0: over), by
    amounts that are in effect: the next payment makes them good. ``year`` is its first day. One statement at most."""
    paid = [stream for stream in streams if stream.paid_to_on is not None and stream.paid_to_on >= year]
    changes = reductions_of(uow.session, [stream.id for stream in paid])
    owed = 0
    for s in paid:
        own = [one for one in changes.get(s.id, ()) if one.in_effect]
        by_day = rates(s.weekly_pence, s.starts_on, s.ends_on, own, monthly=monthly_pay(s.monthly_pay))
        owed += owed_for_days_paid(by_day, paid_before(by_day, s.paid_to_on, since=year), s.ends_on)
    return owed


def cost_of_years(
    uow: UnitOfWork, stream: Stream, *, without: UUID | None = None, also: Sequence[AmountChange] = (),
    waiting: bool = True,
) -> Costs:  # fmt: skip
    """What a stream costs in each year whose money has been set aside, as things stand. ``without`` leaves out the
    change of one decision or uplift; ``also`` counts changes that are not written yet; without ``waiting``, what is
    agreed for a day to come is not counted."""
    changes = reductions_of(uow.session, [stream.id]).get(stream.id, ())
    found = [one for one in changes if one.source != without and (waiting or one.in_effect)]
    years = years_of(uow, [stream.phb_id]).get(stream.phb_id, ())
    return cost_in(
        years, stream.weekly_pence, stream.starts_on, stream.ends_on, [*found, *also], monthly_pay(stream.monthly_pay)
    )  # fmt: skip


def cost_in(
    years: Sequence[date], weekly_pence: int, starts_on: date, ends_on: date | None, changes: Sequence[AmountChange],
    monthly: MonthlyPay,
) -> Costs:  # fmt: skip
    """What a stream with these changes of amount costs in each of the years, which are named by their first days."""
    if not years:
        return {}
    by_day = rates(weekly_pence, starts_on, ends_on, changes, monthly=monthly)
    return {first: part_period(by_day, *financial_year(first)) for first in years}


def years_of(uow: UnitOfWork, phb_ids: Sequence[UUID]) -> dict[UUID, list[date]]:
    """By budget, the first days of the years whose money has been set aside: the key of the entry ends with it."""
    j = LedgerJournal
    keys = uow.session.execute(
        select(col(j.phb_id), col(j.idempotency_key)).where(
            is_among(uow.session, col(j.phb_id), phb_ids), col(j.verb) == Verb.ALLOCATE.value,
            col(j.idempotency_key).like("allocate:%"),
        )
    )  # fmt: skip
    found: dict[UUID, set[date]] = {}
    for phb_id, key in keys:
        found.setdefault(phb_id, set()).add(date.fromisoformat(key.rpartition(":")[2]))
    return {phb_id: sorted(years) for phb_id, years in found.items()}


def taken_early(uow: UnitOfWork, phb_ids: Sequence[UUID], year: date) -> dict[UUID, int]:
    """By budget, pence of the year that begins on a day which payments across the 31 March before it took already."""
    j, p = LedgerJournal, LedgerPosting
    rows = uow.session.execute(
        select(col(j.phb_id), func.sum(col(p.amount_pence)))
        .join(p, col(p.journal_id) == col(j.id))
        .where(
            col(j.phb_id).in_(phb_ids), col(j.idempotency_key).like("allocate-early:%"),
            col(j.effective_on) >= year.replace(year=year.year - 1), col(j.effective_on) < year,
        )
        .group_by(col(j.phb_id))
    )  # fmt: skip
    return {phb_id: int(pence) for phb_id, pence in rows}


def settle_years(
    uow: UnitOfWork, phb: Phb, before: Costs, after: Costs, *, key: str, words: str, kept_pence: int = 0,
    needed_pence: int = 0,
) -> Settled:  # fmt: skip
    """Set aside what the years cost more, or give back what they cost less: once for ``key``.

    What was paid already cannot go back: it comes off the next payment, and stays in the budget until then.
    ``kept_pence`` is what stayed so when the same change was made before, ``needed_pence`` what other streams need of
    what is left.
    """
    settled = settle(
        sum(after.values()) - sum(before.values()), kept_pence, _left(uow, available(phb.id)) - needed_pence
    )
    if settled.moved_pence:
        post(uow, years_settled(phb.icb_id, phb.id, settled.moved_pence, on=uow.today, key=key, words=words))
    return settled


def years_settled(icb_id: UUID, phb_id: UUID, more_pence: int, *, on: date, key: str, words: str) -> Journal:
    """The entry that sets ``more_pence`` aside for a budget, or gives it back to the board where that is below 0."""
    board, own = outside("icb", icb_id), available(phb_id)
    source, target = (board, own) if more_pence > 0 else (own, board)
    return Journal(
        verb=Verb.ALLOCATE, phb_id=phb_id, effective_on=on, reference=words, idempotency_key=f"allocate-change:{key}",
        postings=(Posting(source, target, abs(more_pence)),),
    )  # fmt: skip


def _left(uow: UnitOfWork, path: str) -> int:
    found = select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == path)
    return uow.session.execute(found).scalar_one_or_none() or 0
