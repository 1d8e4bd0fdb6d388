"""Stays in hospital: recorded, ended, and decided about after the days of full pay (domain.md §4.9, T15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.hospital import StayDecision, nights_after, stay_problems, taken_off
from phbportal.domain.money import pounds
from phbportal.domain.reading import given
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.tasks import HOSPITAL_DECIDE
from phbportal.domain.text import long_date, plural
from phbportal.policy.permissions import Permission
from phbportal.queries.reductions import rates_of_stream
from phbportal.services.change_requests import applies
from phbportal.services.policies import whole_setting
from phbportal.services.review_setting import review_of_change
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import HospitalStay, PaymentDeduction
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task

PAID = (StreamStatus.ACTIVE.value, StreamStatus.SUSPENDED.value, StreamStatus.STOPPING.value)


def record_stay(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Record that a person is, or was, in hospital, and who said so; a review of the change is due in two weeks.

    Returns the stay's id. Nothing is taken off a payment by this.
    """
    person = uow.find(Person, values["person_id"], lock=True)
    uow.require(Permission.STAY_WRITE, person)
    admitted_on, discharged_on = values["admitted_on"], values.get("discharged_on")
    refuse_if(stay_problems(admitted_on, discharged_on, uow.today))
    if person.died_on is not None and admitted_on > person.died_on:
        raise Refusal(f"This person died on {long_date(person.died_on)}. Check the day.", field="admitted_on")
    _refuse_overlap(uow, person.id, values)
    icb_id = given(uow.actor.icb_id)
    stay = uow.add(
        HospitalStay, icb_id=icb_id, person_id=person.id, admitted_on=admitted_on, discharged_on=discharged_on,
        reported_by=values["reported_by"], note=values.get("note") or "", decision=StayDecision.NONE.value,
    )  # fmt: skip
    uow.record("stay_recorded", about=stay, person_id=person.id, on=admitted_on)
    review_of_change(uow, person.id, icb_id, f"In hospital since {long_date(admitted_on)}.")
    return stay.id


def _refuse_overlap(uow: UnitOfWork, person_id: UUID, values: Mapping[str, Any]) -> None:
    s, ends = HospitalStay, values.get("discharged_on")
    same = select(s).where(col(s.person_id) == person_id).order_by(col(s.admitted_on))
    for other in uow.session.execute(same).scalars():
        begins_after = ends is not None and ends <= other.admitted_on
        ended_before = other.discharged_on is not None and other.discharged_on <= values["admitted_on"]
        if not begins_after and not ended_before:
            raise Refusal(
                f"A stay from {long_date(other.admitted_on)} is recorded already. Say there when they came home.",
                field="admitted_on",
            )


def come_home(uow: UnitOfWork, stay_id: UUID, values: Mapping[str, Any]) -> None:
    """Record the day a person came home."""
    stay = uow.find(HospitalStay, stay_id, lock=True)
    uow.require(Permission.STAY_WRITE, stay)
    if stay.discharged_on is not None:
        raise Refusal(f"They came home on {long_date(stay.discharged_on)}. Reload the page.", field="discharged_on")
    refuse_if(stay_problems(stay.admitted_on, values["discharged_on"], uow.today))
    uow.change(stay, discharged_on=values["discharged_on"])
    uow.record("stay_ended", about=stay, person_id=stay.person_id, on=values["discharged_on"])


def keep_paying(uow: UnitOfWork, stay_id: UUID, values: Mapping[str, Any]) -> None:
    """Decide that the payments go on in full, and say why: assistants are kept on, or the time was short."""
    stay = uow.find(HospitalStay, stay_id, lock=True)
    uow.require(Permission.STAY_WRITE, stay)
    _check_undecided(stay)
    uow.change(stay, decision=StayDecision.KEEP_PAYING.value, decided_on=uow.today, decided_why=values["why"])
    uow.record("stay_paid_in_full", about=stay, person_id=stay.person_id)
    _decided(uow, stay)


def _pay_less(uow: UnitOfWork, stay_id: UUID | None, _values: Mapping[str, Any], _seen: int | None) -> UUID:
    """Take the nights beyond those of full pay off the next payment of each stream; two people say so (§9.5)."""
    stay = uow.find(HospitalStay, given(stay_id), lock=True)
    uow.require(Permission.STAY_WRITE, stay)
    _check_undecided(stay)
    if stay.discharged_on is None:
        raise Refusal("They are in hospital still. Record first when they came home.")
    days = whole_setting(uow, stay.icb_id, "hospital_full_pay_days")
    nights = nights_after(stay.admitted_on, stay.discharged_on, days)
    if nights is None:
        raise Refusal(f"Your board pays {plural(days, 'day')} in full, and they were home by then.")
    total = sum(_take_off(uow, stay, stream, nights) for stream in _streams(uow, stay))
    if not total:
        raise Refusal("No payment of theirs was for those nights, so there is nothing to take off.")
    uow.change(stay, decision=StayDecision.PAY_LESS.value, decided_on=uow.today, taken_off_pence=total)
    uow.record("stay_paid_less", about=stay, person_id=stay.person_id, amount_pence=total)
    _decided(uow, stay)
    return stay.id


