"""Small worlds on each kind of database. A world is built once a test process, and each test gets a copy of it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text

from phbportal.db import make_engine
from tests.queries.conftest import module_engine, quick_postgres
from tests.services.asking import Paying
from tests.support import journey
from tests.support.journey import Case
from tests.support.postgres import PostgresServer
from tests.support.world import World, make_world

__all__ = ["module_engine", "quick_postgres"]

TODAY = date(2026, 4, 1)
Build = Callable[[World], Any]


@dataclass
class Worlds:
    """Built worlds by database and name, and copies of them."""

    request: pytest.FixtureRequest
    folder: Path
    built: dict[tuple[str, str], tuple[World, Any, str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=itertools.count)

    @contextmanager
    def copy(self, kind: str, name: str, build: Build) -> Iterator[tuple[World, Any]]:
        """A world of its own for one test, and what ``build`` made in it."""
        if (kind, name) not in self.built:
            self.built[kind, name] = self._build(kind, build)
        world, made, template = self.built[kind, name]
        number = next(self.numbers)
        if kind == "sqlite":
            file = self.folder / f"{number}.sqlite3"
            shutil.copy(template, file)
            engine = make_engine(f"sqlite:///{file}")
            yield replace(world, engine=engine), made
            engine.dispose()
            for part in self.folder.glob(f"{file.name}*"):
                part.unlink()
            return
        server: PostgresServer = self.request.getfixturevalue("quick_postgres")
        database = f"copy{number}"
        self._sql(server, f"CREATE DATABASE {database} TEMPLATE {template}")
        engine = make_engine(server.url(database))
        yield replace(world, engine=engine), made
        engine.dispose()
        server.drop(database)

    def _build(self, kind: str, build: Build) -> tuple[World, Any, str]:
        if kind == "sqlite":
            file = self.folder / f"built{len(self.built)}.sqlite3"
            shutil.copy(self.request.getfixturevalue("sqlite_template"), file)
            template, engine = str(file), make_engine(f"sqlite:///{file}")
        else:
            server: PostgresServer = self.request.getfixturevalue("quick_postgres")
            template = server.fresh_database()
            engine = make_engine(server.url(template))
        world = make_world(engine, today=TODAY)
        made = build(world)
        if kind == "sqlite":
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        return world, made, template

    @staticmethod
    def _sql(server: PostgresServer, statement: str) -> None:
        engine = create_engine(server.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(request, tmp_path_factory.mktemp("worlds"))


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: every test of the services runs on both."""
    return request.param


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
