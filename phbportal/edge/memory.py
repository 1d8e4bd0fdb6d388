"""Rubbish collection, and whose turn it is, for a server with many pages open: what the slowest answers wait for."""

from __future__ import annotations

import gc
import sys

TURN_SECONDS = 0.001
"""How long work of its own, such as a file brought in, may go on before a page has a turn. A page's event lets go of
Python's lock at every statement and waits for it again, up to so long each time: at Python's own 5 ms, 24 such turns
beside a busy thread took 46 ms in the middle instead of 3; at 1 ms, 13."""


def settle() -> None:
    """After everything is imported: what is there now stays, and is never looked through again; what comes is looked
    through less often. Counting references frees almost all of it at once. Threads take turns more often."""
    sys.setswitchinterval(TURN_SECONDS)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