PAY_LESS = applies(
    "hospital-stay", "pay-less", what="Paying less for a stay in hospital", decides=Permission.STAY_DECIDE,
    apply=_pay_less, table=HospitalStay,
)  # fmt: skip


def _streams(uow: UnitOfWork, stay: HospitalStay) -> list[Stream]:
    """The streams that somebody holds money of, of the person's budgets with this board."""
    uow.hold_budgets(col(Phb.person_id) == stay.person_id)
    return list(
        uow.session.execute(
            select(Stream)
            .join(Phb, col(Phb.id) == col(Stream.phb_id))
            .where(
                col(Phb.person_id) == stay.person_id, col(Stream.icb_id) == stay.icb_id,
                col(Stream.method) != Method.NOTIONAL.value, col(Stream.status).in_(PAID),
            )
            .order_by(col(Stream.id))
            .with_for_update(of=Stream, key_share=True)
        ).scalars()
    )  # fmt: skip


def _take_off(uow: UnitOfWork, stay: HospitalStay, stream: Stream, nights: tuple[Any, Any]) -> int:
    amount = taken_off(rates_of_stream(uow.session, stream), nights)
    if amount > 0:
        uow.add(
            PaymentDeduction, stream_id=stream.id, phb_id=stream.phb_id, icb_id=stream.icb_id, stay_id=stay.id,
            first_night=nights[0], last_night=nights[1], amount_pence=amount,
        )  # fmt: skip
    return amount


def _check_undecided(stay: HospitalStay) -> None:
    if stay.decision != StayDecision.NONE:
        raise Refusal("This has been decided already. Reload the page to see how.")


def _decided(uow: UnitOfWork, stay: HospitalStay) -> None:
    waiting = select(Task).where(
        col(Task.person_id) == stay.person_id, col(Task.kind) == HOSPITAL_DECIDE, col(Task.done_at).is_(None),
        col(Task.icb_id) == stay.icb_id,
    )  # fmt: skip
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def waiting_deductions(uow: UnitOfWork, stream_id: UUID) -> list[PaymentDeduction]:
    """What is agreed to be taken off a stream and no payment has taken yet, the oldest first."""
    d = PaymentDeduction
    found = select(d).where(col(d.stream_id) == stream_id, col(d.payment_id).is_(None)).order_by(col(d.id))
    return list(uow.session.execute(found).scalars())


def less_deductions(uow: UnitOfWork, stream_id: UUID, amount_pence: int) -> tuple[int, list[PaymentDeduction]]:
    """A payment's amount after what is taken off it, and what that is. Never more than the payment (invariant I16):
    a payment that would come to nothing is refused, in words."""
    waiting = waiting_deductions(uow, stream_id)
    off = sum(one.amount_pence for one in waiting)
    if off and off >= amount_pence:
        raise Refusal(
            f"There is {pounds(off)} to take off for nights in hospital, which is all of these days. Choose more days, "
            "so that something is left to pay.",
            field="period_end",
        )
    return amount_pence - off, waiting


def take_deductions(uow: UnitOfWork, payment: PaymentItem, deductions: list[PaymentDeduction]) -> None:
    """These have been taken off a payment. Asks no leave: a part of recording it, for which leave is asked."""
    for one in deductions:
        uow.change(one, payment_id=payment.id)


def free_deductions(uow: UnitOfWork, payment: PaymentItem) -> None:
    """A payment is cancelled: what was taken off it waits for the next. Asks no leave: a part of cancelling it."""
    taken = select(PaymentDeduction).where(col(PaymentDeduction.payment_id) == payment.id)
    for one in uow.session.execute(taken).scalars().all():
        uow.change(one, payment_id=None)


def deducted(uow: UnitOfWork, payment_ids: list[UUID]) -> dict[UUID, int]:
    """What was taken off each of these payments, in pence; one nothing was taken off is absent."""
    d = PaymentDeduction
    found = (
        select(col(d.payment_id), func.sum(col(d.amount_pence)))
        .where(col(d.payment_id).in_(payment_ids))
        .group_by(col(d.payment_id))
    )
    return {payment_id: int(pence) for payment_id, pence in uow.session.execute(found) if payment_id is not None}
