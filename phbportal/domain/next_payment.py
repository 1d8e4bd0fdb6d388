"""A holder's next payment: how much and when, or why not yet (domain.md §4.4, §4.5; invariants I04, I05, I11).

It foretells what ``services/payments.py`` will do when a finance officer records the payment; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from phbportal.domain.amount_changes import carried_one_off, owed_for_days_paid, paid_before
from phbportal.domain.clock import london_date
from phbportal.domain.consents import direct_payment_consent_problem, exclusion_problem
from phbportal.domain.money import pounds
from phbportal.domain.payment_calendar import asked_next
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import Cycle, MonthlyPay, Rate, part_period
from phbportal.domain.reductions import rates
from phbportal.domain.streams import (
    PAYABLE,
    AccountStatus,
    Frequency,
    StreamFact,
    StreamStatus,
    payee_in_person_problem,
)
from phbportal.domain.text import long_date


class Wait(StrEnum):
    """Why there is no next payment, or not yet."""

    NOT_AGREED = "NOT_AGREED"
    ON_HOLD = "ON_HOLD"
    CONSENT = "CONSENT"
    PAYEE = "PAYEE"
    CHECK = "CHECK"
    EXCLUDED = "EXCLUDED"
    AGREEMENT = "AGREEMENT"
    NO_ACCOUNT = "NO_ACCOUNT"
    ACCOUNT_CHECK = "ACCOUNT_CHECK"
    ACCOUNT_REFUSED = "ACCOUNT_REFUSED"
    NO_MORE = "NO_MORE"


WAIT_WORDS: dict[Wait, tuple[str, ...]] = {
    Wait.NOT_AGREED: ("Nothing is paid at the moment.", "Your budget has to be agreed first."),
    Wait.ON_HOLD: ("Payments are on hold.", "Your team can tell you why."),
    Wait.CONSENT: ("Nothing is paid at the moment.", "We need your agreement to a direct payment first."),
    Wait.PAYEE: ("Nothing is paid at the moment.", "It is not settled yet who may receive this money."),
    Wait.CHECK: ("Nothing is paid at the moment.", "Your team has a check to do first."),
    Wait.EXCLUDED: ("We cannot pay this money to you.", "Your team will talk with you about other ways."),
    Wait.AGREEMENT: ("Nothing is paid at the moment.", "The agreement about the money has to be signed first."),
    Wait.NO_ACCOUNT: ("Nothing is paid at the moment.", "We need to know which bank account to pay into."),
    Wait.ACCOUNT_CHECK: ("Nothing is paid at the moment.", "A second person is checking your bank details."),
    Wait.ACCOUNT_REFUSED: (
        "Nothing is paid at the moment.",
        "We could not accept your bank details. Talk to your team.",
    ),
    Wait.NO_MORE: ("No more payments are planned.",),
}
PAID_TO_ANOTHER: dict[Wait, tuple[str, ...]] = {
    Wait.EXCLUDED: ("We cannot pay this money.", "Your team will talk with you about other ways."),
    Wait.ACCOUNT_CHECK: ("Nothing is paid at the moment.", "A second person is checking the bank details."),
    Wait.ACCOUNT_REFUSED: (
        "Nothing is paid at the moment.",
        "We could not accept the bank details. Talk to your team.",
    ),
}
"""The same where a nominee or a representative is paid in the holder's place."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a stream pays, how often, and how its months are worked out; ``first_payment_on`` is None until it
    has paid, ``paid_to_on`` the last day that was paid for before it was brought in."""

    status: StreamStatus
    frequency: Frequency
    weekly_pence: int
    one_off_pence: int
    first_payment_on: date | None
    monthly: MonthlyPay
    paid_to_on: date | None = None
    brought_in_on: date | None = None
    """None: today."""


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """A payment of the stream that was neither cancelled nor failed. ``off_pence`` is what was taken off it for nights
    in hospital."""

    status: PaymentStatus
    period_start: date
    period_end: date
    amount_pence: int
    due_on: date
    paid_on: date | None
    regular_pence: int | None = None
    adjustment_pence: int | None = None
    off_pence: int = 0


@dataclass(frozen=True, slots=True)
class NextPayment:
    """``recorded`` is True once finance has entered it. ``not_before`` is the end of the account's cooling time,
    ``off_pence`` what is taken off for nights in hospital (T15): the amount is what is left."""

    amount_pence: int
    on: date
    period: Cycle
    recorded: bool = False
    not_before: datetime | None = None
    off_pence: int = 0


def next_payment(
    stream: StreamFact, terms: Terms, payments: Sequence[PaymentFact], *, today: date, now: datetime, anchor: date,
    off_pence: int = 0,
) -> NextPayment | Wait:  # fmt: skip
    """The next payment of a direct payment stream, or what it waits for. ``anchor`` is any cycle start of the board,
    ``off_pence`` what two people agreed to take off for nights in hospital, and no payment has yet."""
    waiting = [p for p in payments if p.status is not PaymentStatus.PAID]
    if waiting:
        first = min(waiting, key=lambda payment: payment.due_on)
        period = Cycle(first.period_start, first.period_end)
        return NextPayment(first.amount_pence, first.due_on, period, recorded=True, off_pence=first.off_pence)
    if terms.status is StreamStatus.PROPOSED:
        return Wait.NOT_AGREED
    if terms.status is StreamStatus.SUSPENDED:
        return Wait.ON_HOLD
    period = _period(stream, terms, payments, anchor, today) if terms.status in PAYABLE else None
    if period is None:
        return Wait.NO_MORE
    on = max(today, period.starts_on)
    if wait := _blocked(stream, on):
        return wait
    regular = _for_days(stream, terms, period.starts_on, period.ends_on)
    one_off = terms.one_off_pence if _one_off_is_due(stream, terms, payments) else 0
    if regular + one_off <= 0:
        return Wait.NO_MORE
    by_day = _rates(stream, terms)
    owed = owed_for_days_paid(by_day, [*payments, *paid_before(by_day, terms.paid_to_on)], stream.ends_on)
    cooling = stream.account.cooling_until if stream.account else None
    return NextPayment(
        max(0, regular + one_off + owed - off_pence), on, period,
        not_before=cooling if cooling and cooling > now else None, off_pence=off_pence,
    )  # fmt: skip


def _period(
    stream: StreamFact, terms: Terms, payments: Sequence[PaymentFact], anchor: date, today: date
) -> Cycle | None:
    """The days finance is asked to pay next, by the board's calendar; None when the stream has been paid to its end."""
    return asked_next(
        terms.frequency, anchor, stream.starts_on, ends_on=stream.ends_on,
        paid_to=max((p.period_end for p in payments), default=None), first_payment_on=terms.first_payment_on,
        paid_to_on=terms.paid_to_on, brought_in_on=terms.brought_in_on or today,
    )  # fmt: skip


