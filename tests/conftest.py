"""Both databases for every test that asks for ``engine``: SQLite as a file, PostgreSQL from its wheel."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from phbportal import tables
from phbportal.db import make_engine
from tests.support.postgres import PostgresServer

os.environ.setdefault("PHB_ENVIRONMENT", "test")


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """One PostgreSQL a test process, its data under the system's temporary folder."""
    server = PostgresServer.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template() -> Iterator[Path]:
    """A SQLite file holding the empty schema, copied for each test."""
    folder = Path(tempfile.mkdtemp(prefix="phb-sqlite-"))
    engine = make_engine(f"sqlite:///{folder / 'template.sqlite3'}")
    tables.metadata.create_all(engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    yield folder / "template.sqlite3"
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database with the portal's schema, on each kind in turn."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        shutil.copy(template, tmp_path / "portal.sqlite3")
        yield f"sqlite:///{tmp_path / 'portal.sqlite3'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.fresh_database()
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on an empty database with the portal's schema."""
    made = make_engine(database_url)
    yield made
    made.dispose()
