"""The same SQL alone: the statements an event runs, replayed on the driver without anything around them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def captured(engine: Engine) -> Generator[list[tuple[str, Any]]]:
    """The SELECTs run on the engine inside the block, with their parameters."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            statements.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def milliseconds_alone(engine: Engine, run: Callable[[], object], times: int = 200) -> float:
    """Median milliseconds of the SELECTs that ``run`` makes, on a bare cursor."""
    with captured(engine) as statements:
        run()
    raw = engine.raw_connection()
    try:
        taken: list[float] = []
        for _ in range(times):
            started = time.perf_counter()
            cursor = raw.cursor()
            for statement, parameters in statements:
                cursor.execute(statement, parameters)
                cursor.fetchall()
            taken.append((time.perf_counter() - started) * 1000)
            cursor.close()
        return statistics.median(taken)
    finally:
        raw.rollback()
        raw.close()
