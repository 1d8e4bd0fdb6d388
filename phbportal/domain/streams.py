"""Method streams: the three ways of managing the money (domain.md §2, §9.4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from phbportal.domain.acting import ActedFor, Acting, ActingFact, holder_payee_problem, payee_role_problem
from phbportal.domain.consents import ConsentFact, direct_payment_consent_problem, exclusion_problem
from phbportal.domain.errors import Problem
from phbportal.domain.isf import ThirdPartyFact, third_party_payment_problem, third_party_start_problem
from phbportal.domain.moments import show_moment
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.reductions import AmountChange


class Method(StrEnum):
    NOTIONAL = "NOTIONAL"
    THIRD_PARTY = "THIRD_PARTY"
    DIRECT_PAYMENT = "DIRECT_PAYMENT"


METHOD_WORDS: dict[Method, str] = {
    Method.NOTIONAL: "Notional budget",
    Method.THIRD_PARTY: "Third-party budget (ISF)",
    Method.DIRECT_PAYMENT: "Direct payment",
}


class PayeeKind(StrEnum):
    HOLDER = "HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    NOMINEE = "NOMINEE"
    ORGANISATION = "ORGANISATION"
    NONE = "NONE"


PAYEE_WORDS: dict[PayeeKind, str] = {
    PayeeKind.HOLDER: "The budget holder",
    PayeeKind.REPRESENTATIVE: "A representative",
    PayeeKind.NOMINEE: "A nominee",
    PayeeKind.ORGANISATION: "An organisation",
    PayeeKind.NONE: "Nobody: the NHS pays the provider",
}


class StreamStatus(StrEnum):
    PROPOSED = "PROPOSED"
    AGREED = "AGREED"
    READY = "READY"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    STOPPING = "STOPPING"
    WINDING_DOWN = "WINDING_DOWN"
    CLOSED = "CLOSED"


PAYABLE = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE, StreamStatus.STOPPING)
"""A stream pays in these: one that is stopping does so to its last day."""
GOES_ON = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE, StreamStatus.SUSPENDED)
"""A stream in one of these is agreed, and nobody has decided that it stops."""


STREAM_STATUS_WORDS: dict[StreamStatus, str] = {
    StreamStatus.PROPOSED: "Proposed",
    StreamStatus.AGREED: "Agreed",
    StreamStatus.READY: "Ready to pay",
    StreamStatus.ACTIVE: "Active",
    StreamStatus.SUSPENDED: "Suspended",
    StreamStatus.STOPPING: "Stopping",
    StreamStatus.WINDING_DOWN: "Winding down",
    StreamStatus.CLOSED: "Closed",
}


class Frequency(StrEnum):
    WEEKLY = "WEEKLY"
    FOUR_WEEKLY = "FOUR_WEEKLY"
    MONTHLY = "MONTHLY"
    QUARTERLY = "QUARTERLY"
    ONCE = "ONCE"


FREQUENCY_WORDS: dict[Frequency, str] = {
    Frequency.WEEKLY: "every week",
    Frequency.FOUR_WEEKLY: "every 4 weeks",
    Frequency.MONTHLY: "every month",
    Frequency.QUARTERLY: "every 3 months",
    Frequency.ONCE: "once",
}

MONTHLY_PAY_WORDS: dict[MonthlyPay, str] = {
    MonthlyPay.BY_DAYS: "By the days of each month",
    MonthlyPay.TWELFTHS: "As twelfths of 52 weeks",
}


def how_often(frequency: Frequency, monthly: MonthlyPay) -> str:
    """How often a stream is paid: "every 4 weeks", "every month, a twelfth of 52 weeks"."""
    words = FREQUENCY_WORDS[frequency]
    return f"{words}, a twelfth of 52 weeks" if monthly is MonthlyPay.TWELFTHS else words


class AccountStatus(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    CLOSED = "CLOSED"


ACCOUNT_STATUS_WORDS: dict[AccountStatus, str] = {
    AccountStatus.PROPOSED: "Waiting for a second person",
    AccountStatus.APPROVED: "Approved",
    AccountStatus.REJECTED: "Rejected",
    AccountStatus.CLOSED: "Closed",
}


@dataclass(frozen=True, slots=True)
class AccountFact:
    """A payee account as the rules see it."""

    status: AccountStatus
    cooling_until: datetime | None


@dataclass(frozen=True, slots=True)
class StreamFact:
    """A stream and what must be known before money leaves by it."""

    method: Method
    payee_kind: PayeeKind
    starts_on: date
    ends_on: date | None
    date_of_birth: date
    lacks_capacity: bool
    died_on: date | None
    consents: list[ConsentFact]
    exclusion_answers: list[tuple[date, bool]]
    account: AccountFact | None
    payee: ActingFact | None = None
    third_party: ThirdPartyFact | None = None
    unsigned: Problem | None = None
    """What the agreements of a stream that has not begun still lack, where nothing is paid without them."""
    agreed: tuple[SetUpStep, ...] = ()
    """Its agreements, and whether each is signed by everybody."""
    is_insured: bool | None = None
    """Whether everybody employed with it is insured; None where nobody is employed."""
    reductions: tuple[AmountChange, ...] = ()


def payee_problem(method: Method, payee_kind: PayeeKind) -> Problem | None:
    """Which payees go with which method; who may be one is asked by ``payee_in_person_problem``."""
    if method is Method.NOTIONAL:
        if payee_kind is not PayeeKind.NONE:
            return Problem("A notional budget is not paid to anybody. Choose nobody as the payee.", "payee_kind")
        return None
    if method is Method.THIRD_PARTY:
        if payee_kind is not PayeeKind.ORGANISATION:
            return Problem("A third-party budget (ISF) is paid to the organisation that holds it.", "payee_kind")
        return None
    if payee_kind not in (PayeeKind.HOLDER, PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE):
        return Problem("A direct payment is paid to the holder, a representative or a nominee.", "payee_kind")
    return None


def payee_in_person_problem(stream: StreamFact, on: date) -> Problem | None:
    """Whether a direct payment may go to this very payee on the day (I04 to I06, SI 2013/1617 regs 3 to 6)."""
    if stream.method is not Method.DIRECT_PAYMENT:
        return None
    if stream.payee_kind is PayeeKind.HOLDER:
        return holder_payee_problem(ActedFor(stream.date_of_birth, stream.lacks_capacity), on)
    if stream.payee_kind in (PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE):
        return payee_role_problem(stream.payee, Acting(stream.payee_kind.value))
    return None


def account_problem(account: AccountFact | None, now: datetime) -> Problem | None:
    """Invariant I11: the account is approved and its cooling time is past."""
    if account is None:
        return Problem("There is no bank account for this stream. Add one first.", "account")
    if account.status is not AccountStatus.APPROVED:
        return Problem(
            "The bank details have not been approved. A second finance officer must approve them first.", "account"
        )
    if account.cooling_until is not None and now < account.cooling_until:
        return Problem(
            "The bank details are new. To protect against fraud, nothing can be paid to them until "
            f"{show_moment(account.cooling_until)}.",
            "account",
        )
    return None


def start_problems(stream: StreamFact, on: date) -> list[Problem]:
    """What stands in the way of this stream starting on the day (I04, I05, and who may be paid)."""
    problems = [payee_problem(stream.method, stream.payee_kind), payee_in_person_problem(stream, on)]
    if stream.method is Method.THIRD_PARTY:
        problems.append(third_party_start_problem(stream.third_party))
    if stream.method is Method.DIRECT_PAYMENT:
        problems.append(
            direct_payment_consent_problem(
                stream.consents, date_of_birth=stream.date_of_birth, lacks_capacity=stream.lacks_capacity, on=on
            )
        )
        problems.append(exclusion_problem(stream.exclusion_answers, on))
    return [p for p in problems if p is not None]


@dataclass(frozen=True, slots=True)
class SetUpStep:
    """One thing to be done before a stream can be paid, and whether it is."""

    words: str
    is_done: bool


INSURANCE_STEP = "Employer’s liability insurance covers everybody who is employed"
"""Asked for, and no reason not to pay: the first payment is what it is bought with (domain.md §4.8)."""


def set_up_steps(stream: StreamFact, on: date, now: datetime) -> tuple[SetUpStep, ...]:
    """What setting a stream up takes, by its method (domain.md §3.1, step 8; §9.4 READY guard)."""
    if stream.method is Method.NOTIONAL:
        return stream.agreed or (SetUpStep("The NHS pays the provider: nothing else is needed", True),)
    account = SetUpStep(
        "Bank details approved by a second person, and the cooling time over",
        account_problem(stream.account, now) is None,
    )
    if stream.method is Method.THIRD_PARTY:
        confirmed = third_party_payment_problem(stream.third_party) is None
        return (
            SetUpStep("The organisation has confirmed, and all three have signed", confirmed),
            *stream.agreed,
            account,
        )
    consent = direct_payment_consent_problem(
        stream.consents, date_of_birth=stream.date_of_birth, lacks_capacity=stream.lacks_capacity, on=on
    )
    return (
        SetUpStep("Consent to a direct payment", consent is None),
        SetUpStep(
            "Check against the rules for direct payments", exclusion_problem(stream.exclusion_answers, on) is None
        ),
        SetUpStep("Whoever is paid is agreed and checked", payee_in_person_problem(stream, on) is None),
        *(stream.agreed or (SetUpStep("The agreement is signed by everybody", stream.unsigned is None),)),
        *(() if stream.is_insured is None else (SetUpStep(INSURANCE_STEP, stream.is_insured),)),
        account,
    )


def payment_problems(stream: StreamFact, *, period_start: date, on: date, now: datetime) -> list[Problem]:
    """What stands in the way of a payment for a period (I04, I05, I10, I11, I26)."""
    problems = start_problems(stream, max(on, stream.starts_on))
    if stream.method is Method.THIRD_PARTY and (p := third_party_payment_problem(stream.third_party)):
        problems.append(p)
    if stream.unsigned is not None:
        problems.append(stream.unsigned)
    if stream.method is not Method.NOTIONAL and (p := account_problem(stream.account, now)):
        problems.append(p)
    if period_start < stream.starts_on:
        problems.append(Problem("The period starts before this stream does. Change the dates.", "period_start"))
    if stream.ends_on is not None and period_start > stream.ends_on:
        problems.append(Problem("This stream ended before the period starts. Change the dates.", "period_start"))
    given_before = stream.method is Method.NOTIONAL  # a provider is owed for the care it gave
    if stream.died_on is not None and (period_start > stream.died_on or (on > stream.died_on and not given_before)):
        problems.append(Problem("This person has died, so no new payment can be made.", "period_start"))
    return problems
