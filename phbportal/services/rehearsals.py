"""A change carried out and taken back at once: what it would come to, and whether it could be carried out at all.

Whoever proposes a change is told at once what an approval would refuse, by the very function that an approval calls,
and the second person is shown what that function would write. Nothing of it stays.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import replace
from uuid import UUID

from phbportal.domain.change_requests import Values
from phbportal.services.change_requests import Applies
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.unsaid import Unsaid


@contextmanager
def rehearsed(
    uow: UnitOfWork, kind: Applies, row_id: UUID | None, values: Values, seen_version: int | None
) -> Generator[tuple[UnitOfWork, UUID]]:
    """While this is open the change stands; yields who reads it and the row it came to. Raises the change's own
    Refusal. Looks and last acts of it are forgotten, and no history is told of the rows it made or moved."""
    practice = replace(uow, looks=[], last_acts=[], unsaid=Unsaid())
    nested = uow.session.begin_nested()
    try:
        yield practice, kind.apply(practice, row_id, values, seen_version)
    finally:
        nested.rollback()
