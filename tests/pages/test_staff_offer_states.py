"""The pages on the way to a plan and to a signed agreement, over the socket of the really served portal."""

from __future__ import annotations

from typing import Any

from sqlmodel import col

from phbportal import routes
from phbportal.domain.phbs import PhbKind
from phbportal.domain.streams import Method, PayeeKind
from phbportal.pages.acting.acting_for_offer import ActingOfferState
from phbportal.pages.acting.acting_for_payee_agreement import ActingPayeeAgreementState
from phbportal.pages.holder.my_budget import MyBudgetState
from phbportal.pages.holder.my_offer import MyOfferState
from phbportal.pages.holder.my_payee_agreement import MyPayeeAgreementState
from phbportal.pages.staff.payee_agreement import PayeeAgreementState, PayeePaperState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.phb_offers import BudgetAnswerState, BudgetOfferState, IndicativeState, ShownState
from phbportal.pages.staff.plan import PlanState
from phbportal.pages.staff.plan_check import CheckMoneyState
from phbportal.pages.staff.plan_decisions import ApprovalState
from phbportal.services import budget_offers, eligibility, phbs
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.path import BudgetOffer, IndicativeBudget
from phbportal.tables.payee_agreements import PayeeSignature
from phbportal.tables.phbs import Phb
from tests.pages.opening import Opened, opened
from tests.pages.test_acting_states import given_to
from tests.pages.test_staff_phb_states import a_draft, day, new_person, sentences
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.portal import Portal


def show(portal: Portal, who: str, state: Any, route: str, reference: str, **query: str) -> Opened:
    return opened(portal, who, state, route, phb=reference, **query)


def referred(portal: Portal, family: str) -> str:
    """A budget somebody has asked for, and nobody has offered."""
    return _opened(portal, new_person(portal, family))


def _opened(portal: Portal, person: Any) -> str:
    world = portal.world
    entry = eligibility.EligibilityEntry(eligibility.Cohort.LTC, world.today, world.today)

    def act(uow: UnitOfWork) -> str:
        right = eligibility.record_eligibility(uow, person, entry)
        return phbs.open_phb(uow, person, phbs.PhbEntry(right, PhbKind.ONE_OFF))

    return world.do(world.cm, act)


def status(portal: Portal, reference: str) -> str:
    return portal.rows(Phb, col(Phb.reference) == reference)[0].status


def test_from_referral_to_planning_page_by_page(portal: Portal) -> None:
    reference, today = referred(portal, "Pathway"), portal.world.today
    budget = show(portal, "cm", PhbState, routes.STAFF_PHB, reference)
    assert [act["label"] for act in budget.var("first_act")] == ["Record the offer"]
    assert budget.var("track")["turn"].startswith("It is the case manager’s turn.")

    offer = show(portal, "cm", BudgetOfferState, routes.STAFF_PHB_OFFER, reference)
    assert set(offer.after(offer.submit("save"), "errors")) == {"offered_on", "how"}
    alone = offer.submit("save", how="LETTER", **day("offered_on", today))
    assert set(offer.after(alone, "errors")) == {"information_given", "advocacy_offered"}
    whole = {"how": "LETTER", "information_given": "on", "advocacy_offered": "on", **day("offered_on", today)}
    for _ in range(2):  # sent twice, recorded once
        assert offer.submit("save", **whole).redirects[0].endswith("done=budget-offered")
    assert status(portal, reference) == "OFFERED"

    answer = show(portal, "cm", BudgetAnswerState, routes.STAFF_PHB_ANSWER, reference)
    assert set(answer.after(answer.submit("save"), "errors")) == {"answer", "answered_on", "by"}
    said = {"answer": "ACCEPTED", "by": "PERSON", **day("answered_on", today)}
    assert answer.submit("save", **said).redirects[0].endswith("done=answered")

    budget = show(portal, "cm", PhbState, routes.STAFF_PHB, reference)
    assert budget.var("may_assess") is True
    assert budget.send("assess").redirects[0].endswith("done=assessing")

    amount = show(portal, "finance", IndicativeState, routes.STAFF_PHB_INDICATIVE, reference)
    assert set(amount.after(amount.submit("save"), "errors")) == {"weekly", "tool", "inputs", "worked_out_on"}
    worked = {"weekly": "650", "one_off": "", "tool": "POINTS", "inputs": "130 points", **day("worked_out_on", today)}
    assert amount.submit("save", **worked).redirects[0].endswith("done=indicative")

    plan = show(portal, "cm", PlanState, routes.STAFF_PHB_PLAN, reference)
    assert "Show the indicative budget to the person" in sentences(plan, plan.send("start"))[0]
    shown = show(portal, "cm", ShownState, routes.STAFF_PHB_SHOWN, reference)
    assert shown.var("indicative")["amount"] == "£650.00 a week"
    told = {"to": "PERSON", **day("shown_on", today)}
    assert set(shown.after(shown.submit("save", **told), "errors")) == {"choices_explained", "spending_explained"}
    told |= {"choices_explained": "on", "spending_explained": "on"}
    assert shown.submit("save", **told).redirects[0].endswith("done=shown")
    assert plan.send("start").redirects
    assert status(portal, reference) == "PLANNING"
    path = show(portal, "auditor", PhbState, routes.STAFF_PHB, reference).var("path")
    assert [row["answer"] for row in path["offers"]] == ["Accepted"]
    assert path["indicative"]["inputs"] == "130 points"
    assert len(portal.rows(IndicativeBudget)) >= 1


