"""Where somebody signed in belongs."""

from __future__ import annotations

from dataclasses import dataclass

from phbportal import routes
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor


@dataclass(frozen=True, slots=True)
class OwnPage:
    """The words of a link and its address; both empty for nobody."""

    words: str
    href: str


NOBODY = OwnPage("", "")


def own_page(actor: Actor | None) -> OwnPage:
    """The first page of whoever is signed in: their money, their work; without a role yet, the choice of one."""
    if actor is None:
        return OwnPage("Choose your role", routes.CHOOSE_ROLE)
    if actor.role is Role.HOLDER:
        return OwnPage("Go to my budget", routes.MY_BUDGET)
    return OwnPage("Go to my work", routes.STAFF)
