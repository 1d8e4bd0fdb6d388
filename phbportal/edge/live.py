"""Open pages: push a redirect, disconnect, forget state (the ``Live`` of sign-in); and the watch over sessions."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Any

import reflex as rx
from anyio import to_thread
from reflex.istate.manager.token import BaseStateToken
from reflex.state import StateUpdate
from reflex_base.event import Event
from sqlalchemy.exc import SQLAlchemyError

from phbportal import routes
from phbportal.domain.errors import Refusal
from phbportal.edge import let_in
from phbportal.edge.guard import forget_pages
from phbportal.edge.house import hall
from phbportal.edge.quiet import quieten_logs
from phbportal.edge.socket import install_socket_rules
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import ANONYMOUS, handle_of

log = logging.getLogger("phbportal.live")
# Longer ago than the last look by more than clocks of two machines differ and a transaction lasts.
LOOK_BACK = timedelta(seconds=30)


class OpenPages:
    """The open pages of this process, found by the session handle inside their ident."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.look_every, self.sweep_every = 2.0, 30.0
        self._leaving: set[asyncio.Task[None]] = set()
        self._sent_away: set[str] = set()
        """Connections that are being sent away: a sign-out and the watch that comes upon it do it once."""
        app.register_lifespan_task(self.watch)

    async def send_away(self, handle: str, path: str) -> None:
        """Every page of the session goes to ``path``, is disconnected and forgotten.

        The event that found its own session over is cancelled with its page, so the work is a task of its own.
        """
        task = asyncio.ensure_future(self._send_away(handle, path))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)
        await asyncio.shield(task)

    async def _send_away(self, handle: str, path: str) -> None:
        namespace, key = self.app.event_namespace, hall().key
        events = Event.from_event_type(rx.redirect(path))
        for token, sid in list(namespace.token_to_sid.items()):
            if handle_of(key, token) != handle or sid in self._sent_away:
                continue
            self._sent_away.add(sid)
            try:
                await namespace.emit_update(StateUpdate(delta={}, events=events), token)
                await self.app.sio.disconnect(sid, namespace=namespace.namespace)
            except Exception as error:  # one page that cannot be reached must not keep the others
                log.error("a page could not be sent away: %s", type(error).__name__)
            finally:
                self._sent_away.discard(sid)
        await self._forget(handle)

    async def _forget(self, handle: str) -> None:
        """Forget the states of a session that is over."""
        manager = self.app.state_manager
        states = getattr(manager, "states", {})
        for token in [t for t in states if str(t).startswith(f"{handle}.")]:
            states.pop(token, None)
        redis = getattr(manager, "redis", None)
        if redis is not None:
            async for key in redis.scan_iter(match=f"{handle}.*"):
                await redis.delete(key)

    def handles(self) -> set[str]:
        """The sessions that have an open page or a kept state in this process."""
        key = hall().key
        tokens = [*self.app.event_namespace.token_to_sid, *getattr(self.app.state_manager, "states", {})]
        return {handle for token in tokens if (handle := handle_of(key, str(token))) not in (None, ANONYMOUS)}

    async def watch(self) -> None:
        """As long as the portal runs: sessions ended by another process within two seconds, those that time, a role or
        a disabled account ended within thirty."""
        since_sweep = 0.0
        try:
            while True:
                await asyncio.sleep(self.look_every)
                since_sweep += self.look_every
                sweep = since_sweep >= self.sweep_every
                try:
                    await self.look(everything=sweep)
                    since_sweep = 0.0 if sweep else since_sweep
                except (SQLAlchemyError, Refusal) as error:  # each event of theirs asks for itself meanwhile
                    log.warning("sessions could not be looked at: %s", type(error).__name__)
                except Exception as error:
                    log.error("watching sessions: %s", type(error).__name__)
        finally:
            hall().door.flush(hall().clock())

    async def look(self, *, everything: bool = False) -> None:
        """Send away the pages of sessions that were ended; with ``everything``, of all that are over."""
        place = hall()
        now, open_here = place.clock(), self.handles()

        def over() -> dict[str, str]:
            place.door.flush_past(now)
            if not open_here:
                return {}
            with open_unit(place.engine, SYSTEM, writes=False, now=now) as uow:
                if everything:
                    return {h: gone.page for h, gone in sessions.ended(uow.session, open_here, now).items()}
                revoked = sessions.revoked_since(uow.session, now - LOOK_BACK)
                return {handle: routes.SIGNED_OUT for handle in revoked if handle in open_here}

        for handle, path in (await to_thread.run_sync(over)).items():
            await self.send_away(handle, path)
        tabs = self._tabs()
        for ident in await to_thread.run_sync(lambda: let_in.over(place.engine, tabs, now)):
            await self.turn_away(ident)

    def _tabs(self) -> set[str]:
        """The tabs that are open, or whose state is kept, in this process."""
        return {*self.app.event_namespace.token_to_sid, *map(str, getattr(self.app.state_manager, "states", {}))}

    async def turn_away(self, ident: str) -> None:
        """A tab whose break-glass is over: what it shows is emptied at once, then it goes to the page that says so.

        Its session goes on, so unlike ``send_away`` this leaves it connected.
        """
        namespace = self.app.event_namespace
        try:
            if ident in namespace.token_to_sid:
                async with self.app.modify_state(BaseStateToken(ident=ident, cls=self.app._state)) as state:
                    forget_pages(state)
                events = Event.from_event_type(rx.redirect(f"{routes.STAFF_BREAK_GLASS}?done=over"))
                await namespace.emit_update(StateUpdate(delta={}, events=events), ident)
            else:
                getattr(self.app.state_manager, "states", {}).pop(ident, None)
        except Exception as error:  # one page that cannot be reached must not keep the others
            log.error("a page could not be turned away: %s", type(error).__name__)


__all__ = ["OpenPages", "install_socket_rules", "quieten_logs"]
