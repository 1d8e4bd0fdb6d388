"""Yearly uplifts: prepared, chosen, proposed by one and approved by another, written once, in effect on their day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.reconsiderations import Asker, How, Outcome
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.domain.tasks import UPLIFT_OVERTAKEN
from phbportal.domain.uplifts import ItemStatus
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.uplifts import Hands, figures_of, people_of, stopped, streams_not_raised, to_approve
from phbportal.services import budgets, plans, uplift_effects, uplift_sums, uplifts
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.jobs import LOST, LOST_AFTER, MOST_LOST, claim, run_one
from phbportal.services.payment_preview import preview_payment
from phbportal.services.payments import PaymentEntry
from phbportal.services.reconsiderations import Answer, AskedEntry, answer_asked, record_asked
from phbportal.services.tick import tick
from phbportal.services.uplift_effects import JOB
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.phbs import Task
from phbportal.tables.settings import Job, PolicySetting
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import Assignment
from tests.queries.worlds import Worlds
from tests.services.asking import balances, payment, refused, row, rows
from tests.services.deciding import REASONS, issued, reduce, suspend
from tests.services.raising import MARCH, ON, agreed, approve, items, prepare, propose, two_budgets
from tests.services.test_budgets_that_grow import agree, more
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import World, add_staff, at

NEXT = date(2027, 4, 5), date(2027, 5, 2)
Two = tuple[World, list[Case]]


@pytest.fixture
def two(worlds: Worlds, kind: str) -> Iterator[Two]:
    with worlds.copy(kind, "two", two_budgets) as copy:
        yield copy


def test_what_more_comes_to_in_a_year_is_counted_as_the_board_counts_it(two: Two) -> None:
    world, _cases = two
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="plan_year_weeks", value="DAYS_365", starts_on=ON)
    _one, other = items(world, prepare(world))
    assert other.more_yearly_pence == 85_514  # £16.40 a week: × 365 ÷ 7 = £855.142…


def test_every_live_budget_is_listed_with_its_sum_and_what_it_comes_to(two: Two) -> None:
    world, (first, _second) = two
    uplift = prepare(world)
    one, other = items(world, uplift)
    assert (one.stream_id, one.before_pence, one.after_pence) == (first.streams[0], 98_000, 102_018)
    assert one.working == "4.1% more on prices and amounts. £980.00 a week becomes £1,020.18."
    assert (other.after_pence, other.more_yearly_pence) == (41_640, 1_640 * 52)
    with world.unit(world.finance, on=MARCH, writes=False) as uow:
        found = figures_of(uow.session, uow.actor, uow.today, [uplift])[uplift]
    assert (found.budgets, found.weekly_pence, found.exceptions) == (2, 4_018 + 1_640, 0)


def test_a_caseload_is_worked_out_in_stretches(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _cases = two
    stretches: list[int] = []
    monkeypatch.setattr(uplift_sums, "parts_of", lambda found: [[one] for one in found])
    insert = uplifts.insert_many
    monkeypatch.setattr(uplifts, "insert_many", lambda *given: (stretches.append(len(given[2])), insert(*given)))
    assert len(items(world, prepare(world))) == 2
    assert stretches == [1, 1]


def test_t03_from_proposal_to_arrears(two: Two) -> None:
    world, (first, _second) = two
    agreed(world)
    stream = first.streams[0]
    assert row(world, Stream, stream).weekly_pence == 98_000
    assert tick(world.engine, now=at(ON)) == 2
    assert row(world, Stream, stream).weekly_pence == 102_018
    last_year, this = (98_000 * 353 + 3) // 7, (102_018 * 366 + 3) // 7
    assert balances(world, first).available_pence == last_year + this - 392_000
    with world.unit(world.finance, on=NEXT[0], writes=False) as uow:
        found = preview_payment(uow, stream, PaymentEntry(*NEXT))
    assert found.amount_pence == 408_072 + 2_296
    assert "£22.96 is added, because days paid before come to more now." in found.words


def test_a_version_is_written_from_the_day_and_the_one_before_holds_until_then(two: Two) -> None:
    world, (first, _second) = two
    agreed(world)
    old, new = rows(world, BudgetVersion, phb_id=first.phb_id)
    assert (old.status, new.status, new.kind, new.starts_on) == ("APPROVED", "APPROVED", "CHANGE", ON)
    assert new.weekly_pence == 102_018
    assert sum(line.weekly_pence for line in rows(world, BudgetLine, budget_id=new.id)) == 102_018
    assert (new.prepared_by, new.approved_by) == (world.finance.user_id, world.approver.user_id)
    tick(world.engine, now=at(ON))
    assert [one.status for one in rows(world, BudgetVersion, phb_id=first.phb_id)] == ["SUPERSEDED", "APPROVED"]
    (letter,) = rows(world, Letter, about_id=new.id)
    assert "From 1 April 2027 it is £1,020.18 a week, in place of £980.00 a week." in letter.body
    assert "Why: The board’s uplift for 2027/28" in letter.body
    assert "look at this decision again" not in letter.body
    assert len(rows(world, OutboxItem, letter_id=letter.id)) == 1


def test_late_is_paid_as_arrears_and_the_year_that_was_set_aside_is_raised(two: Two) -> None:
    world, (_first, second) = two
    tick(world.engine, now=at(ON))
    before = balances(world, second).available_pence
    agreed(world, on=date(2027, 4, 20))
    assert row(world, Stream, second.streams[0]).weekly_pence == 41_640
    old, new = (40_000 * 366 + 3) // 7, (41_640 * 366 + 3) // 7
    assert balances(world, second).available_pence == before + new - old


def test_a_budget_that_grew_since_the_approval_beyond_what_was_approved_is_not_raised_but_looked_at(two: Two) -> None:
    """Each rise is within one approver's limit, both together are not: nobody has approved the whole."""
    world, (first, second) = two
    later = replace(world, today=MARCH)
    with world.unit(SYSTEM, on=MARCH) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="second_approver_over_weekly_pence", value="102018",
                starts_on=date(2027, 1, 1))  # fmt: skip
    uplift = prepare(world)
    propose(world, uplift)
    approve(world, uplift)
    agree(later, more(later, first, weekly=4_000, starts=MARCH))
    assert sum(one.weekly_pence for one in rows(world, Stream, phb_id=first.phb_id)) == 102_000
    uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
    found = {item.phb_id: item.status for item in items(world, uplift)}
    assert found == {first.phb_id: "OVERTAKEN", second.phb_id: "WRITTEN"}
    (task,) = rows(world, Task, phb_id=first.phb_id, kind=UPLIFT_OVERTAKEN)
    assert "was not raised from 1 April 2027, because something changed first" in task.sentence


