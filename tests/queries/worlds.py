"""Databases and worlds for tests that want many: a world is built once a test process, and each test gets a copy."""

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
from sqlalchemy import Engine, text

from tests.support.engines import engine_at
from tests.support.postgres import PostgresServer
from tests.support.world import World, make_world

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
            engine = engine_at(f"sqlite:///{file}")
            yield replace(world, engine=engine), made
            engine.dispose()
            for part in self.folder.glob(f"{file.name}*"):
                part.unlink()
            return
        server: PostgresServer = self.request.getfixturevalue("quick_postgres")
        database = server.fresh_database(template=template)
        engine = engine_at(server.url(database))
        yield replace(world, engine=engine), made
        engine.dispose()
        server.drop(database)

    def _build(self, kind: str, build: Build) -> tuple[World, Any, str]:
        if kind == "sqlite":
            file = self.folder / f"built{len(self.built)}.sqlite3"
            shutil.copy(self.request.getfixturevalue("sqlite_template"), file)
            template, engine = str(file), engine_at(f"sqlite:///{file}")
        else:
            server: PostgresServer = self.request.getfixturevalue("quick_postgres")
            template = server.fresh_database()
            engine = engine_at(server.url(template))
        world = make_world(engine, today=TODAY)
        made = build(world)
        if kind == "sqlite":
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()
        if kind == "postgresql":
            self.request.getfixturevalue("quick_postgres").keep(template)
        return world, made, template


@pytest.fixture(scope="session")
def worlds(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    return Worlds(request, tmp_path_factory.mktemp("worlds"))


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Which database: every test that asks for it runs on both."""
    return request.param


@pytest.fixture(scope="session")
def quick_postgres(postgres: PostgresServer) -> PostgresServer:
    """The test server; it is quick by itself."""
    return postgres


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on an empty database with the portal's schema, shared by the tests of a module."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        file = tmp_path_factory.mktemp("shared") / "portal.sqlite3"
        shutil.copy(template, file)
        engine = engine_at(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("quick_postgres")
    name = server.fresh_database()
    engine = engine_at(server.url(name))
    yield engine
    engine.dispose()
    server.drop(name)
