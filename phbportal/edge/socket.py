"""The socket's own rules, before anything becomes an event: who may connect, what may be said, and how."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from reflex.utils import token_manager
from reflex_base.registry import RegistrationContext

from phbportal.edge.house import connected, hall
from phbportal.sign_in.gate import current_handle, current_since
from phbportal.sign_in.keys import ANONYMOUS, fresh_ident, handle_of

CLIENT_EVENTS = frozenset({"event", "ping", "client_error"})
LONGEST_NAME = 300
LONGEST_ADDRESS = 2_000
MOST_PARAMETERS = 20


def install_socket_rules(app: Any) -> None:
    """Put the rules on Reflex's namespace. Raises RuntimeError if it has none: no socket opens without them."""
    if app.event_namespace is None or app.sio is None:
        raise RuntimeError("Reflex has made no socket: its rules cannot be put on it.")
    # A duplicated tab is given a token by Reflex itself: it must be an ident of the connecting session.
    token_manager._get_new_token = lambda: fresh_ident(hall().key, current_handle.get())
    _Rules(app)


class _Rules:
    """Stands between socket.io and Reflex's namespace."""

    def __init__(self, app: Any) -> None:
        self._app, self._namespace = app, app.event_namespace
        self._trigger, self._event = self._namespace.trigger_event, self._namespace.on_event
        self._namespace.trigger_event, self._namespace.on_event = self.trigger_event, self.on_event

    async def trigger_event(self, event: Any, *arguments: Any) -> Any:
        """What socket.io hands over. It gives "connect" and "disconnect" sent by a browser to the very methods that
        handle the real ones, and a browser's "connect" brings a query string, so a token, of its own making."""
        sid, *rest = arguments
        if event == "connect":
            genuine = self._app.sio.get_environ(sid, self._namespace.namespace)
            allowed = bool(rest) and rest[0] is genuine and sid not in self._namespace.sid_to_token
        elif event == "disconnect":
            allowed = not self._app.sio.manager.is_connected(sid, self._namespace.namespace)
        else:
            allowed = isinstance(event, str) and event in CLIENT_EVENTS and len(rest) <= 1
        if not allowed:
            await _refuse("guard.socket")
            return None
        # Before Reflex takes it, whose first event comes along with it. A client chooses when it joins, and may leave
        # and join again: what counts is when its cookie was read.
        if event == "connect" and (since := current_since.get()) is not None:
            connected[sid] = since
        token = self._namespace.sid_to_token.get(sid, "")
        try:
            outcome = await self._trigger(event, *arguments)
        finally:
            if event == "connect" and sid not in self._namespace.sid_to_token:
                connected.pop(sid, None)
        if event == "disconnect":
            connected.pop(sid, None)
            self._forget_anonymous(token)
        return outcome

    def _forget_anonymous(self, token: str) -> None:
        """Nothing in the state of a page nobody is signed in to is worth the half hour it would be kept (T22)."""
        if token and handle_of(hall().key, token) == ANONYMOUS:
            getattr(self._app.state_manager, "states", {}).pop(token, None)

    async def on_event(self, sid: str, data: Any = None) -> None:
        """One of Reflex's events, also the first, which rides in the CONNECT packet.

        Unknown names stop here: Reflex would log the whole event. Of where the page is, only what it needs goes on.
        """
        event = _tidy(data)
        if event is None:
            await _refuse("guard.shape")
        elif event["name"] not in RegistrationContext.get().event_handlers:
            await _refuse("guard.unknown")
        else:
            await self._event(sid, event)


async def _refuse(reason: str) -> None:
    place = hall()
    handle = current_handle.get()
    known = None if handle == ANONYMOUS else handle
    await to_thread.run_sync(lambda: place.door.refused("event", reason, place.clock(), handle=known))


def _tidy(data: Any) -> dict[str, Any] | None:
    """Name, payload and place of an event as our pages send it; None for anything else."""
    if not isinstance(data, dict):
        return None
    name, payload = data.get("name"), data.get("payload", {})
    where = _where(data.get("router_data", {}))
    if not isinstance(name, str) or len(name) > LONGEST_NAME or not isinstance(payload, dict) or where is None:
        return None
    return {"name": name, "payload": payload, "router_data": where}


def _where(router_data: Any) -> dict[str, Any] | None:
    """Path, address and parameters of the page, all texts of a bearable length: they are kept with the state."""
    if not isinstance(router_data, dict):
        return None
    found = {name: router_data[name] for name in ("pathname", "asPath") if name in router_data}
    query = router_data.get("query", {})
    texts = [*found.values()]
    if isinstance(query, dict) and len(query) <= MOST_PARAMETERS:
        texts += [*query, *query.values()]
        found |= {"query": query} if query else {}
    else:
        return None
    return found if all(isinstance(text, str) and len(text) <= LONGEST_ADDRESS for text in texts) else None
