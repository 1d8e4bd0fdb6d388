"""What somebody may do with a plan as it stands, and why not: for the buttons of a page, before the act asks again."""

from __future__ import annotations

from dataclasses import dataclass

from phbportal.domain.path import BEFORE_PLANNING
from phbportal.domain.phbs import OVER, PhbStatus
from phbportal.domain.plans import EDITABLE, IN_THE_MAKING, STEPS, PlanStatus
from phbportal.policy.actors import Subject
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.phbs import Case
from phbportal.queries.plans import PlanRecord
from phbportal.services.plan_checks import hand_problem, waits_for_finance
from phbportal.services.subjects import subject_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.plans import Plan


@dataclass(frozen=True, slots=True)
class PlanActs:
    """Which acts are open to the actor now; ``because`` says why the next one is not theirs, if it ever could be."""

    start: bool = False
    write: bool = False
    budget: bool = False
    submit: bool = False
    share: bool = False
    sign_off: bool = False
    check: bool = False
    approve: bool = False
    send_back: bool = False
    because: str = ""


def plan_acts(uow: UnitOfWork, case: Case, plan: PlanRecord | None) -> PlanActs:
    """The acts open on the latest plan of a budget, or on a budget that has none: both found in the actor's scope.

    No statement, and those of a decision while a plan is in the making.
    """
    about_phb = Subject(icbs=frozenset({case.icb_id}), person_id=case.person_id)
    may_write = uow.decide(Permission.PLAN_WRITE, about_phb).allowed
    status: PlanStatus | None = plan.status if plan else None
    too_early = case.status in BEFORE_PLANNING - {PhbStatus.INDICATIVE_SET}
    start = may_write and case.status not in OVER and not too_early and status not in IN_THE_MAKING
    if plan is None or status is None or status not in IN_THE_MAKING:  # once decided, only the next can be made
        return PlanActs(start=start)
    plan_id = plan.id
    about = subject_of(uow.session, uow.find(Plan, plan_id), uow.today)

    def may(permission: Permission, verb: str) -> bool:
        return status in STEPS[verb][0] and uow.decide(permission, about).allowed

    signed = status is PlanStatus.CLINICALLY_SIGNED
    waits = signed and waits_for_finance(uow, plan_id)
    hand = hand_problem(uow, plan_id) if signed and not waits and could_ever(uow.actor, Permission.PLAN_APPROVE) else ""
    return PlanActs(
        start=start,
        write=may_write and status in EDITABLE,
        budget=uow.decide(Permission.BUDGET_WRITE, about_phb).allowed and status in EDITABLE,
        submit=may(Permission.PLAN_SUBMIT, "send"),
        share=may(Permission.PLAN_SHARE, "share"),
        sign_off=may(Permission.PLAN_SIGN_OFF, "sign off"),
        check=waits and uow.decide(Permission.PLAN_CHECK, about).allowed,
        approve=not waits and not hand and may(Permission.PLAN_APPROVE, "approve"),
        send_back=may(Permission.PLAN_RETURN, "return"),
        because=hand or _because(uow, status, about, waits),
    )


def _because(uow: UnitOfWork, status: PlanStatus, about: Subject, waits: bool) -> str:
    """Why somebody who decides plans may not decide this one ("" for everybody else)."""
    deciding = {
        PlanStatus.SUBMITTED: Permission.PLAN_SIGN_OFF,
        PlanStatus.CLINICALLY_SIGNED: Permission.PLAN_CHECK if waits else Permission.PLAN_APPROVE,
    }.get(status)
    if waits and could_ever(uow.actor, Permission.PLAN_APPROVE):
        return "Finance has not checked the money of this plan yet. Then it can be approved."
    if deciding is None or not could_ever(uow.actor, deciding):
        return ""
    return uow.decide(deciding, about).because
