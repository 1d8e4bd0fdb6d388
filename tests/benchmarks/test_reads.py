"""What is measured beside the SQL alone still reads what the pages read: on a small world, each once."""

from __future__ import annotations

from pathlib import Path

from benchmarks import signed_in
from benchmarks.alone import captured
from benchmarks.world import Size, build
from phbportal.db import make_engine

SMALL = Size(900, 990, 4_500)
MOST = 30
"""Statements of the longest page, a budget's."""


def test_each_event_is_read_and_takes_no_more_statements_than_before(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'bench.sqlite3'}")
    try:
        build(engine, SMALL, say=lambda _words: None)
        events = signed_in.events(engine, SMALL)
        counts: dict[str, int] = {}
        for name, event in events.items():
            if event.alone is None:
                continue
            event.alone()  # statements are built the first time
            with captured(engine) as statements:
                event.alone()
            counts[name] = len(statements)
        assert counts
        assert min(counts.values()) > 0
        assert max(counts.values()) <= MOST, counts
    finally:
        engine.dispose()
