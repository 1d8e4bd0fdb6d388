"""Recording why a person may have a budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from phbportal.domain.eligibility import Cohort, check_cohort_for_age, right_of
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.needs import check_rests_on
from phbportal.services.subjects import boards_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class EligibilityEntry:
    cohort: Cohort
    decided_on: date
    starts_on: date
    assessment_id: UUID | None = None


def read_eligibility(form: Mapping[str, object], today: date) -> EligibilityEntry:
    """Read the eligibility form; raises every problem at once."""
    r = Reading(form)
    cohort = r.choice("cohort", Cohort, needed="Choose why this person may have a budget.")
    decided = r.day("decided_on", needed="Enter the date of the decision.")
    starts = r.day("starts_on") or decided
    if decided and decided > today:
        r.problem("The decision cannot be in the future.", "decided_on")
    chosen, rests_on = r.raw("assessment"), None
    try:
        rests_on = UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose an assessment from the list, or none.", "assessment")
    r.finish()
    return EligibilityEntry(given(cohort), given(decided), given(starts), rests_on)


def record_eligibility(uow: UnitOfWork, person_id: UUID, entry: EligibilityEntry) -> UUID:
    """Record a cohort and the right it brings, and which assessment of needs it rests on. Returns the id."""
    person = uow.find(Person, person_id)
    uow.require(Permission.ELIGIBILITY_WRITE, person)
    check_cohort_for_age(entry.cohort, person.date_of_birth, entry.starts_on)
    if entry.assessment_id is not None:
        check_rests_on(uow, person.id, entry.assessment_id)
    board = uow.actor.icb_id or next(iter(boards_of(uow.session, person.id, uow.today)))
    row = uow.add(
        Eligibility, person_id=person.id, icb_id=board, cohort=entry.cohort.value,
        entitlement=right_of(entry.cohort).value, decided_on=entry.decided_on, starts_on=entry.starts_on,
        assessment_id=entry.assessment_id,
    )  # fmt: skip
    uow.record("eligibility_recorded", about=row, icb_id=board, person_id=person.id, cohort=entry.cohort.value)
    return row.id