def _blocked(stream: StreamFact, on: date) -> Wait | None:
    problem = direct_payment_consent_problem(
        stream.consents, date_of_birth=stream.date_of_birth, lacks_capacity=stream.lacks_capacity, on=on
    )
    if problem is not None:
        return Wait.CONSENT
    if exclusion_problem(stream.exclusion_answers, on) is not None:
        return Wait.EXCLUDED if any(given_on <= on for given_on, _ in stream.exclusion_answers) else Wait.CHECK
    if payee_in_person_problem(stream, on) is not None:
        return Wait.PAYEE
    if stream.unsigned is not None:
        return Wait.AGREEMENT
    if stream.account is None or stream.account.status is AccountStatus.CLOSED:
        return Wait.NO_ACCOUNT
    if stream.account.status is AccountStatus.REJECTED:
        return Wait.ACCOUNT_REFUSED
    return Wait.ACCOUNT_CHECK if stream.account.status is AccountStatus.PROPOSED else None


def _for_days(stream: StreamFact, terms: Terms, start: date, end: date) -> int:
    return part_period(_rates(stream, terms), start, end)


def _rates(stream: StreamFact, terms: Terms) -> list[Rate]:
    return rates(
        terms.weekly_pence, stream.starts_on, stream.ends_on, stream.reductions, monthly=terms.monthly
    )  # fmt: skip


def _one_off_is_due(stream: StreamFact, terms: Terms, payments: Sequence[PaymentFact]) -> bool:
    """Start-up costs go with the first payment, or with the next if the one that carried them did not leave."""
    for p in payments:
        regular = p.regular_pence
        if regular is None:
            regular = _for_days(stream, terms, p.period_start, p.period_end)
        if carried_one_off(p.amount_pence, p.off_pence, regular, p.adjustment_pence or 0):
            return False
    return terms.first_payment_on is None or any(p.paid_on == terms.first_payment_on for p in payments)


def sentences(found: NextPayment | Wait, today: date, *, own: bool = True, stays: bool = True) -> tuple[str, ...]:
    """The next payment in short sentences a holder reads; ``own`` is False where another is paid in their place,
    ``stays`` where the reader must not know of nights in hospital."""
    if isinstance(found, Wait):
        return WAIT_WORDS[found] if own else PAID_TO_ANOTHER.get(found, WAIT_WORDS[found])
    said = [f"{'Your' if own else 'The'} next payment is {pounds(found.amount_pence)}."]
    if found.off_pence:
        why = " for nights in hospital." if stays else ". The team can tell you why."
        said.append(f"{pounds(found.off_pence)} is taken off{why}")
    if found.recorded:
        said.append("Your team is getting it ready. A second person checks it before it is paid.")
    if found.not_before is not None:
        whose = "Your" if own else "The"
        said.append(f"{whose} bank details are new. We wait before we pay into them, to keep your money safe.")
        on = max(found.on, london_date(found.not_before))
        said.append(f"{'You' if own else 'They'} can be paid from {long_date(on)}.")
    elif found.on <= today:
        said.append("It is due now.")
    else:
        said.append(f"It is due on {long_date(found.on)}.")
    said.append(f"It is for {long_date(found.period.starts_on)} to {long_date(found.period.ends_on)}.")
    return tuple(said)
