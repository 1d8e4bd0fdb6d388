"""Assessments of a person's capacity, as the team reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.capacity import CAPACITY_WORDS, Capacity
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
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
    rows = session.connection().execute(_assessments(actor, today), {"person": person_id}).all()
    return tuple(
        AssessmentRow(
            row.decision, CAPACITY_WORDS[Capacity(row.outcome)], f"{long_date(row.assessed_on)}, by {row.assessed_by}",
            long_date(row.review_on) if row.review_on else "No date set",
        )
        for row in rows
    )  # fmt: skip


@by_shape
def _assessments(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    c = CapacityAssessment
    return (
        select(c)
        .where(col(c.person_id) == bindparam("person", type_=Uuid()), visible(actor, c, today))
        .order_by(col(c.assessed_on).desc(), col(c.id).desc())
    )
