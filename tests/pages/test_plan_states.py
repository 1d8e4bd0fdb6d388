"""Plans between people, over the socket of the really served portal: sections, an excuse, a draft, words, questions."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.admin.act_state import ActState
from phbportal.admin.form_state import FormState
from phbportal.pages.acting.acting_for_write import ActingWriteState
from phbportal.pages.holder.ask_first import AskFirstState
from phbportal.pages.holder.my_plan import MyPlanState
from phbportal.pages.holder.my_plan_acts import MyPlanCommentState, MyPlanSignState
from phbportal.pages.organisation.arrangements import ArrangementsState
from phbportal.pages.organisation.plan import OrganisationPlanState
from phbportal.pages.staff.plan import PlanState
from phbportal.pages.staff.plan_additions import ServiceState
from phbportal.pages.staff.plan_section import SectionState
from phbportal.services import plan_sharing, planners, plans
from phbportal.services.change_requests import approve
from phbportal.services.purchases import answer_question
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_parts import PlanSection
from phbportal.tables.plan_sharing import PlanComment, PlanInvitation
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.purchases import PurchaseQuestion
from tests.pages.opening import opened
from tests.support import arranging, journey
from tests.support.journey import Case
from tests.support.portal import Portal


def drafted(portal: Portal, family: str) -> Case:
    person = journey.add_person(portal.world, number=None, names=("Ann", family))
    return journey.draft(portal.world, person_id=person)


def test_a_section_is_written_and_shown_with_whoever_may_read_it(portal: Portal) -> None:
    case = drafted(portal, "Section")
    at = {"phb": case.reference, "section": "NEEDS"}
    page = opened(portal, "cm", SectionState, routes.STAFF_PLAN_SECTION, **at)
    assert (page.var("title"), page.var("own_title"), page.var("words")) == ("Needs", "What I need help with", "")
    assert page.after(page.submit("save", words="Nights."), "errors") == {"share": "Choose who else may read it."}
    saved = page.submit("save", words="Nights.", share="PROVIDER")
    assert saved.redirects == [f"{routes.staff_phb_plan(case.reference)}?done=section"]
    plan = opened(portal, "cm", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference)
    shown = {one["code"]: (one["words"], one["share"]) for one in plan.var("sections")}
    assert shown["NEEDS"] == ("Nights.", "The provider")
    assert shown["HEALTH"] == ("", "")
    again = opened(portal, "cm", SectionState, routes.STAFF_PLAN_SECTION, **at)
    assert (again.var("words"), again.var("share")) == ("Nights.", "PROVIDER")


@pytest.mark.parametrize("section", ["EDUCATION", "NO_SUCH", ""])
def test_a_section_this_plan_has_none_of_is_not_found(portal: Portal, section: str) -> None:
    case = drafted(portal, "Missing")
    page = opened(portal, "cm", SectionState, routes.STAFF_PLAN_SECTION, phb=case.reference, section=section)
    assert page.var("missing")


def test_finance_reads_the_money_of_a_plan_and_not_its_sections(portal: Portal) -> None:
    case = drafted(portal, "Money")
    page = opened(portal, "cm", SectionState, routes.STAFF_PLAN_SECTION, phb=case.reference, section="HEALTH")
    page.submit("save", words="Something about health.", share="ALL")
    plan = opened(portal, "finance", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference)
    assert not plan.frames.says("Something about health.")
    assert portal.rows(PlanSection, col(PlanSection.phb_id) == case.phb_id)


def test_what_looks_as_if_it_could_not_be_bought_asks_why_and_is_proposed(portal: Portal) -> None:
    case = drafted(portal, "Excuse")
    (outcome,) = portal.rows(Outcome, col(Outcome.plan_id) == case.plan_id)
    page = opened(portal, "cm", ServiceState, routes.STAFF_PLAN_SERVICE, phb=case.reference)
    entry = {"description": "Gel with alcohol", "outcome": str(outcome.id)}
    unsaid = page.submit("save", **entry)
    assert page.after(unsaid, "errors")["activity"] == "Say whether it is care that must be registered."
    entry["activity"] = "NONE"
    refused = page.submit("save", **entry)
    assert "(X01)" in page.after(refused, "errors")["description"]
    assert page.after(refused, "asks_why")
    said = page.submit("save", **entry, because="For hands, before each feed.")
    assert said.redirects == [f"{routes.staff_phb_plan(case.reference)}?done=excuse"]
    (request,) = portal.rows(ChangeRequest, col(ChangeRequest.phb_id) == case.phb_id)
    assert (request.status, request.decides) == ("PROPOSED", "RULE_EXCUSE")
    assert len(portal.rows(PlanService, col(PlanService.plan_id) == case.plan_id)) == 1


def test_regulated_care_names_a_registered_organisation_and_the_plan_says_so(portal: Portal) -> None:
    case = drafted(portal, "Bath")
    (outcome,) = portal.rows(Outcome, col(Outcome.plan_id) == case.plan_id)
    about = {"kind": "CARE_PROVIDER", "is_user_led": False}
    elm = arranging.organisation(portal.world, "Elmtree Help", **about)
    larch = arranging.organisation(
        portal.world, "Elmtree Care", cqc_location_id=f"1-{case.phb_id.int % 10**9}", **about
    )
    page = opened(portal, "cm", ServiceState, routes.STAFF_PLAN_SERVICE, phb=case.reference)
    found = page.submit("find", search="Elmtree")
    assert [one["value"] for one in page.after(found, "organisations")] == [str(larch), str(elm)]
    entry = {"description": "Help to bathe", "outcome": str(outcome.id), "activity": "PERSONAL_CARE"}
    refused = page.submit("save", **entry, organisation=str(elm))
    assert "Elmtree Help has no registration" in page.after(refused, "errors")["organisation"]
    assert page.submit("save", **entry, organisation=str(larch)).redirects
    plan = opened(portal, "cm", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference)
    assert plan.var("plan")["services"][-1]["care"].startswith("Personal care, by Elmtree Care, registered as 1-")


def test_who_gives_a_service_is_said_on_its_record_and_an_exemption_is_asked_for_there(portal: Portal) -> None:
    case = drafted(portal, "Exempt")
    (service,) = portal.rows(PlanService, col(PlanService.plan_id) == case.plan_id)
    at = {"resource": "services", "row": str(service.id)}
    form = opened(portal, "cm", FormState, f"/staff/services/{service.id}/change", **at)
    said = form.submit("save", activity="NURSING_CARE", given_by="ORGANISATION", organisation_id="", share="NOBODY")
    assert said.redirects == [f"/staff/services/{service.id}?done=change"]
    act = opened(portal, "cm", ActState, f"/staff/services/{service.id}/act/exempt", action="exempt", **at)
    why = {
        "exempt": "LOOKED_UP",
        "exempt_because": "Oak Nurses, 1-300000001, on 1 April.",
    }
    (address,) = act.submit("act", **why).redirects
    change = UUID(address.split("/")[3].partition("?")[0])
    portal.world.do(portal.world.approver, lambda uow: approve(uow, change))
    (found,) = portal.rows(PlanService, col(PlanService.id) == service.id)
    assert (found.activity, found.exempt, found.exempt_because) == ("NURSING_CARE", "LOOKED_UP", why["exempt_because"])


def test_an_organisation_writes_the_plan_it_is_asked_for_and_hands_it_in(portal: Portal) -> None:
    case = drafted(portal, "Together")
    organisation = portal.world.provider.organisation_id
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": organisation, "note": "By May."}
    asked = portal.world.do(portal.world.cm, lambda uow: planners.invite_planner(uow, values))
    home = opened(portal, "provider", ArrangementsState, routes.ORGANISATION)
    assert ("Ann Together", routes.plan_to_write("PROVIDER", asked)) in [
        (one["person"], one["href"]) for one in home.var("to_write")
    ]
    at = {"invitation": str(asked)}
    page = opened(portal, "provider", OrganisationPlanState, routes.ORGANISATION_PLAN, **at)
    kept = page.submit("keep", about_me="I paint.", what_matters="", contingency="", section_needs="Stairs.")
    assert page.after(kept, "notice") == "Your words are kept. Nothing is handed in yet."
    again = page.submit("keep", about_me="I paint.", what_matters="Light.", contingency="", section_needs="No stairs.")
    assert page.after(again, "notice") == "Your words are kept. Nothing is handed in yet."
    page.submit("outcome", statement="I paint daily.")
    done = page.submit("hand_in", hand_in_note="")
    assert done.redirects == [f"{routes.ORGANISATION}?done=handed-in"]
    gone = opened(portal, "provider", OrganisationPlanState, routes.ORGANISATION_PLAN, **at)
    assert gone.var("missing")
    (plan,) = portal.rows(Plan, col(Plan.id) == case.plan_id)
    (section,) = portal.rows(PlanSection, col(PlanSection.plan_id) == case.plan_id)
    assert (plan.about_me, plan.what_matters, section.words) == ("I paint.", "Light.", "No stairs.")


def test_a_planner_is_shown_what_a_colleague_saved_before_their_words_take_its_place(portal: Portal) -> None:
    case = drafted(portal, "Clash")
    organisation = portal.world.provider.organisation_id
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": organisation, "note": ""}
    asked = portal.world.do(portal.world.cm, lambda uow: planners.invite_planner(uow, values))
    page = opened(portal, "provider", OrganisationPlanState, routes.ORGANISATION_PLAN, invitation=str(asked))

    def change(uow: UnitOfWork) -> None:
        seen = uow.find(Plan, case.plan_id).row_version
        plans.write_plan(uow, case.plan_id, plans.PlanEntry("From the team."), seen_version=seen)

    portal.world.do(portal.world.cm, change)
    mine = {"about_me": "From us.", "what_matters": "", "contingency": ""}
    assert page.after(page.submit("keep", **mine), "theirs")["about_me"] == "From the team."
    assert portal.rows(Plan, col(Plan.id) == case.plan_id)[0].about_me == "From the team."
    page.submit("keep", **mine)
    assert portal.rows(Plan, col(Plan.id) == case.plan_id)[0].about_me == "From us."


@pytest.mark.parametrize("who", ["nominee", "representative"])
def test_nobody_else_opens_the_draft(portal: Portal, who: str) -> None:
    case = drafted(portal, f"Closed to {who}")
    organisation = portal.world.provider.organisation_id
    values = {"phb_id": case.phb_id, "planner": "ORGANISATION", "organisation_id": organisation, "note": ""}
    asked = portal.world.do(portal.world.cm, lambda uow: planners.invite_planner(uow, values))
    page = opened(portal, who, ActingWriteState, routes.ACTING_FOR_PLAN_WRITE, invitation=str(asked))
    assert page.var("missing")
    page.submit("hand_in", hand_in_note="")
    (invitation,) = portal.rows(PlanInvitation, col(PlanInvitation.id) == asked)
    assert invitation.status == "ASKED"


def test_a_holder_says_signs_and_asks(portal: Portal) -> None:
    (phb,) = portal.rows(Phb, col(Phb.reference) == portal.budgets["own"])
    (own,) = portal.rows(Plan, col(Plan.phb_id) == phb.id)
    portal.world.do(portal.world.cm, lambda uow: plan_sharing.share_plan(uow, own.id))
    mine = opened(portal, "holder", MyPlanState, routes.MY_PLAN)
    (shown,) = [one for one in mine.var("plans") if one["plan_id"] == str(own.id)]
    assert (shown["may_say"], shown["may_sign"]) == (True, True)
    at = {"plan": str(own.id)}
    page = opened(portal, "holder", MyPlanCommentState, routes.MY_PLAN_COMMENT, **at)
    assert page.after(page.submit("say", place="NEEDS", words=" "), "errors").keys() == {"words"}
    assert page.submit("say", place="NEEDS", words="Not at night.").redirects == [f"{routes.MY_PLAN}?done=said"]
    page.submit("say", place="NEEDS", words="Not at night.")
    assert len(portal.rows(PlanComment, col(PlanComment.plan_id) == own.id)) == 1, "the same press twice"
    sign = opened(portal, "holder", MyPlanSignState, routes.MY_PLAN_SIGN, **at)
    assert sign.after(sign.submit("sign"), "errors").keys() == {"agreed"}
    assert sign.submit("sign", agreed="yes").redirects == [f"{routes.MY_PLAN}?done=signed"]
    ask = opened(portal, "holder", AskFirstState, routes.MY_ASK)
    assert ask.after(ask.submit("ask"), "errors").keys() == {"question", "cost"}
    asked = ask.submit("ask", question="A tablet", cost="199")
    assert ask.after(asked, "notice") == "Your question is sent. You will find the answer on this page."
    (question,) = portal.rows(PurchaseQuestion, col(PurchaseQuestion.phb_id) == phb.id)
    assert question.cost_pence == 19_900
    yes = {"status": "YES", "answer": "Yes: it is for your outcome."}
    portal.world.do(portal.world.cm, lambda uow: answer_question(uow, question.id, yes))
    buyer = opened(portal, "holder", AskFirstState, routes.MY_ASK)
    missing = {"bought_question", "bought", "bought_on", "bought_from"}
    assert buyer.after(buyer.submit("tell"), "errors").keys() == missing
    told = buyer.submit(
        "tell", bought_question=str(question.id), bought="180", bought_on=f"{portal.world.today:%d/%m/%Y}",
        bought_from="Argos",
    )  # fmt: skip
    assert buyer.after(told, "notice").startswith("Thank you.")
    assert portal.rows(PurchaseQuestion, col(PurchaseQuestion.id) == question.id)[0].bought_pence == 18_000


@pytest.mark.parametrize("plan", ["", "not-an-id", str(UUID(int=0))])
def test_a_plan_that_is_not_one_s_own_is_not_found(portal: Portal, plan: str) -> None:
    page = opened(portal, "holder", MyPlanCommentState, routes.MY_PLAN_COMMENT, plan=plan)
    assert page.var("missing")
