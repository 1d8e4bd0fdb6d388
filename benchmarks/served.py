"""The portal as it is served, but for the door's limit of 50 messages a second: what is measured sends them faster.

And with a stop-watch outside everything: from an event's arrival at this process to the last frame of its answer.
"""

from __future__ import annotations

import json
import time
from typing import Any

from phbportal.sign_in import hall

hall.MESSAGES_A_SECOND = 1_000_000
TIMES = "/bench-times"


class StopWatch:
    """ASGI. ``GET /bench-times`` answers the milliseconds of each event since it was last asked."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.taken: list[float] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"] == TIMES:
            body, self.taken = json.dumps(self.taken).encode(), []
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return
        if scope["type"] != "websocket":
            await self.inner(scope, receive, send)
            return
        # Each socket its own event, in the list that stood when it arrived: many are under way at once.
        began, into, at = 0.0, self.taken, -1

        async def arriving() -> Any:
            nonlocal began, into, at
            message = await receive()
            if '"event"' in (message.get("text") or "")[:40]:
                began, into, at = time.perf_counter(), self.taken, len(self.taken)
                into.append(0.0)
            return message

        async def leaving(message: Any) -> None:
            await send(message)
            # Not a ping, which comes whenever it likes: an answer's frames begin with engine.io's 4.
            if at >= 0 and (message.get("text") or "").startswith("4"):
                into[at] = (time.perf_counter() - began) * 1000

        await self.inner(scope, arriving, leaving)


def app() -> Any:
    """The application's factory."""
    from phbportal.edge.memory import settle
    from phbportal.phbportal import app as portal

    settle()
    return StopWatch(portal())