def test_killed_half_way_it_goes_on_and_nothing_is_written_twice(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _cases = two
    uplift = prepare(world)
    propose(world, uplift)
    approve(world, uplift)
    write, calls = uplift_effects._write_budget, []

    def dies(*given: Any) -> bool:
        calls.append(given)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return write(*given)

    monkeypatch.setattr(uplift_effects, "_write_budget", dies)
    with pytest.raises(KeyboardInterrupt):
        uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
    assert sorted(item.status for item in items(world, uplift)) == ["CHOSEN", "WRITTEN"]
    monkeypatch.undo()
    for _again in range(2):
        tick(world.engine, now=at(MARCH + timedelta(days=1)))
    assert run_one(world.engine, {uplift_effects.JOB: uplift_effects.write_uplift})
    assert [item.status for item in items(world, uplift)] == ["WRITTEN", "WRITTEN"]
    assert row(world, Uplift, uplift).status == "DONE"
    assert len([one for one in rows(world, BudgetVersion) if one.kind == "CHANGE"]) == 2
    assert len(rows(world, Letter)) == 2
    assert [job.outcome for job in rows(world, Job, kind="uplift")] == ["0 budgets raised."]
    for _again in range(2):
        tick(world.engine, now=at(ON))
    assert [item.status for item in items(world, uplift)] == ["IN_EFFECT", "IN_EFFECT"]


def test_an_uplift_whose_writing_stopped_says_so_and_goes_on_when_somebody_has_it_go_on(
    two: Two, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    world, _cases = two
    uplift = prepare(world)
    propose(world, uplift)
    approve(world, uplift)
    does, give_up = {JOB: uplift_effects.write_uplift}, {JOB: uplift_effects.give_up_uplift}
    for time in range(MOST_LOST):
        assert claim(world.engine, (JOB,), now=datetime.now(UTC) - LOST_AFTER * 2 * (MOST_LOST - time)) is not None
    assert run_one(world.engine, does, give_up=give_up)
    said = row(world, Uplift, uplift)
    assert (said.status, said.problem) == (
        "APPROVED", f"{LOST} What is written stays. Choose “Write the rest” to go on.",
    )  # fmt: skip
    with world.unit(world.finance, writes=False) as uow:
        (item,) = stopped(uow.session, world.finance, MARCH).items
    assert (item.title, item.status) == ("Write the rest of the uplift from 1 April 2027", "Stopped")
    tick(world.engine, now=at(MARCH + timedelta(days=1)))
    assert {one.status for one in items(world, uplift)} == {"CHOSEN"}, "the night does not run into it too"

    def go_on(uow: Any) -> None:
        uplifts.write_the_rest(uow, uplift, {})

    assert refused(world, world.cm, go_on)
    world.do(world.finance, go_on)
    assert "has not stopped" in refused(world, world.finance, go_on)
    monkeypatch.setattr(uplift_effects, "write_all", lambda *_: 1 // 0)
    assert run_one(world.engine, does, give_up=give_up)
    assert row(world, Uplift, uplift).problem == (
        "The portal has a problem. What is written stays. Choose “Write the rest” to go on."
    )
    monkeypatch.undo()
    world.do(world.finance, go_on)
    assert run_one(world.engine, does)
    assert {one.status for one in items(world, uplift)} == {"WRITTEN"}
    assert (row(world, Uplift, uplift).status, row(world, Uplift, uplift).problem) == ("DONE", None)


def test_i12_who_proposed_does_not_approve_and_nobody_approves_twice(two: Two) -> None:
    world, _cases = two
    uplift = prepare(world)
    propose(world, uplift)
    both = replace(world.approver, user_id=world.finance.user_id)
    said = refused(world, both, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=MARCH)
    assert said.startswith("You proposed this")
    assert refused(world, world.finance2, lambda uow: uplifts.approve_uplift(uow, uplift, {})).startswith("Only an")
    approve(world, uplift)
    said = refused(world, world.approver2, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=MARCH)
    assert said == "You cannot approve this uplift: it is “Approved, being written”. Reload the page."


def on_the_list(world: World, approver: Actor) -> list[str]:
    with world.unit(approver, on=MARCH, writes=False) as uow:
        return [item.title for item in to_approve(uow.session, uow.actor, uow.today).items]


def hands(world: World, uplift: Any) -> Hands:
    with world.unit(world.finance2, on=MARCH, writes=False) as uow:
        return people_of(uow.session, uow.actor, uow.today, [uplift])[uplift]


def test_an_approver_needs_a_limit_and_above_the_boards_two_are_needed(two: Two) -> None:
    world, _cases = two
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="second_approver_over_weekly_pence", value="100000",
                starts_on=date(2027, 1, 1))  # fmt: skip
    uplift = prepare(world)
    propose(world, uplift)
    low = replace(world.approver, sign_off_limit_pence=102_017)
    said = refused(world, low, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=MARCH)
    assert said.startswith("This is above your sign-off limit.")
    assert [on_the_list(world, who) for who in (low, world.approver)] == [[], ["Uplift from 1 April 2027"]]
    assert hands(world, uplift) == Hands(world.finance.display_name, "", "")
    approve(world, uplift)
    assert row(world, Uplift, uplift).status == "PROPOSED"
    assert hands(world, uplift) == Hands(world.finance.display_name, world.approver.display_name, "")
    said = refused(world, world.approver, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=MARCH)
    assert said.startswith("You approved this as the first of two")
    approve(world, uplift, by=world.approver2)
    assert row(world, Uplift, uplift).status == "APPROVED"
    assert hands(world, uplift).approved == world.approver2.display_name


def test_a_limit_is_measured_by_what_the_budgets_come_to_when_it_is_approved(two: Two) -> None:
    world, (first, _second) = two
    uplift = prepare(world)
    propose(world, uplift)
    with world.unit(SYSTEM, on=MARCH) as uow:
        uow.change(uow.session.get_one(Stream, first.streams[0]), weekly_pence=150_000)
    low = replace(world.approver, sign_off_limit_pence=150_000)
    said = refused(world, low, lambda uow: uplifts.approve_uplift(uow, uplift, {}), on=MARCH)
    assert said == "This is above your sign-off limit. Ask an approver with a higher limit."
    approve(world, uplift, by=replace(low, sign_off_limit_pence=154_018))
    assert row(world, Uplift, uplift).largest_pence == 154_018


def test_the_first_of_two_whose_limit_dropped_since_counts_no_more(two: Two) -> None:
    world, _cases = two
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="second_approver_over_weekly_pence", value="100000",
                starts_on=date(2027, 1, 1))  # fmt: skip
        third = add_staff(uow, "approver3", Role.APPROVER, world.icb, MARCH)
    uplift = prepare(world)
    propose(world, uplift)
    approve(world, uplift)
    with world.unit(SYSTEM, on=MARCH) as uow:
        uow.change(uow.session.get_one(Assignment, world.approver.assignment_id), sign_off_limit_pence=102_017)
    approve(world, uplift, by=world.approver2)
    waits = row(world, Uplift, uplift)
    assert (waits.status, waits.first_by) == ("PROPOSED", world.approver2.user_id)
    approve(world, uplift, by=third)
    assert row(world, Uplift, uplift).status == "APPROVED"


def test_whoever_chose_or_proposed_before_does_not_approve_in_another_role(two: Two) -> None:
    world, _cases = two
    both = replace(world.finance2, role=Role.APPROVER)
    uplift = prepare(world)
    first = items(world, uplift)[0].id
    for act in (uplifts.leave_out, uplifts.put_back):
        world.do(world.finance2, lambda uow, act=act: act(uow, first, {}), on=MARCH)
    propose(world, uplift)
    approving = lambda uow: uplifts.approve_uplift(uow, uplift, {})  # noqa: E731
    assert refused(world, both, approving, on=MARCH).startswith("You chose budgets of this uplift")

    world.do(world.approver, lambda uow: uplifts.return_uplift(uow, uplift, {"why": "See the nights."}), on=MARCH)
    again = lambda uow: uplifts.propose_uplift(uow, uplift, {})  # noqa: E731
    third = replace(world.cm2, role=Role.FINANCE)
    for one in (third, world.finance):
        world.do(one, again, on=MARCH)
        if one is third:
            world.do(world.approver, lambda uow: uplifts.return_uplift(uow, uplift, {"why": "Again."}), on=MARCH)
    assert refused(world, replace(third, role=Role.APPROVER), approving, on=MARCH).startswith("You chose budgets of")
    approve(world, uplift)
    assert row(world, Uplift, uplift).status == "APPROVED"


def test_exceptions_are_listed_with_why_and_some_may_be_left_out(two: Two) -> None:
    world, (first, second) = two
    issued(world, first, suspend(date(2027, 3, 1)), on=date(2027, 1, 20))
    carry_out_decisions(world.engine, now=at(date(2027, 3, 1)))
    uplift = prepare(world)
    held, nights = items(world, uplift)
    assert (held.status, held.why, nights.status) == ("EXCEPTION", "SUSPENDED", "CHOSEN")
    said = refused(world, world.finance, lambda uow: uplifts.put_back(uow, held.id, {}), on=MARCH)
    assert said.startswith("An exception is changed on the budget itself.")
    world.do(world.finance, lambda uow: uplifts.leave_out(uow, nights.id, {}), on=MARCH)
    assert refused(world, world.finance, lambda uow: uplifts.propose_uplift(uow, uplift, {}), on=MARCH) == (
        "Choose at least one budget to raise."
    )
    world.do(world.finance, lambda uow: uplifts.put_back(uow, nights.id, {}), on=MARCH)
    propose(world, uplift)
    said = refused(world, world.finance, lambda uow: uplifts.leave_out(uow, nights.id, {}), on=MARCH)
    assert said.startswith("This uplift is proposed or decided")
    assert second.streams == [nights.stream_id]


def test_a_price_agreed_by_hand_is_an_exception_until_it_is_not(two: Two) -> None:
    world, (_first, second) = two
    stream = second.streams[0]
    note = {"agreed": "With the agency, until March 2028"}
    world.do(world.finance, lambda uow: uplifts.agree_by_hand(uow, stream, note), on=MARCH)
    uplift = prepare(world)
    found = {item.stream_id: (item.status, item.why, item.working) for item in items(world, uplift)}
    assert found[stream] == ("EXCEPTION", "HAND_AGREED", "With the agency, until March 2028")
    world.do(world.finance, lambda uow: uplifts.withdraw_uplift(uow, uplift, {}), on=MARCH)
    world.do(world.finance, lambda uow: uplifts.free_price(uow, stream, {}), on=MARCH)
    again = prepare(world)
    assert [item.status for item in items(world, again)] == ["CHOSEN", "CHOSEN"]


def test_what_is_returned_says_why_and_is_proposed_again(two: Two) -> None:
    world, _cases = two
    uplift = prepare(world)
    propose(world, uplift)
    world.do(world.approver, lambda uow: uplifts.return_uplift(uow, uplift, {"why": "Without nights."}), on=MARCH)
    found = row(world, Uplift, uplift)
    assert (found.status, found.return_reason) == ("RETURNED", "Without nights.")
    propose(world, uplift)
    approve(world, uplift)


def test_a_reduction_that_is_issued_first_overtakes_it(two: Two) -> None:
    world, (first, _second) = two
    agreed(world)
    day = ON - timedelta(days=1)
    decision = reduce(first.streams[0], 90_000, date(2027, 4, 10))
    issued(world, first, decision, on=MARCH)
    tick(world.engine, now=at(ON))
    mine = next(item for item in rows(world, UpliftItem) if item.stream_id == first.streams[0])
    assert mine.status == ItemStatus.OVERTAKEN
    assert row(world, Stream, first.streams[0]).weekly_pence == 98_000
    tasks = [task.sentence for task in rows(world, Task, phb_id=first.phb_id) if task.kind == "UPLIFT_OVERTAKEN"]
    assert tasks == [f"{first.reference} was not raised from 1 April 2027, because something changed first. "
                     "See whether it still should be."]  # fmt: skip
    assert balances(world, first).available_pence > 0
    assert day < ON


@pytest.mark.parametrize("in_effect", [False, True])
def test_a_reduction_below_it_that_is_reversed_takes_the_uplift_out(two: Two, in_effect: bool) -> None:
    world, (first, _second) = two
    stream, day, issued_on = first.streams[0], date(2027, 2, 8), date(2027, 1, 8)
    decision = issued(world, first, reduce(stream, 90_000, day), on=issued_on)
    tick(world.engine, now=at(day))
    uplift = agreed(world)
    later = date(2027, 4, 5) if in_effect else date(2027, 3, 15)
    tick(world.engine, now=at(later))
    assert row(world, Stream, stream).weekly_pence == (93_690 if in_effect else 90_000)
    entry = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, later, "I do not agree.")
    asked = world.do(world.cm, lambda uow: record_asked(uow, decision, entry), on=later)
    world.do(world.approver2, lambda uow: answer_asked(uow, asked, Answer(Outcome.REVERSED, REASONS)), on=later)
    assert row(world, Stream, stream).weekly_pence == 98_000
    assert [item.status for item in items(world, uplift) if item.stream_id == stream] == ["OVERTAKEN"]
    with world.unit(world.finance, on=later, writes=False) as uow:
        found = preview_payment(uow, stream, PaymentEntry(*NEXT))
    assert found.amount_pence == 392_000
    last_year, this = (98_000 * 353 + 3) // 7, (98_000 * 366 + 3) // 7
    assert balances(world, first).available_pence == last_year + (this if in_effect else 0) - 392_000


