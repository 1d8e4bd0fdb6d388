"""Sections, risks, contingencies and what was not agreed: written, copied, and what a change of them undoes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.errors import Conflict, NotAllowed, NotFound, Refusal
from phbportal.domain.plan_parts import Section
from phbportal.domain.plans import RegistrationBody, Share
from phbportal.services import plan_parts, plans, regulated_care
from phbportal.services.plan_parts import SectionEntry
from phbportal.tables.audit import AuditEvent
from phbportal.tables.plan_parts import PlanContingency, PlanOmission, PlanRisk, PlanSection
from phbportal.tables.plans import Outcome, Plan, PlanService
from tests.services.asking import Copy, refused, row, rows
from tests.support import journey
from tests.support.world import World

NIGHTS = SectionEntry("Help at night.", Share.PROVIDER)
SIGNED = plans.SignOffEntry("Dr Clinician", RegistrationBody.NMC, "12A3456E")


def risk(copy: Copy, **more: Any) -> dict[str, Any]:
    return {"phb_id": copy[1].phb_id, "risk": "Falls on the stairs", "likelihood": "3", "impact": "5",
            "mitigation": "A rail", "owner": "Jo", "accepted_by": "", "share": "NOBODY", **more}  # fmt: skip


def write(world: World, plan_id: UUID, entry: SectionEntry = NIGHTS, *, seen: int = 0, by: str = "cm") -> None:
    act = plan_parts.write_section
    world.do(world.actors[by], lambda uow: act(uow, plan_id, Section.NEEDS, entry, seen_version=seen))


@pytest.mark.parametrize("by", ["cm", "clinician"])
def test_a_section_is_written_and_written_again(drafted: Copy, by: str) -> None:
    world, case = drafted
    write(world, case.plan_id, by=by)
    write(world, case.plan_id, SectionEntry("Help at night and at dawn."), seen=1, by=by)
    (found,) = rows(world, PlanSection)
    assert (found.words, found.share, found.row_version) == ("Help at night and at dawn.", "PROVIDER", 2)
    said = [event.kind for event in rows(world, AuditEvent) if event.about_id == found.id]
    assert said == ["section_written", "section_written"]
    assert not [event for event in rows(world, AuditEvent) if "at night" in event.details], "nobody's words in history"


def test_of_two_who_write_a_section_the_second_is_shown_what_the_first_saved(drafted: Copy) -> None:
    world, case = drafted
    write(world, case.plan_id)
    with pytest.raises(Conflict) as clash:
        write(world, case.plan_id, SectionEntry("By day."), by="cm2")
    assert (clash.value.theirs, clash.value.mine) == ({"words": "Help at night."}, {"words": "By day."})
    assert [one.words for one in rows(world, PlanSection)] == ["Help at night."]


def test_a_plan_of_an_adult_has_no_education_outcomes(drafted: Copy) -> None:
    world, case = drafted
    with pytest.raises(NotFound):
        world.do(world.cm, lambda uow: plan_parts.write_section(uow, case.plan_id, Section.EDUCATION, NIGHTS))


@pytest.mark.parametrize("by", ["finance", "approver", "auditor", "admin"])
def test_nobody_else_writes_a_section(drafted: Copy, by: str) -> None:
    world, case = drafted
    with pytest.raises((NotAllowed, NotFound)):
        write(world, case.plan_id, by=by)


def test_another_board_neither_writes_nor_adds(drafted: Copy) -> None:
    world, case = drafted
    with pytest.raises(NotFound):
        write(world, case.plan_id, by="other_cm")
    with pytest.raises(NotFound):
        world.do(world.other_cm, lambda uow: plan_parts.add_risk(uow, risk(drafted)))


def test_a_risk_off_the_scale_is_refused_beside_its_field(drafted: Copy) -> None:
    world, _case = drafted
    with pytest.raises(Refusal) as refusal:
        world.do(world.cm, lambda uow: plan_parts.add_risk(uow, risk(drafted, impact="6")))
    assert [problem.field for problem in refusal.value.problems] == ["impact"]


def test_a_plan_with_a_high_risk_nobody_accepted_is_not_signed_off(drafted: Copy) -> None:
    world, case = drafted
    added = world.do(world.cm, lambda uow: plan_parts.add_risk(uow, risk(drafted)))
    journey.submit(world, case)
    said = refused(world, world.clinician, lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED))
    assert "accepted by nobody" in said
    world.do(world.clinician, lambda uow: plans.return_plan(uow, case.plan_id, reason="Say who accepts the risk."))
    changed = risk(drafted, accepted_by="Amina, 1 April 2026")
    world.do(world.cm, lambda uow: plan_parts.change_risk(uow, added, changed))
    journey.submit(world, case)
    journey.sign_off(world, case)
    assert row(world, Plan, case.plan_id).status == "CLINICALLY_SIGNED"


def test_i38_the_parts_of_a_plan_others_rely_on_are_not_changed(drafted: Copy) -> None:
    world, case = drafted
    added = world.do(world.cm, lambda uow: plan_parts.add_risk(uow, risk(drafted, impact="1")))
    journey.submit(world, case)
    for act in (
        lambda uow: plan_parts.write_section(uow, case.plan_id, Section.NEEDS, NIGHTS),
        lambda uow: plan_parts.add_risk(uow, risk(drafted)),
        lambda uow: plan_parts.change_risk(uow, added, risk(drafted)),
        lambda uow: plan_parts.add_contingency(uow, contingency(drafted)),
        lambda uow: plan_parts.add_omission(uow, omission(drafted)),
    ):
        assert "can no longer be changed" in refused(world, world.cm, act)


def contingency(copy: Copy) -> dict[str, Any]:
    return {"phb_id": copy[1].phb_id, "happens": "Jo is ill", "action": "Ring the agency", "who": "Al", "share": "ALL"}


def omission(copy: Copy) -> dict[str, Any]:
    return {"phb_id": copy[1].phb_id, "asked_for": "A car", "reason": "No health need.", "share": "NOBODY"}


def test_a_new_version_begins_with_all_the_one_before_it_said(drafted: Copy) -> None:
    world, case = drafted
    write(world, case.plan_id)
    world.do(world.cm, lambda uow: plan_parts.add_risk(uow, risk(drafted, accepted_by="Amina")))
    world.do(world.cm, lambda uow: plan_parts.add_contingency(uow, contingency(drafted)))
    world.do(world.cm, lambda uow: plan_parts.add_omission(uow, omission(drafted)))
    for step in (journey.submit, journey.sign_off, journey.approve):
        step(world, case)
    second = world.do(world.cm, lambda uow: plans.start_plan(uow, case.phb_id)).id
    assert row(world, Plan, second).about_me == "I want to stay at home."
    assert row(world, Plan, second).signed_on is None
    own = {"plan_id", "id", "created_at", "updated_at", "created_by", "updated_by", "row_version", "outcome_id"}
    for table in (Outcome, PlanService, PlanSection, PlanRisk, PlanContingency, PlanOmission):
        before, after = rows(world, table, plan_id=case.plan_id), rows(world, table, plan_id=second)
        assert [one.model_dump(exclude=own) for one in before] == [one.model_dump(exclude=own) for one in after]
        assert len(after) == 1
    (service,), (outcome,) = rows(world, PlanService, plan_id=second), rows(world, Outcome, plan_id=second)
    assert service.outcome_id == outcome.id, "a copied service is for the copied outcome"
    for step in (journey.submit, journey.sign_off, journey.approve):
        world_case = journey.Case(case.person_id, case.reference, case.phb_id, second, case.streams, case.lines)
        step(world, world_case)
    assert row(world, Plan, second).status == "APPROVED"


def test_who_else_may_read_an_outcome_and_a_service_can_be_said(drafted: Copy) -> None:
    world, _case = drafted
    (outcome,), (service,) = rows(world, Outcome), rows(world, PlanService)
    world.do(world.cm, lambda uow: plan_parts.share_outcome(uow, outcome.id, {"share": "NOMINEE"}))
    said = {"share": "ALL", "activity": "NONE"}
    world.do(world.cm, lambda uow: regulated_care.change_service(uow, service.id, said))
    assert (row(world, Outcome, outcome.id).share, row(world, PlanService, service.id).share) == ("NOMINEE", "ALL")
