"""Several acts at one moment, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any

ENOUGH = 30
"""Seconds after which an act that has not come to an end never does."""


def all_together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all acts at once. What came of each, or what it raised."""
    outcomes: list[Any] = [None] * len(acts)

    def run(n: int, act: Callable[[], Any]) -> None:
        try:
            outcomes[n] = act()
        except BaseException as error:
            outcomes[n] = error

    threads = [Thread(target=run, args=(n, act)) for n, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(ENOUGH)
        assert not thread.is_alive(), "an act never came to an end"
    return outcomes
