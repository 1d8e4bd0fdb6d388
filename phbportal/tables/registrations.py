"""Registrations of clinicians with their professional bodies, as an administrator looked them up."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.domain.plans import RegistrationBody
from phbportal.tables.base import CheckConstraint, Record, day, link, one_of, text


class Registration(Record, table=True):
    """One user's registration with one body. It goes with the user, whichever boards they work at; what it held before
    is in its history."""

    __tablename__ = "registration"
    __table_args__ = (
        one_of("registration", "body", RegistrationBody),
        UniqueConstraint("user_id", "body", name="uq_registration_user_body"),
        CheckConstraint("ends_on >= checked_on", name="ck_registration_dates"),
    )

    user_id: UUID = link("user_account", index=False)
    profession: str = text(why="of a member of staff")
    body: str = text(length=10)
    number: str = text(length=20)
    checked_on: date = day()
    ends_on: date = day(index=True)
