"""Tables that are only ever added to: triggers refuse UPDATE, DELETE and (PostgreSQL) TRUNCATE on both databases."""

from __future__ import annotations

from sqlalchemy import DDL, Connection, MetaData, event, text
from sqlmodel import SQLModel

APPEND_ONLY = (
    "ledger_journal", "ledger_posting", "audit_event", "access_event", "auth_event",
    "isf_answer", "signature", "note", "payee_signature",
)  # fmt: skip


def statements(table: str, dialect: str) -> list[str]:
    """The DDL that makes one table append-only on one database."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$",
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


def protect(connection: Connection, table: str) -> None:
    """Make one table append-only, in a migration."""
    for statement in statements(table, connection.dialect.name):
        connection.execute(text(statement))


def unprotect(connection: Connection, table: str) -> None:
    """Take the triggers off again: only a downgrade does this, before it drops the table."""
    if connection.dialect.name == "sqlite":
        for verb in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        return
    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}"))
    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}"))
    connection.execute(text(f"DROP FUNCTION IF EXISTS {table}_append_only()"))


def attach(metadata: MetaData = SQLModel.metadata) -> None:
    """Have ``create_all`` make the triggers too, so that models and migrations give one schema."""
    for name in APPEND_ONLY:
        for dialect in ("sqlite", "postgresql"):
            for statement in statements(name, dialect):
                event.listen(
                    metadata.tables[name], "after_create",
                    DDL(statement.replace("%", "%%")).execute_if(dialect=dialect),
                )  # fmt: skip
