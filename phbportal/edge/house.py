"""The hall this process serves, set once at start-up; and who the present event belongs to."""

from __future__ import annotations

from contextvars import ContextVar

from phbportal.sign_in.hall import Hall
from phbportal.sign_in.keys import ANONYMOUS

_halls: list[Hall] = []
event_handle: ContextVar[str] = ContextVar("event_handle", default=ANONYMOUS)


def install(hall: Hall) -> None:
    """Say which hall this process serves (again, in tests)."""
    _halls[:] = [hall]


def hall() -> Hall:
    """The hall. A process that serves events has one."""
    return _halls[0]
