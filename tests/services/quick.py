"""A world in memory, copied in a moment: for properties that want hundreds of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal import tables
from phbportal.db import make_engine
from phbportal.domain.streams import Method
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.ledger import LedgerAccount
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, make_world

STARTS = date(2026, 4, 6)


def _raw(engine: Engine) -> sqlite3.Connection:
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        return raw


@cache
def _template(build: Callable[[World], Any]) -> tuple[World, World, Any]:
    """A built world, one to be used, and what was built. Kept for the process: an engine of one's own each time would
    have every statement compiled anew."""
    built, used = make_engine("sqlite://"), make_engine("sqlite://")
    tables.metadata.create_all(built)
    world = make_world(built, today=date(2026, 4, 1))
    made = build(world)
    return world, replace(world, engine=used), made


@contextmanager
def quick_world(build: Callable[[World], Any]) -> Iterator[tuple[World, Any]]:
    """A world in memory as it was when ``build`` had been done, and what that made. One at a time."""
    template, world, made = _template(build)
    _raw(template.engine).backup(_raw(world.engine))
    yield world, made


def bytes_of(world: World) -> bytes:
    """The whole database, byte by byte: the same before and after an act that wrote nothing."""
    return _raw(world.engine).serialize()


def kept(world: World) -> dict[str, int]:
    """Every kept balance by path."""
    with world.unit(world.finance, writes=False) as uow:
        return kept_in(uow)


def kept_in(uow: UnitOfWork) -> dict[str, int]:
    """Every kept balance by path, as one unit of work sees it."""
    found = uow.session.execute(select(col(LedgerAccount.path), col(LedgerAccount.balance_pence)))
    return {row[0]: row[1] for row in found}


def mixed(world: World) -> Case:
    """T09, approved: notional nights of £400.00 a week and direct payment days of £650.00, bank details approved."""
    case = journey.approved(
        world, StreamPlan(Method.NOTIONAL, 40_000, starts_on=STARTS),
        StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=STARTS),
    )  # fmt: skip
    journey.account(world, case.streams[1])
    return case
