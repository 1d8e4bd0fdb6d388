"""Work outside an event: a row in ``job`` is claimed by one worker, done, and marked; it survives a restart.

Several workers may be at it side by side, in this process or in others. A job belongs to whoever claimed it last, which
its version says, for as long as they are heard of: every twenty seconds, and when they say how far they are. One of
which nothing was heard for two minutes is claimed again; whoever does a job must be able to begin it again. One whose
worker was lost three times is begun no more: it has failed (ADR 0038). Of a job that fails, what it was about says so,
in the transaction that marks the job: only whoever holds a job says that it has failed.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread
from types import MappingProxyType, TracebackType
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Engine, exists, or_, select, text, update
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.settings import Job

log = logging.getLogger("phbportal.jobs")
LOST_AFTER = timedelta(minutes=2)
HEARD_EVERY_SECONDS = 20
MOST_LOST = 3
"""Times a job is begun by workers of which nothing is heard again; most likely it is what ends them."""
LOST = "The portal stopped three times while it was doing this. Unless somebody stopped it, it needs more memory."
OURS = "The portal has a problem."
_CLAIMING = 3_805_141_912
"""What claims are taken by turns under, on PostgreSQL; any number that means nothing else."""
Do = Callable[[Engine, str, Callable[[int, int], None]], str]
"""Does a job by its payload and says how far it is by (done, total); returns what came of it in a sentence. To say how
far it is may raise LetGo, which is to be passed on."""
GiveUp = Callable[[UnitOfWork, str, str], None]
"""Says of what a job is about, by its payload, that it has failed, why (``LOST``, ``OURS`` or the words of a refusal)
and what to do. What has moved on since is left as it is."""

_TELLS_NOBODY: Mapping[str, GiveUp] = MappingProxyType({})


class LetGo(Exception):
    """A job is to be left as it stands, for it is to be begun again: its worker ends, or has lost it to another."""


class Taken(NamedTuple):
    """A job as it was claimed; it is its worker's as long as it has this version."""

    id: UUID
    kind: str
    payload: str
    version: int
    lost: int = 0
    """How often a worker began it before and was lost."""


class Ending:
    """Whether a worker is to end. What it is doing is let go of where it can be, and goes back to those that wait."""

    def __init__(self) -> None:
        self._asked = Event()
        self._held: Held | None = None

    def ask(self) -> None:
        """End after the stretch that is being worked on."""
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def rest(self, seconds: int) -> bool:
        """Wait, unless the worker is to end. Returns whether it is."""
        return self._asked.wait(seconds)

    def holds(self, held: Held | None) -> None:
        """What is being done from now on."""
        self._held = held

    def give_back(self) -> None:
        """Give back what is being done, from another thread: for a worker that ends at once, with all it has open."""
        if (held := self._held) is not None:
            held.give_back()


class Held:
    """A job somebody is doing, who is heard of until the block ends."""

    def __init__(self, engine: Engine, taken: Taken, ending: Ending) -> None:
        self._engine, self._taken, self._ending = engine, taken, ending
        self._over = Event()
        self._heard = Thread(target=self._be_heard, name="job", daemon=True)

    def __enter__(self) -> Held:
        self._heard.start()
        self._ending.holds(self)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._ending.holds(None)
        self._over.set()
        self._heard.join()

    def tell(self, done: int, total: int) -> None:
        """Say how far it is. Raises LetGo if it is somebody else’s by now, or its worker is to end."""
        try:
            self._mark(done_count=done, total_count=total)
        except Refusal:  # the database is busy: the next time says it
            log.info("job %s: how far it is could not be said", self._taken.kind)
        if self._ending.asked:
            raise LetGo()

    def finish(self, outcome: str) -> None:
        """Write down what came of it. Raises LetGo if it is somebody else’s by now."""
        with open_unit(self._engine, SYSTEM, writes=True) as uow:
            self._mark_in(uow, status="DONE", outcome=outcome, finished_at=uow.now)

    def fail(self, why: str, give_up: GiveUp | None) -> None:
        """Write down that it has failed, and have it said of what it is about. Raises LetGo if it is somebody else’s by
        now, Refusal where what it is about is held by somebody."""
        try:
            with open_unit(self._engine, SYSTEM, writes=True) as uow:
                self._failed_in(uow, why)
                if give_up is not None:
                    give_up(uow, self._taken.payload, why)
        except (LetGo, Refusal, DBAPIError):
            raise
        except Exception as error:  # a fault of ours: it has failed nevertheless
            log.error("job %s failed and could not say so: %s", self._taken.kind, type(error).__name__)
            with open_unit(self._engine, SYSTEM, writes=True) as uow:
                self._failed_in(uow, why)

    def _failed_in(self, uow: UnitOfWork, why: str) -> None:
        self._mark_in(uow, status="FAILED", outcome=why, finished_at=uow.now)

    def _mark(self, **values: Any) -> None:
        with open_unit(self._engine, SYSTEM, writes=True) as uow:
            self._mark_in(uow, **values)

    def _mark_in(self, uow: UnitOfWork, **values: Any) -> None:
        """Write to the row, and be heard of."""
        still_ours = (
            col(Job.id) == self._taken.id, col(Job.row_version) == self._taken.version, col(Job.status) == "RUNNING",
        )  # fmt: skip
        marked = uow.session.execute(
            update(Job).where(*still_ours).values(updated_at=uow.now, **values).returning(col(Job.id))
        )
        if marked.first() is None:
            raise LetGo()

    def give_back(self) -> None:
        """Let somebody else begin it again, at once. One that cannot be given back is theirs in two minutes."""
        try:  # in good order, so this time does not count
            self._mark(status="WAITING", done_count=0, attempts=self._taken.lost)
        except (LetGo, Refusal, SQLAlchemyError) as error:
            log.warning("job %s was not given back: %s", self._taken.kind, type(error).__name__)

    def _be_heard(self) -> None:
        while not self._over.wait(HEARD_EVERY_SECONDS):
            try:
                self._mark()
            except LetGo:
                log.warning("job %s is somebody else’s by now", self._taken.kind)
                return
            except (Refusal, SQLAlchemyError) as error:  # busy, or away: there are five more times
                log.info("job %s: not heard of this time: %s", self._taken.kind, type(error).__name__)


