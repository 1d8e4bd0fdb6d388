"""A holder's own budgets in words: what is left, what comes next, what has been paid, whom to ask.

Every amount comes from the ledger or from payments; a fixed number of statements, however many budgets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal import routes
from phbportal.domain.holder_words import METHOD_NAMES, METHOD_SENTENCES, PHB_SENTENCES
from phbportal.domain.isf import AgreementStatus, Party, third_party_payment_problem
from phbportal.domain.moments import london_day
from phbportal.domain.money import pounds
from phbportal.domain.next_payment import Terms, next_payment, sentences
from phbportal.domain.payment_calendar import period_around
from phbportal.domain.periods import MonthlyPay, financial_year, monthly_pay, part_period
from phbportal.domain.phbs import ENDED, PhbStatus
from phbportal.domain.reductions import rates
from phbportal.domain.streams import PAYEE_WORDS, Frequency, Method, PayeeKind, StreamStatus
from phbportal.domain.text import long_date
from phbportal.domain.twelfths import month_words
from phbportal.policy.actors import Actor
from phbportal.queries import holder_facts as facts
from phbportal.queries.holder_facts import BudgetRow, Entry, StreamRow
from phbportal.queries.ledger import Balances, balances_by_phb
from phbportal.queries.money_for import MoneyFor, money_for, workers_by_phb
from phbportal.queries.taken_off import TakenOff, payment_facts, taken_off
from phbportal.queries.workers import WorkerView
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem

PAYMENTS_SHOWN = 13
"""A year of four-weekly payments."""


@dataclass(frozen=True, slots=True)
class CycleView:
    """Four weeks, or a month, of care the NHS pays for: what there is, what providers asked for, what is left of it."""

    days: str
    planned: str
    invoiced: str
    left: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class StreamView:
    """One way the money goes. ``next`` is about the next payment; ``cycles`` is empty unless the NHS pays;
    ``agreement`` are the words of the link to what is signed about it."""

    name: str
    sentences: list[str]
    next: list[str]
    cycles: list[CycleView]
    agreement: str = ""
    agreement_href: str = ""


@dataclass(frozen=True, slots=True)
class PaymentView:
    """One payment that left: when, how much, to whom, for which days; and the same as one sentence."""

    on: str
    amount: str
    payee: str
    days: str
    sentence: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry of the ledger, as text."""

    on: str
    what: str
    amount: str


@dataclass(frozen=True, slots=True)
class BudgetView:
    """A budget as its holder reads it. ``left`` is the balance in words, empty before there is any money.

    ``paid_pence``, ``spent_pence``, ``set_aside_pence`` and ``unpaid_pence`` are the parts of this year's picture:
    in the account and not spent, spent, set aside for a payment, not paid out yet; ``kept_pence`` is with whoever holds
    it for them: an organisation, a nominee, a representative; ``total`` is their sum as text.
    """

    reference: str
    heading: str
    standing: list[str]
    left: str
    promised: str
    year: str
    year_easy: str
    total: str
    paid_pence: int
    spent_pence: int
    set_aside_pence: int
    unpaid_pence: int
    to_holder: bool
    streams: list[StreamView]
    payments: list[PaymentView]
    happened: list[EntryView]
    ended: bool
    board: str
    manager: str
    email: str
    telephone: str
    kept_pence: int = 0
    money_for: list[MoneyFor] = field(default_factory=list[MoneyFor])
    workers: list[WorkerView] = field(default_factory=list[WorkerView])


@dataclass(frozen=True, slots=True)
class OwnBudgets:
    """Everything on the page: whether they read easy read, and their budgets, the living ones first."""

    easy_read: bool
    budgets: list[BudgetView] = field(default_factory=list[BudgetView])


