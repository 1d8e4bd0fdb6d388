"""Engine and session factory: the only ``create_engine``, and the rules of each database (decisions.md §4)."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Without it INSERT OR REPLACE rewrites an append-only row behind the triggers.
    "PRAGMA recursive_triggers=ON",
    "PRAGMA busy_timeout=5000",
)
WRITES = "phb_writes"
PAUSE_SECONDS = 2.0
# A page has a statement for each shape of who asks; the driver keeps a hundred and forgets the rest.
MOST_PREPARED = 1000
# What the server would look through by itself, a minute or more later: a tenth of the rows are new to it.
_GROWN = text(
    "SELECT quote_ident(schemaname) || '.' || quote_ident(relname) FROM pg_stat_user_tables "
    "WHERE n_mod_since_analyze > 1000 AND n_mod_since_analyze * 10 > n_live_tup ORDER BY 1"
)


def make_engine(url: str) -> Engine:
    """An engine with this house's rules for SQLite or PostgreSQL."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url)
    engine = create_engine(
        url, pool_size=10, max_overflow=10, pool_timeout=5,
        connect_args={"connect_timeout": 5, "options": "-c timezone=UTC -c lock_timeout=5000"},
    )  # fmt: skip
    _ask_after_a_pause(engine)
    return engine


def _ask_after_a_pause(engine: Engine) -> None:
    """Whether a connection that lay unused is still alive is asked before it is lent; of one that was used a moment
    ago it is known. The pool's own question, at every event, takes a thirtieth of a list."""

    @event.listens_for(engine, "connect")
    def keep(raw: Any, _record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - an event listener
        raw.prepared_max = MOST_PREPARED

    @event.listens_for(engine, "checkin")
    def back(_raw: Any, record: Any) -> None:  # pyright: ignore[reportUnusedFunction] - an event listener
        record.info["back_at"] = monotonic()

    @event.listens_for(engine, "checkout")
    def lent(raw: Any, record: Any, _proxy: Any) -> None:  # pyright: ignore[reportUnusedFunction] - an event listener
        if monotonic() - record.info.get("back_at", monotonic()) < PAUSE_SECONDS:
            return
        try:
            engine.dialect.do_ping(raw)
        except engine.dialect.loaded_dbapi.Error as gone:
            raise DisconnectionError from gone  # the pool opens another


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
    """A connection whose transaction begins the way its purpose needs.

    A reader on PostgreSQL opens none: each statement sees what is committed either way (READ COMMITTED), the access
    rows at its end are one statement, and asking to begin and to commit takes as long as two statements more.
    """
    options: dict[str, Any] = {WRITES: writes}
    if not writes and engine.dialect.name == "postgresql":
        options["isolation_level"] = "AUTOCOMMIT"
    return engine.connect().execution_options(**options)


def hold_still(connection: Connection) -> None:
    """A transaction for a reader on PostgreSQL that reads row by row: what is read so stands only within one. It ends
    with the reader."""
    if connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT":
        connection.exec_driver_sql("BEGIN")


def look_through(engine: Engine) -> None:
    """Have PostgreSQL look through the tables that much was just written to.

    It plans by what it has counted: of 30,000 people brought in it expects 16, reads them all to show fifty, and a list
    takes 145 ms until it looks by itself. A second's work, after which it takes one. It changes no row, and where it
    cannot be had nothing is lost.
    """
    if engine.dialect.name != "postgresql":
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for table in connection.execute(_GROWN).scalars().all():
            with suppress(DBAPIError):  # somebody else looks through it, or it is not ours
                connection.exec_driver_sql(f"ANALYZE {table}")