def claim(engine: Engine, kinds: tuple[str, ...], *, now: datetime | None = None) -> Taken | None:
    """Take the oldest job that waits, or that its worker has lost, and about whose matter nobody is at work: a file is
    not taken back while it is brought in. None if there is none."""
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        _by_turns(uow)
        heard_of = uow.now - LOST_AFTER
        other = aliased(Job)
        at_work = exists().where(
            col(other.status) == "RUNNING", col(other.updated_at) >= heard_of,
            col(other.payload) == col(Job.payload), col(other.id) != col(Job.id),
        )  # fmt: skip
        lost = (col(Job.status) == "RUNNING") & (col(Job.updated_at) < heard_of)
        job = uow.session.execute(
            select(Job)
            .where(col(Job.kind).in_(kinds), or_(col(Job.status) == "WAITING", lost), ~at_work)
            .order_by(col(Job.id))
            .limit(1)
            .with_for_update(of=Job, skip_locked=True)
        ).scalar_one_or_none()
        if job is None:
            return None
        # Marked by its moment and its version even if its status stays: a lost job must look taken at once, and
        # whoever lost it must see that.
        job.updated_at, job.row_version = uow.now, job.row_version + 1
        job.status, job.done_count, job.outcome = "RUNNING", 0, ""
        before = job.attempts or 0
        job.attempts = before + 1
        uow.session.flush()
        return Taken(job.id, job.kind, job.payload, job.row_version, before)


def _by_turns(uow: UnitOfWork) -> None:
    """One claim at a time: of two at once neither would see what the other takes. SQLite has one writer anyway."""
    if uow.session.get_bind().dialect.name == "postgresql":
        uow.session.execute(text("SELECT pg_advisory_xact_lock(:claiming)"), {"claiming": _CLAIMING})


def run_one(
    engine: Engine, doers: Mapping[str, Do], ending: Ending | None = None, give_up: Mapping[str, GiveUp] = _TELLS_NOBODY
) -> bool:  # fmt: skip
    """Do one job, if one waits; one whose worker was lost three times is given up instead. ``give_up`` says so, and of
    any other that fails, by its kind. Returns whether there was one."""
    taken = claim(engine, tuple(doers))
    if taken is None:
        return False
    with Held(engine, taken, ending or Ending()) as held:
        try:
            done, said = _what_came(engine, taken, held, doers[taken.kind])
            if done:
                held.finish(said)
            else:
                held.fail(said, give_up.get(taken.kind))
        except (LetGo, Refusal):  # it is somebody else’s by now, or somebody holds what it is about
            held.give_back()
    return True


def _what_came(engine: Engine, taken: Taken, held: Held, do: Do) -> tuple[bool, str]:
    """Do it. Returns whether it is done, and what came of it or why it is not. LetGo where it is to be begun again."""
    if taken.lost >= MOST_LOST:
        log.error("job %s is given up: its worker was lost %s times", taken.kind, taken.lost)
        return False, LOST
    try:
        return True, do(engine, taken.payload, held.tell)
    except LetGo:
        raise
    except Refusal as refusal:
        return False, refusal.problems[0].sentence
    except Exception as error:  # its words may hold a person's
        log.error("job %s failed: %s", taken.kind, type(error).__name__)
        return False, OURS
