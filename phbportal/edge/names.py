"""Every event a browser may send by name: ours by their markers, and exactly six of Reflex's own."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, create_model
from reflex.state import (
    EventHandlerSetVar,
    FrontendEventExceptionState,
    OnLoadInternalState,
    State,
    UpdateVarsInternalState,
)
from reflex_base.registry import RegisteredEventHandler, RegistrationContext
from reflex_base.utils.format import format_event_handler

from phbportal.edge.payloads import POLICY, HandlerPolicy, Text

_STRICT = ConfigDict(extra="forbid", strict=True)


class UnguardedHandlers(Exception):
    """Handlers without a marker: the portal does not start."""


def _shape(name: str, **fields: Any) -> type[BaseModel]:
    return create_model(name, __config__=_STRICT, **fields)


_NOTHING = _shape("nothing")
_FLAG = _shape("flag", value=(bool, ...))

CONNECTED = format_event_handler(State.event_handlers["hydrate_and_load"])
"""The first event of every connection, a reconnection's too."""
NAVIGATED = format_event_handler(OnLoadInternalState.event_handlers["on_load_internal"])

INTERNAL: dict[str, type[BaseModel]] = {
    format_event_handler(State.event_handlers["hydrate"]): _NOTHING,
    # "vars" is the browser's storage, of which the portal keeps nothing.
    CONNECTED: _shape("connected", vars=(dict[str, None] | None, None), hashes=(list[Text] | None, None)),
    NAVIGATED: _NOTHING,
    format_event_handler(State.event_handlers["set_is_hydrated"]): _FLAG,
    format_event_handler(OnLoadInternalState.event_handlers["set_is_hydrated"]): _FLAG,
    format_event_handler(FrontendEventExceptionState.event_handlers["handle_frontend_exception"]): _shape(
        "frontend_exception", info=(Text, ...), component_stack=(Text, ...)
    ),
}
"""Reflex's own events that a page needs, and what each may be sent (security.md §5.5)."""

PAGE_EVENTS = frozenset({format_event_handler(State.event_handlers["hydrate"]), CONNECTED, NAVIGATED})
"""The events with which a page begins: before them every other page's state is emptied (decisions.md §5)."""


def policy_of(name: str) -> HandlerPolicy | None:
    """The marker of a registered handler, or None."""
    registered = RegistrationContext.get().event_handlers.get(name)
    return getattr(registered.handler.fn, POLICY, None) if registered else None


def _is_refused_anyway(registered: RegisteredEventHandler) -> bool:
    """The two functions Reflex adds to states by itself; they carry no marker, so the Guard refuses them."""
    function = registered.handler.fn
    update_vars: Any = UpdateVarsInternalState.event_handlers["update_vars_internal"].fn
    return function is EventHandlerSetVar.setvar or function is update_vars


def unguarded() -> list[str]:
    """Registered handlers that carry no marker and are not Reflex's own."""
    return sorted(
        name
        for name, registered in RegistrationContext.get().event_handlers.items()
        if name not in INTERNAL and policy_of(name) is None and not _is_refused_anyway(registered)
    )


def refuse_to_start_unguarded() -> None:
    """The portal does not start with a handler nobody has said anything about."""
    if names := unguarded():
        raise UnguardedHandlers(
            "These event handlers carry no marker (@reads, @writes or @public):\n" + "\n".join(f"- {n}" for n in names)
        )
