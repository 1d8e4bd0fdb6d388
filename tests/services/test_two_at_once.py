"""Two people at one moment, each on a connection of their own: one wins, the other is told in words.

Each act runs in its own thread; a barrier lets both go at once, and on PostgreSQL the two really run side by side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import event

from phbportal.domain.budgets import LineType
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Conflict, Refusal
from phbportal.domain.identifiers import show_telephone
from phbportal.domain.ledger import Journal, Posting, Verb, available, outside
from phbportal.domain.phbs import PhbKind
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.services import accounts, approvals, eligibility, ledger, payments, people, phbs, plans, spending
from phbportal.services.people import PersonEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.settings import Submission
from tests.queries.worlds import Worlds
from tests.services.asking import END, START, Act, Copy, Paying, balances, payment, row, rows
from tests.services.test_approvals import ready
from tests.services.together import ENOUGH, all_together
from tests.support import journey
from tests.support.journey import NUMBERS, Case, StreamPlan
from tests.support.world import World

Outcome = Any


def at_once(world: World, *acts: tuple[Actor, Act], on: date = START) -> list[Outcome]:
    """Do all acts at once, each in a thread with a connection of its own; what came of each, or its refusal.

    On PostgreSQL all have begun before any goes on. On SQLite only one can have begun: they meet at its door.
    """
    barrier = Barrier(len(acts))
    begun_together = world.engine.dialect.name == "postgresql"

    def run(by: Actor, act: Act) -> Outcome:
        def together(uow: UnitOfWork) -> Any:
            uow.session.connection()
            if begun_together:
                barrier.wait(ENOUGH)
            return act(uow)

        if not begun_together:
            barrier.wait(ENOUGH)
        return world.do(by, together, on=on)

    return all_together(*(partial(run, by, act) for by, act in acts))


def one_wins(outcomes: list[Outcome]) -> str:
    """Exactly one act was done; every other was refused in words. Returns the words."""
    refusals = [o for o in outcomes if isinstance(o, BaseException)]
    assert all(isinstance(o, Refusal) for o in refusals), refusals
    assert len(refusals) == len(outcomes) - 1, outcomes
    said = {str(o) for o in refusals}
    assert len(said) == 1
    return said.pop()


def two_notional(world: World) -> Case:
    return journey.approved(world, StreamPlan(Method.NOTIONAL, 40_000), StreamPlan(Method.NOTIONAL, 50_000))


@pytest.fixture
def waiting(worlds: Worlds, kind: str) -> Any:
    """A plan waiting for approval; seen in a copy of its own."""
    with worlds.copy(kind, "waiting", ready) as copy:
        yield copy


def test_two_approvers_at_once_approve_once_and_set_the_money_aside_once(waiting: Copy) -> None:
    world, case = waiting

    def approve(uow: UnitOfWork) -> None:
        approvals.approve_plan(uow, case.plan_id)

    said = one_wins(at_once(world, (world.approver, approve), (world.approver2, approve), on=world.today))
    assert said.startswith("You cannot approve this plan: it is now “Approved”")
    assert len(rows(world, LedgerJournal, verb=Verb.ALLOCATE.value)) == 1
    assert balances(world, case).available_pence == 125_000 * 353 // 7


def test_an_approval_and_a_return_at_once_leave_the_plan_in_one_of_the_two(waiting: Copy) -> None:
    world, case = waiting
    outcomes = at_once(
        world, (world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id)),
        (world.approver2, lambda uow: plans.return_plan(uow, case.plan_id, reason="Say who helps at night.")),
        on=world.today,
    )  # fmt: skip
    one_wins(outcomes)
    approved = row(world, Plan, case.plan_id).status == "APPROVED"
    assert (balances(world, case).available_pence > 0) == approved


def test_two_officers_at_once_confirm_once_and_pay_once(direct: Paying) -> None:
    world = direct.world
    world.actors["finance3"] = replace(world.approver, role=world.finance.role)
    confirm = direct.confirming(direct.record())
    said = one_wins(at_once(world, (world.finance2, confirm), (world.finance3, confirm)))
    assert said == "This payment has already been confirmed. Reload the page to see it."
    assert balances(world, direct.case).held_by(direct.stream) == 434_800
    assert len(rows(world, LedgerJournal, verb=Verb.PAY.value)) == 1


def test_a_confirmation_and_a_cancellation_at_once_leave_the_money_in_one_place(direct: Paying) -> None:
    world, reference = direct.world, direct.record()
    item = payment(world, reference).id
    one_wins(
        at_once(
            world, (world.finance2, direct.confirming(reference)),
            (world.finance, lambda uow: payments.cancel_payment(uow, item, reason="Wrong days.")),
        )
    )  # fmt: skip
    found = balances(world, direct.case)
    paid = payment(world, reference).status == "PAID"
    assert found.reserved_pence == 0
    assert found.held_by(direct.stream) == (434_800 if paid else 0)
    assert found.available_pence == 6_363_371 - (434_800 if paid else 0)


def test_the_same_payment_sent_twice_at_once_is_recorded_once(direct: Paying) -> None:
    """A double click: both get the same reference, or the second is told."""
    outcomes = at_once(direct.world, *[(direct.world.finance, direct.recording())] * 2)
    assert outcomes == ["PAY-2026-000001"] * 2
    assert len(rows(direct.world, PaymentItem)) == 1
    assert balances(direct.world, direct.case).reserved_pence == 434_800


def test_the_same_days_sent_by_two_officers_at_once_are_recorded_once(direct: Paying) -> None:
    world = direct.world
    acts = [(world.finance, direct.recording(key="one")), (world.finance2, direct.recording(key="two"))]
    said = one_wins(at_once(world, *acts))
    assert said.startswith("PAY-2026-000001 already pays for 13 April 2026 to 3 May 2026.")
    assert balances(world, direct.case).reserved_pence == 434_800


def test_one_key_sent_at_once_for_two_streams_is_taken_for_one_of_them(worlds: Worlds, kind: str) -> None:
    """The streams lock each for itself, so only the database stands between the two."""

    with worlds.copy(kind, "two notional", two_notional) as (world, case):
        acts = [
            (world.finance, lambda uow, s=stream: payments.record_payment(
                uow, s, payments.PaymentEntry(START, END, 1_000, LineType.AGENCY, "A1"), key="one"))
            for stream in case.streams
        ]  # fmt: skip
        said = one_wins(at_once(world, *acts))
        assert said in (
            "Somebody else saved the same thing at the same moment. Reload the page to see what was saved.",
            "This form was already sent with other answers. Reload the page to see what was saved.",
        )
        assert balances(world, case).reserved_pence == 1_000


def test_payments_of_two_streams_at_once_never_take_more_than_is_left(worlds: Worlds, kind: str) -> None:
    """Each alone is within the money; both together are not."""

    with worlds.copy(kind, "two notional", two_notional) as (world, case):
        whole = balances(world, case).available_pence
        acts = [
            (world.finance, lambda uow, s=stream: payments.record_payment(
                uow, s, payments.PaymentEntry(START, END, whole - 1, LineType.AGENCY, "A1"), key=str(s)))
            for stream in case.streams
        ]  # fmt: skip
        said = one_wins(at_once(world, *acts))
        assert said.startswith("Only £0.01 of this budget is left to pay out")
        assert balances(world, case).available_pence == 1


def test_recording_and_confirming_on_two_streams_at_once_both_come_to_an_end(worlds: Worlds, kind: str) -> None:
    """They lock the budget and its accounts; in different orders one of them would be killed as a deadlock."""

    def invoice(uow: UnitOfWork, stream: Any, number: str) -> str:
        entry = payments.PaymentEntry(START, END, 1_000, LineType.AGENCY, number)
        return payments.record_payment(uow, stream, entry, key=number)

    with worlds.copy(kind, "two notional", two_notional) as (world, case):
        one, two = case.streams
        for n in range(6):
            reference = world.do(world.finance, lambda uow, n=n: invoice(uow, one, f"A{n}"), on=START)
            item = payment(world, reference).id
            outcomes = at_once(
                world, (world.finance2, lambda uow, i=item: payments.confirm_payment(uow, i, paid_on=START)),
                (world.finance, lambda uow, n=n: invoice(uow, two, f"B{n}")),
            )  # fmt: skip
            assert not [o for o in outcomes if isinstance(o, BaseException)], outcomes
        assert balances(world, case).reserved_pence == 6_000
        assert balances(world, case).spent_on(one) == 6_000


def test_a_confirmation_takes_every_lock_before_it_touches_an_account(direct: Paying) -> None:
    """Recording a payment holds on to the budget and then takes the accounts: the other way round is a deadlock."""
    world = direct.world
    confirm = direct.confirming(direct.record())
    statements: list[str] = []

    def listen(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(world.engine, "before_cursor_execute", listen)
    world.do(world.finance2, confirm, on=START)
    event.remove(world.engine, "before_cursor_execute", listen)
    first_account = next(n for n, s in enumerate(statements) if s.startswith("UPDATE ledger_account"))
    if world.engine.dialect.name == "sqlite":
        assert statements[0] == "BEGIN IMMEDIATE"
        return
    locked = [n for n, s in enumerate(statements) if "FOR NO KEY UPDATE" in s]
    assert max(locked) < first_account
    assert {table for n in locked for table in ("payment_item", "stream", "phb") if f"OF {table}" in statements[n]} == {
        "payment_item", "stream", "phb",
    }  # fmt: skip


def test_a_receipt_sent_twice_at_once_is_posted_once(direct: Paying) -> None:
    direct.confirm(direct.record())
    entry = spending.SpendingEntry(Verb.ACCOUNT_FOR, 6_250, START, LineType.ACTIVITY, "Swimming")

    def send(uow: UnitOfWork) -> Any:
        return spending.record_spending(uow, direct.stream, entry, key="swim")

    outcomes = at_once(direct.world, *[(direct.world.finance, send)] * 3)
    assert len(set(outcomes)) == 1
    assert balances(direct.world, direct.case).spent_on(direct.stream) == 6_250


def test_one_journal_key_posted_at_once_moves_the_money_once(notional: Paying) -> None:
    """Straight to the ledger, with no lock above it: the losers are told, or are given the first entry."""
    path = available(notional.case.phb_id)
    entry = Journal(Verb.OPENING, notional.case.phb_id, START, "Gift", "k", (Posting(outside("gift"), path, 100),))
    before = balances(notional.world, notional.case).available_pence
    outcomes = at_once(notional.world, *[(notional.world.finance, lambda uow: ledger.post(uow, entry))] * 4)
    assert all(isinstance(o, Refusal) for o in outcomes if isinstance(o, BaseException)), outcomes
    assert len({o for o in outcomes if not isinstance(o, BaseException)}) == 1
    assert balances(notional.world, notional.case).available_pence == before + 100


def test_an_entry_corrected_by_two_at_once_is_corrected_once(direct: Paying) -> None:
    """Own money is corrected: the payee's account may go below nothing, so no balance stands in the way."""
    world = direct.world
    entry = spending.SpendingEntry(Verb.OWN_MONEY, 10_000, START, reference="A gift")
    original = world.do(
        world.finance, lambda uow: spending.record_spending(uow, direct.stream, entry, key="gift"), on=START
    )
    acts = [
        (who, lambda uow, k=key: ledger.reverse(uow, original, key=k, reason="Mistake"))
        for who, key in ((world.finance, "one"), (world.finance2, "two"))
    ]
    assert one_wins(at_once(world, *acts)) == "This entry has already been corrected."
    assert balances(world, direct.case).held_by(direct.stream) == 0


