"""Assessments of needs: who records and reads them, what rests on them, whom they keep from planning, when again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.policy.actors import SYSTEM
from phbportal.queries.needs import own_needs, rests_on
from phbportal.services import budget_offers, eligibility, needs, phbs, planners, plans
from phbportal.services.phbs import phb_by_reference
from phbportal.services.provider_merge import merge_provider
from phbportal.services.renewals import ask_for_renewals
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Plan
from tests.services.asking import Copy, refused, row, rows
from tests.support import arranging, journey
from tests.support.world import World, at


def values(world: World, person_id: UUID, **changed: Any) -> dict[str, Any]:
    """What the form gives for an assessment of today."""
    return {
        "person_id": person_id, "assessed_on": world.today, "assessor": "Nia Nurse", "profession": "Nurse assessor",
        "body": "NMC", "number": "12A3456E", "organisation_id": None, "outcome": "NEEDS",
        "summary": "You need somebody at night.", "next_due_on": world.today + timedelta(days=365),
        "needs": [{"area": "MOVING", "words": "A hoist for every move."}], **changed,
    }  # fmt: skip


def assess(world: World, person_id: UUID, *, on: date | None = None, **changed: Any) -> UUID:
    given = values(world, person_id, **changed)
    return world.do(world.clinician, lambda uow: needs.record_assessment(uow, given), on=on)


def accepted(world: World) -> tuple[UUID, UUID]:
    """A person who said yes to the offer of a budget: their id and the budget's."""
    person = journey.add_person(world, number=journey.NUMBERS[5], names=("Nora", "Needs"))
    with world.unit(world.cm) as uow:
        found = eligibility.EligibilityEntry(Cohort.CHC, uow.today, uow.today)
        entry = phbs.PhbEntry(eligibility.record_eligibility(uow, person, found), PhbKind.ONGOING)
        phb = phb_by_reference(uow, phbs.open_phb(uow, person, entry)).id
        budget_offers.make_offer(uow, phb, budget_offers.OfferEntry(uow.today, budget_offers.OfferHow.IN_PERSON))
        said_yes = budget_offers.AnswerEntry(budget_offers.Answer.ACCEPTED, uow.today, budget_offers.Teller.PERSON)
        budget_offers.record_answer(uow, phb, said_yes)
    return person, phb


def test_an_assessment_is_kept_with_each_need_and_a_budget_that_was_accepted_goes_on(drafted: Copy) -> None:
    world, _case = drafted
    person, phb = accepted(world)
    one = assess(world, person)
    found = row(world, NeedsAssessment, one)
    assert (found.assessor, found.number, found.created_by) == ("Nia Nurse", "12A3456E", world.clinician.user_id)
    assert [(n.area, n.words) for n in rows(world, AssessedNeed, assessment_id=one)] == [
        ("MOVING", "A hoist for every move.")
    ]
    assert row(world, Phb, phb).status == PhbStatus.ASSESSING


@pytest.mark.parametrize("name", ["finance", "approver", "auditor", "admin", "other_cm", "other_clinician"])
def test_only_a_case_manager_or_clinician_of_the_board_records_one(drafted: Copy, name: str) -> None:
    world, case = drafted
    given = values(world, case.person_id)
    refused(world, world.actors[name], lambda uow: needs.record_assessment(uow, given))


def test_finance_and_administrators_read_none(drafted: Copy) -> None:
    world, case = drafted
    one = assess(world, case.person_id)
    for name, seen in (("approver", True), ("auditor", True), ("cm", True), ("finance", False), ("admin", False)):
        with world.unit(world.actors[name], writes=False) as uow:
            assert bool(rests_on(uow.session, uow.actor, uow.today, one)) is seen, name


def test_bad_answers_are_refused_and_nothing_is_written(drafted: Copy) -> None:
    world, case = drafted
    bad = values(world, case.person_id, next_due_on=None, needs=[], number="123")
    said = refused(world, world.cm, lambda uow: needs.record_assessment(uow, bad))
    assert "Enter when the needs are looked at again." in said
    assert "Write down at least one need." in said


def test_eligibility_and_the_next_plan_rest_on_it(drafted: Copy) -> None:
    world, case = drafted
    one = assess(world, case.person_id)
    entry = eligibility.EligibilityEntry(Cohort.LTC, world.today, world.today, one)
    why = world.do(world.cm, lambda uow: eligibility.record_eligibility(uow, case.person_id, entry))
    assert row(world, Eligibility, why).assessment_id == one
    person, phb = accepted(world)
    another = assess(world, person)
    world.do(world.cm, lambda uow: journey.told_amount(uow, phb))
    plan = world.do(world.cm, lambda uow: plans.start_plan(uow, phb).id)
    assert row(world, Plan, plan).assessment_id == another


