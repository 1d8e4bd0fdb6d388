"""Third-party arrangements on both databases: offer, answers, agreement, signatures, and no payment before (I10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.acting import Acting
from phbportal.domain.capacity import Capacity
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.isf import Answer, IsfStatus, LineAnswer
from phbportal.domain.ledger import held, reserved
from phbportal.domain.plans import PlanStatus
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.arrangements import arrangement_of
from phbportal.queries.history import history_page
from phbportal.queries.organisation_home import colleagues
from phbportal.services import (
    acting,
    agreements,
    arrangements,
    capacity,
    isf_answers,
    organisation_users,
    payments,
    plans,
    provider_merge,
    tick,
    users,
)
from phbportal.services.organisation_users import PersonToInvite
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Plan
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Assignment, Invitation
from tests.queries.worlds import Worlds
from tests.services.asking import balance, refused, row, rows
from tests.services.test_leavers import session_of
from tests.services.test_two_at_once import at_once, one_wins
from tests.support import arranging, journey
from tests.support.arranging import TERMS
from tests.support.journey import Case
from tests.support.world import World, at

START, END = date(2026, 4, 6), date(2026, 5, 3)
TODAY = date(2026, 4, 1)


@dataclass(frozen=True)
class Scene:
    """An approved third-party budget of £900.00 a week, two organisations and somebody of each."""

    world: World
    case: Case
    larch: UUID
    elm: UUID
    lena: Actor
    edie: Actor

    @property
    def stream(self) -> UUID:
        return self.case.streams[0]

    @property
    def holder(self) -> Actor:
        return Actor(Role.HOLDER, user_id=UUID(int=9), display_name="Amina", person_id=self.case.person_id)

    def offer(self, organisation: UUID | None = None, **more: Any) -> UUID:
        return arranging.offer(self.world, self.case, organisation or self.larch, **more)

    def recording(self, uow: Any) -> str:
        return payments.record_payment(uow, self.stream, payments.PaymentEntry(START, END), key="first")

    def pay_refused(self) -> str:
        return refused(self.world, self.world.finance, self.recording, on=START)

    def status(self, offer: UUID) -> str:
        return row(self.world, IsfConfirmation, offer).status


@pytest.fixture
def scene(worlds: Worlds, kind: str) -> Iterator[Scene]:
    def build(world: World) -> tuple[Any, ...]:
        larch, elm = arranging.organisation(world), arranging.organisation(world, "Elm House")
        lena, edie = arranging.somebody_of(world, larch), arranging.somebody_of(world, elm, "Edie Elm")
        case = arranging.approved(world, larch)
        journey.account(world, case.streams[0])
        return case, larch, elm, lena, edie

    with worlds.copy(kind, "third party", build) as (world, made):
        yield Scene(world, *made)


# The way to the first payment -----------------------------------------------------------------------------------------


def test_refusal_7_i10_an_arrangement_is_offered_confirmed_signed_by_three_and_only_then_paid(scene: Scene) -> None:
    """ISF paid before confirmation (domain.md §10.1 no. 7): every step but the last refuses it and says what waits."""
    world = scene.world
    assert "has not been asked yet" in scene.pay_refused()
    offer = scene.offer()
    assert "has not confirmed the arrangement yet" in scene.pay_refused()
    assert arranging.answer(world, scene.lena, offer) is IsfStatus.CONFIRMED
    agreement = arranging.agreement(world, offer)
    assert "signed by the person, the organisation and the board" in scene.pay_refused()
    arranging.sign(world, scene.lena, agreement)
    assert "signed by the person and the board" in scene.pay_refused()
    arranging.sign(world, world.approver, agreement)
    assert "signed by the person." in scene.pay_refused()
    assert [task.kind for task in rows(world, Task) if task.done_at is None] == ["isf_answered"]
    arranging.sign_on_paper(world, agreement)
    assert [task.kind for task in rows(world, Task) if task.done_at is None] == [], "nothing is left to sign"
    assert row(world, Stream, scene.stream).status == StreamStatus.READY
    reference = world.do(world.finance, scene.recording, on=START)
    assert balance(world, reserved(scene.case.phb_id)) == 360_000
    journey.confirm(world, reference, on=START)
    assert balance(world, held(scene.stream)) == 360_000
    assert row(world, Stream, scene.stream).status == StreamStatus.ACTIVE
    assert rows(world, PayeeAccount)[0].kind == "ISF_LEDGER"


def test_i10_a_recorded_payment_is_not_confirmed_when_its_agreement_no_longer_holds(scene: Scene) -> None:
    world = scene.world
    agreement = arranging.arranged(world, scene.case, scene.larch, scene.lena)
    reference = world.do(world.finance, scene.recording, on=START)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Agreement, agreement), status="REPLACED")
    with pytest.raises(Refusal, match="Nothing can be paid before it has"):
        journey.confirm(world, reference, on=START)


def test_a_holder_signs_in_the_portal_as_themselves(scene: Scene) -> None:
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    agreement = arranging.agreement(scene.world, offer)
    arranging.sign(scene.world, scene.holder, agreement)
    (signature,) = rows(scene.world, Signature)
    assert (signature.party, signature.how, signature.signer_name) == ("PERSON", "PORTAL", "Amina")
    assert "signed for that party already" in refused(
        scene.world, scene.world.cm,
        lambda uow: agreements.record_paper_signature(
            uow, agreement, agreements.PaperEntry("Amina", False, TODAY, "In the file")
        ),
    )  # fmt: skip


# The offer ------------------------------------------------------------------------------------------------------------


# A representative signs for the person --------------------------------------------------------------------------------


def of_a_child(world: World, scene: Scene, born: date, *, lacks_capacity: bool = False) -> tuple[Case, UUID, Actor]:
    """A child's confirmed arrangement, its agreement, and the parent, signed in."""
    person = journey.add_person(world, born=born, number=journey.NUMBERS[3], names=("Nia", "Young"))
    if lacks_capacity:
        found = capacity.CapacityEntry("This agreement", Capacity.LACKS, date(2026, 3, 1), "Dr Who")
        world.do(world.cm, lambda uow: capacity.record_capacity(uow, person, found))
    them = journey.user_of(world, journey.parent(world, person), Role.REPRESENTATIVE)
    case = arranging.approved(world, scene.larch, person_id=person, cohort=Cohort.CYPCC)
    offer = arranging.offer(world, case, scene.larch)
    arranging.answer(world, scene.lena, offer)
    return case, arranging.agreement(world, offer), them


