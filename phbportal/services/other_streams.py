"""What the other streams of a budget still need of its money: a reduction of one gives nothing of theirs back
(domain.md §4.4). Asks no leave: whoever changes an amount has."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import Rate, financial_year, monthly_pay, part_period
from phbportal.domain.reductions import rates
from phbportal.domain.streams import Method, StreamStatus
from phbportal.queries.reductions import reductions_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.year_money import years_of
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.payments import PaymentItem

_COST_NOTHING = (StreamStatus.PROPOSED.value, StreamStatus.CLOSED.value)
_CAME_TO_NOTHING = (PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value)


def needed_by_others(uow: UnitOfWork, phb_id: UUID, stream_id: UUID) -> int:
    """Pence that the other streams of a budget need of the years whose money was set aside: for the days nobody has
    been paid for, and for the invoices still to come."""
    found = select(Stream).where(
        col(Stream.phb_id) == phb_id, col(Stream.id) != stream_id, col(Stream.status).not_in(_COST_NOTHING)
    )
    others = list(uow.session.execute(found.order_by(col(Stream.id))).scalars())
    if not others:
        return 0
    ids = [stream.id for stream in others]
    years, begun = years_of(uow, [phb_id]).get(phb_id, ()), _brought_in_on(uow, phb_id)
    changes = reductions_of(uow.session, ids)
    paid = _payments(uow, ids)
    return sum(
        _needs(stream, rates(stream.weekly_pence, stream.starts_on, stream.ends_on, changes.get(stream.id, ()),
                     monthly=monthly_pay(stream.monthly_pay)),
               [one for one in paid if one.stream_id == stream.id], years, begun)
        for stream in others
    )  # fmt: skip


def _needs(
    stream: Stream, by_day: list[Rate], paid: list[PaymentItem], years: Iterable[date], begun: date
) -> int:  # fmt: skip
    notional = stream.method == Method.NOTIONAL
    first = max(stream.starts_on, begun)
    if stream.paid_to_on is not None:
        first = max(first, stream.paid_to_on + timedelta(days=1))
    if paid and not notional:
        first = max(first, max(one.period_end for one in paid) + timedelta(days=1))
    costs, one_off = 0, 0
    for year in years:
        starts, ends = financial_year(year)
        if first <= ends:
            costs += part_period(by_day, max(first, starts), ends)
        if starts <= stream.starts_on <= ends and (notional or not (paid or stream.first_payment_on)):
            one_off = stream.one_off_pence
    invoiced = sum(one.amount_pence for one in paid) if notional else 0
    return max(0, costs + one_off - invoiced)


def _brought_in_on(uow: UnitOfWork, phb_id: UUID) -> date:
    """The day from which money was set aside for a budget that ran before the portal knew of it; else the first of all
    days."""
    b = BudgetVersion
    opening = select(col(b.starts_on)).where(col(b.phb_id) == phb_id, col(b.kind) == BudgetKind.OPENING.value)
    return uow.session.execute(opening.limit(1)).scalar_one_or_none() or date.min


def _payments(uow: UnitOfWork, stream_ids: list[UUID]) -> list[PaymentItem]:
    """Their payments that were neither cancelled nor failed."""
    p = PaymentItem
    found = select(p).where(col(p.stream_id).in_(stream_ids), col(p.status).not_in(_CAME_TO_NOTHING))
    return list(uow.session.execute(found).scalars())
