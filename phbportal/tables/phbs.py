"""Personal health budgets as cases, with the reviews and tasks that hang on them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.reviews import MoneyUsed, ReviewKind, ReviewResult
from phbportal.domain.roles import Role
from phbportal.tables.base import Record, Row, bare_id, day, link, long_text, moment, one_of, text, whole, yes_no

_OF_A_PART = sql("part_id IS NOT NULL")


class Phb(Record, table=True):
    __tablename__ = "phb"
    __table_args__ = (
        one_of("phb", "cohort", Cohort),
        one_of("phb", "kind", PhbKind),
        one_of("phb", "status", PhbStatus),
        Index("ix_phb_board_status", "icb_id", "status", "id"),
        Index("ix_phb_board_cohort", "icb_id", "cohort", "status"),
    )

    reference: str = text(length=20, unique=True)
    icb_id: UUID = link("organisation", index=False)
    person_id: UUID = link("person", personal=True)
    eligibility_id: UUID | None = link("eligibility", default=None, index=False)
    cohort: str = text(personal=True, length=20)
    kind: str = text(length=10)
    status: str = text(length=20)
    case_manager_id: UUID | None = link("user_account", default=None)
    opened_on: date = day()
    live_on: date | None = day(default=None)
    ended_on: date | None = day(default=None)
    end_reason: str = text(length=40, default="")


class ReferenceCounter(Row, table=True):
    """The last number given out in a year: PHB-2026-000123."""

    __tablename__ = "reference_counter"

    series: str = text(length=20, unique=True)
    last_number: int = whole()


class Review(Record, table=True):
    """A review that is due, was held, or is not needed any more. What is found is empty until it is held."""

    __tablename__ = "review"
    __table_args__ = (
        one_of("review", "kind", ReviewKind),
        one_of("review", "money_used", MoneyUsed),
        one_of("review", "result", ReviewResult),
        Index("ix_review_open", "icb_id", "held_on", "due_on"),
    )

    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    kind: str = text(length=12)
    due_on: date = day(index=True)
    held_on: date | None = day(default=None)
    not_needed_on: date | None = day(default=None)
    reason: str | None = text(personal=True, length=500, default=None)
    held_by: UUID | None = bare_id(default=None)
    attended: str | None = text(personal=True, length=500, default=None)
    findings: str | None = long_text(personal=True, default=None)
    is_safe: bool | None = yes_no(personal=True, default=None)
    is_enough: bool | None = yes_no(personal=True, default=None)
    money_used: str | None = text(personal=True, length=12, default=None)
    result: str | None = text(personal=True, length=16, default=None)
    actions: str | None = long_text(personal=True, default=None)


class Task(Record, table=True):
    """Something that waits for somebody: a sentence, who it is for, and by when; ``part_id`` is the part in somebody's
    life it is about. What a person says is done keeps who said so and what came of it; what an act ends keeps when.
    ``assigned_to`` is who has taken it; a task nobody has taken is the team's."""

    __tablename__ = "task"
    __table_args__ = (
        one_of("task", "role", Role),
        Index("ix_task_waiting", "icb_id", "role", "done_at", "due_on"),
        Index("ix_task_part", "part_id", "kind", sqlite_where=_OF_A_PART, postgresql_where=_OF_A_PART),
    )

    icb_id: UUID = link("organisation", index=False)
    kind: str = text(length=40)
    role: str = text(length=20)
    phb_id: UUID | None = link("phb", default=None)
    person_id: UUID | None = link("person", personal=True, default=None)
    sentence: str = text(length=300)
    due_on: date | None = day(default=None)
    done_at: datetime | None = moment()
    part_id: UUID | None = bare_id(default=None)
    done_by: UUID | None = bare_id(default=None)
    done_note: str | None = text(personal=True, length=500, default=None)
    assigned_to: UUID | None = bare_id(default=None)
