"""Why a payment that is due, or waits to be confirmed, cannot be made today: by the rules that are asked when it is
recorded and confirmed, so that a work list says what the page would."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.clock import LONDON
from phbportal.domain.errors import Problem
from phbportal.domain.streams import StreamFact, payment_problems
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.payees import stream_facts
from phbportal.queries.scope import visible
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

LEFT_BEFORE = "If the money left before, confirm it with that day. If not, cancel the payment"
ON_HOLD = f"The stream is on hold. {LEFT_BEFORE}, or have the hold lifted first."
OTHER_ACCOUNT = "The bank details changed after this payment was recorded. Cancel it and record it again."


def facts_of(session: Session, actor: Actor, today: date, streams: Collection[UUID]) -> dict[UUID, StreamFact]:
    """What the rules of payment know of these streams in the actor's sight. Nine statements at most, however many; none
    for none."""
    if not streams:
        return {}
    found = session.execute(
        select(Stream, Person, PayeeAccount)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .outerjoin(PayeeAccount, col(PayeeAccount.id) == col(Stream.account_id))
        .where(col(Stream.id).in_(streams), visible(actor, Stream, today))
    )
    return stream_facts(session, [(stream, person, account) for stream, person, account in found])


def not_recorded(fact: StreamFact, period_start: date, today: date) -> str:
    """Why the payment of some days cannot be recorded today, and what to do; empty if it can. What finance does itself
    comes first, then the first of what others must do."""
    problems = _problems(fact, period_start, today)
    own = [problem.sentence for problem in problems if problem.field == "account"]
    others = [problem.sentence for problem in problems if problem.field != "account"][:1]
    return " ".join([*own, *others, *(["Ask the case manager to see to it."] if others else [])])


def not_confirmed(fact: StreamFact, period_start: date, today: date) -> str:
    """Why a payment that was recorded cannot be confirmed as made today, and what to do; empty if it can."""
    if fact.ends_on is not None and period_start > fact.ends_on:
        return f"The stream ended on {long_date(fact.ends_on)}, before the days this pays for. Cancel the payment."
    problems = _problems(fact, period_start, today)
    return f"{problems[0].sentence} {LEFT_BEFORE}." if problems else ""


def _problems(fact: StreamFact, period_start: date, today: date) -> list[Problem]:
    # What holds to the end of the day: new bank details that can be paid to this afternoon are no hindrance.
    tonight = datetime.combine(today + timedelta(days=1), time(), LONDON)
    return payment_problems(fact, period_start=period_start, on=today, now=tonight)
