"""The Guard: first thing at every event, it only denies (security.md §5.5, decisions.md §1)."""

from __future__ import annotations

import logging
from typing import Any

import reflex as rx
from anyio import to_thread
from pydantic import ValidationError
from reflex.middleware import Middleware
from reflex.state import OnLoadInternalState, State, StateUpdate
from reflex_base.event import Event
from reflex_base.event.context import EventContext
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phbportal import routes
from phbportal.edge.house import event_handle, hall
from phbportal.edge.markers import POLICY, HandlerPolicy
from phbportal.edge.outcomes import PageState
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import ANONYMOUS, handle_of

log = logging.getLogger("phbportal.guard")
FORM = "__reflex_form_data__"
MOST_FIELDS = 500


class UnguardedHandlers(Exception):
    """Handlers without a marker: the portal does not start."""


def internal_names() -> frozenset[str]:
    """Reflex's own events that a page needs: exactly these (security.md §5.5)."""
    from reflex.state import FrontendEventExceptionState

    names = {format_event_handler(State.event_handlers[n]) for n in ("hydrate", "hydrate_and_load", "set_is_hydrated")}
    names.add(format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"]))
    names.add(format_event_handler(FrontendEventExceptionState.event_handlers["handle_frontend_exception"]))
    # Each state class inherits set_is_hydrated; only the page loader's own copy is called.
    if "set_is_hydrated" in OnLoadInternalState.event_handlers:
        names.add(format_event_handler(OnLoadInternalState.event_handlers["set_is_hydrated"]))
    return frozenset(names)


def page_events() -> frozenset[str]:
    """The events with which a page begins: before them every other page's state is emptied (decisions.md §5)."""
    return frozenset(
        {
            format_event_handler(State.event_handlers["hydrate"]),
            format_event_handler(State.event_handlers["hydrate_and_load"]),
            format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"]),
        }
    )


def policy_of(name: str) -> HandlerPolicy | None:
    """The marker of a registered handler, or None."""
    registered = RegistrationContext.get().event_handlers.get(name)
    return getattr(registered.handler.fn, POLICY, None) if registered else None


def unguarded() -> list[str]:
    """Registered handlers that carry no marker and are not Reflex's own."""
    allowed = internal_names()
    own = "reflex___"
    return sorted(
        name
        for name in RegistrationContext.get().event_handlers
        if name not in allowed and not name.endswith(".setvar") and policy_of(name) is None
        and not (name.split(".")[-2].startswith(own) or ".set_is_hydrated" in name)
    )  # fmt: skip


def refuse_to_start_unguarded() -> None:
    """The portal does not start with a handler nobody has said anything about."""
    if names := unguarded():
        raise UnguardedHandlers(
            "These event handlers carry no marker (@reads, @writes or @public):\n"
            + "\n".join(f"- {n}" for n in names)
        )


class Guard(Middleware):
    """Denies what is not ours: a bad ident, an unmarked handler, nobody signed in, a payload of the wrong shape."""

    async def preprocess(self, app: Any, state: Any, event: Event) -> StateUpdate | None:
        # The context's token, not the state's router data: that may be another connection's.
        place = hall()
        handle = handle_of(place.key, EventContext.get().token)
        if handle is None:
            return await self._deny("guard.ident", event, None)
        event_handle.set(handle)
        if event.name in internal_names():
            return await self._internal(state, event, handle)
        policy = policy_of(event.name)
        if policy is None:
            return await self._deny("guard.no_policy", event, handle)
        if policy.permission is not None and handle == ANONYMOUS:
            return await self._deny("session.none", event, None, to=routes.LOGIN)
        try:
            flatten_forms(event.payload)
            policy.payload.model_validate(event.payload)
        except (ValidationError, ValueError):
            return await self._deny("guard.payload", event, None if handle == ANONYMOUS else handle)
        return None

    async def _internal(self, state: Any, event: Event, handle: str) -> StateUpdate | None:
        if event.name in page_events():
            forget_pages(state)
        if handle == ANONYMOUS:
            return None
        try:
            await to_thread.run_sync(lambda: self._look(handle))
        except sessions.SignedOut as gone:
            timed = gone.reason in ("session.idle", "session.absolute")
            return await self._deny(
                gone.reason, event, handle, to=routes.TIMED_OUT if timed else routes.SIGNED_OUT
            )
        except SQLAlchemyError:
            return await self._deny("guard.database", event, handle, to=routes.PROBLEM)
        return None

    def _look(self, handle: str) -> None:
        place = hall()

        def find(db: Session) -> None:
            sessions.find_by_handle(db, handle, place.clock())

        with open_unit(place.engine, SYSTEM, writes=False, now=place.clock()) as uow:
            find(uow.session)

    async def _deny(self, reason: str, event: Event, handle: str | None, *, to: str = "") -> StateUpdate:
        place = hall()
        name = event.name if event.name in RegistrationContext.get().event_handlers else "unknown"
        await to_thread.run_sync(
            lambda: place.door.refused("event", reason, place.clock(), handle=handle, handler=name)
        )
        if not to:
            return StateUpdate(delta={}, events=[])
        from reflex_base.event import fix_events

        return StateUpdate(delta={}, events=fix_events([rx.redirect(to)], token=EventContext.get().token))


def flatten_forms(payload: dict[str, Any]) -> None:
    """A form arrives as pairs under one key; make it a dict of texts. Raises ValueError for anything else there."""
    for name, value in payload.items():
        if not isinstance(value, dict) or FORM not in value:
            continue
        pairs = value[FORM]
        if len(value) != 1 or not isinstance(pairs, list) or len(pairs) > MOST_FIELDS:
            raise ValueError("not a form")
        if not all(isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) for x in p) for p in pairs):
            raise ValueError("not a form")
        payload[name] = dict(pairs)


def forget_pages(state: Any) -> None:
    """Empty every page's state that has held somebody's data, so that no later frame carries it."""
    waiting = [state._get_root_state()]
    while waiting:
        one = waiting.pop()
        waiting.extend(one.substates.values())
        if getattr(one, "_touched", False):
            one.reset()


__all__ = ["Guard", "PageState", "forget_pages", "policy_of", "refuse_to_start_unguarded", "unguarded"]