def test_two_case_managers_at_once_add_one_nhs_number_once(world: World) -> None:
    entry = PersonEntry("Amina", "Okafor-Reyes", date(1961, 2, 3), nhs_number=NUMBERS[0], nhs_number_status="01")

    def add(uow: UnitOfWork) -> Any:
        return people.add_person(uow, entry)

    said = one_wins(at_once(world, (world.cm, add), (world.other_cm, add), on=world.today))
    assert "same moment" in said or "already on another record" in said
    assert NUMBERS[0] not in said
    assert len(rows(world, Person)) == 1


def test_two_changes_of_one_person_at_once_are_one_change_and_one_conflict(drafted: Copy) -> None:
    world, case = drafted
    base = PersonEntry("Amina", "Okafor-Reyes", date(1961, 2, 3), nhs_number=NUMBERS[0], nhs_number_status="01")

    def changing(phone: str) -> Act:
        entry = replace(base, telephone=phone)
        return lambda uow: people.change_person(uow, case.person_id, entry, seen_version=1)

    acts = [(world.cm, changing("+441632960001")), (world.cm2, changing("+441632960002"))]
    outcomes = at_once(world, *acts, on=world.today)
    one_wins(outcomes)
    conflict = next(o for o in outcomes if isinstance(o, Conflict))
    kept = row(world, Person, case.person_id)
    assert kept.row_version == 2
    assert conflict.theirs["telephone"] == show_telephone(kept.telephone) != conflict.mine["telephone"]


