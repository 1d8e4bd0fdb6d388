"""What the setting up of a stream asks of those who are employed with it."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, label, select
from sqlmodel import col

from phbportal.domain.budgets import EMPLOYING, BudgetStatus
from phbportal.domain.streams import Method
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.workers import Worker

NEVER = date.min


def insurance_columns() -> tuple[Any, ...]:
    """Of a stream: whether it pays anybody's wages, how many work for the person now, how many of them are insured, and
    until when the first of them is."""
    w, line = Worker, BudgetLine
    employs = (
        select(1)
        .select_from(line)
        .join(BudgetVersion, col(BudgetVersion.id) == col(line.budget_id))
        .where(
            col(line.stream_id) == col(Stream.id), col(line.line_type).in_([one.value for one in EMPLOYING]),
            col(BudgetVersion.status) == BudgetStatus.APPROVED.value,
        )
        .exists()
    )  # fmt: skip

    def of_workers(what: Any) -> Any:
        here = (col(w.phb_id) == col(Stream.phb_id)) & col(w.ends_on).is_(None)
        return select(what).where(here).correlate(Stream).scalar_subquery()

    return (
        label("employs", employs), label("people", of_workers(func.count(col(w.id)))),
        label("insured", of_workers(func.count(col(w.insured_until)))),
        label("insured_until", of_workers(func.min(col(w.insured_until)))),
    )  # fmt: skip


def insured_until(row: Any) -> date | None:
    """Until when everybody is insured, as a row with those columns says; ``date.min`` where somebody is not, or nobody
    is written down; None where nobody is paid wages."""
    if row.method != Method.DIRECT_PAYMENT or not row.employs:
        return None
    return row.insured_until if row.people and row.people == row.insured else NEVER
