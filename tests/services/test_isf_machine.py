"""Offers of a third-party budget in any order: made, answered, run out, taken back, signed, replaced
(domain.md §9.4, I10).

Nothing is in force that the organisation did not accept line by line and all three, each by another hand, have signed;
no fee above the usual is sent before a second person agreed it; and nothing is paid but by an arrangement in force.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from phbportal.domain.isf import LINES, Answer, LineAnswer
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.services import agreements, arrangements, isf_answers, payments
from phbportal.services.isf_clock import end_offers
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem
from tests.services.walking import CHEAP, Walk
from tests.support import arranging, journey
from tests.support.arranging import TERMS
from tests.support.journey import Case
from tests.support.world import World

START = date(2026, 4, 6)
COOLED = date(2026, 4, 4)
DAYS = timedelta(days=14)
SIGNERS = ("person", "larch", "elm", "approver")
ALL = {line: LineAnswer(Answer.ACCEPTED) for line in LINES}
ANSWERS = {
    "yes": ALL,
    "query": ALL | {3: LineAnswer(Answer.QUERIED, "Which hours?")},
    "no": ALL | {1: LineAnswer(Answer.DECLINED, "We are full.")},
    "no line": {line: given for line, given in ALL.items() if line != 7},
    "no words": ALL | {4: LineAnswer(Answer.DECLINED)},
}
OUTCOME = {"yes": "CONFIRMED", "query": "CONFIRMED_WITH_CHANGES", "no": "DECLINED"}


def to_be_offered(world: World) -> tuple[Case, dict[str, UUID], dict[str, Actor]]:
    """An approved third-party budget with its bank details, two organisations and somebody of each."""
    larch, elm = arranging.organisation(world), arranging.organisation(world, "Elm House")
    people = {"larch": arranging.somebody_of(world, larch), "elm": arranging.somebody_of(world, elm, "Edie Elm")}
    case = arranging.approved(world, larch, starts_on=START)
    journey.account(world, case.streams[0])
    return case, {"larch": larch, "elm": elm}, people


@dataclass(frozen=True)
class Round:
    """One round of an offer. ``signed`` are those who signed its agreement; ``agreement`` where that stands."""

    to: str
    by: str
    status: str
    until: date | None = None
    answered: str = ""
    agreement: str = ""
    signed: frozenset[str] = frozenset()

    @property
    def waits(self) -> bool:
        return self.status in ("FEE_WAITS", "SENT")


class IsfMachine(Walk):
    @initialize(steps=st.integers(0, 6))
    def open(self, steps: int = 0) -> None:
        self.case, self.organisations, people = self.enter(to_be_offered)
        self.stream = self.case.streams[0]
        self.holder = Actor(Role.HOLDER, UUID(int=9), "Amina", person_id=self.case.person_id)
        self.world.actors.update(people, person=self.holder)
        self.today = COOLED
        self.rounds: dict[UUID, Round] = {}
        self.holds = "larch"
        self.paid_to = START - timedelta(days=1)
        self.keys = 0
        self.come(steps)

    # -- what anybody could say

    def last(self) -> tuple[UUID, Round]:
        return list(self.rounds.items())[-1]

    def in_force(self) -> Round | None:
        return next((one for one in self.rounds.values() if one.agreement == "IN_FORCE"), None)

    def now_is(self, one: UUID, **facts: object) -> None:
        self.rounds[one] = replace(self.rounds[one], **facts)  # pyright: ignore[reportArgumentType]

    def some(self, which: int) -> tuple[UUID, Round]:
        """The last round most often, and one before it."""
        return list(reversed(self.rounds.items()))[which % min(3, len(self.rounds))]

    # -- what people do

    @rule(
        to=st.sampled_from(["larch", "larch", "elm"]), high=st.sampled_from([False, False, True]),
        by=st.sampled_from(["cm", "cm", "cm2", "approver", "other_cm"]),
    )  # fmt: skip
    def offer(self, to: str, by: str, high: bool) -> None:
        entry = arrangements.OfferEntry(self.organisations[to], replace(TERMS, fee_bp=1_500 if high else 500))
        running = self.in_force()
        turn = (
            by in ("cm", "cm2") and not (self.rounds and self.last()[1].waits)
            and (running is None or to == self.holds)
        )  # fmt: skip
        made = self.tried(by, lambda uow: arrangements.send_offer(uow, self.stream, entry), in_turn=turn)
        if not made:
            return
        for one, earlier in self.rounds.items():
            if earlier.agreement == "OPEN" or earlier.status == "CONFIRMED_WITH_CHANGES":
                self.now_is(one, status="REPLACED", agreement="REPLACED" if earlier.agreement else "")
        self.holds = to
        self.rounds[made] = Round(to, by, "FEE_WAITS" if high else "SENT", None if high else self.today + DAYS)

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 9), by=st.sampled_from(["approver", "approver", "approver2", "cm", "finance", "larch"]),
          yes=st.sampled_from([True, True, False]))  # fmt: skip
    def decide_fee(self, which: int, by: str, yes: bool) -> None:
        one, found = self.some(which)
        turn = by in ("approver", "approver2") and found.status == "FEE_WAITS"
        act = arrangements.approve_fee if yes else arrangements.turn_down_fee
        if self.tried(by, lambda uow: act(uow, one), in_turn=turn):
            self.now_is(one, status="SENT" if yes else "WITHDRAWN", until=self.today + DAYS if yes else None)

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 9), by=st.sampled_from(["cm", "cm2", "larch", "approver"]))
    def withdraw(self, which: int, by: str) -> None:
        one, found = self.some(which)
        turn = by in ("cm", "cm2") and found.waits
        if self.tried(by, lambda uow: arrangements.withdraw_offer(uow, one), in_turn=turn):
            self.now_is(one, status="WITHDRAWN")

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 9), by=st.sampled_from(["larch", "larch", "larch", "elm", "elm", "cm", "person"]),
          how=st.sampled_from(["yes", "yes", "yes", *ANSWERS]))  # fmt: skip
    def answer(self, which: int, by: str, how: str) -> None:
        one, found = self.some(which)
        entry = isf_answers.AnswersEntry("Manager", ANSWERS[how])
        may = by == found.to and found.status == "SENT" and found.until is not None and self.today <= found.until
        turn = may and how in OUTCOME
        if self.tried(by, lambda uow: isf_answers.send_answers(uow, one, entry), in_turn=turn):
            self.now_is(one, status=OUTCOME[how], answered=how, agreement="OPEN" if how == "yes" else "")

    @precondition(lambda self: self.rounds)
    @rule(which=st.integers(0, 9), party=st.sampled_from([*SIGNERS, "cm", "finance"]), paper=st.booleans())
    def sign(self, which: int, party: str, paper: bool) -> None:
        found = [(row, self.rounds[row.confirmation_id]) for row in reversed(self.rows(Agreement))]
        if not found:
            return
        row, one = found[which % min(2, len(found))]
        on_paper = paper and party == "person"
        signs = {"person": "PERSON", one.to: "ORGANISATION", "approver": "BOARD"}
        turn = party in signs and one.agreement == "OPEN" and signs[party] not in one.signed
        entry = agreements.PaperEntry("Amina Okafor-Reyes", False, self.today, "Case file")
        if on_paper:
            taken = self.tried("cm", lambda uow: agreements.record_paper_signature(uow, row.id, entry), in_turn=turn)
        else:
            taken = self.tried(party, lambda uow: agreements.sign_agreement(uow, row.id), in_turn=turn)
        if not taken:
            return
        signed = one.signed | {signs[party]}
        if len(signed) == 3:
            for other, earlier in self.rounds.items():
                if earlier.agreement == "IN_FORCE":
                    self.now_is(other, agreement="REPLACED", status="REPLACED")
        whole = "IN_FORCE" if len(signed) == 3 else "OPEN"
        self.now_is(row.confirmation_id, signed=signed, agreement=whole)

    @rule(days=st.sampled_from([1, 3, 14, 15]))
    def nights(self, days: int) -> None:
        if self.today + timedelta(days=days) > date(2026, 12, 1):
            return
        self.today += timedelta(days=days)
        end_offers(self.world.engine, now=self.now)
        before = self.rows(IsfConfirmation)
        end_offers(self.world.engine, now=self.now)
        assert [row.row_version for row in self.rows(IsfConfirmation)] == [row.row_version for row in before]
        for one, found in self.rounds.items():
            if found.status == "SENT" and found.until is not None and found.until < self.today:
                self.now_is(one, status="EXPIRED")

    @rule()
    def pay(self) -> None:
        start, end = self.paid_to + timedelta(days=1), self.paid_to + timedelta(days=7)
        self.keys += 1
        key, entry = f"key {self.keys}", payments.PaymentEntry(start, end)
        turn = self.in_force() is not None
        if self.tried("finance", lambda uow: payments.record_payment(uow, self.stream, entry, key=key), in_turn=turn):
            self.paid_to = end
            item = self.rows(PaymentItem)[-1].id
            self.tried("finance", lambda uow: payments.confirm_payment(uow, item, paid_on=self.today), in_turn=False)
            self.tried("finance2", lambda uow: payments.confirm_payment(uow, item, paid_on=self.today), in_turn=True)

    def onward(self) -> None:
        """The next act on the way to a payment."""
        one = self.last()[1] if self.rounds else None
        if one is None or not (one.waits or one.agreement):
            self.offer("larch" if self.in_force() is None else self.holds, "cm", False)
        elif one.status == "FEE_WAITS":
            self.decide_fee(0, "approver", True)
        elif one.status == "SENT":
            self.answer(0, one.to, "yes")
        elif one.agreement == "OPEN":
            signs = {"PERSON": "person", "ORGANISATION": one.to, "BOARD": "approver"}
            self.sign(0, signs[min(set(signs) - one.signed)], False)
        else:
            self.pay()

    def every_act(self) -> None:
        for by in ("cm", "approver", "other_cm"):
            self.offer("larch", by, False)
            self.offer("elm", by, True)
        for one in range(min(2, len(self.rounds))):
            for by in ("approver", "cm", "larch"):
                self.decide_fee(one, by, True)
                self.withdraw(one, by)
            for by in ("larch", "elm", "cm", "person"):
                for how in ANSWERS:
                    self.answer(one, by, how)
            for party in (*SIGNERS, "cm", "finance"):
                self.sign(one, party, False)
                self.sign(one, party, True)
        self.pay()

    # -- what is always so

    @invariant()
    def what_is_in_force_was_accepted_by_line_and_signed_by_three(self) -> None:
        if not hasattr(self, "rounds"):
            return
        found = {row.id: row for row in self.rows(IsfConfirmation)}
        assert {one: (r.status, r.expires_on) for one, r in found.items()} == {
            one: (r.status, r.until) for one, r in self.rounds.items()
        }
        assert [row.round for row in found.values()] == list(range(1, len(found) + 1))
        agreed = self.rows(Agreement)
        assert {row.confirmation_id: row.status for row in agreed} == {
            one: r.agreement for one, r in self.rounds.items() if r.agreement
        }
        for row in found.values():
            if row.sent_on is not None and row.fee_bp > 500:
                assert row.fee_decided_by not in (None, row.sent_by), "a high fee was sent that nobody agreed"
        for row in agreed:
            if row.status == "IN_FORCE":
                self._has_passed_each_guard(row, found[row.confirmation_id])
        assert [row.status for row in agreed].count("IN_FORCE") <= 1
        stream = self.rows(Stream, id=self.stream)[0]
        if stream.status in ("READY", "ACTIVE"):
            assert [row.organisation_id for row in agreed if row.status == "IN_FORCE"] == [stream.organisation_id]
        else:
            assert stream.status == "AGREED"
            assert self.in_force() is None
        assert stream.status != "ACTIVE" or self.paid_to >= START

    def _has_passed_each_guard(self, agreement: Agreement, offer: IsfConfirmation) -> None:
        assert offer.status == "CONFIRMED"
        last = {row.line: row.answer for row in self.rows(IsfAnswer, confirmation_id=offer.id)}
        assert last == dict.fromkeys(range(1, 13), "ACCEPTED")
        signed = self.rows(Signature, agreement_id=agreement.id)
        assert {row.party for row in signed} == {"PERSON", "ORGANISATION", "BOARD"}
        assert len({row.signer_id or row.created_by for row in signed}) == 3
        assert {row.content_hash for row in signed} == {agreement.content_hash}
        assert offer.sent_by not in {row.signer_id for row in signed}


TestIsf = IsfMachine.TestCase
TestIsf.settings = CHEAP


def test_an_arrangement_is_changed_by_a_further_round() -> None:
    """Without this the machine could pass by refusing everything."""
    machine = IsfMachine()
    machine.open()
    try:
        for high in (False, True):
            machine.offer("larch", "cm", high)
            walk = machine.come if high else machine.come_refusing_the_rest
            walk(5 + high)
            machine.pay()
            machine.what_is_in_force_was_accepted_by_line_and_signed_by_three()
        assert [one.agreement for one in machine.rounds.values()] == ["REPLACED", "IN_FORCE"]
        assert machine.rows(Stream, id=machine.stream)[0].status == "ACTIVE"
    finally:
        machine.teardown()
