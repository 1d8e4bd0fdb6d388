"""Assessments of capacity, which decide whether a person consents themselves (domain.md §1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.capacity import Capacity, lacks_capacity
from phbportal.domain.errors import Refusal
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.birthdays import settle_review
from phbportal.services.consent_gone import look_at_consent
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import CapacityAssessment
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class CapacityEntry:
    decision: str
    outcome: Capacity
    assessed_on: date
    assessed_by: str
    review_on: date | None = None


def read_capacity(form: Mapping[str, object], today: date) -> CapacityEntry:
    """Read the assessment form; raises every problem at once."""
    r = Reading(form)
    decision = r.text("decision", needed="Say which decision was assessed.", longest=300)
    outcome = r.choice("outcome", Capacity, needed="Choose what the assessment found.")
    on = r.day("assessed_on", needed="Enter the date of the assessment.")
    if on and on > today:
        r.problem("The date of the assessment cannot be in the future.", "assessed_on")
    by = r.text("assessed_by", needed="Enter the name of whoever assessed it.")
    review = r.day("review_on")
    if review and on and review <= on:
        r.problem("The next look must be after the assessment.", "review_on")
    if outcome is Capacity.FLUCTUATING and review is None:
        r.problem("Enter when to look again, because capacity comes and goes.", "review_on")
    r.finish()
    return CapacityEntry(decision, given(outcome), given(on), by, review)


def record_capacity(uow: UnitOfWork, person_id: UUID, entry: CapacityEntry) -> UUID:
    """Record an assessment; what the person's record says of capacity follows from all of them."""
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.CONSENT_WRITE, person)
    if is_child_for_direct_payments(person.date_of_birth, entry.assessed_on):
        raise Refusal(
            "Capacity is assessed from 16. A person under 16 is represented by somebody with parental responsibility.",
            field="assessed_on",
        )
    row = uow.add(
        CapacityAssessment, person_id=person.id, icb_id=uow.actor.icb_id, decision=entry.decision,
        outcome=entry.outcome.value, assessed_on=entry.assessed_on, assessed_by=entry.assessed_by,
        review_on=entry.review_on,
    )  # fmt: skip
    outcomes = uow.session.execute(
        select(col(CapacityAssessment.outcome))
        .where(col(CapacityAssessment.person_id) == person.id)
        .order_by(col(CapacityAssessment.assessed_on), col(CapacityAssessment.id))
    ).scalars()
    uow.change(person, lacks_capacity=lacks_capacity([Capacity(o) for o in outcomes], before=person.lacks_capacity))
    uow.record("capacity_recorded", about=row, person_id=person.id, on=entry.assessed_on)
    settle_review(uow, person)
    look_at_consent(uow, person)
    return row.id
