"""The demo world holds all that docs/demo.md promises."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal import tables
from phbportal.db import make_engine
from phbportal.demo.build import build
from phbportal.demo.people import HOLDERS
from phbportal.domain.consents import GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.identifiers import nhs_number
from phbportal.domain.ledger import held, spent
from phbportal.domain.people import age_on
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.domain.streams import AccountStatus, Frequency, Method, PayeeKind, start_problems
from phbportal.policy.actors import SYSTEM
from phbportal.policy.permissions import Permission
from phbportal.queries.ledger import check_ledger
from phbportal.queries.role_grants import grants_waiting
from phbportal.services import budgets, consents
from phbportal.services.facts import stream_fact
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in.start import development_people
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment, User
from tests.support.demo import (
    BEGINNING,
    ISSUER,
    PROMISED,
    assert_promises_kept,
    balance,
    counts,
    record_of,
    staff,
)
from tests.support.postgres import PostgresServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def whole_on_sqlite(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The demo world on SQLite."""
    engine = make_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('demo') / 'demo.sqlite3')}")
    assert build(engine, ISSUER, small=True)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def whole_on_postgres(postgres: PostgresServer) -> Iterator[Engine]:
    """The demo world on PostgreSQL."""
    name = postgres.fresh_database()
    engine = make_engine(postgres.url(name))
    assert build(engine, ISSUER, small=True)
    yield engine
    engine.dispose()
    postgres.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def world(request: pytest.FixtureRequest) -> Engine:
    """The demo world on each database, built once for the tests that leave its stories as they are."""
    if request.param == "sqlite":
        return request.getfixturevalue("whole_on_sqlite")
    return request.getfixturevalue("whole_on_postgres")


def may(engine: Engine, key: str, permission: Permission, row: PayeeAccount | PaymentItem) -> bool:
    """Whether this finance officer of the first board may do this."""
    with open_unit(engine, staff(engine, key, Role.FINANCE), writes=False) as uow:
        return uow.decide(permission, row).allowed


def test_every_stage_that_the_tour_promises_is_there(world: Engine) -> None:
    assert_promises_kept(world)
    assert len(PROMISED) + len(BEGINNING) == len(HOLDERS) == counts(world)["person"]


