"""From referral to planning: offers, answers, the indicative budget; what is skipped is refused in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.budget_offers import Answer, OfferHow, Teller
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.indicative import Tool
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.tracker import track_of, tracks_of
from phbportal.queries.work import work
from phbportal.services import budget_offers, eligibility, indicative, payee_agreements, phbs, plans
from phbportal.services.budget_offers import AnswerEntry, OfferEntry
from phbportal.services.indicative import IndicativeEntry, ShownEntry
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.path import BudgetOffer, IndicativeBudget
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from tests.services.asking import refused, row, rows
from tests.support import journey
from tests.support.world import World, at

TODAY = date(2026, 4, 1)
YES = AnswerEntry(Answer.ACCEPTED, TODAY)
NO = AnswerEntry(Answer.DECLINED, TODAY, reason="It is too much paperwork for me.")
SHOWN = ShownEntry(TODAY)
AMOUNT = IndicativeEntry(100_000, 0, Tool.NEEDS_AND_RATES, "60 hours at £16.20", TODAY)


def referred(world: World, *, born: date = date(1961, 2, 3), cohort: Cohort = Cohort.CHC) -> UUID:
    person = journey.add_person(world, born=born)
    entry = eligibility.EligibilityEntry(cohort, world.today, world.today)

    def act(uow: UnitOfWork) -> UUID:
        right = eligibility.record_eligibility(uow, person, entry)
        return phb_by_reference(uow, phbs.open_phb(uow, person, phbs.PhbEntry(right, PhbKind.ONGOING))).id

    return world.do(world.cm, act)


def offer(phb: UUID, on: date = TODAY) -> Callable[[UnitOfWork], UUID]:
    return lambda uow: budget_offers.make_offer(uow, phb, OfferEntry(on, OfferHow.IN_PERSON))


def answer(phb: UUID, entry: AnswerEntry = YES) -> Callable[[UnitOfWork], None]:
    return lambda uow: budget_offers.record_answer(uow, phb, entry)


def set_amount(phb: UUID, entry: IndicativeEntry = AMOUNT) -> Callable[[UnitOfWork], UUID]:
    return lambda uow: indicative.record_indicative(uow, phb, entry)


def show(phb: UUID, entry: ShownEntry = SHOWN) -> Callable[[UnitOfWork], None]:
    return lambda uow: indicative.show_indicative(uow, phb, entry)


def status(world: World, phb: UUID) -> str:
    return row(world, Phb, phb).status


def titles(world: World, actor: Actor, on: date = TODAY) -> list[str]:
    with world.unit(actor, on=on, writes=False) as uow:
        found = work(uow.session, uow.actor, uow.today, uow.now)
    return [item.title for group in found.groups for item in group.items]


def test_a_budget_is_offered_accepted_assessed_worked_out_shown_and_only_then_planned(world: World) -> None:
    phb = referred(world)
    starts = lambda uow: plans.start_plan(uow, phb)  # noqa: E731
    steps: tuple[tuple[Callable[[UnitOfWork], object], str, str], ...] = (
        (offer(phb), "OFFERED", "has not been offered yet"),
        (answer(phb), "ACCEPTED", "has not been answered yet"),
        (lambda uow: budget_offers.begin_assessing(uow, phb), "ASSESSING", "no indicative budget yet"),
        (set_amount(phb), "INDICATIVE_SET", "no indicative budget yet"),
        (show(phb), "INDICATIVE_SET", "Show the indicative budget to the person"),
    )
    for act, after, words in steps:
        assert words in refused(world, world.cm, starts)
        world.do(world.cm, act)
        assert status(world, phb) == after
    world.do(world.cm, starts)
    assert status(world, phb) == "PLANNING"


def test_each_step_out_of_its_turn_is_refused_in_words(world: World) -> None:
    phb = referred(world)
    acts: dict[str, Callable[[UnitOfWork], object]] = {
        "You cannot set the indicative budget of this budget: it is now “Referred”.": set_amount(phb),
        "There is no indicative budget yet. Record it first.": show(phb),
        "No offer of this budget waits for an answer. Reload the page.": answer(phb),
        "You cannot assess this budget: it is now “Referred”.": lambda uow: budget_offers.begin_assessing(uow, phb),
    }
    for words, act in acts.items():
        assert refused(world, world.cm, act).startswith(words)
    world.do(world.cm, offer(phb))
    assert "it is now “Offered”" in refused(world, world.cm, offer(phb))


def test_a_declined_offer_is_kept_and_the_budget_is_offered_again_on_the_day_that_was_agreed(world: World) -> None:
    phb, later = referred(world), TODAY + timedelta(days=90)
    world.do(world.cm, offer(phb))
    world.do(world.cm, answer(phb, replace(NO, again_on=later)))
    assert (status(world, phb), row(world, Phb, phb).end_reason) == ("DECLINED", "DECLINED")
    assert titles(world, world.cm, later - timedelta(days=1)) == []
    assert titles(world, world.cm, later) == ["Offer the budget to Amina Okafor-Reyes again"]
    world.do(world.cm, offer(phb, later), on=later)
    found = rows(world, BudgetOffer, phb_id=phb)
    assert [one.answer for one in found] == ["DECLINED", "PENDING"]
    assert found[0].reason == NO.reason
    assert (status(world, phb), row(world, Phb, phb).ended_on) == ("OFFERED", None)


def test_i02_a_declined_budget_is_not_offered_again_beside_another_for_the_same_reason(world: World) -> None:
    phb = referred(world)
    world.do(world.cm, offer(phb))
    world.do(world.cm, answer(phb, NO))
    held = row(world, Phb, phb)
    assert held.eligibility_id is not None
    entry = phbs.PhbEntry(held.eligibility_id, PhbKind.ONGOING)
    second = world.do(world.cm, lambda uow: phbs.open_phb(uow, held.person_id, entry))
    assert second in refused(world, world.cm, offer(phb))


def test_more_time_keeps_the_offer_open_and_it_is_answered_later(world: World) -> None:
    phb = referred(world)
    world.do(world.cm, offer(phb))
    world.do(world.cm, answer(phb, AnswerEntry(Answer.MORE_TIME, TODAY, again_on=TODAY + timedelta(days=7))))
    assert status(world, phb) == "OFFERED"
    assert titles(world, world.cm) == ["Ask Amina Okafor-Reyes for an answer to the offer"]
    world.do(world.cm, answer(phb))
    assert status(world, phb) == "ACCEPTED"
    assert "No offer of this budget waits" in refused(world, world.cm, answer(phb, NO))


@pytest.mark.parametrize("case", ["child", "without capacity"])
def test_who_cannot_decide_alone_is_answered_for_by_their_representative(world: World, case: str) -> None:
    child = case == "child"
    phb = referred(
        world, born=date(2014, 5, 6) if child else date(1961, 2, 3), cohort=Cohort.CYPCC if child else Cohort.CHC
    )
    if not child:
        with world.unit(world.cm) as uow:
            uow.change(uow.find(Person, row(world, Phb, phb).person_id), lacks_capacity=True)
    world.do(world.cm, offer(phb))
    assert "needs a representative to decide" in refused(world, world.cm, answer(phb))
    world.do(world.cm, answer(phb, replace(YES, by=Teller.REPRESENTATIVE, name="A. Parent")))
    assert rows(world, BudgetOffer)[0].answered_name == "A. Parent"


def test_nothing_is_offered_to_somebody_who_has_died(world: World) -> None:
    phb = referred(world)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Person, row(world, Phb, phb).person_id), died_on=TODAY)
    assert "has died" in refused(world, world.cm, offer(phb))


def test_a_holder_answers_their_own_offer_and_nobody_else_s(world: World) -> None:
    phb = referred(world)
    world.do(world.cm, offer(phb))
    person = row(world, Phb, phb).person_id
    holder = Actor(Role.HOLDER, user_id=UUID(int=7), display_name="Amina", person_id=person)
    other = replace(holder, person_id=UUID(int=8))
    accept = lambda uow: budget_offers.answer_own_offer(uow, phb, Answer.ACCEPTED)  # noqa: E731
    assert refused(world, other, accept) == "We could not find that."
    assert "Only" in refused(world, world.cm, accept)
    world.do(holder, accept)
    found = rows(world, BudgetOffer)[0]
    assert (status(world, phb), found.answered_by, found.answered_name) == ("ACCEPTED", "PERSON", "Amina")


@pytest.mark.parametrize("who", ["clinician", "approver", "auditor", "admin", "other_cm", "finance"])
def test_only_a_case_manager_of_the_board_offers_and_shows(world: World, who: str) -> None:
    phb = referred(world)
    said = refused(world, world.actors[who], offer(phb))
    assert said in ("Only a case manager can do this.", "We could not find that.")
    world.do(world.cm, offer(phb))
    world.do(world.cm, answer(phb))
    world.do(world.finance, set_amount(phb))
    assert "case manager" in refused(world, world.actors[who], show(phb)) or who in ("admin", "other_cm")


def test_an_amount_worked_out_again_must_be_shown_again_before_planning(world: World) -> None:
    phb = referred(world)
    for act in (offer(phb), answer(phb), set_amount(phb), show(phb), set_amount(phb, replace(AMOUNT, weekly_pence=1))):
        world.do(world.cm, act)
    assert "Show the indicative budget" in refused(world, world.cm, lambda uow: plans.start_plan(uow, phb))
    world.do(world.cm, show(phb))
    world.do(world.cm, lambda uow: plans.start_plan(uow, phb))
    assert [one.weekly_pence for one in rows(world, IndicativeBudget)] == [100_000, 1]


def test_i23_the_forms_say_what_is_missing_beside_each_field() -> None:
    with pytest.raises(Refusal) as of_offer:
        budget_offers.read_offer({})
    assert [p.field for p in of_offer.value.problems] == ["offered_on", "how"]
    with pytest.raises(Refusal) as of_answer:
        budget_offers.read_answer({"again_on": "31/3/2026"}, TODAY)
    assert [p.field for p in of_answer.value.problems] == ["answer", "answered_on", "by", "again_on"]
    with pytest.raises(Refusal) as of_amount:
        indicative.read_indicative({"worked_out_on": "31/2/2026"}, TODAY)
    assert [p.field for p in of_amount.value.problems] == ["weekly", "tool", "inputs", "worked_out_on"]
    with pytest.raises(Refusal) as of_showing:
        indicative.read_shown({})
    assert [p.field for p in of_showing.value.problems] == ["shown_on", "to"]


def test_people_who_are_eligible_and_were_never_offered_one_are_on_the_work_list(world: World) -> None:
    person = journey.add_person(world)
    entry = eligibility.EligibilityEntry(Cohort.CHC, TODAY, TODAY)
    right = world.do(world.cm, lambda uow: eligibility.record_eligibility(uow, person, entry))
    assert titles(world, world.cm) == ["Offer a budget to Amina Okafor-Reyes"]
    world.do(world.cm, lambda uow: phbs.open_phb(uow, person, phbs.PhbEntry(right, PhbKind.ONGOING)))
    assert titles(world, world.cm) == ["Offer the budget to Amina Okafor-Reyes"]


def test_the_tracker_says_whose_turn_it_is_and_for_how_long_to_staff_and_to_the_holder_alike(world: World) -> None:
    phb = referred(world)
    holder = Actor(Role.HOLDER, user_id=UUID(int=7), person_id=row(world, Phb, phb).person_id)
    world.do(world.cm, offer(phb))
    later = TODAY + timedelta(days=5)
    with world.unit(world.cm, on=later, writes=False) as uow:
        seen = track_of(uow.session, uow.actor, uow.today, phb)
    with world.unit(holder, now=at(later), writes=False) as uow:
        (own,) = tracks_of(uow.session, uow.actor, uow.today).values()
    assert seen.turn == "It is the person’s turn to answer the offer. It has waited for 5 days."
    assert own.turn == "It is your turn to answer the offer. It has waited for 5 days."
    assert [step.status for step in seen.steps] == [step.status for step in own.steps]
    assert [step.status for step in seen.steps] == ["Done", "Now", *["Not yet"] * 7]


def test_the_tracker_goes_with_the_case_to_live(world: World) -> None:
    case = journey.draft(world)
    turns: list[str] = []

    def look() -> None:
        with world.unit(world.cm, writes=False) as uow:
            turns.append(track_of(uow.session, uow.actor, uow.today, case.phb_id).turn)

    for act in (journey.submit, journey.clinically_sign, journey.check_money, journey.approve):
        look()
        act(world, case)
    look()
    assert [turn.split(" turn")[0] for turn in turns] == [
        "It is the case manager’s", "It is a clinician’s", "It is a finance officer’s", "It is an approver’s",
        "It is the case manager’s",
    ]  # fmt: skip
    assert status(world, case.phb_id) == PhbStatus.SETUP


def test_the_tracker_says_that_the_person_has_a_plan_or_an_agreement_to_sign(world: World) -> None:
    person = journey.add_person(world)
    journey.allow_direct_payment(world, person)
    case = journey.draft(world, journey.StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
    holder = Actor(Role.HOLDER, user_id=UUID(int=7), person_id=person)

    def turns() -> list[str]:
        with world.unit(world.cm, writes=False) as uow:
            seen = track_of(uow.session, uow.actor, uow.today, case.phb_id).turn
        with world.unit(holder, writes=False) as uow:
            (own,) = tracks_of(uow.session, uow.actor, uow.today).values()
        return [seen.split(". It has")[0], own.turn.split(". It has")[0]]

    def change_plan(**to: object) -> None:
        with world.unit(SYSTEM) as uow:
            uow.change(uow.session.get_one(Plan, case.plan_id), **to)

    change_plan(status="SHARED")
    what = "turn to read the plan, and to sign it or say what must change"
    assert turns() == [f"It is the person’s {what}", f"It is your {what.replace('the plan', 'your plan')}"]
    change_plan(person_signed_on=TODAY)
    assert turns()[0] == "It is the case manager’s turn"
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    assert turns()[0] == "It is the case manager’s turn"
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, case.streams[0]))
    what = "turn to sign the agreement about the money"
    assert turns() == [f"It is the person’s {what}", f"It is your {what}"]
    paper = payee_agreements.PaperEntry(Signer.PERSON, "Amina", TODAY, "Case file")
    world.do(world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, paper))
    assert turns() == ["It is the case manager’s turn", "It is your case manager’s turn"]
