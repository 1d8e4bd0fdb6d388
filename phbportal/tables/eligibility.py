"""Why a person may have, or ask for, a budget."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.eligibility import Cohort, Right
from phbportal.tables.base import Record, bare_id, day, link, one_of, text


class Eligibility(Record, table=True):
    __tablename__ = "eligibility"
    __table_args__ = (one_of("eligibility", "cohort", Cohort), one_of("eligibility", "entitlement", Right))

    person_id: UUID = link("person")
    icb_id: UUID = link("organisation")
    cohort: str = text(personal=True, length=20)
    entitlement: str = text(personal=True, length=10)
    decided_on: date = day(personal=True)
    starts_on: date = day(personal=True)
    ends_on: date | None = day(personal=True, default=None)
    end_reason: str = text(personal=True, default="")
    assessment_id: UUID | None = bare_id(why="the needs assessment it rests on", default=None)