def own_budgets(session: Session, actor: Actor, now: datetime, today: date) -> OwnBudgets:
    """The budgets of the person asking. Somebody without a person's record has none."""
    person = facts.own_person(session, actor, today)
    if person is None:
        return OwnBudgets(False)
    found = facts.budgets(session, actor, today)
    ids = [row.phb.id for row in found]
    year_start, year_end = financial_year(today)
    balances = balances_by_phb(session, ids)
    streams = facts.streams(session, actor, today, ids, person)
    payments = facts.payments(session, actor, today, ids)
    entries = facts.entries(session, actor, today, ids)
    spent = facts.spent_since(session, actor, today, ids, year_start)
    anchors = facts.cycle_anchors(session, [row.phb.icb_id for row in found], today)
    lines, workers = money_for(session, actor, today, ids), workers_by_phb(session, actor, today, ids)
    off = taken_off(session, ids)
    views: list[BudgetView] = []
    for row in found:
        own = [s for s in streams if s.stream.phb_id == row.phb.id]
        paid = [p for p in payments if p.phb_id == row.phb.id]
        anchor = anchors[row.phb.icb_id]
        held = balances[row.phb.id]
        whole = _budget(
                row, [_stream(s, paid, held, anchor, now, today, off) for s in own], own, paid,
                [e for e in entries if e.phb_id == row.phb.id], held, spent.get(row.phb.id, 0), year_end,
            )  # fmt: skip
        views.append(replace(whole, money_for=lines.get(row.phb.id, []), workers=workers.get(row.phb.id, [])))
    return OwnBudgets(person.easy_read, views)


def _budget(
    row: BudgetRow, views: list[StreamView], streams: Sequence[StreamRow], payments: Sequence[PaymentItem],
    entries: Sequence[Entry], balances: Balances, spent_pence: int, year_end: date,
) -> BudgetView:  # fmt: skip
    status = PhbStatus(row.phb.status)
    ended = status in ENDED
    kept_by = [s.stream for s in streams if s.stream.method == Method.THIRD_PARTY or _is_paid_to_another(s.stream)]
    to_holder = any(s.stream.method == Method.DIRECT_PAYMENT and not _is_paid_to_another(s.stream) for s in streams)
    kept = sum(balances.held_by(stream.id) for stream in kept_by)
    held = sum(balances.held_pence.values()) - kept
    left, promised = _left(balances, held, to_holder)
    if kept_by and not to_holder:
        left, promised = _kept(kept, kept_by[0].payee_name or PAYEE_WORDS[PayeeKind(kept_by[0].payee_kind)])
    total = held + kept + spent_pence + balances.reserved_pence + balances.available_pence
    has_money = bool(entries)
    standing = list(PHB_SENTENCES[status])
    if ended and row.phb.ended_on:
        standing = [f"This budget ended on {long_date(row.phb.ended_on)}."]
    return BudgetView(
        reference=row.phb.reference, heading=f"Budget {row.phb.reference}", standing=standing, ended=ended,
        left=left if has_money else "", promised=promised if has_money else "",
        year=_year(balances, held, spent_pence, total, year_end, to_holder, kept), kept_pence=kept,
        total=pounds(total), paid_pence=held,
        year_easy=f"There is {pounds(total)} this year. The picture shows where it is.",
        spent_pence=spent_pence, set_aside_pence=balances.reserved_pence, unpaid_pence=balances.available_pence,
        to_holder=to_holder, streams=[] if ended else views, payments=_payments(payments, streams),
        happened=[EntryView(long_date(e.on), e.words, pounds(e.amount_pence)) for e in entries],
        board=row.board, manager=row.manager, email=row.email, telephone=row.telephone,
    )  # fmt: skip


def _left(balances: Balances, held: int, to_holder: bool) -> tuple[str, str]:
    """The balance in words, and how much of it is promised.

    Of what a holder holds nothing can be promised yet (no entry of the ledger does that). Of what the NHS pays with,
    what is set aside for an invoice is.
    """
    if to_holder and held < 0:
        return f"Your account is overdrawn by {pounds(-held)}.", "Talk to your team about what to do."
    if to_holder:
        return f"You have {pounds(held)} left to spend.", f"{pounds(0)} of it is promised."
    left = balances.available_pence + balances.reserved_pence
    return f"You have {pounds(left)} left to spend.", f"{pounds(balances.reserved_pence)} of it is promised."


def _kept(kept: int, who: str) -> tuple[str, str]:
    """What an organisation, a nominee or a representative holds for the person, and who does."""
    if kept < 0:
        return f"The account kept for you is overdrawn by {pounds(-kept)}.", "Talk to your team about what to do."
    return f"{pounds(kept)} is kept for you.", f"{who} holds it."


