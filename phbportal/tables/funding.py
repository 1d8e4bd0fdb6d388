"""Who pays which part of a version of a budget."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.domain.funding import Funder
from phbportal.tables.base import CheckConstraint, Record, link, one_of, pence, text, whole


class FundingShare(Record, table=True):
    """One funder's part: a weight beside the others', or pence a week; never both (decisions.md §3)."""

    __tablename__ = "funding_share"
    __table_args__ = (
        one_of("funding_share", "funder", Funder),
        UniqueConstraint("budget_id", "funder", name="uq_funding_share"),
        CheckConstraint("(weight IS NULL) <> (weekly_pence IS NULL)", name="ck_funding_share_one_way"),
        CheckConstraint("weight IS NULL OR weight >= 0", name="ck_funding_share_weight"),
        CheckConstraint("weekly_pence IS NULL OR weekly_pence >= 0", name="ck_funding_share_weekly_pence"),
    )

    budget_id: UUID = link("budget_version", index=False)
    position: int = whole()
    funder: str = text(length=12)
    weight: int | None = whole(default=None)
    weekly_pence: int | None = pence(default=None)
