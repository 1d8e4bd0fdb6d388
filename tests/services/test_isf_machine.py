"""Any order of acts on the offer of a third-party budget, up to fifty, against a plain model of domain.md §9.4.

Offers are made to two organisations, withdrawn, answered line by line by whoever is asked and whoever is not, run out,
and are signed by three. Nothing is paid before an offer is confirmed and its agreement signed by all (I10); what is out
of turn is refused in words and moves nothing.
"""

from __future__ import annotations

from contextlib import ExitStack
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.isf import Answer, Party
from phbportal.services import agreements, arrangements, isf_answers, payments
from phbportal.services.isf_clock import end_offers
from phbportal.tables.arrangements import Agreement, IsfConfirmation, Signature
from phbportal.tables.payments import PaymentItem
from tests.services.quick import quick_world
from tests.support import arranging, journey
from tests.support.world import World, at

TODAY, START, END = date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 3)


def asked(world: World) -> tuple[Any, ...]:
    """An approved third-party budget, two organisations, and somebody of each."""
    larch, elm = arranging.organisation(world), arranging.organisation(world, "Elm House")
    people = arranging.somebody_of(world, larch), arranging.somebody_of(world, elm, "Edie Elm")
    case = arranging.approved(world, larch)
    journey.account(world, case.streams[0])
    return case, (larch, elm), people


