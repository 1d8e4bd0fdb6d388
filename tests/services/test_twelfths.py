"""Months paid as twelfths of 52 weeks, through the services: T11, and every way the money of a year may change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.funding import Funder, Share
from phbportal.domain.ledger import Verb, available
from phbportal.domain.payment_calendar import period_around
from phbportal.domain.periods import MonthlyPay, Rate, months_after, part_period
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.arrangements import arrangement_of
from phbportal.queries.budgets import budget_view
from phbportal.queries.holders import BudgetView, own_budgets
from phbportal.queries.ledger import balances_of
from phbportal.queries.payment_shares import part_words, parts_of_payments
from phbportal.queries.payments import payment_of
from phbportal.queries.phbs import case_of
from phbportal.queries.reduction_working import reduction_working
from phbportal.queries.spent_by_funder import spent_by_funder
from phbportal.queries.streams import streams_of
from phbportal.services import change_requests, policies
from phbportal.services.budgets import StreamEntry, add_stream
from phbportal.services.funders import set_shares
from phbportal.services.payment_preview import Preview, preview_payment
from phbportal.services.payments import PaymentEntry
from phbportal.services.spending import SpendingEntry, record_spending
from phbportal.services.tick import tick
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.payments import PaymentItem
from phbportal.tables.settings import PolicySetting
from tests.queries.worlds import Worlds
from tests.services.asking import Paying, balance, balances, payment, row, rows
from tests.services.deciding import issued, reduce, stop
from tests.services.raising import agreed
from tests.services.test_hospital import less
from tests.support import arranging, journey
from tests.support.journey import PAYEES, StreamPlan
from tests.support.living import stay
from tests.support.world import World, at

APRIL, MARCH = date(2026, 4, 1), date(2027, 3, 31)
SETTING = "monthly_payment"
H, E, S = Funder.HEALTH, Funder.EDUCATION, Funder.SOCIAL_CARE
EHC = [Share(H, pence=15_000), Share(E, pence=10_000), Share(S, pence=5_000)]


def monthly(method: Method = Method.DIRECT_PAYMENT, weekly: int = 30_000, starts: date = APRIL) -> StreamPlan:
    return StreamPlan(method, weekly, starts_on=starts, frequency=Frequency.MONTHLY)


def chosen(world: World, value: MonthlyPay = MonthlyPay.TWELFTHS, on: date = APRIL) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name=SETTING, value=value.value, starts_on=on)


@pytest.fixture
def ehc(worlds: Worlds, kind: str) -> Iterator[Paying]:
    """T11: £300.00 a week from 1 April, paid every month by a board that pays twelfths; three funders."""

    def build(world: World) -> journey.Case:
        chosen(world)
        person = journey.add_person(world)
        journey.allow_direct_payment(world, person)
        case = journey.draft(world, monthly(), person_id=person)
        world.do(world.finance2, lambda uow: set_shares(uow, case.plan_id, EHC))
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(world, case)
        journey.account(world, case.streams[0])
        return case

    with worlds.copy(kind, "ehc", build) as (world, case):
        yield Paying(world, case)


def days_of(first: date) -> tuple[date, date]:
    """The days of a month, or of what is left of it from a day."""
    return first, period_around(Frequency.MONTHLY, APRIL, first).ends_on


def pay_month(paying: Paying, first: date) -> int:
    """Pay the days of a month from one of them on. Returns pence."""
    on = max(first, date(2026, 4, 3))  # new bank details can be paid after two days
    return payment(paying.world, journey.pay(paying.world, paying.stream, *days_of(first), on=on)).amount_pence


def preview(paying: Paying, first: date, on: date | None = None) -> Preview:
    with paying.world.unit(paying.world.finance, on=on or max(first, date(2026, 4, 3)), writes=False) as uow:
        return preview_payment(uow, paying.stream, PaymentEntry(*days_of(first)))


def left(paying: Paying) -> int:
    return balances(paying.world, paying.case).available_pence


def home(paying: Paying, on: date) -> BudgetView:
    actor = Actor(role=Role.HOLDER, user_id=None, person_id=paying.case.person_id)
    with paying.world.unit(actor, on=on, writes=False) as uow:
        (budget,) = own_budgets(uow.session, uow.actor, uow.now, uow.today).budgets
        return budget


def test_t11_twelve_payments_and_every_funders_part_of_them_are_exact(ehc: Paying) -> None:
    """£1,300.00 a month: £650.00, £433.33 and £216.67, then £650.00, £433.34 and £216.66. The year is £15,600.00, set
    aside to the penny, and what was spent by funder comes to £7,800.00, £5,200.00 and £2,600.00."""
    world, said = ehc.world, []
    assert left(ehc) == 1_560_000
    assert preview(ehc, APRIL) == Preview(130_000, "A twelfth of 52 weeks at £300.00 a week is £1,300.00.")
    for number in range(12):
        first = months_after(APRIL, number)
        on = max(first, date(2026, 4, 3))
        reference = journey.pay(world, ehc.stream, *days_of(first), on=on)
        entry = SpendingEntry(Verb.ACCOUNT_FOR, 130_000, on, LineType.AGENCY, str(number))
        world.do(world.finance, lambda uow, e=entry: record_spending(uow, ehc.stream, e, key=e.reference), on=on)
        with world.unit(world.finance, on=on, writes=False) as uow:
            found = payment_of(uow.session, uow.actor, uow.today, ehc.case.phb_id, reference)
        assert found.row.amount == "£1,300.00"
        said.append(found.funders)
    parts = [row.id for row in rows(world, PaymentItem, stream_id=ehc.stream)]
    with world.unit(world.finance, on=MARCH, writes=False) as uow:
        in_all = parts_of_payments(uow.session, uow.actor, uow.today, parts)
    assert [part_words(in_all[payment_id]) for payment_id in parts] == said
    assert said[:2] == [
        "Health £650.00, Education £433.33, Social care £216.67",
        "Health £650.00, Education £433.34, Social care £216.66",
    ]
    assert (left(ehc), balances(world, ehc.case).spent_on(ehc.stream)) == (0, 1_560_000)
    with world.unit(world.finance, on=MARCH, writes=False) as uow:
        quarters = list(spent_by_funder(uow.session, uow.actor, uow.today).values())[-4:]
        case = case_of(uow.session, uow.actor, uow.today, ehc.case.reference)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances_of(uow.session, case.id))
        view = budget_view(uow.session, uow.actor, uow.today, case.id, None, streams)
    year = {funder: sum(quarter[funder] for quarter in quarters) for funder in Funder}
    assert year == {H: 780_000, E: 520_000, S: 260_000}
    assert (streams[0].view.frequency, view.in_twelfths) == ("every month, a twelfth of 52 weeks", True)
    assert [(one.month, one.year) for one in view.funders] == [
        ("£650.00", "£7,800.00"), ("£433.33", "£5,200.00"), ("£216.67", "£2,600.00"),
    ]  # fmt: skip


def test_the_part_of_a_payment_that_is_cancelled_is_shared_out_with_the_next(ehc: Paying) -> None:
    world = ehc.world
    first = ehc.record(*days_of(APRIL), key="a", on=date(2026, 4, 3))
    ehc.cancel(first, on=date(2026, 4, 3))
    again = ehc.record(*days_of(APRIL), key="b", on=date(2026, 4, 3))
    with world.unit(world.finance, on=date(2026, 4, 3), writes=False) as uow:
        found = payment_of(uow.session, uow.actor, uow.today, ehc.case.phb_id, again)
    assert found.funders == "Health £650.00, Education £433.33, Social care £216.67"


def test_what_was_agreed_stays_when_the_board_chooses_anew_and_new_streams_follow_it(ehc: Paying) -> None:
    world, later = ehc.world, date(2026, 6, 1)
    entry = policies.SettingEntry("BY_DAYS", later)
    proposed = world.do(world.admin, lambda uow: policies.propose_setting(uow, SETTING, entry, "Why."))
    with pytest.raises(Refusal):
        world.do(world.admin, lambda uow: change_requests.approve(uow, proposed))
    world.do(world.approver, lambda uow: change_requests.approve(uow, proposed))
    assert preview(ehc, later).amount_pence == 130_000
    person = journey.add_person(world, number=journey.NUMBERS[1], names=("Bo", "Other"))
    case = journey.draft(world, monthly(Method.NOTIONAL), person_id=person)

    def added(starts: date, frequency: Frequency = Frequency.MONTHLY) -> str | None:
        new = StreamEntry(Method.NOTIONAL, PAYEES[Method.NOTIONAL], starts, frequency)
        return row(world, Stream, world.do(world.cm, lambda uow: add_stream(uow, case.plan_id, new))).monthly_pay

    assert row(world, Stream, case.streams[0]).monthly_pay == "TWELFTHS"
    assert (added(later), added(later - timedelta(days=1))) == ("BY_DAYS", "TWELFTHS")
    assert added(APRIL, Frequency.FOUR_WEEKLY) is None
    assert row(world, Stream, ehc.stream).monthly_pay == "TWELFTHS"


def test_an_unpaid_stream_of_a_board_that_has_chosen_nothing_is_paid_by_days(world: World) -> None:
    case = journey.approved(world, monthly())
    assert row(world, Stream, case.streams[0]).monthly_pay == "BY_DAYS"
    assert balance(world, available(case.phb_id)) == (30_000 * 365 + 3) // 7


@pytest.fixture
def odd(worlds: Worlds, kind: str) -> Iterator[Paying]:
    """£1,250.01 a week from 13 April, whose months are no whole pennies."""

    def build(world: World) -> journey.Case:
        chosen(world)
        case = journey.approved(world, monthly(weekly=125_001, starts=date(2026, 4, 13)))
        journey.account(world, case.streams[0])
        return case

    with worlds.copy(kind, "odd", build) as (world, case):
        yield Paying(world, case)


def test_a_reduction_within_a_month_that_was_paid_leaves_no_penny_of_the_year(odd: Paying) -> None:
    """Notice of the reduction comes after September was paid. October makes it good, the year gives back what it does
    not need, and the last payment takes the last penny."""
    world, day = odd.world, date(2026, 9, 11)
    by_day = [
        Rate(125_001, date(2026, 4, 13), day - timedelta(days=1), MonthlyPay.TWELFTHS),
        Rate(112_000, day, None, MonthlyPay.TWELFTHS),
    ]
    before = left(odd)
    assert before == part_period([Rate(125_001, date(2026, 4, 13), None, MonthlyPay.TWELFTHS)], APRIL, MARCH)
    firsts = [date(2026, 4, 13), *(months_after(APRIL, n) for n in range(1, 12))]
    paid = [pay_month(odd, first) for first in firsts[:5]]
    journey.pay(world, odd.stream, *days_of(firsts[5]), on=date(2026, 8, 10))
    decision = issued(world, odd.case, reduce(odd.stream, 112_000, day), on=date(2026, 8, 10))
    tick(world.engine, now=at(day))
    assert left(odd) + sum(paid) == part_period(by_day, APRIL, MARCH) - 541_671
    october = preview(odd, firsts[6])
    assert october.words.startswith("A twelfth of 52 weeks at £1,120.00 a week is £4,853.3")
    assert "comes off, because days paid before come to less now." in october.words
    with world.unit(world.finance, on=day, writes=False) as uow:
        told = reduction_working(uow.session, uow.actor, uow.today, uow.session.get_one(Decision, decision), 28)
    assert "10 of the 30 days of September at £1,250.01 a week" in told[2]
    paid += [541_671, *(pay_month(odd, first) for first in firsts[6:])]
    assert (left(odd), sum(paid)) == (0, part_period(by_day, APRIL, MARCH))


def test_an_uplift_across_31_march_is_made_good_and_the_new_year_comes_out_exactly(odd: Paying) -> None:
    """April was paid in March at the old amount, ahead of its year's money; the uplift is from 1 April."""
    world, new_year = odd.world, date(2027, 4, 1)
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="uplift_basis_points", value="410", starts_on=APRIL)
    agreed(world)
    april = months_after(APRIL, 12)
    half = date(2027, 3, 15), date(2027, 4, 30)
    across = journey.pay(world, odd.stream, *half, on=half[0])
    tick(world.engine, now=at(new_year))
    weekly = row(world, Stream, odd.stream).weekly_pence
    assert weekly == 130_126
    by_day = [
        Rate(125_001, date(2026, 4, 13), MARCH, MonthlyPay.TWELFTHS),
        Rate(weekly, new_year, None, MonthlyPay.TWELFTHS),
    ]
    unpaid = part_period(by_day, APRIL, date(2027, 3, 14))
    paid = sum(pay_month(odd, months_after(april, number)) for number in range(1, 12))
    assert left(odd) == unpaid, "of the old year; the new one is paid to its last penny"
    assert paid + payment(world, across).amount_pence == part_period(by_day, half[0], date(2028, 3, 31))
    assert part_period(by_day, new_year, date(2028, 3, 31)) == weekly * 52


