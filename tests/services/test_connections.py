"""What a connection of the pool is when it is lent: alive, and with or without a transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from phbportal import db
from phbportal.db import connect, hold_still, look_through

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no server to end them


def backend(engine: Engine) -> int:
    with connect(engine, writes=False) as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def end(engine: Engine, pid: int) -> None:
    other = engine.connect()  # opened before the first goes back, so that it is another
    with other:
        other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        other.commit()


def test_a_connection_that_died_while_it_lay_unused_is_replaced(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db, "PAUSE_SECONDS", 0.0)
    with connect(engine, writes=False) as kept:
        pid = int(kept.execute(text("SELECT pg_backend_pid()")).scalar_one())
        end(engine, pid)
    assert backend(engine) != pid


def test_a_connection_used_a_moment_ago_is_lent_without_asking(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine.dialect, "do_ping", lambda *_: pytest.fail("it was asked"))
    assert backend(engine) == backend(engine)


@pytest.mark.parametrize(("writes", "begun"), [(False, False), (True, True)])
def test_only_a_writer_opens_a_transaction(engine: Engine, writes: bool, begun: bool) -> None:
    with connect(engine, writes=writes) as connection:
        connection.execute(text("SELECT 1"))
        held = connection.execute(text("SELECT pg_current_xact_id_if_assigned(), now() = statement_timestamp()")).one()
        connection.execute(text("SELECT pg_sleep(0.01)"))
        later = connection.execute(text("SELECT now() = statement_timestamp()")).scalar_one()
    assert held[0] is None
    assert later is not begun  # within a transaction the time stands still


def test_a_reader_that_reads_row_by_row_has_a_transaction_until_it_ends(engine: Engine) -> None:
    with connect(engine, writes=False) as connection:
        hold_still(connection)
        rows = connection.execution_options(stream_results=True).execute(text("SELECT generate_series(1, 3)"))
        assert next(rows)[0] == 1
        rows.close()
    with connect(engine, writes=False) as connection:  # the same, lent again
        held = "SELECT now() = statement_timestamp()"
        assert [connection.execute(text(held)).scalar_one() for _ in range(2)] == [True, True]


def test_what_much_was_written_to_is_looked_through_at_once_and_nothing_else(engine: Engine) -> None:
    """PostgreSQL would do so by itself, a minute or more later; the tests' own never does."""
    said = text("SELECT analyze_count, n_mod_since_analyze FROM pg_stat_user_tables WHERE relname = :name")

    def looked(name: str) -> tuple[int, int]:
        with connect(engine, writes=False) as connection:
            count, since = connection.execute(said, {"name": name}).one()
        return count, since

    before, other = looked("job")[0], looked("rate")[0]
    with connect(engine, writes=True) as connection:
        connection.execute(
            text(
                "INSERT INTO job (id, created_at, updated_at, row_version, kind, status, done_count, total_count, "
                "payload, outcome) SELECT gen_random_uuid(), now(), now(), 1, 'old', 'DONE', 0, 0, '', '' "
                "FROM generate_series(1, 1500)"
            )
        )
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
        connection.commit()
    assert looked("job")[1] >= 1500
    look_through(engine)
    assert looked("job") == (before + 1, 0)
    assert looked("rate")[0] == other
    look_through(engine)
    assert looked("job") == (before + 1, 0), "there is nothing new to see"
