"""The Guard: first thing at every event, it only denies (security.md §5.5, decisions.md §1)."""

from __future__ import annotations

from typing import Any

import reflex as rx
from anyio import to_thread
from reflex.middleware.middleware import Middleware
from reflex.state import StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from sqlalchemy.exc import SQLAlchemyError

from phbportal import routes
from phbportal.domain.errors import Refusal
from phbportal.edge.house import connected, event_by_itself, event_handle, event_since, hall
from phbportal.edge.names import (
    CONNECTED,
    INTERNAL,
    NAVIGATED,
    PAGE_EVENTS,
    policy_of,
    refuse_to_start_unguarded,
    unguarded,
)
from phbportal.edge.payloads import fits
from phbportal.edge.turns import in_turn
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import ANONYMOUS, handle_of

MOST_REMEMBERED = 10_000


class Guard(Middleware):
    """Denies what is not ours: a bad ident, an unmarked handler, nobody signed in, a payload of the wrong shape."""

    def __init__(self) -> None:
        # Transactions that began with a connection, in order; what they chain is nothing a person did.
        self._connections: dict[str, None] = {}

    async def preprocess(self, app: Any, state: Any, event: Event) -> StateUpdate | None:
        # The context's token, not the state's router data: that may be another connection's.
        place, context = hall(), EventContext.get()
        handle = handle_of(place.key, context.token)
        if handle is None:
            return await self._deny("guard.ident", event, None)
        event_handle.set(handle)
        # Of the socket the event came by; its tab may have another by the time it is this one's turn. One that is
        # closed is not known, and what came by it proves nothing.
        event_since.set(connected.get(context.router_data.get(RouteVar.SESSION_ID, "")))
        event_by_itself.set(self._comes_of_a_connection(event, context))
        known = None if handle == ANONYMOUS else handle
        policy = policy_of(event.name)
        shape = policy.payload if policy else INTERNAL.get(event.name)
        if shape is None:
            return await self._deny("guard.no_policy", event, known)
        if policy and policy.permission is not None and known is None:
            return await self._deny("session.none", event, None, to=routes.LOGIN)
        if not fits(event.payload, shape):
            return await self._deny("guard.payload", event, known)
        return await self._internal(state, event, known) if policy is None else None

    def _comes_of_a_connection(self, event: Event, context: EventContext) -> bool:
        chained = context.parent_txid in self._connections
        if event.name == CONNECTED or (chained and event.name == NAVIGATED):
            self._connections[context.txid] = None
            if len(self._connections) > MOST_REMEMBERED:
                del self._connections[next(iter(self._connections))]
        return chained

    async def _internal(self, state: Any, event: Event, handle: str | None) -> StateUpdate | None:
        """A page's beginning empties every page's state; for a session that is over, it ends there."""
        if event.name in PAGE_EVENTS:
            forget_pages(state, EventContext.get().router_data.get(RouteVar.ORIGIN, ""))
        if handle is None:
            return None
        try:
            await in_turn(lambda: _look(handle))
        except sessions.SignedOut as gone:
            denied = await self._deny(gone.reason, event, handle)
            await hall().live.send_away(handle, gone.page)
            return denied
        except (SQLAlchemyError, Refusal):  # a Refusal here is a busy database
            # Nobody can say whether the session still lives: the page gets its frame with nothing in it, and its own
            # events the problem banner. A redirect to another page would only come back here.
            await self._record("guard.database", event, handle)
            if event.name in PAGE_EVENTS:
                state._get_root_state().reset()
        return None

    async def _deny(self, reason: str, event: Event, handle: str | None, *, to: str = "") -> StateUpdate:
        await self._record(reason, event, handle)
        return StateUpdate(delta={}, events=Event.from_event_type(rx.redirect(to)) if to else [])

    async def _record(self, reason: str, event: Event, handle: str | None) -> None:
        place = hall()
        name = event.name if event.name in RegistrationContext.get().event_handlers else "unknown"
        await to_thread.run_sync(
            lambda: place.door.refused("event", reason, place.clock(), handle=handle, handler=name)
        )


def _look(handle: str) -> None:
    """Raise SignedOut unless this session lives; a page nobody needs a role for may be looked at without one."""
    place = hall()
    with open_unit(place.engine, SYSTEM, writes=False, now=place.clock()) as uow:
        sessions.find_by_handle(uow.session, handle, place.clock())


def forget_pages(state: Any, path: str = "") -> None:
    """Empty every page's state that has held somebody's data, so that no later frame carries it.

    A state that pages share (``_on_page``) is told the path of the page that begins, "" where none does.
    """
    waiting = [state._get_root_state()]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.substates.values())
        touched = getattr(one, "_touched", None)
        if touched:
            one.reset()
        elif touched is False and not one._was_touched:
            # Its defaults, which were put there to be sent, come back when they are asked for: there are some hundred
            # such states to a page, and a thousand pages. Only of a page: any other that came back from Redis holds
            # what it held, and says that it was not touched.
            vars(one).clear()
        if (told := getattr(one, "_on_page", None)) is not None:
            told(path.partition("?")[0])


__all__ = ["Guard", "forget_pages", "policy_of", "refuse_to_start_unguarded", "unguarded"]
