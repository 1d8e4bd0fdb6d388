"""Where a case stands on its way to live: the steps, whose turn it is, and how long it has waited.

The same for the person and for staff; only the words differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.isf import AgreementStatus
from phbportal.domain.moments import london_day
from phbportal.domain.path import IN_PLANNING, PATH, TURN, measures, place_of
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import at_most, by_shape
from phbportal.queries.scope import visible
from phbportal.queries.work_items import waited
from phbportal.tables.arrangements import Agreement, Signature
from phbportal.tables.path import BudgetOffer, IndicativeBudget, PlanCheck
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

DONE, NOW, LATER = "Done", "Now", "Not yet"
S = PhbStatus

STAFF_TURN: dict[Role, str] = {
    Role.HOLDER: "It is the person’s turn to answer the offer.",
    Role.CASE_MANAGER: "It is the case manager’s turn.",
    Role.CLINICIAN: "It is a clinician’s turn to sign the plan off.",
    Role.FINANCE: "It is a finance officer’s turn to check the money.",
    Role.APPROVER: "It is an approver’s turn to decide.",
}
OWN_TURN: dict[Role, str] = {
    Role.HOLDER: "It is your turn to answer the offer.",
    Role.CASE_MANAGER: "It is your case manager’s turn.",
    Role.CLINICIAN: "A health professional is looking at your plan.",
    Role.FINANCE: "Somebody is checking the money.",
    Role.APPROVER: "Somebody is deciding about your plan.",
}
PLAN, AGREEMENT = "plan", "agreement"
STAFF_SIGNS: dict[str, str] = {
    PLAN: "It is the person’s turn to read the plan, and to sign it or say what must change.",
    AGREEMENT: "It is the person’s turn to sign the agreement about the money.",
}
OWN_SIGNS: dict[str, str] = {
    PLAN: "It is your turn to read your plan, and to sign it or say what must change.",
    AGREEMENT: "It is your turn to sign the agreement about the money.",
}
"""What the person is asked to sign comes before what anybody else does next."""


@dataclass(frozen=True, slots=True)
class TrackStep:
    """One step: what it is called, whether it is done, and on which day where that is known."""

    words: str
    status: str
    on: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """The steps in order, whose turn it is, and for how long; no words once nobody's turn is left."""

    steps: tuple[TrackStep, ...] = ()
    turn: str = ""
    measures: tuple[str, ...] = ()


def track_of(session: Session, actor: Actor, today: date, phb_id: UUID) -> Track:
    """The way of one budget in the actor's sight. One statement; nothing where it is out of sight."""
    row = session.connection().execute(_track(actor, today, True), {"phb": phb_id}).one_or_none()
    return _shown(row, actor, today) if row is not None else Track()


def tracks_of(session: Session, actor: Actor, today: date) -> dict[str, Track]:
    """The way of every budget of a holder that is not live yet, by its reference. One statement."""
    rows = session.connection().execute(_track(actor, today, False))
    return {row.reference: _shown(row, actor, today) for row in rows if PhbStatus(row.status) in TURN}


def _shown(row: Any, actor: Actor, today: date) -> Track:
    status, own = PhbStatus(row.status), not actor.is_staff
    days = _days(row, status)
    here = place_of(status)
    live = here == len(PATH) - 1
    steps = tuple(
        TrackStep(
            step.holder_words if own else step.words,
            DONE if place < here or live else NOW if place == here else LATER,
            long_date(done) if (done := days[place]) and (place < here or live) else "",
        )
        for place, step in enumerate(PATH)
    )
    took = measures(
        offered=row.offered_on, accepted=row.accepted_on, worked_out=row.worked_out_on,
        approved=_day(row.approved_at) if row.approved_once == 1 else None, paid=row.live_on,
    )  # fmt: skip
    role = TURN.get(status)
    if role is None:
        return Track(steps, measures=took)
    words, since = (OWN_TURN if own else STAFF_TURN)[role], _since(row, status)
    if signs := _signs(row, status):
        words, since = (OWN_SIGNS if own else STAFF_SIGNS)[signs[0]], signs[1]
    return Track(steps, f"{words} It has waited {waited(since, today)}.", took)


def _signs(row: Any, status: PhbStatus) -> tuple[str, date] | None:
    """What the person has still to sign, and since when."""
    if status in IN_PLANNING and row.plan_status == PlanStatus.SHARED and row.person_signed_on is None:
        return PLAN, london_day(row.moved_at)
    asked = [_day(made) for made in (row.agreement_made, row.isf_made) if made is not None]
    return (AGREEMENT, min(day for day in asked if day)) if status is S.SETUP and asked else None


