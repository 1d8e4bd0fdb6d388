"""Who pays for a budget, to the penny, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.funding import FUNDER_WORDS, Funder, Share, share_out
from phbportal.domain.money import pounds
from phbportal.domain.periods import four_weekly, monthly
from phbportal.domain.quantities import hundredths
from phbportal.domain.quarters import Version
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare


@dataclass(frozen=True, slots=True)
class FunderView:
    """One funder: what was said of their part, and what that comes to a week, in four weeks and, where every stream is
    paid in twelfths, in a month by itself and in a year of 52 weeks ("" otherwise)."""

    funder: str
    part: str
    weekly: str
    four_weekly: str
    month: str = ""
    year: str = ""


def who_pays(
    session: Session, actor: Actor, today: date, budget_id: UUID, weekly_pence: int, *, in_twelfths: bool = False
) -> list[FunderView]:  # fmt: skip
    """The funders of a version of a budget; nobody is named where the board pays for all of it. One statement.

    Each period is shared out by itself, so its parts always come to it (I08).
    """
    rows = session.connection().execute(_shares(actor, today), {"budget": budget_id}).all()
    shares = [Share(Funder(row.funder), row.weight, row.weekly_pence) for row in rows]
    if not any(share.weight or share.pence for share in shares):
        return []
    weekly, cycle = share_out(weekly_pence, shares), share_out(four_weekly(weekly_pence), shares)
    month, year = share_out(monthly(weekly_pence), shares), share_out(weekly_pence * 52, shares)
    return [
        FunderView(
            FUNDER_WORDS[share.funder],
            "An amount" if share.weight is None else f"{hundredths(share.weight)} parts",
            pounds(weekly[share.funder]), pounds(cycle[share.funder]),
            pounds(month[share.funder]) if in_twelfths else "", pounds(year[share.funder]) if in_twelfths else "",
        )
        for share in shares
    ]  # fmt: skip


AGREED = (BudgetStatus.APPROVED.value, BudgetStatus.SUPERSEDED.value)


def agreed_versions(session: Session, actor: Actor, today: date) -> dict[UUID, list[Version]]:
    """The agreed versions of the budgets that have shares, in their order, each with its shares. One statement."""
    b, s = BudgetVersion, FundingShare
    rows: Any = session.execute(
        select(col(b.phb_id), col(b.id), col(b.starts_on), col(s.funder), col(s.weight), col(s.weekly_pence))
        .outerjoin(s, col(s.budget_id) == col(b.id))
        .where(visible(actor, b, today), col(b.status).in_(AGREED), col(b.phb_id).in_(sharing(actor, today)))
        .order_by(col(b.phb_id), col(b.version), col(s.position))
    )
    return versions_in(rows)


def sharing(actor: Actor, today: date) -> Select[UUID]:
    """The budgets of which a version has shares."""
    b, s = BudgetVersion, FundingShare
    return select(col(b.phb_id)).join(s, col(s.budget_id) == col(b.id)).where(visible(actor, s, today))


def versions_in(
    rows: Iterable[tuple[UUID, UUID, date, str | None, int | None, int | None]],
) -> dict[UUID, list[Version]]:
    """Versions by budget from rows in their order: budget, version, first day, funder, weight and pence of a share."""
    found: dict[UUID, dict[UUID, tuple[date, list[Share]]]] = {}
    for phb_id, version_id, starts_on, funder, weight, pence in rows:
        shares = found.setdefault(phb_id, {}).setdefault(version_id, (starts_on, []))[1]
        if funder is not None:  # a version without shares has none
            shares.append(Share(Funder(funder), weight, pence))
    return {of: [Version(on, tuple(shares)) for on, shares in versions.values()] for of, versions in found.items()}


@by_shape
def _shares(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    s = FundingShare
    return (
        select(col(s.funder), col(s.weight), col(s.weekly_pence))
        .where(col(s.budget_id) == bindparam("budget", type_=Uuid()), visible(actor, s, today))
        .order_by(col(s.position))
    )
