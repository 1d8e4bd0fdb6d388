"""The pages of needs, registrations and what is said before a review: what each shows, to whom, and what it refuses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.form_state import FormState
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Method, PayeeKind
from phbportal.pages.acting.acting_for_budget import ActingBudgetState
from phbportal.pages.acting.acting_for_plan import ActingPlanState
from phbportal.pages.acting.acting_for_review import ActingReviewState
from phbportal.pages.holder.my_plan import MyPlanState
from phbportal.pages.staff.person import PersonState
from phbportal.pages.staff.person_eligibility import EligibilityState
from phbportal.pages.staff.plan import PlanState
from phbportal.pages.staff.plan_decisions import SignOffState
from phbportal.pages.staff.review import ReviewState
from phbportal.pages.staff.user import UserState
from phbportal.services import needs
from phbportal.tables.needs import AssessedNeed, NeedsAssessment
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.registrations import Registration
from phbportal.tables.reviews import ReviewAnswer
from tests.pages.opening import opened
from tests.pages.test_helping_states import represented, taken_by
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.portal import Portal

WORDS = "A hoist for every move."


def assessed(portal: Portal, person: UUID) -> UUID:
    world = portal.world
    values: dict[str, Any] = {
        "person_id": person, "assessed_on": world.today, "assessor": "Nia Nurse", "profession": "Nurse", "body": "",
        "number": "", "organisation_id": None, "outcome": "NEEDS", "summary": "You need somebody at night.",
        "next_due_on": world.today + timedelta(days=300), "needs": [{"area": "MOVING", "words": WORDS}],
    }  # fmt: skip
    return world.do(world.clinician, lambda uow: needs.record_assessment(uow, values))


def test_an_assessment_is_written_page_by_page_and_bad_answers_stand_beside_their_fields(portal: Portal) -> None:
    person = journey.add_person(portal.world, number=None, names=("Nora", "Form"))
    page = opened(
        portal, "clinician", FormState, addresses.NEW, resource="needs-assessments", person_id=str(person), step="2"
    )
    today = portal.world.today
    answers = {
        "person_id": str(person), "assessed_on": today.isoformat(), "assessor": "Nia Nurse", "profession": "Nurse",
        "body": "", "number": "", "organisation_id": "", "needs__0__area": "MOVING", "needs__0__words": WORDS,
        "outcome": "NEEDS", "summary": "Somebody at night.", "next_due_on": "",
    }  # fmt: skip
    page = opened(portal, "clinician", FormState, addresses.NEW, resource="needs-assessments", step="3")
    errors = page.after(page.submit("save", **answers), "errors")
    assert errors == {"next_due_on": "Enter when the needs are looked at again."}
    page.submit("save", **answers | {"next_due_on": (today + timedelta(days=300)).isoformat()})
    (found,) = portal.rows(NeedsAssessment, col(NeedsAssessment.person_id) == person)
    assert [n.words for n in portal.rows(AssessedNeed, col(AssessedNeed.assessment_id) == found.id)] == [WORDS]


def test_staff_see_it_on_the_person_choose_it_for_eligibility_and_read_on_the_plan_that_it_rests_on_it(
    portal: Portal,
) -> None:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Nora", "Rests"))
    one = assessed(portal, person)
    page = opened(portal, "cm", PersonState, routes.STAFF_PERSON, person=str(person))
    assert [row["id"] for row in page.var("needs")] == [str(one)]
    assert opened(portal, "finance", PersonState, routes.STAFF_PERSON, person=str(person)).var("needs") == []
    form = opened(portal, "cm", EligibilityState, routes.STAFF_PERSON_ELIGIBILITY, person=str(person))
    assert [choice["value"] for choice in form.var("rests_on")] == [str(one)]
    case = journey.draft(world, person_id=person)
    plan = opened(portal, "cm", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference)
    assert "Nia Nurse" in plan.var("rests_on")
    finance = opened(portal, "finance", PlanState, routes.STAFF_PHB_PLAN, phb=case.reference)
    assert finance.var("rests_on") == ""
    assert not finance.frames.says("Nia Nurse")


def test_the_person_and_whoever_represents_them_read_what_was_found(portal: Portal) -> None:
    own = portal.people["own"]
    assessed(portal, own)
    found = opened(portal, "holder", MyPlanState, routes.MY_PLAN).var("needs")
    assert found["needs"] == [{"area": "Moving about", "words": WORDS}]
    person, part = represented(portal, "Needed")
    assessed(portal, person)
    page = opened(portal, "representative", ActingPlanState, routes.ACTING_FOR_PLAN, part=str(part))
    assert page.var("needs")["summary"] == "You need somebody at night."


def test_a_clinician_signs_with_the_registration_the_board_has_and_is_told_when_there_is_none(portal: Portal) -> None:
    world = portal.world
    case = journey.draft(world, person_id=journey.add_person(world, number=None, names=("Nora", "Signs")))
    journey.submit(world, case)
    page = opened(portal, "clinician", SignOffState, routes.STAFF_PLAN_SIGN_OFF, phb=case.reference)
    (known,) = portal.rows(Registration, col(Registration.user_id) == world.clinician.user_id)
    assert (page.var("body"), page.var("number")) == (known.body, known.number)
    portal.change(
        lambda uow: uow.change(
            uow.session.get_one(Registration, known.id),
            ends_on=world.today - timedelta(days=1), checked_on=world.today - timedelta(days=9),
        )
    )  # fmt: skip
    try:
        lapsed = opened(portal, "clinician", SignOffState, routes.STAFF_PLAN_SIGN_OFF, phb=case.reference)
        assert lapsed.var("checked") == ""
        errors = lapsed.after(lapsed.submit("sign", name="Dr C", body=known.body, pin=known.number), "errors")
        assert "only to" in errors["pin"]
    finally:
        portal.change(
            lambda uow: uow.change(
                uow.session.get_one(Registration, known.id), ends_on=known.ends_on, checked_on=known.checked_on
            )
        )
    page.submit("sign", name="Dr C", body=known.body, pin=known.number)
    assert [row.status for row in portal.rows(Phb, col(Phb.id) == case.phb_id)] == ["FINANCE_REVIEW"]


@pytest.mark.parametrize(("who", "may"), [("admin", True), ("auditor", False)])
def test_a_user_s_page_shows_their_registrations_and_an_administrator_records_more(
    portal: Portal, who: str, may: bool
) -> None:
    user = str(portal.world.clinician.user_id)
    page = opened(portal, who, UserState, routes.STAFF_USER, user=user)
    assert [row["number"] for row in page.var("registrations")] == ["12A3456E"]
    assert bool(page.var("registration_href")) is may


def reviewed(portal: Portal, person: UUID, stream: StreamPlan, cohort: Cohort) -> Case:
    """A live budget whose first review is due in five days."""
    world = portal.world
    case = journey.approved(world, stream, person_id=person, cohort=cohort)
    portal.change(lambda uow: uow.change(uow.session.get_one(Phb, case.phb_id), status="ACTIVE", live_on=world.today))
    due = world.today + timedelta(days=5)
    portal.change(lambda uow: uow.add(Review, phb_id=case.phb_id, icb_id=world.icb, kind="FIRST", due_on=due))
    return case


def test_a_representative_says_for_the_person_how_the_budget_works(portal: Portal) -> None:
    world = portal.world
    person, part = represented(portal, "Reviewed")
    stream = StreamPlan(Method.NOTIONAL, 20_000, starts_on=world.today)
    case = reviewed(portal, person, stream, Cohort.CYPCC)
    page = opened(portal, "representative", ActingReviewState, routes.ACTING_FOR_REVIEW, part=str(part))
    assert page.var("review")["heading"].endswith(case.reference)
    assert [one["text"] for one in page.var("budgets")] == [case.reference], "of this child alone"
    page.submit("answer", satisfaction="GOOD", control="PARTLY", words="The mornings are good.")
    (answer,) = portal.rows(ReviewAnswer, col(ReviewAnswer.phb_id) == case.phb_id)
    assert (answer.words, answer.answered_by) == ("The mornings are good.", "REPRESENTATIVE")


def test_a_nominee_tells_the_team_before_a_review_and_sees_nothing_else_of_it(portal: Portal) -> None:
    world = portal.world
    person = journey.add_person(world, number=None, names=("Rhea", "Paid"))
    journey.allow_direct_payment(world, person)
    part = journey.nominee(world, person, name="Nell Before")
    taken_by(portal, part, "nominee")
    stream = StreamPlan(Method.DIRECT_PAYMENT, 20_000, starts_on=world.today, payee=(PayeeKind.NOMINEE, part))
    case = reviewed(portal, person, stream, Cohort.LTC)
    page = opened(portal, "nominee", ActingBudgetState, routes.ACTING_FOR_PHB, phb=case.reference)
    assert page.after(page.submit("say_before_review", before_review=""), "errors") == {
        "before_review": "Write what the team should know."
    }
    done = page.submit("say_before_review", before_review="I need help with the payroll.")
    assert page.after(done, "to_come")["words"] == "I need help with the payroll."
    (review,) = portal.rows(Review, col(Review.phb_id) == case.phb_id, col(Review.kind) == "FIRST")
    team = opened(portal, "cm", ReviewState, routes.STAFF_REVIEW, phb=case.reference, review=str(review.id))
    assert [one["words"] for one in team.var("comments")] == ["I need help with the payroll."]
