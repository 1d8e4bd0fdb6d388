"""A plan shared with the person: what they say, the answer, their signature, and what takes it off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.plan_parts import Place, Section
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.holder_plans import own_plan, own_plans
from phbportal.services import plan_parts, plan_sharing, plans
from phbportal.services.plan_parts import SectionEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.phbs import Task
from phbportal.tables.plan_sharing import PlanComment
from phbportal.tables.plans import Plan
from phbportal.tables.users import User
from tests.services.asking import Copy, refused, row, rows
from tests.support import journey
from tests.support.world import World


def holder_of(world: World, person_id: UUID, name: str = "Amina Okafor-Reyes") -> Actor:
    with world.unit(SYSTEM) as uow:
        user = uow.add(User, display_name=name, person_id=person_id)
    return Actor(Role.HOLDER, user_id=user.id, display_name=name, person_id=person_id)


def shared(copy: Copy) -> tuple[World, UUID, Actor]:
    world, case = copy
    world.do(world.cm, lambda uow: plan_parts.write_section(uow, case.plan_id, Section.NEEDS, SectionEntry("Nights.")))
    world.do(world.cm, lambda uow: plan_sharing.share_plan(uow, case.plan_id))
    return world, case.plan_id, holder_of(world, case.person_id)


def say(plan_id: UUID, words: str = "Not at night.") -> Callable[[UnitOfWork], UUID]:
    return lambda uow: plan_sharing.comment(uow, plan_id, Place.NEEDS, words)


def sign(world: World, who: Actor, plan_id: UUID) -> None:
    seen = row(world, Plan, plan_id).row_version
    world.do(who, lambda uow: plan_sharing.sign_own_plan(uow, plan_id, seen_version=seen))


def test_a_shared_plan_is_shown_whole_to_the_person_in_their_words(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    with world.unit(amina, writes=False) as uow:
        (plan,) = own_plans(uow.session, uow.actor, uow.today).plans
    assert [(one.own_title, one.words) for one in plan.parts.sections] == [("What I need help with", "Nights.")]
    assert (plan.may_say, plan.may_sign, plan.plan_id) == (True, True, str(plan_id))


def test_what_is_said_is_answered_once_and_both_are_kept(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    said = world.do(amina, say(plan_id))
    (task,) = rows(world, Task, kind="PLAN_COMMENT")
    assert (task.role, task.done_at, "night" in task.sentence) == ("CASE_MANAGER", None, False)
    answer = {"answer": "We will start at seven, as you asked."}
    world.do(world.cm, lambda uow: plan_sharing.answer_comment(uow, said, answer))
    assert row(world, Task, task.id).done_by == world.cm.user_id
    with world.unit(amina, writes=False) as uow:
        (found,) = own_plan(uow.session, uow.actor, uow.today, str(plan_id)).parts.comments
    assert (found.place, found.words, found.answer) == ("What I need help with", "Not at night.", answer["answer"])
    again = refused(world, world.clinician, lambda uow: plan_sharing.answer_comment(uow, said, answer))
    assert "answered already" in again
    assert not [event for event in rows(world, AuditEvent) if "seven" in event.details or "at night" in event.details]


def test_an_answer_says_something(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    said = world.do(amina, say(plan_id))
    with pytest.raises(Refusal) as refusal:
        world.do(world.cm, lambda uow: plan_sharing.answer_comment(uow, said, {"answer": " No. "}))
    assert refusal.value.problems[0].field == "answer"


@pytest.mark.parametrize("by", ["finance", "approver", "auditor", "admin", "other_cm"])
def test_nobody_else_answers(drafted: Copy, by: str) -> None:
    world, plan_id, amina = shared(drafted)
    said = world.do(amina, say(plan_id))
    refused(world, world.actors[by], lambda uow: plan_sharing.answer_comment(uow, said, {"answer": "Of course, yes."}))


def test_of_a_plan_nobody_shared_there_is_nothing_to_say_or_to_sign(drafted: Copy) -> None:
    world, case = drafted
    amina = holder_of(world, case.person_id)
    assert refused(world, amina, say(case.plan_id)) == "We could not find that."
    signs = lambda uow: plan_sharing.sign_own_plan(uow, case.plan_id, seen_version=1)  # noqa: E731
    assert refused(world, amina, signs) == "We could not find that."
    with world.unit(amina, writes=False) as uow, pytest.raises(NotFound):
        own_plan(uow.session, uow.actor, uow.today, str(case.plan_id))


def test_another_holder_says_nothing_about_it(drafted: Copy) -> None:
    world, plan_id, _amina = shared(drafted)
    other = holder_of(world, journey.add_person(world, number=journey.NUMBERS[1]), "Someone Else")
    assert refused(world, other, say(plan_id)) == "We could not find that."


def test_a_parent_says_and_signs_for_the_child_and_a_nominee_does_not(world: World) -> None:
    person = journey.add_person(world, born=date(2014, 5, 6))
    parent = journey.user_of(world, journey.parent(world, person), Role.REPRESENTATIVE)
    case = journey.draft(world, person_id=person, cohort=Cohort.CYPCC)
    world.do(world.cm, lambda uow: plan_sharing.share_plan(uow, case.plan_id))
    world.do(parent, say(case.plan_id))
    sign(world, parent, case.plan_id)
    plan = row(world, Plan, case.plan_id)
    assert (plan.person_signed_as, plan.person_signed_on) == ("REPRESENTATIVE", world.today)
    assert [one.said_as for one in rows(world, PlanComment)] == ["REPRESENTATIVE"]
    nominee = replace(parent, role=Role.NOMINEE)
    assert refused(world, nominee, say(case.plan_id)) == "We could not find that."


def test_a_signature_stays_through_the_decision(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    sign(world, amina, plan_id)
    journey.submit(world, drafted[1])
    journey.sign_off(world, drafted[1])
    journey.approve(world, drafted[1])
    plan = row(world, Plan, plan_id)
    assert (plan.status, plan.person_signed_name, plan.person_signed_on) == (
        "APPROVED",
        amina.display_name,
        world.today,
    )


@pytest.mark.parametrize("change", ["words", "outcome", "section", "risk"])
def test_a_plan_changed_after_signature_is_to_be_signed_again(drafted: Copy, change: str) -> None:
    world, plan_id, amina = shared(drafted)
    sign(world, amina, plan_id)
    seen = row(world, Plan, plan_id).row_version
    risk = {"phb_id": drafted[1].phb_id, "risk": "Falls", "likelihood": "1", "impact": "1", "mitigation": "Rail",
            "owner": "Jo", "accepted_by": "", "share": "NOBODY"}  # fmt: skip
    entry = SectionEntry("By day.")
    acts = {
        "words": lambda uow: plans.write_plan(uow, plan_id, plans.PlanEntry("New words."), seen_version=seen),
        "outcome": lambda uow: plans.add_outcome(uow, plan_id, plans.OutcomeEntry("I swim.")),
        "section": lambda uow: plan_parts.write_section(uow, plan_id, Section.NEEDS, entry, seen_version=1),
        "risk": lambda uow: plan_parts.add_risk(uow, risk),
    }
    world.do(world.cm, acts[change])
    plan = row(world, Plan, plan_id)
    assert (plan.person_signed_on, plan.person_signed_as, plan.person_signed_name) == (None, None, None)
    assert "own_signature_off" in [event.kind for event in rows(world, AuditEvent)]
    sign(world, amina, plan_id)
    assert row(world, Plan, plan_id).person_signed_on == world.today


def test_what_was_not_read_is_not_signed(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    seen = row(world, Plan, plan_id).row_version
    world.do(world.cm, lambda uow: plans.write_plan(uow, plan_id, plans.PlanEntry("Other."), seen_version=seen))
    said = refused(world, amina, lambda uow: plan_sharing.sign_own_plan(uow, plan_id, seen_version=seen))
    assert "has changed since you opened it" in said


def test_a_plan_is_signed_once(drafted: Copy) -> None:
    world, plan_id, amina = shared(drafted)
    sign(world, amina, plan_id)
    seen = row(world, Plan, plan_id).row_version
    assert "signed already" in refused(
        world, amina, lambda uow: plan_sharing.sign_own_plan(uow, plan_id, seen_version=seen)
    )


def test_beside_the_plan_that_counts_a_new_one_that_was_shared_can_be_talked_about(drafted: Copy) -> None:
    world, case = drafted
    for step in (journey.submit, journey.sign_off, journey.approve):
        step(world, case)
    amina = holder_of(world, case.person_id)
    second = world.do(world.cm, lambda uow: plans.start_plan(uow, case.phb_id)).id
    with world.unit(amina, writes=False) as uow:
        assert [one.plan_id for one in own_plans(uow.session, uow.actor, uow.today).plans] == [str(case.plan_id)]
    world.do(world.cm, lambda uow: plan_sharing.share_plan(uow, second))
    with world.unit(amina, writes=False) as uow:
        both = own_plans(uow.session, uow.actor, uow.today).plans
    assert [one.plan_id for one in both] == [str(case.plan_id), str(second)]
    assert both[1].heading.startswith("New plan")
    world.do(amina, say(second))


@pytest.mark.parametrize("by", ["clinician", "finance", "approver", "auditor", "admin"])
def test_only_a_case_manager_shares(drafted: Copy, by: str) -> None:
    world, case = drafted
    refused(world, world.actors[by], lambda uow: plan_sharing.share_plan(uow, case.plan_id))
