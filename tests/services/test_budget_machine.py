"""The versions of a budget in any order: written, sent, returned, approved, replaced (domain.md §9.4, I07 to I09, I12).

A version only goes the ways there are; none is approved that was not shown about, signed off, checked and agreed by
other hands than wrote it; its lines come to its amounts and to its streams; and what was sent changes no more.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from phbportal.domain.budgets import LineType
from phbportal.domain.plans import RegistrationBody
from phbportal.queries.ledger import check_ledger
from phbportal.services import approvals, budgets, plan_checks, plans
from phbportal.services.decisions import carry_out_decisions, prepare_decision
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.path import IndicativeBudget, PlanCheck
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from tests.services.deciding import approving, reduce
from tests.services.walking import CHEAP, Walk
from tests.support import journey
from tests.support.journey import Case
from tests.support.world import REGISTERED, World

EDITABLE = ("DRAFT", "RETURNED")
ARROWS = {
    (None, "DRAFT"), (None, "APPROVED"), ("DRAFT", "SUBMITTED"), ("SUBMITTED", "DRAFT"), ("SUBMITTED", "APPROVED"),
    ("APPROVED", "SUPERSEDED"),
}  # fmt: skip
"""The only ways a version goes; one is approved at once where a decision that was approved changes an amount."""
LAST = date(2027, 3, 1)


def being_written(world: World) -> Case:
    """Notional care of £1,250.00 a week whose plan is being written."""
    return journey.draft(world)


class BudgetMachine(Walk):
    case: Case

    @initialize(steps=st.integers(0, 7))
    def open(self, steps: int = 0) -> None:
        self.case = self.enter(being_written)
        self.stream = self.case.streams[0]
        self.plan = self.case.plan_id
        self.before: dict[Any, tuple[str, Any]] = {}
        self.look()
        self.come(steps)

    # -- what anybody could say

    def stands(self) -> str:
        return self.rows(Plan, id=self.plan)[0].status

    @property
    def is_first(self) -> bool:
        """Whether it is the plan the budget is written with; a later version decides words."""
        return self.plan == self.case.plan_id

    def has_lines(self) -> bool:
        return bool(self.rows(BudgetLine, stream_id=self.stream))

    def checked(self) -> bool:
        return bool(self.rows(PlanCheck, plan_id=self.plan, kind="FINANCE", standing=True))

    # -- what people do

    @rule(by=st.sampled_from(["cm", "cm", "cm2", "auditor", "other_cm"]), pence=st.integers(1, 1_000))
    def add_line(self, by: str, pence: int) -> None:
        service = self.rows(BudgetLine)[0].plan_service_id if self.has_lines() else None
        entry = budgets.LineEntry(self.stream, LineType.THERAPY, pence, 0, service)
        turn = by in ("cm", "cm2") and self.stands() in EDITABLE
        act = lambda uow: budgets.add_line(uow, self.plan, entry)  # noqa: E731
        self.tried(by, act, in_turn=turn if self.is_first and service else None)

    @rule(which=st.integers(0, 9), by=st.sampled_from(["cm", "cm", "auditor"]))
    def remove_line(self, which: int, by: str) -> None:
        lines = self.rows(BudgetLine)
        if len(lines) < 2:
            return
        one = lines[which % len(lines)].id
        turn = by == "cm" and self.stands() in EDITABLE and self.is_first
        self.tried(by, lambda uow: budgets.remove_line(uow, self.plan, one), in_turn=turn if self.is_first else None)

    @rule(by=st.sampled_from(["cm", "cm", "auditor", "clinician"]))
    def send(self, by: str) -> None:
        turn = by == "cm" and self.stands() in EDITABLE
        self.tried(by, lambda uow: plans.submit_plan(uow, self.plan), in_turn=turn)

    @rule(by=st.sampled_from(["clinician", "clinician", "cm", "approver"]))
    def sign_off(self, by: str) -> None:
        entry = plans.SignOffEntry("Dr Clinician", RegistrationBody(REGISTERED[0]), REGISTERED[1])
        turn = by == "clinician" and self.stands() == "SUBMITTED"
        self.tried(by, lambda uow: plans.sign_off_plan(uow, self.plan, entry), in_turn=turn)

    @rule(by=st.sampled_from(["finance", "finance", "cm", "approver"]))
    def check(self, by: str) -> None:
        turn = by == "finance" and self.stands() == "CLINICALLY_SIGNED" and not self.checked()
        act = lambda uow: plan_checks.check_money(uow, self.plan, note="It adds up.")  # noqa: E731
        self.tried(by, act, in_turn=turn if self.is_first else None)

    @rule(words=st.sampled_from(["Please say who helps at night.", "Please say who helps at night.", "No."]))
    def send_back(self, words: str) -> None:
        turn = self.stands() in ("SUBMITTED", "CLINICALLY_SIGNED") and len(words) > 5
        self.tried("clinician", lambda uow: plans.return_plan(uow, self.plan, reason=words), in_turn=turn)

    @rule(by=st.sampled_from(["approver", "approver", "approver2", "cm", "finance", "clinician", "other_approver"]))
    def approve(self, by: str) -> None:
        turn = (
            by in ("approver", "approver2") and self.stands() == "CLINICALLY_SIGNED"
            and (self.checked() or not self.is_first)
        )  # fmt: skip
        self.tried(by, lambda uow: approvals.approve_plan(uow, self.plan), in_turn=turn)

    @rule()
    def another_plan(self) -> None:
        self.plan = self.tried("cm", lambda uow: plans.start_plan(uow, self.case.phb_id), in_turn=True).id

    @rule(tenths=st.integers(6, 9), by=st.sampled_from(["approver", "approver", "cm"]))
    def reduce(self, tenths: int, by: str) -> None:
        """A decision to pay less from 28 days on; it writes a version of the budget on its day."""
        weekly = self.rows(Stream, id=self.stream)[0].weekly_pence * tenths // 10
        entry = reduce(self.stream, weekly, self.today + timedelta(days=28))
        agreed = [one for one in self.rows(BudgetVersion) if one.status == "APPROVED"]
        made = self.tried("cm", lambda uow: prepare_decision(uow, self.case.phb_id, entry),
                          in_turn=None if agreed else False)  # fmt: skip
        if made:
            self.tried(by, approving(made), in_turn=by == "approver")

    @rule(days=st.sampled_from([7, 28]))
    def nights(self, days: int) -> None:
        if self.today + timedelta(days=days) > LAST:
            return
        self.today += timedelta(days=days)
        carry_out_decisions(self.world.engine, now=self.now)
        assert carry_out_decisions(self.world.engine, now=self.now) == 0

    def onward(self) -> None:
        """The next act on the way to a second version."""
        stands = self.stands()
        if stands in EDITABLE:
            self.send("cm")
        elif stands == "SUBMITTED":
            self.sign_off("clinician")
        elif stands == "CLINICALLY_SIGNED" and not self.checked():
            self.check("finance")
        elif stands == "CLINICALLY_SIGNED":
            self.approve("approver")
        elif not self.rows(Decision):
            self.reduce(9, "approver")
        else:
            self.nights(28)
        self.look()

    def every_act(self) -> None:
        for by in ("cm", "auditor", "other_cm", "clinician", "finance", "approver", "other_approver"):
            self.add_line(by if by in ("cm", "auditor", "other_cm") else "auditor", 100)
            self.send(by if by != "other_cm" else "auditor")
            self.sign_off(by)
            self.check(by)
            self.approve(by)
        self.send_back("Please say who helps at night.")
        self.send_back("No.")
        self.reduce(9, "approver")

    # -- what is always so

    @invariant()
    def look(self) -> None:
        """Each version as it stands, beside how it stood before."""
        if not hasattr(self, "before"):
            return
        versions, lines = self.rows(BudgetVersion), self.rows(BudgetLine)
        assert [one.version for one in versions] == list(range(1, len(versions) + 1))
        for one in versions:
            own = [line for line in lines if line.budget_id == one.id]
            assert sum(line.weekly_pence for line in own) == one.weekly_pence
            said = (one.weekly_pence, one.one_off_pence, one.starts_on,
                    tuple((line.id, line.weekly_pence, line.one_off_pence) for line in own))  # fmt: skip
            was, said_before = self.before.get(one.id, (None, None))
            if was != one.status:
                assert (was, one.status) in ARROWS
                if one.status == "APPROVED":
                    self._has_passed_each_guard(one)
            assert said == said_before or was in (None, "DRAFT"), "what was sent has changed"
            self.before[one.id] = (one.status, said)
        decided = [one for one in versions if one.status in ("APPROVED", "SUPERSEDED")]
        agreed = [one for one in decided if one.status == "APPROVED"]
        assert agreed == decided[-1:], "two are approved, or the last is not"
        stream = self.rows(Stream, id=self.stream)[0]
        assert stream.weekly_pence == (decided or versions)[-1].weekly_pence
        assert (stream.status == "PROPOSED") == (not agreed)
        assert (self.rows(Phb, id=self.case.phb_id)[0].status == "SETUP") == bool(agreed)
        with self.world.unit(self.world.finance, writes=False) as uow:
            assert check_ledger(uow.session) == []

    def _has_passed_each_guard(self, one: BudgetVersion) -> None:
        if one.kind == "CHANGE":
            decided = [row for row in self.rows(Decision) if row.status == "IN_EFFECT"][-1]
            assert decided.effective_on == one.starts_on
            assert (one.prepared_by, one.approved_by) == (decided.prepared_by, decided.approved_by)
            assert one.approved_by not in (None, one.prepared_by)
            return
        plan = self.rows(Plan, id=one.plan_id)[0]
        [check] = self.rows(PlanCheck, plan_id=plan.id, kind="FINANCE", standing=True)
        assert plan.status == "APPROVED"
        assert None not in (plan.signed_by, plan.signed_on, plan.submitted_by, check.made_by)
        assert (check.weekly_pence, check.one_off_pence) == (one.weekly_pence, one.one_off_pence)
        hands = {one.prepared_by, plan.written_by, plan.submitted_by, plan.signed_by, check.made_by}
        assert one.approved_by not in hands | {None}
        assert any(row.shown_on is not None for row in self.rows(IndicativeBudget))


TestBudgets = BudgetMachine.TestCase
TestBudgets.settings = CHEAP


def test_a_version_is_approved_and_replaced_by_the_next() -> None:
    """Without this the machine could pass by refusing everything."""
    machine = BudgetMachine()
    machine.open(0)
    try:
        machine.come_refusing_the_rest(6)
        assert [one.status for one in machine.rows(BudgetVersion)] == ["SUPERSEDED", "APPROVED"]
    finally:
        machine.teardown()
