"""Pages of decisions over the socket of the served portal: prepared, approved, read, not agreed with, answered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlmodel import col

from phbportal import routes
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.pages.acting.acting_for_decisions import ActingDecisionsState, ActingDecisionState
from phbportal.pages.holder.my_decisions import MyDecisionsState, MyDecisionState
from phbportal.pages.staff.decision import DecisionState
from phbportal.pages.staff.decision_forms import AnswerState, AskedState, ChangeDecisionState, NewDecisionState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.work import WorkState
from phbportal.services.phbs import phb_by_reference
from phbportal.tables.acting import PersonRole
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.letters import Letter
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User
from tests.pages.opening import Opened, opened
from tests.services.deciding import REASONS, issued, reduce
from tests.support import journey
from tests.support.journey import StreamPlan
from tests.support.portal import Portal

WHY = "I manage my money well and nobody asked me."
ANSWER = "We did not speak with you first. We should have, and now we have."


def new(portal: Portal, reference: str, **query: str) -> Opened:
    return opened(portal, "cm", NewDecisionState, routes.STAFF_PHB_DECIDE, phb=reference, **query)


def on_page(portal: Portal, subject: str, state: Any, path: str, decision: Decision) -> Opened:
    return opened(portal, subject, state, path, decision=str(decision.id))


def decision_of(portal: Portal, reference: str) -> Decision:
    with portal.world.unit(portal.world.cm, writes=False) as uow:
        phb = phb_by_reference(uow, reference)
    return portal.rows(Decision, col(Decision.phb_id) == phb.id)[-1]


def status(portal: Portal, reference: str) -> str:
    return portal.rows(Phb, col(Phb.reference) == reference)[0].status


def test_a_refusal_goes_from_the_case_manager_to_the_holder_and_back_and_is_reversed(portal: Portal) -> None:
    reference = portal.budgets["own"]
    before = status(portal, reference)
    assert opened(portal, "cm", PhbState, routes.STAFF_PHB, phb=reference).var("decide_href")
    form = new(portal, reference, kind="REFUSE_PHB")
    assert [one["value"] for one in form.var("grounds")] == ["NOT_ELIGIBLE", "NOT_APPROPRIATE", "NOT_LOCAL_OFFER"]
    refused = form.submit("save", ground="", reasons="No.")
    assert set(form.after(refused, "errors")) == {"ground", "reasons"}
    form.submit("save", ground="NOT_APPROPRIATE", reasons=REASONS)
    made = decision_of(portal, reference)
    assert made.status == "PREPARED"
    assert opened(portal, "holder", MyDecisionsState, routes.MY_DECISIONS).var("found") == []

    work = opened(portal, "approver", WorkState, routes.STAFF)
    assert work.frames.says("Refuse a personal health budget: Amina Okafor-Reyes")
    page = on_page(portal, "approver", DecisionState, routes.STAFF_DECISION, made)
    assert REASONS in " ".join(page.var("draft_lines"))
    assert page.var("may_approve")
    page.submit("approve")
    assert status(portal, reference) == "REFUSED"

    mine = opened(portal, "holder", MyDecisionsState, routes.MY_DECISIONS)
    assert mine.frames.says("We have decided not to give you a personal health budget.")
    one = opened(portal, "holder", MyDecisionState, routes.MY_DECISION, decision=str(made.id))
    assert one.frames.says("We answer in writing within 28 days, with our reasons.")
    assert one.frames.says(REASONS)
    refused = one.submit("ask", words="")
    assert one.after(refused, "errors") == {"words": "Tell us why you do not agree."}
    asked = one.submit("ask", words=WHY)
    assert one.after(asked, "notice") == "You have asked us to look at this decision again."
    assert one.after(asked, "one")["may_ask"] is False

    page = on_page(portal, "approver", DecisionState, routes.STAFF_DECISION, made)
    assert page.var("answer_href") == ""
    assert page.var("why_not_answer").startswith("You had a part in this decision")
    assert opened(portal, "approver2", WorkState, routes.STAFF).frames.says("Answer: refuse a personal health budget")
    answer = on_page(portal, "approver2", AnswerState, routes.STAFF_DECISION_ANSWER, made)
    assert answer.var("words") == WHY
    answer.submit("save", outcome="REVERSED", reasons=ANSWER)
    assert status(portal, reference) == before
    one = opened(portal, "holder", MyDecisionState, routes.MY_DECISION, decision=str(made.id))
    assert one.frames.says("It was wrong, and does not count any more.")
    assert one.frames.says(ANSWER)


def test_a_letter_is_read_as_a_page_and_kept_as_a_document_by_whoever_may(portal: Portal) -> None:
    letter = portal.rows(Letter)[0]
    holder = portal.signed_in("holder")
    page = holder.get(routes.letter(letter.id))
    assert page.status_code == 200
    assert f'<h1 class="nhsuk-heading-l">{letter.title}</h1>' in page.text
    assert REASONS in page.text
    pdf = holder.get(routes.letter(letter.id, pdf=True))
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF-1.7")
    for stranger in ("other_cm", "provider", "nominee", "admin"):
        assert portal.signed_in(stranger).get(routes.letter(letter.id)).status_code in (403, 404), stranger
    assert portal.browser().get(routes.letter(letter.id)).status_code == 403


def test_a_returned_decision_is_changed_with_what_was_written_and_withdrawn(portal: Portal) -> None:
    reference = portal.budgets["second"]
    form = new(portal, reference, kind="OMIT_SERVICE")
    refused = form.submit("save", subject="", reasons=REASONS)
    assert form.after(refused, "problems")[0]["sentence"].startswith("Say what, or who, this is about")
    form.submit("save", subject="A holiday abroad", reasons=REASONS)
    made = decision_of(portal, reference)
    page = on_page(portal, "approver", DecisionState, routes.STAFF_DECISION, made)
    refused = page.submit("send_back", reason="")
    assert set(page.after(refused, "errors")) == {"reason"}
    page.submit("send_back", reason="Say what else was thought of.")
    assert opened(portal, "cm", WorkState, routes.STAFF).frames.says("Returned: Say what else was thought of.")
    change = on_page(portal, "cm", ChangeDecisionState, routes.STAFF_DECISION_CHANGE, made)
    assert change.var("typed")["subject"] == "A holiday abroad"
    change.submit("save", subject="A holiday abroad", reasons=REASONS + " We thought of day trips.")
    assert decision_of(portal, reference).status == "PREPARED"
    on_page(portal, "cm", DecisionState, routes.STAFF_DECISION, made).send("withdraw")
    assert decision_of(portal, reference).status == "WITHDRAWN"


def test_a_kind_must_be_chosen(portal: Portal) -> None:
    form = new(portal, portal.budgets["second"])
    refused = form.submit("choose")
    assert form.after(refused, "errors") == {"kind": "Choose what is decided."}


def test_staff_record_what_was_said_by_telephone(portal: Portal) -> None:
    made = decision_of(portal, portal.budgets["own"])
    assert made.status == "REVERSED"
    page = on_page(portal, "cm", AskedState, routes.STAFF_DECISION_ASKED, made)
    refused = page.submit("save", asker="HOLDER")
    assert set(page.after(refused, "errors")) == {"name", "how", "asked_on", "words"}


def test_a_nominee_reads_what_is_decided_about_their_money_and_asks_again(portal: Portal) -> None:
    world = portal.world
    person = journey.add_person(world, number=journey.NUMBERS[5], names=("Ada", "Paid"))
    part = journey.nominee(world, person)
    user = portal.rows(User, col(User.display_name) == f"Sam {Role.NOMINEE.value.title()}")[0]
    portal.change(lambda uow: uow.change(uow.session.get_one(PersonRole, part), user_id=user.id))
    start = world.today + timedelta(days=14)
    case = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=start, payee=(PayeeKind.NOMINEE, part)),
        person_id=person,
    )  # fmt: skip
    later: date = world.today + timedelta(days=28)
    made = issued(world, case, reduce(case.streams[0], 60_000, later))
    page = opened(portal, "nominee", ActingDecisionsState, routes.ACTING_FOR_DECISIONS, part=str(part))
    assert page.frames.says("to reduce Ada Paid’s direct payment from £650.00 a week to £600.00 a week")
    one = opened(portal, "nominee", ActingDecisionState, routes.ACTING_FOR_DECISION, part=str(part), decision=str(made))
    one.submit("ask", words=WHY)
    (asked,) = portal.rows(Reconsideration, col(Reconsideration.decision_id) == made)
    assert (asked.asker, asked.words) == ("NOMINEE", WHY)
    (letter,) = [one for one in portal.rows(Letter, col(Letter.decision_id) == made) if one.part_id == part]
    assert portal.signed_in("nominee").get(routes.letter(letter.id)).status_code == 200
