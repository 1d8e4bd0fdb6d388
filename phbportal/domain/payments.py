"""Payments: recorded by one finance officer, confirmed by another (domain.md §4.5, §9.4)."""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.errors import Refusal


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
    """A payment can be cancelled until money has left."""
    if status is not PaymentStatus.PLANNED:
        raise Refusal(f"This payment is “{PAYMENT_STATUS_WORDS[status]}” and cannot be cancelled.")
