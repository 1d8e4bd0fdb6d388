"""Who pays which part of a payment: of the payments of its financial year, as they were recorded (T11, ADR 0036)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.funding import FUNDER_WORDS, Funder, shared_on
from phbportal.domain.money import pounds
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.periods import financial_year
from phbportal.domain.quarters import Version, in_force
from phbportal.policy.actors import Actor
from phbportal.queries.funding import AGREED, sharing, versions_in
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare
from phbportal.tables.payments import PaymentItem

NOT_PAID = (PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value)
Parts = Mapping[Funder, int]


def parts_of_payments(session: Session, actor: Actor, today: date, payment_ids: Sequence[UUID]) -> dict[UUID, Parts]:
    """Each funder's part of these payments, in pence, by the version of the budget in force on its first day. One that
    was not paid, or that nobody shares, is absent. One statement."""
    p, b, s = PaymentItem, BudgetVersion, FundingShare
    of = select(col(p.phb_id)).where(visible(actor, p, today), col(p.id).in_(payment_ids))
    share = (
        select(
            col(b.id), col(b.phb_id), col(b.starts_on), col(b.version), col(s.position), col(s.funder), col(s.weight),
            col(s.weekly_pence),
        )
        .outerjoin(s, col(s.budget_id) == col(b.id))
        .where(
            visible(actor, b, today), col(b.status).in_(AGREED), col(b.phb_id).in_(of),
            col(b.phb_id).in_(sharing(actor, today)),
        )
    )  # fmt: skip
    payment = select(
        col(p.id), col(p.phb_id), col(p.period_start), literal(0), literal(0), cast(null(), String),
        cast(null(), Integer), col(p.amount_pence),
    ).where(
        visible(actor, p, today), col(p.phb_id).in_(of), col(p.phb_id).in_(sharing(actor, today)),
        col(p.status).not_in(NOT_PAID),
    )  # fmt: skip
    every: list[Any] = sorted(
        session.execute(union_all(share, payment)), key=lambda row: (row.version, row.id, row.position or 0)
    )
    # A version counts from 1; payments stand before them, as they were recorded.
    rows = [row for row in every if not row.version]
    versions = versions_in(
        (row.phb_id, row.id, row.starts_on, row.funder, row.weight, row.weekly_pence) for row in every if row.version
    )
    asked: Collection[UUID] = set(payment_ids)
    paid: Counter[tuple[UUID, date, Version]] = Counter()
    found: dict[UUID, Parts] = {}
    for row in rows:
        payment_id, phb_id, starts_on, pence = row.id, row.phb_id, row.starts_on, row.weekly_pence
        version = in_force(versions.get(phb_id, []), starts_on)
        if version is None or not any(share.weight or share.pence for share in version.shares):
            continue
        year = phb_id, financial_year(starts_on)[0], version
        if payment_id in asked:
            found[payment_id] = shared_on(paid[year], pence, version.shares)
        paid[year] += pence
    return found


def part_words(parts: Parts) -> str:
    """The parts of a payment: "Health £650.00, Education £433.33, Social care £216.67"."""
    return ", ".join(f"{FUNDER_WORDS[funder]} {pounds(pence)}" for funder, pence in parts.items())
