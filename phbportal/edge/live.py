"""Open pages: push a redirect, disconnect, forget state (the ``Live`` of sign-in), and the socket's own refusals."""

from __future__ import annotations

import logging
from typing import Any

import reflex as rx
from anyio import to_thread
from reflex.state import StateUpdate
from reflex.utils import token_manager
from reflex_base.event import fix_events
from reflex_base.registry import RegistrationContext

from phbportal.edge.house import hall
from phbportal.sign_in.gate import current_handle
from phbportal.sign_in.keys import fresh_ident, handle_of

log = logging.getLogger("phbportal.live")
LONGEST_NAME = 300


class OpenPages:
    """The open pages of this process, found by the session handle inside their ident."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def send_away(self, handle: str, path: str) -> None:
        namespace = self.app.event_namespace
        if namespace is None:
            return
        key = hall().key
        for token, sid in list(namespace.token_to_sid.items()):
            if handle_of(key, token) != handle:
                continue
            update = StateUpdate(delta={}, events=fix_events([rx.redirect(path)], token=token))
            await namespace.emit_update(update, token)
            await self.app.sio.disconnect(sid, namespace="/_event")
        await self._purge(handle)

    async def _purge(self, handle: str) -> None:
        """Forget the states of a session that is over."""
        states = getattr(self.app.state_manager, "states", None)
        if isinstance(states, dict):
            for token in [t for t in states if str(t).startswith(handle + ".")]:
                states.pop(token, None)


def install_socket_rules(app: Any) -> None:
    """New tokens (a duplicated tab) are idents of the connecting session; unknown handler names stop at the socket.

    Reflex logs the whole event, payload and all, when a name is unknown: it must not get that far.
    """
    token_manager._get_new_token = lambda: fresh_ident(hall().key, current_handle.get())
    namespace = app.event_namespace
    if namespace is None:
        return
    inner = namespace.on_event

    async def on_event(sid: str, data: Any) -> None:
        name = data.get("name") if isinstance(data, dict) else None
        known = RegistrationContext.get().event_handlers
        if not isinstance(name, str) or len(name) > LONGEST_NAME or name not in known:
            place = hall()
            await to_thread.run_sync(lambda: place.door.refused("event", "guard.unknown", place.clock()))
            return
        if not isinstance(data.get("payload", {}), dict) or not isinstance(data.get("router_data", {}), dict):
            return
        await inner(sid, data)

    namespace.on_event = on_event


WITHHELD = ("reflex", "socketio", "engineio", "authlib")


def quieten_logs() -> None:
    """Withhold values from everything Reflex and the socket libraries log: the place is kept, the words are not.

    Their warnings hold whole events: payloads with names and amounts, and the idents of sessions.
    """
    inner = logging.getLogRecordFactory()

    def without_values(*args: Any, **more: Any) -> logging.LogRecord:
        record = inner(*args, **more)
        if record.name.split(".")[0].split("_")[0] in WITHHELD:
            record.msg = f"{record.module}:{record.lineno}: message withheld"
            record.args, record.exc_info, record.exc_text, record.stack_info = (), None, None, None
        return record

    logging.setLogRecordFactory(without_values)
