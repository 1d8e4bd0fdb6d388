"""What we ask of a PostgreSQL server is what such a server reads (decision 0042)."""

from __future__ import annotations

from pathlib import Path

from tests.support.postgres import PostgresServer

FILE = Path(__file__).parents[2] / "docs" / "postgresql.conf"


def test_every_setting_is_one_the_server_knows_and_each_says_why(postgres: PostgresServer) -> None:
    lines = FILE.read_text(encoding="utf-8").splitlines()
    asked = [(lines[n - 1], *line.split(" = ")) for n, line in enumerate(lines) if line and not line.startswith("#")]
    assert {name for _above, name, _value in asked} == {
        "shared_buffers", "min_wal_size", "max_wal_size", "wal_writer_delay",
    }  # fmt: skip
    for above, name, value in asked:
        assert above.startswith("#") or above.startswith("min_wal_size"), f"say why {name}"
        postgres.do(f"ALTER SYSTEM SET {name} = '{value}'")  # refused if it cannot be
        postgres.do(f"ALTER SYSTEM RESET {name}")
