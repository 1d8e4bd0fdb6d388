"""One built world for a whole module, on each kind of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from phbportal.db import make_engine
from tests.support.postgres import PostgresServer


@pytest.fixture(scope="session")
def quick_postgres(postgres: PostgresServer) -> PostgresServer:
    """The test server without waiting for the disk: its data need not survive a power cut (dropping a database then
    takes a twentieth of the time)."""
    engine = create_engine(postgres.url(), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
    return postgres


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def module_engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on an empty database with the portal's schema, shared by the tests of a module."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        file = tmp_path_factory.mktemp("shared") / "portal.sqlite3"
        shutil.copy(template, file)
        engine = make_engine(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("quick_postgres")
    name = server.fresh_database()
    engine = make_engine(server.url(name))
    yield engine
    engine.dispose()
    server.drop(name)