def test_a_representative_signs_for_the_person_and_the_signature_says_for_whom_and_why(scene: Scene) -> None:
    world = scene.world
    case, agreement, them = of_a_child(world, scene, date(2016, 1, 2))
    child = replace(scene.holder, person_id=case.person_id)
    assert "a representative must sign" in refused(world, child, lambda uow: agreements.sign_agreement(uow, agreement))
    for who in (scene.lena, world.approver, them):
        arranging.sign(world, who, agreement)
    assert row(world, Agreement, agreement).status == "IN_FORCE"
    (signature,) = rows(world, Signature, agreement_id=agreement, party="PERSON")
    assert signature.signer_role == "for Nia Young, by parental responsibility"
    assert (signature.signer_id, signature.how) == (them.user_id, "PORTAL")
    with world.unit(world.cm, writes=False) as uow:
        found = arrangement_of(uow.session, uow.actor, uow.today, case.streams[0])
    assert found is not None
    assert found.view.agreement.signatures[0].name == "Somebody, for Nia Young, by parental responsibility"


def test_a_representative_does_not_sign_for_somebody_who_can_decide_or_whom_they_do_not_act_for(scene: Scene) -> None:
    world = scene.world
    _case, agreement, them = of_a_child(world, scene, date(2010, 4, 20))
    sign = lambda uow: agreements.sign_agreement(uow, agreement)  # noqa: E731
    assert "can decide, so only they can do this" in refused(world, them, sign, on=date(2026, 4, 20))
    own = arranging.agreement(world, _confirmed(scene))
    assert refused(world, them, lambda uow: agreements.sign_agreement(uow, own)) == "We could not find that."
    held = replace(them, user_id=world.cm.user_id)
    assert refused(world, held, sign) == "We could not find that.", "the part is another's"


def _confirmed(scene: Scene) -> UUID:
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    return offer


def test_a_parent_does_not_sign_for_an_adult(scene: Scene) -> None:
    world = scene.world
    _case, agreement, them = of_a_child(world, scene, date(2010, 1, 2), lacks_capacity=True)
    sign = lambda uow: agreements.sign_agreement(uow, agreement)  # noqa: E731
    assert "parental responsibility for an adult" in refused(world, them, sign, on=date(2028, 1, 2))
    world.do(them, sign, on=date(2026, 4, 2))


