"""How a budget begins to end: a death, or a day and a reason; what that stops at once, and how a mistake is taken back.

Locks are taken as everybody takes them: payments, then streams, then the budget.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import (
    LIVE,
    EndReason,
    after_start,
    asked_from,
    death_problems,
    start_problems,
)
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.reviews import ReviewKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.tasks import AFTER_A_DEATH, CLOSE_ACCOUNTS
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.services.payee_agreements import settle_ready
from phbportal.services.phbs import check_only_one
from phbportal.services.review_setting import add_review, drop_reviews
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import HospitalStay, PhbEnding
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

FAMILY_DAYS = 7
SETTLE_DAYS = 28
_OVER = (StreamStatus.WINDING_DOWN.value, StreamStatus.CLOSED.value)


@dataclass(frozen=True, slots=True)
class DeathEntry:
    """A death: the day, and who told the board."""

    died_on: date
    told_by: str


def read_death(form: Mapping[str, object]) -> DeathEntry:
    """Read the form that records a death."""
    r = Reading(form)
    died_on = r.day("died_on", needed="Enter the date of death.")
    told_by = r.text("told_by", needed="Say who told you, for example a daughter or the GP’s surgery.")
    if not r.yes("sure"):
        r.problem("Check the name and the NHS number, and tick that this is the right person.", "sure")
    r.finish()
    return DeathEntry(given(died_on), told_by)


def record_death(uow: UnitOfWork, person_id: UUID, entry: DeathEntry) -> None:
    """Record that somebody died: payments stop, their budgets begin to be closed, their own sign-in ends (I26).

    Whoever represents them keeps their part, for the accounts. Nobody is asked for money in the first four weeks.
    """
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.ENDING_BEGIN, person)
    if person.died_on is not None:
        raise Refusal(f"A death on {long_date(person.died_on)} is recorded already. Reload the page.")
    refuse_if(death_problems(entry.died_on, born_on=person.date_of_birth, today=uow.today))
    signed_in = person.sign_in_on
    uow.change(person, died_on=entry.died_on, sign_in_on=False)
    uow.record("death_recorded", about=person, person_id=person.id, on=entry.died_on)
    stays = select(HospitalStay).where(
        col(HospitalStay.person_id) == person.id, col(HospitalStay.discharged_on).is_(None)
    )
    for stay in uow.session.execute(stays).scalars().all():
        uow.change(stay, discharged_on=max(stay.admitted_on, entry.died_on))
        uow.record("stay_ended", about=stay, icb_id=stay.icb_id, person_id=person.id, on=entry.died_on)
    end_for_death(uow, person, told_by=entry.told_by, signed_in=signed_in)


def end_for_death(uow: UnitOfWork, person: Person, *, told_by: str = "", signed_in: bool = False) -> int:
    """Every budget of somebody who has died begins to be closed. Returns how many. Asks no leave: a part of recording
    the death, or the night's work for what another board or a file recorded."""
    died_on = given(person.died_on)
    open_ones = [status.value for status in PhbStatus if status not in ENDED and status is not PhbStatus.CLOSING]
    theirs = select(Phb).where(col(Phb.person_id) == person.id, col(Phb.status).in_(open_ones)).order_by(col(Phb.id))
    locked = theirs.with_for_update(key_share=True).execution_options(populate_existing=True)
    phbs = list(uow.session.execute(locked).scalars())
    for phb in phbs:
        if phb.status not in {status.value for status in LIVE}:
            _never_began(uow, phb, died_on)
            continue
        begin(uow, phb, EndReason.DIED, max(died_on, phb.opened_on), care="", signed_in=signed_in)
        set_death_review(uow, phb, died_on)
        said = f" {told_by} told us." if told_by else ""
        _task(
            uow, phb, AFTER_A_DEATH, Role.CASE_MANAGER, uow.today + timedelta(days=FAMILY_DAYS),
            f"{phb.reference}: this person died on {long_date(died_on)}.{said} Write to the family how sorry we are, "
            "and ask who looks after the accounts.",
        )  # fmt: skip
        _task(
            uow, phb, CLOSE_ACCOUNTS, Role.FINANCE, max(asked_from(died_on), uow.today),
            f"{phb.reference}: close the accounts with the personal representatives. Ask nobody for money before "
            f"{long_date(asked_from(died_on))}.",
        )  # fmt: skip
    return len(phbs)


def set_death_review(uow: UnitOfWork, phb: Phb, died_on: date) -> None:
    """After a death: what was agreed, what was used and what is left is looked at once more, when the family may be
    asked (domain.md §9.1). Asks no leave: a part of recording the death, or the night's work."""
    due_on = max(asked_from(died_on), uow.today)
    add_review(uow, phb, ReviewKind.DEATH, due_on, "The person died: the last accounts are looked at.")


