"""A plan between people: who is asked to write its draft, and what the person says about it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.plan_parts import Place
from phbportal.domain.planners import InvitationStatus, Planner
from phbportal.domain.roles import Role
from phbportal.tables.base import CheckConstraint, Record, bare_id, day, link, moment, one_of, text


class PlanInvitation(Record, table=True):
    """Somebody asked to write the draft of one plan; ``part_id`` is the part of the nominee who is."""

    __tablename__ = "plan_invitation"
    __table_args__ = (
        one_of("plan_invitation", "planner", Planner),
        one_of("plan_invitation", "status", InvitationStatus),
        CheckConstraint("(organisation_id IS NOT NULL) = (planner = 'ORGANISATION')", name="ck_plan_invitation_whose"),
        Index("ix_plan_invitation_organisation", "organisation_id", "status"),
        # One planner at a time writes a plan.
        Index("uq_plan_invitation_open", "plan_id", unique=True,
              sqlite_where=sql("status = 'ASKED'"), postgresql_where=sql("status = 'ASKED'")),
    )  # fmt: skip

    plan_id: UUID = link("plan")
    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    planner: str = text(length=20)
    organisation_id: UUID | None = link("organisation", default=None, index=False)
    part_id: UUID | None = bare_id(personal=True, default=None)
    name: str = text(personal=True)
    note: str = text(personal=True, length=500, default="")
    status: str = text(length=12)
    asked_on: date = day()
    ended_on: date | None = day(default=None)
    end_note: str = text(personal=True, length=500, default="")


class PlanComment(Record, table=True):
    """What the holder, or whoever represents them, said about a part of a plan, and the answer."""

    __tablename__ = "plan_comment"
    __table_args__ = (
        one_of("plan_comment", "place", Place),
        one_of("plan_comment", "said_as", (Role.HOLDER.value, Role.REPRESENTATIVE.value)),
        Index("ix_plan_comment_waiting", "icb_id", "answered_at"),
    )

    plan_id: UUID = link("plan")
    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    place: str = text(length=20)
    words: str = text(personal=True, length=2000)
    said_as: str = text(personal=True, length=20)
    said_name: str = text(personal=True)
    answer: str = text(personal=True, length=2000, default="")
    answered_by: UUID | None = bare_id(default=None)
    answered_at: datetime | None = moment()
