"""Money that waits for a finance officer: bank details, payments to confirm, payments to record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, label, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.identifiers import last_four
from phbportal.domain.moments import london_day
from phbportal.domain.money import pounds
from phbportal.domain.payment_calendar import asked_next
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import Cycle
from phbportal.domain.phbs import ENDED
from phbportal.domain.streams import PAYABLE, AccountStatus, Frequency, Method, StreamFact, StreamStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.names import NOBODY
from phbportal.queries.payments import cycle_anchor
from phbportal.queries.scope import visible
from phbportal.queries.work_hindered import ON_HOLD, OTHER_ACCOUNT, facts_of, not_confirmed, not_recorded
from phbportal.queries.work_items import (
    CANNOT,
    MOST,
    OVERDUE,
    SOON,
    WorkGroup,
    WorkItem,
    about,
    start_words,
    waited,
    whose,
)
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User

DUE_DAYS = 14


def accounts_to_approve(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Bank details that somebody else entered. One statement."""
    a = PayeeAccount
    stream = (
        select(col(Stream.id))
        .where(col(Stream.account_id) == col(a.id), visible(actor, Stream, today))
        .order_by(col(Stream.id)).limit(1).scalar_subquery()
    )  # fmt: skip
    statement = (
        select(
            col(a.account_number),
            col(a.created_at),
            label("stream_id", stream),
            col(Phb.reference),
            col(Person.given_name),
            col(Person.family_name),
            col(User.display_name),
        )
        .join(Phb, col(Phb.id) == col(a.phb_id))
        .outerjoin(User, col(User.id) == col(a.proposed_by))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, a, today),
            col(a.status) == AccountStatus.PROPOSED.value,
            col(a.proposed_by).is_distinct_from(actor.user_id),
        )
    )
    return WorkGroup.of(
        "Bank details to approve",
        [
            WorkItem(
                f"Check the bank details for {about(row.given_name, row.family_name)}, ending "
                f"{last_four(row.account_number)}",
                _approving(row),
                f"{row.reference}. Entered by {row.display_name or NOBODY}. "
                f"Waiting {waited(london_day(row.created_at), today)}.",
            )
            for row in session.execute(statement.order_by(col(a.id)).limit(MOST + 1))
        ],
    )


