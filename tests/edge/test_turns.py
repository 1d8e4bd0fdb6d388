"""Few events work at once; who takes long lets the next one begin; nobody loses a turn to somebody's fault."""

from __future__ import annotations

import asyncio
import threading

import pytest

from phbportal.edge import turns
from phbportal.edge.turns import AT_ONCE, in_turn


class Room:
    """Counts who works in it at once, and keeps them there until the door opens."""

    def __init__(self) -> None:
        self.door = threading.Event()
        self.inside = self.most = 0
        self._count = threading.Lock()

    def work(self) -> str:
        with self._count:
            self.inside += 1
            self.most = max(self.most, self.inside)
        assert self.door.wait(10)
        with self._count:
            self.inside -= 1
        return "done"


async def until(true: object) -> None:
    """Wait until ``true()``; fail after five seconds."""
    assert callable(true)
    for _ in range(500):
        if true():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it never came")


def test_no_more_than_a_few_work_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 60)
    room = Room()

    async def many() -> list[str]:
        asked = [asyncio.ensure_future(in_turn(room.work)) for _ in range(4 * AT_ONCE)]
        await until(lambda: room.inside == AT_ONCE)
        room.door.set()
        return await asyncio.gather(*asked)

    assert asyncio.run(many()) == ["done"] * 4 * AT_ONCE
    assert room.most == AT_ONCE


def test_who_takes_long_does_not_keep_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 0.01)
    room = Room()

    async def slow_then_quick() -> str:
        slow = [asyncio.ensure_future(in_turn(room.work)) for _ in range(AT_ONCE)]
        await until(lambda: room.inside == AT_ONCE)
        quick = await asyncio.wait_for(in_turn(lambda: "quick"), 5)
        room.door.set()
        await asyncio.gather(*slow)
        return quick

    assert asyncio.run(slow_then_quick()) == "quick"


def test_a_fault_and_a_page_that_is_left_give_their_turn_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "LONGEST_SECONDS", 60)
    room = Room()

    def fault() -> None:
        raise ValueError("no")

    async def after_faults() -> str:
        for _ in range(2 * AT_ONCE):
            with pytest.raises(ValueError, match="no"):
                await in_turn(fault)
        working = [asyncio.ensure_future(in_turn(room.work)) for _ in range(AT_ONCE)]
        waiting = [asyncio.ensure_future(in_turn(room.work)) for _ in range(AT_ONCE)]
        await until(lambda: room.inside == AT_ONCE)
        for one in (*waiting, *working):
            one.cancel()
        room.door.set()
        await asyncio.gather(*waiting, *working, return_exceptions=True)
        return await asyncio.wait_for(in_turn(lambda: "mine"), 5)

    assert asyncio.run(after_faults()) == "mine"
