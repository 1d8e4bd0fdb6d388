"""What a payment would come to, worked out before it is sent; and the date typed when it is confirmed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.payment_calendar import made_good_words, sum_of_rates
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import PAYABLE, Method, payment_problems
from phbportal.policy.permissions import Permission
from phbportal.queries.reductions import rates_of_stream
from phbportal.services.facts import stream_fact
from phbportal.services.hospital import less_deductions
from phbportal.services.payments import PaymentEntry, amount_due
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream


@dataclass(frozen=True, slots=True)
class Preview:
    """A payment before it is sent: its amount in pence, and how it came about in words ("" for an invoice)."""

    amount_pence: int
    words: str


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
    return Preview(left, words)


def read_paid_on(form: Mapping[str, object]) -> date:
    """Read the day a payment left."""
    r = Reading(form)
    on = r.day("paid_on", needed="Enter the date the money left.")
    r.finish()
    return given(on)
