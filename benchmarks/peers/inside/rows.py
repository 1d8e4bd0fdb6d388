"""The portal's tables as the SQLAlchemy peers map them: the columns an office would put on these screens."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from uuid import UUID

from sqlalchemy import Engine, ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Person(Base):
    __tablename__ = "person"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    nhs_number: Mapped[str | None]
    local_reference: Mapped[str | None]
    given_name: Mapped[str]
    family_name: Mapped[str]
    known_as: Mapped[str]
    search_name: Mapped[str]
    date_of_birth: Mapped[date]
    died_on: Mapped[date | None]
    address: Mapped[str]
    postcode: Mapped[str]
    telephone: Mapped[str]
    communication_needs: Mapped[str]
    easy_read: Mapped[bool]
    lacks_capacity: Mapped[bool]
    responsibilities: Mapped[list[Responsibility]] = relationship(viewonly=True)
    budgets: Mapped[list[Phb]] = relationship(back_populates="person", viewonly=True)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Responsibility(Base):
    __tablename__ = "person_responsibility"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    icb_id: Mapped[UUID]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]

    def __str__(self) -> str:
        return f"{self.icb_id} from {self.starts_on}"


class Phb(Base):
    __tablename__ = "phb"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    reference: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    cohort: Mapped[str]
    kind: Mapped[str]
    status: Mapped[str]
    opened_on: Mapped[date]
    live_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    person: Mapped[Person] = relationship(back_populates="budgets", viewonly=True)
    streams: Mapped[list[Stream]] = relationship(viewonly=True)
    accounts: Mapped[list[LedgerAccount]] = relationship(viewonly=True)

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"


class Stream(Base):
    __tablename__ = "stream"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    phb_id: Mapped[UUID] = mapped_column(ForeignKey("phb.id"))
    method: Mapped[str]
    status: Mapped[str]
    weekly_pence: Mapped[int]
    starts_on: Mapped[date]
    frequency: Mapped[str]

    def __str__(self) -> str:
        return f"{self.method}, {self.weekly_pence} pence a week"


class LedgerAccount(Base):
    __tablename__ = "ledger_account"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    path: Mapped[str]
    phb_id: Mapped[UUID | None] = mapped_column(ForeignKey("phb.id"))
    balance_pence: Mapped[int]

    def __str__(self) -> str:
        return f"{self.path}: {self.balance_pence} pence"


@cache
def engine() -> Engine:
    return create_engine(os.environ["BENCH_DATABASE"], pool_size=10)
