"""What somebody may do with a plan as it stands, and why not: for the buttons of a page, before the act asks again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from phbportal.domain.phbs import ENDED
from phbportal.domain.plans import EDITABLE, IN_THE_MAKING, STEPS, PlanStatus
from phbportal.policy.actors import Subject
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.subjects import subject_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan


@dataclass(frozen=True, slots=True)
class PlanActs:
    """Which acts are open to the actor now; ``because`` says why the next one is not theirs, if it ever could be."""

    start: bool = False
    write: bool = False
    budget: bool = False
    submit: bool = False
    sign_off: bool = False
    approve: bool = False
    send_back: bool = False
    because: str = ""


def plan_acts(uow: UnitOfWork, phb_id: UUID, plan_id: UUID | None) -> PlanActs:
    """The acts open on the latest plan of a budget, or on a budget that has none. A constant number of statements."""
    phb = uow.find(Phb, phb_id)
    plan = uow.find(Plan, plan_id) if plan_id else None
    about_phb = subject_of(uow.session, phb, uow.today)
    may_write = uow.decide(Permission.PLAN_WRITE, about_phb).allowed
    status = PlanStatus(plan.status) if plan else None
    start = may_write and phb.status not in ENDED and status not in IN_THE_MAKING
    if (
        plan is None or status is None or status not in IN_THE_MAKING
    ):  # of a plan that is decided, nothing but the next can be made
        return PlanActs(start=start)
    about = subject_of(uow.session, plan, uow.today)

    def may(permission: Permission, verb: str) -> bool:
        return status in STEPS[verb][0] and uow.decide(permission, about).allowed

    return PlanActs(
        start=start,
        write=may_write and status in EDITABLE,
        budget=uow.decide(Permission.BUDGET_WRITE, about_phb).allowed and status in EDITABLE,
        submit=may(Permission.PLAN_SUBMIT, "submit"),
        sign_off=may(Permission.PLAN_SIGN_OFF, "sign off"),
        approve=may(Permission.PLAN_APPROVE, "approve"),
        send_back=may(Permission.PLAN_RETURN, "return"),
        because=_because(uow, status, about),
    )


def _because(uow: UnitOfWork, status: PlanStatus, about: Subject) -> str:
    """Why somebody who decides plans may not decide this one ("" for everybody else)."""
    deciding = {
        PlanStatus.SUBMITTED: Permission.PLAN_SIGN_OFF,
        PlanStatus.CLINICALLY_SIGNED: Permission.PLAN_APPROVE,
    }.get(status)
    if deciding is None or not could_ever(uow.actor, deciding):
        return ""
    return uow.decide(deciding, about).because
