"""Walking a whole table by its ids, a stretch at a time: each stretch is read by its ends, so that the hundredth costs
what the first did."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.base import Row

log = logging.getLogger("phbportal.night")
BEFORE_ALL = UUID(int=0)
STRETCH = 1000
TRIES = 3
Walk = Callable[[UnitOfWork, UUID, UUID], int]


def walked(engine: Engine, table: type[Row], walk: Walk, now: datetime | None) -> int:
    """Every row of a table by its id, each stretch in a transaction of its own. Returns what ``walk`` did, in sum.

    A stretch that loses a race with somebody at work is walked again, twice at most; then its Refusal is raised.
    """
    done, after, tries = 0, BEFORE_ALL, TRIES
    while True:
        try:
            with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
                end = end_of_stretch(uow, table, after, STRETCH)
                did = walk(uow, after, end) if end else 0
        except Refusal:
            tries -= 1
            if not tries:
                raise
            continue
        if end is None:
            return done
        done, after, tries = done + did, end, TRIES


def by_itself(engine: Engine, act: Callable[[UnitOfWork], int], what: str, row_id: UUID, now: datetime | None) -> int:
    """One act of the night, in a transaction of its own. What is refused is left for the next night, and keeps nothing
    else from being done. Returns what ``act`` did."""
    try:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            return act(uow)
    except Refusal:
        log.error("%s %s is left for the next night: it was refused", what, row_id)
        return 0


def end_of_stretch(uow: UnitOfWork, table: type[Row], after: UUID, size: int) -> UUID | None:
    """The last id of the next ``size`` rows beyond an id; None when there are no more. Sees every board's rows: for the
    portal's own nightly work."""
    stretch = select(col(table.id)).where(col(table.id) > after).order_by(col(table.id)).limit(size).subquery()
    return uow.session.execute(select(stretch.c.id).order_by(stretch.c.id.desc()).limit(1)).scalar_one_or_none()
