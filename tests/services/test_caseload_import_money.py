"""The money of a caseload: opening balances to the penny, the year set aside, and who may not be paid yet."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain.budgets import StreamAmount, year_commitment
from phbportal.domain.consents import GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb, available, held
from phbportal.domain.periods import MonthlyPay, Rate, days_between, for_days, months_after, part_period
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.services import accounts, payments
from phbportal.services.approvals import allocate
from phbportal.services.tick import tick
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting
from tests.gateways.caseload_rows import ANOTHER, NOTIONAL, TODAY, caseload
from tests.services.import_world import balance, bring_in, import_world, outcome, read_file, rows_of
from tests.support import journey
from tests.support.world import World

CM = {"case_manager_email": "cm@example.org"}
HALF = {"weekly_amount": "0.00", "one_off_amount": "500.00", "frequency": "ONCE", "balance": "", "balance_on": ""}


@pytest.fixture
def world(engine: Engine) -> World:
    return import_world(engine)


def brought_in(world: World, row: dict[str, str]) -> tuple[Phb, Stream]:
    report = bring_in(world, caseload(CM | row))
    assert outcome(report) == (1, 0, 0, 0), report.refused
    return rows_of(world, Phb)[0], rows_of(world, Stream)[0]


def test_opening_balances_are_posted_to_the_penny(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    file = {row.row: row for row in read_file("clean.csv").rows}
    streams = rows_of(world, Stream)
    assert [balance(world, held(stream.id)) for stream in streams] == [
        file[row].balance_pence or 0 for row in sorted(file)
    ]
    opened = rows_of(world, LedgerJournal, col(LedgerJournal.verb) == Verb.OPENING.value)
    assert len(opened) == 10
    assert {journal.effective_on for journal in opened} == {date(2026, 9, 30)}
    assert -balance(world, "outside:opening") == sum(row.balance_pence or 0 for row in file.values()) == 5_378_054


def test_the_rest_of_the_year_is_set_aside_from_today(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    for phb in rows_of(world, Phb):
        streams = rows_of(world, Stream, col(Stream.phb_id) == phb.id)
        ahead = [StreamAmount("", s.weekly_pence, 0, TODAY, None) for s in streams]
        assert balance(world, available(phb.id)) == year_commitment(ahead, TODAY)
    first = rows_of(world, Phb)[0]
    # £758.75 and £400.00 a week for the 130 days from 22 November to 31 March, each to the nearest penny.
    assert balance(world, available(first.id)) == 1_409_107 + 742_857


def test_a_payee_who_has_spent_more_than_was_paid_opens_below_nought(world: World) -> None:
    _, stream = brought_in(world, {"balance": "-86.40"})
    assert balance(world, held(stream.id)) == -8_640
    assert outcome(bring_in(world, caseload(CM | {"balance": "-86.40"}))) == (0, 0, 1, 0)
    assert [p.column for p in bring_in(world, caseload(CM | {"balance": "86.40"})).refused] == ["balance"]
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_a_balance_of_nothing_posts_nothing(world: World) -> None:
    brought_in(world, {"balance": "0.00"})
    assert rows_of(world, LedgerJournal, col(LedgerJournal.verb) == Verb.OPENING.value) == []
    assert outcome(bring_in(world, caseload(CM | {"balance": "0.00"}))) == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("row", "pence"),
    [
        pytest.param(HALF, 0, id="paid already"),
        pytest.param(HALF | {"first_payment_on": ""}, 50_000, id="not paid yet"),
        pytest.param(HALF | {"first_payment_on": "2026-12-01"}, 50_000, id="to be paid"),
        pytest.param(HALF | NOTIONAL | {"frequency": "", "first_payment_on": ""}, 0, id="invoiced in an earlier year"),
        pytest.param(
            HALF | NOTIONAL | {"frequency": "", "first_payment_on": "", "stream_started_on": "2026-10-01"},
            50_000, id="to be invoiced this year",
        ),
    ],
)  # fmt: skip
def test_a_one_off_is_set_aside_while_it_is_owed(world: World, row: dict[str, str], pence: int) -> None:
    phb, _ = brought_in(world, row)
    assert balance(world, available(phb.id)) == pence
    tick(world.engine)
    assert balance(world, available(phb.id)) == pence, "and not a second time"


def test_a_budget_that_starts_later_waits_for_its_first_payment(world: World) -> None:
    later = {"phb_started_on": "2026-12-07", "stream_started_on": "2026-12-07", "first_payment_on": "2026-12-07",
             "balance": "", "balance_on": "", "last_review_on": ""}  # fmt: skip
    phb, stream = brought_in(world, later)
    assert (phb.status, phb.live_on, stream.status, stream.first_payment_on) == ("SETUP", None, "AGREED", None)
    assert balance(world, available(phb.id)) == 164_286, "115 days at £100.00 a week"
    pay_for(world, stream, date(2026, 12, 7), date(2027, 1, 3))
    phb, stream = rows_of(world, Phb)[0], rows_of(world, Stream)[0]
    assert (phb.status, phb.live_on, stream.status) == ("ACTIVE", date(2026, 12, 7), "ACTIVE")
    assert balance(world, held(stream.id)) == 40_000
    assert outcome(bring_in(world, caseload(CM | later))) == (0, 0, 1, 0)


def test_the_next_year_is_set_aside_on_1_april(world: World) -> None:
    phb, stream = brought_in(world, {})
    before = balance(world, available(phb.id))
    next_year = year_commitment([StreamAmount("", 10_000, 0, TODAY, None)], date(2027, 4, 1))
    with world.unit(SYSTEM, on=date(2027, 4, 1)) as uow:
        allocate(uow, phb, rows_of(world, BudgetVersion)[0], [stream], on=date(2027, 4, 1))
    assert balance(world, available(phb.id)) - before == next_year


def test_a_stream_paid_by_the_month_follows_the_board_s_way_and_its_money_is_paid_to_the_last_penny(
    world: World,
) -> None:
    with world.unit(SYSTEM) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="monthly_payment", value="TWELFTHS", starts_on=date(2026, 4, 1))
    phb, stream = brought_in(world, {"weekly_amount": "100.01", "frequency": "MONTHLY"})
    assert (stream.frequency, stream.monthly_pay) == ("MONTHLY", "TWELFTHS")
    # 9 of the 30 days of November and 4 months.
    by_month = [Rate(10_001, stream.starts_on, None, MonthlyPay.TWELFTHS)]
    assert balance(world, available(phb.id)) == part_period(by_month, TODAY, date(2027, 3, 31)) == 186_352
    pay_for(world, stream, TODAY, date(2026, 11, 30))
    for first in (date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1)):
        record(world, stream, first, months_after(first, 1) - timedelta(days=1))
    assert balance(world, available(phb.id)) == 0


@pytest.mark.parametrize(
    ("more", "first", "last"),
    [
        ({"frequency": "MONTHLY"}, date(2026, 11, 1), date(2026, 11, 30)),
        ({}, date(2026, 11, 16), date(2026, 12, 13)),
        ({"stream_started_on": "2026-11-02", "phb_started_on": "2026-11-02", "last_review_on": "", "balance": "",
          "balance_on": "", "first_payment_on": "2026-12-01"}, date(2026, 11, 2), date(2026, 11, 15)),
    ],
    ids=["month", "four weeks", "not paid yet"],
)  # fmt: skip
def test_the_days_before_it_was_brought_in_are_set_aside_by_whoever_pays_for_them(
    world: World, more: dict[str, str], first: date, last: date
) -> None:
    """The portal asks for the whole month, or cycle: what is set aside for the days after is still there in March."""
    phb, stream = brought_in(world, {"weekly_amount": "100.00"} | more)
    assert balance(world, available(phb.id)) == 185_714, "130 days from today"
    pay_for(world, stream, first, last)
    before = days_between(first, min(last, TODAY - timedelta(days=1)))
    paid = for_days(10_000, days_between(first, last))
    assert balance(world, available(phb.id)) == 185_714 + for_days(10_000, before) - paid
    following = last + timedelta(days=1)
    reference = record(world, stream, following, following + timedelta(days=6))
    item = rows_of(world, PaymentItem, col(PaymentItem.reference) == reference)[0].id
    was = balance(world, available(phb.id))
    world.do(world.finance, lambda uow: payments.cancel_payment(uow, item, reason="Wrong days."), on=TODAY)
    world.do(
        world.finance,
        lambda uow: payments.record_payment(
            uow, stream.id, payments.PaymentEntry(following, following + timedelta(days=6)), key="again"
        ),
        on=max(following, TODAY),
    )
    assert balance(world, available(phb.id)) == was, "once, however often it is recorded"


def record(world: World, stream: Stream, start: date, end: date) -> str:
    entry = payments.PaymentEntry(start, end)
    return world.do(
        world.finance, lambda uow: payments.record_payment(uow, stream.id, entry, key=f"{start}"), on=max(start, TODAY)
    )


def pay_for(world: World, stream: Stream, start: date, end: date) -> None:
    """All that stands between an imported direct payment and its next payment, then the payment."""
    person = rows_of(world, Person)[0]
    journey.allow_direct_payment(world, person.id, given_by=GivenBy.SELF)
    details = rows_of(world, PayeeAccount)[0]
    world.do(world.finance, lambda uow: accounts.approve_account(uow, details.id), on=TODAY - timedelta(days=3))
    reference = record(world, stream, start, end)
    journey.confirm(world, reference, on=max(start, TODAY))


def test_nothing_more_is_paid_before_the_consent_is_recorded_and_the_account_approved(world: World) -> None:
    phb, stream = brought_in(world, {})
    with pytest.raises(Refusal) as refused:
        record(world, stream, TODAY, TODAY + timedelta(days=27))
    said = str(refused.value)
    assert "no consent to a direct payment" in said
    assert "excluded from direct payments" in said
    assert "bank details have not been approved" in said
    pay_for(world, stream, TODAY, TODAY + timedelta(days=27))
    assert balance(world, held(stream.id)) == 5_000 + 40_000
    assert rows_of(world, Phb)[0].live_on == phb.live_on == date(2025, 5, 5)


def test_an_organisation_is_not_paid_until_it_has_confirmed(world: World) -> None:
    _, stream = brought_in(
        world, {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Larch Care CIC"}
    )
    with pytest.raises(Refusal, match="has not been asked yet"):
        record(world, stream, TODAY, TODAY + timedelta(days=27))


@pytest.mark.parametrize("payee", ["NOMINEE", "REPRESENTATIVE"])
def test_a_nominee_or_representative_is_not_paid_until_recorded(world: World, payee: str) -> None:
    _, stream = brought_in(world, {"payee_kind": payee, "payee_name": "Ben Adeyemi"})
    assert stream.payee_name == "Ben Adeyemi"
    with pytest.raises(Refusal, match="is named for this stream"):
        record(world, stream, TODAY, TODAY + timedelta(days=27))


def test_whoever_prepared_the_file_does_not_approve_its_bank_details(world: World) -> None:
    brought_in(world, {})
    details = rows_of(world, PayeeAccount)[0]
    with pytest.raises(Refusal):
        world.do(world.cm, lambda uow: accounts.approve_account(uow, details.id))


def test_new_bank_details_of_the_portal_are_not_undone_by_the_file(world: World) -> None:
    _, stream = brought_in(world, {})
    entry = accounts.AccountEntry("Ada Byron", "089999", "66374959")
    world.do(world.cm, lambda uow: accounts.propose_account(uow, stream.id, entry))
    assert outcome(bring_in(world, caseload(CM))) == (0, 0, 1, 0)
    assert [a.account_number for a in rows_of(world, PayeeAccount)] == ["66374958", "66374959"]
    assert outcome(bring_in(world, caseload(CM, CM | ANOTHER))) == (1, 0, 1, 0)
