"""Engine and session factory: the only ``create_engine``, and the rules of each database (decisions.md §4)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Without it INSERT OR REPLACE rewrites an append-only row behind the triggers.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=5000",
)
WRITES = "phb_writes"


def make_engine(url: str) -> Engine:
    """An engine with this house's rules for SQLite or PostgreSQL."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    return create_engine(
        url, pool_size=10, max_overflow=10, pool_pre_ping=True, pool_timeout=5,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=5000"},
    )  # fmt: skip


def _sqlite(url: str) -> Engine:
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"isolation_level": None, "check_same_thread": False, "timeout": 5})

    @event.listens_for(engine, "connect")
    def rules(raw: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - an event listener
        cursor = raw.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(pragma)
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction] - an event listener
        # The driver opens no transactions of its own. A writer takes the lock at once: a plain BEGIN lets two
        # writers read the same row and both post.
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def connect(engine: Engine, *, writes: bool) -> Connection:
    """A connection whose transaction begins the way its purpose needs."""
    return engine.connect().execution_options(**{WRITES: writes})
