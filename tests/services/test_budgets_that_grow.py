"""More money, or another way of managing it, for a budget that runs: by a new version of its plan (ADR 0035)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.budgets import BudgetKind, BudgetStatus, LineType
from phbportal.domain.decisions import Ground
from phbportal.domain.funding import Funder, Share
from phbportal.domain.ledger import available
from phbportal.domain.periods import Rate as WeeklyRate
from phbportal.domain.periods import commitment, part_period
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import approvals, budget_versions, budgets, plans
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.funders import set_shares
from phbportal.services.policies import whole_setting
from phbportal.services.tick import tick
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.funding import FundingShare
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting
from tests.services.asking import Paying, balance, refused, row, rows
from tests.services.deciding import issued, reduce, stop
from tests.services.quick import mixed, quick_world
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import World, at

JUNE, MARCH = date(2026, 6, 1), date(2027, 3, 31)
NIGHTS = 40_000


@pytest.fixture
def live(direct: Paying) -> Paying:
    """£1,250.00 a week by direct payment from 13 April, paid to 3 May."""
    direct.confirm(direct.record())
    return direct


def more(world: World, case: Case, weekly: int = NIGHTS, starts: date = JUNE, one_off: int = 0) -> Case:
    """A new version of the plan with notional nights beside what runs, being written."""
    entry = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, starts, Frequency.FOUR_WEEKLY)
    with world.unit(world.cm) as uow:
        plan = plans.start_plan(uow, case.phb_id)
        stream = budgets.add_stream(uow, plan.id, entry)
        budgets.add_line(uow, plan.id, budgets.LineEntry(stream, LineType.AGENCY, weekly, one_off))
    return replace(case, plan_id=plan.id, streams=[*case.streams, stream])


def agree(world: World, case: Case) -> None:
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)


def versions(world: World, case: Case) -> list[BudgetVersion]:
    return rows(world, BudgetVersion, phb_id=case.phb_id)


def test_a_new_version_of_the_plan_adds_to_what_runs_and_sets_the_rest_of_the_year_aside(live: Paying) -> None:
    world = live.world
    before, running = balance(world, available(live.case.phb_id)), row(world, Stream, live.stream)
    case = more(world, live.case, one_off=5_000)
    agree(world, case)
    added = part_period([WeeklyRate(NIGHTS, JUNE)], JUNE, MARCH) + 5_000
    assert balance(world, available(case.phb_id)) == before + added
    _first, second = versions(world, case)
    assert (second.kind, second.status, second.weekly_pence) == ("CHANGE", "APPROVED", 125_000 + NIGHTS)
    lines = rows(world, BudgetLine, budget_id=second.id)
    assert sorted((one.stream_id, one.weekly_pence) for one in lines) == sorted(
        [(live.stream, 125_000), (case.streams[-1], NIGHTS)]
    )
    after = row(world, Stream, live.stream)
    assert (after.status, after.weekly_pence, after.row_version) == ("ACTIVE", 125_000, running.row_version)
    assert row(world, Stream, case.streams[-1]).status == "AGREED"
    assert row(world, Phb, case.phb_id).status == PhbStatus.ACTIVE


def test_who_pays_is_taken_over_and_a_limit_is_measured_by_the_whole(live: Paying) -> None:
    world = live.world
    with world.unit(world.admin) as uow:
        own = rows(world, PolicySetting, icb_id=world.icb, name="second_approver_over_weekly_pence")[0]
        uow.change(uow.session.get_one(PolicySetting, own.id), value="150000")
        assert whole_setting(uow, world.icb, "second_approver_over_weekly_pence") == 150_000
    case = more(world, live.case)
    shares = [Share(Funder.HEALTH, weight=60), Share(Funder.SOCIAL_CARE, weight=40)]
    world.do(world.cm, lambda uow: set_shares(uow, case.plan_id, shares))
    journey.submit(world, case)
    journey.sign_off(world, case)
    assert world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id)) is False
    assert world.do(world.approver2, lambda uow: approvals.approve_plan(uow, case.plan_id)) is True
    third = more(world, replace(case), weekly=1_000, starts=date(2026, 7, 1))
    found = rows(world, FundingShare, budget_id=versions(world, third)[-1].id)
    assert [(one.funder, one.weight) for one in found] == [("HEALTH", 60), ("SOCIAL_CARE", 40)]


def test_the_next_year_is_set_aside_with_what_was_added_and_not_with_what_is_only_proposed(live: Paying) -> None:
    world = live.world
    case = more(world, live.case)
    agree(world, case)
    more(world, case, weekly=99_900, starts=date(2026, 7, 1))
    before = balance(world, available(case.phb_id))
    assert tick(world.engine, now=at(date(2027, 4, 1), 2)) == 1
    whole = sum(commitment(pence, JUNE, None, 0, date(2027, 4, 1)) for pence in (125_000, NIGHTS))
    assert balance(world, available(case.phb_id)) == before + whole


def test_the_care_that_takes_a_stopped_stream_s_place_can_be_agreed_first(live: Paying) -> None:
    """I25: a stream that was in no budget before is the replacement."""
    world = live.world
    case = more(world, live.case, weekly=125_000)
    agree(world, case)
    instead = {"replacement_id": case.streams[-1], "no_replacement": ""}
    issued(world, case, stop(JUNE, stream_id=live.stream, ground=Ground.NOMINEE_WITHDREW, **instead))
    assert row(world, Stream, live.stream).status == "STOPPING"


def test_while_an_amount_is_to_change_nothing_is_added_before_the_day(live: Paying) -> None:
    world = live.world
    issued(world, live.case, reduce(live.stream, 100_000, JUNE))
    case = more(world, live.case)
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))
    assert said == (
        "The money of this budget changes on 1 June 2026 already, by a decision or the yearly uplift. "
        "Send this after that day."
    )


def test_what_runs_and_changed_since_it_was_sent_is_sent_again(live: Paying) -> None:
    world = live.world
    case = more(world, live.case)
    journey.submit(world, case)
    journey.sign_off(world, case)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Stream, live.stream), weekly_pence=120_000)
    said = refused(world, world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert said == "What runs already has changed since this was sent. Return it, to be sent again."
    why = "What runs already is another amount now."
    world.do(world.approver, lambda uow: plans.return_plan(uow, case.plan_id, reason=why))
    agree(world, case)
    assert versions(world, case)[-1].weekly_pence == 120_000 + NIGHTS


@pytest.mark.parametrize("status", [PhbStatus.STOPPING, PhbStatus.CLOSING])
def test_a_budget_that_is_ending_does_not_grow(live: Paying, status: PhbStatus) -> None:
    with live.world.unit(live.world.cm) as uow:
        plan = plans.start_plan(uow, live.case.phb_id).id
        uow.change(uow.find(Phb, live.case.phb_id), status=status.value)
    entry = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, JUNE, Frequency.FOUR_WEEKLY)
    said = refused(live.world, live.world.cm, lambda uow: budgets.add_stream(uow, plan, entry))
    assert said == "This budget is ending, so nothing can be added to it."


@settings(max_examples=15, deadline=None)
@given(weekly=st.integers(1, 120_000), later=st.integers(0, 300), once=st.integers(0, 90_000))
def test_every_penny_added_is_set_aside_for_its_days_once(weekly: int, later: int, once: int) -> None:
    starts = date(2026, 4, 6) + timedelta(days=later)
    with quick_world(mixed) as (world, case):
        before = balance(world, available(case.phb_id))
        grown = more(world, case, weekly, starts, once)
        agree(world, grown)
        assert balance(world, available(case.phb_id)) == before + commitment(weekly, starts, None, once, starts)
        last = versions(world, grown)[-1]
        assert (last.kind, last.status) == (BudgetKind.CHANGE, BudgetStatus.APPROVED)
        assert sum(one.weekly_pence for one in rows(world, BudgetLine, budget_id=last.id)) == last.weekly_pence


def test_a_stream_whose_last_day_has_passed_is_not_counted_in(live: Paying) -> None:
    """It waits a payment cycle to be wound down, and costs nothing any more (I03)."""
    world, phb_id, last = live.world, live.case.phb_id, date(2026, 5, 31)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Stream, live.stream), ends_on=last)
    for day, weekly, running in ((last, 125_000, [live.stream]), (last + timedelta(days=1), 0, list[UUID]())):
        with world.unit(world.cm, on=day) as uow:
            assert budget_versions.carried(uow, phb_id)[0] == weekly
            assert [stream.id for stream in budget_versions.running_streams(uow, phb_id)] == running


def test_what_is_agreed_last_is_the_last_version_whenever_its_writing_began(live: Paying) -> None:
    """A reduction takes effect while a plan is being written: the plan's version is what counts from its approval."""
    case = more(live.world, live.case, one_off=5_000)
    shares = [Share(Funder.HEALTH, weight=60), Share(Funder.SOCIAL_CARE, weight=40)]
    live.world.do(live.world.cm, lambda uow: set_shares(uow, case.plan_id, shares))
    issued(live.world, live.case, reduce(live.stream, 100_000, JUNE))
    carry_out_decisions(live.world.engine, now=at(JUNE, 2))
    world = replace(live.world, today=JUNE)
    agree(world, case)
    found = sorted(versions(world, case), key=lambda one: one.version)
    assert [(one.status, one.weekly_pence, one.one_off_pence) for one in found] == [
        ("SUPERSEDED", 125_000, 59_800), ("SUPERSEDED", 100_000, 59_800),
        ("APPROVED", 100_000 + NIGHTS, 59_800 + 5_000),
    ]  # fmt: skip
    assert len(rows(world, FundingShare, budget_id=found[-1].id)) == 2
    third = more(world, case, weekly=1_000, one_off=100)
    assert max(one.one_off_pence for one in versions(world, third)) == 59_800 + 5_000 + 100


