"""Yearly uplifts: what a board proposes to raise from a day, and each stream it raises."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.uplifts import ItemStatus, UpliftStatus, Why
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    bare_id,
    day,
    link,
    long_text,
    one_of,
    pence,
    positive,
    text,
    whole,
)


class Uplift(Record, table=True):
    """A board's proposal to raise its budgets from a day, by a percentage and by the rates of the day.

    ``basis_points`` and ``policy`` are the board's percentage and the words it rests on, as they were when it was
    prepared. ``largest_pence`` is the most that one of its budgets comes to a week: who may approve it is measured by
    it. ``first_by`` is the first approver where two are needed. ``problem`` is what stopped the writing of an approved
    one, which then waits for somebody to begin it again; empty for nothing.
    """

    __tablename__ = "uplift"
    __table_args__ = (
        one_of("uplift", "status", UpliftStatus),
        CheckConstraint("approved_by <> proposed_by", name="ck_uplift_second_person"),
        CheckConstraint("first_by <> proposed_by", name="ck_uplift_first_person"),
        CheckConstraint("first_by <> approved_by", name="ck_uplift_two_approvers"),
        CheckConstraint("(status IN ('APPROVED', 'DONE')) = (approved_by IS NOT NULL)", name="ck_uplift_approved"),
        positive("uplift", "basis_points"),
        Index("ix_uplift_board_status", "icb_id", "status"),
    )

    icb_id: UUID = link("organisation", index=False)
    effective_on: date = day()
    basis_points: int = whole()
    policy: str = text(length=500)
    status: str = text(length=12)
    largest_pence: int = pence(default=0)
    proposed_by: UUID = bare_id()
    first_by: UUID | None = bare_id(default=None)
    approved_by: UUID | None = bare_id(default=None)
    approved_on: date | None = day(default=None)
    return_reason: str = text(length=500, default="")
    problem: str | None = text(length=300, default=None)


class UpliftItem(Record, table=True):
    """One stream in an uplift: today's pence a week and those from the day, with the sum in words; or why it is not
    raised with the others.

    ``lines_json`` is what each line of the budget becomes, written when it is approved. ``version_id`` is the version
    of the budget that was written.
    """

    __tablename__ = "uplift_item"
    __table_args__ = (
        one_of("uplift_item", "status", ItemStatus),
        one_of("uplift_item", "why", ("", *Why)),
        CheckConstraint("(why <> '') = (status = 'EXCEPTION')", name="ck_uplift_item_exception"),
        CheckConstraint("status = 'EXCEPTION' OR after_pence > before_pence", name="ck_uplift_item_more"),
        positive("uplift_item", "before_pence"),
        Index("uq_uplift_item_stream", "uplift_id", "stream_id", unique=True),
        Index("ix_uplift_item_stream", "stream_id", "status"),
        Index("ix_uplift_item_due", "status", "effective_on"),
    )

    uplift_id: UUID = link("uplift", index=False)
    icb_id: UUID = link("organisation")
    phb_id: UUID = link("phb")
    stream_id: UUID = link("stream", index=False)
    effective_on: date = day()
    before_pence: int = pence()
    after_pence: int = pence()
    more_yearly_pence: int = pence()
    working: str = long_text(personal=True)
    lines_json: str = long_text(personal=True)
    status: str = text(length=12)
    why: str = text(length=20, default="")
    version_id: UUID | None = link("budget_version", default=None, index=False)
