"""Assessments of needs as staff and the person read them: what was found, by whom, and when to look again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.needs import AREA_WORDS, OUTCOME_WORDS, NeedArea, NeedsOutcome
from phbportal.domain.represented_words import needs_sentences
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.needs import AssessedNeed, NeedsAssessment


@dataclass(frozen=True, slots=True)
class NeedsRow:
    """One assessment on a person's record, as text; ``choice`` names it among others."""

    id: str
    assessed: str
    href: str
    outcome: str
    next: str
    choice: str


@dataclass(frozen=True, slots=True)
class OwnNeed:
    """One need: the area of life, and what was found of it."""

    area: str
    words: str


@dataclass(frozen=True, slots=True)
class OwnNeeds:
    """The latest assessment as the person reads it: sentences, then each need under its area. Empty where none is."""

    said: list[str] = field(default_factory=list[str])
    summary: str = ""
    needs: list[OwnNeed] = field(default_factory=list[OwnNeed])


def assessments_of_needs(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[NeedsRow, ...]:
    """A person's assessments, the latest first. One statement."""
    n = NeedsAssessment
    rows = session.execute(
        select(n)
        .where(col(n.person_id) == person_id, visible(actor, n, today))
        .order_by(col(n.assessed_on).desc(), col(n.id).desc())
    ).scalars()
    return tuple(
        NeedsRow(
            str(row.id), f"{long_date(row.assessed_on)}, by {row.assessor}",
            routes.staff_record("needs-assessments", row.id),
            "Recorded by mistake" if row.mistake else OUTCOME_WORDS[NeedsOutcome(row.outcome)],
            long_date(row.next_due_on) if row.next_due_on else "Not needed",
            f"{long_date(row.assessed_on)}, by {row.assessor}"
            if row.outcome == NeedsOutcome.NEEDS and not row.mistake else "",
        )
        for row in rows
    )  # fmt: skip


def found_needs(session: Session, actor: Actor, today: date, assessments: Sequence[UUID]) -> dict[UUID, str]:
    """By assessment, each need after the name of its area. One statement."""
    found: dict[UUID, list[str]] = {}
    for row in _needs(session, actor, today, assessments):
        found.setdefault(row.assessment_id, []).append(f"{AREA_WORDS[NeedArea(row.area)]}: {row.words}")
    return {assessment: "\n".join(lines) for assessment, lines in found.items()}


def _needs(session: Session, actor: Actor, today: date, assessments: Sequence[UUID]) -> Sequence[AssessedNeed]:
    return (
        session.execute(
            select(AssessedNeed)
            .where(col(AssessedNeed.assessment_id).in_(assessments), visible(actor, AssessedNeed, today))
            .order_by(col(AssessedNeed.position), col(AssessedNeed.id))
        )
        .scalars()
        .all()
    )


def rests_on(session: Session, actor: Actor, today: date, assessment_id: UUID | None) -> str:
    """Which assessment a plan or an eligibility rests on, in a sentence; "" for none, or out of sight."""
    if assessment_id is None:
        return ""
    n = NeedsAssessment
    row = session.execute(
        select(col(n.assessed_on), col(n.assessor), col(n.mistake)).where(
            col(n.id) == assessment_id, visible(actor, n, today)
        )
    ).one_or_none()
    if row is None:
        return ""
    if row.mistake:
        return "The assessment of needs this rests on was recorded by mistake. Check whether anything else changes."
    return f"It rests on the assessment of needs of {long_date(row.assessed_on)}, by {row.assessor}."


def own_needs(session: Session, actor: Actor, today: date, person_id: UUID, *, whose: str = "") -> OwnNeeds:
    """The latest assessment of a person, in words for them or, with their name, for whoever represents them. Two
    statements."""
    n = NeedsAssessment
    row = session.execute(
        select(n)
        .where(col(n.person_id) == person_id, col(n.mistake) == "", visible(actor, n, today))
        .order_by(col(n.assessed_on).desc(), col(n.id).desc())
        .limit(1)
    ).scalar_one_or_none()
    if row is None:
        return OwnNeeds()
    said = needs_sentences(row.assessor, row.assessed_on, NeedsOutcome(row.outcome), row.next_due_on, whose)
    needs = [OwnNeed(AREA_WORDS[NeedArea(one.area)], one.words) for one in _needs(session, actor, today, [row.id])]
    return OwnNeeds(said, row.summary, needs)
