"""Who is signed in and where they can go: what the header of every page shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.break_glass import minutes_left
from phbportal.domain.moments import show_time
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import plural
from phbportal.edge.house import hall
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.sign_in.keys import csrf_token

STAFF_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("Work", routes.STAFF, Permission.WORK_READ),
    ("People", routes.STAFF_PEOPLE, Permission.PERSON_READ),
    ("Providers", routes.STAFF_PROVIDERS, Permission.PROVIDER_READ),
    ("Users", routes.STAFF_USERS, Permission.USER_READ),
    ("Looks", routes.STAFF_ACCESS, Permission.ACCESS_READ),
    ("Break-glass", routes.STAFF_BREAK_GLASS, Permission.BREAK_GLASS_ASK),
)
HOLDER_NAV: tuple[tuple[str, str, Permission], ...] = (
    ("My budget", routes.MY_BUDGET, Permission.OWN_BUDGET_READ),
    ("My plan", routes.MY_PLAN, Permission.OWN_BUDGET_READ),
)


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
    csrf: str = ""
    nav: list[NavLink] = []
    let_in: str = ""


def navigation(actor: Actor, path: str) -> list[NavLink]:
    """The links this actor may use, the present one marked."""
    links = HOLDER_NAV if actor.role is Role.HOLDER else STAFF_NAV
    may = [(label, href) for label, href, needs in links if could_ever(actor, needs)]
    under = [href for _, href in may if path == href or path.startswith(href + "/")]
    present = max(under, key=len, default="")
    if path.startswith("/staff/phbs/") or path == routes.STAFF_NEW_PERSON:
        present = routes.STAFF_PEOPLE
    return [NavLink(label, href, href == present) for label, href in may]


async def show_frame(state: Any, actor: Actor) -> None:
    """Fill the header in, if it does not say this already."""
    frame = await state.get_state(Frame)
    csrf = csrf_token(hall().key, actor.session_handle or "")
    nav = navigation(actor, str(state.router.url.path))
    if frame.csrf != csrf:
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
