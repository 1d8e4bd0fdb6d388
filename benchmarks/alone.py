"""The same SQL alone: the statements an event runs, replayed on the driver without anything around them."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from benchmarks.measuring import Heard


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


class Alone:
    """A site: the SELECTs of our own events, on a bare cursor of a connection kept open."""

    name = "SQL alone"

    def __init__(self, engine: Engine, reads: dict[str, Callable[[], object]]) -> None:
        self._raw = engine.raw_connection()
        self._statements: dict[str, list[tuple[str, Any]]] = {}
        for event_name, run in reads.items():
            with captured(engine) as statements:
                run()
            self._statements[event_name] = statements
        self._times: list[float] = []

    def answers(self, event: str) -> bool:
        return event in self._statements

    async def ask(self, event: str, at: int) -> Heard:
        started = time.perf_counter()
        cursor = self._raw.cursor()
        for statement, parameters in self._statements[event]:
            cursor.execute(statement, parameters)
            cursor.fetchall()
        self._times.append((time.perf_counter() - started) * 1000)
        cursor.close()
        return Heard(self._times[-1], 0)

    def server_times(self) -> list[float]:
        self._raw.rollback()  # so that no snapshot stands while the others have their turn
        found, self._times = self._times, []
        return found

    def close(self) -> None:
        self._raw.close()
