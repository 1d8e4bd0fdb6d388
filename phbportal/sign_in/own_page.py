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
_HOMES: dict[Role, tuple[str, str]] = {
    Role.HOLDER: ("Go to my budget", routes.MY_BUDGET),
    Role.NOMINEE: ("Go to the people I act for", routes.ACTING_FOR),
    Role.REPRESENTATIVE: ("Go to the people I act for", routes.ACTING_FOR),
    Role.PROVIDER: ("Go to our arrangements", routes.ORGANISATION),
}


def home_of(role: Role) -> str:
    """The first page of a role."""
    return _HOMES.get(role, ("", routes.STAFF))[1]


def own_page(actor: Actor | None) -> OwnPage:
    """The first page of whoever is signed in: their money, their work; without a role yet, the choice of one."""
    if actor is None:
        return OwnPage("Choose your role", routes.CHOOSE_ROLE)
    words, _ = _HOMES.get(actor.role, ("Go to my work", ""))
    return OwnPage(words, home_of(actor.role))
