"""Wheelchair budgets, and what others add to them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.wheelchairs import Contributor, Cover, WheelchairWay
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    day,
    link,
    long_text,
    one_of,
    pence,
    positive,
    sort_text,
    text,
    whole,
    yes_no,
)

_IN_USE = sql("ended_on IS NULL")


class Wheelchair(Record, table=True):
    """A personal wheelchair budget: the way that was chosen, what it was worked out from, and how long it runs.

    ``budget_pence`` and ``person_pays_pence`` are what ``domain/wheelchairs.py`` makes of the amounts beside them. A
    budget has one in use; one that was replaced or handed back keeps the day.
    """

    __tablename__ = "wheelchair"
    __table_args__ = (
        one_of("wheelchair", "way", WheelchairWay),
        one_of("wheelchair", "covers", Cover),
        positive("wheelchair", "value_pence", zero=False),
        positive("wheelchair", "extras_pence"),
        positive("wheelchair", "repairs_pence"),
        positive("wheelchair", "chair_pence"),
        positive("wheelchair", "person_pays_pence"),
        CheckConstraint("budget_pence = value_pence + repairs_pence", name="ck_wheelchair_budget"),
        CheckConstraint("term_years BETWEEN 1 AND 10", name="ck_wheelchair_term"),
        CheckConstraint("(issued_on IS NULL) = (expires_on IS NULL)", name="ck_wheelchair_dates"),
        Index("uq_wheelchair_in_use", "phb_id", unique=True, sqlite_where=_IN_USE, postgresql_where=_IN_USE),
        Index("ix_wheelchair_expires", "expires_on"),
    )

    icb_id: UUID = link("organisation", why="the board whose budget it is")
    phb_id: UUID = link("phb", personal=True)
    way: str = text(personal=True, length=28)
    chair: str = text(personal=True, length=300)
    search_chair: str = sort_text(personal=True, index=True, of="chair")
    prescribed_on: date = day(personal=True)
    value_pence: int = pence("what a chair for the assessed need costs the NHS")
    extras_pence: int = pence("extras before VAT")
    relieved_of_vat: bool = yes_no(personal=True)
    repairs_pence: int = pence("towards repairs and maintenance")
    chair_pence: int = pence("what the chosen chair costs")
    covers: str = text(length=24, why="what of its upkeep is paid for")
    supplier: str = text(length=200, why="whom the chair comes from", default="")
    budget_pence: int = pence("what the budget comes to")
    person_pays_pence: int = pence("what is left to be paid, VAT included")
    term_years: int = whole(why="how long the budget runs")
    issued_on: date | None = day(personal=True, default=None)
    expires_on: date | None = day(personal=True, default=None)
    review_on: date | None = day(personal=True, default=None)
    ended_on: date | None = day(personal=True, default=None)
    end_note: str = long_text(personal=True)


class WheelchairContribution(Record, table=True):
    """What somebody adds to a wheelchair: the person, a charity, a school, social care. ``received_on`` once it has
    been paid to whoever supplies the chair; ``dropped_on`` where the promise was taken back."""

    __tablename__ = "wheelchair_contribution"
    __table_args__ = (
        one_of("wheelchair_contribution", "source", Contributor),
        positive("wheelchair_contribution", "amount_pence", zero=False),
        CheckConstraint("received_on IS NULL OR received_on >= promised_on", name="ck_wheelchair_contribution_dates"),
    )

    icb_id: UUID = link("organisation", why="the board whose budget it adds to")
    phb_id: UUID = link("phb", personal=True)
    wheelchair_id: UUID = link("wheelchair")
    source: str = text(personal=True, length=12)
    name: str = text(personal=True)
    amount_pence: int = pence("what they add, VAT included")
    promised_on: date = day(personal=True)
    received_on: date | None = day(personal=True, default=None)
    dropped_on: date | None = day(personal=True, default=None)
