"""A browser's websocket by hand: engine.io, socket.io and Reflex's events, with every part open to being wrong."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from wsproto import ConnectionType, WSConnection
from wsproto.events import (
    AcceptConnection,
    BytesMessage,
    CloseConnection,
    Ping,
    RejectConnection,
    Request,
    TextMessage,
)

STATE = "reflex___state____state"
NAMESPACE = "/_event"
PATIENCE = 30.0


class Refused(Exception):
    """The handshake was refused with this status."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Closed(Exception):
    """The other side is gone."""


_open: list[WebSocket] = []


def close_all(*, but: list[Page] | None = None) -> None:
    """Close every websocket that is still open, but those of pages that are kept."""
    kept = [page.socket for page in but or []]
    for one in [one for one in _open if one not in kept]:
        one.close()
    _open[:] = kept


class WebSocket:
    """One websocket to a loopback port. Raises Refused when the handshake is."""

    def __init__(self, port: int, target: str, headers: list[tuple[str, str]], host: str | None = None) -> None:
        self._tcp = socket.create_connection(("127.0.0.1", port), PATIENCE)
        _open.append(self)
        self._ws = WSConnection(ConnectionType.CLIENT)
        raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        self._tcp.sendall(self._ws.send(Request(host=host or f"localhost:{port}", target=target, extra_headers=raw)))
        self._texts: list[str] = []
        self._partial = ""
        self.accepted: AcceptConnection | None = None
        self.closed = False
        while self.accepted is None:
            self._receive(PATIENCE)

    def _receive(self, timeout: float) -> None:
        self._tcp.settimeout(max(timeout, 0.001))
        data = self._tcp.recv(65_536)
        self._ws.receive_data(data or None)
        for event in self._ws.events():
            if isinstance(event, AcceptConnection):
                self.accepted = event
            elif isinstance(event, RejectConnection):
                self._tcp.close()
                raise Refused(event.status_code)
            elif isinstance(event, TextMessage):
                self._partial += event.data
                if event.message_finished:
                    self._texts.append(self._partial)
                    self._partial = ""
            elif isinstance(event, Ping):
                self._tcp.sendall(self._ws.send(event.response()))
            elif isinstance(event, CloseConnection):
                self.closed = True
        if not data:
            self.closed = True

    def send(self, text: str) -> None:
        self._tcp.sendall(self._ws.send(TextMessage(data=text)))

    def send_bytes(self, data: bytes) -> None:
        self._tcp.sendall(self._ws.send(BytesMessage(data=data)))

    def next_text(self, timeout: float = PATIENCE) -> str:
        """The next message. Raises TimeoutError, or Closed when there will be none."""
        until = time.monotonic() + timeout
        while not self._texts:
            if self.closed:
                raise Closed
            try:
                self._receive(until - time.monotonic())
            except ConnectionError:
                self.closed = True
        return self._texts.pop(0)

    def close(self) -> None:
        self._tcp.close()
        self.closed = True


@dataclass
class Frames:
    """What came back: the deltas merged by state, events for the browser, and the raw text of everything."""

    deltas: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    disconnected: bool = False

    @property
    def redirects(self) -> list[str]:
        return [payload["path"] for name, payload in self.events if name == "_redirect"]

    def var(self, state: str, name: str) -> Any:
        """A var of the state whose full name ends so, as last sent. Raises KeyError if it was not."""
        found = {k: v for full, delta in self.deltas.items() if full.endswith(state) for k, v in delta.items()}
        return found[f"{name}_rx_state_"]

    def says(self, text: str) -> bool:
        return any(text in t for t in self.texts)


class Page:
    """An open page: connects as the browser does, sends events by handler name, gathers what comes back."""

    def __init__(
        self, port: int, *, token: str = "a-token-of-a-tab", cookie: str | None = None, origin: str | None = "own",
        query: str | None = None, headers: list[tuple[str, str]] | None = None, host: str | None = None,
        path: str = "/_event/", connect: bool = True, boot: Any = None, app: Any = None,
    ) -> None:  # fmt: skip
        sent = list(headers or [])
        if origin is not None:
            sent.append(("Origin", f"http://localhost:{port}" if origin == "own" else origin))
        if cookie:
            sent.append(("Cookie", cookie))
        asked = query if query is not None else f"EIO=4&transport=websocket&token={quote(token)}"
        self.socket = WebSocket(port, f"{path}?{asked}", sent, host)
        self._app = app
        self.new_token = ""
        self.disconnected = False
        if connect:
            self.connect(boot)

    def connect(self, boot: Any = None) -> None:
        """Engine.io's open packet, then socket.io's CONNECT to Reflex's namespace."""
        assert self.socket.next_text().startswith("0{")
        auth = json.dumps({"event": boot}) if boot is not None else ""
        self.socket.send(f"40{NAMESPACE},{auth}")
        while not (text := self.socket.next_text()).startswith(f"40{NAMESPACE}"):
            self._note(text, Frames())

    def emit(self, kind: str, *arguments: Any) -> None:
        """A socket.io event of any name."""
        self.socket.send(f"42{NAMESPACE},{json.dumps([kind, *arguments])}")

    def event(self, name: str, path: str = "/", query: dict[str, Any] | None = None, **payload: Any) -> Frames:
        """Send one of Reflex's events and return what it led to."""
        router_data: dict[str, Any] = {"pathname": path, "asPath": path}
        if query:
            router_data["query"] = query
        self.emit("event", {"name": name, "payload": payload, "router_data": router_data})
        return self.settle()

    def hydrate(self, path: str = "/", query: dict[str, Any] | None = None) -> Frames:
        return self.event(f"{STATE}.hydrate_and_load", path, query)

    def settle(self) -> Frames:
        """Everything that arrives until the server has nothing of ours left to do."""
        frames = Frames()
        self._until_pong(frames)
        until = time.monotonic() + PATIENCE
        while not frames.disconnected and self._app is not None and self._app.event_processor._futures:
            assert time.monotonic() < until, "the server is still busy"
            time.sleep(0.002)
        self._until_pong(frames)
        return frames

    def _until_pong(self, frames: Frames) -> None:
        if frames.disconnected:
            return
        self.emit("ping")
        while True:
            try:
                text = self.socket.next_text()
            except Closed:
                frames.disconnected = self.disconnected = True
                return
            if text == f'42{NAMESPACE},["ping","pong"]':
                return
            if self._note(text, frames):
                return

    def _note(self, text: str, frames: Frames) -> bool:
        """Keep a message; true when it is the end."""
        if text == "2":
            self.socket.send("3")
            return False
        frames.texts.append(text)
        if text.startswith(f"41{NAMESPACE}") or text == "1":
            frames.disconnected = self.disconnected = True
            return True
        if text.startswith(f"42{NAMESPACE},"):
            kind, *rest = json.loads(text.partition(",")[2])
            if kind == "new_token":
                self.new_token = rest[0]
            if kind == "event":
                update = rest[0]
                for state, delta in (update.get("delta") or {}).items():
                    frames.deltas.setdefault(state, {}).update(delta)
                frames.events += [(e["name"], e["payload"]) for e in update.get("events") or []]
        return False

    def wait_for_the_end(self, timeout: float = PATIENCE) -> Frames:
        """Say nothing and gather until the server ends the connection. Raises TimeoutError if it does not."""
        frames = Frames()
        while not frames.disconnected:
            try:
                self._note(self.socket.next_text(timeout), frames)
            except Closed:
                frames.disconnected = self.disconnected = True
        return frames

    def close(self) -> None:
        self.socket.close()
