"""The streams of a budget: how the money is managed, who is paid, and what stands in the way of paying."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CompoundSelect,
    Select,
    Uuid,
    and_,
    bindparam,
    label,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.acting import ActingFact
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy
from phbportal.domain.errors import Problem
from phbportal.domain.identifiers import last_four
from phbportal.domain.isf import ThirdPartyFact
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.money import pounds
from phbportal.domain.periods import MonthlyPay, monthly_pay
from phbportal.domain.streams import (
    ACCOUNT_STATUS_WORDS,
    METHOD_WORDS,
    PAYABLE,
    PAYEE_WORDS,
    STREAM_STATUS_WORDS,
    AccountFact,
    AccountStatus,
    Frequency,
    Method,
    PayeeKind,
    StreamFact,
    StreamStatus,
    how_often,
    payment_problems,
    set_up_steps,
    start_problems,
)
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import by_shape
from phbportal.queries.ledger import Balances
from phbportal.queries.payee_agreements import SetUp, holds_payment, set_up_of
from phbportal.queries.payees import payee_facts
from phbportal.queries.phbs import Case
from phbportal.queries.scope import visible
from phbportal.queries.third_party import third_party_facts
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation

SETTING_UP = (StreamStatus.AGREED, StreamStatus.READY)
REVIEW_WORDS = "Review required"


@dataclass(frozen=True, slots=True)
class StreamView:
    """A stream as text. ``hindrance`` is what stands in the way of it, in sentences; empty when nothing does.

    The account is empty for those who may not see it, and only ever its last four digits.
    """

    id: str = ""
    name: str = ""
    method: str = ""
    payee: str = ""
    weekly: str = ""
    one_off: str = ""
    starts: str = ""
    ends: str = ""
    paid_to: str = ""
    """The last day that was paid for before the budget was brought in."""
    frequency: str = ""
    status: str = ""
    account: str = ""
    account_status: str = ""
    with_payee: str = ""
    spent: str = ""
    hindrance: str = ""
    is_proposed: bool = False


@dataclass(frozen=True, slots=True)
class SetUpLine:
    """One thing to be done before a stream is paid, as text; ``status`` is "Yes" or "Not yet"."""

    stream: str
    words: str
    status: str


@dataclass(frozen=True, slots=True)
class StreamRecord:
    """A stream for the code: its view, and the facts its buttons and its next step hang on."""

    id: UUID
    method: Method
    status: StreamStatus
    frequency: Frequency
    monthly: MonthlyPay
    weekly_pence: int
    one_off_pence: int
    starts_on: date
    ends_on: date | None
    first_payment_on: date | None
    account: AccountFact | None
    account_proposed_by: UUID | None
    view: StreamView
    set_up: tuple[SetUpLine, ...] = ()
    agreements: tuple[AgreementKind, ...] = ()
    """The kinds of agreement it needs, those that are not signed yet first."""
    paid_to_on: date | None = None
    """The last day that was paid for before the stream was brought in."""
    made_on: date | None = None
    """The day the stream was made, or brought in."""

    @property
    def payable(self) -> bool:
        """Whether a payment may be recorded on it, bank details and consent apart."""
        return self.status in PAYABLE

    @property
    def is_closed(self) -> bool:
        """Whether nothing is paid by it any more, or ever was."""
        return self.status is StreamStatus.CLOSED


def streams_of(
    session: Session, actor: Actor, now: datetime, case: Case, balances: Balances
) -> tuple[StreamRecord, ...]:
    """The streams of a budget, in the order they were made. Three statements, whatever their number; ISF adds four."""
    today = london_day(now)
    sees_accounts = could_ever(actor, Permission.ACCOUNT_READ)
    rows = session.connection().execute(_streams(actor, today), {"phb": case.id}).all()
    consents, answers = _permissions_given(session, actor, today, case)
    behind = third_party_facts(session, [row.id for row in rows if row.method == Method.THIRD_PARTY])
    asked = set_up_of(session, rows, phb_id=case.id)
    methods = [row.method for row in rows]
    payees = payee_facts(session, [row.payee_role_id for row in rows])
    return tuple(
        _record(
            row, _fact(row, case, consents, answers, payees.get(row.payee_role_id), behind.get(row.id),
                       asked.get(row.id, SetUp())), asked.get(row.id, SetUp()), balances, now,
            alone=methods.count(row.method) == 1, sees_accounts=sees_accounts,
        )
        for row in rows
    )  # fmt: skip


@by_shape
def _streams(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(Stream.id), col(Stream.method), col(Stream.payee_kind), col(Stream.payee_name), col(Stream.status),
            col(Stream.frequency), col(Stream.weekly_pence), col(Stream.one_off_pence), col(Stream.starts_on),
            col(Stream.ends_on), col(Stream.first_payment_on), col(Stream.monthly_pay),
            col(Stream.paid_to_on), col(Stream.created_at),
            col(PayeeAccount.status).label("account_status"),
            col(PayeeAccount.cooling_until), col(PayeeAccount.account_number), col(PayeeAccount.proposed_by),
            col(Stream.payee_role_id), col(Stream.review_required_on),
        )
        .outerjoin(PayeeAccount, col(PayeeAccount.id) == col(Stream.account_id))
        .where(and_(col(Stream.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, Stream, today)))
        .order_by(col(Stream.id))
    )  # fmt: skip


def _permissions_given(
    session: Session, actor: Actor, today: date, case: Case
) -> tuple[list[ConsentFact], list[tuple[date, bool]]]:
    """What the holder consented to and how the check against the schedule came out, as the service reads them."""
    rows = session.connection().execute(_given(actor, today), {"person": case.person_id}).all()
    return (
        [
            ConsentFact(ConsentKind(row.kind), GivenBy(row.given_by), row.said_on, row.withdrawn_on)
            for row in rows
            if row.kind is not None
        ],
        [(row.said_on, row.excluded) for row in rows if row.kind is None],
    )


@by_shape
def _given(actor: Actor, today: date) -> CompoundSelect[*tuple[Any, ...]]:
    """Consents, and the answers of checks against the schedule, which have no kind: one statement for both."""
    c, a = Consent, ExclusionAttestation
    person = bindparam("person", type_=Uuid())
    consents = select(
        col(c.id), col(c.kind), col(c.given_by), label("said_on", col(c.given_on)), col(c.withdrawn_on),
        label("excluded", type_coerce(null(), Boolean())),
    ).where(col(c.person_id) == person, visible(actor, c, today))  # fmt: skip
    answers = select(
        col(a.id), null(), null(), col(a.attested_on), null(), col(a.excluded)
    ).where(col(a.person_id) == person, visible(actor, a, today))  # fmt: skip
    return union_all(consents, answers).order_by("id")


def _fact(
    row: Any,
    case: Case,
    consents: list[ConsentFact],
    answers: list[tuple[date, bool]],
    payee: ActingFact | None,
    behind: ThirdPartyFact | None,
    asked: SetUp,
) -> StreamFact:
    account = AccountFact(AccountStatus(row.account_status), row.cooling_until) if row.account_status else None
    return StreamFact(
        method=Method(row.method), payee_kind=PayeeKind(row.payee_kind), starts_on=row.starts_on, ends_on=row.ends_on,
        date_of_birth=case.holder.date_of_birth, lacks_capacity=case.holder.lacks_capacity,
        died_on=case.holder.died_on, consents=consents, exclusion_answers=answers, account=account,
        payee=payee,
        third_party=behind,
        unsigned=holds_payment(asked.agreements),
        agreed=tuple(one.step for one in asked.agreements),
        is_insured=None if asked.insured is None else asked.insured >= row.starts_on,
    )  # fmt: skip


def _record(
    row: Any, fact: StreamFact, asked: SetUp, balances: Balances, now: datetime, *, alone: bool,
    sees_accounts: bool,
) -> StreamRecord:  # fmt: skip
    view = _view(row, fact, balances, now, alone=alone, sees_accounts=sees_accounts)
    return StreamRecord(
        id=row.id, method=fact.method, status=StreamStatus(row.status), frequency=Frequency(row.frequency),
        monthly=monthly_pay(row.monthly_pay), weekly_pence=row.weekly_pence,
        one_off_pence=row.one_off_pence, starts_on=row.starts_on, ends_on=row.ends_on,
        first_payment_on=row.first_payment_on, account=fact.account, account_proposed_by=row.proposed_by,
        view=view, set_up=_set_up(fact, view.name, now) if row.status in SETTING_UP else (),
        agreements=tuple(one.kind for one in sorted(asked.agreements, key=lambda one: one.lacks is None)),
        paid_to_on=row.paid_to_on, made_on=london_day(row.created_at),
    )  # fmt: skip


def _set_up(fact: StreamFact, name: str, now: datetime) -> tuple[SetUpLine, ...]:
    on = max(london_day(now), fact.starts_on)
    first = SetUpLine(name, f"First payment for the days from {long_date(fact.starts_on)}", "")
    done = set_up_steps(fact, on, now)
    return (*(SetUpLine(name, step.words, "Yes" if step.is_done else "Not yet") for step in done), first)


def _view(
    row: Any, fact: StreamFact, balances: Balances, now: datetime, *, alone: bool, sees_accounts: bool
) -> StreamView:
    method, starts = METHOD_WORDS[fact.method], long_date(row.starts_on)
    held, spent = balances.held_by(row.id), balances.spent_on(row.id)
    shown = fact.account if sees_accounts else None
    ending = f"Ending {last_four(row.account_number)}" if shown else ""
    problems = [p for p in _hindrances(row, fact, now) if sees_accounts or p.field != "account"]
    return StreamView(
        id=str(row.id),
        name=method if alone else f"{method} from {starts}",
        method=method,
        payee=row.payee_name or PAYEE_WORDS[fact.payee_kind],
        weekly=pounds(row.weekly_pence),
        one_off=pounds(row.one_off_pence),
        starts=starts,
        ends=long_date(row.ends_on) if row.ends_on else "",
        paid_to=long_date(row.paid_to_on) if row.paid_to_on else "",
        frequency=how_often(Frequency(row.frequency), monthly_pay(row.monthly_pay)),
        status=REVIEW_WORDS if row.review_required_on else STREAM_STATUS_WORDS[StreamStatus(row.status)],
        account=ending if fact.method is not Method.NOTIONAL else "Not needed",
        account_status=_account_words(shown, now) if shown else "",
        with_payee=pounds(held) if fact.method is not Method.NOTIONAL and row.id in balances.held_pence else "",
        spent=pounds(spent) if spent else "",
        hindrance=" ".join(problem.sentence for problem in problems),
        is_proposed=row.status == StreamStatus.PROPOSED,
    )


def _account_words(account: AccountFact, now: datetime) -> str:
    if account.status is AccountStatus.APPROVED and account.cooling_until and now < account.cooling_until:
        return f"Approved, can be paid from {show_moment(account.cooling_until)}"
    return ACCOUNT_STATUS_WORDS[account.status]


def _hindrances(row: Any, fact: StreamFact, now: datetime) -> list[Problem]:
    """What approval would refuse of a proposed stream, and paying of an agreed one; nothing of one that is over."""
    status, today = StreamStatus(row.status), london_day(now)
    if status is StreamStatus.PROPOSED:
        return start_problems(fact, max(today, fact.starts_on))
    if status in PAYABLE:
        return payment_problems(fact, period_start=fact.starts_on, on=today, now=now)
    return []
