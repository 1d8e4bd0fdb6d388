"""The night's work for reviews and lives: run twice it is done once, and days off are caught up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import event

from phbportal.domain.phbs import PhbStatus
from phbportal.domain.tasks import AGE14_CHECKLIST, AGE16_PRINCIPLE, AGE18_SOON, AGE18_TODAY, AGE18_WARNING
from phbportal.services import walks
from phbportal.services.review_clock import run_review_clock
from phbportal.tables.audit import AuditEvent
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task
from tests.services.asking import Paying, rows
from tests.support import journey
from tests.support.living import die, entry, hold, waiting_reviews
from tests.support.world import World, at

FIRST = date(2026, 7, 13)


@pytest.fixture
def live(direct: Paying) -> Paying:
    direct.confirm(direct.record())
    return direct


def night(world: World, on: date) -> int:
    return run_review_clock(world.engine, now=at(on, 2))


def forget(live: Paying) -> None:
    """Nobody set a review, as in a budget that was brought in without one."""
    with live.world.unit(live.world.cm) as uow:
        for review in rows(live.world, Review, phb_id=live.case.phb_id):
            uow.change(uow.find(Review, review.id), not_needed_on=date(2026, 4, 14))


def test_i22_a_budget_without_a_review_gets_its_first_three_months_after_the_first_payment(live: Paying) -> None:
    forget(live)
    assert [night(live.world, date(2026, 9, 1)), night(live.world, date(2026, 9, 2))] == [1, 0]
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("FIRST", FIRST)]


def test_i22_a_budget_that_was_reviewed_gets_its_next_within_a_year(live: Paying) -> None:
    held = date(2026, 7, 6)
    hold(live.world, waiting_reviews(live.world, live.case)[0].id, entry(live.world, live.case, held, date(2027, 7, 6)))
    with live.world.unit(live.world.cm) as uow:
        uow.change(uow.find(Review, waiting_reviews(live.world, live.case)[0].id), not_needed_on=held)
    assert night(live.world, date(2026, 8, 1)) == 1
    assert [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)] == [("ANNUAL", date(2027, 7, 6))]


@pytest.mark.parametrize("status", [PhbStatus.STOPPING, PhbStatus.CLOSING, PhbStatus.CLOSED])
def test_a_budget_that_ends_needs_no_review(live: Paying, status: PhbStatus) -> None:
    forget(live)
    with live.world.unit(live.world.cm) as uow:
        uow.change(uow.find(Phb, live.case.phb_id), status=status.value)
    assert night(live.world, date(2026, 9, 1)) == 0


def born(live: Paying, on: date, cohort: str = "CYPCC") -> None:
    with live.world.unit(live.world.cm) as uow:
        uow.change(uow.find(Person, live.case.person_id), date_of_birth=on)
        uow.change(uow.find(Phb, live.case.phb_id), cohort=cohort)


def tasks(live: Paying) -> list[tuple[str, date | None]]:
    return sorted((t.kind, t.due_on) for t in rows(live.world, Task) if t.kind.startswith("AGE18"))


def test_an_eighteenth_birthday_is_planned_for_a_year_and_half_a_year_before_and_told_on_the_day(live: Paying) -> None:
    born(live, date(2009, 6, 1))
    assert night(live.world, date(2026, 5, 31)) == 1, "what comes after 18 is to be decided in principle"
    assert tasks(live) == []
    assert [night(live.world, date(2026, 6, 1)), night(live.world, date(2026, 6, 1))] == [1, 0]
    assert tasks(live) == [(AGE18_WARNING, date(2026, 12, 1))]
    assert ("AGE18", date(2027, 6, 1)) in [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)]
    assert [night(live.world, date(2026, 12, 1)), night(live.world, date(2026, 12, 2))] == [1, 0]
    assert [night(live.world, date(2027, 6, 1)), night(live.world, date(2027, 6, 2))] == [1, 0]
    assert [kind for kind, _due in tasks(live)] == [AGE18_SOON, AGE18_TODAY, AGE18_WARNING]


def test_days_off_are_caught_up_with_what_is_still_of_use(live: Paying) -> None:
    born(live, date(2009, 6, 1))
    assert night(live.world, date(2027, 3, 1)) == 1
    assert tasks(live) == [(AGE18_SOON, date(2027, 6, 1))]


@pytest.mark.parametrize(("on", "kinds"), [
    (date(2023, 5, 31), []), (date(2023, 6, 1), [AGE14_CHECKLIST]), (date(2025, 5, 31), [AGE14_CHECKLIST]),
    (date(2025, 6, 1), [AGE16_PRINCIPLE]), (date(2026, 6, 1), []),
])  # fmt: skip
def test_a_child_in_continuing_care_has_the_checklist_at_14_and_a_decision_in_principle_at_16(
    live: Paying, on: date, kinds: list[str]
) -> None:
    """Born on 1 June 2009; whoever is older already is asked for what is still of use, and once."""
    born(live, date(2009, 6, 1))
    night(live.world, on)
    night(live.world, on)
    assert [t.kind for t in rows(live.world, Task) if t.kind in (AGE14_CHECKLIST, AGE16_PRINCIPLE)] == kinds


@pytest.mark.parametrize(("birthday", "last_day"), [
    (date(2009, 6, 1), date(2027, 5, 31)), (date(2008, 2, 29), date(2026, 2, 28)),
])  # fmt: skip
def test_i28_the_eligibility_of_a_child_ends_on_the_day_before_the_18th_birthday(
    live: Paying, birthday: date, last_day: date
) -> None:
    born(live, birthday)
    with live.world.unit(live.world.cm) as uow:
        theirs = rows(live.world, Eligibility, person_id=live.case.person_id)[0]
        uow.change(uow.find(Eligibility, theirs.id), cohort="CYPCC", starts_on=date(2020, 1, 1))
    night(live.world, last_day)
    assert rows(live.world, Eligibility, id=theirs.id)[0].ends_on is None
    for later in (4, 5):  # some nights off, and twice
        night(live.world, last_day + timedelta(days=later))
    assert rows(live.world, Eligibility, id=theirs.id)[0].ends_on == last_day
    assert len(rows(live.world, AuditEvent, kind="eligibility_ended")) == 1


def test_that_a_child_s_eligibility_never_begins_is_told_once(live: Paying) -> None:
    """One that would begin after the 18th birthday keeps its first day, and is seen every night until then."""
    born(live, date(2008, 6, 1))
    with live.world.unit(live.world.cm) as uow:
        theirs = rows(live.world, Eligibility, person_id=live.case.person_id)[0]
        uow.change(uow.find(Eligibility, theirs.id), cohort="CYPCC", starts_on=date(2026, 9, 1))
    for on in (date(2026, 6, 1), date(2026, 6, 2)):
        night(live.world, on)
    assert rows(live.world, Eligibility, id=theirs.id)[0].ends_on == date(2026, 9, 1)
    assert len(rows(live.world, AuditEvent, kind="eligibility_ended")) == 1


def test_an_adult_s_cohort_is_not_told_to_end_at_18(live: Paying) -> None:
    born(live, date(2009, 6, 1), "S117")
    night(live.world, date(2027, 6, 1))
    assert AGE18_TODAY not in [kind for kind, _due in tasks(live)]


def test_a_death_that_another_board_recorded_ends_the_budget_in_the_night(live: Paying) -> None:
    with live.world.unit(live.world.cm) as uow:
        uow.change(uow.find(Person, live.case.person_id), died_on=date(2026, 4, 28))
    assert [night(live.world, date(2026, 5, 1)), night(live.world, date(2026, 5, 2))] == [1, 0]
    found = rows(live.world, Phb, id=live.case.phb_id)[0]
    assert (found.status, found.end_reason) == (PhbStatus.CLOSING, "DIED")


def test_a_death_without_its_review_gets_one_in_the_night_and_once(live: Paying) -> None:
    die(live.world, live.case.person_id, date(2026, 4, 28), on=date(2026, 4, 29))
    with live.world.unit(live.world.cm) as uow:
        (review,) = waiting_reviews(live.world, live.case)
        uow.change(uow.find(Review, review.id), kind="CHANGE")
    assert [night(live.world, date(2026, 5, 1)), night(live.world, date(2026, 5, 2))] == [1, 0]
    assert ("DEATH", date(2026, 5, 26)) in [(r.kind, r.due_on) for r in waiting_reviews(live.world, live.case)]


def test_however_many_budgets_there_are_the_statements_are_those_of_one(
    live: Paying, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set by set: a hundred times as many budgets are a few statements a thousand, not a hundred times as many."""

    def statements() -> int:
        forget(live)
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        event.listen(live.world.engine, "before_cursor_execute", counted)
        night(live.world, date(2026, 9, 1))
        event.remove(live.world.engine, "before_cursor_execute", counted)
        return count

    one = statements()
    for number in journey.NUMBERS[1:4]:
        person = journey.add_person(live.world, number=number)
        case = journey.approved(live.world, Paying.DIRECT, person_id=person)
        with live.world.unit(live.world.cm) as uow:
            uow.change(uow.find(Phb, case.phb_id), status="ACTIVE", live_on=date(2026, 4, 13))
    assert statements() == one
    monkeypatch.setattr(walks, "STRETCH", 1)
    assert night(live.world, date(2026, 9, 2)) == 0
