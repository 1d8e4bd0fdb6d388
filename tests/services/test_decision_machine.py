"""Fifty steps of decisions in any order: what does not follow is refused in words and writes nothing; nobody decides
their own; when no decision stands any more the budget and its streams are as they were."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from phbportal.domain.decisions import IN_FORCE, TOLD, DecisionKind, DecisionStatus, Early, Ground
from phbportal.domain.errors import Refusal
from phbportal.domain.reconsiderations import Answer, Asker, How, Outcome
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import check_ledger
from phbportal.services import decisions, reconsiderations
from phbportal.services.decisions import DecisionEntry, carry_out_decisions
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Job
from tests.services.asking import row, rows
from tests.services.deciding import CARE, REASONS, approving
from tests.services.quick import mixed, quick_world
from tests.support.journey import Case
from tests.support.world import World, at

FIRST = date(2026, 4, 1)
GROUNDS = {
    DecisionKind.REFUSE_PHB: Ground.NOT_APPROPRIATE, DecisionKind.REFUSE_DP: Ground.NOT_APPROPRIATE,
    DecisionKind.REDUCE: Ground.STILL_ENOUGH, DecisionKind.STOP: Ground.OUTSIDE_PLAN,
    DecisionKind.SUSPEND: Ground.OUTSIDE_PLAN,
}  # fmt: skip
numbers = st.integers(0, 9)


class DecisionMachine(RuleBasedStateMachine):
    world: World
    case: Case

    @initialize()
    def begin(self) -> None:
        self.closing = ExitStack()
        self.world, self.case = self.closing.enter_context(quick_world(mixed))
        self.today = FIRST
        w = self.world
        self.staff = [w.cm, w.cm2, w.approver, w.approver2]
        self.preparers = [w.cm, w.cm, w.cm2, w.approver]
        self.approvers = [w.approver, w.approver, w.approver2, w.cm]
        self.holder = Actor(Role.HOLDER, UUID(int=9), "Holder", person_id=self.case.person_id)
        self.began = self.stands()

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    # -- helpers

    def stands(self) -> Any:
        streams = [row(self.world, Stream, one) for one in self.case.streams]
        phb = row(self.world, Phb, self.case.phb_id)
        return (phb.status, phb.ended_on), [(s.status, s.ends_on, s.weekly_pence) for s in streams]

    def tried(self, who: Actor, act: Callable[[UnitOfWork], object]) -> bool:
        """Do it if it may be done; a refusal is whole sentences and leaves everything as it was."""
        before = (self.stands(), [(one.id, one.row_version) for one in rows(self.world, Decision)])
        try:
            self.world.do(who, act, on=self.today)
        except Refusal as refusal:
            said = [problem.sentence for problem in refusal.problems]
        else:
            return True
        assert all(one[0].isupper() and one.endswith(".") for one in said)
        assert (self.stands(), [(one.id, one.row_version) for one in rows(self.world, Decision)]) == before
        return False

    def one(self, number: int, table: Any = Decision) -> Any:
        found = rows(self.world, table)
        return found[number % len(found)] if found else None

    # -- what people do

    @rule(who=numbers, kind=st.sampled_from(list(GROUNDS)), stream=st.sampled_from([None, 0, 1]),
          ahead=st.sampled_from([0, 0, 1, 28, 30, 60]), weekly=st.integers(0, 70_000),
          early=st.sampled_from([None, *Early]), replaced=st.booleans())  # fmt: skip
    def prepare(
        self, who: int, kind: DecisionKind, stream: int | None, ahead: int, weekly: int, early: Early | None,
        replaced: bool,
    ) -> None:  # fmt: skip
        streams = self.case.streams
        entry = DecisionEntry(
            kind, REASONS, GROUNDS[kind], None if stream is None else streams[stream], weekly_pence=weekly,
            effective_on=self.today + timedelta(days=ahead), early=early, early_words=REASONS if early else "",
            replacement_id=streams[1 - stream] if replaced and stream is not None else None,
            no_replacement="" if replaced else CARE,
        )  # fmt: skip
        self.tried(
            self.preparers[who % 4], lambda uow: decisions.prepare_decision(uow, self.case.phb_id, entry)
        )  # fmt: skip

    @rule(who=numbers, which=numbers)
    def approve(self, who: int, which: int) -> None:
        if (found := self.one(which)) is not None:
            self.tried(self.approvers[who % 4], approving(found.id))

    @rule(kind=st.sampled_from([DecisionKind.REDUCE, DecisionKind.STOP, DecisionKind.SUSPEND]),
          stream=st.sampled_from([0, 1, 1]), ahead=st.sampled_from([0, 28, 40]), tenths=st.integers(5, 9))  # fmt: skip
    def issue(self, kind: DecisionKind, stream: int, ahead: int, tenths: int) -> None:
        """What is rightly prepared and rightly approved, so that much stands at once."""
        one = row(self.world, Stream, self.case.streams[stream])
        entry = DecisionEntry(
            kind, REASONS, GROUNDS[kind], one.id if kind is DecisionKind.REDUCE or tenths % 2 else None,
            weekly_pence=one.weekly_pence * tenths // 10, effective_on=self.today + timedelta(days=ahead),
            early=None if ahead else Early.SAFETY, early_words="" if ahead else REASONS, no_replacement=CARE,
        )  # fmt: skip
        if self.tried(self.world.cm, lambda uow: decisions.prepare_decision(uow, self.case.phb_id, entry)):
            assert self.tried(self.world.approver, approving(rows(self.world, Decision)[-1].id))

    @rule(which=numbers, outcome=st.sampled_from([Outcome.REVERSED, Outcome.CHANGED, Outcome.UPHELD]),
          tenths=st.integers(1, 9))  # fmt: skip
    def look_again(self, which: int, outcome: Outcome, tenths: int) -> None:
        """Asked by telephone and answered by somebody else, as it should be."""
        stand = [one for one in rows(self.world, Decision) if DecisionStatus(one.status) in IN_FORCE]
        if not stand:
            return
        one = stand[which % len(stand)]
        entry = reconsiderations.AskedEntry(Asker.HOLDER, "Holder", How.TELEPHONE, self.today, "I do not agree.")
        self.tried(self.world.cm2, lambda uow: reconsiderations.record_asked(uow, one.id, entry))
        waiting = rows(self.world, Reconsideration, decision_id=one.id, status="ASKED")
        before, after = one.weekly_before_pence or 0, one.weekly_after_pence or 0
        changed = outcome is Outcome.CHANGED
        weekly = after + (before - after) * tenths // 10 if changed and one.kind == DecisionKind.REDUCE else None
        day = one.effective_on + timedelta(days=tenths) if changed and one.kind != DecisionKind.REDUCE else None
        answer = Answer(outcome, REASONS, day, weekly)
        for found in waiting:
            self.tried(self.world.approver2, lambda uow, f=found: reconsiderations.answer_asked(uow, f.id, answer))

    @rule(who=numbers, which=numbers)
    def send_back(self, who: int, which: int) -> None:
        if (found := self.one(which)) is not None:
            self.tried(self.approvers[who % 4], lambda uow: decisions.return_decision(uow, found.id, "Say more."))

    @rule(who=numbers, which=numbers)
    def withdraw(self, who: int, which: int) -> None:
        if (found := self.one(which)) is not None:
            self.tried(self.staff[who % 4], lambda uow: decisions.withdraw_decision(uow, found.id))

    @rule(who=numbers, which=numbers)
    def lift(self, who: int, which: int) -> None:
        if (found := self.one(which)) is not None:
            self.tried(self.preparers[who % 4], lambda uow: decisions.lift_suspension(uow, found.id))

    @rule(which=numbers)
    def ask_again(self, which: int) -> None:
        if (found := self.one(which)) is not None:
            self.tried(self.holder, lambda uow: reconsiderations.ask_again(uow, found.id, "I do not agree."))

    @rule(who=numbers, which=numbers, outcome=st.sampled_from(list(Outcome)),
          ahead=st.one_of(st.none(), st.integers(0, 90)),
          weekly=st.one_of(st.none(), st.integers(0, 70_000)))  # fmt: skip
    def answer(self, who: int, which: int, outcome: Outcome, ahead: int | None, weekly: int | None) -> None:
        waiting = rows(self.world, Reconsideration, status="ASKED")
        if waiting:
            found = waiting[which % len(waiting)]
            day = None if ahead is None else self.today + timedelta(days=ahead)
            answer = Answer(outcome, REASONS, day, weekly)
            self.tried(
                self.staff[(2, 3, 3, who)[who % 4] % 4],
                lambda uow: reconsiderations.answer_asked(uow, found.id, answer),
            )

    @rule(days=st.integers(1, 40))
    def nights(self, days: int) -> None:
        self.today += timedelta(days=days)
        carry_out_decisions(self.world.engine, now=at(self.today))
        assert carry_out_decisions(self.world.engine, now=at(self.today)) == 0

    # -- what always holds

    @invariant()
    def nobody_decides_their_own(self) -> None:
        for one in rows(self.world, Decision):
            assert one.approved_by is None or one.approved_by != one.prepared_by
            assert (one.approved_by is not None) == (DecisionStatus(one.status) in TOLD)
            if one.status == DecisionStatus.ISSUED:
                assert one.effective_on >= self.today, "its day has come, and it was not carried out"
        made = {one.id: one for one in rows(self.world, Decision)}
        for asked in rows(self.world, Reconsideration):
            first = made[asked.decision_id]
            assert asked.decided_by is None or asked.decided_by not in (first.prepared_by, first.approved_by)

    @invariant()
    def each_issue_and_each_answer_has_its_letter_and_each_letter_its_way_out(self) -> None:
        told = sum(DecisionStatus(one.status) in TOLD for one in rows(self.world, Decision))
        told += sum(one.status == "DECIDED" for one in rows(self.world, Reconsideration))
        assert told == len(rows(self.world, Letter)) == len(rows(self.world, OutboxItem))
        assert told == len(rows(self.world, Job, kind="letter"))

    @invariant()
    def when_nothing_stands_everything_is_as_it_was(self) -> None:
        if not any(DecisionStatus(one.status) in IN_FORCE for one in rows(self.world, Decision)):
            assert self.stands() == self.began

    @invariant()
    def the_ledger_adds_up(self) -> None:
        with self.world.unit(self.world.finance, writes=False) as uow:
            assert check_ledger(uow.session) == []


TestDecisions = DecisionMachine.TestCase
TestDecisions.settings = settings(
    max_examples=12, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


MONEY = [DecisionKind.REDUCE, DecisionKind.STOP, DecisionKind.SUSPEND]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    made=st.lists(
        st.tuples(st.sampled_from(MONEY), st.sampled_from([0, 1, 2]), st.sampled_from([0, 28])), min_size=2, max_size=6
    ),
    nights=st.integers(0, 30),
    order=st.randoms(use_true_random=False),
)
@example(made=[(DecisionKind.STOP, 0, 0), (DecisionKind.STOP, 2, 0)], nights=0, order=Random(0))
@example(made=[(DecisionKind.STOP, 0, 0), (DecisionKind.STOP, 2, 0)], nights=0, order=Random(2))
def test_decisions_upon_decisions_reversed_in_any_order_leave_everything_as_it_was(
    made: list[tuple[DecisionKind, int, int]], nights: int, order: Random
) -> None:
    machine = DecisionMachine()
    try:
        machine.begin()
        for kind, stream, ahead in made:
            one = row(machine.world, Stream, machine.case.streams[stream % 2])
            whole = stream == 2 and kind is not DecisionKind.REDUCE
            entry = DecisionEntry(
                kind, REASONS, GROUNDS[kind], None if whole else one.id, weekly_pence=one.weekly_pence * 9 // 10,
                effective_on=machine.today + timedelta(days=ahead), early=None if ahead else Early.FRAUD,
                early_words="" if ahead else REASONS, no_replacement=CARE,
            )  # fmt: skip
            if machine.tried(
                machine.world.cm, lambda u, e=entry: decisions.prepare_decision(u, machine.case.phb_id, e)
            ):
                assert machine.tried(machine.world.approver, approving(rows(machine.world, Decision)[-1].id))
        if nights:
            machine.nights(nights)
        stand = [one for one in rows(machine.world, Decision) if DecisionStatus(one.status) in IN_FORCE]
        order.shuffle(stand)
        for one in stand:
            entry = reconsiderations.AskedEntry(Asker.HOLDER, "Holder", How.MEETING, machine.today, "I do not agree.")
            act = partial(reconsiderations.record_asked, decision_id=one.id, entry=entry)
            asked = machine.world.do(machine.world.cm2, act, on=machine.today)
            answer = Answer(Outcome.REVERSED, REASONS)
            act = partial(reconsiderations.answer_asked, reconsideration_id=asked, answer=answer)
            machine.world.do(machine.world.approver2, act, on=machine.today)
        assert machine.stands() == machine.began
    finally:
        machine.teardown()
