"""Registered providers of the demo world, as if from the directory of the Care Quality Commission."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.text import search_key
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation


def agency(uow: UnitOfWork, name: str, number: str) -> UUID:
    """A registered provider, brought in the first time it is asked for. Returns its id; its number is invented."""
    found = select(col(Organisation.id)).where(col(Organisation.cqc_location_id) == number)
    return uow.session.execute(found).scalar_one_or_none() or uow.add(
        Organisation, kind="CARE_PROVIDER", name=name, search_name=search_key(name), is_user_led=False,
        cqc_location_id=number, rating="Good",
    ).id  # fmt: skip
