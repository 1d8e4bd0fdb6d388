"""The hall this process serves, set once at start-up; and who the present event belongs to."""

from __future__ import annotations

from contextvars import ContextVar
from datetime import datetime

from phbportal.sign_in.hall import Hall
from phbportal.sign_in.keys import ANONYMOUS

_halls: list[Hall] = []
event_handle: ContextVar[str] = ContextVar("event_handle", default=ANONYMOUS)
event_by_itself: ContextVar[bool] = ContextVar("event_by_itself", default=False)
"""Whether the present event comes of a connection being made (again), and of nothing a person did."""

event_since: ContextVar[datetime | None] = ContextVar("event_since", default=None)
"""When the connection the present event came by sent its cookie; None if that is not known."""
connected: dict[str, datetime] = {}
"""When each open connection of this process sent its cookie, by socket.io's own id."""


def install(hall: Hall) -> None:
    """Say which hall this process serves (again, in tests)."""
    _halls[:] = [hall]


def hall() -> Hall:
    """The hall. A process that serves events has one."""
    return _halls[0]
