"""Personal assistants and others who are paid from a budget."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.relations import Relation
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    day,
    link,
    long_text,
    one_of,
    pence,
    sort_text,
    text,
    whole,
    yes_no,
)


class Worker(Record, table=True):
    """Somebody employed with the money of one budget, or who is to be.

    ``born_on`` is kept of those under 21 only, whose minimum wage is another. Of checks the dates are kept, never the
    papers. A household exception is there from ``excepted_on``, when a second person agreed to it.
    """

    __tablename__ = "worker"
    __table_args__ = (
        one_of("worker", "relation", Relation),
        CheckConstraint("hours_hundredths IS NULL OR hours_hundredths BETWEEN 0 AND 16800", name="ck_worker_hours"),
        CheckConstraint("price_pence IS NULL OR price_pence > 0", name="ck_worker_price"),
        CheckConstraint("ends_on IS NULL OR starts_on IS NULL OR ends_on >= starts_on", name="ck_worker_dates"),
    )

    icb_id: UUID = link("organisation", why="the board whose money pays them")
    phb_id: UUID = link("phb", personal=True)
    name: str = text(personal=True)
    search_name: str = sort_text(personal=True, index=True, of="name")
    relation: str = text(personal=True, length=20)
    same_household: bool = yes_no(personal=True)
    born_on: date | None = day(personal=True, default=None)
    hours_hundredths: int | None = whole(personal=True, default=None)
    price_pence: int | None = pence("what an hour is paid", default=None)
    opts_in_pension: bool = yes_no(personal=True)
    starts_on: date | None = day(personal=True, default=None)
    ends_on: date | None = day(personal=True, default=None)
    dbs_on: date | None = day(personal=True, default=None)
    right_to_work_on: date | None = day(personal=True, default=None)
    training: str = text(personal=True, length=500, default="")
    competencies: str = text(personal=True, length=500, default="")
    competent_until: date | None = day(personal=True, default=None)
    insured_until: date | None = day(personal=True, default=None)
    exception_reason: str = long_text(personal=True)
    excepted_on: date | None = day(personal=True, default=None)
    exception_review_on: date | None = day(personal=True, default=None)
