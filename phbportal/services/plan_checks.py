"""Who has checked a plan before it is approved: finance its money, and the first of a panel's two approvers."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.indicative import tolerance_problem
from phbportal.domain.path import TOLD_BEFORE, Feature, FeatureFacts, feature_problems, features
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.plans import PLAN_STATUS_WORDS, PlanStatus
from phbportal.domain.reading import Reading
from phbportal.policy.permissions import Permission
from phbportal.services.approvers import may_still_approve
from phbportal.services.budgets import budget_of_plan, budget_problems
from phbportal.services.indicative import indicative_of
from phbportal.services.plans import check_not_ended, contents
from phbportal.services.policies import plan_year, whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.path import PlanCheck
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

FINANCE, APPROVAL = "FINANCE", "APPROVAL"
CHECKS = {
    "funding": "Say that the money is there: whose it is, and which budget of the board it comes from.",
    "rates": "Say that the rates are those of the day, on-costs included.",
    "full_cost": "Say that the budget covers the full cost of what the plan asks for.",
}
"""What finance looks at, each with the sentence for a box that was not ticked (domain.md §3.1, step 6)."""


def read_check(form: Mapping[str, object]) -> str:
    """Read the form of the finance check; returns the note."""
    r = Reading(form)
    for name, sentence in CHECKS.items():
        if not r.yes(name):
            r.problem(sentence, name)
    note = r.text("note", needed="Write what you checked, in a sentence or two.", longest=2000)
    r.finish()
    return note


def standing_check(uow: UnitOfWork, plan_id: UUID, kind: str) -> PlanCheck | None:
    """The check of a kind that stands for a plan; one made before the plan was returned does not."""
    c = PlanCheck
    found = select(c).where(col(c.plan_id) == plan_id, col(c.kind) == kind, col(c.standing).is_(True))
    return uow.session.execute(found.order_by(col(c.id).desc()).limit(1)).scalar_one_or_none()


def waits_for_finance(uow: UnitOfWork, plan_id: UUID) -> bool:
    """Whether a plan brings money of its own that finance has not checked. One statement."""
    own = select(col(BudgetVersion.id)).where(col(BudgetVersion.plan_id) == plan_id)
    c = PlanCheck
    checked = select(1).where(col(c.plan_id) == plan_id, col(c.kind) == FINANCE, col(c.standing).is_(True)).exists()
    return uow.session.execute(own.where(~checked).limit(1)).first() is not None


def check_money(uow: UnitOfWork, plan_id: UUID, *, note: str) -> None:
    """Finance's own look at a signed-off plan: funding, rates, and that it adds up. Nobody checks what they wrote."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_CHECK, plan)
    if plan.status != PlanStatus.CLINICALLY_SIGNED:
        words = PLAN_STATUS_WORDS[PlanStatus(plan.status)]
        raise Refusal(f"You cannot check this plan: it is now “{words}”. Reload the page.")
    if standing_check(uow, plan.id, FINANCE) is not None:
        raise Refusal("The money of this plan has been checked already. Reload the page.")
    if len(note.strip()) < 5:
        raise Refusal("Write what you checked, in a sentence or two.", field="note")
    budget = budget_of_plan(uow, plan.id)
    if budget is None:
        raise Refusal("This plan has no budget. Return it so that one can be written.")
    if budget.plan_id == plan.id:
        refuse_if(budget_problems(uow, budget))
    phb = uow.find(Phb, plan.phb_id, lock=True)
    check_not_ended(phb)
    row = _add(uow, plan, budget, FINANCE, note)
    if phb.status not in MONEY_AGREED:
        uow.change(phb, status=PhbStatus.PANEL.value)
    uow.record("plan_checked", about=row, phb_id=phb.id, person_id=phb.person_id, version=plan.version)


