"""What a payment would come to, worked out before it is sent; and the date typed when it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.payment_calendar import made_good_words, sum_of_rates
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import PAYABLE, Method, payment_problems
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.queries.reductions import rates_of_stream
from phbportal.services.facts import stream_fact
from phbportal.services.hospital import less_deductions
from phbportal.services.payments import PaymentEntry, amount_due
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem


@dataclass(frozen=True, slots=True)
class Preview:
    """A payment before it is sent: its amount in pence, how it came about in words ("" for an invoice), and in a
    sentence which days before it nobody has paid for ("" for none)."""

    amount_pence: int
    words: str
    left_out: str = ""


def preview_payment(uow: UnitOfWork, stream_id: UUID, entry: PaymentEntry) -> Preview:
    """Work a payment out without recording it; refuses what recording it would refuse about the stream."""
    stream = uow.find(Stream, stream_id)
    uow.require(Permission.PAYMENT_RECORD, stream)
    if stream.status not in PAYABLE:
        raise Refusal("This stream is not approved for payment yet.")
    refuse_if(payment_problems(stream_fact(uow, stream), period_start=entry.period_start, on=uow.today, now=uow.now))
    if stream.method == Method.NOTIONAL:
        return Preview(entry.invoice_pence, "")
    rates = rates_of_stream(uow.session, stream)
    due = amount_due(uow, stream, entry.period_start, entry.period_end)
    amount = due.amount_pence
    if amount <= 0:
        raise Refusal("There is nothing to pay for those days. Check the dates.", field="period_start")
    left, _taken = less_deductions(uow, stream.id, amount)
    words = sum_of_rates(rates, entry.period_start, entry.period_end, due.one_off_pence, amount - left)
    words += made_good_words(due.adjustment_pence)
    return Preview(left, words, _left_out(uow, stream, entry.period_start))


def _left_out(uow: UnitOfWork, stream: Stream, start: date) -> str:
    """The days right before a payment that nobody has paid for, as far as the portal knows."""
    p = PaymentItem
    paid = select(func.max(col(p.period_end))).where(
        col(p.stream_id) == stream.id, col(p.period_end) < start,
        col(p.status).not_in([PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]),
    )  # fmt: skip
    ends = [on for on in (uow.session.execute(paid).scalar_one_or_none(), stream.paid_to_on) if on is not None]
    if not ends and stream.first_payment_on is not None:
        return ""  # it was paid before it was brought in, and nobody said to which day
    first, last = max(ends) + timedelta(days=1) if ends else stream.starts_on, start - timedelta(days=1)
    if first > last:
        return ""
    return (
        f"Nobody has paid for {long_date(first)} to {long_date(last)}. Pay for the earlier days first, or with these."
    )


def read_paid_on(form: Mapping[str, object]) -> date:
    """Read the day a payment left."""
    r = Reading(form)
    on = r.day("paid_on", needed="Enter the date the money left.")
    r.finish()
    return given(on)
