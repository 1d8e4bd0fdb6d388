"""What the clock does for what runs out: employer's liability insurance, and wheelchair budgets (domain.md §1.18).

Each has a task before its day, by that day: one renewed has another day, and is told of again before that.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, exists, select
from sqlmodel import col

from phbportal.domain.endings import LIVE
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.tasks import INSURANCE_ENDS, WHEELCHAIR_ENDS
from phbportal.domain.text import long_date
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.walks import Walk, walked
from phbportal.tables.base import Row
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.wheelchairs import Wheelchair
from phbportal.tables.workers import Worker

INSURANCE_DAYS, WHEELCHAIR_DAYS = 28, 91
"""How long before: a policy is renewed in a month; a chair takes a quarter of a year to be assessed and made."""


def run_expiry_clock(engine: Engine, *, now: datetime | None = None) -> int:
    """Set what tasks are due today. Returns how many."""
    walks: tuple[tuple[type[Row], Walk], ...] = ((Worker, _insurance), (Wheelchair, _wheelchairs))
    return sum(walked(engine, table, walk, now) for table, walk in walks)


def _insurance(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    w = Worker
    rows = _due(uow, w, w.insured_until, INSURANCE_ENDS, INSURANCE_DAYS, after, end, col(w.ends_on).is_(None))
    return _ask(
        uow, rows, INSURANCE_ENDS,
        "employer’s liability insurance for a personal assistant runs to {due}. See that it is renewed, and record the "
        "new day.",
    )  # fmt: skip


def _wheelchairs(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    w = Wheelchair
    rows = _due(uow, w, w.expires_on, WHEELCHAIR_ENDS, WHEELCHAIR_DAYS, after, end, col(w.ended_on).is_(None))
    return _ask(
        uow, rows, WHEELCHAIR_ENDS,
        "the wheelchair budget runs to {due}. Have the person assessed for another chair.",
    )  # fmt: skip


def _due(
    uow: UnitOfWork, table: Any, until: Any, kind: str, days: int, after: UUID, end: UUID, *more: Any
) -> list[Any]:
    """Rows of live budgets, in a stretch of ids, that run out within so many days and have no task for that day."""
    asked = exists(
        select(1).where(col(Task.part_id) == table.id, col(Task.kind) == kind, col(Task.due_on) == until)
    )  # fmt: skip
    return list(
        uow.session.execute(
            select(
                col(table.id), table.icb_id, table.phb_id, col(Phb.person_id), col(Phb.reference),
                until.label("due"),
            )
            .join(Phb, col(Phb.id) == table.phb_id)
            .where(
                col(table.id) > after, col(table.id) <= end, until <= uow.today + timedelta(days=days), *more, ~asked,
                col(Phb.status).in_([status.value for status in LIVE]),
            )
            .order_by(col(table.id))
        )
    )  # fmt: skip


def _ask(uow: UnitOfWork, rows: list[Any], kind: str, words: str) -> int:
    new = NewRows(uow, Task)
    for row in rows:
        due: date = row.due
        role = Role.CASE_MANAGER
        task = new.put(
            Task, icb_id=row.icb_id, kind=kind, role=role.value, phb_id=row.phb_id, person_id=row.person_id,
            sentence=f"{row.reference}: {words.format(due=long_date(due))}"[:300], due_on=due, part_id=row.id,
        )  # fmt: skip
        new.record("task_set", icb_id=row.icb_id, about=task, role=ROLE_WORDS[role])
    new.write()
    return len(rows)
