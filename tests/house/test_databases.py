"""A database that a test was lent is as its template, whatever the test before it did there."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, text

from phbportal.db import connect
from tests.support.engines import engine_at
from tests.support.postgres import PostgresServer
from tests.support.world import make_world

EVERYBODY = "SELECT id, display_name, row_version FROM user_account ORDER BY id"


@pytest.fixture(scope="module")
def template(postgres: PostgresServer) -> str:
    """A world's database, which knows how to put itself back."""
    name = postgres.fresh_database()
    engine = engine_at(postgres.url(name))
    make_world(engine, date(2026, 4, 1))
    engine.dispose()
    postgres.keep(name)
    return name


def did(engine: Engine, *statements: str, kept: bool = True) -> None:
    with connect(engine, writes=True) as connection:
        for statement in statements:
            connection.execute(text(statement))
        if kept:
            connection.commit()


def lent(postgres: PostgresServer, template: str) -> tuple[str, Engine]:
    name = postgres.fresh_database(template=template)
    return name, engine_at(postgres.url(name))


def everybody(engine: Engine) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(EVERYBODY))]


def test_what_a_test_wrote_changed_and_took_away_is_put_back(postgres: PostgresServer, template: str) -> None:
    name, engine = lent(postgres, template)
    before = everybody(engine)
    assert len(before) > 10
    did(engine, "UPDATE user_account SET display_name = 'Somebody else', row_version = 9")
    did(engine, "SET session_replication_role = replica", "DELETE FROM organisation", "DELETE FROM role_assignment")
    # Left open, as a test that failed might: it is sent away, and what it wrote was never there.
    left = connect(engine, writes=True)
    left.execute(text("DELETE FROM policy_setting"))
    postgres.drop(name)
    again, fresh = lent(postgres, template)
    assert again == name
    assert everybody(fresh) == before
    with fresh.connect() as connection:
        for table in ("organisation", "role_assignment", "policy_setting"):
            found = connection.execute(text(f"SELECT * FROM public.{table} ORDER BY id")).all()
            assert found
            assert found == connection.execute(text(f"SELECT * FROM kept.{table} ORDER BY id")).all()
    left.invalidate()
    left.close()
    for one in (engine, fresh):
        one.dispose()
    postgres.drop(again)


@pytest.mark.parametrize(
    "altered",
    [
        "ALTER TABLE audit_event DISABLE TRIGGER audit_event_no_change",
        "DROP TRIGGER audit_event_no_change ON audit_event",
        "ALTER TABLE person DROP COLUMN telephone",
        "CREATE TABLE mine (id int)",
        "CREATE OR REPLACE FUNCTION audit_event_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RETURN NEW; END $$",
    ],
)
def test_a_database_whose_rules_were_altered_is_not_lent_again(
    postgres: PostgresServer, template: str, altered: str
) -> None:
    name, engine = lent(postgres, template)
    did(engine, "SET session_replication_role = replica", altered)
    engine.dispose()
    postgres.drop(name)
    again, engine = lent(postgres, template)
    engine.dispose()
    assert again != name
    postgres.drop(again)


def test_what_was_altered_and_rolled_back_or_is_gone_with_its_connection_does_not_matter(
    postgres: PostgresServer, template: str
) -> None:
    name, engine = lent(postgres, template)
    did(engine, "DROP TRIGGER audit_event_no_change ON audit_event", kept=False)
    did(engine, "CREATE TEMP TABLE mine (id int)", "DROP TABLE mine")
    engine.dispose()
    postgres.drop(name)
    assert postgres.fresh_database(template=template) == name
    postgres.drop(name)


def test_an_engine_shares_what_was_compiled_and_no_connection(postgres: PostgresServer, template: str) -> None:
    (one, first), (two, second) = lent(postgres, template), lent(postgres, template)
    assert one != two
    assert first.dialect is second.dialect
    assert first.pool is not second.pool
    with first.connect() as here, second.connect() as there:
        asked = text("SELECT current_database()")
        assert (here.execute(asked).scalar(), there.execute(asked).scalar()) == (one, two)
    for name, engine in ((one, first), (two, second)):
        engine.dispose()
        postgres.drop(name)
