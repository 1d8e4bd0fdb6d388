"""Reviews: three months from the first payment, then a year at most; held with what was found and what follows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.plans import OutcomeStatus
from phbportal.domain.reviews import Control, ReviewKind, ReviewResult, Satisfaction
from phbportal.domain.roles import Role
from phbportal.domain.tasks import REVIEW_FOUND, REVIEW_UNSAFE
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import review_answers, review_setting, reviews
from phbportal.services.review_answers import AnswerEntry
from phbportal.services.reviews import Progress, read_death_review
from phbportal.tables.people import Person
from phbportal.tables.phbs import Review, Task
from phbportal.tables.plans import Outcome
from phbportal.tables.reviews import ReviewAnswer, ReviewOutcome
from tests.services.asking import Paying, refused, row, rows
from tests.support import journey
from tests.support.living import die, entry, hold, waiting_reviews

PAID, FIRST, NEXT = date(2026, 4, 13), date(2026, 7, 13), date(2027, 7, 6)
HELD = date(2026, 7, 6)
WELL = AnswerEntry(Satisfaction.GOOD, Control.YES, "I choose who comes.")


@pytest.fixture
def live(direct: Paying) -> Paying:
    """T01, paid on 13 April: its first review is due on 13 July."""
    direct.confirm(direct.record())
    return direct


def holder(live: Paying) -> Actor:
    return Actor(Role.HOLDER, user_id=None, person_id=live.case.person_id)


def test_i22_the_first_review_is_due_three_months_after_the_first_payment(live: Paying) -> None:
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("FIRST", FIRST)]


def test_a_held_review_is_kept_whole_and_the_next_is_set(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    hold(live.world, review.id, entry(live.world, live.case, HELD, NEXT))
    held = rows(live.world, Review, id=review.id)[0]
    assert (held.held_on, held.held_by, held.is_safe, held.result) == (HELD, live.world.cm.user_id, True, "CONTINUE")
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("ANNUAL", NEXT)]
    assert rows(live.world, Task, kind=REVIEW_FOUND) == []


def test_the_progress_of_each_outcome_is_kept_and_the_plan_shows_it(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    held = entry(live.world, live.case, HELD, NEXT)
    met = tuple(Progress(p.outcome_id, OutcomeStatus.MET, "Every day") for p in held.progress)
    hold(live.world, review.id, replace(held, progress=met))
    assert [o.status for o in rows(live.world, ReviewOutcome, review_id=review.id)] == ["MET"]
    assert [o.status for o in rows(live.world, Outcome, plan_id=live.case.plan_id)] == ["MET"]


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"next_due": date(2027, 7, 7)}, "The next review must be within a year of this one."),
        ({"next_due": HELD}, "The next review must be after this one."),
        ({"next_due": None}, "Enter the day of the next review."),
        ({"held_on": date(2026, 3, 31)}, "The budget was opened on 1 April 2026. Check the day."),
        ({"held_on": date(2026, 7, 7)}, "The day of the review cannot be in the future."),
        ({"progress": ()}, "Choose how this stands."),
    ],
    ids=["more than a year", "not after", "none", "before it was opened", "tomorrow", "an outcome left out"],
)  # fmt: skip
def test_what_cannot_be_is_refused_beside_its_field(live: Paying, more: dict[str, object], sentence: str) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    held = replace(entry(live.world, live.case, HELD, NEXT), **more)  # pyright: ignore[reportArgumentType]
    assert sentence in refused(
        live.world, live.world.cm, lambda uow: reviews.hold_review(uow, review.id, held), on=HELD
    )


def test_a_review_is_held_once(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    held = entry(live.world, live.case, HELD, NEXT)
    hold(live.world, review.id, held)
    with pytest.raises(Refusal, match="held already"):
        hold(live.world, review.id, held)


@pytest.mark.parametrize("name", ["finance", "approver", "auditor", "admin", "other_cm"])
def test_only_the_case_manager_and_clinician_of_the_board_hold_it(live: Paying, name: str) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    held = entry(live.world, live.case, HELD, NEXT)
    with pytest.raises(Refusal):
        live.world.do(live.world.actors[name], lambda uow: reviews.hold_review(uow, review.id, held), on=HELD)


def test_what_changes_becomes_a_task_and_what_is_not_safe_one_for_today(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    hold(live.world, review.id, entry(live.world, live.case, HELD, NEXT, is_safe=False, actions="Jo rings today.",
                                      result=ReviewResult.CHANGE_AMOUNT))  # fmt: skip
    tasks = {t.kind: t for t in rows(live.world, Task) if t.kind in (REVIEW_FOUND, REVIEW_UNSAFE)}
    assert tasks[REVIEW_UNSAFE].due_on == HELD
    assert tasks[REVIEW_FOUND].due_on == date(2026, 7, 20)
    assert "another amount" in tasks[REVIEW_FOUND].sentence


def test_an_unplanned_review_moves_the_yearly_one_and_never_the_first(live: Paying) -> None:
    asked = {"phb_id": live.case.phb_id, "kind": "UNPLANNED", "due_on": date(2026, 5, 1), "reason": "She fell."}
    unplanned = live.world.do(live.world.cm, lambda uow: review_setting.set_review(uow, asked), on=date(2026, 4, 20))
    hold(live.world, unplanned, entry(live.world, live.case, date(2026, 4, 30), date(2027, 4, 30)))
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("FIRST", FIRST)]
    hold(live.world, waiting_reviews(live.world, live.case)[0].id, entry(live.world, live.case, HELD, NEXT))
    again = live.world.do(live.world.cm, lambda uow: review_setting.set_review(uow, asked | {"due_on": HELD}), on=HELD)
    hold(live.world, again, entry(live.world, live.case, date(2026, 8, 3), date(2027, 8, 3)))
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("ANNUAL", date(2027, 8, 3))]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"kind": "ANNUAL"}, "The portal sets this kind of review by itself."),
     ({"due_on": date(2026, 4, 12)}, "The review cannot be due in the past. Choose today or a later day.")],
    ids=["a kind of the clock", "yesterday"],
)  # fmt: skip
def test_a_review_that_cannot_be_set_is_refused(live: Paying, changed: dict[str, object], sentence: str) -> None:
    asked = {"phb_id": live.case.phb_id, "kind": "CHANGE", "due_on": date(2026, 5, 1), "reason": "x", **changed}
    assert refused(live.world, live.world.cm, lambda uow: review_setting.set_review(uow, asked), on=PAID) == sentence


def test_the_holder_asks_for_a_review_once_and_it_is_due_in_two_weeks(live: Paying) -> None:
    def ask(uow: object) -> object:
        return review_setting.ask_for_review(uow, live.case.phb_id, "My nights are harder.")  # pyright: ignore

    live.world.do(holder(live), ask, on=date(2026, 5, 1))
    found = [r for r in waiting_reviews(live.world, live.case) if r.kind == ReviewKind.UNPLANNED]
    assert [(r.due_on, r.reason) for r in found] == [(date(2026, 5, 15), "My nights are harder.")]
    with pytest.raises(Refusal, match="Your review is by 15 May 2026"):
        live.world.do(holder(live), ask, on=date(2026, 5, 2))


def test_a_review_the_law_wants_cannot_be_left_out_and_one_asked_for_can(live: Paying) -> None:
    first = waiting_reviews(live.world, live.case)[0]
    why = {"why": "The assistant came back."}
    said = refused(live.world, live.world.cm, lambda uow: review_setting.not_needed(uow, first.id, why), on=PAID)
    assert said == "A first review has to be held."
    asked = {"phb_id": live.case.phb_id, "kind": "CHANGE", "due_on": HELD, "reason": "Away"}
    change = live.world.do(live.world.cm, lambda uow: review_setting.set_review(uow, asked), on=PAID)
    live.world.do(live.world.cm, lambda uow: review_setting.not_needed(uow, change, why), on=PAID)
    assert [r.kind for r in waiting_reviews(live.world, live.case)] == ["FIRST"]


def test_the_holder_says_how_it_works_and_may_say_it_anew_until_it_is_held(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    for words in ("I choose who comes.", "I choose, but the nights are hard."):
        said = replace(WELL, words=words)
        live.world.do(holder(live), lambda uow, s=said: review_answers.answer_review(uow, review.id, s), on=HELD)
    answers = rows(live.world, ReviewAnswer)
    assert [(a.words, a.answered_by, a.control) for a in answers] == [
        ("I choose, but the nights are hard.", "HOLDER", "YES")
    ]
    with pytest.raises(Refusal, match="answered themselves"):
        live.world.do(live.world.cm, lambda uow: review_answers.record_answer(uow, review.id, WELL), on=HELD)
    hold(live.world, review.id, entry(live.world, live.case, HELD, NEXT))
    with pytest.raises(Refusal, match="has been held"):
        live.world.do(holder(live), lambda uow: review_answers.answer_review(uow, review.id, WELL), on=HELD)


def test_whoever_represents_a_person_does_not_say_anew_what_they_said_themselves(live: Paying) -> None:
    child = {"date_of_birth": date(2016, 2, 3)}
    live.world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(Person, live.case.person_id), **child))
    parent = journey.user_of(live.world, journey.parent(live.world, live.case.person_id), Role.REPRESENTATIVE)
    review = waiting_reviews(live.world, live.case)[0]
    answer = lambda uow: review_answers.answer_review(uow, review.id, WELL)  # noqa: E731
    live.world.do(parent, answer, on=HELD)
    live.world.do(holder(live), answer, on=HELD)
    assert "answered themselves" in refused(live.world, parent, answer, on=HELD)
    assert [one.answered_by for one in rows(live.world, ReviewAnswer)] == ["HOLDER"]


def test_the_team_writes_down_what_the_holder_said(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    live.world.do(live.world.cm, lambda uow: review_answers.record_answer(uow, review.id, WELL), on=HELD)
    assert [a.answered_by for a in rows(live.world, ReviewAnswer)] == ["STAFF"]


def test_nobody_answers_for_somebody_else(live: Paying) -> None:
    review = waiting_reviews(live.world, live.case)[0]
    stranger = Actor(Role.HOLDER, user_id=None, person_id=journey.add_person(live.world, number=journey.NUMBERS[3]))
    with pytest.raises(NotFound):
        live.world.do(stranger, lambda uow: review_answers.answer_review(uow, review.id, WELL), on=HELD)


def test_a_nominee_who_is_paid_anew_is_reviewed_within_the_board_s_days(direct: Paying) -> None:
    """Domain.md §1.18: two weeks after somebody new is paid, of budgets that run."""
    from phbportal.domain.acting import Acting, NominatedBy
    from phbportal.domain.relations import Relation
    from phbportal.services import acting
    from phbportal.tables.budgets import Stream

    direct.confirm(direct.record())
    day = date(2026, 5, 4)
    told = acting.ActingEntry(Acting.NOMINEE, "Nell Ominee", Relation.SIBLING, nominated_by=NominatedBy.HOLDER)
    part = direct.world.do(direct.world.cm, lambda uow: acting.propose(uow, direct.case.person_id, told), on=day)
    with direct.world.unit(direct.world.cm) as uow:
        stream = uow.session.execute(select(Stream).where(col(Stream.id) == direct.stream)).scalar_one()
        uow.change(stream, payee_kind="NOMINEE", payee_role_id=part)
    checks = acting.ChecksEntry(day)
    direct.world.do(direct.world.cm, lambda uow: acting.record_checks(uow, part, checks, seen_version=1), on=day)
    direct.world.do(direct.world.approver, lambda uow: acting.agree(uow, part), on=day)
    found = [(r.kind, r.due_on) for r in waiting_reviews(direct.world, direct.case)]
    assert ("PAYEE", date(2026, 5, 18)) in found


def test_a_review_after_a_death_asks_for_the_accounts_and_nothing_of_the_care(live: Paying) -> None:
    die(live.world, live.case.person_id, date(2026, 4, 28), on=date(2026, 4, 29))
    (review,) = waiting_reviews(live.world, live.case)
    form = {
        "held_on": "27/5/2026", "attended": "Her son and finance", "money_used": "AS_AGREED",
        "findings": "The wages are paid and the bed has gone back.",
    }  # fmt: skip
    told = read_death_review(form, date(2026, 5, 27))
    before = len(rows(live.world, Task))
    hold(live.world, review.id, told)
    held = row(live.world, Review, review.id)
    assert (held.held_on, held.is_safe, held.result, held.money_used) == (date(2026, 5, 27), None, None, "AS_AGREED")
    assert len(rows(live.world, Task)) == before
    with pytest.raises(Refusal) as refusal:
        read_death_review({}, date(2026, 5, 27))
    assert [p.field for p in refusal.value.problems] == ["held_on", "attended", "findings", "money_used"]