def test_t15_nights_in_hospital_are_taken_off_by_their_months(ehc: Paying) -> None:
    world, back = ehc.world, date(2026, 7, 11)
    for first in (APRIL, date(2026, 5, 1), date(2026, 6, 1), date(2026, 7, 1)):
        pay_month(ehc, first)
    less(world, stay(world, ehc.case.person_id, date(2026, 6, 2), back, on=back))
    # A thirtieth of June and 10 of the 31 days of July: what the year comes to by 10 July less by 29 June.
    off = 431_935 - 385_667
    found = preview(ehc, date(2026, 8, 1))
    assert (found.amount_pence, found.words) == (
        130_000 - off,
        "A twelfth of 52 weeks at £300.00 a week is £1,300.00. £462.68 is taken off for nights in hospital.",
    )
    assert home(ehc, date(2026, 7, 28)).streams[0].next[0] == "Your next payment is £837.32."


def test_a_stop_within_a_month_pays_its_days_of_it(ehc: Paying) -> None:
    issued(ehc.world, ehc.case, stop(date(2026, 6, 11)), on=date(2026, 5, 1))
    reference = ehc.record(*days_of(date(2026, 6, 1)), key="last", on=date(2026, 6, 1))
    assert payment(ehc.world, reference).amount_pence == 43_333
    assert "The last day is 10 June 2026." in home(ehc, date(2026, 5, 2)).streams[0].sentences


