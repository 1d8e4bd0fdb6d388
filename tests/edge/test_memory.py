"""What a server with many pages open asks of Python itself."""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Iterator
from statistics import median

import pytest

from phbportal.edge.memory import TURN_SECONDS, settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    turn, often = sys.getswitchinterval(), gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*often)
    sys.setswitchinterval(turn)


def test_what_is_there_is_not_looked_through_again_and_threads_take_turns_more_often() -> None:
    sys.setswitchinterval(0.005)
    settle()
    assert sys.getswitchinterval() == pytest.approx(TURN_SECONDS)
    assert gc.get_freeze_count() > 0
    assert gc.get_threshold()[0] > 700


def test_a_page_waits_less_for_work_that_goes_on_beside_it() -> None:
    """Beside a thread that never rests: the middle of seven turns at the lock, however busy the machine is."""
    over = threading.Event()

    def works() -> None:
        while not over.is_set():
            sum(range(1000))

    def waits() -> float:
        found: list[float] = []
        for _ in range(7):
            began = time.perf_counter()
            time.sleep(0.001)
            found.append(time.perf_counter() - began)
        return median(found)

    sys.setswitchinterval(0.1)
    busy = threading.Thread(target=works)
    busy.start()
    try:
        before = waits()
        settle()
        assert waits() < before / 2
    finally:
        over.set()
        busy.join()
