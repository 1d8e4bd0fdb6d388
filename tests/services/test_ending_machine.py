"""Any order of acts on a budget from the day it is live, sixty at a time: held against what each may do there.

Case managers end it, finance pays, spends and settles, approvers suspend, stop, close and take back, a death comes.
Whatever happens, an act the status does not allow is refused in words and writes nothing; no penny is lost or made;
and nothing is paid to anybody after an end.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.endings import CHOSEN, EndReason
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb, held
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import StreamStatus
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import balances_of, check_ledger
from phbportal.services import closing, endings, payments, spending
from phbportal.services.review_clock import run_review_clock
from phbportal.tables.budgets import Stream
from phbportal.tables.endings import PhbEnding
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from tests.services.quick import kept_in, mixed, quick_world
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import World, at

START, TODAY = date(2026, 4, 6), date(2026, 9, 1)
GOES_ON = {PhbStatus.ACTIVE, PhbStatus.SUSPENDED, PhbStatus.STOPPING}
CARE = "The community nurses see them twice a day from now on."
ADVERSE = {EndReason.NO_LONGER_ELIGIBLE, EndReason.CONSENT_WITHDRAWN, EndReason.MISUSE, EndReason.OTHER}
IMPOSSIBLE = {EndReason.ONE_OFF_COMPLETE, EndReason.AGED_OUT}


def live(world: World) -> Case:
    """T09, live: the days have been paid for one cycle."""
    case = mixed(world)
    journey.pay(world, case.streams[1], START, START + timedelta(days=27))
    return case


class LifeMachine(RuleBasedStateMachine):
    world: World
    case: Case

    @initialize()
    def open(self) -> None:
        self.closing = ExitStack()
        self.world, self.case = self.closing.enter_context(quick_world(live))
        self.nights, self.days = self.case.streams
        self.status = PhbStatus.ACTIVE
        self.ended_on: date | None = None
        self.died = False
        self.keys = 0
        self.next_day = START + timedelta(days=28)
        self.paid_after_the_end = 0

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    # -- helpers

    def do(self, by: Actor, act: Callable[[Any], Any]) -> Any:
        return self.world.do(by, act, on=TODAY)

    def try_it(self, by: Actor, act: Callable[[Any], Any]) -> bool:
        """Do an act; if it is refused, it is refused in words and nothing has moved."""
        before, said = self.state(), None
        try:
            self.do(by, act)
        except Refusal as refusal:
            said = [problem.sentence for problem in refusal.problems]
        if said is not None:
            assert all(sentence[0].isupper() and sentence[-1] == "." for sentence in said), said
            assert self.state() == before
        return said is None

    def state(self) -> tuple[Any, ...]:
        with self.world.unit(self.world.finance, writes=False) as uow:
            phb = uow.session.get_one(Phb, self.case.phb_id)
            streams = uow.session.execute(select(col(Stream.id), col(Stream.status), col(Stream.ends_on)))
            items = uow.session.execute(select(col(PaymentItem.id), col(PaymentItem.status)))
            return (
                phb.status, phb.ended_on, phb.end_reason, sorted(map(tuple, streams)), sorted(map(tuple, items)),
                kept_in(uow),
            )  # fmt: skip

    def key(self) -> str:
        self.keys += 1
        return f"key {self.keys}"

    def ending(self) -> PhbEnding | None:
        with self.world.unit(self.world.finance, writes=False) as uow:
            e = PhbEnding
            found = select(e).where(col(e.phb_id) == self.case.phb_id, col(e.taken_back_on).is_(None))
            return uow.session.execute(found).scalar_one_or_none()

    def waiting(self) -> list[PaymentItem]:
        with self.world.unit(self.world.finance, writes=False) as uow:
            open_ones = (PaymentStatus.PLANNED.value, PaymentStatus.HELD.value)
            found = select(PaymentItem).where(col(PaymentItem.status).in_(open_ones)).order_by(col(PaymentItem.id))
            return list(uow.session.execute(found).scalars())

    def with_payee(self) -> int:
        with self.world.unit(self.world.finance, writes=False) as uow:
            return balances_of(uow.session, self.case.phb_id).held_by(self.days)

    # -- money

    @rule(length=st.integers(1, 35))
    def record_days(self, length: int) -> None:
        entry, key = payments.PaymentEntry(self.next_day, self.next_day + timedelta(days=length - 1)), self.key()
        done = self.try_it(
            self.world.finance, lambda uow: payments.record_payment(uow, self.days, entry, key=key)
        )  # fmt: skip
        if done:
            self.next_day = entry.period_end + timedelta(days=1)
            assert self.status in GOES_ON
            assert not self.died

    @rule(pence=st.integers(1, 900_000), back=st.integers(0, 60))
    def record_an_invoice(self, pence: int, back: int) -> None:
        ends = TODAY - timedelta(days=back)
        key = self.key()
        entry = payments.PaymentEntry(START, ends, pence, payments.LineType.AGENCY, f"Invoice {key}")
        if self.try_it(self.world.finance, lambda uow: payments.record_payment(uow, self.nights, entry, key=key)):
            assert self.status in GOES_ON or (self.status is PhbStatus.CLOSING and ends <= (self.ended_on or ends))

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def confirm(self, data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(self.waiting()))
        done = self.try_it(
            self.world.finance2, lambda uow: payments.confirm_payment(uow, item.id, paid_on=TODAY)
        )  # fmt: skip
        if done:
            assert item.status == PaymentStatus.PLANNED
            assert self.status is not PhbStatus.CLOSED
            assert self.ended_on is None or item.period_end <= self.ended_on
            assert not self.died or item.stream_id == self.nights

    @precondition(lambda self: self.waiting())
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        item = data.draw(st.sampled_from(self.waiting()))
        assert self.try_it(
            self.world.finance2, lambda uow: payments.cancel_payment(uow, item.id, reason="Not needed.")
        )  # fmt: skip

    @rule(share=st.sampled_from([10, 50, 100]), verb=st.sampled_from([Verb.ACCOUNT_FOR, Verb.REPAY]))
    def spend(self, share: int, verb: Verb) -> None:
        pence = self.with_payee() * share // 100
        if pence > 0:
            entry, key = spending.SpendingEntry(verb, pence, TODAY, reference="Receipts"), self.key()
            self.do(self.world.finance, lambda uow: spending.record_spending(uow, self.days, entry, key=key))

    # -- a life

    @rule(status=st.sampled_from([PhbStatus.ACTIVE, PhbStatus.SUSPENDED, PhbStatus.STOPPING]))
    def decide(self, status: PhbStatus) -> None:
        """A decision of the board (made elsewhere) suspends, resumes or stops it."""
        if self.status in GOES_ON:
            with self.world.unit(self.world.cm, on=TODAY) as uow:
                uow.change(uow.find(Phb, self.case.phb_id), status=status.value)
            self.status = status

    @rule(reason=st.sampled_from([*CHOSEN, EndReason.DIED]), back=st.integers(-3, 40), care=st.sampled_from([CARE, ""]))
    def end(self, reason: EndReason, back: int, care: str) -> None:
        on = TODAY - timedelta(days=back)
        values = {"phb_id": self.case.phb_id, "reason": reason.value, "ends_on": on, "care": care}
        may = (
            self.status in GOES_ON and reason not in IMPOSSIBLE and reason is not EndReason.DIED and back >= 0
            and bool(care) and (reason not in ADVERSE or self.status is PhbStatus.STOPPING)
        )  # fmt: skip
        assert self.try_it(self.world.cm, lambda uow: endings.begin_ending(uow, values)) is may
        if may:
            self.before, self.status, self.ended_on = self.status, PhbStatus.CLOSING, on

    @rule(back=st.integers(-2, 40))
    def die(self, back: int) -> None:
        entry, was = endings.DeathEntry(TODAY - timedelta(days=back), "A son"), self.status
        may = not self.died and back >= 0
        assert self.try_it(
            self.world.cm, lambda uow: endings.record_death(uow, self.case.person_id, entry)
        ) is may  # fmt: skip
        if may:
            self.died = True
            if was in GOES_ON:
                self.before, self.status, self.ended_on = was, PhbStatus.CLOSING, entry.died_on

    @rule()
    def a_night(self) -> None:
        before = self.state()
        run_review_clock(self.world.engine, now=at(TODAY, 3))
        assert self.state() == before

    @precondition(lambda self: self.ending() is not None)
    @rule(wrong=st.sampled_from([0, 0, 0, 100]))
    def final_return(self, wrong: int) -> None:
        ending = self.ending()
        assert ending is not None
        values = {"return_on": TODAY, "balance": self.with_payee() + wrong}
        done = self.try_it(self.world.finance, lambda uow: closing.record_return(uow, ending.id, values))
        assert done is (wrong == 0 and self.status is PhbStatus.CLOSING)

    @precondition(lambda self: self.ending() is not None)
    @rule(owed=st.integers(0, 500_000))
    def owed(self, owed: int) -> None:
        ending = self.ending()
        assert ending is not None
        values = {"owed": owed, "owed_for": "Last wages"}
        done = self.try_it(self.world.finance, lambda uow: closing.record_liabilities(uow, ending.id, values))
        assert done is (self.status is PhbStatus.CLOSING)

    @precondition(lambda self: self.ending() is not None)
    @rule(by=st.sampled_from(["finance2", "approver", "cm"]))
    def close(self, by: str) -> None:
        ending = self.ending()
        assert ending is not None
        settled = (
            self.status is PhbStatus.CLOSING and not self.waiting() and self.with_payee() == 0
            and ending.return_on is not None and ending.liabilities_pence is not None
        )  # fmt: skip
        done = self.try_it(self.world.actors[by], lambda uow: closing.close_phb(uow, ending.id, {}))
        assert done is (settled and by != "cm")
        if done:
            self.status = PhbStatus.CLOSED

    @precondition(lambda self: self.ending() is not None)
    @rule()
    def take_back(self) -> None:
        ending = self.ending()
        assert ending is not None
        done = self.try_it(self.world.approver, lambda uow: endings.take_back(uow, ending.id, {}))
        assert done is (self.status is PhbStatus.CLOSING)
        if done:
            self.status, self.ended_on = self.before, None
            if ending.reason == EndReason.DIED:
                self.died = False
            if self.died:
                # The end was taken back of somebody who has died since: the night ends it again.
                run_review_clock(self.world.engine, now=at(TODAY, 3))
                with self.world.unit(self.world.finance, writes=False) as uow:
                    died_on = uow.session.get_one(Person, self.case.person_id).died_on
                self.status, self.ended_on = PhbStatus.CLOSING, died_on

    # -- what is always so

    @invariant()
    def it_stands_where_it_should_and_no_penny_is_lost(self) -> None:
        if not hasattr(self, "status"):
            return
        with self.world.unit(self.world.finance, writes=False) as uow:
            phb = uow.session.get_one(Phb, self.case.phb_id)
            assert (phb.status, phb.ended_on) == (self.status, self.ended_on)
            assert check_ledger(uow.session) == []
            found = kept_in(uow)
            assert sum(found.values()) == 0
            streams = {s.status for s in uow.session.execute(select(Stream)).scalars()}
        if self.status in (PhbStatus.CLOSING, PhbStatus.CLOSED):
            assert streams <= {StreamStatus.WINDING_DOWN, StreamStatus.CLOSED}
        if self.status is PhbStatus.CLOSED:
            assert found.get(held(self.days), 0) == 0
            assert all(pence == 0 for path, pence in found.items() if path.startswith("phb:"))


TestLife = LifeMachine.TestCase
TestLife.settings = settings(
    max_examples=8, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
