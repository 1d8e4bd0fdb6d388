"""Payments: recorded by one finance officer, which sets money aside; confirmed by another, which pays it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.amount_changes import carried_one_off, owed_for_days_paid, paid_before
from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, available, held, outside, reserved, spent
from phbportal.domain.money import pounds
from phbportal.domain.payment_calendar import LONGEST_AHEAD_DAYS
from phbportal.domain.payments import PaymentStatus, check_before_the_end, check_cancellable, check_confirmable
from phbportal.domain.periods import MonthlyPay, days_between, financial_year, part_period
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.reviews import first_due
from phbportal.domain.streams import PAYABLE, Method, StreamStatus, payment_problems
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.queries.reductions import held_from, rates_of_stream
from phbportal.services.account_kinds import check_paid_into
from phbportal.services.days_before import set_aside_days_before
from phbportal.services.facts import stream_fact
from phbportal.services.hospital import deducted, free_deductions, less_deductions, take_deductions
from phbportal.services.ledger import post
from phbportal.services.policies import whole_setting
from phbportal.services.references import next_payment_reference
from phbportal.services.unit_of_work import UnitOfWork, london_date
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.ledger import LedgerAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.plans import Plan

LONGEST_DAYS = 366
TOO_LONG = "A payment can cover a year at most. Check the dates."
# Next year's money has not been approved for next year yet: only a payment about to be made may touch it.
SOONEST_EARLY_DAYS = 35
NOT_PAYABLE = {StreamStatus.CLOSED: "This stream is closed, so nothing more is paid by it."}


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """Days to pay for. ``invoice_pence``, ``line_type`` and the invoice's own reference: notional streams only."""

    period_start: date
    period_end: date
    invoice_pence: int = 0
    line_type: LineType = LineType.OTHER
    invoice_reference: str = ""


def read_payment(form: Mapping[str, object], today: date, *, notional: bool) -> PaymentEntry:
    """Read the payment form; a direct payment's amount is worked out, an invoice's is typed."""
    r = Reading(form)
    start = r.day("period_start", needed="Enter the first day this pays for.")
    end = r.day("period_end", needed="Enter the last day this pays for.")
    if start and (start - today).days > LONGEST_AHEAD_DAYS:
        r.problem("The first day is more than 4 months from now. Check the dates.", "period_start")
    if start and end and end < start:
        r.problem("The last day must be on or after the first day.", "period_end")
    if start and end and (end - start).days > LONGEST_DAYS:
        r.problem(TOO_LONG, "period_end")
    amount, line, reference = 0, LineType.OTHER, ""
    if notional:
        amount = r.money("amount", needed="Enter the amount of the invoice.")
        if not amount and not any(problem.field == "amount" for problem in r.problems):
            r.problem("An invoice must be for more than £0.00.", "amount")
        line = r.choice("line_type", LineType, needed="Choose what the invoice is for.") or LineType.OTHER
        reference = r.text("invoice_reference", needed="Enter the invoice number.", longest=60)
    r.finish()
    return PaymentEntry(given(start), given(end), amount, line, reference)


@dataclass(frozen=True, slots=True)
class Due:
    """What a payment is made of, in pence: its days, start-up costs, and what it makes good for days paid before
    (below 0: what comes off)."""

    regular_pence: int
    one_off_pence: int
    adjustment_pence: int

    @property
    def amount_pence(self) -> int:
        """The payment, before what is taken off for nights in hospital."""
        return self.regular_pence + self.one_off_pence + self.adjustment_pence


def amount_due(uow: UnitOfWork, stream: Stream, start: date, end: date) -> Due:
    """The days of a period at the stream's weekly rates, its one-off in the first payment, and what payments made
    before are short of, or over, since the amount of their days changed (§4.4, T01, T03, T19).

    Refuses a payment that would come to nothing because of the last (I16). What was agreed to be taken off for nights
    in hospital is taken off by ``less_deductions``.
    """
    _refuse_paid_before(stream, start)
    live, by_day = _live_payments(uow, stream), rates_of_stream(uow.session, stream)
    regular = part_period(by_day, start, end)
    one_off = stream.one_off_pence if _one_off_is_due(uow, stream, live) else 0
    owed = owed_for_days_paid(by_day, [*live, *paid_before(by_day, stream.paid_to_on)], stream.ends_on)
    if owed < 0 and regular + one_off > 0 and regular + one_off + owed <= 0:
        raise Refusal(
            f"There is {pounds(-owed)} to come off, because days paid before cost less now: that is all of these days. "
            "Choose more days, so that something is left to pay.",
            field="period_end",
        )
    return Due(regular, one_off, owed)


