"""Migrations: one head; up, down and up again on both databases; and models equal schema, read from the catalogues."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from alembic import command
from phbportal import tables
from phbportal.db import make_engine

ROOT = Path(__file__).resolve().parents[2]
POSTGRES_CATALOGUE = {
    "columns": """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
            coalesce(co.collname, ''), coalesce(pg_get_expr(d.adbin, d.adrelid), '')
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
        LEFT JOIN pg_collation co ON co.oid = a.attcollation
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraints": """SELECT c.relname, k.conname, k.contype::text, pg_get_constraintdef(k.oid)
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
        WHERE c.relnamespace = 'public'::regnamespace AND k.contype <> 'n'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": """SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
        JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal""",
    "functions": """SELECT proname, prosrc, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace""",
}


def configured(engine: Engine) -> Config:
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["url"] = engine.url.render_as_string(hide_password=False)
    return config


@contextmanager
def nothing_in_it(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Engine]:
    """A database of a kind with nothing in it."""
    if kind == "sqlite":
        engine = make_engine(f"sqlite:///{folder / 'empty.sqlite3'}")
        yield engine
        engine.dispose()
        return
    server = request.getfixturevalue("postgres")
    name = server.fresh_database(empty=True)
    engine = make_engine(server.url(name))
    yield engine
    engine.dispose()
    server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    with nothing_in_it(request, request.param, tmp_path) as engine:
        yield engine


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def migrated(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A database that the migrations brought up to date, for tests that only look at it."""
    with nothing_in_it(request, request.param, tmp_path_factory.mktemp("migrated")) as engine:
        command.upgrade(configured(engine), "head")
        yield engine


def catalogue(engine: Engine) -> dict[str, set[tuple[str, ...]]]:
    """What the database itself says it holds, the migration's own table left out."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
            found = {(kind, name, tidy(sql)) for kind, name, sql in rows if name != "alembic_version"}
            return {"sqlite_master": found}
        return {
            kind: {tuple(map(str, row)) for row in connection.execute(text(sql)) if row[0] != "alembic_version"}
            for kind, sql in POSTGRES_CATALOGUE.items()
        }


def tidy(sql: str) -> str:
    """One statement in one spelling: spaces folded, quotes off, the parts of a table in alphabetical order."""
    folded = re.sub(r"\s+", " ", sql).replace('"', "").strip()
    head, parenthesis, body = folded.partition("(")
    if not head.upper().startswith("CREATE TABLE"):
        return folded
    parts, depth, start = [], 0, 0
    body = body.rsplit(")", 1)[0]
    for at, letter in enumerate(body):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append(body[start:at].strip())
            start = at + 1
    parts.append(body[start:].strip())
    return head + parenthesis + ", ".join(sorted(parts)) + ")"


def test_there_is_one_head() -> None:
    heads = ScriptDirectory.from_config(Config(str(ROOT / "alembic.ini"))).get_heads()
    assert len(heads) == 1, f"merge the heads {heads} by numbering one after the other"


def test_migrations_go_up_down_and_up_again(empty: Engine) -> None:
    command.upgrade(configured(empty), "head")
    first = catalogue(empty)
    command.downgrade(configured(empty), "base")
    assert not any(catalogue(empty).values()), "a downgrade must leave nothing behind"
    command.upgrade(configured(empty), "head")
    assert catalogue(empty) == first


def test_the_models_equal_the_migrated_schema(migrated: Engine, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    migrated_into = catalogue(migrated)
    with nothing_in_it(request, migrated.dialect.name, tmp_path) as empty:
        tables.metadata.create_all(empty)
        made = catalogue(empty)
    for kind in made:
        assert migrated_into[kind] - made[kind] == set(), f"in the migrations but not in the models: {kind}"
        assert made[kind] - migrated_into[kind] == set(), f"in the models but not in the migrations: {kind}"


@pytest.mark.parametrize("table", tables.APPEND_ONLY)
def test_an_append_only_table_stays_so_after_the_migrations(migrated: Engine, table: str) -> None:
    with migrated.connect() as connection:
        if migrated.dialect.name == "sqlite":
            found = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :t"),
                                       {"t": table}).scalars().all()  # fmt: skip
            assert sorted(found) == [f"{table}_no_delete", f"{table}_no_update"]
        else:
            found = connection.execute(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = "
                                            "CAST(:t AS regclass)"), {"t": table}).scalars().all()  # fmt: skip
            assert sorted(found) == [f"{table}_no_change", f"{table}_no_truncate"]
