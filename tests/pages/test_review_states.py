"""The pages of reviews, deaths and tasks that are taken: what each shows, and what it refuses beside the field."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.domain.streams import Method
from phbportal.pages.acting.acting_for import ActingForState
from phbportal.pages.holder.my_review import MyReviewState
from phbportal.pages.staff.person_death import DeathState
from phbportal.pages.staff.phb import PhbState
from phbportal.pages.staff.review import ReviewState
from phbportal.pages.staff.task import TaskState
from phbportal.pages.staff.work import WorkState
from phbportal.services.endings import DeathEntry, record_death
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Outcome
from phbportal.tables.reviews import ReviewAnswer
from tests.pages.opening import Opened, opened
from tests.pages.test_helping_states import represented
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.portal import Portal


def live(portal: Portal, person: UUID | None = None) -> Case:
    """A budget that began today: its first review is due in three months."""
    world = portal.world
    person = person or journey.add_person(world, number=None, names=("Rhea", "View"))
    stream = StreamPlan(Method.DIRECT_PAYMENT, 70_000, starts_on=world.today)
    case = journey.approved(world, stream, person_id=person, cohort=journey.Cohort.MENTAL_HEALTH)
    portal.change(lambda uow: uow.change(uow.session.get_one(Phb, case.phb_id), status="ACTIVE", live_on=world.today))
    portal.change(
        lambda uow: uow.add(
            Review, phb_id=case.phb_id, icb_id=world.icb, kind="FIRST", due_on=world.today + timedelta(days=5)
        )
    )
    return case


def review_of(portal: Portal, case: Case) -> Review:
    return portal.rows(Review, col(Review.phb_id) == case.phb_id)[0]


def page_of(portal: Portal, case: Case, who: str = "cm") -> Opened:
    review = review_of(portal, case)
    return opened(portal, who, ReviewState, routes.STAFF_REVIEW, phb=case.reference, review=str(review.id))


def test_a_review_is_held_from_the_work_list_and_every_empty_answer_has_its_sentence(portal: Portal) -> None:
    case = live(portal)
    work = opened(portal, "cm", WorkState, routes.STAFF)
    href = routes.of_phb(routes.STAFF_REVIEW, case.reference, review=str(review_of(portal, case).id))
    assert href in {item["href"] for group in work.var("groups") for item in group["work"]}
    page = page_of(portal, case)
    (outcome,) = portal.rows(Outcome, col(Outcome.plan_id) == case.plan_id)
    errors = page.after(page.submit("hold"), "errors")
    assert errors["findings"] == "Say what you found."
    assert errors["is_safe"] == "Say whether the care is safe."
    assert errors[f"outcome-{outcome.id}"] == "Choose how this stands."
    today = portal.world.today
    answers = {
        "held_on": today.isoformat(), "attended": "Rhea and her sister", f"outcome-{outcome.id}": "MET",
        f"note-{outcome.id}": "Every day", "findings": "The mornings work well and the assistant stays.",
        "is_safe": "yes", "is_enough": "yes", "money_used": "AS_AGREED", "result": "CONTINUE",
        "next_due": (today + timedelta(days=300)).isoformat(),
    }  # fmt: skip
    done = page.submit("hold", **{name.replace("-", "__"): answer for name, answer in answers.items()})
    assert done.redirects == [routes.of_phb(routes.STAFF_PHB, case.reference, done="review")]
    read = page_of(portal, case, "finance")
    assert read.var("findings") == answers["findings"]
    assert read.var("outcomes") == [{"statement": outcome.statement, "status": "Met", "note": "Every day"}]
    assert read.var("may_hold") is False
    budget = opened(portal, "cm", PhbState, routes.STAFF_PHB, phb=case.reference)
    assert [(one["kind"], one["status"]) for one in budget.var("reviews")] == [
        ("Yearly review", "Due"), ("First review", "Held"),
    ]  # fmt: skip


def test_a_review_of_another_board_is_not_found(portal: Portal) -> None:
    case = live(portal)
    assert page_of(portal, case, "other_cm").var("missing") is True


def test_the_holder_reads_what_is_asked_says_how_it_works_and_asks_for_a_review(portal: Portal) -> None:
    case = live(portal, portal.people["own"])
    page = opened(portal, "holder", MyReviewState, routes.MY_REVIEW)
    assert "What should change?" in page.var("review")["questions"]
    assert page.after(page.submit("answer"), "errors")["control"] == "Choose whether you decide about your care."
    said = page.submit("answer", satisfaction="MIXED", control="YES", words="The nights are hard.")
    assert page.after(said, "notice") == "Thank you. Your team reads this before the review."
    (answer,) = portal.rows(ReviewAnswer, col(ReviewAnswer.phb_id) == case.phb_id)
    assert (answer.words, answer.answered_by) == ("The nights are hard.", "HOLDER")
    team = page_of(portal, case)
    assert team.var("answer")["words"] == "The nights are hard."
    assert team.var("may_write_answer") is False
    asked = page.submit("ask", budget=str(case.phb_id), reason="My nights are harder.")
    assert page.after(asked, "notice").startswith("You have asked for a review.")
    kinds = {one.kind for one in portal.rows(Review, col(Review.phb_id) == case.phb_id)}
    assert kinds == {"FIRST", "UNPLANNED"}


@pytest.mark.parametrize("who", ["finance", "auditor", "holder"])
def test_others_do_not_open_the_form_of_a_death(portal: Portal, who: str) -> None:
    case = live(portal)
    page = opened(portal, who, DeathState, routes.STAFF_PERSON_DEATH, person=str(case.person_id))
    assert page.frames.redirects == [routes.NOT_ALLOWED]


def test_a_death_is_recorded_with_a_tick_that_it_is_the_right_person(portal: Portal) -> None:
    case = live(portal)
    page = opened(portal, "cm", DeathState, routes.STAFF_PERSON_DEATH, person=str(case.person_id))
    day = portal.world.today.isoformat()
    errors = page.after(page.submit("save", died_on=day), "errors")
    assert errors == {
        "told_by": "Say who told you, for example a daughter or the GP’s surgery.",
        "sure": "Check the name and the NHS number, and tick that this is the right person.",
    }
    page.submit("save", died_on=day, told_by="Her sister", sure="yes")
    (person,) = portal.rows(Person, col(Person.id) == case.person_id)
    assert person.died_on == portal.world.today
    budget = opened(portal, "finance", PhbState, routes.STAFF_PHB, phb=case.reference)
    assert budget.var("head")["status"] == "Closing"
    assert "See what is left to settle" in [act["label"] for act in [*budget.var("first_act"), *budget.var("acts")]]


def test_whoever_acted_for_somebody_who_died_reads_kind_words(portal: Portal) -> None:
    person, _part = represented(portal, "Mourned")
    world = portal.world
    world.do(world.cm, lambda uow: record_death(uow, person, DeathEntry(world.today, "His mother")))
    page = opened(portal, "representative", ActingForState, routes.ACTING_FOR)
    (part,) = [one for one in page.var("parts") if one["whose"].startswith("Mourned")]
    assert part["standing"][0] == "We are sorry for your loss."
    assert part["duties"] == []
    assert part["may_nominate"] is False


def test_a_task_is_taken_is_off_the_others_lists_and_is_given_back(portal: Portal) -> None:
    world = portal.world
    words = "Ring the payroll bureau."
    portal.change(lambda uow: uow.add(Task, icb_id=world.icb, kind="test", role="FINANCE", sentence=words))
    (found,) = portal.rows(Task, col(Task.sentence) == words)
    task = found.id
    page = opened(portal, "finance", TaskState, routes.STAFF_TASK, task=str(task))
    taken = page.send("take")
    assert page.after(taken, "taken") == "Finance"
    assert not opened(portal, "finance2", WorkState, routes.STAFF).frames.says(words)
    assert opened(portal, "finance", WorkState, routes.STAFF).frames.says(words)
    page.send("give_back")
    assert opened(portal, "finance2", WorkState, routes.STAFF).frames.says(words)
    assert opened(portal, "auditor", TaskState, routes.STAFF_TASK, task=str(task)).var("may_take") is False
