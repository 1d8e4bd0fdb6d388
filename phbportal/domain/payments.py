"""Payments: recorded by one finance officer, confirmed by another (domain.md §4.5, §9.4)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Refusal
from phbportal.domain.text import long_date


class PaymentStatus(StrEnum):
    PLANNED = "PLANNED"
    APPROVED = "APPROVED"
    IN_RUN = "IN_RUN"
    EXPORTED = "EXPORTED"
    PAID = "PAID"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"
    HELD = "HELD"


PAYMENT_STATUS_WORDS: dict[PaymentStatus, str] = {
    PaymentStatus.PLANNED: "Waiting to be confirmed",
    PaymentStatus.APPROVED: "Approved",
    PaymentStatus.IN_RUN: "In a payment run",
    PaymentStatus.EXPORTED: "Sent to the bank",
    PaymentStatus.PAID: "Paid",
    PaymentStatus.FAILED: "Failed",
    PaymentStatus.CANCELLED: "Cancelled",
    PaymentStatus.HELD: "On hold",
}


def check_confirmable(status: PaymentStatus) -> None:
    """A payment is confirmed once, and only while it waits."""
    if status is PaymentStatus.PAID:
        raise Refusal("This payment has already been confirmed. Reload the page to see it.")
    if status is not PaymentStatus.PLANNED:
        raise Refusal(f"This payment is “{PAYMENT_STATUS_WORDS[status]}” and cannot be confirmed.")


def check_cancellable(status: PaymentStatus) -> None:
    """A payment can be cancelled until money has left; one on hold too, for then its money is free again."""
    if status not in (PaymentStatus.PLANNED, PaymentStatus.HELD):
        raise Refusal(f"This payment is “{PAYMENT_STATUS_WORDS[status]}” and cannot be cancelled.")


def check_before_the_end(*, notional: bool, ends_on: date | None, period_end: date) -> None:
    """Once a stream has ended only a provider's invoice for the days before is paid: the care was given."""
    if not notional:
        raise Refusal("This stream has ended. Settle what is left in the closing of the budget.")
    if ends_on is not None and period_end > ends_on:
        raise Refusal(
            f"This stream ended on {long_date(ends_on)}. An invoice can be for days up to then.", field="period_end"
        )
