"""What a holder is told of their next payment: the days and the pence finance is asked to pay, by the one calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from phbportal.domain.acting_words import coming
from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy
from phbportal.domain.next_payment import NextPayment, PaymentFact, Terms, next_payment, sentences
from phbportal.domain.payment_calendar import next_period
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.streams import AccountFact, AccountStatus, Frequency, Method, PayeeKind, StreamFact, StreamStatus

ANCHOR, START, TODAY = date(2026, 4, 6), date(2026, 4, 8), date(2026, 4, 20)


def told(
    frequency: Frequency, *payments: PaymentFact, today: date = TODAY, first_on: date | None = None, off: int = 0,
    weekly: int = 70_000, one_off: int = 0, monthly: MonthlyPay = MonthlyPay.BY_DAYS,
) -> NextPayment:  # fmt: skip
    stream = StreamFact(
        method=Method.DIRECT_PAYMENT, payee_kind=PayeeKind.HOLDER, starts_on=START, ends_on=None,
        date_of_birth=date(1961, 2, 3), lacks_capacity=False, died_on=None,
        consents=[ConsentFact(ConsentKind.DIRECT_PAYMENT, GivenBy.SELF, START, None)],
        exclusion_answers=[(START, False)], account=AccountFact(AccountStatus.APPROVED, None),
    )  # fmt: skip
    terms = Terms(StreamStatus.ACTIVE, frequency, weekly, one_off, first_on, monthly)
    now = datetime(today.year, today.month, today.day, 12, tzinfo=UTC)
    found = next_payment(stream, terms, payments, today=today, now=now, anchor=ANCHOR, off_pence=off)
    assert isinstance(found, NextPayment)
    return found


def paid(first: date, last: date, pence: int, regular: int, off: int = 0) -> PaymentFact:
    return PaymentFact(PaymentStatus.PAID, first, last, pence, first, first, regular, 0, off)


@pytest.mark.parametrize("frequency", list(Frequency))
def test_it_is_for_the_days_finance_is_asked_to_pay(frequency: Frequency) -> None:
    assert told(frequency).period == next_period(frequency, ANCHOR, START, ends_on=None, paid_to=None)


@pytest.mark.parametrize(
    ("frequency", "last", "pence"),
    [
        (Frequency.WEEKLY, date(2026, 4, 12), 50_000),
        (Frequency.FOUR_WEEKLY, date(2026, 5, 3), 260_000),
        (Frequency.MONTHLY, date(2026, 4, 30), 230_000),
        (Frequency.QUARTERLY, date(2026, 6, 30), 840_000),
    ],
)
def test_the_first_part_period_to_the_penny(frequency: Frequency, last: date, pence: int) -> None:
    found = told(frequency)
    assert (found.period.ends_on, found.amount_pence) == (last, pence)


def test_a_month_is_a_twelfth_and_a_part_of_one_its_days() -> None:
    """£700.00 a week is £3,033.33 a month: 23 of the 30 days of April, then May."""
    first = told(Frequency.MONTHLY, monthly=MonthlyPay.TWELFTHS)
    assert (first.period.ends_on, first.amount_pence) == (date(2026, 4, 30), 232_556)
    left = paid(START, date(2026, 4, 30), 232_556, 232_556)
    assert told(Frequency.MONTHLY, left, monthly=MonthlyPay.TWELFTHS, first_on=START).amount_pence == 303_333


def test_a_budget_paid_by_the_month_before_the_portal_knew_it_begins_with_the_month_of_today() -> None:
    found = told(Frequency.MONTHLY, today=date(2026, 9, 10), first_on=date(2025, 1, 6), monthly=MonthlyPay.TWELFTHS)
    assert (found.period.starts_on, found.amount_pence) == (date(2026, 9, 1), 303_333)


def test_a_budget_paid_before_the_portal_knew_it_begins_with_the_cycle_of_today() -> None:
    found = told(Frequency.FOUR_WEEKLY, today=date(2026, 9, 1), first_on=date(2025, 1, 6))
    assert (found.period.starts_on, found.amount_pence) == (date(2026, 8, 24), 280_000)


def test_t15_what_is_taken_off_for_nights_in_hospital_is_not_promised() -> None:
    found = told(Frequency.FOUR_WEEKLY, off=196_429, weekly=125_000, today=date(2026, 4, 8))
    assert found.amount_pence == 267_857
    assert sentences(found, date(2026, 4, 8))[:2] == (
        "Your next payment is £2,678.57.", "£1,964.29 is taken off for nights in hospital.",
    )  # fmt: skip
    for_another = [coming(found, date(2026, 4, 8), own=True, stays=stays)[1] for stays in (True, False)]
    assert for_another == [
        "£1,964.29 is taken off for nights in hospital.", "£1,964.29 is taken off. The team can tell you why.",
    ]  # fmt: skip


def test_start_up_costs_that_were_paid_are_not_promised_again_after_a_deduction() -> None:
    first = paid(START, date(2026, 5, 3), 260_000 + 59_800 - 100_000, 260_000, off=100_000)
    assert told(Frequency.FOUR_WEEKLY, first, first_on=START, one_off=59_800).amount_pence == 280_000