def test_one_budget_opened_by_two_at_once_is_opened_once(world: World) -> None:
    """I02 under two case managers."""
    person_id = journey.add_person(world)
    entry = eligibility.EligibilityEntry(Cohort.CHC, world.today, world.today)
    right = world.do(world.cm, lambda uow: eligibility.record_eligibility(uow, person_id, entry))

    def open_it(uow: UnitOfWork) -> str:
        return phbs.open_phb(uow, person_id, phbs.PhbEntry(right, PhbKind.ONGOING))

    said = one_wins(at_once(world, (world.cm, open_it), (world.cm2, open_it), on=world.today))
    assert said.startswith("This person already has an ongoing budget for the same reason: PHB-2026-000001.")
    assert len(rows(world, Phb)) == 1


def test_one_plan_started_by_two_at_once_is_one_plan(direct: Paying) -> None:
    world = direct.world

    def start(uow: UnitOfWork) -> Any:
        return plans.start_plan(uow, direct.case.phb_id).id

    outcomes = at_once(world, (world.cm, start), (world.cm2, start), on=world.today)
    assert len(set(outcomes)) == 1
    assert len(rows(world, Plan)) == 2


def test_bank_details_decided_by_two_at_once_are_decided_once(direct: Paying) -> None:
    world = direct.world
    entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, direct.stream, entry))
    acts: list[tuple[Actor, Callable[[UnitOfWork], None]]] = [
        (world.finance, lambda uow: accounts.approve_account(uow, account)),
        (world.finance2, lambda uow: accounts.reject_account(uow, account)),
    ]
    said = one_wins(at_once(world, *acts))
    assert said == "These bank details have already been decided. Reload the page to see the outcome."


