"""Rubbish collection for a server with many pages open: its pauses are what the slowest answers wait for."""

from __future__ import annotations

import gc


def settle() -> None:
    """After everything is imported: what is there now stays, and is never looked through again; what comes is looked
    through less often. Counting references frees almost all of it at once."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