def test_a_representative_who_made_the_offer_for_the_board_does_not_sign(scene: Scene) -> None:
    world = scene.world
    case, agreement, them = of_a_child(world, scene, date(2016, 1, 2))
    (part,) = rows(world, PersonRole, person_id=case.person_id)
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(PersonRole, part.id), user_id=world.cm.user_id))
    same = replace(them, user_id=world.cm.user_id)
    said = refused(world, same, lambda uow: agreements.sign_agreement(uow, agreement))
    assert said == "You made this offer for the board, so someone else must do this."


def test_an_offer_is_frozen_as_it_was_sent_and_names_the_plan_it_is_for(scene: Scene) -> None:
    offer = row(scene.world, IsfConfirmation, scene.offer())
    plan = row(scene.world, Plan, scene.case.plan_id)
    assert (offer.round, offer.status, offer.plan_version, offer.weekly_pence) == (1, "SENT", plan.version, 90_000)
    assert (offer.sent_on, offer.expires_on, offer.fee_bp) == (TODAY, date(2026, 4, 15), 500)
    assert len(offer.plan_hash) == 64


def test_i38_the_plan_version_of_an_agreement_is_not_changed_any_more(scene: Scene) -> None:
    scene.offer()
    entry = plans.PlanEntry("Other words.")
    seen = row(scene.world, Plan, scene.case.plan_id).row_version
    said = refused(
        scene.world, scene.world.cm, lambda uow: plans.write_plan(uow, scene.case.plan_id, entry, seen_version=seen)
    )
    assert "can no longer be changed" in said


def test_i38_an_agreement_whose_plan_was_changed_behind_its_back_is_not_signed(scene: Scene) -> None:
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    agreement = arranging.agreement(scene.world, offer)
    with scene.world.unit(scene.world.cm) as uow:
        uow.change(uow.find(Plan, scene.case.plan_id), about_me="Other words.")
    said = refused(scene.world, scene.lena, lambda uow: agreements.sign_agreement(uow, agreement))
    assert "is not what it was when it was made" in said


def test_nobody_is_offered_a_budget_whose_plan_is_not_approved(scene: Scene) -> None:
    world = scene.world
    stream = journey.StreamPlan(journey.Method.THIRD_PARTY, 10_000, organisation_id=scene.larch)
    person = journey.add_person(world, number=journey.NUMBERS[1], names=("Bertram", "Quill"))
    draft = journey.draft(world, stream, person_id=person)
    entry = arrangements.OfferEntry(scene.larch, TERMS)
    said = refused(world, world.cm, lambda uow: arrangements.send_offer(uow, draft.streams[0], entry))
    assert "plan must be approved first" in said
    assert row(world, Plan, draft.plan_id).status == PlanStatus.DRAFT


def test_one_offer_waits_at_a_time(scene: Scene) -> None:
    scene.offer()
    entry = arrangements.OfferEntry(scene.elm, TERMS)
    act = lambda uow: arrangements.send_offer(uow, scene.stream, entry)  # noqa: E731
    assert "An offer is waiting already" in refused(scene.world, scene.world.cm, act)


def test_an_offer_to_another_organisation_leaves_the_first_one_s_bank_details_behind(scene: Scene) -> None:
    first = scene.offer()
    arranging.answer(scene.world, scene.lena, first, line1=Answer.DECLINED)
    scene.offer(scene.elm)
    stream = row(scene.world, Stream, scene.stream)
    assert (stream.organisation_id, stream.payee_name, stream.account_id) == (scene.elm, "Elm House", None)


def test_money_under_an_agreement_does_not_move_to_another_organisation(scene: Scene) -> None:
    arranging.arranged(scene.world, scene.case, scene.larch, scene.lena)
    entry = arrangements.OfferEntry(scene.elm, TERMS)
    act = lambda uow: arrangements.send_offer(uow, scene.stream, entry)  # noqa: E731
    assert "another organisation is in force" in refused(scene.world, scene.world.cm, act)


