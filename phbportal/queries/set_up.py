"""What the setting up of a stream asks of those who are employed with it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budgets import EMPLOYING, BudgetStatus
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.workers import Worker

NEVER = date.min


def insured_of(session: Session, stream_ids: Iterable[UUID]) -> dict[UUID, date]:
    """Until when everybody is insured who is employed with these streams, which the caller has found in the actor's
    scope; ``date.min`` where somebody is not, or nobody is written down. A stream that pays nobody's wages is left out.

    One statement, or none.
    """
    wanted = list(stream_ids)
    if not wanted:
        return {}
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
    rows = session.execute(
        select(col(Stream.id), func.count(col(w.id)), func.count(col(w.insured_until)), func.min(col(w.insured_until)))
        .outerjoin(w, and_(col(w.phb_id) == col(Stream.phb_id), col(w.ends_on).is_(None)))
        .where(col(Stream.id).in_(wanted), employs)
        .group_by(col(Stream.id))
    )
    return {
        stream: until if people and people == insured and until else NEVER for stream, people, insured, until in rows
    }
