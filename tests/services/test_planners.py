"""Who besides staff writes a plan: asked, apart from eligibility and from the money, seeing one plan until it ends."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.acting import Acting
from phbportal.domain.errors import NotFound
from phbportal.domain.plan_parts import Section
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.planners import draft_to_write, plans_to_write
from phbportal.services import acting, people, plan_drafts, planners, plans
from phbportal.services.plan_drafts import DraftEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.phbs import Task
from phbportal.tables.plan_parts import PlanSection
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Plan, PlanService
from phbportal.tables.users import User
from tests.services.asking import Copy, refused, row, rows
from tests.support import arranging, journey
from tests.support.journey import StreamPlan
from tests.support.world import World

WORDS = DraftEntry(plans.PlanEntry("I paint.", "My studio.", ""), {Section.NEEDS: "A hand with the stairs."})


def ask(world: World, phb_id: UUID, organisation_id: UUID | None, planner: str = "ORGANISATION") -> UUID:
    values = {"phb_id": phb_id, "planner": planner, "organisation_id": organisation_id, "note": "By May, please."}
    return world.do(world.cm, lambda uow: planners.invite_planner(uow, values))


def asked(copy: Copy) -> tuple[World, UUID, Actor, UUID]:
    """A user-led organisation asked to write the plan: the world, the plan's id, who signs in, the invitation."""
    world, case = copy
    ulo = arranging.organisation(world, "Plan Together")
    return world, case.plan_id, arranging.somebody_of(world, ulo, "Pia Plan"), ask(world, case.phb_id, ulo)


def look(world: World, who: Actor, invitation: UUID) -> Any:
    with world.unit(who, writes=False) as uow:
        return draft_to_write(uow.session, uow.actor, uow.today, invitation)


def writing(who: Actor, plan_id: UUID) -> list[Callable[[UnitOfWork], object]]:
    return [
        lambda uow: plan_drafts.save_draft(uow, plan_id, WORDS, seen=1, seen_parts={}),
        lambda uow: plans.write_plan(uow, plan_id, WORDS.words, seen_version=1),
        lambda uow: plans.add_outcome(uow, plan_id, plans.OutcomeEntry("I swim.")),
    ]


def test_whoever_is_asked_writes_the_draft_and_hands_it_in(drafted: Copy) -> None:
    world, plan_id, pia, invitation = asked(drafted)
    with world.unit(pia, writes=False) as uow:
        (waiting,) = plans_to_write(uow.session, uow.actor, uow.today)
    assert (waiting.person, waiting.board) == ("Amina Okafor-Reyes", "NHS Test One ICB")
    found = look(world, pia, invitation)
    seen = found.row_version
    world.do(pia, lambda uow: plan_drafts.save_draft(uow, plan_id, WORDS, seen=seen, seen_parts={}))
    outcome = world.do(pia, lambda uow: plans.add_outcome(uow, plan_id, plans.OutcomeEntry("I paint daily.")))
    world.do(pia, lambda uow: plans.add_service(uow, plan_id, plans.ServiceEntry("Studio help", outcome)))
    view = look(world, pia, invitation).view
    assert (view.about_me, view.outcomes[-1], view.services[-1]) == ("I paint.", "I paint daily.", "Studio help")
    assert [one.words for one in view.sections if one.code == "NEEDS"] == ["A hand with the stairs."]
    world.do(pia, lambda uow: planners.hand_in(uow, invitation, "She likes mornings."))
    assert row(world, PlanInvitation, invitation).status == "HANDED_IN"
    (task,) = rows(world, Task, kind="PLAN_HANDED_IN")
    assert (task.role, task.phb_id, task.done_at) == ("CASE_MANAGER", drafted[1].phb_id, None)


@pytest.mark.parametrize("ending", ["hand_in", "decline", "take back"])
def test_whoever_was_asked_sees_and_writes_nothing_once_it_has_ended(drafted: Copy, ending: str) -> None:
    world, plan_id, pia, invitation = asked(drafted)
    if ending == "hand_in":
        world.do(pia, lambda uow: planners.hand_in(uow, invitation, ""))
    elif ending == "decline":
        world.do(pia, lambda uow: planners.decline_invitation(uow, invitation, "We are full."))
    else:
        world.do(world.cm, lambda uow: planners.take_back_invitation(uow, invitation, {"end_note": ""}))
    with pytest.raises(NotFound):
        look(world, pia, invitation)
    for act in (*writing(pia, plan_id), lambda uow: planners.hand_in(uow, invitation, "")):
        assert refused(world, pia, act) == "We could not find that."
    with world.unit(pia, writes=False) as uow:
        assert plans_to_write(uow.session, uow.actor, uow.today) == []