def test_a_fee_above_the_usual_is_seen_by_nobody_outside_until_an_approver_agrees(scene: Scene) -> None:
    """domain.md §9.5: the one who makes the offer is not the one who approves its fee."""
    world = scene.world
    offer = scene.offer(terms=replace(TERMS, fee_bp=501))
    assert scene.status(offer) == "FEE_WAITS"
    with world.unit(scene.lena, writes=False) as uow, pytest.raises(NotFound):
        uow.find(IsfConfirmation, offer)
    assert "Only an approver" in refused(world, world.cm, lambda uow: arrangements.approve_fee(uow, offer))
    both = replace(world.cm, role=Role.APPROVER)
    assert "You made this offer" in refused(world, both, lambda uow: arrangements.approve_fee(uow, offer))
    world.do(world.approver, lambda uow: arrangements.approve_fee(uow, offer), on=TODAY + timedelta(days=2))
    found = row(world, IsfConfirmation, offer)
    assert (found.status, found.expires_on) == ("SENT", date(2026, 4, 17))


def test_a_fee_that_is_turned_down_withdraws_the_offer_and_tells_the_case_manager(scene: Scene) -> None:
    offer = scene.offer(terms=replace(TERMS, fee_bp=1500))
    scene.world.do(scene.world.approver, lambda uow: arrangements.turn_down_fee(uow, offer))
    assert scene.status(offer) == "WITHDRAWN"
    assert rows(scene.world, Task)[-1].sentence.startswith("An approver turned down the fee of Larch Care CIC")


def advises(scene: Scene, role: Acting) -> acting.ActingEntry:
    """The organisation as the person's broker or advocate; its code is the one the directory has."""
    scene.world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Organisation, scene.larch), ods_code="LARCH1"))
    return acting.ActingEntry(role, "Larch Care CIC", Relation.ORGANISATION, organisation_code="LARCH1")


@pytest.mark.parametrize("role", [Acting.BROKER, Acting.ADVOCATE])
def test_an_organisation_is_not_offered_the_money_of_a_person_it_advises(scene: Scene, role: Acting) -> None:
    """domain.md §2.3; once it advises no longer, it may hold the money."""
    world, helps = scene.world, advises(scene, role)
    part = world.do(world.cm, lambda uow: acting.propose(uow, scene.case.person_id, helps))
    entry = arrangements.OfferEntry(scene.larch, TERMS)
    act = lambda uow: arrangements.send_offer(uow, scene.stream, entry)  # noqa: E731
    assert "independent broker or advocate" in refused(world, world.cm, act)
    world.do(world.cm, lambda uow: acting.end(uow, part, "Somebody else advises now"))
    assert world.do(world.cm, act)


@pytest.mark.parametrize("role", [Acting.BROKER, Acting.ADVOCATE])
def test_an_organisation_that_was_offered_the_money_does_not_begin_to_advise(scene: Scene, role: Acting) -> None:
    """domain.md §2.3, the other way about."""
    world, helps = scene.world, advises(scene, role)
    offer = scene.offer()
    act = lambda uow: acting.propose(uow, scene.case.person_id, helps)  # noqa: E731
    assert "independent broker or advocate" in refused(world, world.cm, act)
    world.do(world.cm, lambda uow: arrangements.withdraw_offer(uow, offer))
    assert world.do(world.cm, act)


def test_whoever_advises_a_person_is_not_merged_with_whoever_holds_their_money(scene: Scene) -> None:
    """domain.md §2.3: a merger is no way round; once one of the two ends, it is made."""
    world = scene.world
    scene.offer()
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Organisation, scene.elm), ods_code="ELM1"))
    advises = acting.ActingEntry(Acting.ADVOCATE, "Elm House", Relation.ORGANISATION, organisation_code="ELM1")
    part = world.do(world.cm, lambda uow: acting.propose(uow, scene.case.person_id, advises))
    values = {"on": world.today, "reason": "One office"}
    act = lambda uow: provider_merge.merge_provider(uow, scene.larch, scene.elm, values)  # noqa: E731
    assert "advises somebody whose money the other holds" in refused(world, world.admin, act)
    world.do(world.cm, lambda uow: acting.end(uow, part, "Somebody else advises now"))
    assert world.do(world.admin, act)


@pytest.mark.parametrize("who", ["finance", "clinician", "approver", "auditor", "admin", "other_cm"])
def test_only_a_case_manager_of_the_board_makes_an_offer(scene: Scene, who: str) -> None:
    entry = arrangements.OfferEntry(scene.larch, TERMS)
    said = refused(scene.world, scene.world.actors[who], lambda uow: arrangements.send_offer(uow, scene.stream, entry))
    assert said in ("Only a case manager can do this.", "We could not find that.")


# The answers ----------------------------------------------------------------------------------------------------------


