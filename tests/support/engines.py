"""Engines for databases that live as long as a test: what one has learnt, the next of its kind knows.

An engine compiles a statement once and keeps it. Tests with an engine each would compile the portal's statements anew
every time, which takes longer than running them. Connections, pools and listeners are never shared.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.util import LRUCache

from phbportal.db import make_engine

MOST_STATEMENTS = 3_000
_learnt: dict[str, tuple[Any, Any]] = {}


def engine_at(url: str) -> Engine:
    """The portal's engine on a database, with the dialect and the compiled statements of those before it."""
    made: Any = make_engine(url)
    if made.dialect.name not in _learnt:
        with made.connect():
            """The dialect asks the server what it can do."""
        _learnt[made.dialect.name] = (made.dialect, LRUCache(MOST_STATEMENTS))
    made.dialect, made._compiled_cache = _learnt[made.dialect.name]
    return made
