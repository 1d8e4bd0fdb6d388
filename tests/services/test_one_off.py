"""A one-off budget to its close: paid once into an ordinary account, a small rest written off by two people (T16)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.budgets import LineType
from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import EndReason
from phbportal.domain.ledger import Verb, outside
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.streams import Frequency, Method
from phbportal.queries.history import history_page
from phbportal.services import accounts, change_requests, closing, endings, payments, spending
from phbportal.services.accounts import AccountEntry
from phbportal.services.payments import PaymentEntry
from phbportal.services.spending import SpendingEntry
from phbportal.tables.endings import PhbEnding
from phbportal.tables.phbs import Phb
from tests.services.asking import balance, balances, payment, refused, row
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.living import close, ending_of, settle
from tests.support.world import World

PAID, ENDED = date(2026, 4, 13), date(2026, 5, 11)
ORDINARY = AccountEntry("A Okafor-Reyes", "089999", "66374958", AccountKind.ORDINARY_ONE_OFF)


def one_off(world: World, person_id: UUID | None = None) -> Case:
    stream = StreamPlan(Method.DIRECT_PAYMENT, 0, 48_000, PAID, LineType.EQUIPMENT, Frequency.ONCE)
    return journey.approved(world, stream, cohort=Cohort.LTC, phb_kind=PhbKind.ONE_OFF, person_id=person_id)


def propose_write_off(world: World, ending: PhbEnding) -> UUID:
    def propose(uow: object) -> UUID:
        found = uow.find(PhbEnding, ending.id)  # pyright: ignore
        return change_requests.propose(
            uow, subject="phb-ending", act="write-off", title="A write-off", before={"Written off": "£0.00"},  # pyright: ignore
            after={"Written off": "£24.25"}, values={}, reason="It costs more to ask for it than it is.",
            permission=closing.Permission.ENDING_SETTLE, row=found,
        )  # fmt: skip

    return world.do(world.finance, propose, on=ENDED)


def test_t16_paid_once_into_an_ordinary_account_and_the_small_rest_written_off_by_a_second_person(world: World) -> None:
    case = one_off(world)
    stream = case.streams[0]
    journey.agreed_with(world, stream)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, stream, ORDINARY))
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account))
    journey.pay(world, stream, PAID, PAID)
    entry = SpendingEntry(Verb.ACCOUNT_FOR, 45_575, ENDED, LineType.EQUIPMENT, "Receipts")
    world.do(world.finance, lambda uow: spending.record_spending(uow, stream, entry, key="receipts"), on=ENDED)
    assert balances(world, case).held_by(stream) == 2_425

    over = {"phb_id": case.phb_id, "reason": EndReason.ONE_OFF_COMPLETE.value, "ends_on": ENDED, "care": ""}
    world.do(world.cm, lambda uow: endings.begin_ending(uow, over), on=ENDED)
    ending = ending_of(world, case)
    settle(world, ending.id, balance=2_425, owed=0, on=ENDED)
    request = propose_write_off(world, ending)
    assert refused(world, world.finance, lambda uow: change_requests.approve(uow, request), on=ENDED)
    world.do(world.approver, lambda uow: change_requests.approve(uow, request), on=ENDED)
    assert balance(world, outside("written_off")) == 2_425
    assert balances(world, case).held_by(stream) == 0
    close(world, ending.id, on=ENDED)
    found = row(world, Phb, case.phb_id)
    assert (found.status, found.end_reason) == (PhbStatus.CLOSED, EndReason.ONE_OFF_COMPLETE)
    with world.unit(world.cm, on=ENDED, writes=False) as uow:
        told = history_page(uow.session, uow.actor, uow.today, phb_id=case.phb_id, size=50).rows
    assert any("rote off £24.25 that was left with the payee" in str(one) for one in told)


def test_an_ordinary_account_is_for_the_only_direct_payment_of_a_year(world: World) -> None:
    person = journey.add_person(world)
    journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
    case = one_off(world, person)
    because = refused(world, world.cm, lambda uow: accounts.propose_account(uow, case.streams[0], ORDINARY))
    assert because.startswith("An ordinary account is only for the one direct payment of a year.")


def test_an_ordinary_account_entered_before_another_payment_was_agreed_is_not_approved(world: World) -> None:
    person = journey.add_person(world)
    case = one_off(world, person)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, case.streams[0], ORDINARY))
    journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
    because = refused(world, world.finance, lambda uow: accounts.approve_account(uow, account))
    assert "This person has another" in because


def into_an_ordinary_account(world: World) -> tuple[UUID, Case]:
    """A person, and their one-off payment that is agreed and may be paid into an ordinary account."""
    person = journey.add_person(world)
    case = one_off(world, person)
    stream = case.streams[0]
    journey.agreed_with(world, stream)
    account = world.do(world.cm, lambda uow: accounts.propose_account(uow, stream, ORDINARY))
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account))
    return person, case


def test_an_ordinary_account_is_not_paid_into_once_another_payment_was_agreed(world: World) -> None:
    person, case = into_an_ordinary_account(world)
    stream = case.streams[0]
    recording = lambda uow: payments.record_payment(uow, stream, PaymentEntry(PAID, PAID), key="once")  # noqa: E731
    reference = world.do(world.finance, recording, on=PAID)
    journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
    item = payment(world, reference).id
    confirming = lambda uow: payments.confirm_payment(uow, item, paid_on=PAID)  # noqa: E731
    assert "This person has another" in refused(world, world.finance2, confirming, on=PAID)
    world.do(world.finance, lambda uow: payments.cancel_payment(uow, item, reason="Another account."), on=PAID)
    again = lambda uow: payments.record_payment(uow, stream, PaymentEntry(PAID, PAID), key="again")  # noqa: E731
    assert "This person has another" in refused(world, world.finance, again, on=PAID)


def test_another_payment_that_is_only_being_written_down_keeps_no_money_back(world: World) -> None:
    person, case = into_an_ordinary_account(world)
    stream = case.streams[0]
    journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person)
    journey.pay(world, stream, PAID, PAID)
    assert balances(world, case).held_by(stream) == 48_000


@pytest.mark.parametrize("typed", ["ISF_LEDGER", "NO_SUCH"])
def test_a_kind_nobody_may_choose_is_refused_beside_the_question(typed: str) -> None:
    form = {"name_on_account": "A", "sort_code": "089999", "account_number": "66374958", "kind": typed}
    with pytest.raises(accounts.Refusal) as refusal:
        accounts.read_account(form)
    assert [problem.field for problem in refusal.value.problems] == ["kind"]
