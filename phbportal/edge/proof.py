"""Step-up at the edge: who has proved a moment ago who they are, and the way there and back for who has not.

What was typed is kept as a draft; the page it belongs to shows it again when the person is back (decisions.md §2).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from phbportal import routes
from phbportal.domain.errors import Refusal
from phbportal.edge.here import params_of
from phbportal.edge.house import event_since, hall
from phbportal.edge.outcomes import problem_with_the_portal, show_refusal
from phbportal.edge.payloads import POLICY, HandlerPolicy
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import drafts, sessions

BACK = "You have confirmed it is you. Check what is on the page, then press the button again."


class Typed(rx.State):
    """What the last draft of this tab held. A draft is read once; a page that reloads, or whose connection was lost,
    must not lose what it showed. Never sent to a browser."""

    _draft_id: str = ""
    _words: dict[str, str] = {}


def in_force(found: sessions.Found, now: datetime) -> bool:
    """Whether somebody has proved who they are within the last minutes, and was connected with the secret they were
    given for it: a connection made before may be that of a copied cookie, waiting for its owner to step up."""
    until, since = found.actor.step_up_until, event_since.get()
    if until is None or since is None or found.proved_at is None:
        return False
    return now < until and found.proved_at <= since


def asks_for_proof(state: Any) -> bool:
    """Whether any handler of a page's state wants a step-up, so that the page says so beside its button."""
    return any(wanted(state) if callable(wanted) else wanted for wanted in _step_ups(type(state)))


@lru_cache(maxsize=512)
def _step_ups(page: type) -> tuple[bool | Callable[[Any], bool], ...]:
    handlers: dict[str, Any] = getattr(page, "event_handlers", {})
    policies = [getattr(handler.fn, POLICY, None) for handler in handlers.values()]
    return tuple(policy.step_up for policy in policies if isinstance(policy, HandlerPolicy) and policy.step_up)


def step_up_first(state: Any, actor: Actor, payload: dict[str, Any], now: datetime) -> Any:
    """Keep what was typed, and go to confirm who one is. The address holds the draft's random id and nothing else."""
    assert actor.user_id is not None
    assert actor.session_handle is not None
    user_id, handle, url = actor.user_id, actor.session_handle, state.router.url
    typed: dict[str, str] = next((dict(v) for v in payload.values() if isinstance(v, dict)), {})
    page = drafts.page_of(str(url.path), str(url.query))
    try:
        with open_unit(hall().engine, SYSTEM, writes=True, now=now) as uow:
            draft = drafts.keep(uow.session, user_id=user_id, handle=handle, page=page, content=typed, now=now)
    except Refusal as busy:
        return show_refusal(state, busy)
    except SQLAlchemyError as error:
        return problem_with_the_portal(state, error, "draft")
    return rx.redirect(f"{routes.STEP_UP}?draft={draft}")


async def draft_of_tab(state: Any, policy: HandlerPolicy) -> Typed | None:
    """Where this tab keeps its draft, if the page that is being filled asks for one."""
    asks = not policy.writes and not state.ready and bool(params_of(state).get("draft"))
    return await state.get_state(Typed) if asks else None


def show_draft(state: Any, tab: Typed, handle: str, now: datetime) -> bool:
    """Before a page is filled: put what its draft holds into the state; says whether there was one. Best effort:
    without it the form is empty, and nothing else is lost."""
    given = str(params_of(state).get("draft", ""))
    if tab._draft_id != given:
        try:
            with open_unit(hall().engine, SYSTEM, writes=True, now=now) as uow:
                user_id = sessions.find_by_handle(uow.session, handle, now).user_id
                typed = drafts.take(uow.session, given, user_id=user_id, handle=handle, now=now)
        except (sessions.SignedOut, SQLAlchemyError, Refusal):
            return False
        if typed is None:
            return False
        tab._draft_id, tab._words = given, typed
    state.draft = dict(tab._words)
    return True
