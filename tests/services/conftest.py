"""Small worlds on each kind of database, each test with a copy of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.queries.worlds import TODAY, Worlds, kind, module_engine, quick_postgres, worlds
from tests.services.asking import Paying
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import World, make_world

__all__ = ["Worlds", "kind", "module_engine", "quick_postgres", "worlds"]


@pytest.fixture
def world(worlds: Worlds, kind: str) -> Iterator[World]:
    """Two boards with their staff; today is 1 April 2026."""
    with worlds.copy(kind, "world", lambda _world: None) as (world, _nothing):
        yield world


@pytest.fixture
def drafted(worlds: Worlds, kind: str) -> Iterator[tuple[World, Case]]:
    """A notional budget of £1,250.00 a week, its plan still a draft."""
    with worlds.copy(kind, "drafted", journey.draft) as copy:
        yield copy


@pytest.fixture
def direct(worlds: Worlds, kind: str) -> Iterator[Paying]:
    """T01: £1,250.00 a week from 13 April with £598.00 of start-up costs; bank details approved on 1 April."""

    def build(world: World) -> Case:
        case = journey.approved(world, Paying.DIRECT)
        journey.account(world, case.streams[0])
        return case

    with worlds.copy(kind, "direct", build) as (world, case):
        yield Paying(world, case)


@pytest.fixture
def notional(worlds: Worlds, kind: str) -> Iterator[Paying]:
    """£400.00 a week of nights from 6 April, paid by invoice."""
    with worlds.copy(kind, "notional", lambda world: journey.approved(world, Paying.NIGHTS)) as (world, case):
        yield Paying(world, case)


@pytest.fixture(scope="module")
def shared_world(module_engine: Engine) -> World:
    """The same for all tests of a module: for those that only ask for what must be refused, and write nothing."""
    return make_world(module_engine, today=TODAY)