def test_finance_checks_and_the_approver_sees_it_with_the_six_features(portal: Portal) -> None:
    case = a_draft(portal, "Checked", StreamPlan(Method.NOTIONAL, 70_000, starts_on=portal.world.today))
    journey.submit(portal.world, case)
    journey.clinically_sign(portal.world, case)
    early = show(portal, "approver", ApprovalState, routes.STAFF_PLAN_APPROVE, case.reference)
    assert early.var("may_decide") is False
    assert [one["status"] for one in early.var("features")] == ["Yes", "Yes", "Yes", "Not yet", "Yes", "Yes"]
    check = show(portal, "finance", CheckMoneyState, routes.STAFF_PLAN_CHECK, case.reference)
    assert check.var("may_decide") is True
    assert set(check.after(check.submit("check"), "errors")) == {"funding", "rates", "full_cost", "note"}
    ticked = {"funding": "on", "rates": "on", "full_cost": "on", "note": "All of it is there."}
    assert check.submit("check", **ticked).redirects[0].endswith("done=checked")
    page = show(portal, "approver", ApprovalState, routes.STAFF_PLAN_APPROVE, case.reference)
    assert page.var("may_decide") is True
    assert page.var("checks")[0].startswith("Money checked by Finance on ")
    assert {one["status"] for one in page.var("features")} == {"Yes"}


def test_an_agreement_is_made_signed_on_paper_and_for_the_board(portal: Portal) -> None:
    case = a_draft(portal, "Agreement", StreamPlan(Method.DIRECT_PAYMENT, 50_000, starts_on=portal.world.today))
    for act in (journey.submit, journey.sign_off, journey.approve):
        act(portal.world, case)
    stream = str(case.streams[0])
    page = show(portal, "cm", PayeeAgreementState, routes.STAFF_PAYEE_AGREEMENT, case.reference, stream=stream)
    assert (page.var("may_make"), page.var("may_sign"), page.var("agreement")["id"]) == (True, False, "")
    made = page.after(page.send("make"), "agreement")
    assert made["waits"] == "The person and the board"
    paper = show(portal, "cm", PayeePaperState, routes.STAFF_PAYEE_PAPER, case.reference, stream=stream)
    missing = paper.after(paper.submit("save"), "errors")
    assert set(missing) == {"signer", "signer_name", "signed_on", "evidence"}
    on = day("signed_on", portal.world.today)
    written = paper.submit("save", signer="person", signer_name="Ada Agreement", evidence="Case file", **on)
    assert written.redirects[0].endswith("done=paper")
    board = show(portal, "approver", PayeeAgreementState, routes.STAFF_PAYEE_AGREEMENT, case.reference, stream=stream)
    assert board.var("may_sign") is True
    assert "agreed" in board.after(board.submit("sign"), "errors")
    signed = board.after(board.submit("sign", agreed="on"), "agreement")
    assert (signed["status"], signed["waits"]) == ("Signed by everybody", "")


def test_a_holder_answers_the_offer_and_sees_whose_turn_it_is(portal: Portal) -> None:
    reference = _opened(portal, portal.people["own"])
    world = portal.world

    def offered(uow: UnitOfWork) -> None:
        entry = budget_offers.OfferEntry(world.today, budget_offers.OfferHow.LETTER)
        budget_offers.make_offer(uow, phb_by_reference(uow, reference).id, entry)

    world.do(world.cm, offered)
    budget = opened(portal, "holder", MyBudgetState, routes.MY_BUDGET)
    assert budget.var("offer") == reference
    (card,) = [one for one in budget.var("cards") if one["budget"]["reference"] == reference]
    assert card["track"]["turn"].startswith("It is your turn to answer the offer.")
    page = opened(portal, "holder", MyOfferState, routes.MY_OFFER)
    assert "answer" in page.after(page.submit("answer"), "errors")
    assert "reason" in page.after(page.submit("answer", answer="DECLINED", reason=""), "errors")
    done = page.submit("answer", answer="ACCEPTED", reason="")
    assert page.after(done, "notice") == "Your answer is sent to your team."
    assert status(portal, reference) == "ACCEPTED"
    found = portal.rows(BudgetOffer)[-1]
    assert (found.answer, found.answered_by) == ("ACCEPTED", "PERSON")
    assert opened(portal, "holder", MyOfferState, routes.MY_OFFER).var("offer")["phb"] == ""


def test_a_nominee_signs_for_themselves_and_answers_no_offer(portal: Portal) -> None:
    world = portal.world
    person = new_person(portal, "Signed")
    part = journey.nominee(world, person, name="Sig Nominee")
    plan = StreamPlan(Method.DIRECT_PAYMENT, 40_000, starts_on=world.today, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, plan, person_id=person)
    given_to(portal, part, "nominee")
    stream = str(case.streams[0])
    staff = show(portal, "cm", PayeeAgreementState, routes.STAFF_PAYEE_AGREEMENT, case.reference, stream=stream)
    staff.send("make")
    page = opened(portal, "nominee", ActingPayeeAgreementState, routes.ACTING_FOR_PAYEE_AGREEMENT, part=str(part))
    assert page.var("may_sign") is True
    signed = page.after(page.submit("sign", agreed="on"), "agreement")
    assert signed["waits"] == "The person and the board"
    assert {one.party for one in portal.rows(PayeeSignature, col(PayeeSignature.phb_id) == case.phb_id)} == {"NOMINEE"}
    nothing = opened(portal, "nominee", ActingOfferState, routes.ACTING_FOR_OFFER, part=str(part))
    assert nothing.var("missing") is True
    assert portal.rows(PersonRole, col(PersonRole.id) == part)[0].role == "NOMINEE"
    holder = opened(portal, "holder", MyPayeeAgreementState, routes.MY_PAYEE_AGREEMENT)
    assert holder.var("ready") is True
