"""A decision looked at again: by whom it is asked, who answers, by when, and what an answer puts back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.acting import Acting
from phbportal.domain.phbs import PhbKind
from phbportal.domain.reconsiderations import Answer, Asker, How, Outcome
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import Actor
from phbportal.services import phbs
from phbportal.services.reconsiderations import (
    AskedEntry,
    answer_asked,
    ask_again,
    record_asked,
    withdraw_asked,
)
from phbportal.services.tick import tick
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.phbs import Phb, Task
from tests.services.asking import Act, Copy, Paying, payment, refused, row, rows
from tests.services.deciding import REASONS, REFUSE, approve, decision, issued, letters, prepared, reduce, stop
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

TODAY = date(2026, 4, 1)
NOTICE = TODAY + timedelta(days=28)
WHY = "Nobody asked me how my days are."
BECAUSE = "We had not seen the letter of the nurse. It changes what we think."


def holder(case: Case) -> Actor:
    return Actor(Role.HOLDER, user_id=UUID(int=77), person_id=case.person_id, display_name="Amina Okafor-Reyes")


def asked(world: World, case: Case, decision_id: UUID, *, on: date | None = None) -> UUID:
    return world.do(holder(case), lambda uow: ask_again(uow, decision_id, WHY), on=on)


def answering(asked_id: UUID, outcome: Outcome, day: date | None = None, weekly: int | None = None) -> Act:
    return lambda uow: answer_asked(uow, asked_id, Answer(outcome, BECAUSE, day, weekly))


def by_name(world: World, name: str) -> Actor:
    return getattr(world, name)


def phb_status(world: World, case: Case) -> str:
    return row(world, Phb, case.phb_id).status


def test_i02_a_refusal_that_is_reversed_does_not_bring_a_second_budget_for_the_same_reason(drafted: Copy) -> None:
    """Another was opened since: that one goes on, and somebody sees what must be put right."""
    world, case = drafted
    again = asked(world, case, issued(world, case, REFUSE))
    refused_one = row(world, Phb, case.phb_id)
    assert refused_one.eligibility_id is not None
    entry = phbs.PhbEntry(refused_one.eligibility_id, PhbKind.ONGOING)
    world.do(world.cm, lambda uow: phbs.open_phb(uow, case.person_id, entry))
    world.do(world.approver2, answering(again, Outcome.REVERSED))
    assert phb_status(world, case) == "REFUSED"
    (task,) = rows(world, Task, phb_id=case.phb_id, kind="DECISION_FOLLOWS")
    assert "but something changed since. See what must be put right." in task.sentence


def test_a_refusal_is_looked_at_again_and_reversed_and_the_case_goes_on(drafted: Copy) -> None:
    world, case = drafted
    before = row(world, Phb, case.phb_id)
    one = issued(world, case, REFUSE)
    again = asked(world, case, one)
    found = row(world, Reconsideration, again)
    assert (found.status, found.asker, found.how, found.words) == ("ASKED", "HOLDER", "PORTAL", WHY)
    assert found.due_on == TODAY + timedelta(days=28)
    world.do(world.approver2, answering(again, Outcome.REVERSED))
    after = row(world, Phb, case.phb_id)
    assert (after.status, after.ended_on, after.end_reason) == (before.status, None, "")
    assert decision(world, one).status == "REVERSED"
    (letter,) = letters(world, again)
    assert "It was wrong, and does not count any more." in letter.body
    assert BECAUSE in letter.body
    assert len(rows(world, Task, phb_id=case.phb_id, kind="DECISION_FOLLOWS")) == 1


def test_a_refusal_is_changed_and_the_case_goes_on_as_the_reasons_say(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    again = asked(world, case, one)
    world.do(world.approver2, answering(again, Outcome.CHANGED))
    assert (phb_status(world, case), decision(world, one).status) == ("PLANNING", "CHANGED")


def test_a_decision_that_stands_changes_nothing_but_is_told_with_reasons(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    again = asked(world, case, one)
    world.do(world.approver2, answering(again, Outcome.UPHELD))
    assert (phb_status(world, case), decision(world, one).status) == ("REFUSED", "IN_EFFECT")
    assert "It stays as it is." in letters(world, again)[0].body


@pytest.mark.parametrize("who", ["approver", "cm"])
def test_i24_refusal_10_whoever_prepared_or_approved_does_not_answer(drafted: Copy, who: str) -> None:
    world, case = drafted
    again = asked(world, case, issued(world, case, REFUSE))
    as_approver = replace(by_name(world, who), role=Role.APPROVER)
    said = refused(world, as_approver, answering(again, Outcome.UPHELD))
    assert said.startswith("You had a part in this decision")


def test_i24_whoever_recorded_that_it_was_asked_does_not_answer_either(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    entry = AskedEntry(Asker.HOLDER, "Amina Okafor-Reyes", How.TELEPHONE, TODAY, WHY)
    again = world.do(world.cm2, lambda uow: record_asked(uow, one, entry))
    said = refused(world, replace(world.cm2, role=Role.APPROVER), answering(again, Outcome.UPHELD))
    assert said.startswith("You had a part in this decision")
    world.do(world.approver2, answering(again, Outcome.UPHELD))


def test_the_clock_runs_from_the_day_it_was_asked_not_the_day_it_was_written_down(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    entry = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, TODAY + timedelta(days=2), WHY)
    again = world.do(world.cm, lambda uow: record_asked(uow, one, entry), on=TODAY + timedelta(days=9))
    assert row(world, Reconsideration, again).due_on == TODAY + timedelta(days=30)
    early = replace(entry, asked_on=TODAY - timedelta(days=1))
    said = refused(world, world.cm, lambda uow: record_asked(uow, one, early), on=TODAY)
    assert said == "The decision was issued after that day. Check the date."


def test_an_answer_without_reasons_is_refused(drafted: Copy) -> None:
    world, case = drafted
    again = asked(world, case, issued(world, case, REFUSE))
    said = refused(world, world.approver2, lambda uow: answer_asked(uow, again, Answer(Outcome.UPHELD, "No.")))
    assert said.startswith("Write the reasons to the person")


def test_it_is_asked_once_at_a_time_and_once_more_after_six_months(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    again = asked(world, case, one)
    said = refused(world, holder(case), lambda uow: ask_again(uow, one, WHY))
    assert said == "We are looking at this decision again already."
    world.do(world.approver2, answering(again, Outcome.UPHELD))
    said = refused(world, holder(case), lambda uow: ask_again(uow, one, WHY), on=date(2026, 9, 30))
    assert "You can ask once more from 1 October 2026." in said
    asked(world, case, one, on=date(2026, 10, 1))


def test_what_nobody_has_been_told_of_is_not_to_be_found_by_the_person(drafted: Copy) -> None:
    world, case = drafted
    one = prepared(world, case, REFUSE)
    assert refused(world, holder(case), lambda uow: ask_again(uow, one, WHY)) == "We could not find that."
    approve(world, one)
    asked(world, case, one)


def test_another_holder_finds_nothing(drafted: Copy) -> None:
    world, case = drafted
    one = issued(world, case, REFUSE)
    other = replace(holder(case), person_id=journey.add_person(world, number=journey.NUMBERS[3]))
    assert refused(world, other, lambda uow: ask_again(uow, one, WHY)) == "We could not find that."


def test_a_nominee_asks_about_the_money_they_are_paid_and_about_nothing_else(world: World) -> None:
    adult = journey.add_person(world)
    part = journey.nominee(world, adult)
    paid = StreamPlan(Method.DIRECT_PAYMENT, 65_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, paid, StreamPlan(Method.NOTIONAL, 40_000), person_id=adult)
    them = journey.user_of(world, part, Role.NOMINEE)
    theirs, other = (issued(world, case, reduce(one, 30_000, NOTICE)) for one in case.streams)
    again = world.do(them, lambda uow: ask_again(uow, theirs, WHY))
    assert row(world, Reconsideration, again).asker == Acting.NOMINEE.value
    assert refused(world, them, lambda uow: ask_again(uow, other, WHY)) == "We could not find that."


def test_a_stop_reversed_before_its_day_leaves_no_trace_on_the_money(direct: Paying) -> None:
    world, case = direct.world, direct.case
    before = row(world, Stream, direct.stream)
    one = issued(world, case, stop(NOTICE))
    again = asked(world, case, one)
    world.do(world.approver2, answering(again, Outcome.REVERSED), on=NOTICE - timedelta(days=1))
    after = row(world, Stream, direct.stream)
    assert (after.status, after.ends_on) == (before.status, before.ends_on)
    assert phb_status(world, case) == "SETUP"
    tick(world.engine, now=at(NOTICE))
    assert row(world, Stream, direct.stream).status == before.status


def test_a_stop_that_is_changed_takes_effect_on_the_later_day(direct: Paying) -> None:
    world, case = direct.world, direct.case
    one = issued(world, case, stop(NOTICE))
    again = asked(world, case, one)
    later = NOTICE + timedelta(days=28)
    assert "must be later" in refused(world, world.approver2, answering(again, Outcome.CHANGED, NOTICE))
    assert "Say what is changed" in refused(world, world.approver2, answering(again, Outcome.CHANGED))
    world.do(world.approver2, answering(again, Outcome.CHANGED, later))
    assert row(world, Stream, direct.stream).ends_on == later - timedelta(days=1)
    tick(world.engine, now=at(NOTICE))
    assert phb_status(world, case) == "STOPPING"
    tick(world.engine, now=at(later))
    assert (phb_status(world, case), decision(world, one).status) == ("CLOSING", "IN_EFFECT")


def test_a_reduction_in_effect_is_changed_to_an_amount_between_and_reversed_to_the_whole(direct: Paying) -> None:
    world, case = direct.world, direct.case
    one = issued(world, case, reduce(direct.stream, 100_000, NOTICE))
    tick(world.engine, now=at(NOTICE))
    again = asked(world, case, one, on=NOTICE)
    said = refused(world, world.approver2, answering(again, Outcome.CHANGED, None, 130_000), on=NOTICE)
    assert "between the reduced one and the one before" in said
    world.do(world.approver2, answering(again, Outcome.CHANGED, None, 110_000), on=NOTICE)
    assert row(world, Stream, direct.stream).weekly_pence == 110_000
    entry = AskedEntry(Asker.HOLDER, "Amina", How.MEETING, NOTICE + timedelta(days=30), WHY)
    once_more = world.do(world.cm, lambda uow: record_asked(uow, one, entry), on=entry.asked_on)
    world.do(world.approver2, answering(once_more, Outcome.REVERSED), on=entry.asked_on)
    assert row(world, Stream, direct.stream).weekly_pence == 125_000
    reference = direct.record(NOTICE, NOTICE + timedelta(days=27), key="back", on=NOTICE + timedelta(days=30))
    assert payment(world, reference).amount_pence == 500_000 + 59_800


def test_staff_record_that_it_need_not_be_looked_at_again(drafted: Copy) -> None:
    world, case = drafted
    again = asked(world, case, issued(world, case, REFUSE))
    world.do(world.cm, lambda uow: withdraw_asked(uow, again))
    said = refused(world, world.approver2, answering(again, Outcome.UPHELD))
    assert said.startswith("This is withdrawn already.")
    assert rows(world, Decision)[0].reasons == REASONS