def test_references_given_out_at_once_are_all_different(notional: Paying) -> None:
    world = notional.world
    acts = [
        (world.finance, notional.recording(key=str(n), invoice_pence=100, invoice_reference=f"A{n}")) for n in range(6)
    ]
    outcomes = at_once(world, *acts)
    assert sorted(outcomes) == [f"PAY-2026-00000{n}" for n in range(1, 7)]


def test_one_form_sent_at_once_is_done_once(world: World) -> None:
    def send(uow: UnitOfWork) -> str:
        def act() -> str:
            uow.record("person_added")
            return "done"

        return uow.once("test", "k", {"name": "A"}, act)

    outcomes = at_once(world, *[(world.cm, send)] * 4, on=world.today)
    assert [o for o in outcomes if not isinstance(o, BaseException)].count("done") >= 1
    for lost in (o for o in outcomes if isinstance(o, BaseException)):
        assert isinstance(lost, Refusal)
        assert "at the same moment" in str(lost)
    assert len(rows(world, Submission)) == 1


def test_payments_of_one_budget_one_after_the_other_by_many_come_to_the_penny(direct: Paying) -> None:
    """Four threads, each with days of its own: nothing is lost between them."""
    world = direct.world
    days = [(date(2026, 4, 13 + n), date(2026, 4, 13 + n)) for n in range(8)]
    acts = [(world.finance, direct.recording(a, b, key=str(a))) for a, b in days]
    outcomes = at_once(world, *acts[:4]) + at_once(world, *acts[4:])
    assert not [o for o in outcomes if isinstance(o, BaseException)], outcomes
    found = balances(world, direct.case)
    assert found.reserved_pence == 8 * 17_857 + 59_800
    assert found.available_pence + found.reserved_pence == 6_363_371
