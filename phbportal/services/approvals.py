"""Approval: a second person agrees the plan and its money is set aside."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.budgets import BudgetKind, BudgetStatus, year_commitment
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.plans import PlanStatus, step
from phbportal.domain.streams import StreamStatus
from phbportal.policy.permissions import Permission
from phbportal.services.budgets import amounts_of, budget_of_plan, budget_problems, streams_of
from phbportal.services.ledger import post
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan


def approve_plan(uow: UnitOfWork, plan_id: UUID, *, note: str = "") -> None:
    """Approve a signed-off plan and its budget, and set its money aside to 31 March.

    Refuses whoever wrote, submitted or signed the plan (I12), an amount above the approver's limit, a direct
    payment with no consent (I04) or an exclusion (I05), and a budget that does not add up (I07, I09, I18).
    """
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_APPROVE, plan)
    after = step(PlanStatus(plan.status), "approve")
    budget = budget_of_plan(uow, plan.id)
    if budget is None:
        raise Refusal("This plan has no budget. Return it so that one can be written.")
    phb = uow.find(Phb, plan.phb_id, lock=True)
    # A later version that relies on a budget already agreed decides words, not money.
    decides_money = budget.plan_id == plan.id and budget.kind != BudgetKind.OPENING
    streams = [s for s in streams_of(uow, phb.id) if s.status == StreamStatus.PROPOSED] if decides_money else []
    problems = budget_problems(uow, budget) if decides_money else []
    for stream in streams:
        problems += _cannot_start(uow, stream)
    if problems:
        raise Refusal(*problems)
    _replace_earlier(uow, plan)
    uow.change(
        plan, status=after.value, approved_by=uow.actor.user_id, approved_at=uow.now, approval_note=note.strip()[:2000]
    )
    if decides_money:
        uow.change(
            budget, status=BudgetStatus.APPROVED.value, approved_by=uow.actor.user_id, approved_at=uow.now
        )
        for stream in streams:
            uow.change(stream, status=StreamStatus.AGREED.value)
        _allocate_to_year_end(uow, phb, budget, streams)
    if phb.status in MONEY_AGREED - {PhbStatus.SETUP}:
        uow.change(plan, status=step(after, "start").value)
    else:
        uow.change(phb, status=PhbStatus.SETUP.value)
    uow.record(
        "plan_approved", phb_id=phb.id, person_id=phb.person_id, version=plan.version,
        weekly_pence=budget.weekly_pence, one_off_pence=budget.one_off_pence,
    )  # fmt: skip


def allocate(
    uow: UnitOfWork, phb: Phb, budget: BudgetVersion, streams: list[Stream], *, on: date,
    from_day: date | None = None, less_pence: int = 0,
) -> int:  # fmt: skip
    """Set a year's commitment aside: weekly money to 31 March and the one-offs (decisions.md §3). Returns pence.

    ``from_day`` starts the weekly money later than the streams did: an imported budget's past is not set aside again.
    ``less_pence`` is what a payment across 31 March took of this year's money already.
    """
    amounts = amounts_of(streams)
    if from_day is not None:
        amounts = [a.__class__(a.stream, a.weekly_pence, 0, max(a.starts_on, from_day), a.ends_on) for a in amounts]
    amount = year_commitment(amounts, on) - less_pence
    if amount > 0:
        post(
            uow,
            Journal(
                verb=Verb.ALLOCATE, phb_id=phb.id, effective_on=on, reference=f"Budget {budget.version}",
                idempotency_key=f"allocate:{budget.id}:{financial_year(year)[0]}",
                postings=(Posting(outside("icb", phb.icb_id), available(phb.id), amount),),
            ),
        )  # fmt: skip
    return amount
