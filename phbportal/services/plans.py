"""The plan: written, submitted, signed off by a clinician, approved by another person, or returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.budgets import BudgetKind
from phbportal.domain.errors import Refusal
from phbportal.domain.phbs import ENDED, MONEY_AGREED, OVER, PhbStatus
from phbportal.domain.plan_parts import risk_problem
from phbportal.domain.plans import (
    IN_THE_MAKING,
    OutcomeStatus,
    PlanContents,
    PlanStatus,
    RegistrationBody,
    Share,
    step,
    submit_problems,
)
from phbportal.domain.reading import Reading, given
from phbportal.domain.regulated_care import Activity, GivenBy
from phbportal.domain.tasks import PLAN_HANDED_IN
from phbportal.policy.actors import Actor
from phbportal.policy.permissions import Permission
from phbportal.services.budgets import budget_of_plan, budget_problems, recount
from phbportal.services.exclusions import refuse_excluded
from phbportal.services.indicative import enter_planning
from phbportal.services.needs import latest_assessment
from phbportal.services.open_plans import copy_contents, open_plan, risks_of, unsign
from phbportal.services.registrations import check_registered
from phbportal.services.regulated_care import check_provider, plan_care_problems
from phbportal.services.tasks import over
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, BudgetVersion
from phbportal.tables.path import PlanCheck
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan, PlanService


@dataclass(frozen=True, slots=True)
class PlanEntry:
    about_me: str
    what_matters: str = ""
    contingency: str = ""


@dataclass(frozen=True, slots=True)
class OutcomeEntry:
    statement: str
    measure: str = ""
    target_on: date | None = None
    share: Share = Share.NOBODY


@dataclass(frozen=True, slots=True)
class ServiceEntry:
    description: str
    outcome_id: UUID
    who: str = ""
    when: str = ""
    share: Share = Share.NOBODY
    activity: Activity = Activity.NONE
    given_by: GivenBy | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class SignOffEntry:
    """A clinician's signature: name, registration body and number."""

    name: str
    body: RegistrationBody
    pin: str
    note: str = ""


def read_plan(form: Mapping[str, object]) -> PlanEntry:
    r = Reading(form)
    entry = PlanEntry(
        r.text("about_me", needed="Write what matters to the person.", longest=8000),
        r.text("what_matters", longest=8000),
        r.text("contingency", longest=8000),
    )
    r.finish()
    return entry


def read_outcome(form: Mapping[str, object]) -> OutcomeEntry:
    r = Reading(form)
    entry = OutcomeEntry(
        r.text("statement", needed="Write the outcome the person wants.", longest=500),
        r.text("measure", longest=500),
        r.day("target_on"),
    )
    r.finish()
    return entry


def read_service(form: Mapping[str, object]) -> ServiceEntry:
    r = Reading(form)
    description = r.text("description", needed="Say what will be provided or bought.", longest=500)
    chosen = r.text("outcome", needed="Choose the outcome this is for.")
    outcome_id: UUID | None = None
    try:
        outcome_id = UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose the outcome this is for.", "outcome")
    who, when = r.text("who"), r.text("when")
    activity = r.choice("activity", Activity, needed="Say whether it is care that must be registered.")
    regulated = activity is not None and activity is not Activity.NONE
    by = r.choice("given_by", GivenBy, needed="Choose who gives it.") if regulated and r.raw("given_by") else None
    chosen_by = by is not GivenBy.EMPLOYED and regulated
    organisation = r.take("organisation", chosen_organisation) if chosen_by and r.raw("organisation") else None
    r.finish()
    if organisation is not None:
        by = GivenBy.ORGANISATION
    return ServiceEntry(
        description, given(outcome_id), who, when, activity=given(activity), given_by=by, organisation_id=organisation
    )


def said_by(actor: Actor, entry: ServiceEntry) -> ServiceEntry:
    """A service as somebody may write it: who gives regulated care is for staff to say, whatever a planner sends."""
    return entry if actor.is_staff else replace(entry, given_by=None, organisation_id=None)


def chosen_organisation(text: str, *, field: str) -> UUID:
    """The id of an organisation that was found and chosen."""
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("Choose one of the organisations found.", field=field) from None


def read_sign_off(form: Mapping[str, object]) -> SignOffEntry:
    """Name, body and registration number of the clinician who signs."""
    r = Reading(form)
    name = r.text("name", needed="Enter your full name.")
    body = r.choice("body", RegistrationBody, needed="Choose the body you are registered with.")
    pin = r.text("pin", needed="Enter your registration number.", longest=20)
    note = r.text("note", longest=2000)
    if body and pin:
        try:
            pin = identifiers.registration_pin(body.value, pin, field="pin")
        except Refusal as refusal:
            r.problems.extend(refusal.problems)
    r.finish()
    return SignOffEntry(name, given(body), pin, note)


