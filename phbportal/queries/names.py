"""What colleagues are called, for "who did this"."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.queries.kept import among, has_arrays
from phbportal.tables.users import User

NOBODY = "The portal"


class Names:
    """Display names by user id; nobody is the portal itself."""

    def __init__(self, found: dict[UUID, str]) -> None:
        self._found = found

    def of(self, user_id: UUID | None) -> str:
        """The name to show for whoever did something."""
        return self._found.get(user_id, NOBODY) if user_id else NOBODY


def names_of(session: Session, user_ids: Iterable[UUID | None]) -> Names:
    """The names of these users, in one statement, or none if there is nobody to name."""
    wanted = {i for i in user_ids if i is not None}
    if not wanted:
        return Names({})
    rows = session.connection().execute(_named(has_arrays(session)), {"users": list(wanted)})
    return Names({row.id: row.display_name for row in rows})


@cache
def _named(arrays: bool) -> Select[*tuple[Any, ...]]:
    return select(col(User.id), col(User.display_name)).where(among(col(User.id), "users", arrays=arrays))
