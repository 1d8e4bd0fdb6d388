"""Public references that count up within a year and are never used twice."""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.identifiers import format_phb_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import new_id
from phbportal.tables.phbs import ReferenceCounter


def next_number(uow: UnitOfWork, series: str) -> int:
    """The next number of a series, holding its row until the unit commits."""
    if uow.session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    start = insert(ReferenceCounter).values(
        id=new_id(), created_at=uow.now, created_by=uow.actor.user_id, series=series, last_number=0
    )
    uow.session.execute(start.on_conflict_do_nothing(index_elements=["series"]))
    counter = uow.session.execute(
        select(ReferenceCounter)
        .where(col(ReferenceCounter.series) == series)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one()
    counter.last_number += 1
    uow.session.flush()
    return counter.last_number


def next_phb_reference(uow: UnitOfWork) -> str:
    """The next PHB reference of this year, such as PHB-2026-000123."""
    return format_phb_reference(uow.today.year, next_number(uow, f"PHB-{uow.today.year}"))


def next_payment_reference(uow: UnitOfWork) -> str:
    """The next payment reference of this year, such as PAY-2026-000045."""
    return f"PAY-{uow.today.year}-{next_number(uow, f'PAY-{uow.today.year}'):06d}"