def test_a_holder_reads_what_finance_is_asked_to_pay(ehc: Paying) -> None:
    stream = home(ehc, date(2026, 4, 3)).streams[0]
    assert "A whole month is £1,300.00." in stream.sentences
    assert stream.next[0] == "Your next payment is £1,300.00."
    assert stream.next[-1] == "It is for 1 April 2026 to 30 April 2026."


def test_the_agreement_says_how_a_month_is_worked_out(ehc: Paying) -> None:
    (agreement,) = rows(ehc.world, PayeeAgreement, stream_id=ehc.stream)
    words = "The board pays £1,300.00 every month (a twelfth of 52 weeks at £300.00), a part of a month by its days, "
    assert words in agreement.content


def test_a_draft_says_what_approving_a_year_of_twelfths_commits(world: World) -> None:
    chosen(world)
    case = journey.draft(world, monthly(Method.NOTIONAL, 30_001))
    with world.unit(world.cm, writes=False) as uow:
        found = case_of(uow.session, uow.actor, uow.today, case.reference)
        streams = streams_of(uow.session, uow.actor, uow.now, found, balances_of(uow.session, case.phb_id))
        view = budget_view(uow.session, uow.actor, uow.today, case.phb_id, case.plan_id, streams)
    assert view.commitment == "Approving this commits £15,600.52 up to 31 March 2027."


