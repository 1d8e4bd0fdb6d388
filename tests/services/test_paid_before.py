"""A budget that the old system has paid to a day: the portal pays every day after it once, out of money set aside to
the penny, whatever changes in between."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain.consents import GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb, available
from phbportal.domain.periods import Cycle, MonthlyPay, Rate, part_period
from phbportal.domain.roles import Role
from phbportal.gateways.caseload_file import Caseload, read_caseload
from phbportal.policy.actors import SYSTEM
from phbportal.queries import work_money
from phbportal.queries.holders import own_budgets
from phbportal.queries.ledger import balances_of, check_ledger
from phbportal.queries.payments import next_periods
from phbportal.queries.phbs import case_of
from phbportal.queries.reduction_working import reduction_working
from phbportal.queries.streams import streams_of
from phbportal.queries.work_money import payments_due
from phbportal.services import accounts, payments
from phbportal.services.other_streams import needed_by_others
from phbportal.services.payment_preview import preview_payment
from phbportal.services.tick import tick
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting
from tests.gateways.caseload_rows import ANOTHER, NOTIONAL, ROW, TODAY
from tests.services.deciding import issued, reduce, stop
from tests.services.import_world import balance, bring_in, outcome, rows_of
from tests.services.raising import agreed
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import World, at, make_world

A_DAY = timedelta(days=1)
MARCH = date(2027, 3, 31)
DAILY = 1_001  # £70.07 a week: a whole number of pence a day, so that nothing is lost in rounding
ODD = {"case_manager_email": "cm@example.org", "weekly_amount": "70.07"}
MONTHLY = ODD | {"frequency": "MONTHLY"}


def file_of(*rows: dict[str, str], today: date = TODAY) -> Caseload:
    out = io.StringIO(newline="")
    columns = [*ROW, "paid_to_on", "phb_status", "phb_ended_on"]
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows(ROW | ODD | row for row in rows)
    return read_caseload(out.getvalue().encode(), today=today)


def world_on(engine: Engine, day: date) -> World:
    return make_world(engine, today=day)


@pytest.fixture
def world(engine: Engine) -> World:
    return world_on(engine, TODAY)


def brought_in(world: World, row: dict[str, str]) -> tuple[Phb, Stream]:
    report = bring_in(world, file_of(row, today=world.today))
    assert outcome(report) == (1, 0, 0, 0), report.refused
    return rows_of(world, Phb)[0], rows_of(world, Stream)[0]


def may_be_paid(world: World) -> None:
    """All that stands between an imported direct payment and its next payment."""
    journey.allow_direct_payment(world, rows_of(world, Person)[0].id, given_by=GivenBy.SELF)
    details = rows_of(world, PayeeAccount)[0]
    world.do(world.finance, lambda uow: accounts.approve_account(uow, details.id), on=world.today - timedelta(days=3))


def asked_for(world: World, phb: Phb, on: date) -> Cycle | None:
    """The days the portal proposes on a day."""
    with world.unit(world.finance, on=on, writes=False) as uow:
        case = case_of(uow.session, uow.actor, uow.today, phb.reference)
        streams = streams_of(uow.session, uow.actor, uow.now, case, balances_of(uow.session, phb.id))
        found = next_periods(uow.session, uow.actor, uow.today, phb.icb_id, phb.id, streams)
        return next(iter(found.values()), None)


def record(world: World, stream: Stream, start: date, end: date) -> PaymentItem:
    entry = payments.PaymentEntry(start, end)
    on = max(start, world.today)
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, stream.id, entry, key=f"{start}"), on=on
    )
    return rows_of(world, PaymentItem, col(PaymentItem.reference) == reference)[0]


def pay_all(world: World, phb: Phb, stream: Stream, until: date) -> Iterator[PaymentItem]:
    """Pay what the portal asks for, payment by payment, to a day."""
    on = world.today
    while (period := asked_for(world, phb, on)) is not None and period.starts_on <= until:
        on = max(on, period.starts_on)
        yield record(world, stream, period.starts_on, min(period.ends_on, until))


PAID = [
    pytest.param("MONTHLY", date(2026, 11, 30), date(2026, 12, 31), id="the month of today"),
    pytest.param("MONTHLY", date(2026, 12, 31), date(2027, 1, 31), id="a month ahead"),
    pytest.param("MONTHLY", date(2026, 11, 22), date(2026, 11, 30), id="to today"),
    pytest.param("MONTHLY", date(2026, 11, 21), date(2026, 11, 30), id="to yesterday"),
    pytest.param("MONTHLY", date(2026, 10, 31), date(2026, 11, 30), id="a month is owed in part"),
    pytest.param("MONTHLY", date(2026, 8, 15), date(2026, 8, 31), id="months are owed"),
    pytest.param("FOUR_WEEKLY", date(2026, 12, 13), date(2027, 1, 10), id="the cycle of today"),
    pytest.param("FOUR_WEEKLY", date(2026, 12, 20), date(2027, 1, 10), id="within a cycle to come"),
    pytest.param("FOUR_WEEKLY", date(2026, 11, 15), date(2026, 12, 13), id="the cycle before"),
    pytest.param("WEEKLY", date(2026, 11, 29), date(2026, 12, 6), id="a week"),
    pytest.param("QUARTERLY", date(2026, 12, 31), date(2027, 3, 31), id="a quarter"),
]


@pytest.mark.parametrize(("often", "paid_to", "first_end"), PAID)
def test_every_day_after_it_is_paid_once_out_of_what_was_set_aside(
    world: World, often: str, paid_to: date, first_end: date
) -> None:
    phb, stream = brought_in(world, {"frequency": often, "paid_to_on": paid_to.isoformat()})
    assert (stream.paid_to_on, stream.first_payment_on) == (paid_to, date(2025, 5, 5))
    ahead = max(TODAY, paid_to + A_DAY)
    assert balance(world, available(phb.id)) == ((MARCH - ahead).days + 1) * DAILY
    assert asked_for(world, phb, TODAY) == Cycle(paid_to + A_DAY, first_end)
    may_be_paid(world)
    paid = list(pay_all(world, phb, stream, MARCH))
    days = [one.period_start + n * A_DAY for one in paid for n in range((one.period_end - one.period_start).days + 1)]
    assert days == [paid_to + n * A_DAY for n in range(1, (MARCH - paid_to).days + 1)], "every day, once"
    assert sum(one.amount_pence for one in paid) == len(days) * DAILY
    assert balance(world, available(phb.id)) == 0
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_as_twelfths_to_the_penny(world: World) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="monthly_payment", value="TWELFTHS", starts_on=date(2026, 4, 1))
    row = {"frequency": "MONTHLY", "weekly_amount": "100.01", "paid_to_on": "2026-11-30"}
    phb, stream = brought_in(world, row)
    by_month = [Rate(10_001, stream.starts_on, None, MonthlyPay.TWELFTHS)]
    assert balance(world, available(phb.id)) == part_period(by_month, date(2026, 12, 1), MARCH) == 173_351
    may_be_paid(world)
    assert [one.amount_pence for one in pay_all(world, phb, stream, MARCH)] == [43_338, 43_338, 43_337, 43_338]
    assert balance(world, available(phb.id)) == 0


def test_days_paid_before_are_refused_in_words(world: World) -> None:
    _, stream = brought_in(world, MONTHLY | {"paid_to_on": "2026-11-30"})
    may_be_paid(world)
    entry = payments.PaymentEntry(date(2026, 11, 30), date(2026, 12, 31))
    said = (
        "Days up to 30 November 2026 were paid before this budget was brought in. The first day to pay for is "
        "1 December 2026."
    )
    with pytest.raises(Refusal, match=said):
        record(world, stream, entry.period_start, entry.period_end)
    with pytest.raises(Refusal, match=said), world.unit(world.finance, writes=False) as uow:
        preview_payment(uow, stream.id, entry)
    assert rows_of(world, PaymentItem) == []
    assert record(world, stream, date(2026, 12, 1), date(2026, 12, 31)).amount_pence == 31 * DAILY


def test_days_that_are_left_out_are_told_before_the_payment_is_recorded(world: World) -> None:
    _, stream = brought_in(world, MONTHLY | {"paid_to_on": "2026-11-30"})
    may_be_paid(world)

    def told(first: date, last: date) -> str:
        with world.unit(world.finance, writes=False) as uow:
            return preview_payment(uow, stream.id, payments.PaymentEntry(first, last)).left_out

    january = date(2027, 1, 1), date(2027, 1, 31)
    assert told(date(2026, 12, 1), date(2026, 12, 31)) == ""
    assert told(*january).startswith("Nobody has paid for 1 December 2026 to 31 December 2026.")
    record(world, stream, date(2026, 12, 1), date(2026, 12, 31))
    assert told(*january) == ""
    assert told(date(2027, 1, 3), january[1]).startswith("Nobody has paid for 1 January 2027 to 2 January 2027.")


def test_without_it_the_month_it_was_brought_in_in_is_asked_for_as_before(world: World) -> None:
    phb, _ = brought_in(world, MONTHLY)
    november = Cycle(date(2026, 11, 1), date(2026, 11, 30))
    assert balance(world, available(phb.id)) == 130 * DAILY
    # However late it is asked: November must not be left out.
    for on in (TODAY, date(2026, 12, 2), date(2027, 1, 15)):
        assert asked_for(world, phb, on) == november
        with world.unit(world.finance, on=on, writes=False) as uow:
            (item,) = payments_due(uow.session, uow.actor, on).items
        assert item.title.endswith("1 November 2026 to 30 November 2026")
    may_be_paid(world)
    owner = rows_of(world, Person)[0]
    told = journey_home(world, owner, date(2026, 12, 2))
    assert "It is for 1 November 2026 to 30 November 2026." in told
    paid = list(pay_all(world, phb, rows_of(world, Stream)[0], MARCH))
    assert (paid[0].period_start, sum(one.amount_pence for one in paid)) == (date(2026, 11, 1), 151 * DAILY)
    assert balance(world, available(phb.id)) == 0


def test_start_up_costs_paid_before_are_neither_set_aside_nor_paid_again(world: World) -> None:
    started = {
        "phb_started_on": "2026-06-01", "stream_started_on": "2026-06-01", "first_payment_on": "2026-06-01",
        "last_review_on": "", "one_off_amount": "500.00",
    }  # fmt: skip
    phb, stream = brought_in(world, MONTHLY | started | {"paid_to_on": "2026-11-30"})
    assert balance(world, available(phb.id)) == 121 * DAILY
    may_be_paid(world)
    assert [one.amount_pence for one in pay_all(world, phb, stream, MARCH)] == [n * DAILY for n in (31, 31, 28, 31)]


def spring(engine: Engine) -> tuple[World, Phb, Stream]:
    """Brought in on 20 March, paid to 30 April: £70.00 a week, £10.00 a day."""
    world = world_on(engine, date(2027, 3, 20))
    row = {"frequency": "MONTHLY", "weekly_amount": "70.00", "paid_to_on": "2027-04-30"}
    return world, *brought_in(world, row)


YEAR = date(2028, 3, 31)


def test_paid_beyond_31_march_neither_year_sets_those_days_aside(engine: Engine) -> None:
    world, phb, stream = spring(engine)
    assert rows_of(world, LedgerJournal, col(LedgerJournal.verb) == Verb.ALLOCATE.value) == []
    tick(engine, now=at(date(2027, 4, 1)))
    tick(engine, now=at(date(2027, 4, 2)))
    assert balance(world, available(phb.id)) == 336_000, "336 days from 1 May"
    may_be_paid(world)
    paid = list(pay_all(world, phb, stream, YEAR))
    assert paid[0].period_start == date(2027, 5, 1)
    assert sum(one.amount_pence for one in paid) == 336_000
    assert balance(world, available(phb.id)) == 0


@pytest.mark.parametrize("late", [False, True], ids=["before the year is set aside", "after"])
def test_a_raise_within_the_days_paid_is_made_good_by_the_next_payment(engine: Engine, late: bool) -> None:
    """10% from 1 April: 30 days at £1.00 a day more, and 336 days at £11.00, all of it set aside."""
    world, phb, stream = spring(engine)
    with world.unit(SYSTEM) as uow:
        for name, value in (("uplift_basis_points", "1000"), ("uplift_policy", "The board’s uplift for 2027/28")):
            uow.add(PolicySetting, icb_id=world.icb, name=name, value=value, starts_on=date(2027, 1, 1))
    if late:
        tick(engine, now=at(date(2027, 4, 1)))
    agreed(world, on=date(2027, 4, 2) if late else world.today)
    tick(engine, now=at(date(2027, 4, 2)))
    assert rows_of(world, Stream)[0].weekly_pence == 7_700
    assert balance(world, available(phb.id)) == 336 * 1_100 + 30 * 100
    may_be_paid(world)
    paid = list(pay_all(world, phb, stream, YEAR))
    assert [one.amount_pence for one in paid[:2]] == [31 * 1_100 + 3_000, 30 * 1_100]
    assert balance(world, available(phb.id)) == 0


def case_in(world: World) -> Case:
    phb = rows_of(world, Phb)[0]
    return Case(phb.person_id, phb.reference, phb.id, phb.id, [stream.id for stream in rows_of(world, Stream)], [])


def test_a_reduction_within_the_days_paid_comes_off_the_next_payment(world: World) -> None:
    """£7.00 a week less from 25 December, paid to 31 December: 7 days at £1.00 come off January."""
    phb, stream = brought_in(world, MONTHLY | {"weekly_amount": "70.00", "paid_to_on": "2026-12-31"})
    may_be_paid(world)
    on = date(2026, 12, 25)
    decision_id = issued(world, case_in(world), reduce(stream.id, 6_300, on), on=TODAY)
    tick(world.engine, now=at(on))
    assert balance(world, available(phb.id)) == 90 * 900 - 700
    with world.unit(world.cm, on=on, writes=False) as uow:
        said = " ".join(reduction_working(uow.session, uow.actor, on, uow.session.get_one(Decision, decision_id), 28))
        owner = uow.session.get_one(Person, phb.person_id)
    assert "25 December 2026 to 31 December 2026: 7 days at £63.00 a week = £63.00." in said
    assert "£70.00 was paid, so £7.00 comes off the next payment." in said
    home = journey_home(world, owner, on)
    assert any("Your next payment is £272.00." in one for one in home), home
    paid = list(pay_all(world, phb, stream, MARCH))
    assert [one.amount_pence for one in paid] == [31 * 900 - 700, 28 * 900, 31 * 900]
    assert balance(world, available(phb.id)) == 0


@pytest.mark.parametrize("often", ["WEEKLY", "FOUR_WEEKLY", "MONTHLY"])
def test_odd_amounts_are_paid_to_the_end_of_the_year_too(world: World, often: str) -> None:
    """Amounts that 7 does not divide: each payment is rounded by itself, and none is refused for a penny."""
    phb, stream = brought_in(world, {"frequency": often, "weekly_amount": "758.75", "paid_to_on": "2026-12-29"})
    may_be_paid(world)
    on = date(2026, 12, 25)
    issued(world, case_in(world), reduce(stream.id, 70_003, on), on=TODAY)
    tick(world.engine, now=at(on))
    paid = list(pay_all(world, phb, stream, MARCH))
    by_day = [Rate(75_875, date(2025, 5, 5), date(2026, 12, 24)), Rate(70_003, on)]
    over = part_period([Rate(75_875, on)], on, date(2026, 12, 29)) - part_period(by_day, on, date(2026, 12, 29))
    due = part_period(by_day, date(2026, 12, 30), MARCH) - over
    assert abs(sum(one.amount_pence for one in paid) - due) <= (len(paid) + 1) // 2
    assert 0 <= balance(world, available(phb.id)) <= (len(paid) + 1) // 2


def journey_home(world: World, person: Person, on: date) -> list[str]:
    """What the holder reads of their money."""
    actor = type(world.cm)(role=Role.HOLDER, user_id=None, person_id=person.id)
    with world.unit(actor, on=on, writes=False) as uow:
        (budget,) = own_budgets(uow.session, uow.actor, uow.now, uow.today).budgets
        return [sentence for stream in budget.streams for sentence in stream.next]


def test_a_stop_within_the_days_paid_gives_back_no_more_than_was_set_aside(world: World) -> None:
    row = MONTHLY | {"paid_to_on": "2026-12-31"}
    bring_in(world, file_of(row, row | NOTIONAL | {"weekly_amount": "7.00", "paid_to_on": ""}))
    phb, (direct, _) = rows_of(world, Phb)[0], rows_of(world, Stream)
    may_be_paid(world)
    assert balance(world, available(phb.id)) == 90 * DAILY + 130 * 100
    issued(world, case_in(world), stop(date(2026, 12, 25), stream_id=direct.id), on=TODAY)
    tick(world.engine, now=at(date(2026, 12, 25)))
    assert balance(world, available(phb.id)) == 130 * 100, "what the invoices need stays"
    assert asked_for(world, phb, date(2026, 12, 26)) is None
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_what_another_stream_needs_does_not_count_days_that_were_paid(world: World) -> None:
    row = MONTHLY | {"paid_to_on": "2026-12-31"}
    report = bring_in(world, file_of(row, row | NOTIONAL | {"weekly_amount": "7.00", "paid_to_on": ""}))
    assert outcome(report) == (2, 0, 0, 0), report.refused
    phb, (direct, invoiced) = rows_of(world, Phb)[0], rows_of(world, Stream)
    assert balance(world, available(phb.id)) == 90 * DAILY + 130 * 100
    with world.unit(SYSTEM, writes=False) as uow:
        assert needed_by_others(uow, phb.id, invoiced.id) == 90 * DAILY
        assert needed_by_others(uow, phb.id, direct.id) == 130 * 100


def test_finance_reads_to_which_day_was_paid(world: World) -> None:
    brought_in(world, MONTHLY | {"paid_to_on": "2026-10-31"})
    bring_in(world, file_of(MONTHLY | ANOTHER | {"paid_to_on": "2026-11-30"}))
    third = {"nhs_number": "9990000034", "local_reference": "CM-3", "given_name": "Zoe"}
    bring_in(world, file_of(MONTHLY | third | {"paid_to_on": "2027-01-31"}))
    with world.unit(world.finance, on=TODAY, writes=False) as uow:
        found = payments_due(uow.session, uow.actor, TODAY).items
    assert [one.title.rpartition(", ")[2] for one in found] == [
        "1 November 2026 to 30 November 2026", "1 December 2026 to 31 December 2026",
    ]  # fmt: skip
    assert [one.status for one in found] == ["Cannot be paid", "Due soon"]  # bank details are looked at first
    assert "Days up to 31 October 2026 were paid before it was brought in." in found[0].detail


def test_streams_paid_far_ahead_hide_no_other_from_finance(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_money, "MOST", 1)  # four streams are looked at
    ahead = [
        MONTHLY | {
            "nhs_number": "", "nhs_number_status": "03", "local_reference": f"CM-{n}", "paid_to_on": "2027-01-31",
            "date_of_birth": f"197{n}-12-10",
        }
        for n in range(5)
    ]  # fmt: skip
    report = bring_in(world, file_of(*ahead, MONTHLY | {"local_reference": "CM-9", "paid_to_on": "2026-10-31",
                                                        "date_of_birth": "1961-02-03"}))  # fmt: skip
    assert outcome(report) == (6, 0, 0, 0), report.refused
    with world.unit(world.finance, on=TODAY, writes=False) as uow:
        (found,) = payments_due(uow.session, uow.actor, TODAY).items
    assert found.title.endswith("1 November 2026 to 30 November 2026")


def test_the_dry_run_says_from_which_day_the_portal_pays(world: World) -> None:
    lately = MONTHLY | {"balance_on": "2026-11-15"}
    known, other = lately | {"paid_to_on": "2026-11-30"}, lately | ANOTHER
    report = bring_in(world, file_of(known, other), dry_run=True)
    (note,) = [one.reason for one in report.notes if one.row == 0]
    assert note.startswith("The file says of 1 stream to which day you have paid. The portal pays from the day after.")
    assert "does not say of 1 stream" in note
    assert bring_in(world, file_of(known), dry_run=True).notes[0].reason.count("The file") == 1
    unpaid = other | {"first_payment_on": ""}
    assert bring_in(world, file_of(unpaid), dry_run=True).notes == (), "nothing was paid"
    bring_in(world, file_of(known, other))
    assert bring_in(world, file_of(known, other), dry_run=True).notes == (), "nothing is new"


def test_the_same_day_again_is_the_same_and_another_is_refused(world: World) -> None:
    row = MONTHLY | {"paid_to_on": "2026-11-30"}
    brought_in(world, row)
    assert outcome(bring_in(world, file_of(row))) == (0, 0, 1, 0)
    assert outcome(bring_in(world, file_of(row | {"paid_to_on": ""}))) == (0, 0, 1, 0)
    report = bring_in(world, file_of(row | {"paid_to_on": "2026-12-31"}))
    assert [p.column for p in report.refused] == ["paid_to_on"]
    assert report.refused[0].reason.startswith("The portal has another last day already paid for this budget. ")