def start_plan(uow: UnitOfWork, phb_id: UUID) -> Plan:
    """The plan being written for a budget: the open one, or a new version."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.PLAN_WRITE, phb)
    if phb.status in OVER:
        how = "has ended" if phb.status in ENDED else "is being closed"
        raise Refusal(f"This budget {how}, so a plan cannot be written for it.")
    plans = uow.session.execute(
        select(Plan).where(col(Plan.phb_id) == phb.id).order_by(col(Plan.version).desc())
    ).scalars()
    latest = next(iter(plans), None)
    if latest and latest.status in IN_THE_MAKING:
        return latest
    enter_planning(uow, phb)
    plan = uow.add(
        Plan, phb_id=phb.id, icb_id=phb.icb_id, version=(latest.version if latest else 0) + 1,
        status=PlanStatus.DRAFT.value, written_by=uow.actor.user_id,
        assessment_id=latest_assessment(uow, phb.person_id),
    )  # fmt: skip
    if latest is not None:
        copy_contents(uow, latest, plan)
    uow.record("plan_started", about=plan, phb_id=phb.id, person_id=phb.person_id, version=plan.version)
    return plan


def write_plan(uow: UnitOfWork, plan_id: UUID, entry: PlanEntry, *, seen_version: int) -> None:
    """Change the words of a plan, unless somebody else did since the form was opened."""
    plan = open_plan(uow, plan_id)
    words = ("about_me", "what_matters", "contingency")
    uow.check_version(
        plan, seen_version,
        theirs={name: getattr(plan, name) for name in words}, mine={name: getattr(entry, name) for name in words},
    )  # fmt: skip
    if uow.change(plan, **{name: getattr(entry, name) for name in words}):
        unsign(uow, plan)
        uow.record("plan_written", about=plan, icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version)


def _next_position(uow: UnitOfWork, table: type[Outcome] | type[PlanService], plan_id: UUID) -> int:
    return 1 + (
        uow.session.execute(select(func.max(table.position)).where(col(table.plan_id) == plan_id)).scalar_one() or 0
    )


def add_outcome(uow: UnitOfWork, plan_id: UUID, entry: OutcomeEntry) -> UUID:
    """Add an outcome to a plan that is being written."""
    plan = open_plan(uow, plan_id)
    row = uow.add(
        Outcome, plan_id=plan.id, position=_next_position(uow, Outcome, plan.id), statement=entry.statement,
        measure=entry.measure, target_on=entry.target_on, status=OutcomeStatus.NOT_STARTED.value,
        share=entry.share.value,
    )  # fmt: skip
    uow.change(plan, written_by=plan.written_by or uow.actor.user_id)
    unsign(uow, plan)
    uow.record("outcome_added", about=row, icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version)
    return row.id


def add_service(uow: UnitOfWork, plan_id: UUID, entry: ServiceEntry) -> UUID:
    """Add a service to a plan that is being written, for one of its outcomes.

    Refuses, beside the description, what looks as if the money could not buy it (§1.8): for that there is
    ``services/excuses.py``, and a second person.
    """
    plan, entry = open_plan(uow, plan_id), said_by(uow.actor, entry)
    refuse_excluded(uow, plan.icb_id, entry.description, field="description")
    check_provider(uow, entry.activity, entry.organisation_id)
    return put_service(uow, plan, entry).id


def put_service(
    uow: UnitOfWork, plan: Plan, entry: ServiceEntry, *, excused: str = "", because: str = ""
) -> PlanService:
    """Write a service of an open plan, for which leave was asked; ``excused`` are the codes of the rules two people
    agreed it does not break, and ``because`` why."""
    outcome = uow.session.get(Outcome, entry.outcome_id)
    if outcome is None or outcome.plan_id != plan.id:
        raise Refusal("Choose an outcome of this plan.", field="outcome")
    row = uow.add(
        PlanService, plan_id=plan.id, outcome_id=outcome.id, position=_next_position(uow, PlanService, plan.id),
        description=entry.description, who=entry.who, when=entry.when, share=entry.share.value,
        excused=excused or None, excused_because=because or None, activity=entry.activity.value,
        given_by=entry.given_by.value if entry.given_by else None, organisation_id=entry.organisation_id,
    )  # fmt: skip
    unsign(uow, plan)
    uow.record("service_added", about=row, icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version)
    return row


def contents(uow: UnitOfWork, plan: Plan) -> PlanContents:
    """What the plan holds, as the rules count it."""
    count = uow.session.execute

    outcomes = count(select(func.count()).where(col(Outcome.plan_id) == plan.id)).scalar_one()
    services = count(select(func.count()).where(col(PlanService.plan_id) == plan.id)).scalar_one()
    orphans = count(
        select(func.count()).where(col(PlanService.plan_id) == plan.id, col(PlanService.outcome_id).is_(None))
    ).scalar_one()
    paid = select(col(BudgetLine.plan_service_id)).join(
        BudgetVersion, col(BudgetVersion.id) == col(BudgetLine.budget_id)
    ).where(col(BudgetVersion.plan_id) == plan.id, col(BudgetLine.plan_service_id).is_not(None))  # fmt: skip
    unpaid = count(
        select(func.count()).where(col(PlanService.plan_id) == plan.id, col(PlanService.id).not_in(paid))
    ).scalar_one()
    budget = budget_of_plan(uow, plan.id)
    if budget is not None and (budget.plan_id != plan.id or budget.kind == BudgetKind.CHANGE):
        unpaid = 0  # the money was agreed, or brought in, before this version: its lines are not this plan's
    return PlanContents(plan.about_me, outcomes, services, orphans, unpaid)


def submit_plan(uow: UnitOfWork, plan_id: UUID) -> None:
    """Send a plan and its budget for clinical sign-off, once they are whole and add up."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_SUBMIT, plan)
    after = step(PlanStatus(plan.status), "send")
    problems = submit_problems(contents(uow, plan)) + plan_care_problems(uow, plan)
    budget = budget_of_plan(uow, plan.id)
    if budget is None:
        raise Refusal(*problems, "Write the budget before you send the plan.")
    its_own = budget.plan_id == plan.id
    if its_own:
        if budget.kind == BudgetKind.CHANGE:
            recount(uow, budget)  # what runs may have changed since it was written
        problems += budget_problems(uow, budget)
    if problems:
        raise Refusal(*problems)
    uow.change(plan, status=after.value, submitted_by=uow.actor.user_id, submitted_at=uow.now, return_reason="")
    if its_own:
        uow.change(budget, status="SUBMITTED")
    _move_phb(uow, plan, PhbStatus.CLINICAL_REVIEW)
    uow.record("plan_submitted", about=plan, phb_id=plan.phb_id, version=plan.version)
    over(uow, plan.phb_id, PLAN_HANDED_IN)