def _year(balances: Balances, held: int, spent: int, total: int, year_end: date, to_holder: bool,
          kept: int = 0) -> str:  # fmt: skip
    """What the picture shows, in one sentence."""
    parts = [f"{pounds(spent)} is spent"]
    if to_holder:
        parts.append(f"{pounds(held)} is in your account")
    if kept:
        parts.append(f"{pounds(kept)} is kept for you")
    parts.append(f"{pounds(balances.reserved_pence)} is set aside")
    rest = f"{pounds(balances.available_pence)} is still to be paid by {long_date(year_end)}"
    return f"Of {pounds(total)} this year, {', '.join(parts)} and {rest}."


def _stream(
    row: StreamRow, payments: Sequence[PaymentItem], balances: Balances, anchor: date, now: datetime, today: date,
    off: TakenOff,
) -> StreamView:  # fmt: skip
    stream, method = row.stream, Method(row.stream.method)
    own = [p for p in payments if p.stream_id == stream.id]
    if method is Method.NOTIONAL:
        return StreamView(METHOD_NAMES[method], _terms(row), [], _cycles(row, own, anchor, today))
    held, spent = balances.held_by(stream.id), balances.spent_on(stream.id)
    if method is Method.THIRD_PARTY:
        kept = row.fact.third_party
        agreed = kept is not None and kept.agreement is not None
        said = _kept_by_organisation(row, held, spent)
        waits = kept is not None and kept.agreement is AgreementStatus.OPEN and Party.PERSON not in kept.signed
        words = "Read the agreement, and sign it" if waits else "Read the agreement"
        agreement = (words, routes.MY_AGREEMENTS) if agreed else ("", "")
        return StreamView(METHOD_NAMES[method], said, [], [], *agreement)
    if _is_paid_to_another(stream):
        said = [*_terms(row), f"{pounds(held)} is in their account for you.", f"{pounds(spent)} is spent so far."]
    else:
        said = [*_terms(row), f"{pounds(held)} is in your account.", f"You have spent {pounds(spent)} so far."]
    found = next_payment(
        row.fact,
        Terms(
            StreamStatus(stream.status), Frequency(stream.frequency), stream.weekly_pence, stream.one_off_pence,
            stream.first_payment_on, monthly_pay(stream.monthly_pay), stream.paid_to_on,
            london_day(stream.created_at),
        ),
        payment_facts(stream.id, own, off),
        today=today, now=now, anchor=anchor, off_pence=off.waiting.get(stream.id, 0),
    )  # fmt: skip
    name = "Money somebody looks after for you" if _is_paid_to_another(stream) else METHOD_NAMES[method]
    following = list(sentences(found, today, own=not _is_paid_to_another(stream)))
    if stream.status == StreamStatus.PROPOSED:
        return StreamView(name, said, following, [])
    words = "See the agreement, and if you must sign" if row.fact.unsigned else "Read the agreement about this money"
    return StreamView(name, said, following, [], words, routes.MY_PAYEE_AGREEMENT)


def _is_paid_to_another(stream: Stream) -> bool:
    """A representative or a nominee receives the money in the holder's place."""
    return stream.payee_kind in (PayeeKind.REPRESENTATIVE, PayeeKind.NOMINEE)


def _in_a_sentence(who: str) -> str:
    return who if who not in PAYEE_WORDS.values() else who[0].lower() + who[1:]


def _kept_by_organisation(row: StreamRow, held: int, spent: int) -> list[str]:
    """What a holder reads of money an organisation holds for them."""
    said = _terms(row)
    if name := row.stream.payee_name:
        said.insert(1, f"It is {name}.")
    if row.stream.status != StreamStatus.PROPOSED and third_party_payment_problem(row.fact.third_party):
        said[0] = "Another organisation is asked to hold the money."
        said += ["Nothing is paid yet.", "The organisation, you and the NHS have to agree and sign first."]
    else:
        said += [f"{pounds(held)} is with the organisation now.", f"{pounds(spent)} is spent so far."]
    return said