def _for_days(uow: UnitOfWork, stream: Stream, start: date, end: date) -> int:
    return part_period(rates_of_stream(uow.session, stream), start, end)


def _live_payments(uow: UnitOfWork, stream: Stream) -> list[PaymentItem]:
    """The payments of a stream that were neither cancelled nor failed."""
    return list(
        uow.session.execute(
            select(PaymentItem).where(
                col(PaymentItem.stream_id) == stream.id,
                col(PaymentItem.status).not_in([PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]),
            )
        ).scalars()
    )  # fmt: skip


def _one_off_is_due(uow: UnitOfWork, stream: Stream, live: list[PaymentItem]) -> bool:
    """Start-up costs go with the first payment, and with the next one if the payment that carried them did not leave.

    A stream that was paid before the portal knew of it has had them.
    """
    off = deducted(uow, [item.id for item in live])
    for item in live:
        regular = item.regular_pence
        if regular is None:
            regular = _for_days(uow, stream, item.period_start, item.period_end)
        if carried_one_off(item.amount_pence, off.get(item.id, 0), regular, item.adjustment_pence or 0):
            return False
    return stream.first_payment_on is None or any(item.paid_on == stream.first_payment_on for item in live)


def record_payment(uow: UnitOfWork, stream_id: UUID, entry: PaymentEntry, *, key: str) -> str:
    """Record a payment and set its money aside. Returns its reference.

    ``key`` makes it happen once however often it is sent; the same key with other content is refused.
    """
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.PAYMENT_RECORD, stream)
    notional = stream.method == Method.NOTIONAL
    if earlier := _already(uow, stream, entry, key):
        return earlier
    if days_between(entry.period_start, entry.period_end) > LONGEST_DAYS + 1:
        raise Refusal(TOO_LONG, field="period_end")
    if stream.status == StreamStatus.SUSPENDED:
        raise Refusal("This stream is on hold, so nothing can be paid by it. Ask the case manager why.")
    if stream.status == StreamStatus.WINDING_DOWN:
        check_before_the_end(notional=notional, ends_on=stream.ends_on, period_end=entry.period_end)
    elif stream.status not in PAYABLE:
        raise Refusal(NOT_PAYABLE.get(StreamStatus(stream.status), "This stream is not approved for payment yet."))
    problems = payment_problems(stream_fact(uow, stream), period_start=entry.period_start, on=uow.today, now=uow.now)
    if problems:
        raise Refusal(*problems)
    check_paid_into(uow, stream, max(uow.today, entry.period_start))
    due: Due | None = None
    if notional:
        amount, line = entry.invoice_pence, entry.line_type
        _refuse_same_invoice(uow, stream, entry.invoice_reference)
    else:
        _refuse_overlap(uow, stream, entry)
        due = amount_due(uow, stream, entry.period_start, entry.period_end)
        amount, line = due.amount_pence, LineType.OTHER
    if amount <= 0:
        raise Refusal("There is nothing to pay for those days. Check the dates.", field="period_start")
    amount, off = less_deductions(uow, stream.id, amount)
    item = uow.add(
        PaymentItem, stream_id=stream.id, phb_id=stream.phb_id, icb_id=stream.icb_id,
        reference=next_payment_reference(uow), period_start=entry.period_start, period_end=entry.period_end,
        amount_pence=amount, due_on=max(uow.today, entry.period_start), status=PaymentStatus.PLANNED.value,
        line_type=line.value, account_id=None if notional else stream.account_id,
        invoice_reference=entry.invoice_reference, idempotency_key=key, recorded_by=uow.actor.user_id,
        regular_pence=due.regular_pence if due else None, adjustment_pence=due.adjustment_pence if due else None,
    )  # fmt: skip
    take_deductions(uow, item, off)
    if not notional:
        set_aside_days_before(uow, stream, item, _live_payments(uow, stream))
    _allocate_early(uow, stream, item)
    _post(uow, item, Verb.RESERVE, available(stream.phb_id), reserved(stream.phb_id), on=uow.today)
    uow.record("payment_recorded", about=item, phb_id=stream.phb_id, reference=item.reference, amount_pence=amount,
               period_start=entry.period_start, period_end=entry.period_end)  # fmt: skip
    return item.reference


def _already(uow: UnitOfWork, stream: Stream, entry: PaymentEntry, key: str) -> str | None:
    earlier = uow.session.execute(
        select(PaymentItem).where(col(PaymentItem.idempotency_key) == key)
    ).scalar_one_or_none()
    if earlier is None:
        return None
    same = (earlier.stream_id, earlier.period_start, earlier.period_end, earlier.invoice_reference) == (
        stream.id, entry.period_start, entry.period_end, entry.invoice_reference,
    ) and (
        stream.method != Method.NOTIONAL
        or (earlier.amount_pence, earlier.line_type) == (entry.invoice_pence, entry.line_type.value)
    )  # fmt: skip
    if not same:
        raise Refusal("This form was already sent with other answers. Reload the page to see what was saved.")
    return earlier.reference


