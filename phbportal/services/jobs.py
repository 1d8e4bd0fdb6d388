"""Work outside an event: a row in ``job`` is claimed by one worker, done, and marked; it survives a restart.

A job whose worker died is claimed again once nobody has touched it for two minutes; whoever does it must therefore be
able to begin it again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, or_, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.settings import Job

log = logging.getLogger("phbportal.jobs")
LOST_AFTER = timedelta(minutes=2)
Do = Callable[[Engine, str, Callable[[int, int], None]], str]
"""Does a job by its payload and says how far it is by (done, total); returns what came of it in a sentence."""


def claim(engine: Engine, kinds: tuple[str, ...], *, now: datetime | None = None) -> tuple[UUID, str, str] | None:
    """Take the oldest job that waits, or that its worker has lost. Returns its id, kind and payload."""
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        lost = (col(Job.status) == "RUNNING") & (col(Job.updated_at) < uow.now - LOST_AFTER)
        job = uow.session.execute(
            select(Job)
            .where(col(Job.kind).in_(kinds), or_(col(Job.status) == "WAITING", lost))
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if job is None:
            return None
        # Marked by its moment even if its status stays: a lost job must look taken at once.
        job.updated_at = uow.now
        uow.change(job, status="RUNNING", done_count=0, outcome="")
        uow.session.flush()
        return job.id, job.kind, job.payload


def run_one(engine: Engine, doers: Mapping[str, Do]) -> bool:
    """Do one job, if one waits. Returns whether there was one."""
    taken = claim(engine, tuple(doers))
    if taken is None:
        return False
    job_id, kind, payload = taken

    def progress(done: int, total: int) -> None:
        with open_unit(engine, SYSTEM, writes=True) as uow:
            uow.change(uow.session.get_one(Job, job_id), done_count=done, total_count=total, updated_at=uow.now)

    try:
        status, outcome = "DONE", doers[kind](engine, payload, progress)
    except Refusal as refusal:
        status, outcome = "FAILED", refusal.problems[0].sentence
    except Exception as error:  # its words may hold a person's
        log.error("job %s failed: %s", kind, type(error).__name__)
        status, outcome = "FAILED", "The portal has a problem. Ask for it again."
    with open_unit(engine, SYSTEM, writes=True) as uow:
        uow.change(uow.session.get_one(Job, job_id), status=status, outcome=outcome, finished_at=uow.now)
    return True