def test_beside_a_stream_paid_by_days_each_keeps_its_way_and_every_payment_can_be_made(world: World) -> None:
    """Payments by days are rounded one by one, here to a penny more; the last month is paid in full all the same."""
    chosen(world)
    weeks = StreamPlan(Method.DIRECT_PAYMENT, 20_002, starts_on=APRIL, frequency=Frequency.QUARTERLY)
    case = journey.approved(world, weeks, monthly(weekly=10_001))
    for stream in case.streams:
        journey.account(world, stream)
    by_days, by_month = (Paying(world, replace(case, streams=[stream])) for stream in case.streams)
    year = part_period([Rate(20_002, APRIL)], APRIL, MARCH) + 10_001 * 52
    assert left(by_days) == year
    paid = 0
    for first, last in ((date(2026, 4, 1), date(2026, 4, 2)), (date(2026, 4, 3), date(2026, 4, 4)),
                        (date(2026, 4, 5), date(2026, 9, 30)), (date(2026, 10, 1), MARCH)):  # fmt: skip
        reference = by_days.record(first, last, key=str(first), on=max(first, date(2026, 4, 3)))
        paid += payment(world, reference).amount_pence
    assert paid == part_period([Rate(20_002, APRIL)], APRIL, MARCH) + 1, "a penny more than with one rounding"
    for number in range(12):
        first = months_after(APRIL, number)
        reference = by_month.record(*days_of(first), key=f"m{number}", on=max(first, date(2026, 4, 3)))
        paid += payment(world, reference).amount_pence
    assert (paid, left(by_days)) == (year + 1, 0)


def test_a_notional_budget_is_set_aside_and_told_by_the_month(world: World) -> None:
    chosen(world)
    case = journey.approved(world, monthly(Method.NOTIONAL, 30_001))
    assert balance(world, available(case.phb_id)) == 30_001 * 52
    (now,) = home(Paying(world, case), date(2026, 4, 20)).streams[0].cycles
    assert (now.days, now.planned) == ("1 April 2026 to 30 April 2026", "£1,300.04")


def test_an_organisation_is_offered_and_paid_twelfths(world: World) -> None:
    chosen(world)
    larch = arranging.organisation(world)
    plan = StreamPlan(
        Method.THIRD_PARTY, 90_000, starts_on=APRIL, frequency=Frequency.MONTHLY, organisation_id=larch
    )  # fmt: skip
    case = journey.approved(world, plan)
    arranging.offer(world, case, larch)
    with world.unit(world.cm, writes=False) as uow:
        found = arrangement_of(uow.session, uow.actor, uow.today, case.streams[0])
    assert found is not None
    said = found.view.lines[1].words
    assert said.startswith("The board pays £3,900.00 every month (a twelfth of 52 weeks at £900.00)")
    assert balance(world, available(case.phb_id)) == 90_000 * 52
