"""Who pays for a budget: read back, and held against what it comes to (I08)."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.funding import FUNDER_WORDS, Funder, Share, share_problems
from phbportal.domain.money import parse_pounds
from phbportal.domain.quantities import hundredths, parse_hundredths
from phbportal.domain.reading import Reading
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare

BY_PARTS, BY_AMOUNTS = "PARTS", "AMOUNTS"


def shares_of(uow: UnitOfWork, budget_id: UUID) -> list[Share]:
    """The shares of a version of a budget, in the order they were given; none where the board pays for all of it."""
    rows = uow.session.execute(
        select(FundingShare).where(col(FundingShare.budget_id) == budget_id).order_by(col(FundingShare.position))
    ).scalars()
    return [Share(Funder(row.funder), row.weight, row.weekly_pence) for row in rows]


def funding_problems(uow: UnitOfWork, budget: BudgetVersion) -> list[Problem]:
    """What is wrong with who pays: shares in money must come to the budget's week, also after its lines changed."""
    shares = shares_of(uow, budget.id)
    return share_problems(shares, budget.weekly_pence) if shares else []


def read_shares(form: Mapping[str, object]) -> list[Share]:
    """Read the form: parts (60 and 40, or 1, 1 and 1) or amounts a week; an empty answer pays nothing."""
    r = Reading(form)
    way = r.raw("way")
    if way not in (BY_PARTS, BY_AMOUNTS):
        r.problem("Choose parts or amounts of money.", "way")
    shares: list[Share] = []
    for funder in Funder:
        field = funder.value
        if way == BY_PARTS and (part := r.take(field, _part)):
            shares.append(Share(funder, weight=part))
        elif way == BY_AMOUNTS and (pence := r.take(field, parse_pounds)):
            shares.append(Share(funder, pence=pence))
    if not r.problems and not shares:
        r.problem("Enter what at least one of them pays.", Funder.HEALTH.value)
    r.finish()
    return shares


def _part(text: str, *, field: str) -> int:
    """A part in hundredths, so that 33.33 can be one."""
    try:
        return parse_hundredths(text, most=100_000, field=field)
    except Refusal:
        raise Refusal("Enter a number, such as 60, with at most 2 figures after the point.", field=field) from None


def shares_in_words(shares: list[Share]) -> str:
    """The shares, for the history: codes and figures only."""
    return ", ".join(
        f"{FUNDER_WORDS[one.funder].lower()} {hundredths(one.weight or 0)}" if one.pence is None else
        f"{FUNDER_WORDS[one.funder].lower()} in money" for one in shares
    )  # fmt: skip
