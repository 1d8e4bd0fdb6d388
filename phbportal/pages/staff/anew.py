"""Where a returned change is proposed anew: the engine's form it came from, or a page made by hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from phbportal import routes
from phbportal.admin.again import address_again
from phbportal.domain.errors import NotFound
from phbportal.queries.change_requests import Returned, to_propose_anew
from phbportal.services.unit_of_work import UnitOfWork

BY_HAND: dict[str, Callable[[str], str]] = {"rate": routes.staff_rate, "policy_setting": routes.staff_setting}
"""By what a change is about: the page of the name it is about."""
WHOLE: dict[str, str] = {"board/succeed": routes.STAFF_SUCCESSION}
"""By its kind: a page that has one form."""


def anew(uow: UnitOfWork, change_id: UUID) -> str:
    """The address of the form, with what was typed; "" for none."""
    found = to_propose_anew(uow.session, uow.actor, uow.today, change_id)
    if found.kind in WHOLE:
        return f"{WHOLE[found.kind]}?again={change_id}"
    page, name = BY_HAND.get(found.kind.partition("/")[0]), found.values.get("name", "")
    if page is None:
        return address_again(uow, change_id)
    row = f"row={found.row_id}&" if found.row_id else ""
    return f"{page(name)}?{row}again={change_id}" if name else ""


def returned(uow: UnitOfWork, again: UUID | None, subject: str, name: str, row: UUID | None) -> Returned | None:
    """The change an address says is proposed anew, of this name and row; None where it says none. Raises NotFound for
    one that is not the actor's to propose anew, or is about something else."""
    if again is None:
        return None
    found = to_propose_anew(uow.session, uow.actor, uow.today, again)
    if (found.kind.partition("/")[0], found.values.get("name"), found.row_id) != (subject, name, row):
        raise NotFound()
    return found
