"""Offering a third-party budget to an organisation: made, frozen as sent, withdrawn; a high fee by a second person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.isf import (
    AgreementStatus,
    IsfStatus,
    OrganisationFact,
    conflict_problem,
    last_day,
    organisation_problem,
    step,
)
from phbportal.domain.isf_offer import FeeKind, Reporting, Terms, Timing, content_hash, fee_above, parse_percent
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, StreamStatus
from phbportal.policy.permissions import Permission
from phbportal.services.organisation_roles import roles_for_person
from phbportal.services.policies import whole_setting
from phbportal.services.regulated_care import holder_care_problems, refuse_care
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.arrangements import Agreement, IsfConfirmation
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Outcome, Plan, PlanService

OFFERABLE = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE)
WAITING = (IsfStatus.FEE_WAITS, IsfStatus.SENT)
TASKS = ("isf_answered", "isf_ends_soon", "isf_expired")


@dataclass(frozen=True, slots=True)
class OfferEntry:
    organisation_id: UUID
    terms: Terms


def read_offer(form: Mapping[str, object]) -> OfferEntry:
    """Read the form of an offer; raises every problem at once."""
    r = Reading(form)
    chosen = r.text("organisation", needed="Choose the organisation that will hold the money.")
    organisation: UUID | None = None
    try:
        organisation = UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose the organisation that will hold the money.", "organisation")
    hourly = r.money("hourly", needed="Enter what an hour of support costs, all in.")
    if not hourly and not any(p.field == "hourly" for p in r.problems):
        r.problem("An hour of support must cost more than £0.00.", "hourly")
    other = r.text("other_rates", longest=500)
    kind = r.choice("fee_kind", FeeKind, needed="Choose what management fee there is.")
    bp, weekly = 0, 0
    if kind is FeeKind.PERCENT:
        bp = r.take("fee_percent", parse_percent, needed="Enter the fee as a percentage.") or 0
    elif kind is FeeKind.FIXED_WEEKLY:
        weekly = r.money("fee_weekly", needed="Enter the fee a week.")
    covers = r.text("fee_covers", longest=300)
    if kind in (FeeKind.PERCENT, FeeKind.FIXED_WEEKLY) and not covers:
        r.problem("Say what the fee covers.", "fee_covers")
    timing = r.choice("timing", Timing, needed="Choose when the board pays.")
    cap = _number(r, "bank_cap_weeks", 0, 52, "Enter how many weeks of money can be kept, 0 to 52.")
    period = _number(r, "bank_period_weeks", 0, 52, "Enter for how many weeks it can be kept, 0 to 52.")
    flexibility = r.text("flexibility", needed="Say what can change without asking the board.", longest=1000)
    reporting = r.choice("reporting", Reporting, needed="Choose how often the organisation reports.")
    exit_days = _number(r, "exit_days", 7, 365, "Enter the days of notice, 7 to 365.")
    r.finish()
    terms = Terms(
        hourly, other, given(kind), bp, weekly, covers, given(timing), cap, period, flexibility, given(reporting),
        exit_days,
    )  # fmt: skip
    return OfferEntry(given(organisation), terms)


def _number(r: Reading, field: str, least: int, most: int, needed: str) -> int:
    typed = r.text(field, needed=needed)
    if typed and not (typed.isascii() and typed.isdigit() and least <= int(typed[:6]) <= most):
        r.problem(needed, field)
    return int(typed[:6]) if typed.isascii() and typed.isdigit() else 0


def send_offer(uow: UnitOfWork, stream_id: UUID, entry: OfferEntry) -> UUID:
    """Offer a third-party stream to an organisation: a new round, with the terms frozen as they are sent.

    A fee above the board's usual one waits for an approver first (domain.md §9.5). The approved plan is what the
    organisation confirms: its version cannot change any more (I38).
    """
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.ARRANGEMENT_OFFER, stream)
    phb = uow.find(Phb, stream.phb_id)
    organisation = uow.find(Organisation, entry.organisation_id)
    plan = _agreed_plan(uow, phb.id)
    earlier = rounds_of(uow, stream.id)
    refuse_if(_offer_problems(uow, stream, phb, organisation, plan, earlier))
    assert plan is not None
    _make_way(uow, stream, earlier)
    terms, weekly = entry.terms, stream.weekly_pence
    waits = fee_above(terms, weekly, whole_setting(uow, stream.icb_id, "isf_fee_default_pct"))
    if stream.organisation_id != organisation.id:
        # Bank details are an organisation's own: another one's never stay behind.
        uow.change(stream, organisation_id=organisation.id, payee_name=organisation.name, account_id=None)
    offer = uow.add(
        IsfConfirmation, icb_id=stream.icb_id, phb_id=phb.id, stream_id=stream.id, organisation_id=organisation.id,
        plan_id=plan.id, round=len(earlier) + 1, plan_version=plan.version, plan_hash=plan_hash(uow, plan),
        status=(IsfStatus.FEE_WAITS if waits else IsfStatus.SENT).value, weekly_pence=weekly,
        one_off_pence=stream.one_off_pence, frequency=stream.frequency, starts_on=stream.starts_on,
        sent_by=uow.actor.user_id, sent_on=None if waits else uow.today,
        expires_on=None if waits else last_day(uow.today), **_columns(terms),
    )  # fmt: skip
    done_with_tasks(uow, phb.id)
    uow.record("isf_offered", about=offer, **told(uow, offer))
    return offer.id


def _columns(terms: Terms) -> dict[str, Any]:
    return {name: getattr(value, "value", value) for name, value in asdict(terms).items()}


def _offer_problems(
    uow: UnitOfWork, stream: Stream, phb: Phb, organisation: Organisation, plan: Plan | None,
    earlier: list[IsfConfirmation],
) -> list[Problem]:  # fmt: skip
    """What stands in the way of an offer, in the order a case manager would mend it."""
    problems: list[Problem | None] = []
    if stream.method != Method.THIRD_PARTY:
        problems.append(Problem("Only a third-party budget is offered to an organisation."))
    if plan is None or stream.status not in OFFERABLE:
        problems.append(
            Problem("The plan must be approved first: the organisation confirms a version that can no longer change.")
        )
    if earlier and earlier[-1].status in WAITING:
        problems.append(Problem("An offer is waiting already. Withdraw it before you send another."))
    if uow.session.get_one(Person, phb.person_id).died_on is not None:
        problems.append(Problem("This person has died, so no new arrangement can be made."))
    fact = organisation_fact(organisation)
    problems.append(organisation_problem(fact, uow.today))
    problems += holder_care_problems(uow, stream, organisation)
    problems.append(conflict_problem(roles_for_person(uow, organisation.id, phb.person_id), holds_isf=True))
    if stream.organisation_id != organisation.id and _in_force(uow, stream.id):
        problems.append(
            Problem(
                "An agreement with another organisation is in force. Its money must be accounted for and the stream "
                "ended before another organisation takes over.",
                "organisation",
            )
        )
    return [problem for problem in problems if problem is not None]


def organisation_fact(organisation: Organisation) -> OrganisationFact:
    return OrganisationFact(organisation.kind, organisation.valid_to, organisation.gone_from_directory_on)


def _agreed_plan(uow: UnitOfWork, phb_id: UUID) -> Plan | None:
    """The plan in force: approved or active."""
    return uow.session.execute(
        select(Plan)
        .where(
            col(Plan.phb_id) == phb_id, col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value])
        )
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip


def rounds_of(uow: UnitOfWork, stream_id: UUID) -> list[IsfConfirmation]:
    """The offers made for a stream, oldest first."""
    c = IsfConfirmation
    return list(
        uow.session.execute(
            select(c).where(col(c.stream_id) == stream_id).order_by(col(c.round)).with_for_update(key_share=True)
        ).scalars()
    )


def _in_force(uow: UnitOfWork, stream_id: UUID) -> Agreement | None:
    a = Agreement
    return uow.session.execute(
        select(a).where(col(a.stream_id) == stream_id, col(a.status) == AgreementStatus.IN_FORCE.value)
    ).scalar_one_or_none()


def _make_way(uow: UnitOfWork, stream: Stream, earlier: list[IsfConfirmation]) -> None:
    """A round that asked for changes, or was confirmed and never signed, gives way; one in force stays until then."""
    running = _in_force(uow, stream.id)
    for offer in earlier:
        keeps = running is not None and running.confirmation_id == offer.id
        if not keeps and offer.status in (IsfStatus.CONFIRMED, IsfStatus.CONFIRMED_WITH_CHANGES):
            uow.change(offer, status=step(IsfStatus(offer.status), "replace").value)
    a = Agreement
    for unsigned in uow.session.execute(
        select(a).where(col(a.stream_id) == stream.id, col(a.status) == AgreementStatus.OPEN.value)
    ).scalars():
        uow.change(unsigned, status=AgreementStatus.REPLACED.value)


_BESIDE = frozenset({"activity", "given_by", "organisation_id", "exempt", "exempt_because", "exempt_on", "exempt_for"})


def plan_hash(uow: UnitOfWork, plan: Plan) -> str:
    """A digest of everything a version of a plan says: another letter anywhere gives another digest."""
    parts: list[object] = [plan.version, plan.about_me, plan.what_matters, plan.contingency]
    for table in (Outcome, PlanService):
        rows = uow.session.execute(
            select(table).where(col(table.plan_id) == plan.id).order_by(col(table.position), col(table.id))
        ).scalars()
        for row in rows:
            said = row.model_dump(mode="json", exclude={"created_at", "created_by", "updated_at", "updated_by",
                                                        "row_version", "status"})  # fmt: skip
            # Who gives regulated care is said beside the plan's words; what was hashed before it was asked stays valid.
            parts.append(sorted(item for item in said.items() if item[0] not in _BESIDE))
    return content_hash(json.dumps(parts, default=str, sort_keys=True))


def withdraw_offer(uow: UnitOfWork, offer_id: UUID) -> None:
    """Take an unanswered offer back: the organisation no longer sees it."""
    offer = _find(uow, offer_id)
    uow.require(Permission.ARRANGEMENT_OFFER, offer)
    uow.change(offer, status=step(IsfStatus(offer.status), "withdraw").value)
    done_with_tasks(uow, offer.phb_id)
    uow.record("isf_withdrawn", about=offer, **told(uow, offer))


def approve_fee(uow: UnitOfWork, offer_id: UUID) -> None:
    """An approver who did not make the offer agrees a fee above the usual; the offer is sent."""
    offer = _find(uow, offer_id)
    uow.require(Permission.ISF_FEE_APPROVE, offer)
    after = step(IsfStatus(offer.status), "approve the fee of")
    uow.change(offer, status=after.value, fee_decided_by=uow.actor.user_id, sent_on=uow.today,
               expires_on=last_day(uow.today))  # fmt: skip
    uow.record("isf_fee_approved", about=offer, **told(uow, offer))


def turn_down_fee(uow: UnitOfWork, offer_id: UUID) -> None:
    """An approver who did not make the offer turns the fee down: the organisation never saw it."""
    offer = _find(uow, offer_id)
    uow.require(Permission.ISF_FEE_APPROVE, offer)
    after = step(IsfStatus(offer.status), "turn down the fee of")
    uow.change(offer, status=after.value, fee_decided_by=uow.actor.user_id)
    name = uow.session.get_one(Organisation, offer.organisation_id).name
    uow.add(Task, icb_id=offer.icb_id, kind="isf_answered", role=Role.CASE_MANAGER.value, phb_id=offer.phb_id,
            sentence=f"An approver turned down the fee of {name}. Make another offer.", due_on=uow.today)  # fmt: skip
    uow.record("isf_fee_turned_down", about=offer, **told(uow, offer))


def _find(uow: UnitOfWork, offer_id: UUID) -> IsfConfirmation:
    """An offer to be decided, with its stream locked first, as everybody locks them."""
    seen = uow.find(IsfConfirmation, offer_id)
    uow.find(Stream, seen.stream_id, lock=True)
    return uow.find(IsfConfirmation, offer_id, lock=True)


def check_standing(uow: UnitOfWork, offer: IsfConfirmation) -> None:
    """Refuse to answer or sign what has lost its ground: the plan replaced, the stream ended, the person died."""
    if uow.session.get_one(Plan, offer.plan_id).status not in (PlanStatus.APPROVED, PlanStatus.ACTIVE):
        raise Refusal("The plan has been replaced since this offer was made. Ask the case manager for a new offer.")
    stream = uow.session.get_one(Stream, offer.stream_id)
    if stream.status not in OFFERABLE:
        raise Refusal("This part of the budget is on hold or has ended, so nothing can be agreed about it now.")
    phb = uow.session.get_one(Phb, offer.phb_id)
    if uow.session.get_one(Person, phb.person_id).died_on is not None:
        raise Refusal("This person has died, so no arrangement can be made. Ask the case manager what happens next.")


def check_care(uow: UnitOfWork, offer: IsfConfirmation) -> None:
    """Refuse an organisation that is not registered for the care it would give or direct (domain.md §1.15)."""
    stream = uow.session.get_one(Stream, offer.stream_id)
    refuse_care(uow, holder_care_problems(uow, stream, uow.session.get_one(Organisation, offer.organisation_id)))


def told(uow: UnitOfWork, offer: IsfConfirmation) -> dict[str, Any]:
    """What history says of an offer, whoever acts: the board's own rows, the organisation's name, the round."""
    phb = uow.session.get_one(Phb, offer.phb_id)
    name = uow.session.get_one(Organisation, offer.organisation_id).name
    return {"icb_id": offer.icb_id, "phb_id": phb.id, "person_id": phb.person_id, "organisation": name,
            "round": offer.round}  # fmt: skip


def done_with_tasks(uow: UnitOfWork, phb_id: UUID) -> None:
    """What waited for the case manager about an offer waits no more."""
    waiting = uow.session.execute(
        select(Task).where(col(Task.phb_id) == phb_id, col(Task.kind).in_(TASKS), col(Task.done_at).is_(None))
    ).scalars()
    for task in waiting.all():
        uow.change(task, done_at=uow.now)
