"""Who is looking at a page that anybody may see."""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread
from sqlalchemy.exc import SQLAlchemyError

from phbportal import routes
from phbportal.domain.roles import Role
from phbportal.edge.house import event_handle, hall
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import ANONYMOUS


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Where somebody signed in belongs: the words of the link and its address."""

    words: str
    href: str


NOBODY = OwnPage("", "")


async def own_page() -> OwnPage:
    """The page of whoever sent the present event; NOBODY if nobody is signed in or the database does not answer."""
    handle = event_handle.get()
    if handle == ANONYMOUS:
        return NOBODY
    return await to_thread.run_sync(lambda: _own_page(handle))


def _own_page(handle: str) -> OwnPage:
    place = hall()
    try:
        with open_unit(place.engine, SYSTEM, writes=False, now=place.clock()) as uow:
            actor = sessions.find_by_handle(uow.session, handle, place.clock()).actor
    except (sessions.SignedOut, SQLAlchemyError):
        return NOBODY
    if actor.assignment_id is None:
        return OwnPage("Choose your role", routes.CHOOSE_ROLE)
    if actor.role is Role.HOLDER:
        return OwnPage("Go to my budget", routes.MY_BUDGET)
    return OwnPage("Go to my work", routes.STAFF)