def sign_off_plan(uow: UnitOfWork, plan_id: UUID, entry: SignOffEntry) -> None:
    """A clinician signs whose registration the board has checked and which has not lapsed: name, body and number are
    kept with the plan."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_SIGN_OFF, plan)
    after = step(PlanStatus(plan.status), "sign off")
    check_registered(uow, entry.body, entry.pin)
    if problem := risk_problem(risks_of(uow, plan.id)):
        raise Refusal(problem)
    uow.change(
        plan, status=after.value, signed_by=uow.actor.user_id, signed_name=entry.name, signed_body=entry.body.value,
        signed_pin=entry.pin, signed_on=uow.today, sign_off_note=entry.note,
    )  # fmt: skip
    _move_phb(uow, plan, PhbStatus.FINANCE_REVIEW)
    uow.record("plan_signed_off", about=plan, phb_id=plan.phb_id, version=plan.version, body=entry.body.value)


def return_plan(uow: UnitOfWork, plan_id: UUID, *, reason: str) -> None:
    """Send a plan back to its writer, saying what to change."""
    if len(reason.strip()) < 10:
        raise Refusal("Say what should be changed, in a sentence.", field="reason")
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_RETURN, plan)
    after = step(PlanStatus(plan.status), "return")
    budget = uow.session.execute(
        select(BudgetVersion).where(col(BudgetVersion.plan_id) == plan.id, col(BudgetVersion.status) == "SUBMITTED")
    ).scalar_one_or_none()
    uow.change(
        plan, status=after.value, return_reason=reason.strip()[:2000], signed_by=None, signed_name="",
        signed_body="", signed_pin="", signed_on=None,
    )  # fmt: skip
    if budget is not None:
        uow.change(budget, status="DRAFT")
    _end_checks(uow, plan)
    _move_phb(uow, plan, PhbStatus.RETURNED)
    uow.record("plan_returned", about=plan, phb_id=plan.phb_id, version=plan.version)


def _end_checks(uow: UnitOfWork, plan: Plan) -> None:
    """A returned plan is checked anew: what finance or a first approver said of it before does not stand."""
    c = PlanCheck
    found = select(c).where(col(c.plan_id) == plan.id, col(c.standing).is_(True))
    for row in uow.session.execute(found).scalars().all():
        uow.change(row, standing=False)
        uow.record("plan_check_ended", about=row, phb_id=plan.phb_id, version=plan.version)


def _move_phb(uow: UnitOfWork, plan: Plan, status: PhbStatus) -> None:
    """Move the case with its first plan; once its money is agreed it stays while a new version is decided."""
    phb = uow.find(Phb, plan.phb_id, lock=True)
    check_not_ended(phb)
    if phb.status not in MONEY_AGREED:
        uow.change(phb, status=status.value)


def check_not_ended(phb: Phb) -> None:
    """A plan that was on its way when its budget was refused, or closed, goes no further: it would open it again."""
    if phb.status in ENDED:
        raise Refusal("This budget has ended, so nothing more can be decided about its plan.")
