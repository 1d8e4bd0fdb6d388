"""A reduction inside a cycle: a version of the budget from its day, the year's money, the next payment (T19)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from uuid import UUID

import pytest

from phbportal.domain.decisions import DecisionKind, Ground
from phbportal.domain.funding import Funder, Share
from phbportal.domain.plan_year import PlanYear
from phbportal.domain.reconsiderations import Asker, How, Outcome
from phbportal.domain.streams import Method
from phbportal.queries.reduction_working import reduction_working
from phbportal.services.budgets import StreamEntry, add_stream
from phbportal.services.decisions import DecisionEntry, prepare_again, return_decision
from phbportal.services.funders import set_shares
from phbportal.services.payment_preview import preview_payment
from phbportal.services.payments import PaymentEntry
from phbportal.services.reconsiderations import Answer, AskedEntry, answer_asked, record_asked
from phbportal.services.tick import tick
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.funding import FundingShare
from tests.queries.worlds import Worlds
from tests.services import raising
from tests.services.asking import Copy, Paying, balances, payment, refused, row, rows
from tests.services.deciding import REASONS, approve, approving, issued, prepared, reduce, stop
from tests.support import journey
from tests.support.journey import PAYEES, StreamPlan
from tests.support.world import World, at

DAY = date(2026, 10, 5)
ISSUED, EARLY = date(2026, 9, 7), date(2026, 9, 1)
CYCLE = date(2026, 9, 21), date(2026, 10, 18)
NEXT = date(2026, 10, 19), date(2026, 11, 15)
GIVEN_BACK = 6_428_571 - 6_098_000
"""360 days at £1,250.00 a week, less what the year comes to by T19."""


@pytest.fixture
def paid(worlds: Worlds, kind: str) -> Iterator[Paying]:
    """£1,250.00 a week from 6 April, 60 parts health and 40 social care; the cycle of T19 is paid."""

    def build(world: World) -> journey.Case:
        person = journey.add_person(world)
        journey.allow_direct_payment(world, person)
        plan = StreamPlan(Method.DIRECT_PAYMENT, 125_000, starts_on=date(2026, 4, 6))
        case = journey.draft(world, plan, person_id=person)
        shares = [Share(Funder.HEALTH, 60), Share(Funder.SOCIAL_CARE, 40)]
        world.do(world.finance2, lambda uow: set_shares(uow, case.plan_id, shares))
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.approve(world, case)
        journey.account(world, case.streams[0])
        journey.pay(world, case.streams[0], *CYCLE, on=EARLY)
        return case

    with worlds.copy(kind, "paid", build) as (world, case):
        yield Paying(world, case)


def next_payment(paid: Paying, on: date = NEXT[0]) -> tuple[int, str]:
    with paid.world.unit(paid.world.finance, on=on, writes=False) as uow:
        found = preview_payment(uow, paid.stream, PaymentEntry(*NEXT))
    return found.amount_pence, found.words


def reduced(paid: Paying) -> UUID:
    decision = issued(paid.world, paid.case, reduce(paid.stream, 112_000, DAY), on=ISSUED)
    tick(paid.world.engine, now=at(DAY))
    return decision


def test_t19_the_year_gives_back_what_it_does_not_need_and_the_next_payment_is_less(paid: Paying) -> None:
    before = balances(paid.world, paid.case).available_pence
    decision = reduced(paid)
    assert balances(paid.world, paid.case).available_pence == before - GIVEN_BACK
    words = "28 days at £1,120.00 a week is £4,480.00. £260.00 comes off, because days paid before come to less now."
    assert next_payment(paid) == (422_000, words)
    reference = journey.pay(paid.world, paid.stream, *NEXT, on=NEXT[0])
    item = payment(paid.world, reference)
    assert (item.amount_pence, item.regular_pence, item.adjustment_pence) == (422_000, 448_000, -26_000)
    assert tick(paid.world.engine, now=at(DAY)) == 0
    with paid.world.unit(paid.world.cm, on=ISSUED, writes=False) as uow:
        said = reduction_working(uow.session, uow.actor, uow.today, uow.session.get_one(Decision, decision), 28)
        by_days = reduction_working(
            uow.session, uow.actor, uow.today, uow.session.get_one(Decision, decision), 28, PlanYear.DAYS_365
        )
    assert said[0] == "Notice of 28 days is given by 7 September 2026."
    assert "£6,760.00 less in 52 weeks." in said[1]
    assert "£6,778.57 less in 365 days." in by_days[1]
    assert "so £260.00 comes off the next payment." in said[3]
    assert said[-2:] == (
        "£3,305.71 of the year’s money is not needed any more, and went back to the board.",
        "Of it: health £1,983.43 and social care £1,322.28.",
    )


def test_a_reduction_writes_a_version_with_its_lines_and_shares(paid: Paying) -> None:
    reduced(paid)
    old, new = rows(paid.world, BudgetVersion, phb_id=paid.case.phb_id)
    assert (old.status, new.status, new.kind, new.version) == ("SUPERSEDED", "APPROVED", "CHANGE", 2)
    assert (new.weekly_pence, new.starts_on) == (112_000, DAY)
    assert (new.prepared_by, new.approved_by) == (paid.world.cm.user_id, paid.world.approver.user_id)
    (line,) = rows(paid.world, BudgetLine, budget_id=new.id)
    assert (line.weekly_pence, line.plan_service_id is not None) == (112_000, True)
    assert line.working == "The amount of the stream has changed: £1,250.00 a week becomes £1,120.00."
    shares = rows(paid.world, FundingShare, budget_id=new.id)
    assert [(one.funder, one.weight) for one in shares] == [("HEALTH", 60), ("SOCIAL_CARE", 40)]


def test_a_reversal_sets_the_year_aside_again_and_the_next_payment_makes_good_what_was_not_paid(paid: Paying) -> None:
    world, before = paid.world, balances(paid.world, paid.case).available_pence
    decision = reduced(paid)
    journey.pay(world, paid.stream, *NEXT, on=NEXT[0])
    later = date(2026, 11, 2)
    entry = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, later, "I do not agree.")
    asked = world.do(world.cm, lambda uow: record_asked(uow, decision, entry), on=later)
    answer = Answer(Outcome.REVERSED, REASONS)
    world.do(world.approver2, lambda uow: answer_asked(uow, asked, answer), on=later)
    assert row(world, Stream, paid.stream).weekly_pence == 125_000
    assert balances(world, paid.case).available_pence == before - 422_000
    latest = rows(world, BudgetVersion, phb_id=paid.case.phb_id)[-1]
    (line,) = rows(world, BudgetLine, budget_id=latest.id)
    assert (latest.version, latest.status, line.weekly_pence, line.working) == (3, "APPROVED", 125_000, None)
    with world.unit(world.finance, on=later, writes=False) as uow:
        found = preview_payment(uow, paid.stream, PaymentEntry(date(2026, 11, 16), date(2026, 12, 13)))
    assert found.amount_pence == 500_000 + 78_000


def test_what_was_paid_and_could_not_go_back_is_not_set_aside_a_second_time(paid: Paying) -> None:
    """The year is paid to its end: of what a reduction takes off, only what is left goes back, and comes again."""
    world, rest = paid.world, (NEXT[0], date(2027, 3, 31))
    journey.pay(world, paid.stream, *rest, on=EARLY)
    before = balances(world, paid.case)
    decision = issued(world, paid.case, reduce(paid.stream, 1_000, DAY), on=ISSUED)
    tick(world.engine, now=at(DAY))
    assert balances(world, paid.case).available_pence == 0
    kept = row(world, Decision, decision).kept_pence
    assert kept == 3_153_142 - before.available_pence > 0
    asked = world.do(
        world.cm, lambda uow: record_asked(uow, decision, AskedEntry(Asker.HOLDER, "Amina", How.LETTER, DAY, "No.")),
        on=DAY,
    )  # fmt: skip
    world.do(world.approver2, lambda uow: answer_asked(uow, asked, Answer(Outcome.REVERSED, REASONS)), on=DAY)
    assert balances(world, paid.case) == before


def test_a_reduction_of_a_stream_paid_ahead_takes_nothing_another_needs(worlds: Worlds, kind: str) -> None:
    """The direct payment is paid to 31 March, the nights are not: what is left is theirs, and stays for them."""

    def build(world: World) -> journey.Case:
        begun = date(2026, 4, 6)
        case = journey.approved(
            world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, starts_on=begun),
            StreamPlan(Method.NOTIONAL, 40_000, starts_on=begun),
        )  # fmt: skip
        journey.account(world, case.streams[0])
        journey.pay(world, case.streams[0], begun, date(2026, 10, 18), on=begun)
        journey.pay(world, case.streams[0], NEXT[0], date(2027, 3, 31), on=date(2026, 9, 15))
        return case

    with worlds.copy(kind, "paid ahead", build) as (world, case):
        nights = (40_000 * 360 + 3) // 7
        assert balances(world, case).available_pence == nights
        decision = issued(world, case, reduce(case.streams[0], 112_000, DAY), on=ISSUED)
        tick(world.engine, now=at(DAY))
        assert balances(world, case).available_pence == nights
        assert row(world, Decision, decision).kept_pence == GIVEN_BACK


def test_a_stream_that_stops_gives_back_its_days_after_and_a_reversal_sets_them_aside_again(
    worlds: Worlds, kind: str
) -> None:
    """The nights go on, and a version of the budget says what is paid from then on (I07). What the direct payment was
    paid for days after its last comes back by its final return, not by this."""

    def build(world: World) -> journey.Case:
        begun = date(2026, 4, 6)
        case = journey.approved(
            world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, starts_on=begun),
            StreamPlan(Method.NOTIONAL, 40_000, starts_on=begun),
        )  # fmt: skip
        journey.account(world, case.streams[0])
        journey.pay(world, case.streams[0], begun, date(2026, 10, 18), on=begun)
        return case

    with worlds.copy(kind, "to stop", build) as (world, case):
        nights = (40_000 * 360 + 3) // 7
        before = balances(world, case).available_pence
        decision = issued(world, case, stop(DAY, stream_id=case.streams[0]), on=ISSUED)
        assert balances(world, case).available_pence == nights
        assert row(world, Decision, decision).kept_pence == (125_000 * 14) // 7
        tick(world.engine, now=at(DAY))
        assert balances(world, case).available_pence == nights
        latest = rows(world, BudgetVersion, phb_id=case.phb_id)[-1]
        assert (latest.status, latest.weekly_pence, latest.starts_on) == ("APPROVED", 40_000, DAY)
        asking = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, DAY, "I do not agree.")
        asked = world.do(world.cm, lambda uow: record_asked(uow, decision, asking), on=DAY)
        world.do(world.approver2, lambda uow: answer_asked(uow, asked, Answer(Outcome.REVERSED, REASONS)), on=DAY)
        assert balances(world, case).available_pence == before
        latest = rows(world, BudgetVersion, phb_id=case.phb_id)[-1]
        assert (latest.status, latest.weekly_pence) == ("APPROVED", 165_000)


def test_a_stream_that_stops_before_its_first_day_gives_its_start_up_costs_back_too(worlds: Worlds, kind: str) -> None:
    begins = date(2026, 6, 1)

    def build(world: World) -> journey.Case:
        return journey.approved(
            world, StreamPlan(Method.DIRECT_PAYMENT, 65_000, 59_800, starts_on=begins),
            StreamPlan(Method.NOTIONAL, 40_000, starts_on=begins),
        )  # fmt: skip

    with worlds.copy(kind, "never began", build) as (world, case):
        before = balances(world, case).available_pence
        decision = issued(world, case, stop(date(2026, 5, 25), stream_id=case.streams[0]))
        assert row(world, Stream, case.streams[0]).status == "CLOSED"
        assert balances(world, case).available_pence == (40_000 * 304 + 3) // 7
        reverse(world, decision, on=date(2026, 4, 20))
        assert row(world, Stream, case.streams[0]).status == "AGREED"
        assert balances(world, case).available_pence == before


def test_a_direct_payment_that_is_refused_after_it_was_agreed_gives_its_year_back(worlds: Worlds, kind: str) -> None:
    """What is paid in another way instead is set aside anew: the money would be committed twice."""

    def build(world: World) -> journey.Case:
        return journey.approved(
            world, StreamPlan(Method.DIRECT_PAYMENT, 65_000, 59_800), StreamPlan(Method.NOTIONAL, 40_000)
        )

    with worlds.copy(kind, "agreed", build) as (world, case):
        before = balances(world, case).available_pence
        refuse = DecisionEntry(DecisionKind.REFUSE_DP, REASONS, Ground.CANNOT_MANAGE, case.streams[0])
        decision = issued(world, case, refuse)
        assert balances(world, case).available_pence == (40_000 * 353 + 3) // 7
        latest = rows(world, BudgetVersion, phb_id=case.phb_id)[-1]
        assert (latest.status, latest.weekly_pence) == ("APPROVED", 40_000)
        reverse(world, decision, on=date(2026, 4, 20))
        assert [row(world, Stream, one).status for one in case.streams] == ["AGREED", "AGREED"]
        assert balances(world, case).available_pence == before
        assert rows(world, BudgetVersion, phb_id=case.phb_id)[-1].weekly_pence == 105_000


def paid_to(last: date, world: World) -> journey.Case:
    """A direct payment since 6 April, paid to a day, and a notional stream beside it."""
    begun = date(2026, 4, 6)
    case = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 70_000, starts_on=begun),
        StreamPlan(Method.NOTIONAL, 40_000, starts_on=begun),
    )  # fmt: skip
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], begun, last, on=begun)
    return case


@pytest.mark.parametrize("whole", [False, True], ids=["stream", "budget"])
def test_a_reduction_told_before_a_stop_holds_until_the_day_of_the_stop(worlds: Worlds, kind: str, whole: bool) -> None:
    falls, stops = date(2026, 6, 1), date(2026, 7, 1)

    with worlds.copy(kind, "falls and stops", partial(paid_to, date(2026, 5, 31))) as (world, case):
        first = case.streams[0]
        decision = issued(world, case, reduce(first, 49_000, falls), on=date(2026, 4, 20))
        issued(world, case, stop(stops, stream_id=None if whole else first), on=date(2026, 4, 21))
        before = balances(world, case).available_pence
        tick(world.engine, now=at(falls))
        assert row(world, Decision, decision).status == "IN_EFFECT"
        assert row(world, Stream, first).weekly_pence == 49_000
        last_days = PaymentEntry(falls, date(2026, 6, 30))
        with world.unit(world.finance, on=falls, writes=False) as uow:
            assert preview_payment(uow, first, last_days).amount_pence == 7_000 * 30
        assert before - balances(world, case).available_pence == (10_000 - 7_000) * 30
        reverse(world, decision, on=falls)
        assert row(world, Stream, first).weekly_pence == 70_000
        assert balances(world, case).available_pence == before


@pytest.mark.parametrize("ended", [False, True], ids=["to-stop", "stopped"])
def test_a_stream_whose_stop_is_reversed_does_not_outlive_its_budget(worlds: Worlds, kind: str, ended: bool) -> None:
    first_day, last_day = date(2026, 5, 25), date(2026, 6, 22)

    with worlds.copy(kind, "stops twice", partial(paid_to, date(2026, 4, 30))) as (world, case):
        one = case.streams[0]
        decision = issued(world, case, stop(first_day, stream_id=one), on=date(2026, 4, 20))
        issued(world, case, stop(last_day), on=date(2026, 4, 21))
        before = balances(world, case).available_pence
        tick(world.engine, now=at(first_day))
        if ended:
            tick(world.engine, now=at(last_day))
        reverse(world, decision, on=last_day if ended else first_day)
        tick(world.engine, now=at(last_day))
        assert row(world, Stream, one).status == "WINDING_DOWN"
        year = date(2027, 3, 31)  # the budget gives back what it does not need when it is closed
        more = 0 if ended else 10_000 * ((year - first_day).days + 1)
        assert balances(world, case).available_pence == before + more


@pytest.mark.parametrize("ended", [False, True], ids=["to-stop", "stopped"])
@pytest.mark.parametrize("first", ["stream", "budget"])
def test_two_stops_that_are_reversed_bring_back_every_stream_and_every_penny(
    worlds: Worlds, kind: str, ended: bool, first: str
) -> None:
    first_day, last_day = date(2026, 5, 25), date(2026, 6, 22)

    with worlds.copy(kind, "stops twice", partial(paid_to, date(2026, 4, 30))) as (world, case):
        was = balances(world, case).available_pence
        before = [(row(world, Stream, one).status, row(world, Stream, one).ends_on) for one in case.streams]
        of_stream = issued(world, case, stop(first_day, stream_id=case.streams[0]), on=date(2026, 4, 20))
        of_budget = issued(world, case, stop(last_day), on=date(2026, 4, 21))
        on = last_day if ended else first_day
        for day in (first_day, last_day):
            if day <= on:
                tick(world.engine, now=at(day))
        for decision in (of_stream, of_budget) if first == "stream" else (of_budget, of_stream):
            reverse(world, decision, on=on)
        assert [(row(world, Stream, one).status, row(world, Stream, one).ends_on) for one in case.streams] == before
        assert balances(world, case).available_pence == was


def reverse(world: World, decision: UUID, *, on: date) -> None:
    asking = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, on, "I do not agree.")
    asked = world.do(world.cm, lambda uow: record_asked(uow, decision, asking), on=on)
    world.do(world.approver2, lambda uow: answer_asked(uow, asked, Answer(Outcome.REVERSED, REASONS)), on=on)


def test_a_reduction_prepared_from_an_amount_that_changed_since_is_prepared_again(worlds: Worlds, kind: str) -> None:
    """The yearly uplift comes between: from the amount that was typed, the days after it would have cost too little."""
    with worlds.copy(kind, "two budgets", raising.two_budgets) as (world, cases):
        case = cases[0]
        raising.agreed(world)
        entry = reduce(case.streams[0], 90_000, date(2027, 5, 3))
        decision = prepared(world, case, entry, on=raising.MARCH)
        tick(world.engine, now=at(raising.ON))
        assert row(world, Stream, case.streams[0]).weekly_pence == 102_018
        later = date(2027, 4, 2)
        said = refused(world, world.approver, approving(decision), on=later)
        assert said.startswith("The stream is paid £1,020.18 a week now, not £980.00 as when this was prepared.")
        world.do(world.approver, lambda uow: return_decision(uow, decision, "Prepare it again."), on=later)
        again = lambda uow: prepare_again(uow, decision, entry, seen_version=2)  # noqa: E731
        world.do(world.cm, again, on=later)
        approve(world, decision, on=later)
        assert row(world, Decision, decision).weekly_before_pence == 102_018


def test_i16_a_payment_that_would_come_to_nothing_is_refused_in_words(paid: Paying) -> None:
    issued(paid.world, paid.case, reduce(paid.stream, 1_000, DAY), on=ISSUED)
    said = paid.refused(date(2026, 10, 19), date(2026, 10, 25), on=date(2026, 10, 19))
    assert said.startswith("There is £2,480.00 to come off, because days paid before cost less now")


def test_a_refused_direct_payment_bars_another_until_it_is_reversed(drafted: Copy) -> None:
    world, case = drafted
    refuse = DecisionEntry(DecisionKind.REFUSE_DP, REASONS, Ground.CANNOT_MANAGE)
    decision = issued(world, case, refuse)
    entry = StreamEntry(Method.DIRECT_PAYMENT, PAYEES.get(Method.DIRECT_PAYMENT, journey.PayeeKind.HOLDER),
                        date(2026, 4, 13), journey.Frequency.FOUR_WEEKLY)  # fmt: skip
    said = refused(world, world.cm, lambda uow: add_stream(uow, case.plan_id, entry))
    assert said.startswith("A direct payment was refused for this budget on 1 April 2026, and that decision stands.")
    notional = StreamEntry(Method.NOTIONAL, journey.PayeeKind.NONE, date(2026, 4, 13), journey.Frequency.FOUR_WEEKLY)
    world.do(world.cm, lambda uow: add_stream(uow, case.plan_id, notional))
    asked_entry = AskedEntry(Asker.HOLDER, "Amina", How.LETTER, world.today, "I can manage.")
    asked = world.do(world.cm, lambda uow: record_asked(uow, decision, asked_entry))
    world.do(world.approver2, lambda uow: answer_asked(uow, asked, Answer(Outcome.REVERSED, REASONS)))
    world.do(world.cm, lambda uow: add_stream(uow, case.plan_id, entry))


def test_a_direct_payment_that_was_proposed_before_the_refusal_is_closed(worlds: Worlds, kind: str) -> None:
    def build(world: World) -> journey.Case:
        return journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 10_000), StreamPlan(Method.NOTIONAL, 10_000))

    with worlds.copy(kind, "both", build) as (world, case):
        issued(world, case, DecisionEntry(DecisionKind.REFUSE_DP, REASONS, Ground.CANNOT_MANAGE))
        assert [row(world, Stream, one).status for one in case.streams] == ["CLOSED", "PROPOSED"]
