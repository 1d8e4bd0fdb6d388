"""Payments of a budget: the list, one payment before it is decided, and the days the next one is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, String, Uuid, bindparam, func, literal, or_, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budgets import LINE_WORDS, LineType
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import show_moment
from phbportal.domain.money import pounds
from phbportal.domain.payment_calendar import asked_next, made_good_words, sum_of_rates
from phbportal.domain.payments import PAYMENT_STATUS_WORDS, PaymentStatus
from phbportal.domain.periods import Cycle, part_period
from phbportal.domain.policies import DEFAULTS
from phbportal.domain.streams import METHOD_WORDS, Method
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import Decision, could_ever, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import at_most, by_shape
from phbportal.queries.names import Names, names_of
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.payment_shares import part_words, parts_of_payments
from phbportal.queries.reductions import rates_of
from phbportal.queries.scope import visible
from phbportal.queries.streams import StreamRecord
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import PaymentDeduction
from phbportal.tables.payments import PaymentItem
from phbportal.tables.settings import PolicySetting

SIZE = 20
_PHB = bindparam("phb", type_=Uuid())
_ANCHOR = (
    select(col(PolicySetting.value))
    .where(
        col(PolicySetting.name) == "cycle_anchor_date",
        col(PolicySetting.starts_on) <= bindparam("today", type_=Date()),
        or_(col(PolicySetting.icb_id) == bindparam("icb", type_=Uuid()), col(PolicySetting.icb_id).is_(None)),
    )
    .order_by(col(PolicySetting.icb_id).is_(None), col(PolicySetting.starts_on).desc())
    .limit(at_most(1))
)


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment as text, with what this actor may do about it now."""

    reference: str = ""
    period: str = ""
    amount: str = ""
    status: str = ""
    what: str = ""
    recorded: str = ""
    confirmed: str = ""
    may_confirm: bool = False
    may_cancel: bool = False


@dataclass(frozen=True, slots=True)
class PaymentsPage:
    """Rows, newest first, and the cursors either way."""

    rows: tuple[PaymentRow, ...] = ()
    newer: str = ""
    older: str = ""
    waiting: str = ""
    """The reference of the payment that has waited longest to be confirmed, of the rows shown."""


@by_shape
def _payments(actor: Actor, today: date, one: bool = False) -> Select[*tuple[Any, ...]]:
    p = PaymentItem
    statement = (
        select(
            col(p.period_start), col(p.id), col(p.reference), col(p.period_end), col(p.amount_pence), col(p.status),
            col(p.line_type), col(p.invoice_reference), col(p.icb_id), col(p.recorded_by), col(p.created_at),
            col(p.confirmed_by), col(p.paid_on), col(p.cancel_reason), col(Stream.method), col(Stream.weekly_pence),
            col(Stream.starts_on), col(Stream.ends_on), col(Stream.monthly_pay), col(p.stream_id), col(p.regular_pence),
            col(p.adjustment_pence),
        )
        .join(Stream, col(Stream.id) == col(p.stream_id))
        .where(col(p.phb_id) == _PHB, visible(actor, p, today))
    )  # fmt: skip
    return statement.where(col(p.reference) == bindparam("reference", type_=String())) if one else statement


def payments_page(
    session: Session, actor: Actor, today: date, phb_id: UUID, *, place: Place = TOP, size: int = SIZE
) -> PaymentsPage:
    """One page of a budget's payments, the latest days first. Two statements, whatever the page."""
    p = PaymentItem
    statement, keys = _payments(actor, today), [col(p.period_start), col(p.id)]
    found = newest_first(session, statement, keys, {"phb": phb_id}, place=place, size=size)
    names = names_of(session, (who for row in found.rows for who in (row.recorded_by, row.confirmed_by)))
    waiting = [row.reference for row in found.rows if row.status == PaymentStatus.PLANNED]
    return PaymentsPage(
        tuple(_row(actor, row, names) for row in found.rows), found.newer, found.older,
        waiting[-1] if waiting else "",
    )  # fmt: skip


def _row(actor: Actor, row: Any, names: Names) -> PaymentRow:
    planned = row.status == PaymentStatus.PLANNED
    paid = f"{names.of(row.confirmed_by)}, paid on {long_date(row.paid_on)}" if row.paid_on else ""
    return PaymentRow(
        reference=row.reference,
        period=f"{long_date(row.period_start)} to {long_date(row.period_end)}",
        amount=pounds(row.amount_pence),
        status=PAYMENT_STATUS_WORDS[PaymentStatus(row.status)],
        what=_what(row),
        recorded=f"{names.of(row.recorded_by)}, {show_moment(row.created_at)}",
        confirmed=paid or row.cancel_reason,
        may_confirm=planned and _may(actor, Permission.PAYMENT_CONFIRM, row).allowed,
        may_cancel=planned and _may(actor, Permission.PAYMENT_RECORD, row).allowed,
    )


