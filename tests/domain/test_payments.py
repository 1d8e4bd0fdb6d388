"""When a payment may be confirmed or cancelled (domain.md §9.4)."""

from __future__ import annotations

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.payments import PAYMENT_STATUS_WORDS, PaymentStatus, check_cancellable, check_confirmable

DONE = [status for status in PaymentStatus if status is not PaymentStatus.PLANNED]


def test_a_payment_that_waits_can_be_confirmed_or_cancelled() -> None:
    check_confirmable(PaymentStatus.PLANNED)
    check_cancellable(PaymentStatus.PLANNED)
    assert len(DONE) == len(PaymentStatus) - 1


@pytest.mark.parametrize("status", DONE)
def test_a_payment_that_no_longer_waits_is_confirmed_by_nobody(status: PaymentStatus) -> None:
    with pytest.raises(Refusal, match=r"already been confirmed|cannot be confirmed"):
        check_confirmable(status)


def test_a_paid_payment_says_that_it_was_confirmed_already() -> None:
    with pytest.raises(Refusal, match="already been confirmed"):
        check_confirmable(PaymentStatus.PAID)


@pytest.mark.parametrize("status", [status for status in DONE if status is not PaymentStatus.HELD])
def test_a_payment_that_no_longer_waits_cannot_be_cancelled(status: PaymentStatus) -> None:
    with pytest.raises(Refusal, match="cannot be cancelled") as refused:
        check_cancellable(status)
    assert PAYMENT_STATUS_WORDS[status] in str(refused.value)


def test_a_payment_on_hold_can_be_cancelled_for_then_its_money_is_free_again() -> None:
    check_cancellable(PaymentStatus.HELD)


def test_every_status_has_words() -> None:
    assert PAYMENT_STATUS_WORDS.keys() == set(PaymentStatus)