def test_answers_are_kept_unsent_and_only_the_organisation_reads_them(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    some = isf_answers.AnswersEntry(
        "Manager", {1: LineAnswer(Answer.ACCEPTED), 3: LineAnswer(Answer.QUERIED, "Nights?")}
    )
    for _again in range(2):
        world.do(scene.lena, lambda uow: isf_answers.save_answers(uow, offer, some))
    assert len(rows(world, IsfAnswer)) == 2, "the same answer again is not another"
    for who, sees in ((scene.lena, {"1": "ACCEPTED", "3": "QUERIED"}), (world.cm, {}), (scene.holder, {})):
        with world.unit(who, writes=False) as uow:
            found = arrangement_of(uow.session, uow.actor, uow.today, scene.stream)
        assert found is not None
        assert {line.number: line.answer for line in found.view.lines if line.answer} == sees
    assert "Line 2" in refused(world, scene.lena, lambda uow: isf_answers.send_answers(uow, offer, some))


def test_changes_go_back_to_the_case_manager_who_sends_another_round(scene: Scene) -> None:
    world, first = scene.world, scene.offer()
    assert arranging.answer(world, scene.lena, first, line3=Answer.QUERIED) is IsfStatus.CONFIRMED_WITH_CHANGES
    waiting = rows(world, Task)[-1]
    assert waiting.sentence == "Larch Care CIC asked for changes. Change the offer and send it."
    assert "asked for changes" in scene.pay_refused()
    second = scene.offer(terms=replace(TERMS, hourly_pence=2800))
    assert (scene.status(first), scene.status(second)) == ("REPLACED", "SENT")
    assert row(world, IsfConfirmation, first).hourly_pence == 2650, "the first round stays as it was sent"
    assert row(world, Task, waiting.id).done_at is not None
    assert arranging.answer(world, scene.lena, second) is IsfStatus.CONFIRMED
    assert rows(world, Agreement)[0].confirmation_id == second


def test_i31_an_organisation_that_declines_sees_the_person_no_longer(scene: Scene) -> None:
    offer = scene.offer()
    assert arranging.answer(scene.world, scene.lena, offer, line1=Answer.DECLINED) is IsfStatus.DECLINED
    for table, row_id in ((IsfConfirmation, offer), (Stream, scene.stream)):
        with scene.world.unit(scene.lena, writes=False) as uow, pytest.raises(NotFound):
            uow.find(table, row_id)
    assert rows(scene.world, Agreement) == []


def test_refusal_13_another_provider_s_arrangement_is_not_found(scene: Scene) -> None:
    """domain.md §10.1 no. 13: by its address, to answer, to sign: it reads like one that is not there."""
    world, offer = scene.world, scene.offer()
    entry = isf_answers.AnswersEntry("Manager", arranging.answers())
    assert "could not find" in refused(world, scene.edie, lambda uow: isf_answers.send_answers(uow, offer, entry))
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    assert "could not find" in refused(world, scene.edie, lambda uow: agreements.sign_agreement(uow, agreement))
    with world.unit(scene.edie, writes=False) as uow:
        assert arrangement_of(uow.session, uow.actor, uow.today, scene.stream) is None


def test_whoever_made_the_offer_neither_answers_it_nor_signs_for_anybody(scene: Scene) -> None:
    """Blocked by who somebody is, whatever role they act in."""
    world, offer = scene.world, scene.offer()
    both = replace(scene.lena, user_id=world.cm.user_id)
    entry = isf_answers.AnswersEntry("Manager", arranging.answers())
    assert "You made this offer" in refused(world, both, lambda uow: isf_answers.send_answers(uow, offer, entry))
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    for who in (both, replace(world.cm, role=Role.APPROVER)):
        assert "You made this offer" in refused(world, who, lambda uow: agreements.sign_agreement(uow, agreement))


def test_nobody_signs_for_two_parties(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    arranging.sign(world, scene.lena, agreement)
    both = replace(world.approver, user_id=scene.lena.user_id)
    assert "Somebody else must sign" in refused(world, both, lambda uow: agreements.sign_agreement(uow, agreement))


def test_a_person_who_lacks_capacity_is_signed_for_by_a_representative(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Person, scene.case.person_id), lacks_capacity=True)
    assert "representative must sign" in refused(
        world, scene.holder, lambda uow: agreements.sign_agreement(uow, agreement)
    )
    arranging.sign_on_paper(world, agreement, representative=True)
    assert rows(world, Signature)[0].signer_role == "representative"


def test_a_changed_offer_leaves_the_agreement_in_force_until_the_new_one_is(scene: Scene) -> None:
    world = scene.world
    first = arranging.arranged(world, scene.case, scene.larch, scene.lena)
    world.do(world.finance, scene.recording, on=START)
    offer = scene.offer(terms=replace(TERMS, hourly_pence=2800))
    assert row(world, Agreement, first).status == "IN_FORCE"
    arranging.answer(world, scene.lena, offer)
    second = arranging.agreement(world, offer)
    for who in (scene.lena, world.approver, scene.holder):
        arranging.sign(world, who, second)
    assert [row(world, Agreement, one).status for one in (first, second)] == ["REPLACED", "IN_FORCE"]


# Two at once ----------------------------------------------------------------------------------------------------------


def test_two_colleagues_who_answer_at_once_make_one_outcome_and_one_agreement(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    colleague = arranging.somebody_of(world, scene.larch, "Lou Larch")
    entry = isf_answers.AnswersEntry("Manager", arranging.answers())
    send = lambda uow: isf_answers.send_answers(uow, offer, entry)  # noqa: E731
    said = one_wins(at_once(world, (scene.lena, send), (colleague, send), on=TODAY))
    assert "can no longer be answered" in said
    assert (len(rows(world, Agreement)), len(rows(world, IsfAnswer))) == (1, 12)


def test_the_last_two_signatures_at_once_put_the_agreement_into_force(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    arranging.sign_on_paper(world, agreement)
    sign = lambda uow: agreements.sign_agreement(uow, agreement)  # noqa: E731
    assert at_once(world, (scene.lena, sign), (world.approver, sign), on=TODAY) == [None, None]
    assert row(world, Agreement, agreement).status == "IN_FORCE"
    assert len(rows(world, Signature)) == 3


def test_two_approvers_who_sign_at_once_sign_once(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    sign = lambda uow: agreements.sign_agreement(uow, agreement)  # noqa: E731
    said = one_wins(at_once(world, (world.approver, sign), (world.approver2, sign), on=TODAY))
    assert "signed for that party already" in said


# Fourteen days --------------------------------------------------------------------------------------------------------


def test_the_night_reminds_once_and_ends_an_offer_once(scene: Scene) -> None:
    world, offer = scene.world, scene.offer()

    def night(day: date) -> list[str]:
        tick.tick(world.engine, now=at(day, 2))
        return [task.kind for task in rows(world, Task) if task.done_at is None]

    assert night(date(2026, 4, 11)) == []
    assert [night(date(2026, 4, 12)) for _twice in range(2)] == [["isf_ends_soon"]] * 2
    assert night(date(2026, 4, 15)) == ["isf_ends_soon"], "the last day is the organisation's still"
    assert scene.status(offer) == "SENT"
    assert [night(date(2026, 4, 16)) for _twice in range(2)] == [["isf_expired"]] * 2
    assert scene.status(offer) == "EXPIRED"
    entry = isf_answers.AnswersEntry("Manager", arranging.answers())
    late = date(2026, 4, 16)
    assert "could not find" in refused(
        world, scene.lena, lambda uow: isf_answers.send_answers(uow, offer, entry), on=late
    )
    scene.offer(on=late)
    assert [task.kind for task in rows(world, Task) if task.done_at is None] == []


def test_an_answered_offer_does_not_run_out(scene: Scene) -> None:
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    tick.tick(scene.world.engine, now=at(date(2026, 5, 30), 2))
    assert scene.status(offer) == "CONFIRMED"


# The organisation's people --------------------------------------------------------------------------------------------


def test_the_first_person_is_invited_by_the_board_and_the_others_by_their_own(scene: Scene) -> None:
    world = scene.world
    new = arranging.organisation(world, "Quill Trust")

    def first(uow: Any, key: str = "one") -> str:
        return organisation_users.invite_first(uow, new, PersonToInvite("Quentin Quill", "q@example.org"), key=key)

    code = world.do(world.cm, first)
    assert world.do(world.cm, first) == "", "a second press makes no second code"
    other = world.actors["other_cm"]
    assert "has a code that still works" in refused(world, other, lambda uow: first(uow, "two"))
    lost, code = code, world.do(world.admin, lambda uow: first(uow, "three"))
    with world.unit(SYSTEM) as uow, pytest.raises(users.Unknown):  # the same board made it anew
        users.open_invitation(uow.session, lost, uow.now)
    claims = users.ProviderClaims("development", "https://idp", "quentin", "Quentin Quill")
    with world.unit(world.cm) as uow:
        invitation = users.open_invitation(uow.session, code, uow.now)
        user_id, _identity = users.find_or_bind(uow.session, claims, uow.now, invitation_id=invitation)
    (assignment,) = rows(world, Assignment, user_id=user_id)
    assert (assignment.role, assignment.organisation_id, assignment.icb_id) == ("PROVIDER", new, None)
    quentin = Actor(Role.PROVIDER, user_id=user_id, display_name="Quentin Quill", organisation_id=new)
    for who in (world.cm, other, world.admin):
        assert "signs in for this organisation already" in refused(world, who, lambda uow: first(uow, "four"))
    entry = PersonToInvite("Quince Quill")
    assert world.do(quentin, lambda uow: organisation_users.invite_colleague(uow, entry, key="three"))


def test_a_provider_ends_a_colleague_s_sign_in_and_nobody_else_s(scene: Scene) -> None:
    world = scene.world
    colleague = arranging.somebody_of(world, scene.larch, "Lou Larch")
    assert colleague.assignment_id is not None
    end = lambda uow: organisation_users.end_colleague(uow, colleague.assignment_id)  # noqa: E731
    assert "could not find" in refused(world, scene.edie, end)
    assert "Ask a colleague" in refused(world, colleague, end)
    assert "Only a provider" in refused(world, world.cm, end)
    world.do(scene.lena, end)
    assert row(world, Assignment, colleague.assignment_id).revoked_at is not None
    assert "ended already" in refused(world, scene.lena, end)


def test_whoever_is_ended_is_signed_out_and_keeps_no_code_to_come_back_with(scene: Scene) -> None:
    world = scene.world
    leaver = arranging.somebody_of(world, scene.larch, "Lou Larch")
    session_of(world, leaver, "lou")
    code = world.do(
        leaver, lambda uow: organisation_users.invite_colleague(uow, PersonToInvite("A friend"), key="friend")
    )
    world.do(scene.lena, lambda uow: organisation_users.end_colleague(uow, leaver.assignment_id))
    assert rows(world, SignInSession, handle="lou")[0].revoked_at is not None
    with pytest.raises(users.Unknown), world.unit(SYSTEM) as uow:
        users.open_invitation(uow.session, code, uow.now)
    with world.unit(scene.lena, writes=False) as uow:
        assert [one.name for one in colleagues(uow.session, uow.actor, uow.now)] == ["Lena Larch"]


def test_an_organisation_takes_back_its_own_code_and_nobody_else_s(scene: Scene) -> None:
    world = scene.world
    code = world.do(
        scene.lena, lambda uow: organisation_users.invite_colleague(uow, PersonToInvite("Mis Sent"), key="k")
    )
    (invitation,) = rows(world, Invitation, organisation_id=scene.larch)
    take_back = lambda uow: organisation_users.withdraw_colleague(uow, invitation.id)  # noqa: E731
    assert "could not find" in refused(world, scene.edie, take_back)
    assert "Only a provider" in refused(world, world.cm, take_back)
    world.do(scene.lena, take_back)
    with pytest.raises(users.Unknown), world.unit(SYSTEM) as uow:
        users.open_invitation(uow.session, code, uow.now)


def test_a_form_sent_again_for_another_organisation_is_refused_and_not_quietly_passed_over(scene: Scene) -> None:
    world = scene.world
    one, other = (arranging.organisation(world, name) for name in ("Quill Trust", "Rowan Trust"))
    entry = PersonToInvite("Quentin Quill")
    assert world.do(world.cm, lambda uow: organisation_users.invite_first(uow, one, entry, key="same"))
    said = refused(world, world.cm, lambda uow: organisation_users.invite_first(uow, other, entry, key="same"))
    assert "already sent with other answers" in said


def test_a_code_that_was_taken_back_or_is_to_act_for_somebody_does_not_keep_an_organisation_out(scene: Scene) -> None:
    world = scene.world
    new = arranging.organisation(world, "Quill Trust")
    with world.unit(SYSTEM) as uow:
        for role, withdrawn_at in (("PROVIDER", uow.now), ("NOMINEE", None)):
            uow.add(Invitation, code_hash=role, role=role, organisation_id=new, display_name="Q",
                    expires_at=at(date(2026, 4, 20)), withdrawn_at=withdrawn_at)  # fmt: skip
    entry = PersonToInvite("Quentin Quill")
    assert world.do(world.cm, lambda uow: organisation_users.invite_first(uow, new, entry, key="k"))


def test_whoever_records_the_person_s_paper_does_not_sign_for_the_board_in_another_role(scene: Scene) -> None:
    """One human would otherwise be two of the three parties by changing roles between two pages."""
    world = scene.world
    offer = scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    entry = agreements.PaperEntry("Amina Okafor-Reyes", False, TODAY, "In the file")
    recorder = world.actors["cm2"]
    world.do(recorder, lambda uow: agreements.record_paper_signature(uow, agreement, entry))
    herself = replace(recorder, role=Role.APPROVER)
    said = refused(world, herself, lambda uow: agreements.sign_agreement(uow, agreement))
    assert "Somebody else must sign" in said
    arranging.sign(world, world.approver, agreement)


def test_whoever_signed_for_the_board_does_not_record_the_person_s_paper_either(scene: Scene) -> None:
    world = scene.world
    offer = scene.offer()
    arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer)
    arranging.sign(world, world.approver, agreement)
    entry = agreements.PaperEntry("Amina Okafor-Reyes", False, TODAY, "In the file")
    herself = replace(world.approver, role=Role.CASE_MANAGER)
    said = refused(world, herself, lambda uow: agreements.record_paper_signature(uow, agreement, entry))
    assert "Somebody else must sign" in said


@pytest.mark.parametrize(
    ("lost", "words"), [("plan", "plan has been replaced"), ("stream", "has ended"), ("person", "has died")]
)
@pytest.mark.parametrize("at_signing", [False, True], ids=["answering", "signing"])
def test_what_has_lost_its_ground_is_neither_answered_nor_signed(
    scene: Scene, lost: str, words: str, at_signing: bool
) -> None:
    world = scene.world
    offer = scene.offer()
    if at_signing:
        arranging.answer(world, scene.lena, offer)
    agreement = arranging.agreement(world, offer) if at_signing else None
    with world.unit(SYSTEM) as uow:
        match lost:
            case "plan":
                uow.change(uow.session.get_one(Plan, scene.case.plan_id), status=PlanStatus.SUPERSEDED.value)
            case "stream":
                uow.change(uow.session.get_one(Stream, scene.stream), status=StreamStatus.CLOSED.value)
            case _:
                uow.change(uow.session.get_one(Person, scene.case.person_id), died_on=TODAY)
    entry = isf_answers.AnswersEntry("Manager", arranging.answers())
    if agreement is None:
        said = refused(world, scene.lena, lambda uow: isf_answers.send_answers(uow, offer, entry))
    else:
        said = refused(world, scene.lena, lambda uow: agreements.sign_agreement(uow, agreement))
    assert words in said


def test_an_organisation_is_in_the_history_of_the_board_it_answers(scene: Scene) -> None:
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    with scene.world.unit(scene.world.cm, writes=False) as uow:
        told = [one.sentence for one in history_page(uow.session, uow.actor, uow.today, phb_id=scene.case.phb_id).rows]
    assert "Answered for Larch Care CIC (round 1): every line is accepted." in told


def test_the_agreement_is_made_from_the_board_s_own_template_with_the_twelve_lines(scene: Scene) -> None:
    """Its version and the day its law was checked are kept with it, and it can be signed as any other."""
    with scene.world.unit(scene.world.admin) as uow:
        uow.add(
            DocumentTemplate, icb_id=scene.world.icb, code="ISF_AGREEMENT", kind="AGREEMENT", version=2,
            title="Our three-party agreement", search_title="our three-party agreement",
            body="{organisation_name} holds {weekly_amount} a week for {person_name}.", law_as_of=date(2026, 2, 1),
            status="IN_USE",
        )  # fmt: skip
    offer = scene.offer()
    arranging.answer(scene.world, scene.lena, offer)
    made = row(scene.world, Agreement, arranging.agreement(scene.world, offer))
    assert (made.template_version, made.law_as_of) == ("ISF_AGREEMENT 2", date(2026, 2, 1))
    assert "# Our three-party agreement\nLarch Care CIC holds £900.00 a week for Amina Okafor-Reyes." in made.content
    assert "An hour of support costs £26.50, all in" in made.content
    arranging.sign(scene.world, scene.lena, made.id)
