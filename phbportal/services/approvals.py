"""Approval: a second person agrees the plan and its money is set aside."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind, BudgetStatus, year_commitment
from phbportal.domain.errors import NotAllowed, Problem, Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.path import approvers_needed
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.plans import PlanStatus, step
from phbportal.domain.streams import Method, StreamStatus, start_problems
from phbportal.policy.permissions import Permission
from phbportal.queries.decided import refused_direct_payment
from phbportal.services.budget_versions import carry_over, put_last, replace_versions
from phbportal.services.budgets import budget_of_plan, budget_problems, streams_of
from phbportal.services.facts import stream_fact
from phbportal.services.ledger import post
from phbportal.services.plan_checks import approval_problems, approve_first, first_approval, hand_problem
from phbportal.services.plans import check_not_ended
from phbportal.services.policies import plan_year, whole_setting
from phbportal.services.regulated_care import plan_care_problems
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.year_money import amounts_of, made_good_in, settle_years, taken_early, years_of
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan


def approve_plan(uow: UnitOfWork, plan_id: UUID, *, note: str = "") -> bool:
    """Approve a signed-off plan and its budget, and set its money aside to 31 March.

    Refuses whoever wrote, submitted or signed the plan (I12), an amount above the approver's limit, a direct
    payment with no consent (I04) or an exclusion (I05), a budget that does not add up (I07, I09, I18), one that
    finance has not checked or that lacks one of the six features, and one above the tolerance without a reason.

    Above what one person approves the first only counts as the first of a panel of two: returns False, and nothing
    is set aside before another approver has approved too.
    """
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.PLAN_APPROVE, plan)
    after = step(PlanStatus(plan.status), "approve")
    budget = budget_of_plan(uow, plan.id)
    if budget is None:
        raise Refusal("This plan has no budget. Return it so that one can be written.")
    if barred := hand_problem(uow, plan.id):
        raise NotAllowed(barred)
    phb = uow.find(Phb, plan.phb_id, lock=True)
    check_not_ended(phb)
    # A later version that relies on a budget already agreed decides words, not money.
    decides_money = budget.plan_id == plan.id and budget.kind != BudgetKind.OPENING
    streams = [s for s in streams_of(uow, phb.id) if s.status == StreamStatus.PROPOSED] if decides_money else []
    problems = budget_problems(uow, budget) if decides_money else []
    if decides_money:
        problems += approval_problems(uow, plan, budget, note=note)
    problems += plan_care_problems(uow, plan)
    for stream in streams:
        problems += _cannot_start(uow, stream)
    if problems:
        raise Refusal(*problems)
    if decides_money and _waits_for_another(uow, plan, budget):
        approve_first(uow, plan, budget, note=note)
        return False
    _replace_earlier(uow, plan)
    uow.change(
        plan, status=after.value, approved_by=uow.actor.user_id, approved_at=uow.now, approval_note=note.strip()[:2000]
    )
    if decides_money:
        uow.change(budget, status=BudgetStatus.APPROVED.value, approved_by=uow.actor.user_id, approved_at=uow.now)
        for stream in streams:
            uow.change(stream, status=StreamStatus.AGREED.value)
        if budget.kind == BudgetKind.CHANGE:
            _add_to_running(uow, phb, budget, streams)
        else:
            _allocate_to_year_end(uow, phb, budget, streams)
    if phb.status in MONEY_AGREED - {PhbStatus.SETUP}:
        uow.change(plan, status=step(after, "start").value)
    else:
        uow.change(phb, status=PhbStatus.SETUP.value)
    uow.record(
        "plan_approved", about=plan, phb_id=phb.id, person_id=phb.person_id, version=plan.version,
        weekly_pence=budget.weekly_pence, one_off_pence=budget.one_off_pence,
    )  # fmt: skip
    return True


def _waits_for_another(uow: UnitOfWork, plan: Plan, budget: BudgetVersion) -> bool:
    """Whether this approval is only the first of the two that the board's limit asks for."""
    limit = whole_setting(uow, plan.icb_id, "second_approver_over_weekly_pence")
    needed = approvers_needed(budget.weekly_pence, budget.one_off_pence, limit, plan_year(uow, plan.icb_id))
    return needed > 1 and first_approval(uow, plan) is None


def _cannot_start(uow: UnitOfWork, stream: Stream) -> list[Problem]:
    """What stands in the way of a stream on the day it starts, and today if it has started already (I04, I05)."""
    fact = stream_fact(uow, stream)
    problems = start_problems(fact, stream.starts_on)
    later = start_problems(fact, uow.today) if uow.today > stream.starts_on else []
    refused = refused_direct_payment(uow.session, stream.phb_id) if stream.method == Method.DIRECT_PAYMENT else None
    return [*problems, *(problem for problem in later if problem not in problems), *([refused] if refused else [])]


