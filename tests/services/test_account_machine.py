"""Bank details in any order: entered, approved by another, turned down, replaced, cooling, paid to (domain.md §9.4).

Nobody approves what they entered; nothing is recorded or leaves but to details that were approved and have cooled
(I11); and a stream is ready only while the details it is paid to are approved.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.streams import Method
from phbportal.services import accounts, payments
from phbportal.services.accounts import AccountEntry
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.payments import PaymentItem
from tests.services.walking import CHEAP, Walk
from tests.support import arranging, journey
from tests.support.journey import StreamPlan
from tests.support.world import World, at

START = date(2026, 4, 6)
STAFF = st.sampled_from(["cm", "finance", "finance2", "approver", "auditor", "other_finance"])
FINANCE = ("finance", "finance2")
COOLING = timedelta(hours=48)
ENTRY = AccountEntry("A Okafor-Reyes", "089999", "66374958")


def agreed(world: World) -> tuple[UUID, UUID, UUID]:
    """A direct payment whose agreement everybody has signed, without bank details; and an organisation, and a board."""
    keeper = arranging.organisation(world)
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 50_000, starts_on=START))
    journey.agreed_with(world, case.streams[0])
    return case.streams[0], keeper, world.other_icb


@dataclass(frozen=True)
class Details:
    """Bank details as anybody could tell of them."""

    by: str
    status: str = "PROPOSED"
    cool_at: datetime | None = None
    managed: bool = False


class AccountMachine(Walk):
    @initialize(steps=st.integers(0, 6))
    def open(self, steps: int = 0) -> None:
        self.stream, self.keeper, self.board = self.enter(agreed)
        self.today = START
        self.hour = 9
        self.details: dict[UUID, Details] = {}
        self.used: UUID | None = None
        self.items: dict[UUID, UUID] = {}
        self.paid_to = START - timedelta(days=1)
        self.keys = 0
        self.come(steps)

    @property
    def now(self) -> datetime:
        return at(self.today, self.hour)

    def usable(self) -> bool:
        """Whether money may go to the details the stream is paid to, at this hour: approved, and cooled. A managed
        account needs an agreement with its keeper too, which nobody signs here."""
        found = self.details.get(self.used) if self.used else None
        return (
            found is not None and found.status == "APPROVED" and not found.managed
            and found.cool_at is not None and self.now >= found.cool_at
        )  # fmt: skip

    # -- what people do

    @rule(by=STAFF, kind=st.sampled_from([*[AccountKind.OWN_SEPARATE] * 3, *AccountKind]), keeper=st.integers(0, 2))
    def propose(self, by: str, kind: AccountKind, keeper: int) -> None:
        chosen = [None, self.keeper, self.board][keeper]
        entry = replace(ENTRY, kind=kind, organisation_id=chosen)
        managed = kind is AccountKind.MANAGED
        turn = (
            by in ("cm", *FINANCE) and kind is not AccountKind.ORDINARY_ONE_OFF
            and (not managed or chosen == self.keeper)
        )  # fmt: skip
        made = self.tried(by, lambda uow: accounts.propose_account(uow, self.stream, entry), in_turn=turn)
        if made:
            self.details[made] = Details(by, managed=managed)
            self.used = made

    @precondition(lambda self: self.details)
    @rule(which=st.integers(0, 9), by=STAFF, yes=st.sampled_from([True, True, True, False]))
    def decide(self, which: int, by: str, yes: bool) -> None:
        one = list(reversed(self.details))[which % min(2, len(self.details))]
        found = self.details[one]
        turn = by in FINANCE and by != found.by and found.status == "PROPOSED"
        act = accounts.approve_account if yes else accounts.reject_account
        if self.tried(by, lambda uow: act(uow, one), in_turn=turn):
            cool_at = self.now + COOLING if yes else None
            self.details[one] = replace(found, status="APPROVED" if yes else "REJECTED", cool_at=cool_at)

    @rule(hours=st.sampled_from([1, 24, 47, 48, 72]))
    def wait(self, hours: int) -> None:
        later = self.now + timedelta(hours=hours)
        self.today, self.hour = later.date(), later.hour

    @rule(by=STAFF)
    def record(self, by: str) -> None:
        start, end = self.paid_to + timedelta(days=1), self.paid_to + timedelta(days=7)
        self.keys += 1
        key, entry = f"key {self.keys}", payments.PaymentEntry(start, end)
        turn = by in FINANCE and self.usable()
        if self.tried(by, lambda uow: payments.record_payment(uow, self.stream, entry, key=key), in_turn=turn):
            self.paid_to = end
            item = self.rows(PaymentItem)[-1]
            assert item.account_id == self.used
            self.items[item.id] = item.account_id

    @precondition(lambda self: self.items)
    @rule(by=st.sampled_from(FINANCE))
    def confirm(self, by: str) -> None:
        item = self.rows(PaymentItem, id=list(self.items)[-1])[0]
        recorder = self.world.actors[by].user_id == item.recorded_by
        turn = not recorder and item.status == "PLANNED" and self.usable() and item.account_id == self.used
        self.tried(by, lambda uow: payments.confirm_payment(uow, item.id, paid_on=self.today), in_turn=turn)

    def onward(self) -> None:
        """The next act on the way to a payment."""
        stands = self.details[self.used].status if self.used else ""
        if stands not in ("PROPOSED", "APPROVED"):
            self.propose("cm", AccountKind.OWN_SEPARATE, 0)
        elif stands == "PROPOSED":
            self.decide(0, "finance", True)
        elif not self.usable():
            self.wait(48)
        elif not self.items:
            self.record("finance")
        else:
            self.confirm("finance2")

    def every_act(self) -> None:
        for by in ("cm", "finance", "finance2", "approver", "auditor", "other_finance"):
            self.propose(by, AccountKind.ORDINARY_ONE_OFF, 0)
            self.propose(by, AccountKind.MANAGED, 2)
            self.record(by)
            if self.details:
                self.decide(0, by, True)
                self.decide(0, by, False)
        if self.items:
            self.confirm("finance")
            self.confirm("finance2")

    # -- what is always so

    @invariant()
    def what_is_approved_was_approved_by_another_and_cools(self) -> None:
        if not hasattr(self, "details"):
            return
        found = self.rows(PayeeAccount)
        assert {row.id: row.status for row in found} == {one: d.status for one, d in self.details.items()}
        for row in found:
            by = self.world.actors[self.details[row.id].by].user_id
            assert row.proposed_by == by
            assert (row.status == "PROPOSED") == (row.decided_by is None)
            assert row.decided_by in (None, *(self.world.actors[one].user_id for one in FINANCE))
            assert row.decided_by != row.proposed_by
            assert row.cooling_until == (self.details[row.id].cool_at)

    @invariant()
    def a_stream_is_ready_only_with_all_it_takes(self) -> None:
        if not hasattr(self, "details"):
            return
        stream = self.rows(Stream, id=self.stream)[0]
        assert stream.account_id == self.used
        if stream.status == "READY":
            assert self.used is not None
            assert self.details[self.used].status == "APPROVED"
            assert self.rows(PayeeAgreement, stream_id=self.stream, kind="DIRECT_PAYMENT", status="IN_FORCE")
        if stream.status == "ACTIVE":
            paid = [row for row in self.rows(PaymentItem) if row.status == "PAID"]
            assert paid
        for item in self.rows(PaymentItem):
            assert self.details[item.account_id].status == "APPROVED"
            assert item.status != "PAID" or item.confirmed_by not in (None, item.recorded_by)


TestAccounts = AccountMachine.TestCase
TestAccounts.settings = CHEAP


def test_details_that_are_approved_and_have_cooled_are_paid_to() -> None:
    """Without this the machine could pass by refusing everything."""
    machine = AccountMachine()
    machine.open()
    try:
        machine.come_refusing_the_rest(2)
        assert machine.rows(Stream, id=machine.stream)[0].status == "READY"
        machine.come_refusing_the_rest(3)
        machine.a_stream_is_ready_only_with_all_it_takes()
        assert machine.rows(Stream, id=machine.stream)[0].status == "ACTIVE"
    finally:
        machine.teardown()
