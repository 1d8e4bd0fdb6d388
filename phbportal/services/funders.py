"""Setting who pays for a budget, while its plan is being written."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import refuse_if
from phbportal.domain.funding import Share, share_problems
from phbportal.policy.permissions import Permission
from phbportal.services.budgets import draft_budget
from phbportal.services.funding import shares_in_words
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.funding import FundingShare


def set_shares(uow: UnitOfWork, plan_id: UUID, shares: Sequence[Share]) -> None:
    """Say who pays which part of the budget written with a plan, in the place of what was said before.

    Refuses a funder twice, parts beside amounts, and amounts that do not come to what the budget costs a week (I08).
    """
    plan, budget = draft_budget(uow, plan_id)
    uow.require(Permission.BUDGET_WRITE, budget)
    refuse_if(share_problems(shares, budget.weekly_pence))
    for old in uow.session.execute(select(FundingShare).where(col(FundingShare.budget_id) == budget.id)).scalars():
        uow.session.delete(old)
    uow.session.flush()
    for position, share in enumerate(shares, 1):
        uow.add(
            FundingShare, budget_id=budget.id, position=position, funder=share.funder.value, weight=share.weight,
            weekly_pence=share.pence,
        )  # fmt: skip
    uow.record("shares_set", about=budget, phb_id=plan.phb_id, shares=shares_in_words(list(shares)))
