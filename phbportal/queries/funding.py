"""Who pays for a budget, to the penny, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.funding import FUNDER_WORDS, Funder, Share, share_out
from phbportal.domain.money import pounds
from phbportal.domain.periods import four_weekly
from phbportal.domain.quantities import hundredths
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.funding import FundingShare


@dataclass(frozen=True, slots=True)
class FunderView:
    """One funder: what was said of their part, and what that comes to a week and in four weeks."""

    funder: str
    part: str
    weekly: str
    four_weekly: str


def who_pays(session: Session, actor: Actor, today: date, budget_id: UUID, weekly_pence: int) -> list[FunderView]:
    """The funders of a version of a budget; nobody is named where the board pays for all of it. One statement.

    Each period is shared out by itself, so its parts always come to it (I08).
    """
    rows = session.connection().execute(_shares(actor, today), {"budget": budget_id}).all()
    shares = [Share(Funder(row.funder), row.weight, row.weekly_pence) for row in rows]
    if not any(share.weight or share.pence for share in shares):
        return []
    weekly, cycle = share_out(weekly_pence, shares), share_out(four_weekly(weekly_pence), shares)
    return [
        FunderView(
            FUNDER_WORDS[share.funder],
            "An amount" if share.weight is None else f"{hundredths(share.weight)} parts",
            pounds(weekly[share.funder]), pounds(cycle[share.funder]),
        )
        for share in shares
    ]  # fmt: skip


@by_shape
def _shares(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    s = FundingShare
    return (
        select(col(s.funder), col(s.weight), col(s.weekly_pence))
        .where(col(s.budget_id) == bindparam("budget", type_=Uuid()), visible(actor, s, today))
        .order_by(col(s.position))
    )
