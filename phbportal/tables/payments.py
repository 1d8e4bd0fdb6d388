"""Payments on a stream: recorded by one finance officer, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.budgets import LineType
from phbportal.domain.payments import PaymentStatus
from phbportal.tables.base import Record, bare_id, day, link, moment, one_of, pence, positive, text


class PaymentItem(Record, table=True):
    __tablename__ = "payment_item"
    __table_args__ = (
        one_of("payment_item", "status", PaymentStatus),
        one_of("payment_item", "line_type", LineType),
        positive("payment_item", "amount_pence", zero=False),
        Index("ix_payment_item_waiting", "icb_id", "status", "due_on"),
    )

    stream_id: UUID = link("stream")
    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    reference: str = text(length=20, unique=True)
    period_start: date = day()
    period_end: date = day()
    amount_pence: int = pence()
    due_on: date = day()
    status: str = text(length=12)
    line_type: str = text(length=20)
    account_id: UUID | None = link("payee_account", default=None, index=False)
    invoice_reference: str = text(length=60, default="")
    idempotency_key: str = text(length=100, unique=True)
    recorded_by: UUID | None = bare_id(default=None)
    confirmed_by: UUID | None = bare_id(default=None)
    confirmed_at: datetime | None = moment()
    paid_on: date | None = day(default=None)
    cancel_reason: str = text(length=300, default="")
    regular_pence: int | None = pence("what its days came to when it was recorded; empty for an invoice", default=None)
    adjustment_pence: int | None = pence("what it made good for days paid before, either way", default=None)
