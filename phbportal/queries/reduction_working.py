"""The working of a reduction in words, for whoever prepares, approves or pays by it (domain.md §1.11, T19)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.amount_changes import change_words, notice_by, paid_before
from phbportal.domain.decisions import DecisionKind, DecisionStatus
from phbportal.domain.funding import FUNDER_WORDS, Funder, Share, share_out
from phbportal.domain.ledger import Verb
from phbportal.domain.money import pounds
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import monthly_pay
from phbportal.domain.plan_year import SPAN_WORDS, PlanYear, yearly
from phbportal.domain.reductions import AmountChange, rates
from phbportal.domain.streams import Method
from phbportal.domain.text import listed, long_date, plural
from phbportal.policy.actors import Actor
from phbportal.queries.reductions import reductions_of
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.funding import FundingShare
from phbportal.tables.ledger import LedgerJournal, LedgerPosting
from phbportal.tables.payments import PaymentItem

_OVER = (DecisionStatus.WITHDRAWN, DecisionStatus.REVERSED)


def reduction_working(
    session: Session, actor: Actor, today: date, decision: Decision, notice_days: int,
    year: PlanYear = PlanYear.WEEKS_52,
) -> tuple[str, ...]:  # fmt: skip
    """How a reduction works out, sentence by sentence; nothing for another decision, or one that does not stand.
    ``decision`` was found in the actor's scope. Five statements at most."""
    if decision.kind != DecisionKind.REDUCE or decision.stream_id is None or decision.status in _OVER:
        return ()
    stream = session.execute(
        select(Stream).where(col(Stream.id) == decision.stream_id, visible(actor, Stream, today))
    ).scalar_one_or_none()
    if stream is None:
        return ()
    before, after = decision.weekly_before_pence or 0, decision.weekly_after_pence or 0
    changes = reductions_of(session, [stream.id]).get(stream.id, ())
    if all(one.source != decision.id for one in changes):
        changes = (*changes, AmountChange(decision.effective_on, before, after, in_effect=False))
    by_day = rates(
        stream.weekly_pence, stream.starts_on, stream.ends_on, changes, monthly=monthly_pay(stream.monthly_pay)
    )  # fmt: skip
    by = notice_by(decision.effective_on, notice_days)
    said = [
        f"Notice of {plural(notice_days, 'day')} is given by {long_date(by)}.",
        f"{pounds(before)} a week becomes {pounds(after)} from {long_date(decision.effective_on)}: "
        f"{pounds(yearly(before - after, year))} less in {SPAN_WORDS[year]}.",
    ]
    paid = [] if stream.method == Method.NOTIONAL else _paid(session, actor, today, stream)
    earlier = paid_before(by_day, stream.paid_to_on)
    said += change_words(by_day, [*earlier, *paid], decision.effective_on)
    return (*said, *_given_back(session, actor, today, decision))


def _paid(session: Session, actor: Actor, today: date, stream: Stream) -> list[PaymentItem]:
    p = PaymentItem
    found = select(p).where(
        visible(actor, p, today), col(p.stream_id) == stream.id,
        col(p.status).not_in([PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]),
    )  # fmt: skip
    return list(session.execute(found.order_by(col(p.period_start))).scalars())


def _given_back(session: Session, actor: Actor, today: date, decision: Decision) -> list[str]:
    """What went back to the board of the year's money, and how much of it is whose."""
    j, p = LedgerJournal, LedgerPosting
    row = session.execute(
        select(col(p.amount_pence))
        .join(j, col(j.id) == col(p.journal_id))
        .where(
            visible(actor, j, today), col(j.phb_id) == decision.phb_id, col(j.verb) == Verb.ALLOCATE.value,
            col(j.idempotency_key).like(f"allocate-change:{decision.id}:%"),
        )
        .order_by(col(j.id))
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    if row is None:
        return []
    said = [f"{pounds(row)} of the year’s money is not needed any more, and went back to the board."]
    b, s = BudgetVersion, FundingShare
    version = (
        select(col(b.id))
        .where(col(b.phb_id) == decision.phb_id, col(b.starts_on) <= decision.effective_on)
        .order_by(col(b.version).desc()).limit(1).scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(s).where(col(s.budget_id) == version, visible(actor, s, today)).order_by(col(s.position))
    ).scalars()
    shares = [Share(Funder(one.funder), one.weight, one.weekly_pence) for one in rows]
    if any(share.weight or share.pence for share in shares):
        parts = share_out(row, shares)
        said.append(f"Of it: {listed([f'{FUNDER_WORDS[who].lower()} {pounds(part)}' for who, part in parts.items()])}.")
    return said
