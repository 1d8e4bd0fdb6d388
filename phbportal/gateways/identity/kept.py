"""A document of a provider's, kept for a while: neither asked for at every sign-in nor believed for ever."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from phbportal.gateways.identity.failure import PROVIDER_UNAVAILABLE, SignInFailed

KEPT_AT_MOST = timedelta(hours=1)
ASKED_AT_MOST_EVERY = timedelta(seconds=10)
T = TypeVar("T")


class Kept(Generic[T]):
    """The value ``fetch`` returns, at most an hour old.

    Asked for at most once in 10 seconds, whether it succeeds or fails: neither a flood of unknown key ids nor a
    provider that is down may make every sign-in wait its turn for a fetch of its own.
    """

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Callable[[], datetime]) -> None:
        self._fetch, self._clock = fetch, clock
        self._lock = asyncio.Lock()
        self._value: T | None = None
        self._fetched_at: datetime | None = None
        self._asked_at: datetime | None = None
        self._failure = PROVIDER_UNAVAILABLE

    async def get(self, *, fresh: bool = False) -> T:
        """The value; with ``fresh``, asked for again if that is allowed yet. Raises what ``fetch`` raises."""
        async with self._lock:
            held = self._value if self._is_within(self._fetched_at, KEPT_AT_MOST) else None
            if held is not None and not fresh:
                return held
            if self._is_within(self._asked_at, ASKED_AT_MOST_EVERY):
                if held is not None:
                    return held
                raise SignInFailed(self._failure, "asked a moment ago")
            self._asked_at = self._clock()
            try:
                self._value = await self._fetch()
            except SignInFailed as failure:
                self._failure = failure.reason_code
                raise
            self._fetched_at = self._clock()
            return self._value

    def _is_within(self, moment: datetime | None, lifetime: timedelta) -> bool:
        return moment is not None and timedelta(0) <= self._clock() - moment < lifetime  # a clock set back ends it too