def test_a_reduction_issued_before_it_is_written_overtakes_it(two: Two) -> None:
    world, (first, _second) = two
    uplift = prepare(world, date(2027, 2, 1))
    issued(world, first, reduce(first.streams[0], 90_000, date(2027, 3, 22)), on=date(2027, 2, 8))
    propose(world, uplift)
    approve(world, uplift)
    uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
    assert [item.status for item in items(world, uplift)] == ["OVERTAKEN", "WRITTEN"]


def test_a_budget_that_grew_since_it_was_worked_out_keeps_the_sums_of_its_lines(two: Two) -> None:
    """The lines that were worked out are copied into the version that grew: what is raised is still each of them."""
    world, (first, _second) = two
    march = replace(world, today=MARCH)
    uplift = prepare(world)
    propose(world, uplift)
    with march.unit(march.cm) as uow:
        plan = plans.start_plan(uow, first.phb_id).id
        entry = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, MARCH, Frequency.FOUR_WEEKLY)
        nights = budgets.add_stream(uow, plan, entry)
        budgets.add_line(uow, plan, budgets.LineEntry(nights, LineType.AGENCY, 10_000, 0))
    grown = replace(first, plan_id=plan)
    journey.submit(march, grown)
    journey.sign_off(march, grown)
    journey.approve(march, grown)
    approve(world, uplift)
    uplift_effects.write_all(world.engine, uplift, now=at(MARCH))
    last = max(rows(world, BudgetVersion, phb_id=first.phb_id), key=lambda one: one.version)
    lines = rows(world, BudgetLine, budget_id=last.id)
    assert sorted((one.weekly_pence, one.working or "") for one in lines) == [(10_000, ""), (102_018, "")]


