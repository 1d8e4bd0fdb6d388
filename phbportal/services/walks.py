"""Walking a whole table by its ids, a stretch at a time: each stretch is read by its ends, so that the hundredth costs
what the first did."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import Row

BEFORE_ALL = UUID(int=0)


def end_of_stretch(uow: UnitOfWork, table: type[Row], after: UUID, size: int) -> UUID | None:
    """The last id of the next ``size`` rows beyond an id; None when there are no more. Sees every board's rows: for the
    portal's own nightly work."""
    stretch = select(col(table.id)).where(col(table.id) > after).order_by(col(table.id)).limit(size).subquery()
    return uow.session.execute(select(stretch.c.id).order_by(stretch.c.id.desc()).limit(1)).scalar_one_or_none()
