"""Who is signed in and where they can go: what the header of every page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

import reflex as rx
from sqlalchemy.exc import SQLAlchemyError

from phbportal import routes
from phbportal.domain.break_glass import minutes_left
from phbportal.domain.errors import Refusal
from phbportal.domain.moments import show_time
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import plural
from phbportal.edge.here import path_of
from phbportal.edge.house import hall
from phbportal.edge.turns import in_turn
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import csrf_token
from phbportal.sign_in.roles import roles_of

STAFF_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("Work", routes.STAFF, Permission.WORK_READ),
    ("People", routes.STAFF_PEOPLE, Permission.PERSON_READ),
    ("Providers", routes.STAFF_PROVIDERS, Permission.PROVIDER_READ),
    ("Changes", routes.STAFF_CHANGES, Permission.CHANGE_READ),
    ("Records", routes.STAFF_RECORDS, Permission.WORK_READ),
    ("Users", routes.STAFF_USERS, Permission.USER_READ),
    ("Looks", routes.STAFF_ACCESS, Permission.ACCESS_READ),
    ("Break-glass", routes.STAFF_BREAK_GLASS, Permission.BREAK_GLASS_ASK),
    ("Settings", routes.STAFF_SETTINGS, Permission.SETTING_READ),
)
HOLDER_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("My budget", routes.MY_BUDGET, Permission.OWN_BUDGET_READ),
    ("My plan", routes.MY_PLAN, Permission.OWN_BUDGET_READ),
    ("Decisions", routes.MY_DECISIONS, Permission.OWN_BUDGET_READ),
    ("Who helps me", routes.MY_HELPERS, Permission.OWN_BUDGET_READ),
    ("Who has looked", routes.MY_WHO_LOOKED, Permission.ACCESS_READ),
)
ACTING_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("People I act for", routes.ACTING_FOR, Permission.ACTED_FOR_READ),
)
ORGANISATION_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("Arrangements", routes.ORGANISATION, Permission.OWN_ORGANISATION_READ),
    ("Our people", routes.ORGANISATION_PEOPLE, Permission.OWN_ORGANISATION_READ),
)
NAVS = {
    Role.HOLDER: HOLDER_NAV,
    Role.NOMINEE: ACTING_NAV,
    Role.REPRESENTATIVE: ACTING_NAV,
    Role.PROVIDER: ORGANISATION_NAV,
}


@dataclass(frozen=True)
class NavLink:
    """One link of the main navigation, as text (a NavItem that can stand in a state)."""

    label: str
    href: str
    current: bool


class Frame(rx.State):
    """The signed-in person's name, role, and sign-out token; and the navigation they may use."""

    name: str = ""
    role_words: str = ""
    change_role_href: str = ""
    csrf: str = ""
    nav: list[NavLink] = []
    let_in: str = ""


def navigation(actor: Actor, path: str) -> list[NavLink]:
    """The links this actor may use, the present one marked."""
    return list(_navigation(replace(actor, display_name="", session_handle=None, step_up_until=None), path))


@lru_cache(maxsize=1024)
def _navigation(actor: Actor, path: str) -> tuple[NavLink, ...]:
    path = routes.STAFF if path == routes.STAFF_OVERVIEW else path  # the figures of the work page
    links = NAVS.get(actor.role, STAFF_NAV)
    may = [(label, href) for label, href, needs in links if could_ever(actor, needs)]
    under = [href for _, href in may if path == href or path.startswith(href + "/")]
    present = max(under, key=len, default="")
    if path.startswith("/staff/phbs/") or path == routes.STAFF_NEW_PERSON:
        present = routes.STAFF_PEOPLE
    if present == routes.STAFF and path != routes.STAFF:  # a page of a resource, which "Records" leads to
        present = routes.STAFF_RECORDS
    return tuple(NavLink(label, href, href == present) for label, href in may)


def has_several_roles(actor: Actor) -> bool:
    """Whether whoever is signed in could take up another role through the provider they came by."""
    place = hall()
    now = place.clock()
    try:
        with open_unit(place.engine, SYSTEM, writes=False, now=now) as uow:
            found = sessions.find_by_handle(uow.session, actor.session_handle or "", now)
            client = place.clients.get(found.provider)
            audience = client.provider.audience if client else ()
            return len(roles_of(uow.session, found.user_id, now, audience)) > 1
    except (sessions.SignedOut, SQLAlchemyError, Refusal):
        return False


async def show_frame(state: Any, actor: Actor) -> None:
    """Fill the header in, if it does not say this already."""
    frame = await state.get_state(Frame)
    csrf = csrf_token(hall().key, actor.session_handle or "")
    nav = navigation(actor, path_of(state))
    if frame.csrf != csrf:
        several = await in_turn(lambda: has_several_roles(actor))
        frame.change_role_href = routes.CHOOSE_ROLE if several else ""
        frame.name, frame.role_words, frame.csrf = actor.display_name, ROLE_WORDS[actor.role].capitalize(), csrf
    if frame.nav != nav:
        frame.nav = nav
    let_in = let_in_words(actor, hall().clock())
    if frame.let_in != let_in:
        frame.let_in = let_in


def let_in_words(actor: Actor, now: datetime) -> str:
    """What stands on every page while an administrator is let into a record by break-glass."""
    if actor.let_in_until is None:
        return ""
    left = plural(minutes_left(actor.let_in_until, now), "minute")
    return (
        f"You can read one person’s record until {show_time(actor.let_in_until)}: {left} left. "
        "Every page of it you open is recorded, and your board’s auditors have been told."
    )
