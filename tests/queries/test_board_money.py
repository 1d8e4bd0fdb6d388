"""What a board's money comes to: always what its postings say, whoever posts at once, and found out when it is not."""

from __future__ import annotations

import importlib.util
import threading
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest
from sqlalchemy import Engine, select, text
from sqlmodel import col

from phbportal.db import connect
from phbportal.domain.budgets import LineType
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Journal, Place, Posting, Verb, available, held, outside, place_of, reserved, spent
from phbportal.domain.streams import Method
from phbportal.queries.board_money import added_up
from phbportal.queries.ledger import check_ledger
from phbportal.services import ledger, payments, spending
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.ledger import LedgerJournal
from tests.support import journey
from tests.support.journey import NUMBERS, Case, StreamPlan
from tests.support.world import World, make_world

ROOT = Path(__file__).resolve().parents[2]
START, END = date(2026, 4, 6), date(2026, 5, 3)
DIRECT = StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=START)
NIGHTS = StreamPlan(Method.NOTIONAL, 40_000, starts_on=START)


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine)


@pytest.fixture
def paid(world: World) -> Case:
    """A budget of two methods: one payment made in April, one set aside on 3 May, £62.50 spent on 3 May."""
    case = journey.approved(world, NIGHTS, DIRECT)
    days = case.streams[1]
    journey.account(world, days)
    journey.pay(world, days, START, END)
    receipt = spending.SpendingEntry(Verb.ACCOUNT_FOR, 6_250, END, LineType.ACTIVITY, "Swimming")
    world.do(world.finance, lambda uow: spending.record_spending(uow, days, receipt, key="swim"), on=END)
    later = payments.PaymentEntry(date(2026, 5, 4), date(2026, 5, 31))
    world.do(world.finance, lambda uow: payments.record_payment(uow, days, later, key="later"), on=END)
    return case


def kept(world: World) -> dict[tuple[str, str, str, str, str], int]:
    """The rows there are, in pence, by where from, where to, month, group and method."""
    m = BoardMoney
    with world.unit(world.finance, writes=False) as uow:
        rows = uow.session.execute(select(m).where(col(m.icb_id) == world.icb)).scalars().all()
    return {(r.from_place, r.to_place, f"{r.month:%Y-%m}", r.cohort, r.method): r.amount_pence for r in rows}


def wrong(world: World) -> list[str]:
    with world.unit(world.finance, writes=False) as uow:
        return [m.path for m in check_ledger(uow.session)]


@pytest.mark.parametrize("path", ["elsewhere:1", "phb:1:spent", "outside", "stream:1", ""])
def test_a_path_outside_the_chart_has_no_kind(path: str) -> None:
    with pytest.raises(ValueError, match="an account of no kind"):
        place_of(path)


def test_every_kind_of_account_has_its_place(world: World) -> None:
    case = journey.draft(world)
    paths = {
        outside("icb", world.icb): Place.BOARD, outside("own_money"): Place.OUTSIDE, held(case.phb_id): Place.HELD,
        available(case.phb_id): Place.AVAILABLE, reserved(case.phb_id): Place.RESERVED,
        spent(case.phb_id, "AGENCY"): Place.SPENT,
    }  # fmt: skip
    assert {path: place_of(path) for path in paths} == paths


def test_every_posting_is_added_where_and_when_it_happened(world: World, paid: Case) -> None:
    whole = (105_000 * 360 + 3) // 7
    assert kept(world) == {
        ("BOARD", "AVAILABLE", "2026-04", "CHC", ""): whole,
        ("AVAILABLE", "RESERVED", "2026-04", "CHC", "DIRECT_PAYMENT"): 260_000,
        ("RESERVED", "HELD", "2026-04", "CHC", "DIRECT_PAYMENT"): 260_000,
        ("HELD", "SPENT", "2026-05", "CHC", "DIRECT_PAYMENT"): 6_250,
        ("AVAILABLE", "RESERVED", "2026-05", "CHC", "DIRECT_PAYMENT"): 260_000,
    }
    assert wrong(world) == []


def test_a_correction_goes_the_other_way_and_takes_nothing_off(world: World, paid: Case) -> None:
    with world.unit(world.finance, writes=False) as uow:
        entry = uow.session.execute(
            select(col(LedgerJournal.id)).where(col(LedgerJournal.verb) == Verb.ACCOUNT_FOR.value)
        ).scalar_one()
    world.do(world.finance, lambda uow: ledger.reverse(uow, entry, key="r", reason="Wrong"), on=date(2026, 6, 2))
    assert kept(world)["SPENT", "HELD", "2026-06", "CHC", "DIRECT_PAYMENT"] == 6_250
    assert kept(world)["HELD", "SPENT", "2026-05", "CHC", "DIRECT_PAYMENT"] == 6_250
    assert wrong(world) == []