def begin_ending(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Say that a budget has ended: when, why, and what care follows (I25). Returns the ending's id.

    Payments for later days are held, its streams wind down, and the accounts wait to be settled.
    """
    phb = uow.find(Phb, values["phb_id"], lock=True)
    uow.require(Permission.ENDING_BEGIN, phb)
    person = uow.session.get_one(Person, phb.person_id)
    if person.died_on is not None:
        raise Refusal("This person has died. Their budget is being closed already.")
    reason, on, care = EndReason(values["reason"]), values["ends_on"], values.get("care") or ""
    if reason is EndReason.DIED:
        raise Refusal("Record the death on the person’s record. Their budgets then end by themselves.", field="reason")
    after_start(PhbStatus(phb.status), reason)
    refuse_if(
        start_problems(
            reason, on=on, today=uow.today, opened_on=phb.opened_on, born_on=person.date_of_birth,
            cohort=Cohort(phb.cohort), kind=PhbKind(phb.kind), care=care,
        )
    )  # fmt: skip
    ending = begin(uow, phb, reason, on, care=care)
    _task(
        uow, phb, CLOSE_ACCOUNTS, Role.FINANCE, uow.today + timedelta(days=SETTLE_DAYS),
        f"{phb.reference}: this budget ended on {long_date(on)}. Settle and close its accounts.",
    )  # fmt: skip
    return ending.id


def begin(uow: UnitOfWork, phb: Phb, reason: EndReason, on: date, *, care: str, signed_in: bool = False) -> PhbEnding:
    """Hold what waits, wind the streams down, move the budget to closing. Asks no leave: its callers have, and have
    locked the budget: a payment that is being recorded is seen, or sees that it has ended."""
    payments = _held(uow, phb.id, on, died=reason is EndReason.DIED)
    streams = _winding_down(uow, phb.id, on)
    before = {
        "phb": phb.status, "signed_in": signed_in, "payments": [str(one) for one in payments], "streams": streams,
    }  # fmt: skip
    after = after_start(PhbStatus(phb.status), reason)
    ending = uow.add(
        PhbEnding, icb_id=phb.icb_id, phb_id=phb.id, reason=reason.value, ends_on=on, care=care,
        begun_by=uow.actor.user_id, before=json.dumps(before),
    )  # fmt: skip
    uow.change(phb, status=after.value, ended_on=on, end_reason=reason.value)
    uow.record("ending_begun", about=ending, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               on=on, end=reason.value)  # fmt: skip
    drop_reviews(uow, phb)
    _over(uow, phb)
    return ending


def _held(uow: UnitOfWork, phb_id: UUID, on: date, *, died: bool) -> list[UUID]:
    """Payments that wait, for days after the end, are held. After a death only an invoice for days before goes on: the
    care was given and the provider is owed it."""
    found = (
        select(PaymentItem, col(Stream.method))
        .join(Stream, col(Stream.id) == col(PaymentItem.stream_id))
        .where(col(PaymentItem.phb_id) == phb_id, col(PaymentItem.status) == PaymentStatus.PLANNED.value)
        .order_by(col(PaymentItem.id))
        .with_for_update(of=PaymentItem, key_share=True)
    )
    held: list[UUID] = []
    for item, method in uow.session.execute(found).all():
        if item.period_end > on or (died and method != Method.NOTIONAL):
            uow.change(item, status=PaymentStatus.HELD.value)
            uow.record("payment_held", about=item, icb_id=item.icb_id, phb_id=phb_id, reference=item.reference,
                       amount_pence=item.amount_pence)  # fmt: skip
            held.append(item.id)
    return held


def _winding_down(uow: UnitOfWork, phb_id: UUID, on: date) -> dict[str, list[str]]:
    """Every stream ends on the day. Returns how each stood: its status, and its last day."""
    live = select(Stream).where(col(Stream.phb_id) == phb_id, col(Stream.status).not_in(_OVER))
    before: dict[str, list[str]] = {}
    for stream in uow.session.execute(live.order_by(col(Stream.id)).with_for_update(key_share=True)).scalars().all():
        before[str(stream.id)] = [stream.status, stream.ends_on.isoformat() if stream.ends_on else ""]
        if stream.starts_on > on or stream.status == StreamStatus.PROPOSED:
            uow.change(stream, status=StreamStatus.CLOSED.value)
        else:
            uow.change(stream, status=StreamStatus.WINDING_DOWN.value, ends_on=min(stream.ends_on or on, on))
        uow.record("stream_ended", about=stream, icb_id=stream.icb_id, phb_id=phb_id, method=stream.method,
                   starts_on=stream.starts_on)  # fmt: skip
    return before


def _never_began(uow: UnitOfWork, phb: Phb, died_on: date) -> None:
    """A budget that was being offered or planned has nothing to settle."""
    for stream in uow.session.execute(select(Stream).where(col(Stream.phb_id) == phb.id)).scalars().all():
        uow.change(stream, status=StreamStatus.CLOSED.value)
    uow.change(
        phb, status=PhbStatus.CLOSED.value, ended_on=max(died_on, phb.opened_on), end_reason=EndReason.DIED.value
    )
    uow.record("phb_closed", about=phb, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               reference=phb.reference)  # fmt: skip
    drop_reviews(uow, phb)
    _over(uow, phb)


def _over(uow: UnitOfWork, phb: Phb) -> None:
    """What waited for the case to go on waits no more; what is about its money still does."""
    waiting = select(Task).where(
        col(Task.phb_id) == phb.id, col(Task.done_at).is_(None), col(Task.role) == Role.CASE_MANAGER.value
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now)


def _task(uow: UnitOfWork, phb: Phb, kind: str, role: Role, due_on: date, sentence: str) -> None:
    uow.add(
        Task, icb_id=phb.icb_id, kind=kind, role=role.value, phb_id=phb.id, person_id=phb.person_id,
        sentence=sentence[:300], due_on=due_on,
    )  # fmt: skip


def take_back(uow: UnitOfWork, ending_id: UUID, _values: Mapping[str, Any]) -> None:
    """An ending was a mistake: everything goes back to how it stood, and of a death all of the person's budgets do.

    By somebody who did not begin it. What has been settled meanwhile is kept; a closed budget is not opened again.
    """
    ending = uow.find(PhbEnding, ending_id)
    uow.require(Permission.ENDING_CLOSE, ending)
    person = uow.find(Person, uow.session.get_one(Phb, ending.phb_id).person_id, lock=True)
    uow.hold_budgets(col(Phb.person_id) == person.id)
    ending = uow.find(PhbEnding, ending_id, lock=True)
    if ending.reason == EndReason.DIED:
        _alive(uow, person, ending)
        return
    phb = uow.find(Phb, ending.phb_id, lock=True)
    check_only_one(uow, person.id, phb.cohort, PhbKind(phb.kind), but=phb.id)
    _go_back(uow, ending)


def _alive(uow: UnitOfWork, person: Person, ending: PhbEnding) -> None:
    e = PhbEnding
    same = (
        select(e)
        .join(Phb, col(Phb.id) == col(e.phb_id))
        .where(col(Phb.person_id) == person.id, col(e.reason) == EndReason.DIED.value, col(e.taken_back_on).is_(None))
        .order_by(col(e.id))
    )
    for one in uow.session.execute(same).scalars().all():
        _go_back(uow, one)
    uow.change(person, died_on=None, sign_in_on=bool(json.loads(ending.before)["signed_in"]))
    uow.record("death_taken_back", about=person, person_id=person.id)


def _go_back(uow: UnitOfWork, ending: PhbEnding) -> None:
    if ending.taken_back_on is not None:
        raise Refusal("This was taken back already. Reload the page.")
    if ending.closed_on is not None or ending.written_off_pence:
        raise Refusal("What this budget left is settled, so its end cannot be taken back. Open a new budget.")
    before = json.loads(ending.before)
    for payment_id in before["payments"]:
        item = uow.session.get_one(PaymentItem, UUID(payment_id))
        if item.status == PaymentStatus.HELD:
            uow.change(item, status=PaymentStatus.PLANNED.value)
    for stream_id, (status, ends_on) in before["streams"].items():
        stream = uow.session.get_one(Stream, UUID(stream_id))
        uow.change(stream, status=status, ends_on=date.fromisoformat(ends_on) if ends_on else None)
        settle_ready(uow, stream)  # consent may have gone meanwhile
    phb = uow.find(Phb, ending.phb_id, lock=True)
    drop_reviews(uow, phb)
    uow.change(ending, taken_back_on=uow.today)
    uow.change(phb, status=before["phb"], ended_on=None, end_reason="")
    waiting = select(Task).where(
        col(Task.phb_id) == phb.id, col(Task.kind).in_((AFTER_A_DEATH, CLOSE_ACCOUNTS)), col(Task.done_at).is_(None)
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now)
    uow.record("ending_taken_back", about=ending, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id)
