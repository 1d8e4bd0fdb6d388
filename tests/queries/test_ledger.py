"""Balances read in one go, and the check that recomputes every one of them (I14; decisions.md §3)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Connection, Engine, event, text

from phbportal.admin.asked import Asked
from phbportal.admin.export import export_rows
from phbportal.admin.listing import list_page
from phbportal.db import connect
from phbportal.domain.budgets import LineType
from phbportal.domain.ledger import Journal, Posting, Verb, available, held, reserved, spent
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import Balances, Mismatch, amounts_of, balances_of, check_ledger
from phbportal.resources.everything import LEDGER
from phbportal.services import payments, spending
from phbportal.services.ledger import post
from phbportal.tables.append_only import unprotect
from tests.queries.worlds import Worlds
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

START = date(2026, 4, 6)
END = date(2026, 5, 3)


@pytest.fixture
def empty(worlds: Worlds, kind: str) -> Iterator[World]:
    """Two boards with their staff, and no money anywhere."""
    with worlds.copy(kind, "empty", lambda _world: None) as (world, _nothing):
        yield world


@pytest.fixture
def busy(worlds: Worlds, kind: str) -> Iterator[tuple[World, Case]]:
    """T09 in full swing."""
    with worlds.copy(kind, "busy", mixed) as copy:
        yield copy


def mixed(world: World) -> Case:
    """T09: notional nights of £400.00 and direct payment days of £650.00; a cycle paid, £62.50 spent, one set aside."""
    case = journey.approved(
        world,
        StreamPlan(Method.NOTIONAL, 40_000, starts_on=START),
        StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=START, line_type=LineType.PA_WAGE),
    )
    nights, days = case.streams
    journey.account(world, days)
    journey.pay(world, days, START, END)
    invoice = payments.PaymentEntry(START, END, 155_250, LineType.AGENCY, "INV-77")
    reference = world.do(world.finance, lambda uow: payments.record_payment(uow, nights, invoice, key="inv-77"), on=END)
    journey.confirm(world, reference, on=END)
    receipt = spending.SpendingEntry(Verb.ACCOUNT_FOR, 6_250, END, LineType.ACTIVITY, "Swimming")
    world.do(world.finance, lambda uow: spending.record_spending(uow, days, receipt, key="swim"), on=END)
    later = payments.PaymentEntry(date(2026, 5, 4), date(2026, 5, 31))
    world.do(world.finance, lambda uow: payments.record_payment(uow, days, later, key="later"), on=END)
    return case


def balances(world: World, case: Case) -> Balances:
    with world.unit(world.finance, writes=False) as uow:
        return balances_of(uow.session, case.phb_id)


def check(world: World) -> list[Mismatch]:
    """What is wrong of the accounts; the sums of the boards are tests/queries/test_board_money.py's."""
    with world.unit(world.finance, writes=False) as uow:
        return [m for m in check_ledger(uow.session) if not m.path.startswith("board ")]


@contextmanager
def listening(engine: Engine) -> Iterator[list[str]]:
    """The statements sent meanwhile, the beginning of the transaction aside."""
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith("BEGIN"):
            statements.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    yield statements
    event.remove(engine, "before_cursor_execute", listen)


@contextmanager
def behind_the_back(engine: Engine) -> Iterator[Connection]:
    """A hand in the database with no triggers and no foreign keys to stop it."""
    with connect(engine, writes=True) as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for table in ("ledger_posting", "ledger_journal"):
            unprotect(connection, table)
        yield connection
        connection.commit()
    engine.dispose()


def test_t09_the_balances_of_a_mixed_budget_are_read_apart(busy: tuple[World, Case]) -> None:
    world, case = busy
    nights, days = case.streams
    found = balances(world, case)
    whole = (105_000 * 360 + 3) // 7  # 6 April to 31 March
    assert found.available_pence == whole - 260_000 - 155_250 - 260_000
    assert found.reserved_pence == 260_000
    assert found.held_pence == {days: 260_000 - 6_250}
    assert found.held_by(nights) == 0
    assert found.spent_pence == {nights: {"AGENCY": 155_250}, days: {"ACTIVITY": 6_250}}
    assert (found.spent_on(nights), found.spent_on(days)) == (155_250, 6_250)


def test_a_budget_with_no_money_yet_has_nothing_everywhere(empty: World) -> None:
    case = journey.draft(empty)
    assert balances(empty, case) == Balances(0, 0, {}, {})


def test_balances_cannot_be_changed_by_whoever_reads_them(busy: tuple[World, Case]) -> None:
    world, case = busy
    found = balances(world, case)
    with pytest.raises(AttributeError):
        found.held_pence.update({case.streams[1]: 0})


