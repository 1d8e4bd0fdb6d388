"""The portal's stop-watch for other servers: from a request's arrival at the process to the last byte of its answer.

``GET /bench-times`` answers the milliseconds of each request since it was last asked.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from typing import Any

TIMES = "/bench-times"
_HEADERS = [("content-type", "application/json")]


class Wsgi:
    """Around a WSGI application."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner
        self.taken: list[float] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == TIMES:
            body, self.taken = json.dumps(self.taken).encode(), []
            start_response("200 OK", [*_HEADERS, ("content-length", str(len(body)))])
            return [body]
        began = time.perf_counter()
        answer = self.inner(environ, start_response)
        body = b"".join(answer)
        closes = getattr(answer, "close", None)
        if closes:
            closes()
        self.taken.append((time.perf_counter() - began) * 1000)
        return [body]


class Asgi:
    """Around an ASGI application."""

    def __init__(self, inner: Callable[..., Any]) -> None:
        self.inner = inner
        self.taken: list[float] = []

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        if scope["path"] == TIMES:
            body, self.taken = json.dumps(self.taken).encode(), []
            headers = [(k.encode(), v.encode()) for k, v in _HEADERS]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        began = time.perf_counter()
        at = len(self.taken)
        self.taken.append(0.0)

        async def leaving(message: Any) -> None:
            await send(message)
            self.taken[at] = (time.perf_counter() - began) * 1000

        await self.inner(scope, receive, leaving)