def _refuse_overlap(uow: UnitOfWork, stream: Stream, entry: PaymentEntry) -> None:
    for taken in _live_payments(uow, stream):
        if taken.period_start <= entry.period_end and taken.period_end >= entry.period_start:
            raise Refusal(
                f"{taken.reference} already pays for {long_date(taken.period_start)} to "
                f"{long_date(taken.period_end)}. Choose days that have not been paid for.",
                field="period_start",
            )


def _refuse_paid_before(stream: Stream, start: date) -> None:
    if stream.paid_to_on is not None and start <= stream.paid_to_on:
        raise Refusal(
            f"Days up to {long_date(stream.paid_to_on)} were paid before this budget was brought in. The first day to "
            f"pay for is {long_date(stream.paid_to_on + timedelta(days=1))}.",
            field="period_start",
        )


def _refuse_same_invoice(uow: UnitOfWork, stream: Stream, reference: str) -> None:
    for taken in _live_payments(uow, stream):
        if taken.invoice_reference.casefold() == reference.casefold():
            raise Refusal(f"Invoice {reference} is already recorded as {taken.reference}.", field="invoice_reference")


def _allocate_early(uow: UnitOfWork, stream: Stream, item: PaymentItem) -> None:
    """Fill up what this year's money is short of, where the payment is owed it all the same.

    Days after 31 March are taken from next year's money ahead of 1 April. And each payment is rounded by itself
    (§4.4) while the year was set aside with one rounding, so many payments may come to some pence more than it.
    """
    left = uow.session.execute(
        select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.path) == available(stream.phb_id))
    ).scalar_one_or_none() or 0  # fmt: skip
    short = item.amount_pence - left
    soon = item.period_start <= uow.today + timedelta(days=SOONEST_EARLY_DAYS)
    ahead = _owed_after(uow, stream, item, financial_year(uow.today)[1]) if soon else 0
    if 0 < short <= ahead + _roundings(uow, stream):
        post(
            uow,
            Journal(
                verb=Verb.ALLOCATE, phb_id=stream.phb_id, effective_on=uow.today,
                reference="From next year’s money" if ahead else "Rounding to whole pennies",
                # "Early" is what the new year's allocation is less by (services/tick.py); pennies are not.
                idempotency_key=f"allocate-{'early' if ahead else 'rounding'}:{item.id}",
                postings=(Posting(outside("icb", stream.icb_id), available(stream.phb_id), short),),
            ),
        )  # fmt: skip


def _owed_after(uow: UnitOfWork, stream: Stream, item: PaymentItem, year_end: date) -> int:
    """Pence of a payment that belong to the days after a 31 March."""
    if item.period_end <= year_end:
        return 0
    regular = _for_days(uow, stream, max(item.period_start, year_end + timedelta(days=1)), item.period_end)
    for_days = _for_days(uow, stream, item.period_start, item.period_end)
    one_off = max(0, item.amount_pence - for_days - (item.adjustment_pence or 0))
    return regular + (one_off if stream.method != Method.NOTIONAL and stream.starts_on > year_end else 0)


def _roundings(uow: UnitOfWork, stream: Stream) -> int:
    """The most pence that rounding each direct payment by itself can have added. An invoice is never rounded, and
    twelfths come to the year exactly (ADR 0036)."""
    if stream.method == Method.NOTIONAL:
        return 0
    payments = uow.session.execute(
        select(func.count())
        .select_from(PaymentItem)
        .join(Stream, col(Stream.id) == col(PaymentItem.stream_id))
        .where(
            col(PaymentItem.phb_id) == stream.phb_id,
            col(PaymentItem.account_id).is_not(None),
            col(PaymentItem.status) != PaymentStatus.CANCELLED.value,
            func.coalesce(col(Stream.monthly_pay), "") != MonthlyPay.TWELFTHS.value,
        )
    ).scalar_one()
    return (payments + 1) // 2


