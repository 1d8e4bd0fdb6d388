"""Assessments of needs, which eligibility and plans refer to, and each need they found."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.needs import NeedArea, NeedsOutcome
from phbportal.domain.plans import RegistrationBody
from phbportal.tables.base import CheckConstraint, Record, day, link, long_text, one_of, text, whole


class NeedsAssessment(Record, table=True):
    """What one assessment of a person's needs found.

    ``body`` and ``number`` are the assessor's registration, both empty for somebody who has none; ``organisation_id``
    is whom they work for, where that is not the board: such an organisation does not plan for the person. One recorded
    by mistake says why in ``mistake``: nothing rests on it from then on, and the person does not read it.
    """

    __tablename__ = "needs_assessment"
    __table_args__ = (
        one_of("needs_assessment", "outcome", NeedsOutcome),
        one_of("needs_assessment", "body", (*(body.value for body in RegistrationBody), "")),
        CheckConstraint("(body = '') = (number = '')", name="ck_needs_assessment_registration"),
        CheckConstraint("next_due_on IS NULL OR next_due_on > assessed_on", name="ck_needs_assessment_dates"),
        Index("ix_needs_assessment_due", "icb_id", "next_due_on"),
    )

    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    assessed_on: date = day(personal=True)
    assessor: str = text(why="a member of staff or another professional")
    profession: str = text(why="of whoever assessed")
    body: str = text(length=10, default="")
    number: str = text(length=20, default="")
    organisation_id: UUID | None = link("organisation", default=None, index=False)
    outcome: str = text(personal=True, length=12)
    summary: str = long_text(personal=True)
    next_due_on: date | None = day(personal=True, default=None)
    mistake: str = text(personal=True, length=500, default="")


class AssessedNeed(Record, table=True):
    """One need an assessment found, in plain words."""

    __tablename__ = "assessed_need"
    __table_args__ = (one_of("assessed_need", "area", NeedArea),)

    assessment_id: UUID = link("needs_assessment")
    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    position: int = whole()
    area: str = text(personal=True, length=12)
    words: str = text(personal=True, length=1000)