def test_what_was_begun_before_a_budget_is_stopped_is_not_agreed_after_it(live: Paying) -> None:
    world = live.world
    case = more(world, live.case)
    journey.submit(world, case)
    journey.sign_off(world, case)
    issued(world, live.case, stop(JUNE))
    said = refused(world, world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert said == "This budget is ending, so nothing can be added to it."


def test_days_before_the_first_year_of_the_budget_are_set_aside(live: Paying) -> None:
    """The budget began on 13 April 2026; what is added began on 9 March."""
    world, began = live.world, date(2026, 3, 9)
    before = balance(world, available(live.case.phb_id))
    agree(world, more(world, live.case, starts=began))
    added = sum(commitment(NIGHTS, began, None, 0, on) for on in (began, JUNE))
    assert balance(world, available(live.case.phb_id)) == before + added


@pytest.mark.parametrize("ran_out", [True, False], ids=["nothing ran any more", "the night was missed"])
def test_a_year_nothing_was_set_aside_for_is_set_aside_with_what_is_added_once(live: Paying, ran_out: bool) -> None:
    """What follows a stream that ended is agreed after 1 April, when there was nothing to set aside; or the nights
    since were missed, and the whole year is."""
    later, next_year = date(2027, 4, 12), date(2027, 4, 1)
    world = replace(live.world, today=later)
    if ran_out:
        with world.unit(world.cm) as uow:
            uow.change(uow.find(Stream, live.stream), ends_on=MARCH)
        assert tick(world.engine, now=at(next_year, 2)) == 0
    before = balance(world, available(live.case.phb_id))
    agree(world, more(world, live.case, starts=later))
    goes_on = 0 if ran_out else commitment(125_000, date(2026, 4, 13), None, 0, later)
    set_aside = before + goes_on + commitment(NIGHTS, later, None, 0, later)
    assert balance(world, available(live.case.phb_id)) == set_aside
    assert tick(world.engine, now=at(later + timedelta(days=1), 2)) == 0
    assert balance(world, available(live.case.phb_id)) == set_aside
