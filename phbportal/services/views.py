"""Keeping what somebody typed to search, and where they paged to, out of the address bar (decisions.md §5)."""

from __future__ import annotations

import uuid
from uuid import UUID

from phbportal.domain.errors import NotAllowed
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import View


def keep_view(
    uow: UnitOfWork, page: str, *, search: str = "", cursor: str = "", direction: str = "", conditions: str = "",
    columns: str = "", density: str = "",
) -> UUID:  # fmt: skip
    """Keep a search and a place in its list for the actor's team. Returns the random id that goes into the address."""
    if not uow.actor.is_staff:
        raise NotAllowed("You do not have permission to do this.")
    view = uow.add(
        View, id=uuid.uuid4(), icb_id=uow.actor.icb_id, user_id=uow.actor.user_id, page=page,
        search=search.strip()[:200], cursor=cursor[:400], direction=direction[:10], conditions=conditions,
        columns=columns[:400], density=density[:10],
    )  # fmt: skip
    return view.id