def test_the_ledger_of_the_demo_world_agrees_with_its_postings(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []
    assert counts(world)["ledger_posting"] > 40


def test_the_first_board_has_two_of_each_staff_role_and_the_second_one(world: Engine) -> None:
    with open_unit(world, SYSTEM, writes=False) as uow:
        found = uow.session.execute(
            select(col(Organisation.ods_code), col(Assignment.role), col(User.display_name))
            .join(Organisation, col(Organisation.id) == col(Assignment.icb_id))
            .join(User, col(User.id) == col(Assignment.user_id))
            .where(
                col(Assignment.role).in_(STAFF_ROLES),
                col(User.display_name) != "Bethan Lloyd",
                col(Assignment.revoked_at).is_(None),
            )
        ).all()
    per_board = Counter((row.ods_code, row.role) for row in found)
    expected = {(code, role.value): n for code, n in (("QYG", 2), ("QOP", 1)) for role in STAFF_ROLES}
    assert per_board == expected | {("QOP", "ADMIN"): 2}, "two administrators, so that one may grant what one proposes"


def test_a_role_waits_for_somebody_else_than_the_administrator_who_proposed_it(world: Engine) -> None:
    with open_unit(world, staff(world, "approver", Role.APPROVER), writes=False) as uow:
        (waiting,) = grants_waiting(uow.session, uow.actor, uow.today).items
    assert waiting.title == "Finance officer for Leo Whitcombe"
    with open_unit(world, staff(world, "grace", Role.ADMIN), writes=False) as uow:
        assert grants_waiting(uow.session, uow.actor, uow.today).items == ()


def test_somebody_has_left_whose_budget_another_case_manager_has_and_who_cannot_be_chosen_to_sign_in(
    world: Engine,
) -> None:
    marta = staff(world, "case.manager", Role.CASE_MANAGER)
    wilfred = record_of(world, "Oyelaran")
    with open_unit(world, SYSTEM, writes=False) as uow:
        joan = uow.session.execute(select(User).where(col(User.display_name) == "Joan Prescott")).scalar_one()
        held = uow.session.execute(select(Assignment).where(col(Assignment.user_id) == joan.id)).scalar_one()
        told = uow.session.execute(
            select(func.count()).where(
                col(AuditEvent.kind) == "case_manager_changed", col(AuditEvent.phb_id) == wilfred.phb.id
            )
        ).scalar_one()
    assert joan.disabled_at is not None
    assert held.revoked_at is not None
    assert (wilfred.plan.written_by, wilfred.phb.case_manager_id, told) == (joan.id, marta.user_id, 1)
    assert "Joan Prescott" not in {person.name for person in development_people(world, ISSUER)}
    with pytest.raises(Refusal):
        staff(world, "joan", Role.CASE_MANAGER)


def test_one_person_may_choose_between_two_roles(world: Engine) -> None:
    roles = (Role.CASE_MANAGER, Role.APPROVER)
    manager, approver = (staff(world, "bethan", role) for role in roles)
    assert (manager.role, approver.role) == roles
    assert manager.user_id == approver.user_id
    assert manager.assignment_id != approver.assignment_id


def test_one_approver_may_approve_up_to_1000_pounds_a_week(world: Engine) -> None:
    assert staff(world, "owen", Role.APPROVER).sign_off_limit_pence == 100_000
    assert staff(world, "approver", Role.APPROVER).sign_off_limit_pence is None


def test_the_plan_that_waits_for_approval_is_refused_to_its_writer_and_above_a_limit(world: Engine) -> None:
    """Ruth may approve it, Bethan wrote it, and £1,180.00 is above Owen's limit."""
    plan_id = record_of(world, "Vaughan").plan.id
    answers: dict[str, str] = {}
    for key in ("approver", "bethan", "owen"):
        with open_unit(world, staff(world, key, Role.APPROVER), writes=False) as uow:
            answers[key] = uow.decide(Permission.PLAN_APPROVE, uow.find(Plan, plan_id)).because
    assert answers == {
        "approver": "",
        "bethan": "You wrote, submitted or signed this plan or its budget, so someone else must approve it.",
        "owen": "This is above your sign-off limit. Ask an approver with a higher limit.",
    }


def test_the_first_persons_money_is_that_of_scenario_t01(world: Engine) -> None:
    """£4,348.00 for 21 days and start-up costs, £4,009.27 of it spent, £5,000.00 more: £5,338.73."""
    rosalind = record_of(world, "Achebe")
    assert [item.amount_pence for item in rosalind.payments] == [434_800, 500_000]
    first = rosalind.payments[0]
    assert (first.period_end - first.period_start).days + 1 == 21
    assert first.period_start.weekday() == 0
    assert balance(world, held(rosalind.streams[0].id)) == 533_873


def test_the_mixed_budget_is_that_of_scenario_t09(world: Engine) -> None:
    """£2,600.00 a cycle by direct payment; £1,552.50 of the nights' £1,600.00 invoiced, which leaves £47.50."""
    gareth = record_of(world, "Pritchard-Evans")
    nights, days = gareth.streams
    assert (nights.method, nights.weekly_pence) == (Method.NOTIONAL, 40_000)
    assert (days.method, days.weekly_pence) == (Method.DIRECT_PAYMENT, 65_000)
    assert [item.amount_pence for item in gareth.payments if item.stream_id == days.id] == [260_000, 260_000]
    assert balance(world, spent(nights.id, "AGENCY")) == 4 * 40_000 - 4_750


def test_the_notional_budget_has_had_its_invoices_paid_and_nobody_holds_its_money(world: Engine) -> None:
    wilfred = record_of(world, "Oyelaran")
    assert [stream.method for stream in wilfred.streams] == [Method.NOTIONAL]
    assert [item.status for item in wilfred.payments] == ["PAID", "PAID", "PAID"]
    assert wilfred.accounts == []


def test_a_payment_waits_for_an_officer_other_than_the_one_who_recorded_it(world: Engine) -> None:
    harpreet = record_of(world, "Sandhu")
    assert [item.status for item in harpreet.payments] == ["PLANNED"]
    assert may(world, "finance", Permission.PAYMENT_CONFIRM, harpreet.payments[0]) is False
    assert may(world, "kofi", Permission.PAYMENT_CONFIRM, harpreet.payments[0]) is True


def test_bank_details_wait_for_an_officer_other_than_the_one_who_entered_them(world: Engine) -> None:
    dorothy = record_of(world, "Fenwick")
    assert [account.status for account in dorothy.accounts] == [AccountStatus.PROPOSED]
    assert may(world, "finance", Permission.ACCOUNT_APPROVE, dorothy.accounts[0]) is False
    assert may(world, "kofi", Permission.ACCOUNT_APPROVE, dorothy.accounts[0]) is True


def test_somebody_is_paid_every_week_and_the_next_payment_is_due_within_a_week(world: Engine) -> None:
    elzbieta = record_of(world, "Nowicka")
    assert elzbieta.streams[0].frequency == Frequency.WEEKLY
    assert [item.status for item in elzbieta.payments] == ["PAID"] * 4
    due = elzbieta.payments[-1].period_end + timedelta(days=1)
    with open_unit(world, SYSTEM, writes=False) as uow:
        assert 0 <= (due - uow.today).days <= 7


def test_the_draft_without_a_consent_would_be_refused_for_it(world: Engine) -> None:
    frances = record_of(world, "O’Dowd")
    assert frances.streams[0].method == Method.DIRECT_PAYMENT
    with open_unit(world, SYSTEM, writes=False) as uow:
        stream = uow.session.get_one(Stream, frances.streams[0].id)
        fact = stream_fact(uow, stream)
        problems = start_problems(fact, stream.starts_on)
    assert [p.sentence for p in problems] == ["There is no consent to a direct payment in force. Record it first."]


def test_the_child_is_12_with_a_notional_draft_and_only_his_representative_can_consent(world: Engine) -> None:
    noah = record_of(world, "Iqbal-Webb")
    with open_unit(world, SYSTEM, writes=False) as uow:
        assert age_on(noah.person.date_of_birth, uow.today) == 12
    assert [stream.method for stream in noah.streams] == [Method.NOTIONAL]
    manager = staff(world, "case.manager", Role.CASE_MANAGER)
    with pytest.raises(Refusal, match="under 16 cannot consent"), open_unit(world, manager, writes=True) as uow:
        consents.record_consent(uow, noah.person.id, consents.ConsentEntry(GivenBy.SELF, uow.today))
    entry = budgets.StreamEntry(
        Method.DIRECT_PAYMENT, PayeeKind.REPRESENTATIVE, noah.streams[0].starts_on, Frequency.FOUR_WEEKLY
    )
    with (
        pytest.raises(Refusal, match="the representative by name"),
        open_unit(world, manager, writes=True) as uow,
    ):
        budgets.add_stream(uow, noah.plan.id, entry)


def test_of_three_third_party_budgets_one_is_paid_one_waits_and_one_is_to_be_changed(world: Engine) -> None:
    """£3,600.00 twice, £2,703.00 of it accounted for."""
    ruben = record_of(world, "Castellano")
    assert [(item.amount_pence, item.status) for item in ruben.payments] == [(360_000, "PAID")] * 2
    assert balance(world, held(ruben.streams[0].id)) == 720_000 - 270_300
    assert [account.kind for account in ruben.accounts] == ["ISF_LEDGER"]
    waits: dict[str, str] = {}
    for name in ("Castellano", "Marchetti", "Nair-Hughes"):
        with open_unit(world, SYSTEM, writes=False) as uow:
            found = select(col(IsfConfirmation.status)).where(
                col(IsfConfirmation.phb_id) == record_of(world, name).phb.id
            )
            waits[name] = uow.session.execute(found).scalar_one()
    assert waits == {"Castellano": "CONFIRMED", "Marchetti": "SENT", "Nair-Hughes": "CONFIRMED_WITH_CHANGES"}


def test_the_second_board_sees_its_own_person_and_no_other(world: Engine) -> None:
    hannah = staff(world, "hannah", Role.CASE_MANAGER, "QOP")
    with open_unit(world, hannah, writes=False) as uow:
        assert uow.find(Person, record_of(world, "Clarke").person.id).given_name == "Desmond"
        with pytest.raises(Refusal):
            uow.find(Person, record_of(world, "Achebe").person.id)


def test_staff_and_three_holders_can_be_chosen_at_the_sign_in_and_one_may_come_for_the_first_time(
    world: Engine,
) -> None:
    people = development_people(world, ISSUER)
    holders = {person.name: person.note for person in people if person.role_words == "Budget holder"}
    assert set(holders) == {"Ros Achebe", "Gareth Pritchard-Evans", "Ela Nowicka", "Wilfred Oyelaran"}
    assert holders["Wilfred Oyelaran"] == "First sign-in"
    assert sum(person.name == "Bethan Lloyd" for person in people) == 2
    acting = {person.name: person.role_words for person in people if person.subject in ("demo-nominee", "demo-sarah")}
    assert acting == {"Nerys Powell": "Nominee", "Sarah Webb": "Representative"}
    providers = {person.name: person.note for person in people if person.role_words == "Provider"}
    assert providers == {"Imani Osei": "Mersey Lives CIC"}
    # Two teams, Bethan twice, holders, those who act for others, an organisation, and somebody nobody knows.
    assert len(people) == 12 + 7 + 2 + 4 + 3 + 1 + 1


def test_the_nominee_holds_the_money_and_the_young_person_s_birthday_is_on_the_list(world: Engine) -> None:
    ivor, tamsin = record_of(world, "Powell"), record_of(world, "Rowe")
    assert ivor.streams[0].payee_kind == PayeeKind.NOMINEE
    assert balance(world, held(ivor.streams[0].id)) > 0
    with open_unit(world, SYSTEM, writes=False) as uow:
        warned = uow.session.execute(select(Task).where(col(Task.kind) == "AGE16_WARNING")).scalars().all()
    assert [task.phb_id for task in warned] == [tamsin.phb.id]


def test_nothing_in_the_world_happened_today_or_later(world: Engine) -> None:
    with world.connect() as connection:
        for name in ("audit_event", "payment_item", "plan", "consent", "user_account"):
            made = tables.metadata.tables[name].c.created_at
            latest = connection.execute(select(func.max(made))).scalar_one()
            assert latest.date() < datetime.now(UTC).date(), name


def test_nobody_in_the_world_has_the_nhs_number_of_somebody_in_the_caseload_files() -> None:
    numbers = {holder.entry.nhs_number or "" for holder in HOLDERS.values()}
    assert {nhs_number(number) for number in numbers} == numbers
    assert len(numbers) == len(HOLDERS)
    assert all(number.startswith("999") for number in numbers)
    with (ROOT / "tests/data/caseload/clean.csv").open(encoding="utf-8", newline="") as file:
        assert not numbers & {row["nhs_number"] for row in csv.DictReader(file)}


def test_at_another_address_the_same_people_can_be_chosen(world: Engine) -> None:
    elsewhere = "http://localhost:8001/dev-idp"
    users = counts(world)["user_account"]
    assert build(world, elsewhere) is False
    assert len(development_people(world, elsewhere)) == len(development_people(world, ISSUER))
    before = counts(world)
    assert build(world, elsewhere) is False
    assert (before["user_account"], counts(world)) == (users, before)
