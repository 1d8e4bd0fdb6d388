"""A browser's side of an event, without the browser: a signed-in socket that sends one and waits for its answer."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any

import socketio

STATE = "reflex___state____state"


@dataclass(frozen=True, slots=True)
class Answer:
    """One event's answer: milliseconds to its last frame, and the bytes of what it sent."""

    milliseconds: float
    size: int
    delta: dict[str, Any]


class Page:
    """One open page of one session."""

    def __init__(self, origin: str, cookie: str) -> None:
        self.origin = origin
        self._cookie = cookie
        self._socket = socketio.AsyncClient(reconnection=False)
        self._frames: asyncio.Queue[Any] = asyncio.Queue()
        self._socket.on("event", self._frames.put, namespace="/_event")

    async def open(self, token: str = "bench-token-0001") -> None:
        await self._socket.connect(
            f"{self.origin}?token={token}",
            headers={"Cookie": f"__Host-phb={self._cookie}", "Origin": self.origin},
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="/_event",
        )
        # The two every page begins with.
        await self.send(f"{STATE}.hydrate", {}, "/")
        await self.send(f"{STATE}.reflex___state____on_load_internal_state.on_load_internal", {}, "/")

    async def send(
        self, name: str, payload: dict[str, Any], path: str, query: dict[str, str] | None = None, *, needs: str = "",
        weigh: bool = True,
    ) -> Answer:  # fmt: skip
        """Send one event; wait for the frame that carries the variable ``needs`` (or the first frame).

        Without ``weigh`` no bytes are counted: to write every frame out again costs a crowd's client too much.
        """
        router = {"pathname": path, "query": query or {}, "asPath": path}
        started = time.perf_counter()
        await self._socket.emit("event", {"name": name, "payload": payload, "router_data": router}, namespace="/_event")
        size, merged = 0, {}
        while True:
            frame = await asyncio.wait_for(self._frames.get(), 10)
            if weigh:  # as the socket wrote it
                size += len(json.dumps(frame, separators=(",", ":"), ensure_ascii=False).encode())
            found = frame if isinstance(frame, dict) else {}
            for values in (found.get("delta") or {}).values():
                merged.update(values)
            if not needs or any(key.startswith(needs) for key in merged) or found.get("events"):
                return Answer((time.perf_counter() - started) * 1000, size, merged | {"events": found.get("events")})

    async def close(self) -> None:
        await self._socket.disconnect()
