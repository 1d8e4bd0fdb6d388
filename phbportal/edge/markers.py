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
from reflex_base.event.context import EventContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from phbportal import routes
from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.edge.frame import show_frame
from phbportal.edge.house import event_by_itself, event_handle, hall
from phbportal.edge.let_in import remember
from phbportal.edge.outcomes import begin, problem_with_the_portal, show_refusal
from phbportal.edge.payloads import POLICY, HandlerPolicy, payload_model
from phbportal.edge.proof import BACK, Typed, asks_for_proof, draft_of_tab, in_force, show_draft, step_up_first
from phbportal.edge.turns import in_turn
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions


class StepUpNeeded(NotAllowed):
    """The handler wants somebody who proved a moment ago who they are."""


Wanted = Permission | Callable[[Any], Permission]
"""A permission, or what a state that pages share says it is for what it shows."""


def reads(permission: Wanted, *, passive: bool = False, aside: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """A handler that reads and may do so with this permission; ``passive`` does not put off the idle limit, ``aside``
    leaves what the page says is wrong where it is."""
    return lambda body: _handler(body, permission=permission, writes=False, passive=passive, step_up=False, aside=aside)


def writes(permission: Wanted, *, step_up: bool | Callable[[Any], bool] = False) -> Callable[[Callable[..., Any]], Any]:
    """A handler that writes and may do so with this permission."""
    return lambda body: _handler(body, permission=permission, writes=True, passive=False, step_up=step_up)


def public(body: Callable[..., Any]) -> Any:
    """A handler anybody may call, signed in or not: it is given no unit of work and touches no record."""
    setattr(body, POLICY, HandlerPolicy(None, False, True, False, payload_model(body, skip=1)))
    unchecked: Any = body
    return rx.event(unchecked)


def _handler(
    body: Callable[..., Any], *, permission: Wanted, writes: bool, passive: bool,
    step_up: bool | Callable[[Any], bool], aside: bool = False,
) -> Any:  # fmt: skip
    policy = HandlerPolicy(permission, writes, passive, step_up, payload_model(body, skip=2), aside)

    async def handler(self: Any, **payload: Any) -> Any:
        handle = event_handle.get()
        tab = await draft_of_tab(self, policy)
        outcome, actor = await in_turn(lambda: _run(self, body, policy, handle, payload, tab))
        if actor is not None:
            remember(EventContext.get().token, actor)
            await show_frame(self, actor)
        if isinstance(outcome, Left):
            await hall().live.send_away(handle, outcome.path)
            return None
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
    state: Any, body: Callable[..., Any], policy: HandlerPolicy, handle: str, payload: dict[str, Any],
    tab: Typed | None,
) -> tuple[Any, Actor | None]:  # fmt: skip
    """The whole event in one thread, on one connection, in one transaction: what came of it, and who asked."""
    now = hall().clock()
    found: list[sessions.Found] = []
    is_back = tab is not None and show_draft(state, tab, handle, now)
    outcome = _attempt(state, body, policy, handle, payload, found, now)
    if isinstance(outcome, Left) or not found:
        return outcome, None
    # A refusal is activity too: somebody who spends an hour on one form is not idle.
    if found[0].touch_due(now) and not policy.passive and not event_by_itself.get():
        _touch(handle, now)
    if is_back and state.ready and in_force(found[0], now):
        state.notice = BACK
    return outcome, found[0].actor


def _attempt(
    state: Any, body: Callable[..., Any], policy: HandlerPolicy, handle: str, payload: dict[str, Any],
    found: list[sessions.Found], now: datetime,
) -> Any:  # fmt: skip
    place, qualname = hall(), body.__qualname__

    def who(db: Session, _now: datetime) -> Actor:
        live = sessions.find_by_handle(db, handle, now)
        actor = live.actor
        found.append(live)
        return actor

    def refused(reason: str) -> None:
        place.door.refused("event", reason, now, handle=handle, handler=qualname)

    try:
        with open_unit(place.engine, who, writes=policy.writes, now=now) as uow:
            begin(state, aside=policy.aside)
            _check(state, found[0], policy, now)
            state.must_confirm = asks_for_proof(state) and not in_force(found[0], now)
            return body(state, uow, **payload)
    except sessions.SignedOut as gone:
        refused(gone.reason)
        return Left(gone.page)
    except NotFound as refusal:
        refused("guard.object")
        return show_refusal(state, refusal)
    except StepUpNeeded:
        refused("guard.step_up")
        return step_up_first(state, found[0].actor, payload, now)
    except NotAllowed as refusal:
        refused("guard.role")
        return show_refusal(state, refusal) if state.ready else rx.redirect(routes.NOT_ALLOWED)
    except Refusal as refusal:
        return show_refusal(state, refusal)
    except Exception as error:  # whatever it is, its words may hold a person's: none are logged, none shown
        return problem_with_the_portal(state, error, qualname)


def _check(state: Any, found: sessions.Found, policy: HandlerPolicy, now: datetime) -> None:
    """Raise NotAllowed unless somebody in this role could ever do this, having proved themselves where it is asked."""
    assert policy.permission is not None
    wanted = policy.permission if isinstance(policy.permission, Permission) else policy.permission(state)
    if not could_ever(found.actor, wanted):
        raise NotAllowed("You do not have permission to do this.")
    step_up = policy.step_up(state) if callable(policy.step_up) else policy.step_up
    if step_up and not in_force(found, now):
        raise StepUpNeeded("Confirm it is you to continue.")


def _touch(handle: str, now: datetime) -> None:
    """Best effort: a busy database must not sign people out."""
    try:
        with open_unit(hall().engine, SYSTEM, writes=True, now=now) as uow:
            sessions.touch(uow.session, handle, now)
    except (SQLAlchemyError, Refusal):
        return
