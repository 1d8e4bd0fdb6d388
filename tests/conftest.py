"""Both databases for every test that asks for ``engine``: SQLite as a file, PostgreSQL from its wheel."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine, text

from phbportal import db, tables
from tests.support.engines import engine_at
from tests.support.postgres import PostgresServer

TESTS = Path(__file__).parent
os.environ.setdefault("PHB_ENVIRONMENT", "test")
# No test is timed: on a busy machine an example may take long.
hypothesis.settings.register_profile(
    "phbportal", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("phbportal")
# A test's own database need not survive a power cut, and does not wait for the disk. What runs in a process of its own
# (servers, what is killed) keeps the portal's rule, which is this one:
assert "PRAGMA synchronous=FULL" in db.SQLITE_PRAGMAS
db.SQLITE_PRAGMAS = tuple(one.replace("synchronous=FULL", "synchronous=OFF") for one in db.SQLITE_PRAGMAS)


# Files that take long, the longest first: they begin early, so that no process waits for another's last file.
LONG = (
    "cli/test_kills.py", "services/test_path_machine.py", "services/test_ending_machine.py", "demo/test_wider.py",
    "services/test_decision_machine.py", "services/test_change_walk.py", "services/test_ledger_machine.py",
    "resources/test_every_history.py", "cli/test_new_resource.py", "cli/test_demo_build.py", "cli/test_demo.py",
    "services/test_two_at_once.py", "services/test_caseload_at_once.py", "services/test_successions.py",
    "browser/test_engine_pages.py", "browser/test_offer_to_live.py", "browser/test_ways_in.py",
    "browser/test_import_life.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, then those with the most tests (``--no-loadscope-reorder`` keeps this order)."""
    tests = Counter(item.path for item in items)
    places = {name: place for place, name in enumerate(LONG)}

    def place(item: pytest.Item) -> tuple[int, int]:
        where = item.path.relative_to(TESTS).as_posix() if item.path.is_relative_to(TESTS) else ""
        return places.get(where, len(places)), -tests[item.path]

    order = {path: place for place, path in enumerate(dict.fromkeys(i.path for i in sorted(items, key=place)))}
    items.sort(key=lambda item: order[item.path])


def pytest_collection_finish() -> None:
    """What is there now stays to the end: the collector of garbage need not look through it again and again."""
    gc.collect()
    gc.freeze()


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
    engine = db.make_engine(f"sqlite:///{folder / 'template.sqlite3'}")
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
    made = engine_at(database_url)
    yield made
    made.dispose()
