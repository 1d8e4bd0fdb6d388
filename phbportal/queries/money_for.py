"""What a budget's money is for, line by line, in the plain words of those whose budget it is, and whom it pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budgets import LINE_WORDS, BudgetStatus, LineType
from phbportal.domain.money import pounds
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.workers import WorkerView, worker_view
from phbportal.tables.budgets import BudgetLine, BudgetVersion
from phbportal.tables.workers import Worker


@dataclass(frozen=True, slots=True)
class MoneyFor:
    """One line: what it is for, how much, how it was worked out ("" where only the amount was given)."""

    what: str
    amount: str
    how: str


def money_for(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID]) -> dict[UUID, list[MoneyFor]]:
    """The lines of each budget's approved version that holds today, or of the first to come. One statement."""
    b, line = BudgetVersion, BudgetLine
    rows = session.execute(
        select(col(b.phb_id), col(b.version), col(b.starts_on), line)
        .join(b, col(b.id) == col(line.budget_id))
        .where(
            col(b.phb_id).in_(phb_ids), visible(actor, line, today), col(b.status) == BudgetStatus.APPROVED.value
        )
        .order_by(col(b.version), col(line.position))
    )  # fmt: skip
    found: dict[UUID, list[MoneyFor]] = {}
    shown: dict[UUID, int] = {}
    for phb_id, version, starts_on, row in rows:
        if shown.setdefault(phb_id, version) != version:
            if starts_on > today:
                continue  # agreed for later: until then the one before holds
            shown[phb_id], found[phb_id] = version, []
        words = LINE_WORDS[LineType(row.line_type)]
        what = f"{words}: {row.description}" if row.description else words
        found.setdefault(phb_id, []).append(MoneyFor(what, _amount(row), row.working or ""))
    return found


def workers_by_phb(
    session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID]
) -> dict[UUID, list[WorkerView]]:
    """The personal assistants of each budget who have not left. One statement."""
    rows = session.execute(
        select(Worker)
        .where(col(Worker.phb_id).in_(phb_ids), visible(actor, Worker, today))
        .order_by(col(Worker.search_name), col(Worker.id))
    ).scalars()
    found: dict[UUID, list[WorkerView]] = {}
    for row in rows:
        if row.ends_on is None or row.ends_on >= today:
            found.setdefault(row.phb_id, []).append(worker_view(row))
    return found


def _amount(line: BudgetLine) -> str:
    parts = [f"{pounds(line.weekly_pence)} a week"] if line.weekly_pence or not line.one_off_pence else []
    return " and ".join([*parts, *([f"{pounds(line.one_off_pence)} once"] if line.one_off_pence else [])])
