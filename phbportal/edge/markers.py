"""The markers every event handler carries exactly one of: ``@reads``, ``@writes`` or ``@public``.

A marked handler's body is ``body(self, uow, …)``: it runs in a thread, in one unit of work whose first statement
reads the session, and may return an event (a redirect, a focus). A refusal becomes the page's error summary.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints

import reflex as rx
from anyio import to_thread
from pydantic import BaseModel, ConfigDict, create_model
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phbportal import routes
from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.edge.frame import show_frame
from phbportal.edge.house import event_handle, hall
from phbportal.edge.outcomes import begin, problem_with_the_portal, show_refusal
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions

POLICY = "__phb_policy__"


@dataclass(frozen=True, slots=True)
class HandlerPolicy:
    """What a handler declared. ``permission`` None is public; ``payload`` is what it may be sent, strictly."""

    permission: Permission | None
    writes: bool
    passive: bool
    step_up: bool
    payload: type[BaseModel]


def reads(permission: Permission, *, passive: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """A handler that reads and may do so with this permission; ``passive`` does not put off the idle limit."""
    return lambda body: _handler(body, permission=permission, writes=False, passive=passive, step_up=False)


def writes(permission: Permission, *, step_up: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """A handler that writes and may do so with this permission."""
    return lambda body: _handler(body, permission=permission, writes=True, passive=False, step_up=step_up)


def public(body: Callable[..., Any]) -> Any:
    """A handler anybody may call, signed in or not: it is given no unit of work and touches no record."""
    handler = rx.event(body)
    setattr(body, POLICY, HandlerPolicy(None, False, True, False, _payload_model(body, skip=1)))
    return handler


def _payload_model(body: Callable[..., Any], *, skip: int) -> type[BaseModel]:
    """The arguments a browser may send: exactly these names, exactly these types."""
    hints = get_type_hints(body)
    parameters = list(inspect.signature(body).parameters.values())[skip:]
    fields: dict[str, Any] = {
        p.name: (hints.get(p.name, str), ... if p.default is p.empty else p.default) for p in parameters
    }
    return create_model(
        f"{body.__qualname__}.payload", __config__=ConfigDict(extra="forbid", strict=True), **fields
    )


def _handler(
    body: Callable[..., Any], *, permission: Permission, writes: bool, passive: bool, step_up: bool
) -> Any:
    policy = HandlerPolicy(permission, writes, passive, step_up, _payload_model(body, skip=2))

    async def handler(self: Any, **payload: Any) -> Any:
        handle = event_handle.get()
        outcome, actor = await to_thread.run_sync(lambda: _run(self, body, policy, handle, payload))
        if actor is not None:
            await show_frame(self, actor)
        if isinstance(outcome, Left):
            await hall().live.send_away(handle, outcome.path)
            return rx.redirect(outcome.path)
        return outcome

    parameters = [p for i, p in enumerate(inspect.signature(body).parameters.values()) if i != 1]
    handler.__signature__ = inspect.Signature(parameters)  # pyright: ignore[reportFunctionMemberAccess]
    hints = get_type_hints(body)
    handler.__annotations__ = {p.name: hints[p.name] for p in parameters if p.name in hints}
    handler.__name__, handler.__qualname__ = body.__name__, body.__qualname__
    handler.__module__, handler.__doc__ = body.__module__, body.__doc__
    setattr(handler, POLICY, policy)
    return rx.event(handler)


@dataclass(frozen=True, slots=True)
class Left:
    """The session is over: where its pages must go."""

    path: str


def _run(
    state: Any, body: Callable[..., Any], policy: HandlerPolicy, handle: str, payload: dict[str, Any]
) -> tuple[Any, Actor | None]:
    """The whole event in one thread, on one connection, in one transaction: what came of it, and who asked."""
    found: list[sessions.Found] = []
    outcome = _attempt(state, body, policy, handle, payload, found)
    return outcome, found[0].actor if found else None


def _attempt(
    state: Any, body: Callable[..., Any], policy: HandlerPolicy, handle: str, payload: dict[str, Any],
    found: list[sessions.Found],
) -> Any:  # fmt: skip
    place, now = hall(), hall().clock()

    def who(db: Session, _now: datetime) -> Actor:
        found.append(sessions.find_by_handle(db, handle, now))
        return found[0].actor

    qualname = body.__qualname__
    try:
        with open_unit(place.engine, who, writes=policy.writes, now=now) as uow:
            assert policy.permission is not None
            begin(state)
            if not could_ever(uow.actor, policy.permission):
                raise NotAllowed("You do not have permission to do this.")
            if policy.writes and found[0].touch_due(now) and not policy.passive:
                sessions.touch(uow.session, handle, now)
            outcome = body(state, uow, **payload)
    except sessions.SignedOut as gone:
        place.door.refused("event", gone.reason, now, handle=handle, handler=qualname)
        return Left(_where(gone))
    except NotFound as refusal:
        place.door.refused("event", "guard.object", now, handle=handle, handler=qualname)
        return show_refusal(state, refusal)
    except NotAllowed as refusal:
        place.door.refused("event", "guard.role", now, handle=handle, handler=qualname)
        return show_refusal(state, refusal) if state.ready else rx.redirect(routes.NOT_ALLOWED)
    except Refusal as refusal:
        return show_refusal(state, refusal)
    except SQLAlchemyError as error:
        return problem_with_the_portal(state, error, qualname)
    if not policy.writes and not policy.passive and found[0].touch_due(now):
        _touch(handle, now)
    return outcome


def _touch(handle: str, now: datetime) -> None:
    """Best effort: a busy database must not sign people out."""
    try:
        with open_unit(hall().engine, SYSTEM, writes=True, now=now) as uow:
            sessions.touch(uow.session, handle, now)
    except SQLAlchemyError:
        return


def _where(gone: sessions.SignedOut) -> str:
    if gone.reason == "session.absolute":
        return f"{routes.TIMED_OUT}?after=absolute"
    return routes.TIMED_OUT if gone.reason == "session.idle" else routes.SIGNED_OUT
