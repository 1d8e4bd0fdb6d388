"""Assessments of a person's capacity, as the team reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.capacity import CAPACITY_WORDS, Capacity
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.acting import CapacityAssessment


@dataclass(frozen=True, slots=True)
class AssessmentRow:
    decision: str
    outcome: str
    assessed: str
    review: str


def assessments_of(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[AssessmentRow, ...]:
    """The latest first. One statement."""
    rows = session.execute(
        select(CapacityAssessment)
        .where(col(CapacityAssessment.person_id) == person_id, visible(actor, CapacityAssessment, today))
        .order_by(col(CapacityAssessment.assessed_on).desc(), col(CapacityAssessment.id).desc())
    ).scalars()
    return tuple(
        AssessmentRow(
            row.decision, CAPACITY_WORDS[Capacity(row.outcome)], f"{long_date(row.assessed_on)}, by {row.assessed_by}",
            long_date(row.review_on) if row.review_on else "No date set",
        )
        for row in rows
    )  # fmt: skip