def _replace_earlier(uow: UnitOfWork, plan: Plan) -> None:
    """One plan of a budget is in force at a time: the one before gives way to the one approved now."""
    earlier = uow.session.execute(
        select(Plan)
        .where(
            col(Plan.phb_id) == plan.phb_id,
            col(Plan.id) != plan.id,
            col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]),
        )
        .with_for_update(key_share=True)
    ).scalars()
    for old in earlier.all():
        uow.change(old, status=step(PlanStatus(old.status), "replace").value)


COSTS = col(Stream.status).not_in([StreamStatus.PROPOSED.value, StreamStatus.CLOSED.value])
"""Nothing is paid by a stream that nobody has agreed yet, nor by one that is closed."""


def _costing(uow: UnitOfWork, budget: BudgetVersion, added: list[Stream], year: date) -> list[Stream]:
    """What a year nothing was set aside for has to pay: every stream, as its night would have had it; only what is
    added where the budget began, or was brought in, after its first day."""
    b = BudgetVersion
    ran = select(col(b.id)).where(col(b.phb_id) == budget.phb_id, col(b.id) != budget.id, col(b.starts_on) <= year,
                                  col(b.approved_at).is_not(None))  # fmt: skip
    if uow.session.execute(ran.limit(1)).first() is None:
        return added
    every = select(Stream).where(col(Stream.phb_id) == budget.phb_id, COSTS).order_by(col(Stream.id))
    return list(uow.session.execute(every).scalars())


def _add_to_running(uow: UnitOfWork, phb: Phb, budget: BudgetVersion, streams: list[Stream]) -> None:
    """What is added to a running budget: its version holds the lines of what goes on too, and the years whose money has
    been set aside, or are over, get what the new streams cost in them. Later years are set aside whole, each on its
    1 April; so is this one, now, where it was not: nothing ran in it before, or that night was missed."""
    put_last(uow, budget)
    carry_over(uow, budget)
    if budget.starts_on <= uow.today:
        replace_versions(uow, budget)
    this, years = financial_year(uow.today)[0], set(years_of(uow, [phb.id]).get(phb.id, ()))
    first = min((financial_year(stream.starts_on)[0] for stream in streams), default=this)
    over = {date(year, this.month, this.day) for year in range(first.year, this.year)}
    if this not in years:
        early = taken_early(uow, [phb.id], this).get(phb.id, 0)
        allocate(uow, phb, budget, _costing(uow, budget, streams, this), on=uow.today, less_pence=early)
    after = {year: year_commitment(amounts_of(streams), year) for year in years | over}
    settle_years(uow, phb, {}, after, key=str(budget.id), words=f"Budget {budget.version}")


def _allocate_to_year_end(uow: UnitOfWork, phb: Phb, budget: BudgetVersion, streams: list[Stream]) -> None:
    """Set aside all that is committed to 31 March: for a start put back before 1 April, the days before it too."""
    on = max(uow.today, budget.starts_on)
    if financial_year(budget.starts_on) != financial_year(on):
        allocate(uow, phb, budget, streams, on=on, year_of=budget.starts_on)
    allocate(uow, phb, budget, streams, on=on)


def allocate(
    uow: UnitOfWork, phb: Phb, budget: BudgetVersion, streams: list[Stream], *, on: date,
    less_pence: int = 0, year_of: date | None = None,
) -> int:  # fmt: skip
    """Set a year's commitment aside: weekly money to 31 March and the one-offs (decisions.md §3). Returns pence.

    The year is the one ``on`` falls in, or the one ``year_of`` does. ``less_pence`` is what a
    payment across 31 March took of this year's money already.
    """
    year = year_of or on
    amount = year_commitment(amounts_of(streams), year) - less_pence
    amount += made_good_in(uow, streams, financial_year(year)[0])
    if amount > 0:
        post(uow, allocation(phb.icb_id, phb.id, budget.id, budget.version, amount, on=on, year_of=year))
    return amount


def allocation(
    icb_id: UUID, phb_id: UUID, budget_id: UUID, version: int, amount_pence: int, *, on: date, year_of: date
) -> Journal:
    """The entry that sets a year's money aside: once for a budget and year, whoever posts it."""
    return Journal(
        verb=Verb.ALLOCATE, phb_id=phb_id, effective_on=on, reference=f"Budget {version}",
        idempotency_key=f"allocate:{budget_id}:{financial_year(year_of)[0]}",
        postings=(Posting(outside("icb", icb_id), available(phb_id), amount_pence),),
    )  # fmt: skip
