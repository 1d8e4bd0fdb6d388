"""Whose turn it is: few events work at once, so that each is soon done.

Forty threads that share one interpreter finish together, and late. With a thousand sessions and a click each five
seconds three at once answer 95 in 100 within 40 ms, forty within 300 (benchmarks/README.md).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from anyio import to_thread

R = TypeVar("R")
AT_ONCE = 3
# Who takes longer waits for the database, not for the processor, and must not keep the others waiting.
LONGEST_SECONDS = 0.25

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


async def in_turn(work: Callable[[], R]) -> R:
    """Run ``work`` in a thread when its turn comes; returns and raises what it does."""
    loop = asyncio.get_running_loop()
    turns = _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE))
    await turns.acquire()
    given_up = False

    def give_up() -> None:
        nonlocal given_up
        if not given_up:
            given_up = True
            turns.release()

    late = loop.call_later(LONGEST_SECONDS, give_up)
    try:
        return await to_thread.run_sync(work)
    finally:
        late.cancel()
        give_up()