def _day(value: Any) -> date | None:
    return london_day(value) if value is not None else None


def _days(row: Any, status: PhbStatus) -> tuple[date | None, ...]:
    """The day each step was done, in the order of the path."""
    return (
        row.opened_on, row.offered_on, row.shown_on, _day(row.submitted_at), row.signed_on, row.checked_on,
        _day(row.approved_at), row.live_on, row.live_on,
    )  # fmt: skip


def _since(row: Any, status: PhbStatus) -> date:
    """Since when the present step waits: the day the one before it was done."""
    found: dict[PhbStatus, date | None] = {
        S.OFFERED: row.offered_on,
        S.ACCEPTED: row.answered_on,
        S.ASSESSING: row.answered_on,
        S.INDICATIVE_SET: row.shown_on or row.worked_out_on,
        S.PLANNING: row.shown_on or _day(row.begun_at),
        S.RETURNED: _day(row.moved_at),
        S.CLINICAL_REVIEW: _day(row.submitted_at),
        S.FINANCE_REVIEW: row.signed_on,
        S.PANEL: row.checked_on,
        S.SETUP: _day(row.approved_at),
    }
    return found.get(status) or row.opened_on


def _latest(table: Any, column: Any, actor: Actor, today: date) -> Any:
    """A column of the newest row of a table about the budget: ids are in the order of making."""
    return (
        select(column)
        .where(table.phb_id == col(Phb.id), visible(actor, table, today))
        .order_by(table.id.desc())
        .limit(at_most(1))
        .correlate(Phb)
        .scalar_subquery()
    )


def _unsigned(agreement: Any, signature: Any) -> Any:
    """When the earliest agreement of the budget was made that waits for the person's signature."""
    signed = select(1).where(signature.agreement_id == agreement.id, signature.party == Signer.PERSON.value).exists()
    return (
        select(func.min(agreement.created_at))
        .where(agreement.phb_id == col(Phb.id), agreement.status == AgreementStatus.OPEN.value, ~signed)
        .correlate(Phb)
        .scalar_subquery()
    )


@by_shape
def _track(actor: Actor, today: date, one: bool) -> Select[*tuple[Any, ...]]:
    o, i, p, c = BudgetOffer, IndicativeBudget, Plan, PlanCheck
    checked = (
        select(func.max(col(c.made_on)))
        .where(col(c.phb_id) == col(Phb.id), col(c.kind) == "FINANCE", col(c.standing).is_(True),
               visible(actor, c, today))
        .correlate(Phb).scalar_subquery()
    )  # fmt: skip
    accepted = (
        select(func.max(col(o.answered_on)))
        .where(col(o.phb_id) == col(Phb.id), col(o.answer) == "ACCEPTED", visible(actor, o, today))
        .correlate(Phb).scalar_subquery()
    )  # fmt: skip
    # A later version of the plan is approved while the money goes on: only the first approval is measured from.
    approvals = (
        select(func.count())
        .where(col(p.phb_id) == col(Phb.id), col(p.approved_at).is_not(None), visible(actor, p, today))
        .correlate(Phb).scalar_subquery()
    )  # fmt: skip
    columns: list[Any] = [
        _unsigned(PayeeAgreement, PayeeSignature).label("agreement_made"),
        _unsigned(Agreement, Signature).label("isf_made"),
        _latest(p, col(p.status), actor, today).label("plan_status"),
        _latest(p, col(p.person_signed_on), actor, today).label("person_signed_on"),
        accepted.label("accepted_on"), approvals.label("approved_once"),
        col(Phb.reference), col(Phb.status), col(Phb.opened_on), col(Phb.live_on),
        _latest(o, col(o.offered_on), actor, today).label("offered_on"),
        _latest(o, col(o.answered_on), actor, today).label("answered_on"),
        _latest(i, col(i.worked_out_on), actor, today).label("worked_out_on"),
        _latest(i, col(i.shown_on), actor, today).label("shown_on"),
        _latest(p, col(p.created_at), actor, today).label("begun_at"),
        _latest(p, col(p.updated_at), actor, today).label("moved_at"),
        _latest(p, col(p.submitted_at), actor, today).label("submitted_at"),
        _latest(p, col(p.signed_on), actor, today).label("signed_on"),
        _latest(p, col(p.approved_at), actor, today).label("approved_at"),
        checked.label("checked_on"),
    ]  # fmt: skip
    statement = select(*columns).where(visible(actor, Phb, today))
    return statement.where(col(Phb.id) == bindparam("phb", type_=Uuid())) if one else statement
