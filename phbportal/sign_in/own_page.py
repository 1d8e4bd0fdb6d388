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


def home_of(role: Role) -> str:
    """The first page of a role."""
    if role is Role.PROVIDER:
        return routes.ORGANISATION
    return routes.MY_BUDGET if role is Role.HOLDER else routes.STAFF


def own_page(actor: Actor | None) -> OwnPage:
    """The first page of whoever is signed in: their money, their work; without a role yet, the choice of one."""
    if actor is None:
        return OwnPage("Choose your role", routes.CHOOSE_ROLE)
    return OwnPage("Go to my budget" if actor.role is Role.HOLDER else "Go to my work", home_of(actor.role))