def test_nobody_is_eligible_by_a_mistake_by_another_s_or_by_one_without_needs(drafted: Copy) -> None:
    world, case = drafted
    other = journey.add_person(world, number=journey.NUMBERS[1])
    none = assess(world, case.person_id, outcome="NO_NEEDS", needs=[], next_due_on=None)
    mistaken = assess(world, case.person_id)
    because = {"mistake": "It is about her sister."}
    world.do(world.cm, lambda uow: needs.recorded_by_mistake(uow, mistaken, because))
    for assessment, sentence in (
        (none, "found no needs"), (mistaken, "could not find"), (assess(world, other), "could not find"),
    ):  # fmt: skip
        entry = eligibility.EligibilityEntry(Cohort.LTC, world.today, world.today, assessment)
        said = refused(world, world.cm, lambda uow, e=entry: eligibility.record_eligibility(uow, case.person_id, e))
        assert sentence in said


def test_a_mistake_stays_for_staff_is_not_shown_to_the_person_and_is_said_once(drafted: Copy) -> None:
    world, case = drafted
    one = assess(world, case.person_id)

    def read(uow: UnitOfWork) -> list[str]:
        return [need.words for need in own_needs(uow.session, uow.actor, uow.today, case.person_id).needs]

    assert world.do(world.cm, read) == ["A hoist for every move."]
    short = refused(world, world.cm, lambda uow: needs.recorded_by_mistake(uow, one, {"mistake": "Oops"}))
    assert short == "Say what the mistake is, in a sentence."
    because = {"mistake": "It is about her sister."}
    world.do(world.cm, lambda uow: needs.recorded_by_mistake(uow, one, because))
    assert world.do(world.cm, read) == []
    with world.unit(world.cm, writes=False) as uow:
        assert "recorded by mistake" in rests_on(uow.session, uow.actor, uow.today, one)
    again = refused(world, world.cm, lambda uow: needs.recorded_by_mistake(uow, one, because))
    assert "already" in again


@pytest.mark.parametrize("how", ["the organisation assessed", "one of them recorded it"])
def test_whoever_assessed_does_not_plan(drafted: Copy, how: str) -> None:
    world, case = drafted
    ulo = arranging.organisation(world, "Plan Together")
    pia = arranging.somebody_of(world, ulo, "Pia Plan")
    one = assess(world, case.person_id, organisation_id=ulo if how.startswith("the") else None)
    if how.startswith("one"):
        with world.unit(world.cm) as uow:
            uow.find(NeedsAssessment, one).created_by = pia.user_id
    asked = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": ulo, "note": ""}
    said = refused(world, world.cm, lambda uow: planners.invite_planner(uow, asked))
    assert said.startswith("This planner assessed the person’s needs")
    because = {"mistake": "They did not assess her."}
    world.do(world.cm, lambda uow: needs.recorded_by_mistake(uow, one, because))
    world.do(world.cm, lambda uow: planners.invite_planner(uow, asked))


@pytest.mark.parametrize("how", ["the organisation assessed", "one of them recorded it"])
def test_whoever_assessed_is_not_merged_with_whoever_writes_the_plan(drafted: Copy, how: str) -> None:
    """A merger is no way round; once the invitation is taken back, it is made."""
    world, case = drafted
    writes, assessed = arranging.organisation(world, "Plan Together"), arranging.organisation(world, "Plan Apart")
    nia = arranging.somebody_of(world, assessed, "Nia Nurse")
    one = assess(world, case.person_id, organisation_id=assessed if how.startswith("the") else None)
    with world.unit(SYSTEM) as uow:
        uow.change(uow.session.get_one(NeedsAssessment, one), created_by=nia.user_id)
    asking = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": writes, "note": ""}
    asked = world.do(world.cm, lambda uow: planners.invite_planner(uow, asking))
    act = lambda uow: merge_provider(uow, assessed, writes, {"on": world.today, "reason": "One office"})  # noqa: E731
    if how.startswith("the"):
        again = values(world, case.person_id, organisation_id=writes)
        said = refused(world, world.clinician, lambda uow: needs.record_assessment(uow, again))
        assert said.startswith("This organisation is writing this person’s plan.")
    said = refused(world, world.admin, act)
    assert said.startswith("One of the two assessed somebody whose plan the other is writing.")
    world.do(world.cm, lambda uow: planners.take_back_invitation(uow, asked, {}))
    assert world.do(world.admin, act)


def test_the_clock_asks_once_for_the_next_assessment_and_it_ends_what_asked(drafted: Copy) -> None:
    world, case = drafted
    due = world.today + timedelta(days=200)
    first = assess(world, case.person_id, next_due_on=due)
    assert ask_for_renewals(world.engine, now=at(due - timedelta(days=29))) == 0
    assert ask_for_renewals(world.engine, now=at(due - timedelta(days=28))) == 1
    assert ask_for_renewals(world.engine, now=at(due)) == 0
    (task,) = rows(world, Task, kind="NEEDS_DUE")
    assert (task.role, task.person_id, task.part_id, task.due_on) == ("CASE_MANAGER", case.person_id, first, due)
    assess(world, case.person_id, on=due, assessed_on=due, next_due_on=due + timedelta(days=365))
    assert rows(world, Task, kind="NEEDS_DUE")[0].done_at is not None
