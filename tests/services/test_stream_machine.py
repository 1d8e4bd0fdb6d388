"""A direct payment to a nominee before it is live, its parts in any order and taken back again (domain.md §9.4, READY).

It is agreed, made ready and begun only while there is a consent, a check, a nominee who acts, an agreement all three
have signed, and bank details that were approved by another and have cooled; by the rows, whatever the services say.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from phbportal.domain.acting import Acting, NominatedBy
from phbportal.domain.consents import GivenBy
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.relations import Relation
from phbportal.domain.streams import Method, PayeeKind
from phbportal.services import accounts, acting, approvals, consents, payee_agreements, payments
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.payments import PaymentItem
from tests.services.walking import CHEAP, Walk
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

START = date(2026, 4, 6)
SIBLING = ActingEntry(Acting.NOMINEE, "Nell Ominee", Relation.SIBLING, nominated_by=NominatedBy.HOLDER)
LIVE = ("AGREED", "READY", "ACTIVE")
PARTIES = frozenset(Signer) - {Signer.ORGANISATION}


def to_be_approved(world: World) -> tuple[Case, UUID]:
    """A direct payment to a sister who is proposed; its plan is signed off and its money checked."""
    person = journey.add_person(world)
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, SIBLING))
    stream = StreamPlan(Method.DIRECT_PAYMENT, 50_000, starts_on=START, payee=(PayeeKind.NOMINEE, part))
    case = journey.draft(world, stream, person_id=person)
    journey.submit(world, case)
    journey.sign_off(world, case)
    return case, part


class StreamMachine(Walk):
    @initialize(steps=st.integers(0, 14))
    def open(self, steps: int = 0) -> None:
        self.case, self.part = self.enter(to_be_approved)
        self.stream = self.case.streams[0]
        self.today = START
        self.status = self.before = "PROPOSED"
        self.consents: list[UUID] = []
        self.excluded: bool | None = None
        self.nominee, self.said_yes = "PROPOSED", False
        self.agreements: dict[UUID, str] = {}
        self.signed: dict[UUID, set[Signer]] = {}
        self.accounts: dict[UUID, str] = {}
        self.cool_on: dict[UUID, date] = {}
        self.item: UUID | None = None
        self.come(steps)

    # -- what anybody could say

    def may_start(self) -> bool:
        return bool(self.consents) and self.excluded is False and self.nominee == "ACTIVE"

    def account(self) -> UUID | None:
        return list(self.accounts)[-1] if self.accounts else None

    def set_up(self) -> bool:
        account = self.account()
        return (
            self.may_start() and "IN_FORCE" in self.agreements.values()
            and account is not None and self.accounts[account] == "APPROVED"
        )  # fmt: skip

    def payable(self) -> bool:
        account = self.account()
        cool_on = self.cool_on.get(account) if account else None
        return self.set_up() and cool_on is not None and self.today > cool_on

    def settle(self) -> None:
        if self.status in ("AGREED", "READY"):
            self.status = "READY" if self.set_up() else "AGREED"

    # -- what people do

    @rule(give=st.sampled_from([True, True, False]))
    def consent(self, give: bool) -> None:
        entry = consents.ConsentEntry(GivenBy.SELF, self.today, "")
        if give:
            made = self.tried("cm", lambda uow: consents.record_consent(uow, self.case.person_id, entry), in_turn=True)
            self.consents.append(made)
        elif self.consents:
            one = self.consents.pop()
            self.tried("cm", lambda uow: consents.withdraw_consent(uow, one, self.today), in_turn=True)
            self.tried("cm", lambda uow: consents.withdraw_consent(uow, one, self.today), in_turn=False)
        self.settle()

    @rule(excluded=st.sampled_from([False, False, True]))
    def look_up(self, excluded: bool) -> None:
        person = self.case.person_id
        self.tried("cm", lambda uow: consents.record_exclusion_check(uow, person, excluded=excluded), in_turn=True)
        self.excluded = excluded
        self.settle()

    @rule(agreed=st.booleans())
    def check_nominee(self, agreed: bool) -> None:
        entry = ChecksEntry(self.today if agreed else None)
        seen = self.rows(PersonRole, id=self.part)[0].row_version
        turn = self.nominee in ("PROPOSED", "CHECKS")
        if self.tried("cm", lambda uow: acting.record_checks(uow, self.part, entry, seen_version=seen), in_turn=turn):
            self.nominee, self.said_yes = "CHECKS", self.said_yes or agreed

    @rule(by=st.sampled_from(["approver", "approver", "cm"]))
    def agree_nominee(self, by: str) -> None:
        turn = by == "approver" and self.nominee in ("CHECKS", "SUSPENDED") and self.said_yes
        if self.tried(by, lambda uow: acting.agree(uow, self.part), in_turn=turn):
            self.nominee = "ACTIVE"
            if self.status == "SUSPENDED":
                self.status = "ACTIVE" if self.rows(Stream, id=self.stream)[0].first_payment_on else "AGREED"
                self.settle()

    @rule(sure=st.sampled_from([True, False, False]))
    def hold_nominee(self, sure: bool) -> None:
        if not sure:
            return
        turn = self.nominee == "ACTIVE"
        if self.tried("cm", lambda uow: acting.suspend(uow, self.part, "It is looked into."), in_turn=turn):
            self.nominee = "SUSPENDED"
            if self.status in LIVE:
                self.status = "SUSPENDED"

    @rule(by=st.sampled_from(["approver", "approver2", "cm", "finance", "clinician"]))
    def approve(self, by: str) -> None:
        turn = by in ("approver", "approver2") and self.status == "PROPOSED" and self.may_start()
        if self.tried(by, lambda uow: approvals.approve_plan(uow, self.case.plan_id), in_turn=turn):
            self.status = "AGREED"

    @rule(by=st.sampled_from(["cm", "cm", "approver"]))
    def make_agreement(self, by: str) -> None:
        turn = by == "cm" and self.status in LIVE
        made = self.tried(by, lambda uow: payee_agreements.make_agreement(uow, self.stream), in_turn=turn)
        if made:
            for one, status in self.agreements.items():
                self.agreements[one] = "REPLACED" if status == "OPEN" else status
            self.agreements[made], self.signed[made] = "OPEN", set()

    @rule(party=st.sampled_from(sorted(PARTIES)), wrong=st.sampled_from([False, False, False, True]))
    def sign(self, party: Signer, wrong: bool) -> None:
        if not self.agreements:
            return
        one = list(self.agreements)[-1]
        turn = self.agreements[one] == "OPEN" and party not in self.signed[one] and not wrong
        if party is Signer.BOARD:
            taken = self.tried("cm" if wrong else "approver", lambda uow: payee_agreements.sign(uow, one), in_turn=turn)
        else:
            paper = payee_agreements.PaperEntry(party, "A. Signer", self.today + timedelta(days=wrong), "Case file")
            taken = self.tried("cm", lambda uow: payee_agreements.record_paper(uow, one, paper), in_turn=turn)
        if not taken:
            return
        self.signed[one].add(party)
        if self.signed[one] == PARTIES:
            for other, status in self.agreements.items():
                self.agreements[other] = "REPLACED" if status == "IN_FORCE" else status
            self.agreements[one] = "IN_FORCE"
            self.settle()

    @rule()
    def propose_account(self) -> None:
        entry = accounts.AccountEntry("N Ominee", "089999", "66374958")
        made = self.tried("finance", lambda uow: accounts.propose_account(uow, self.stream, entry), in_turn=True)
        self.accounts[made] = "PROPOSED"
        if self.status == "READY":
            self.status = "AGREED"

    @rule(by=st.sampled_from(["finance2", "finance2", "finance"]), yes=st.sampled_from([True, True, False]))
    def decide_account(self, by: str, yes: bool) -> None:
        one = self.account()
        if one is None:
            return
        act = accounts.approve_account if yes else accounts.reject_account
        turn = by == "finance2" and self.accounts[one] == "PROPOSED"
        if self.tried(by, lambda uow: act(uow, one), in_turn=turn):
            self.accounts[one] = "APPROVED" if yes else "REJECTED"
            if yes:
                self.cool_on[one] = self.today + timedelta(days=1)
                self.settle()

    @rule(days=st.sampled_from([1, 3]))
    def days(self, days: int) -> None:
        self.today += timedelta(days=days)

    @rule()
    def record(self) -> None:
        entry = payments.PaymentEntry(START, START + timedelta(days=27))
        turn = self.status in LIVE and self.payable() and self.item is None
        key = "first" if self.item is None else "second"
        if self.tried("finance", lambda uow: payments.record_payment(uow, self.stream, entry, key=key), in_turn=turn):
            self.item = self.rows(PaymentItem)[0].id

    @rule()
    def confirm(self) -> None:
        if self.item is None:
            return
        item = self.rows(PaymentItem)[0]
        turn = (
            item.status == "PLANNED" and self.status in LIVE and self.payable() and item.account_id == self.account()
        )  # fmt: skip
        act = lambda uow: payments.confirm_payment(uow, item.id, paid_on=self.today)  # noqa: E731
        if self.tried("finance2", act, in_turn=turn):
            self.status = "ACTIVE"

    def onward(self) -> None:
        """The next act on the way to the first payment."""
        account = self.account()
        stands = self.accounts[account] if account else ""
        last = list(self.agreements)[-1] if self.agreements else None
        if not self.consents:
            self.consent(True)
        elif self.excluded is not False:
            self.look_up(False)
        elif self.nominee != "ACTIVE" and self.said_yes:
            self.agree_nominee("approver")
        elif self.nominee != "ACTIVE":
            self.check_nominee(True)
        elif self.status == "PROPOSED":
            self.approve("approver")
        elif last is None or self.agreements[last] == "REPLACED":
            self.make_agreement("cm")
        elif self.agreements[last] == "OPEN":
            self.sign(min(PARTIES - self.signed[last]), False)
        elif stands == "PROPOSED":
            self.decide_account("finance2", True)
        elif stands != "APPROVED":
            self.propose_account()
        elif not self.payable():
            self.days(3)
        elif self.item is None:
            self.record()
        else:
            self.confirm()
        self.it_stands_where_it_should_and_came_there_past_each_guard()

    def every_act(self) -> None:
        for by in ("approver", "approver2", "cm", "finance", "clinician"):
            self.approve(by)
        for by in ("approver", "cm"):
            self.agree_nominee(by)
            self.make_agreement(by)
        for party in sorted(PARTIES):
            self.sign(party, False)
            self.sign(party, True)
        for by in ("finance", "finance2"):
            self.decide_account(by, True)
        self.check_nominee(True)
        self.hold_nominee(True)
        self.record()
        self.confirm()

    # -- what is always so

    @invariant()
    def it_stands_where_it_should_and_came_there_past_each_guard(self) -> None:
        if not hasattr(self, "status"):
            return
        stream = self.rows(Stream, id=self.stream)[0]
        assert stream.status == self.status
        resumed = self.before == "SUSPENDED"
        if stream.status == "READY" or (stream.status != self.before and stream.status in ("AGREED", "ACTIVE")):
            assert self.rows(PersonRole, id=self.part)[0].status == "ACTIVE"
        if (stream.status != self.before and (stream.status, self.before) in (
            ("AGREED", "PROPOSED"), ("READY", "AGREED"), ("ACTIVE", "AGREED"), ("ACTIVE", "READY"),
        )) or stream.status == "READY":  # fmt: skip
            given = [row for row in self.rows(Consent) if row.withdrawn_on is None]
            assert {row.given_by for row in given} == {"SELF"}
            assert self.rows(ExclusionAttestation)[-1].excluded is False
        if stream.status == "READY" or (stream.status == "ACTIVE" and self.before != "ACTIVE" and not resumed):
            self._is_signed_and_has_details(stream)
        if stream.status == "ACTIVE":
            paid = self.rows(PaymentItem, status="PAID")
            assert [item.paid_on for item in paid] == [stream.first_payment_on]
            assert paid[0].confirmed_by != paid[0].recorded_by
        self.before = stream.status

    def _is_signed_and_has_details(self, stream: Stream) -> None:
        [agreement] = self.rows(PayeeAgreement, stream_id=stream.id, status="IN_FORCE")
        signed = self.rows(PayeeSignature, agreement_id=agreement.id)
        assert {row.party for row in signed} == {"PERSON", "NOMINEE", "BOARD"}
        [account] = self.rows(PayeeAccount, id=stream.account_id)
        assert account.status == "APPROVED"
        assert account.decided_by not in (None, account.proposed_by)


TestStream = StreamMachine.TestCase
TestStream.settings = CHEAP


def test_the_way_to_the_first_payment_is_open_when_each_part_is_in_its_turn() -> None:
    """Without this the machine could pass by refusing everything."""
    machine = StreamMachine()
    machine.open(0)
    try:
        machine.come_refusing_the_rest(14)
        assert machine.status == "ACTIVE"
    finally:
        machine.teardown()


@pytest.mark.parametrize("steps", [4, 10, 12, 13], ids=["approve", "details", "record", "confirm"])
@pytest.mark.parametrize("gone", ["consent", "check", "nominee", "details"])
def test_with_one_part_gone_nothing_goes_on_that_needs_it(steps: int, gone: str) -> None:
    """All but one part is in its place: what needs that one is refused, and is told of by the model."""
    machine = StreamMachine()
    machine.open(steps)
    try:
        match gone:
            case "consent":
                machine.consent(False)
            case "check":
                machine.look_up(True)
            case "nominee":
                machine.hold_nominee(True)
            case _:
                machine.propose_account()
        machine.it_stands_where_it_should_and_came_there_past_each_guard()
        machine.refuses_the_rest()
        machine.decide_account("finance2", True)
        machine.it_stands_where_it_should_and_came_there_past_each_guard()
    finally:
        machine.teardown()