class OfferMachine(RuleBasedStateMachine):
    world: World

    @initialize()
    def open(self) -> None:
        self.closing = ExitStack()
        self.world, (self.case, self.organisations, self.people) = self.closing.enter_context(quick_world(asked))
        self.offer: UUID | None = None
        self.to, self.status, self.sent_on = 0, "NONE", TODAY
        self.signed: set[Party] = set()
        self.today = TODAY

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    # -- doing

    def state(self) -> Any:
        with self.world.unit(self.world.cm, writes=False) as uow:
            c, a, s, p = IsfConfirmation, Agreement, Signature, PaymentItem
            found = [
                select(col(c.id), col(c.status)), select(col(a.id), col(a.status)), select(col(s.id), col(s.party)),
                select(col(p.id), col(p.status)),
            ]  # fmt: skip
            return [sorted(map(tuple, uow.session.execute(one))) for one in found]

    def tried(self, by: Any, act: Any) -> bool:
        before = self.state()
        try:
            self.world.do(by, act, on=self.today)
        except Refusal as refused:
            said = [problem.sentence for problem in refused.problems]
            assert said, "refused without a word"
            assert all(one[0].isupper() and one[-1] == "." for one in said), said
            assert self.state() == before, "a refusal moved something"
            return False
        return True

    # -- the acts

    @rule(to=st.integers(0, 1), who=st.sampled_from(["cm", "cm", "cm2", "finance", "other_cm"]))
    def send(self, to: int, who: str) -> None:
        self._send(to, who)

    def _send(self, to: int, who: str) -> None:
        if self.signed == set(Party):
            return  # a later round beside an agreement in force is told in test_arrangements.py
        made: list[UUID] = []
        entry = arrangements.OfferEntry(self.organisations[to], arranging.TERMS)
        stream = self.case.streams[0]
        done = self.tried(self.world.actors[who], lambda uow: made.append(arrangements.send_offer(uow, stream, entry)))
        if who not in ("cm", "cm2") or self.status == "SENT":
            assert not done
        if done:
            self.offer, self.to, self.status, self.sent_on, self.signed = made[0], to, "SENT", self.today, set()

    @rule(who=st.sampled_from(["cm", "approver", "other_cm"]))
    def withdraw(self, who: str) -> None:
        offer = self.offer
        if offer is None:
            return
        done = self.tried(self.world.actors[who], lambda uow: arrangements.withdraw_offer(uow, offer))
        assert done is (who == "cm" and self.status == "SENT")
        self.status = "WITHDRAWN" if done else self.status

    @rule(own=st.sampled_from([True, True, True, False]),
          answer=st.sampled_from(["accept", "accept", "accept", "query", "decline", "missing"]))  # fmt: skip
    def answer(self, own: bool, answer: str) -> None:
        self._answer(own, answer)

    def _answer(self, own: bool, answer: str) -> None:
        offer = self.offer
        if offer is None:
            return
        changes = {"query": {"line3": Answer.QUERIED}, "decline": {"line1": Answer.DECLINED}}.get(answer, {})
        answers = arranging.answers(**changes)
        if answer == "missing":
            del answers[7]
        entry = isf_answers.AnswersEntry("Manager", answers)
        by = self.people[self.to if own else 1 - self.to]
        done = self.tried(by, lambda uow: isf_answers.send_answers(uow, offer, entry))
        in_time = self.today <= self.sent_on + timedelta(days=14)
        assert done is (own and self.status == "SENT" and in_time and answer != "missing")
        if done:
            after = {"query": "CONFIRMED_WITH_CHANGES", "decline": "DECLINED"}
            self.status = after.get(answer, "CONFIRMED")

    @rule(party=st.sampled_from(list(Party)), wrong=st.sampled_from([False, False, False, True]))
    def sign(self, party: Party, wrong: bool) -> None:
        self._sign(party, wrong)

    def _sign(self, party: Party, wrong: bool) -> None:
        agreement = self.agreement()
        if agreement is None:
            return
        by: Any = {
            Party.PERSON: self.world.cm2, Party.ORGANISATION: self.people[self.to], Party.BOARD: self.world.approver,
        }[party]  # fmt: skip
        if wrong:
            by = self.people[1 - self.to] if party is Party.ORGANISATION else self.world.other_approver
        if party is Party.PERSON:
            paper = agreements.PaperEntry("Amina Okafor-Reyes", False, self.today, "Case file")
            done = self.tried(by, lambda uow: agreements.record_paper_signature(uow, agreement, paper))
        else:
            done = self.tried(by, lambda uow: agreements.sign_agreement(uow, agreement, role_words="Manager"))
        assert done is (not wrong and self.status == "CONFIRMED" and party not in self.signed)
        if done:
            self.signed.add(party)

    def agreement(self) -> UUID | None:
        with self.world.unit(self.world.cm, writes=False) as uow:
            a = Agreement
            found = select(col(a.id)).where(col(a.confirmation_id) == self.offer)
            return uow.session.execute(found).scalar_one_or_none()

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        if self.status != "SENT":
            return  # only an offer that waits minds the days
        self.today += timedelta(days=days)
        end_offers(self.world.engine, now=at(self.today, 3))
        if self.today > self.sent_on + timedelta(days=14):
            self.status = "EXPIRED"

    @rule()
    def pay(self) -> None:
        self._pay()

    def _pay(self) -> None:
        entry = payments.PaymentEntry(START, END)
        key = f"pay {self.status} {len(self.signed)} {self.today}"
        stream = self.case.streams[0]
        done = self.tried(self.world.finance, lambda uow: payments.record_payment(uow, stream, entry, key=key))
        if done:
            assert self.status == "CONFIRMED"
            assert self.signed == set(Party)

    @rule(steps=st.integers(1, 5))
    def onward(self, steps: int) -> None:
        """What comes next, by whoever may, up to the three signatures; payment is tried after each."""
        for _ in range(steps):
            if self.status == "SENT":
                self._answer(True, "accept")
            elif self.status == "CONFIRMED":
                self._sign(next((one for one in Party if one not in self.signed), Party.BOARD), False)
            else:
                self._send(self.to, "cm")
            self._pay()

    # -- what is always so

    @invariant()
    def it_stands_where_the_model_says(self) -> None:
        if not hasattr(self, "signed") or self.offer is None:
            return
        with self.world.unit(self.world.cm, writes=False) as uow:
            assert uow.session.get_one(IsfConfirmation, self.offer).status == self.status
            open_ones = select(IsfConfirmation).where(col(IsfConfirmation.status) == "SENT")
            assert len(list(uow.session.execute(open_ones))) <= 1


TestOffer = OfferMachine.TestCase
TestOffer.settings = settings(
    max_examples=12, stateful_step_count=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