def _add(uow: UnitOfWork, plan: Plan, budget: BudgetVersion, kind: str, note: str) -> PlanCheck:
    return uow.add(
        PlanCheck, icb_id=plan.icb_id, phb_id=plan.phb_id, plan_id=plan.id, kind=kind, made_by=uow.actor.user_id,
        made_on=uow.today, weekly_pence=budget.weekly_pence, one_off_pence=budget.one_off_pence,
        note=note.strip()[:2000],
    )  # fmt: skip


def approve_first(uow: UnitOfWork, plan: Plan, budget: BudgetVersion, *, note: str) -> None:
    """The first of a panel's two: nothing is set aside before somebody else approves too."""
    uow.require(Permission.PLAN_APPROVE, plan)
    row = _add(uow, plan, budget, APPROVAL, note)
    uow.record("plan_approved_first", about=row, phb_id=plan.phb_id, version=plan.version,
               weekly_pence=budget.weekly_pence, one_off_pence=budget.one_off_pence)  # fmt: skip


def first_approval(uow: UnitOfWork, plan: Plan) -> PlanCheck | None:
    """The first approval, if whoever gave it may still approve this much; one whose limit dropped counts no more."""
    first = standing_check(uow, plan.id, APPROVAL)
    if first is None or first.made_by is None:
        return None
    return first if may_still_approve(uow, first.made_by, plan.icb_id, first.weekly_pence) else None


def hand_problem(uow: UnitOfWork, plan_id: UUID) -> str:
    """Why the actor's earlier part in a plan keeps them from approving it now ("" where it does not)."""
    check, first = standing_check(uow, plan_id, FINANCE), standing_check(uow, plan_id, APPROVAL)
    if check is not None and check.made_by == uow.actor.user_id:
        return "You checked the money of this plan, so someone else must approve it."
    if first is not None and first.made_by == uow.actor.user_id:
        return "You have approved this plan. It is above what one person approves, so another approver must too."
    return ""


def approval_problems(uow: UnitOfWork, plan: Plan, budget: BudgetVersion, *, note: str) -> list[Problem]:
    """What keeps a plan's money from being agreed: no finance check, one of the six features, the tolerance."""
    problems: list[Problem] = []
    check = standing_check(uow, plan.id, FINANCE)
    if check is not None and (check.weekly_pence, check.one_off_pence) != (budget.weekly_pence, budget.one_off_pence):
        problems.append(Problem("The budget is not what it was when finance checked it. Return the plan."))
    told = indicative_of(uow, plan.phb_id)
    found = features_of(uow, plan)
    if told is None and budget.kind == BudgetKind.CHANGE:
        # It was brought in while it ran: what was told before its planning began is not the portal's to ask for.
        found = tuple(one for one in found if one.words not in TOLD_BEFORE)
    problems += feature_problems(found)
    if told is not None:
        tolerance = tolerance_problem(
            note, indicative_weekly=told.weekly_pence, indicative_one_off=told.one_off_pence,
            final_weekly=budget.weekly_pence, final_one_off=budget.one_off_pence,
            tolerance_percent=whole_setting(uow, plan.icb_id, "indicative_tolerance_pct"),
            year=plan_year(uow, plan.icb_id),
        )  # fmt: skip
        problems += [tolerance] if tolerance else []
    return problems


def features_of(uow: UnitOfWork, plan: Plan) -> tuple[Feature, ...]:
    """The six features of a budget whose plan this is, as the rows say."""
    held, told = contents(uow, plan), indicative_of(uow, plan.phb_id)
    return features(
        FeatureFacts(
            about_me=bool(held.about_me.strip()),
            outcomes=held.outcomes,
            told_amount=told is not None and told.shown_on is not None,
            covers_full_cost=standing_check(uow, plan.id, FINANCE) is not None,
            choices_explained=told is not None and told.choices_explained,
            spending_explained=told is not None and told.spending_explained,
        )
    )


def plan_features(uow: UnitOfWork, plan_id: UUID) -> tuple[Feature, ...]:
    """The six features of a plan's budget, for whoever may read the plan."""
    return features_of(uow, uow.find(Plan, plan_id))