def _terms(row: StreamRow) -> list[str]:
    """How the money goes, how much, and from when until when."""
    stream = row.stream
    said = list(METHOD_SENTENCES[Method(stream.method)])
    if _is_paid_to_another(stream):
        who = stream.payee_name or PAYEE_WORDS[PayeeKind(stream.payee_kind)]
        said = [
            f"The NHS pays this money to {_in_a_sentence(who)}.",
            "They look after it and pay for what is in your plan.",
        ]
    if stream.weekly_pence:
        said.append(f"It is {pounds(stream.weekly_pence)} a week.")
        if monthly_pay(stream.monthly_pay) is MonthlyPay.TWELFTHS:
            said.append(f"A whole month is {month_words(stream.weekly_pence)}.")
    for one in row.fact.reductions:
        if not one.in_effect:
            said.append(f"It will be {pounds(one.after_pence)} a week from {long_date(one.effective_on)}.")
            said.append("You can read why under Decisions.")
    if stream.one_off_pence:
        once = "to be paid once" if stream.first_payment_on is None else "that is paid once, with the first payment"
        also = "also " if stream.weekly_pence else ""
        said.append(f"There is {also}{pounds(stream.one_off_pence)} {once}.")
    if stream.status == StreamStatus.PROPOSED:
        return [*said, "This is not agreed yet."]
    said.append(f"It {'started' if row.begun else 'starts'} on {long_date(stream.starts_on)}.")
    if stream.ends_on:
        said.append(f"The last day is {long_date(stream.ends_on)}.")
    return said


def _cycles(row: StreamRow, payments: Sequence[PaymentItem], anchor: date, today: date) -> list[CycleView]:
    """This four-week cycle, or month, and the one before it: invoices come in when it is over.

    An invoice counts where its days begin. Start-up costs count in the cycle the stream starts in.
    """
    stream = row.stream
    if stream.status == StreamStatus.PROPOSED:
        return []
    often = Frequency(stream.frequency)
    now = period_around(often, anchor, max(today, stream.starts_on))
    before = period_around(often, anchor, date.fromordinal(now.starts_on.toordinal() - 1))
    views: list[CycleView] = []
    for cycle in (now, before):
        paid = rates(
            stream.weekly_pence, stream.starts_on, stream.ends_on, row.fact.reductions,
            monthly=monthly_pay(stream.monthly_pay),
        )  # fmt: skip
        planned = part_period(paid, cycle.starts_on, cycle.ends_on)
        planned += stream.one_off_pence if cycle.starts_on <= stream.starts_on <= cycle.ends_on else 0
        invoiced = sum(p.amount_pence for p in payments if cycle.starts_on <= p.period_start <= cycle.ends_on)
        if not planned and not invoiced:
            continue
        days = f"{long_date(max(cycle.starts_on, stream.starts_on))} to {long_date(cycle.ends_on)}"
        amounts = pounds(planned), pounds(invoiced), pounds(planned - invoiced)
        whole, asked, left = amounts
        said = [f"There is {whole}.", f"Providers asked for {asked}.", f"{left} is left."]
        views.append(CycleView(days, *amounts, said))
    return views


def _payments(payments: Sequence[PaymentItem], streams: Sequence[StreamRow]) -> list[PaymentView]:
    """What has left, the latest first."""
    notional: set[UUID] = {s.stream.id for s in streams if s.stream.method == Method.NOTIONAL}
    others = {
        s.stream.id: s.stream.payee_name or PAYEE_WORDS[PayeeKind(s.stream.payee_kind)]
        for s in streams
        if _is_paid_to_another(s.stream) or s.stream.method == Method.THIRD_PARTY
    }
    views: list[PaymentView] = []
    paid = [(p.paid_on, p) for p in payments if p.paid_on is not None]
    for on, p in sorted(paid, key=lambda pair: (pair[0], pair[1].id), reverse=True)[:PAYMENTS_SHOWN]:
        to = "Your care provider" if p.stream_id in notional else others.get(p.stream_id, "You")
        amount, day = pounds(p.amount_pence), long_date(on)
        days = f"{long_date(p.period_start)} to {long_date(p.period_end)}"
        sentence = f"{day}: {to if p.stream_id in others else to[0].lower() + to[1:]} got {amount}."
        views.append(PaymentView(day, amount, to, days, sentence))
    return views
