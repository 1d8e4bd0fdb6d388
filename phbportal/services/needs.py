"""Assessments of needs: recorded, said to be a mistake; what eligibility and a plan rest on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal, refuse_if
from phbportal.domain.needs import (
    NeedsOutcome,
    assessment_problems,
    assessor_problems,
    can_find_eligible,
    mistake_problem,
)
from phbportal.domain.path import case_step
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.tasks import NEEDS_DUE
from phbportal.policy.permissions import Permission
from phbportal.services.organisation_roles import is_writing_for
from phbportal.services.tasks import over_about
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

COLUMNS = ("assessed_on", "assessor", "profession", "organisation_id", "outcome", "summary", "next_due_on")


def record_assessment(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Record what an assessment of somebody's needs found. Returns its id.

    A budget of theirs that was accepted is being assessed from then on; what asked for an assessment is done.
    """
    person = uow.find(Person, values["person_id"])
    uow.require(Permission.NEEDS_WRITE, person)
    if person.died_on is not None:
        raise Refusal("This person has died, so their needs cannot be assessed.", field="person_id")
    if values["organisation_id"] and is_writing_for(uow, values["organisation_id"], person.id):
        raise Refusal(
            "This organisation is writing this person’s plan. Planning is kept apart from assessing: take the "
            "invitation back first.",
            field="organisation_id",
        )
    number, problems = assessor_problems(values["body"] or "", (values["number"] or "").strip())
    problems += assessment_problems(
        assessed_on=values["assessed_on"], next_due_on=values["next_due_on"], outcome=NeedsOutcome(values["outcome"]),
        areas=[need["area"] for need in values["needs"]], born_on=person.date_of_birth, today=uow.today,
    )  # fmt: skip
    refuse_if(problems)
    row = uow.add(
        NeedsAssessment, person_id=person.id, icb_id=uow.actor.icb_id, body=values["body"] or "", number=number,
        **{name: values[name] for name in COLUMNS},
    )  # fmt: skip
    for position, need in enumerate(values["needs"], 1):
        uow.add(
            AssessedNeed, assessment_id=row.id, person_id=person.id, icb_id=row.icb_id, position=position,
            area=need["area"], words=need["words"],
        )  # fmt: skip
    uow.record("needs_assessed", about=row, person_id=person.id, on=row.assessed_on)
    over_about(uow, person.id, NEEDS_DUE)
    _go_on(uow, person.id)
    return row.id


def recorded_by_mistake(uow: UnitOfWork, assessment_id: UUID, values: Mapping[str, Any]) -> None:
    """Say that an assessment was recorded by mistake: staff still read it, and nothing rests on it any more."""
    row = uow.find(NeedsAssessment, assessment_id, lock=True)
    uow.require(Permission.NEEDS_WRITE, row)
    if problem := mistake_problem(values["mistake"], already=bool(row.mistake)):
        raise Refusal(problem)
    uow.change(row, mistake=values["mistake"].strip())
    over_about(uow, row.person_id, NEEDS_DUE)
    uow.record("needs_mistaken", about=row, person_id=row.person_id, on=row.assessed_on)


def _go_on(uow: UnitOfWork, person_id: UUID) -> None:
    """A budget that was accepted waits for its needs to be understood no more."""
    accepted = select(Phb).where(
        col(Phb.person_id) == person_id, col(Phb.icb_id) == uow.actor.icb_id,
        col(Phb.status) == PhbStatus.ACCEPTED.value,
    )  # fmt: skip
    for phb in uow.session.execute(accepted.order_by(col(Phb.id)).with_for_update(key_share=True)).scalars().all():
        uow.change(phb, status=case_step(PhbStatus(phb.status), "assess").value)
        uow.record("assessing_begun", about=phb, phb_id=phb.id, person_id=person_id)


def stands() -> ColumnElement[bool]:
    """Assessments on which something can rest: not one that was recorded by mistake."""
    return col(NeedsAssessment.mistake) == ""


def latest_assessment(uow: UnitOfWork, person_id: UUID) -> UUID | None:
    """What a plan that is begun today rests on: the latest assessment that found needs. Asks no leave."""
    n = NeedsAssessment
    return uow.session.execute(
        select(col(n.id))
        .where(col(n.person_id) == person_id, stands(), col(n.outcome) == NeedsOutcome.NEEDS.value)
        .order_by(col(n.assessed_on).desc(), col(n.id).desc())
        .limit(1)
    ).scalar_one_or_none()


def check_rests_on(uow: UnitOfWork, person_id: UUID, assessment_id: UUID) -> None:
    """Refuse an assessment that cannot be why a person may have a budget: another's, a mistake, or without needs."""
    row = uow.find(NeedsAssessment, assessment_id)
    if row.person_id != person_id or row.mistake:
        raise NotFound("We could not find that assessment. Reload the page and choose again.")
    if problem := can_find_eligible(NeedsOutcome(row.outcome)):
        raise Refusal(problem)