def test_whoever_is_asked_sees_no_other_plan_and_not_this_one_in_its_own_right(drafted: Copy) -> None:
    world, plan_id, pia, invitation = asked(drafted)
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    elsewhere = arranging.somebody_of(world, arranging.organisation(world, "Someone Else"), "Sam Else")
    for act in writing(pia, other.plan_id):
        assert refused(world, pia, act) == "We could not find that."
    for act in writing(elsewhere, plan_id):
        assert refused(world, elsewhere, act) == "We could not find that."
    with pytest.raises(NotFound):
        look(world, elsewhere, invitation)
    with world.unit(pia, writes=False) as uow, pytest.raises(NotFound):
        uow.find(Plan, plan_id)


def test_what_the_money_cannot_buy_is_refused_to_a_planner_too(drafted: Copy) -> None:
    world, plan_id, pia, _invitation = asked(drafted)
    outcome = world.do(pia, lambda uow: plans.add_outcome(uow, plan_id, plans.OutcomeEntry("I relax.")))
    said = refused(world, pia, lambda uow: plans.add_service(uow, plan_id, plans.ServiceEntry("Beer", outcome)))
    assert "(X01)" in said
    assert len(rows(world, PlanService)) == 1


def test_a_plan_that_was_sent_for_sign_off_is_no_longer_written_by_anybody(drafted: Copy) -> None:
    world, plan_id, pia, invitation = asked(drafted)
    journey.submit(world, drafted[1])
    for act in (*writing(pia, plan_id), lambda uow: planners.hand_in(uow, invitation, "")):
        assert "can no longer be changed" in refused(world, pia, act)


def test_one_planner_at_a_time_writes_a_plan(drafted: Copy) -> None:
    world, _plan, _pia, invitation = asked(drafted)
    second = arranging.organisation(world, "Second")
    values = {"phb_id": drafted[1].phb_id, "planner": "ORGANISATION", "organisation_id": second, "note": ""}
    said = refused(world, world.cm, lambda uow: planners.invite_planner(uow, values))
    assert "Somebody is asked to write this plan already" in said
    world.do(world.cm, lambda uow: planners.take_back_invitation(uow, invitation, {}))
    assert ask(world, drafted[1].phb_id, second)


def test_an_organisation_that_holds_the_money_does_not_plan_for_the_person(world: World) -> None:
    """domain.md §2.3: never both ISF holder and independent broker of the same person's plan."""
    ulo = arranging.organisation(world)
    case = arranging.approved(world, ulo)
    arranging.offer(world, case, ulo)
    world.do(world.cm, lambda uow: plans.start_plan(uow, case.phb_id))
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": ulo, "note": ""}
    said = refused(world, world.cm, lambda uow: planners.invite_planner(uow, values))
    assert said.startswith("This organisation holds, or is asked to hold, this person’s money")


@pytest.mark.parametrize("handed_in", [False, True])
def test_an_organisation_that_plans_for_a_person_is_not_offered_their_money(world: World, handed_in: bool) -> None:
    """The other way round: for good, as far as this person goes, unless the invitation came to nothing."""
    ulo, holder = arranging.organisation(world), arranging.organisation(world, "Elm House")
    person = journey.add_person(world)
    held = StreamPlan(Method.THIRD_PARTY, 90_000, organisation_id=ulo)
    case = journey.draft(world, held, person_id=person)
    pia = arranging.somebody_of(world, ulo, "Pia Plan")
    invitation = ask(world, case.phb_id, ulo)
    if handed_in:
        world.do(pia, lambda uow: planners.hand_in(uow, invitation, ""))
    else:
        world.do(world.cm, lambda uow: planners.take_back_invitation(uow, invitation, {}))
    for step in (journey.submit, journey.sign_off, journey.approve):
        step(world, case)
    assert holder
    if handed_in:
        from phbportal.services import arrangements

        entry = arrangements.OfferEntry(ulo, arranging.TERMS)
        said = refused(world, world.cm, lambda uow: arrangements.send_offer(uow, case.streams[0], entry))
        assert "independent broker" in said
    else:
        assert arranging.offer(world, case, ulo)