def test_what_is_refused_adds_nothing(world: World, paid: Case) -> None:
    before = kept(world)

    def too_much(uow: object) -> None:
        post(uow, paid, "first", 100)
        post(uow, paid, "second", 10**9)

    with pytest.raises(Refusal):
        world.do(world.finance, too_much)
    assert kept(world) == before


def post(uow: object, case: Case, key: str, pence: int) -> None:
    moved = Posting(available(case.phb_id), reserved(case.phb_id), pence)
    ledger.post(uow, Journal(Verb.RESERVE, case.phb_id, START, "A test", key, (moved,)))  # pyright: ignore


def test_a_transaction_of_many_entries_writes_each_sum_once(world: World, paid: Case) -> None:
    from tests.support.statements import statements

    with statements(world.engine) as sent, world.unit(world.finance) as uow:
        for number in range(12):
            post(uow, paid, f"k{number}", 1)
    assert len([s for s in sent if "board_money" in s]) == 1
    assert kept(world)["AVAILABLE", "RESERVED", "2026-04", "CHC", ""] == 12


def test_entries_at_once_by_several_officers_are_all_in_the_sum_and_none_is_refused(world: World) -> None:
    """Eight transactions that add to the same two sums, half of them in the other order: nobody waits for ever."""
    groups = (Cohort.CHC, Cohort.MENTAL_HEALTH, Cohort.MENTAL_HEALTH, Cohort.CHC)
    cases = [
        journey.approved(world, NIGHTS, person_id=journey.add_person(world, number=NUMBERS[n]), cohort=cohort)
        for n, cohort in enumerate(groups)
    ]
    ready = threading.Barrier(8)
    refused: list[str] = []

    def officer(number: int) -> None:
        ready.wait()
        try:
            with world.unit(world.finance) as uow:
                for case in cases[:2] if number % 2 else cases[2:]:
                    post(uow, case, f"{case.phb_id}:{number}", 1 + number)
        except Refusal as refusal:
            refused.append(str(refusal))

    threads = [threading.Thread(target=officer, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == []
    for cohort in ("CHC", "MENTAL_HEALTH"):
        assert kept(world)["AVAILABLE", "RESERVED", "2026-04", cohort, ""] == sum(range(1, 9))
    assert wrong(world) == []


def test_only_the_ledger_s_own_service_writes_the_sums() -> None:
    rooms = ("services", "sign_in", "edge", "endpoints", "pages", "admin", "resources", "cli", "demo")
    named = [p for room in rooms for p in (ROOT / "phbportal" / room).rglob("*.py") if "BoardMoney" in p.read_text()]
    assert [p.name for p in named] == ["board_money.py"]
    asking = [p.name for p in (ROOT / "phbportal").rglob("*.py") if "import add_up" in p.read_text()]
    assert sorted(asking) == ["ledger.py", "passing_on.py"]  # the second works them out again when a board takes over


def test_a_sum_altered_behind_its_back_is_found_and_named(world: World, paid: Case) -> None:
    with connect(world.engine, writes=True) as connection:
        connection.execute(text("UPDATE board_money SET amount_pence = amount_pence + 1 WHERE to_place = 'HELD'"))
        connection.execute(text("DELETE FROM board_money WHERE to_place = 'SPENT'"))
        connection.commit()
    assert wrong(world) == [
        f"board {world.icb}: HELD to SPENT, 2026-05, CHC, DIRECT_PAYMENT",
        f"board {world.icb}: RESERVED to HELD, 2026-04, CHC, DIRECT_PAYMENT",
    ]


@pytest.fixture(scope="module")
def migration() -> ModuleType:
    spec = importlib.util.spec_from_file_location("m0009", ROOT / "alembic/versions/0009_board_money.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_migration_adds_up_what_was_posted_before_it(world: World, paid: Case, migration: ModuleType) -> None:
    before = kept(world)
    with connect(world.engine, writes=True) as connection:
        connection.execute(text("DELETE FROM board_money"))
        migration.fill(connection)
        connection.commit()
    assert kept(world) == before
    assert wrong(world) == []
    with world.unit(world.finance, writes=False) as uow:
        assert len(added_up(uow.session)) == len(before)