def payments_to_confirm(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Payments that somebody else recorded; of one that cannot be made, why, and what to do. One statement, and what
    ``work_hindered`` asks."""
    p = PaymentItem
    statement = (
        select(
            label("payment", col(p.reference)),
            col(p.amount_pence),
            col(p.due_on),
            col(p.created_at),
            col(p.stream_id),
            col(p.period_start),
            label("same_account", col(p.account_id).is_not_distinct_from(col(Stream.account_id))),
            label("stream_status", col(Stream.status)),
            col(Stream.method),
            col(Phb.reference),
            col(Person.given_name),
            col(Person.family_name),
            col(User.display_name),
        )
        .join(Phb, col(Phb.id) == col(p.phb_id))
        .join(Stream, col(Stream.id) == col(p.stream_id))
        .outerjoin(User, col(User.id) == col(p.recorded_by))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, p, today),
            col(p.status) == PaymentStatus.PLANNED.value,
            col(p.recorded_by).is_distinct_from(actor.user_id),
        )
    )
    rows = session.execute(statement.order_by(col(p.due_on), col(p.id)).limit(MOST + 1)).all()
    facts = facts_of(session, actor, today, {row.stream_id for row in rows})
    items: list[WorkItem] = []
    for row in rows:
        why = _not_confirmed(row, facts.get(row.stream_id), today)
        detail = (
            f"{row.reference}. Recorded by {row.display_name or NOBODY}. "
            f"Waiting {waited(london_day(row.created_at), today)}."
        )
        items.append(
            WorkItem(
                f"Confirm {row.payment}: {pounds(row.amount_pence)} for {about(row.given_name, row.family_name)}",
                routes.staff_phb_money(row.reference) if why
                else routes.of_phb(routes.STAFF_MONEY_CONFIRM, row.reference, payment=row.payment),
                f"{detail} {why}" if why else detail,
                CANNOT if why else OVERDUE if row.due_on < today else "",
            )
        )  # fmt: skip
    return WorkGroup.of("Payments to confirm", items)


def _not_confirmed(row: Any, fact: StreamFact | None, today: date) -> str:
    """Why a recorded payment cannot be confirmed as made today, in the order in which confirming it asks."""
    if row.stream_status == StreamStatus.SUSPENDED:
        return ON_HOLD
    if row.method != Method.NOTIONAL and not row.same_account:
        return OTHER_ACCOUNT
    return not_confirmed(fact, row.period_start, today) if fact else ""


def payments_due(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Direct payments whose next period starts within two weeks and is not recorded. Two statements, and what
    ``work_hindered`` asks.

    They are paid in advance: a period that has begun is overdue, or, where it cannot be paid, says why and what to do.
    """
    horizon = today + timedelta(days=DUE_DAYS)
    anchor = cycle_anchor(session, actor.icb_id, today)
    due: list[tuple[Cycle, Any]] = []
    for row in session.execute(_unpaid(actor, today, horizon)):
        period = _next(row, anchor)
        if period is None or period.starts_on > horizon:
            continue
        due.append((period, row))
    due.sort(key=lambda one: one[0].starts_on)
    del due[MOST + 1 :]
    facts = facts_of(session, actor, today, {row.id for _period, row in due})
    return WorkGroup.of("Payments to record", [_to_record(*one, facts.get(one[1].id), today) for one in due])


def _to_record(period: Cycle, row: Any, fact: StreamFact | None, today: date) -> WorkItem:
    starts, new = period.starts_on, row.paid_to is None and row.first_payment_on is not None
    late = starts < today and (not new or row.paid_to_on is not None)
    why = not_recorded(fact, starts, today) if fact else ""
    return WorkItem(
        f"Record the payment for {about(row.given_name, row.family_name)}, {long_date(starts)} to "
        f"{long_date(period.ends_on)}",
        # The money page says everything that is in the way, and is where bank details are entered.
        routes.staff_phb_money(row.reference) if why
        else routes.of_phb(routes.STAFF_MONEY_PAYMENT, row.reference, stream=str(row.id)),
        f"{row.reference}. {_state(row, starts, today, new=new)} {why}".rstrip(),
        (CANNOT if why else OVERDUE) if late else SOON,
    )  # fmt: skip


def _unpaid(actor: Actor, today: date, horizon: date) -> Select[*tuple[Any, ...]]:
    """Streams of which some of the days up to the horizon have not been paid for, the longest unpaid first."""
    s, p = Stream, PaymentItem
    paid = (
        select(col(p.stream_id), func.max(col(p.period_end)).label("paid_to"))
        .where(
            visible(actor, p, today),
            col(p.status).not_in([PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]),
        )
        .group_by(col(p.stream_id))
        .subquery()
    )
    paid_to = func.coalesce(paid.c.paid_to, col(s.paid_to_on))
    return (
        select(
                col(s.id), col(s.frequency), col(s.starts_on), col(s.ends_on), col(s.first_payment_on), paid.c.paid_to,
                col(s.paid_to_on), label("stream_made_at", col(s.created_at)),
                col(Phb.reference), col(Person.given_name), col(Person.family_name),
            )
            .join(Phb, col(Phb.id) == col(s.phb_id))
            .outerjoin(paid, paid.c.stream_id == col(s.id))
            .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, s, today),
            col(s.method).in_([Method.DIRECT_PAYMENT.value, Method.THIRD_PARTY.value]),
            col(s.status).in_([status.value for status in PAYABLE]),
            col(s.starts_on) <= horizon,
            col(Phb.status).not_in([status.value for status in ENDED]),
            col(Person.died_on).is_(None),
            or_(paid_to.is_(None), paid_to < horizon),
        )
        .order_by(func.coalesce(paid_to, col(s.starts_on)), col(s.id))
        .limit(4 * MOST)
    )  # fmt: skip


def _next(row: Any, anchor: date) -> Cycle | None:
    return asked_next(
        Frequency(row.frequency), anchor, row.starts_on, ends_on=row.ends_on, paid_to=row.paid_to,
        first_payment_on=row.first_payment_on, paid_to_on=row.paid_to_on,
        brought_in_on=london_day(row.stream_made_at),
    )  # fmt: skip


def _state(row: Any, starts: date, today: date, *, new: bool) -> str:
    """How soon the days begin; of what was paid before it was brought in, to which day."""
    if new and row.paid_to_on is None:
        return "Nothing has been paid through the portal yet."
    before = f" Days up to {long_date(row.paid_to_on)} were paid before it was brought in." if new else ""
    return f"{start_words(starts, today)}.{before}"


def _approving(row: Any) -> str:
    """Where bank details are approved; those no stream is paid to any more are on the money page."""
    if row.stream_id is None:
        return routes.staff_phb_money(row.reference)
    return routes.of_phb(routes.STAFF_MONEY_ACCOUNT, row.reference, stream=str(row.stream_id))
