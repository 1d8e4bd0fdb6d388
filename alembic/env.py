"""Migrations: metadata from phbportal.tables, nothing else. On SQLite foreign keys are off while a migration runs
(a batch rebuild would otherwise fail) and checked before it commits."""

from __future__ import annotations

from sqlalchemy import Connection, text

from alembic import context
from phbportal import tables
from phbportal.db import connect, make_engine


def url() -> str:
    """The database to migrate: handed over by the caller, else the portal's own settings."""
    handed = context.config.attributes.get("url")
    if handed:
        return handed
    from phbportal.settings import settings

    return settings().database_url


def run(connection: Connection) -> None:
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
    context.configure(connection=connection, target_metadata=tables.metadata, render_as_batch=sqlite, compare_type=True)
    with context.begin_transaction():
        context.run_migrations()
        if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).all()):
            raise RuntimeError(f"the migration left {len(broken)} broken links")
    if sqlite:
        raw.execute("PRAGMA foreign_keys=ON")


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(url())
    with connect(engine, writes=True) as connection:
        run(connection)
        connection.commit()
    engine.dispose()
