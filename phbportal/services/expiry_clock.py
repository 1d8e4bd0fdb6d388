"""What the clock does for what runs out: employer's liability insurance, household exceptions, wheelchair budgets,
streams, and (in ``care_clock``) registrations of providers (domain.md §1.15, §1.18, I03).

Each has a task before its day, by that day: one renewed has another day, and is told of again before that.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.endings import LIVE
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.streams import GOES_ON, StreamStatus
from phbportal.domain.tasks import HOUSEHOLD_REVIEW, INSURANCE_ENDS, NOTHING_RUNS, STREAM_ENDS, WHEELCHAIR_ENDS
from phbportal.domain.text import long_date
from phbportal.services.care_clock import unregistered_care
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.walks import Left, Walk, walked
from phbportal.tables.base import Row
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.wheelchairs import Wheelchair
from phbportal.tables.workers import Worker

INSURANCE_DAYS, EXCEPTION_DAYS, WHEELCHAIR_DAYS, STREAM_DAYS = 28, 14, 91, 56
"""How long before: a policy is renewed in a month; an exception is looked at in two weeks; a chair takes a quarter of a
year to be assessed and made; a plan and its money take eight weeks to be agreed."""
PAID_AFTER_DAYS = 28
"""How long after its last day a stream may still be paid for days before it: one payment cycle."""
RUNS = tuple(status.value for status in GOES_ON)


def run_expiry_clock(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """Set what tasks are due today. Returns how many."""
    walks: tuple[tuple[type[Row], Walk], ...] = (
        (Worker, _insurance), (Worker, _exceptions), (Wheelchair, _wheelchairs), (Stream, _streams),
        (Organisation, unregistered_care),
    )  # fmt: skip
    return sum(walked(engine, table, walk, now, left) for table, walk in walks)


def _insurance(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    w = Worker
    stays = _works_after(uow, w.insured_until)
    rows = _due(uow, w, w.insured_until, INSURANCE_ENDS, INSURANCE_DAYS, after, end, stays)
    return _ask(
        uow, rows, INSURANCE_ENDS,
        "employer’s liability insurance for a personal assistant runs to {due}. See that it is renewed, and record the "
        "new day.",
    )  # fmt: skip


def _exceptions(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A household exception is looked at again by its day (domain.md §1.18); looking at it ends the task."""
    w = Worker
    there = (col(w.excepted_on).is_not(None), _works_after(uow, w.exception_review_on))
    rows = _due(uow, w, w.exception_review_on, HOUSEHOLD_REVIEW, EXCEPTION_DAYS, after, end, *there, anew=True)
    return _ask(
        uow, rows, HOUSEHOLD_REVIEW,
        "somebody of the household is paid by a household exception. Look at it again by {due}: is it still necessary?",
    )  # fmt: skip


def _works_after(uow: UnitOfWork, day: Any) -> Any:
    """Who is still there after a day: what runs out with them is not renewed."""
    last = col(Worker.ends_on)
    return or_(last.is_(None), (last > day) & (last >= uow.today))


def _wheelchairs(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    w = Wheelchair
    rows = _due(uow, w, w.expires_on, WHEELCHAIR_ENDS, WHEELCHAIR_DAYS, after, end, col(w.ended_on).is_(None))
    return _ask(
        uow, rows, WHEELCHAIR_ENDS,
        "the wheelchair budget runs to {due}. Have the person assessed for another chair.",
    )  # fmt: skip


def _streams(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """Before the last day of a stream that nothing follows; on the day after, where then nothing runs in a live budget;
    and when what was owed for its days has had its time, it winds down. One that is being stopped has its decision."""
    s, other = Stream, aliased(Stream)
    live = col(s.status).in_(RUNS)
    goes_on = exists(
        select(1).where(
            col(other.phb_id) == col(s.phb_id), col(other.id) != col(s.id), col(other.status).in_(RUNS),
            or_(col(other.ends_on).is_(None), col(other.ends_on) > col(s.ends_on)),
        )
    )  # fmt: skip
    soon = _due(uow, s, s.ends_on, STREAM_ENDS, STREAM_DAYS, after, end, live, ~goes_on)
    told = _ask(
        uow, soon, STREAM_ENDS,
        "the last day of the money is {due}. Agree what follows with the person, or that nothing does.",
    )  # fmt: skip
    over = _due(uow, s, s.ends_on, NOTHING_RUNS, -1, after, end, live, ~goes_on)
    told += _ask(
        uow, over, NOTHING_RUNS,
        "the budget is live and its money ended on {due}. See that the person has the care they need, then change the "
        "budget or close it.",
    )  # fmt: skip
    return told + _wind_down(uow, after, end)


def _wind_down(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    s = Stream
    due = (
        col(s.id) > after, col(s.id) <= end, col(s.status).in_(RUNS),
        col(s.ends_on) < uow.today - timedelta(days=PAID_AFTER_DAYS),
    )  # fmt: skip
    uow.hold_budgets(col(Phb.id).in_(select(col(s.phb_id)).where(*due)))
    ended = select(s).where(*due).order_by(col(s.id)).with_for_update(key_share=True)
    found = uow.session.execute(ended).scalars().all()
    for stream in found:
        changed = uow.change(stream, status=StreamStatus.WINDING_DOWN.value)
        uow.record_change("stream_over", stream, changed, icb_id=stream.icb_id, phb_id=stream.phb_id,
                          method=stream.method, ends_on=stream.ends_on)  # fmt: skip
    return len(found)


def _due(
    uow: UnitOfWork, table: Any, until: Any, kind: str, days: int, after: UUID, end: UUID, *more: Any,
    anew: bool = False,
) -> list[Any]:  # fmt: skip
    """Rows of live budgets, in a stretch of ids, that run out within so many days (-1: ran out yesterday or before) and
    have no task for that day; ``anew``: none that waits, for the same day may be agreed to once more."""
    waits = (col(Task.done_at).is_(None),) if anew else ()
    asked = exists(
        select(1).where(col(Task.part_id) == table.id, col(Task.kind) == kind, col(Task.due_on) == until, *waits)
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