def test_planning_is_kept_apart_from_whoever_found_the_person_eligible(drafted: Copy) -> None:
    world, case = drafted
    ulo = arranging.organisation(world)
    pia = arranging.somebody_of(world, ulo)
    with world.unit(SYSTEM) as uow:
        (found,) = uow.session.query(Eligibility).all()
        found.created_by = pia.user_id
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": ulo, "note": ""}
    said = refused(world, world.cm, lambda uow: planners.invite_planner(uow, values))
    assert "Planning is kept apart from that" in said


@pytest.mark.parametrize(
    ("planner", "organisation", "words"),
    [
        ("ORGANISATION", False, "Choose the organisation"), ("NOMINEE", False, "No nominee acts"),
        ("REPRESENTATIVE", False, "No representative acts"), ("PERSON", False, "does not sign in yet"),
        ("NOMINEE", True, "Leave this empty"),
    ],
)  # fmt: skip
def test_somebody_who_cannot_be_asked_is_refused_in_words(
    drafted: Copy, planner: str, organisation: bool, words: str
) -> None:
    world, case = drafted
    ulo = arranging.organisation(world) if organisation else None
    values = {"phb_id": case.phb_id, "planner": planner, "organisation_id": ulo, "note": ""}
    assert words in refused(world, world.cm, lambda uow: planners.invite_planner(uow, values))


def test_a_holder_writes_their_own_plan_when_they_are_asked_and_not_before(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(SYSTEM) as uow:
        user = uow.add(User, display_name="Amina", person_id=case.person_id)
    amina = Actor(Role.HOLDER, user_id=user.id, display_name="Amina", person_id=case.person_id)
    for act in writing(amina, case.plan_id):
        assert refused(world, amina, act) == "We could not find that."
    version = 1
    world.do(world.cm, lambda uow: people.switch_sign_in(uow, case.person_id, on=True))
    invitation = ask(world, case.phb_id, None, "PERSON")
    version = look(world, amina, invitation).row_version
    world.do(amina, lambda uow: plan_drafts.save_draft(uow, case.plan_id, WORDS, seen=version, seen_parts={}))
    world.do(amina, lambda uow: planners.hand_in(uow, invitation, ""))
    assert row(world, Plan, case.plan_id).about_me == "I paint."
    assert [one.section for one in rows(world, PlanSection)] == ["NEEDS"]


def test_a_nominee_who_is_asked_writes_the_plan_and_the_holder_does_not_in_their_place(drafted: Copy) -> None:
    world, case = drafted
    part = journey.nominee(world, case.person_id)
    nell = journey.user_of(world, part, Role.NOMINEE)
    invitation = ask(world, case.phb_id, None, "NOMINEE")
    version = look(world, nell, invitation).row_version
    amina = Actor(Role.HOLDER, user_id=UUID(int=9), person_id=case.person_id)
    assert refused(world, amina, writing(amina, case.plan_id)[2]) == "We could not find that."
    world.do(nell, lambda uow: plan_drafts.save_draft(uow, case.plan_id, WORDS, seen=version, seen_parts={}))
    world.do(world.cm, lambda uow: acting.end(uow, part, "Moved away."))
    assert refused(world, nell, writing(nell, case.plan_id)[2]) == "We could not find that."


@pytest.mark.parametrize("by", ["clinician", "finance", "approver", "auditor", "admin"])
def test_only_a_case_manager_asks_somebody_to_write_a_plan(drafted: Copy, by: str) -> None:
    world, case = drafted
    ulo = arranging.organisation(world)
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": ulo, "note": ""}
    assert refused(world, world.actors[by], lambda uow: planners.invite_planner(uow, values))


def test_a_noted_broker_is_no_holder_of_the_money_either(drafted: Copy) -> None:
    """What was there before still is: a broker by their part cannot be offered the money."""
    world, case = drafted
    arranging.organisation(world, "Ours", ods_code="ULO01")
    entry = acting.ActingEntry(Acting.BROKER, "Ours", Relation.ORGANISATION, organisation_code="ULO01")
    assert world.do(world.cm, lambda uow: acting.propose(uow, case.person_id, entry))
