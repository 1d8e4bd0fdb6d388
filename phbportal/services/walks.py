"""Walking a whole table by its ids, a stretch at a time: each stretch is read by its ends, so that the hundredth costs
what the first did. What somebody is working on is left, keeps nothing else from being done, and is come back to at the
end of the night: once, in halves, so that of a thousand rows only the one that is held is left for the next night.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
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
MOST_REFUSED = 100
"""Refusals of walks, and as many of acts, a night waits for when it comes back, at five seconds each: with somebody at
work everywhere, the rest is left for the next night."""
Walk = Callable[[UnitOfWork, UUID, UUID], int]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a table after one id up to another, and what is to be done with them."""

    table: type[Row]
    walk: Walk
    after: UUID
    end: UUID


@dataclass(frozen=True, slots=True)
class One:
    """One act, what it is called in the log, and the id of the row it is about."""

    act: Callable[[UnitOfWork], int]
    what: str
    row_id: UUID


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the night that goes through its rows itself, and can be begun again."""

    do: Callable[..., int]

    @property
    def name(self) -> str:
        return self.do.__name__.replace("_", " ")


@dataclass(slots=True)
class Left:
    """What was refused so far this night, in the order in which it was due."""

    things: list[Stretch | One | Part] = field(default_factory=list[Stretch | One | Part])

    def of(self, walk: Walk) -> list[Stretch]:
        """The stretches left of one walk."""
        return [one for one in self.things if isinstance(one, Stretch) and one.walk is walk]


def walked(engine: Engine, table: type[Row], walk: Walk, now: datetime | None, left: Left | None = None) -> int:
    """Every row of a table by its id, each stretch in a transaction of its own. Returns what ``walk`` did, in sum.

    A stretch that loses a race with somebody at work is walked again, twice at most; then it is kept in ``left`` and
    the walk goes on, or, without one, its Refusal is raised.
    """
    done, after, tries = 0, BEFORE_ALL, TRIES
    while True:
        try:
            with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
                end = end_of_stretch(uow, table, after, STRETCH)
                did = walk(uow, after, end) if end else 0
        except Refusal:
            tries -= 1
            if tries:
                continue
            if left is None:
                raise
            with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
                end, did = end_of_stretch(uow, table, after, STRETCH), 0
            if end is not None:
                left.things.append(Stretch(table, walk, after, end))
        if end is None:
            return done
        done, after, tries = done + did, end, TRIES


def by_itself(
    engine: Engine, act: Callable[[UnitOfWork], int], what: str, row_id: UUID, now: datetime | None,
    left: Left | None = None,
) -> int:  # fmt: skip
    """One act of the night, in a transaction of its own. What is refused keeps nothing else from being done: it is kept
    in ``left``, or, without one, left for the next night. Returns what ``act`` did."""
    try:
        with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
            return act(uow)
    except Refusal:
        if left is None:
            log.error("%s %s is left for the next night: it was refused", what, row_id)
        else:
            left.things.append(One(act, what, row_id))
        return 0


def part(engine: Engine, do: Callable[..., int], now: datetime | None, left: Left) -> int:
    """A part of the night: if it is refused, what it has done stands, and the rest is kept in ``left``."""
    try:
        return do(engine, now=now)
    except Refusal:
        left.things.append(Part(do))
        return 0


def come_back(engine: Engine, left: Left, now: datetime | None) -> Counter[Walk]:
    """Do what was left, in its order; ``left`` then holds what is left for the next night, which the log says by ids.
    Returns what each walk did."""
    again, left.things = left.things, []
    done, refused = Counter[Walk](), 0
    acts = 0  # counted apart: an act that is refused each night must not cost a year’s money its second try
    waits = list(reversed(again))
    while waits:
        one = waits.pop()
        if isinstance(one, One) and acts < MOST_REFUSED:
            kept = len(left.things)
            by_itself(engine, one.act, one.what, one.row_id, now, left)
            acts += len(left.things) - kept
            continue
        if isinstance(one, Part):
            part(engine, one.do, now, left)
            continue
        if isinstance(one, Stretch) and refused < MOST_REFUSED:
            try:
                with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
                    did = one.walk(uow, one.after, one.end)
                done[one.walk] += did
                continue
            except Refusal:
                refused += 1
                if halves := _halves(engine, one, now):
                    waits += reversed(halves)
                    continue
        left.things.append(one)
    for one in left.things:
        if isinstance(one, One):
            log.error("%s %s is left for the next night: it was refused twice", one.what, one.row_id)
        elif isinstance(one, Part):
            log.error("some of “%s” is left for the next night: it was refused twice", one.name)
        else:
            log.error("%s from %s after %s is left for the next night: it was refused twice",
                      one.table.__name__, one.end, one.after)  # fmt: skip
    return done


def _halves(engine: Engine, whole: Stretch, now: datetime | None) -> list[Stretch]:
    """A stretch as two; nothing of one with a single row, or while the database is too busy to say."""
    of = whole.table
    try:
        with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
            ids = uow.session.execute(
                select(col(of.id)).where(col(of.id) > whole.after, col(of.id) <= whole.end).order_by(col(of.id))
            ).scalars().all()  # fmt: skip
    except Refusal:
        return []
    if len(ids) < 2:
        return []
    middle = ids[len(ids) // 2 - 1]
    return [Stretch(of, whole.walk, whole.after, middle), Stretch(of, whole.walk, middle, whole.end)]


def end_of_stretch(uow: UnitOfWork, table: type[Row], after: UUID, size: int) -> UUID | None:
    """The last id of the next ``size`` rows beyond an id; None when there are no more. Sees every board's rows: for the
    portal's own nightly work."""
    stretch = select(col(table.id)).where(col(table.id) > after).order_by(col(table.id)).limit(size).subquery()
    return uow.session.execute(select(stretch.c.id).order_by(stretch.c.id.desc()).limit(1)).scalar_one_or_none()
