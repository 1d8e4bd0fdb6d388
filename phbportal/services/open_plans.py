"""A plan while it is being written: who may write in it, what a change undoes, what a new version begins with."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.plan_parts import RiskFact
from phbportal.domain.planners import InvitationStatus
from phbportal.domain.plans import OutcomeStatus, PlanStatus, check_editable
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Outcome, Plan, PlanService

WORDS = ("about_me", "what_matters", "contingency")
# What a new version takes over of each part, besides its plan, its budget and its place.
COPIED: dict[type[Any], tuple[str, ...]] = {
    PlanSection: ("section", "words", "share"),
    PlanRisk: ("position", "risk", "likelihood", "impact", "mitigation", "owner", "accepted_by", "share"),
    PlanContingency: ("position", "happens", "action", "who", "share"),
    PlanOmission: ("position", "asked_for", "reason", "share"),
}


def open_plan(uow: UnitOfWork, plan_id: UUID) -> Plan:
    """A plan that is being written, locked, with leave to write in it: for staff, and for whoever is asked to write it.

    Refuses a plan that others have begun to rely on (I38).
    """
    plan = uow.find(Plan, plan_id, lock=True) if uow.actor.is_staff else _asked_for(uow, plan_id)
    if uow.actor.is_staff:
        uow.require(Permission.PLAN_WRITE, plan)
    check_editable(PlanStatus(plan.status))
    return plan


def open_plan_of(uow: UnitOfWork, phb_id: UUID) -> Plan:
    """The latest plan of a budget, to write in (see ``open_plan``)."""
    latest = uow.session.execute(
        select(col(Plan.id)).where(col(Plan.phb_id) == phb_id).order_by(col(Plan.version).desc()).limit(1)
    ).scalar_one_or_none()
    if latest is None:
        raise NotFound("There is no plan yet. Start it on the page of the budget first.")
    return open_plan(uow, latest)


def _asked_for(uow: UnitOfWork, plan_id: UUID) -> Plan:
    """The plan a planner is asked to write: through the invitation, for they see no plan in its own right."""
    i = PlanInvitation
    its = select(col(Plan.phb_id)).where(col(Plan.id) == plan_id)
    uow.hold_budgets(col(Phb.id) == its.scalar_subquery())
    invitation = uow.session.execute(
        select(i)
        .where(
            col(i.plan_id) == plan_id, col(i.status) == InvitationStatus.ASKED.value, visible(uow.actor, i, uow.today)
        )
        .with_for_update(key_share=True)
    ).scalar_one_or_none()  # fmt: skip
    if invitation is None:
        raise NotFound()
    uow.require(Permission.PLAN_DRAFT, invitation)
    return uow.session.execute(select(Plan).where(col(Plan.id) == plan_id).with_for_update(key_share=True)).scalar_one()


def unsign(uow: UnitOfWork, plan: Plan) -> None:
    """A plan that is changed is not the one the person signed: the signature is taken off, and history says so."""
    if plan.person_signed_on is None:
        return
    uow.change(plan, person_signed_on=None, person_signed_as=None, person_signed_name=None)
    uow.record("own_signature_off", icb_id=plan.icb_id, phb_id=plan.phb_id, version=plan.version)


def risks_of(uow: UnitOfWork, plan_id: UUID) -> list[RiskFact]:
    """The risks of a plan as the rules see them."""
    r = PlanRisk
    found = uow.session.execute(
        select(col(r.likelihood), col(r.impact), col(r.accepted_by)).where(col(r.plan_id) == plan_id)
    )
    return [RiskFact(*row) for row in found]


def copy_contents(uow: UnitOfWork, old: Plan, new: Plan) -> None:
    """A new version begins with all the one before it said. How far an outcome is goes with it; nobody has signed."""
    uow.change(new, **{name: getattr(old, name) for name in WORDS})
    outcomes: dict[UUID, UUID] = {}
    for one in _of(uow, Outcome, old.id):
        status = one.status if one.status != OutcomeStatus.CHANGED else OutcomeStatus.NOT_STARTED.value
        copy = uow.add(
            Outcome, plan_id=new.id, position=one.position, statement=one.statement, measure=one.measure,
            target_on=one.target_on, status=status, share=one.share,
        )  # fmt: skip
        outcomes[one.id] = copy.id
        uow.record("part_copied", about=copy, phb_id=new.phb_id, version=new.version)
    for one in _of(uow, PlanService, old.id):
        service = uow.add(
            PlanService, plan_id=new.id, outcome_id=outcomes.get(one.outcome_id), position=one.position,
            description=one.description, who=one.who, when=one.when, share=one.share, excused=one.excused,
            excused_because=one.excused_because, activity=one.activity, given_by=one.given_by,
            organisation_id=one.organisation_id, exempt=one.exempt, exempt_because=one.exempt_because,
            exempt_on=one.exempt_on, exempt_for=one.exempt_for,
        )  # fmt: skip
        uow.record("part_copied", about=service, phb_id=new.phb_id, version=new.version)
    for table, names in COPIED.items():
        for one in _of(uow, table, old.id):
            kept = {name: getattr(one, name) for name in names}
            part = uow.add(table, plan_id=new.id, phb_id=new.phb_id, **kept)
            uow.record("part_copied", about=part, phb_id=new.phb_id, version=new.version)


def _of(uow: UnitOfWork, table: Any, plan_id: UUID) -> list[Any]:
    return list(uow.session.execute(select(table).where(table.plan_id == plan_id).order_by(table.id)).scalars())