def test_balances_are_one_statement_over_an_index(busy: tuple[World, Case]) -> None:
    world, case = busy
    engine = world.engine
    with world.unit(world.finance, writes=False) as uow:
        with listening(engine) as statements:
            balances_of(uow.session, case.phb_id)
        assert len(statements) == 1
        if engine.dialect.name == "sqlite":
            plan = uow.session.connection().exec_driver_sql("EXPLAIN QUERY PLAN " + statements[0], (case.phb_id.hex,))
            assert "ix_ledger_account_phb_id" in str(plan.all())


def test_the_check_is_three_statements_however_many_accounts(busy: tuple[World, Case]) -> None:
    world, _case = busy
    with world.unit(world.finance, writes=False) as uow:
        with listening(world.engine) as statements:
            assert check_ledger(uow.session) == []
        assert len(statements) == 3  # the accounts; the boards' sums as kept, and as the postings say


def test_a_ledger_that_only_the_portal_wrote_agrees_with_its_postings(empty: World, busy: tuple[World, Case]) -> None:
    assert check(empty) == []
    assert check(busy[0]) == []


def test_one_posting_altered_behind_the_ledger_s_back_is_found_and_named(busy: tuple[World, Case]) -> None:
    """The portal's own triggers are taken off, as somebody with the database's password could."""
    world, case = busy
    engine = world.engine
    _nights, days = case.streams
    with behind_the_back(engine) as connection:
        altered = connection.execute(
            text("UPDATE ledger_posting SET amount_pence = amount_pence + 100 WHERE amount_pence = 6250")
        )
        assert altered.rowcount == 1
    assert check(world) == [
        Mismatch(held(days), 253_750, 253_650),
        Mismatch(spent(days, "ACTIVITY"), 6_250, 6_350),
    ]


def test_one_kept_balance_altered_behind_the_ledger_s_back_is_found_and_named(busy: tuple[World, Case]) -> None:
    world, case = busy
    engine = world.engine
    with behind_the_back(engine) as connection:
        connection.execute(
            text("UPDATE ledger_account SET balance_pence = balance_pence - 1 WHERE path = :path"),
            {"path": available(case.phb_id)},
        )
    kept = balances(world, case).available_pence
    assert check(world) == [Mismatch(available(case.phb_id), kept, kept + 1)]


def test_a_posting_taken_away_is_found_at_both_its_accounts(busy: tuple[World, Case]) -> None:
    world, case = busy
    engine = world.engine
    with behind_the_back(engine) as connection:
        gone = connection.execute(text("DELETE FROM ledger_posting WHERE amount_pence = 155250 AND position = 0"))
        assert gone.rowcount == 2  # what was set aside for the invoice, and what was paid
    assert {m.path for m in check(world)} == {available(case.phb_id), spent(case.streams[0], "AGENCY")}


def test_postings_on_an_account_that_has_no_row_are_told(busy: tuple[World, Case]) -> None:
    world, case = busy
    engine = world.engine
    with behind_the_back(engine) as connection:
        path = {"path": reserved(case.phb_id)}
        row_id = connection.execute(text("SELECT id FROM ledger_account WHERE path = :path"), path).scalar_one()
        connection.execute(text("DELETE FROM ledger_account WHERE path = :path"), path)
    found = check(world)
    assert [(m.kept_pence, m.computed_pence) for m in found] == [(0, 260_000)]
    assert str(row_id).replace("-", "") in found[0].path.replace("-", "")


def test_a_kept_balance_with_no_postings_at_all_is_told(busy: tuple[World, Case]) -> None:
    world, case = busy
    engine = world.engine
    with behind_the_back(engine) as connection:
        connection.execute(text("DELETE FROM ledger_posting"))
    found = {m.path: m for m in check(world)}
    assert found[available(case.phb_id)].computed_pence == 0
    assert len(found) == 6  # the board; what is left and set aside; what is held; two kinds of spending


def test_its_file_holds_what_each_entry_moved_as_a_number(busy: tuple[World, Case]) -> None:
    """An entry of several postings is as much as they come to."""
    world, case = busy
    parts = (
        Posting(held(case.streams[1]), spent(case.streams[1], "ACTIVITY"), 6_250),
        Posting(held(case.streams[1]), spent(case.streams[1], "PA_WAGE"), 149_000),
    )
    both = Journal(Verb.ACCOUNT_FOR, case.phb_id, END, "Both", "both", parts, stream_id=case.streams[1])
    world.do(SYSTEM, lambda uow: post(uow, both), on=END)
    with world.unit(world.finance, on=END, writes=False) as uow:
        page = list_page(uow.session, uow.actor, END, LEDGER, Asked(size=100))
        moved = amounts_of(uow.session, uow.actor, END, page.ids)
        amount = [head.label for head in page.heads].index("Amount")
        written = [row[amount] for row in export_rows(uow.session, uow.actor, END, LEDGER, Asked(size=100))]
    assert Decimal("1552.50") in written
    assert sorted(written) == sorted(Decimal(pence) / 100 for pence in moved.values())