def test_days_and_second_uplifts_and_nothing_to_raise_are_refused(two: Two) -> None:
    world, _cases = two
    prepare(world)
    again = refused(world, world.finance, lambda uow: uplifts.prepare_uplift(uow, {"effective_on": ON}), on=MARCH)
    assert again == "An uplift from that day is being prepared or decided already. Open that one."
    far = {"effective_on": date(2029, 4, 1)}
    assert refused(world, world.finance, lambda uow: uplifts.prepare_uplift(uow, far), on=MARCH).endswith("the year.")
    none = {"effective_on": date(2026, 12, 1)}
    said = refused(world, world.finance, lambda uow: uplifts.prepare_uplift(uow, none), on=date(2026, 12, 1))
    assert said.startswith("No budget would be raised from that day.")


def test_the_tile_counts_streams_until_they_are_raised(two: Two) -> None:
    world, _cases = two

    def left() -> int:
        with world.unit(world.finance, on=MARCH, writes=False) as uow:
            return streams_not_raised(uow.session, uow.actor, uow.today)

    assert left() == 2
    agreed(world)
    assert left() == 0
    assert payment(world, rows_of_payment(world)).regular_pence == 392_000


def rows_of_payment(world: World) -> str:
    from phbportal.tables.payments import PaymentItem

    return rows(world, PaymentItem)[0].reference