def confirm_payment(uow: UnitOfWork, payment_id: UUID, *, paid_on: date) -> None:
    """A second finance officer confirms the money left; the budget goes live with its first payment."""
    item = uow.find(PaymentItem, payment_id, lock=True)
    uow.require(Permission.PAYMENT_CONFIRM, item)
    check_confirmable(PaymentStatus(item.status))
    if paid_on > uow.today:
        raise Refusal("The date of payment cannot be in the future.", field="paid_on")
    if paid_on < (recorded_on := london_date(item.created_at)):
        raise Refusal(
            f"This payment was recorded on {long_date(recorded_on)}, so it cannot have been paid before then. "
            "Check the date.",
            field="paid_on",
        )
    stream = uow.find(Stream, item.stream_id, lock=True)
    # Before the ledger's accounts, as everybody else locks them: the other way round two payments can deadlock.
    phb = uow.find(Phb, item.phb_id, lock=True)
    if stream.status == StreamStatus.SUSPENDED and paid_on >= held_from(uow.session, stream):
        raise Refusal(
            "This stream is on hold, so nothing can be paid by it. Cancel the payment, or have the hold lifted first."
        )
    problems = payment_problems(stream_fact(uow, stream), period_start=item.period_start, on=paid_on, now=uow.now)
    if stream.method != Method.NOTIONAL and item.account_id != stream.account_id:
        raise Refusal("The bank details changed after this payment was recorded. Cancel it and record it again.")
    if problems:
        raise Refusal(*problems)
    check_paid_into(uow, stream, paid_on)
    to = held(stream.id) if stream.method != Method.NOTIONAL else spent(stream.id, item.line_type)
    _post(uow, item, Verb.PAY, reserved(stream.phb_id), to, on=paid_on)
    uow.change(
        item, status=PaymentStatus.PAID.value, confirmed_by=uow.actor.user_id, confirmed_at=uow.now, paid_on=paid_on
    )
    _go_live(uow, phb, stream, paid_on)
    uow.record("payment_confirmed", about=item, phb_id=item.phb_id, reference=item.reference,
               amount_pence=item.amount_pence, paid_on=paid_on)  # fmt: skip


def cancel_payment(uow: UnitOfWork, payment_id: UUID, *, reason: str) -> None:
    """Cancel a payment that has not left; its money is available again."""
    if len(reason.strip()) < 5:
        raise Refusal("Say why the payment is cancelled.", field="reason")
    item = uow.find(PaymentItem, payment_id, lock=True)
    uow.require(Permission.PAYMENT_RECORD, item)
    check_cancellable(PaymentStatus(item.status))
    _post(uow, item, Verb.RELEASE, reserved(item.phb_id), available(item.phb_id), on=uow.today)
    uow.change(item, status=PaymentStatus.CANCELLED.value, cancel_reason=reason.strip()[:300])
    free_deductions(uow, item)
    uow.record(
        "payment_cancelled", about=item, phb_id=item.phb_id, reference=item.reference, amount_pence=item.amount_pence
    )


def _post(uow: UnitOfWork, item: PaymentItem, verb: Verb, from_path: str, to_path: str, *, on: date) -> None:
    post(
        uow,
        Journal(
            verb=verb, phb_id=item.phb_id, stream_id=item.stream_id, effective_on=on, reference=item.reference,
            idempotency_key=f"{verb.value.lower()}:{item.id}",
            postings=(Posting(from_path, to_path, item.amount_pence),),
        ),
    )  # fmt: skip


def _go_live(uow: UnitOfWork, phb: Phb, stream: Stream, paid_on: date) -> None:
    """With its first payment a stream, its plan and its budget become active and the first review is due (I22)."""
    if stream.first_payment_on is None:
        # An invoice that is paid after the end does not bring the stream back to life.
        begins = stream.status in (StreamStatus.AGREED, StreamStatus.READY)
        uow.change(stream, first_payment_on=paid_on, **({"status": StreamStatus.ACTIVE.value} if begins else {}))
    if phb.status != PhbStatus.SETUP:
        return
    uow.change(phb, status=PhbStatus.ACTIVE.value, live_on=paid_on)
    plan = uow.session.execute(
        select(Plan).where(col(Plan.phb_id) == phb.id, col(Plan.status) == PlanStatus.APPROVED.value)
    ).scalar_one_or_none()
    if plan is not None:
        uow.change(plan, status=PlanStatus.ACTIVE.value)
    due = first_due(paid_on, whole_setting(uow, phb.icb_id, "review_first_months"))
    uow.add(Review, phb_id=phb.id, icb_id=phb.icb_id, kind="FIRST", due_on=due)
    uow.record("phb_live", about=phb, phb_id=phb.id, person_id=phb.person_id, on=paid_on, review_due_on=due)


def account_of(uow: UnitOfWork, stream: Stream) -> PayeeAccount | None:
    """The bank details a stream is paid to."""
    return uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None


def words_of(item: PaymentItem) -> str:
    """A payment in one line of words."""
    days = f"{long_date(item.period_start)} to {long_date(item.period_end)}"
    return f"{item.reference}: {pounds(item.amount_pence)} for {days}"
