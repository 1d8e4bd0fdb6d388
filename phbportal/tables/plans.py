"""Plans with their outcomes and services."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql

from phbportal.domain.plans import OutcomeStatus, PlanStatus, Share
from phbportal.tables.base import Record, bare_id, day, link, long_text, moment, one_of, text, whole


class Plan(Record, table=True):
    __tablename__ = "plan"
    __table_args__ = (
        one_of("plan", "status", PlanStatus),
        UniqueConstraint("phb_id", "version", name="uq_plan_version"),
        Index("ix_plan_waiting", "icb_id", "status"),
        Index("ix_plan_board_signed", "icb_id", "signed_on"),
        # One plan at a time may be in the making.
        Index("uq_plan_open", "phb_id", unique=True,
              sqlite_where=sql("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')"),
              postgresql_where=sql("status IN ('DRAFT', 'SHARED', 'RETURNED', 'SUBMITTED', 'CLINICALLY_SIGNED')")),
    )  # fmt: skip

    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    version: int = whole()
    status: str = text(length=20)
    about_me: str = long_text(personal=True)
    what_matters: str = long_text(personal=True)
    contingency: str = long_text(personal=True)
    written_by: UUID | None = bare_id(default=None)
    submitted_by: UUID | None = bare_id(default=None)
    submitted_at: datetime | None = moment()
    signed_by: UUID | None = bare_id(default=None)
    signed_name: str = text(personal=True, default="")
    signed_body: str = text(length=10, default="")
    signed_pin: str = text(personal=True, length=20, default="")
    signed_on: date | None = day(default=None)
    sign_off_note: str = long_text(personal=True)
    approved_by: UUID | None = bare_id(default=None)
    approved_at: datetime | None = moment()
    approval_note: str = long_text(personal=True)
    return_reason: str = long_text(personal=True)
    assessment_id: UUID | None = bare_id(why="the needs assessment it rests on", default=None)
    # That it is their plan: the holder's signature, or their representative's; gone once the plan is changed.
    person_signed_on: date | None = day(personal=True, default=None)
    person_signed_as: str | None = text(personal=True, length=20, default=None)
    person_signed_name: str | None = text(personal=True, default=None)


class Outcome(Record, table=True):
    __tablename__ = "outcome"
    __table_args__ = (one_of("outcome", "status", OutcomeStatus), one_of("outcome", "share", Share))

    plan_id: UUID = link("plan")
    position: int = whole()
    statement: str = text(personal=True, length=500)
    measure: str = text(personal=True, length=500, default="")
    target_on: date | None = day(default=None)
    status: str = text(length=20)
    share: str = text(length=10)


class PlanService(Record, table=True):
    """What will be bought or provided, for which outcome: spending outside this list is misuse (reg 15)."""

    __tablename__ = "plan_service"
    __table_args__ = (
        one_of("plan_service", "share", Share),
        Index("ix_plan_service_organisation", "organisation_id", sqlite_where=sql("organisation_id IS NOT NULL"),
              postgresql_where=sql("organisation_id IS NOT NULL")),
    )  # fmt: skip

    plan_id: UUID = link("plan")
    outcome_id: UUID | None = link("outcome", default=None)
    position: int = whole()
    description: str = text(personal=True, length=500)
    who: str = text(personal=True, length=200, default="")
    when: str = text(personal=True, length=200, default="")
    share: str = text(length=10)
    # Why the money may buy what looks as if it could not: the codes of the rules, and the reason two people agreed on.
    excused: str | None = text(length=60, default=None)
    excused_because: str | None = text(personal=True, length=500, default=None)
    # Whether it is care that must be registered (domain/regulated_care.py), who gives it, and why it need not be.
    activity: str | None = text(length=20, default=None)
    given_by: str | None = text(length=12, default=None)
    organisation_id: UUID | None = bare_id(default=None, why="the organisation that gives it")
    exempt: str | None = text(length=12, default=None)
    exempt_because: str | None = text(personal=True, length=500, default=None)
    exempt_on: date | None = day(default=None)
    exempt_for: UUID | None = bare_id(default=None, why="the organisation that gave it when that was agreed")
