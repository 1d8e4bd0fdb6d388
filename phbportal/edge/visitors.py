"""Who is looking at a page that anybody may see."""

from __future__ import annotations

from sqlalchemy.exc import SQLAlchemyError

from phbportal.edge.house import event_handle, hall
from phbportal.edge.turns import in_turn
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import sessions
from phbportal.sign_in.keys import ANONYMOUS
from phbportal.sign_in.own_page import NOBODY, OwnPage, own_page


async def visitors_page() -> OwnPage:
    """The own page of whoever sent the present event; NOBODY for nobody, and when the database does not answer."""
    handle = event_handle.get()
    return NOBODY if handle == ANONYMOUS else await in_turn(lambda: _find(handle))


def _find(handle: str) -> OwnPage:
    place = hall()
    try:
        with open_unit(place.engine, SYSTEM, writes=False, now=place.clock()) as uow:
            return own_page(sessions.find_by_handle(uow.session, handle, place.clock()).in_role)
    except (sessions.SignedOut, SQLAlchemyError):
        return NOBODY