def _what(row: Any) -> str:
    if row.method != Method.NOTIONAL:
        return METHOD_WORDS[Method(row.method)]
    return f"Invoice {row.invoice_reference}: {LINE_WORDS[LineType(row.line_type)]}"


def _may(actor: Actor, permission: Permission, row: Any) -> Decision:
    """The service's own question, asked of the same facts (services/subjects.py)."""
    made_by = frozenset({row.recorded_by} if row.recorded_by else ())
    return decide(actor, permission, Subject(icbs=frozenset({row.icb_id}), made_by=made_by))


@dataclass(frozen=True, slots=True)
class PaymentRecord:
    """A payment for the code: its id and its row, how its amount came about, why it may not be confirmed, and who pays
    which part of it ("" where the board pays for all)."""

    id: UUID
    row: PaymentRow
    sum_words: str
    because: str
    funders: str = ""


def payment_of(session: Session, actor: Actor, today: date, phb_id: UUID, reference: str) -> PaymentRecord:
    """One payment of a budget by its reference; NotFound if it is not in sight. Five statements at most."""
    about = {"phb": phb_id, "reference": reference}
    found = session.connection().execute(_payments(actor, today, True), about).one_or_none()
    if found is None:
        raise NotFound()
    names = names_of(session, (found.recorded_by, found.confirmed_by))
    words = ""
    if found.method != Method.NOTIONAL:
        rates = rates_of(
            session, found.stream_id, found.weekly_pence, found.starts_on, found.ends_on, found.monthly_pay
        )  # fmt: skip
        now, made_good = part_period(rates, found.period_start, found.period_end), found.adjustment_pence or 0
        regular = now if found.regular_pence is None else found.regular_pence
        off = _taken_off(session, found.id)
        one_off = found.amount_pence + off - regular - made_good
        words = sum_of_rates(rates, found.period_start, found.period_end, one_off, off)
        if regular != now:
            words = f"Its days came to {pounds(regular)} when it was recorded. By the amounts of today: {words}"
        words += made_good_words(made_good)
    because = _may(actor, Permission.PAYMENT_CONFIRM, found).because
    funders = part_words(parts_of_payments(session, actor, today, [found.id]).get(found.id, {}))
    return PaymentRecord(found.id, _row(actor, found, names), words, because, funders)


def _taken_off(session: Session, payment_id: UUID) -> int:
    """What was taken off a payment, which the caller has found in the actor's scope, for nights in hospital."""
    d = PaymentDeduction
    found = select(func.coalesce(func.sum(col(d.amount_pence)), 0)).where(col(d.payment_id) == payment_id)
    return int(session.execute(found).scalar_one())


def next_periods(
    session: Session, actor: Actor, today: date, icb_id: UUID, phb_id: UUID, streams: Sequence[StreamRecord]
) -> dict[UUID, Cycle]:
    """The days the next payment of each direct payment of a budget is for, by the board's calendar. One statement.

    A stream that is paid to its end, or cannot be paid, is absent. Empty for an actor who may not see payments.
    """
    if not could_ever(actor, Permission.PAYMENT_READ):
        return {}
    own = {"phb": phb_id, "icb": icb_id, "today": today}
    rows = session.connection().execute(_paid_to(actor, today), own).all()
    paid_to: dict[UUID, date] = {row.stream_id: row.paid_to for row in rows if row.stream_id is not None}
    anchor = _first_day(rows[0].anchor)
    found: dict[UUID, Cycle] = {}
    for stream in streams:
        if stream.method is Method.NOTIONAL or not stream.payable:
            continue
        period = asked_next(
            stream.frequency, anchor, stream.starts_on, ends_on=stream.ends_on, paid_to=paid_to.get(stream.id),
            first_payment_on=stream.first_payment_on, paid_to_on=stream.paid_to_on,
            brought_in_on=stream.made_on or today,
        )  # fmt: skip
        if period is not None:
            found[stream.id] = period
    return found


@by_shape
def _paid_to(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    """The board's calendar, beside each stream that was paid and to which day; by itself where none was."""
    p = PaymentItem
    last_days: list[Any] = [col(p.stream_id), func.max(col(p.period_end)).label("paid_to")]
    paid = (
        select(*last_days)
        .where(
            col(p.phb_id) == _PHB,
            visible(actor, p, today),
            col(p.status).not_in([PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]),
        )
        .group_by(col(p.stream_id))
        .subquery("paid")
    )
    one = select(literal(1).label("one")).subquery("one")
    return select(_ANCHOR.scalar_subquery().label("anchor"), paid.c.stream_id, paid.c.paid_to).select_from(
        one.outerjoin(paid, true())
    )


def cycle_anchor(session: Session, icb_id: UUID | None, today: date) -> date:
    """The board's payment calendar: its own, else everybody's, else the default (as services/policies.py reads it)."""
    return _first_day(session.connection().execute(_ANCHOR, {"icb": icb_id, "today": today}).scalar_one_or_none())


def _first_day(found: str | None) -> date:
    return date.fromisoformat(found or DEFAULTS["cycle_anchor_date"])
