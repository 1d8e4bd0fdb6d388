"""Any order of acts on the way from referral to live, fifty at a time, against a plain model of what comes before what.

No way reaches ACTIVE without an accepted offer, an amount that was shown, a plan that was signed off, a finance check,
two approvers, consent and check, an agreement everybody signed, approved bank details and a confirmed payment. What
is out of turn, or is done by somebody who may not, is refused in words, and moves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budget_offers import Answer, OfferHow
from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.indicative import Tool
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.phbs import PhbKind
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.policy.actors import Actor
from phbportal.services import (
    accounts,
    approvals,
    budget_offers,
    budgets,
    consents,
    eligibility,
    indicative,
    payee_agreements,
    payments,
    phbs,
    plan_checks,
    plans,
)
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.payments import PaymentItem
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.settings import PolicySetting
from tests.services.quick import quick_world
from tests.support import journey
from tests.support.world import World

TODAY = date(2026, 4, 1)
START, END = date(2026, 4, 6), date(2026, 5, 3)
COOLED = TODAY + timedelta(days=3)
WEEKLY = 125_000
Act = Callable[[UnitOfWork], object]
WHY = "Please say who helps at night."


@dataclass
class Model:
    """Where a case stands, as anybody could say it. ``approvers`` are those who have approved since the last return."""

    status: str = "REFERRED"
    told: bool = False
    shown: bool = False
    written: bool = False
    checked: bool = False
    approvers: frozenset[str] = frozenset()
    approved: bool = False
    consented: bool = False
    looked_up: bool = False
    agreement: frozenset[str] | None = None
    proposed: bool = False
    account: bool = False
    recorded: bool = False
    paid: bool = False

    @property
    def agreed(self) -> bool:
        return self.agreement == {"PERSON", "BOARD"}

    @property
    def planned(self) -> bool:
        """There is a plan that is being written, or waits to be decided."""
        return self.status in ("PLANNING", "RETURNED", "CLINICAL_REVIEW", "FINANCE_REVIEW", "PANEL")


def opened(world: World) -> tuple[UUID, UUID]:
    """A person found eligible, and a budget that has not been offered; above £1,000.00 a week two approve."""
    person = journey.add_person(world)
    entry = eligibility.EligibilityEntry(Cohort.CHC, TODAY, TODAY)
    with world.unit(world.cm) as uow:
        right = eligibility.record_eligibility(uow, person, entry)
        phb = phb_by_reference(uow, phbs.open_phb(uow, person, phbs.PhbEntry(right, PhbKind.ONGOING)))
    with world.unit(world.admin) as uow:
        own = select(PolicySetting).where(
            col(PolicySetting.icb_id) == world.icb, col(PolicySetting.name) == "second_approver_over_weekly_pence"
        )
        uow.change(uow.session.execute(own).scalar_one(), value="100000")
    return person, phb.id


@dataclass(frozen=True)
class Verb:
    """An act on the way: by whom, on which day, what it does, whether it is its turn, and what comes of it."""

    by: str
    act: Act
    turn: Callable[[Model], bool]
    after: Callable[[Model], None]
    on: date = TODAY


class PathMachine(RuleBasedStateMachine):
    world: World

    @initialize()
    def open(self) -> None:
        self.closing = ExitStack()
        self.world, (self.person, self.phb) = self.closing.enter_context(quick_world(opened))
        self.model = Model()
        self.plan = self.stream = self.agreement = self.account = self.payment = UUID(int=0)
        self.verbs = self._verbs()

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    def do(self, by: Actor, act: Act, on: date) -> object:
        return self.world.do(by, act, on=on)

    # -- what each act does

    def _start(self, uow: UnitOfWork) -> None:
        self.plan = plans.start_plan(uow, self.phb).id

    def _write(self, uow: UnitOfWork) -> None:
        plan = uow.find(Plan, self.plan)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I want to stay at home."), seen_version=plan.row_version)
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I get up when I choose."))
        service = plans.add_service(uow, plan.id, plans.ServiceEntry("Help at home", outcome))
        entry = budgets.StreamEntry(Method.DIRECT_PAYMENT, PayeeKind.HOLDER, START, Frequency.FOUR_WEEKLY)
        self.stream = budgets.add_stream(uow, plan.id, entry)
        line = budgets.LineEntry(self.stream, LineType.PA_WAGE, WEEKLY, 0, service)
        budgets.add_line(uow, plan.id, line)

    def _make(self, uow: UnitOfWork) -> None:
        self.agreement = payee_agreements.make_agreement(uow, self.stream)

    def _propose(self, uow: UnitOfWork) -> None:
        entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
        self.account = accounts.propose_account(uow, self.stream, entry)

    def _record(self, uow: UnitOfWork) -> None:
        reference = payments.record_payment(uow, self.stream, payments.PaymentEntry(START, END), key="first")
        found = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        self.payment = uow.session.execute(found).scalar_one()

    def _verbs(self) -> dict[str, Verb]:
        offer = budget_offers.OfferEntry(TODAY, OfferHow.IN_PERSON)
        yes = budget_offers.AnswerEntry(Answer.ACCEPTED, TODAY)
        no = budget_offers.AnswerEntry(Answer.DECLINED, TODAY, reason="Too much paperwork.")
        amount = indicative.IndicativeEntry(2 * WEEKLY, 0, Tool.NEEDS_AND_RATES, "Hours at local rates", TODAY)
        signature = plans.SignOffEntry("Dr Clinician", RegistrationBody.NMC, "12A3456E")
        paper = payee_agreements.PaperEntry(Signer.PERSON, "Amina Okafor-Reyes", TODAY, "Case file")
        consent = consents.ConsentEntry(GivenBy.SELF, TODAY, "")

        def to(status: str, **facts: object) -> Callable[[Model], None]:
            def after(m: Model) -> None:
                m.status = status
                for name, value in facts.items():
                    setattr(m, name, value)

            return after

        def fact(**facts: object) -> Callable[[Model], None]:
            def after(m: Model) -> None:
                for name, value in facts.items():
                    setattr(m, name, value)

            return after

        def told(m: Model) -> None:
            m.told, m.shown = True, False
            m.status = m.status if m.status in ("PLANNING", "RETURNED") else "INDICATIVE_SET"

        def started(m: Model) -> None:
            m.status = "PLANNING" if m.status == "INDICATIVE_SET" else m.status

        def approve(name: str) -> Verb:
            def turn(m: Model) -> bool:
                right = m.shown and m.consented and m.looked_up
                return m.status == "PANEL" and m.checked and right and name not in m.approvers

            def after(m: Model) -> None:
                m.approvers |= {name}
                if len(m.approvers) == 2:
                    m.approved, m.status = True, "SETUP"

            return Verb(name, lambda uow: approvals.approve_plan(uow, self.plan), turn, after)

        def signed(party: str) -> Callable[[Model], None]:
            def after(m: Model) -> None:
                m.agreement = (m.agreement or frozenset()) | {party}

            return after

        def may_sign(party: str) -> Callable[[Model], bool]:
            return lambda m: m.agreement is not None and party not in m.agreement and not m.agreed

        amounts = ("ACCEPTED", "ASSESSING", "INDICATIVE_SET", "PLANNING", "RETURNED")
        reviews = ("CLINICAL_REVIEW", "FINANCE_REVIEW", "PANEL")
        return {
            "offer": Verb("cm", lambda uow: budget_offers.make_offer(uow, self.phb, offer),
                          lambda m: m.status in ("REFERRED", "DECLINED"), to("OFFERED")),
            "accept": Verb("cm", lambda uow: budget_offers.record_answer(uow, self.phb, yes),
                           lambda m: m.status == "OFFERED", to("ACCEPTED")),
            "decline": Verb("cm", lambda uow: budget_offers.record_answer(uow, self.phb, no),
                            lambda m: m.status == "OFFERED", to("DECLINED")),
            "assess": Verb("cm", lambda uow: budget_offers.begin_assessing(uow, self.phb),
                           lambda m: m.status == "ACCEPTED", to("ASSESSING")),
            "amount": Verb("finance", lambda uow: indicative.record_indicative(uow, self.phb, amount),
                           lambda m: m.status in amounts, told),
            "show": Verb("cm", lambda uow: indicative.show_indicative(uow, self.phb, indicative.ShownEntry(TODAY)),
                         lambda m: m.told and not m.shown, fact(shown=True)),
            "start": Verb("cm", self._start,
                          lambda m: m.planned or (m.status == "INDICATIVE_SET" and m.shown), started),
            "write": Verb("cm", self._write,
                          lambda m: m.status in ("PLANNING", "RETURNED") and not m.written, fact(written=True)),
            "submit": Verb("cm", lambda uow: plans.submit_plan(uow, self.plan),
                           lambda m: m.status in ("PLANNING", "RETURNED") and m.written, to("CLINICAL_REVIEW")),
            "sign off": Verb("clinician", lambda uow: plans.sign_off_plan(uow, self.plan, signature),
                             lambda m: m.status == "CLINICAL_REVIEW", to("FINANCE_REVIEW")),
            "check": Verb("finance", lambda uow: plan_checks.check_money(uow, self.plan, note="It adds up."),
                          lambda m: m.status == "FINANCE_REVIEW", to("PANEL", checked=True)),
            "return": Verb("clinician", lambda uow: plans.return_plan(uow, self.plan, reason=WHY),
                           lambda m: m.status in reviews,
                           to("RETURNED", checked=False, approvers=frozenset())),
            "approve": approve("approver"),
            "approve too": approve("approver2"),
            "consent": Verb("cm", lambda uow: consents.record_consent(uow, self.person, consent),
                            lambda m: True, fact(consented=True)),
            "look up": Verb("cm", lambda uow: consents.record_exclusion_check(uow, self.person, excluded=False),
                            lambda m: True, fact(looked_up=True)),
            "agreement": Verb("cm", self._make, lambda m: m.approved, fact(agreement=frozenset())),
            "paper": Verb("cm", lambda uow: payee_agreements.record_paper(uow, self.agreement, paper),
                          may_sign("PERSON"), signed("PERSON")),
            "board": Verb("approver", lambda uow: payee_agreements.sign(uow, self.agreement),
                          may_sign("BOARD"), signed("BOARD")),
            "bank": Verb("cm", self._propose, lambda m: m.written, fact(proposed=True)),
            "bank too": Verb("finance2", lambda uow: accounts.approve_account(uow, self.account),
                             lambda m: m.proposed and not m.account, fact(account=True)),
            "pay": Verb("finance", self._record,
                        lambda m: m.approved and m.agreed and m.account and not m.recorded,
                        fact(recorded=True), COOLED),
            "confirm": Verb("finance2", lambda uow: payments.confirm_payment(uow, self.payment, paid_on=COOLED),
                            lambda m: m.recorded and not m.paid, to("ACTIVE", paid=True), COOLED),
        }  # fmt: skip

    def tried(self, name: str, by: Actor, on: date) -> bool:
        """Whether an act was taken; a refusal says so in whole sentences."""
        try:
            self.do(by, self.verbs[name].act, on)
        except Refusal as refused:
            sentences = [p.sentence for p in refused.problems]
            assert sentences, f"{name} was refused without a word"
            assert all(s[0].isupper() and s[-1] == "." for s in sentences), sentences
            return False
        return True

    def _again(self, name: str) -> bool:
        """Acts that may be repeated and would only blur the model: bank details twice, an agreement already signed, a
        second stream while the plan is still being written."""
        m = self.model
        return (
            (name == "bank" and m.proposed)
            or (name == "write" and m.written and m.status in ("PLANNING", "RETURNED"))
            or (name == "agreement" and m.agreement is not None)
            or (name == "start" and m.approved)
            or (name == "pay" and m.recorded)
            or (name in ("consent", "look up") and m.paid)
        )

    @rule(data=st.data())
    def onward(self, data: st.DataObject) -> None:
        """One of the acts whose turn it is: it is taken."""
        ready = [n for n, v in self.verbs.items() if v.turn(self.model) and not self._again(n)]
        back = ("decline", "return", "amount")
        onward = [n for n in ready if n not in back] or ready
        if not onward:
            return
        name = data.draw(st.sampled_from(onward))
        assert self.tried(name, self.world.actors[self.verbs[name].by], self.verbs[name].on), name
        self.verbs[name].after(self.model)

    @rule(data=st.data())
    def anything(self, data: st.DataObject) -> None:
        """Any act at all: it is taken when it is its turn, and else refused in words."""
        name = data.draw(st.sampled_from([n for n in self.verbs if not self._again(n)]))
        verb = self.verbs[name]
        taken = self.tried(name, self.world.actors[verb.by], verb.on)
        assert taken is verb.turn(self.model), name
        if taken:
            verb.after(self.model)

    @precondition(lambda self: not self.model.paid)
    @rule(data=st.data(), who=st.sampled_from(["auditor", "other_cm", "other_approver", "admin"]))
    def somebody_who_may_not(self, data: st.DataObject, who: str) -> None:
        name = data.draw(st.sampled_from(list(self.verbs)))
        assert not self.tried(name, self.world.actors[who], self.verbs[name].on), f"{who} could {name}"

    @invariant()
    def it_stands_where_the_model_says_and_is_live_only_with_every_guard(self) -> None:
        if not hasattr(self, "model"):
            return
        m = self.model
        with self.world.unit(self.world.cm, writes=False) as uow:
            status = uow.session.get_one(Phb, self.phb).status
        assert status == m.status
        if status == "ACTIVE":
            assert all((
                m.told, m.shown, m.written, m.checked, m.approved, len(m.approvers) == 2, m.consented, m.looked_up,
                m.agreed, m.account, m.recorded, m.paid,
            ))  # fmt: skip


TestPath = PathMachine.TestCase
TestPath.settings = settings(
    max_examples=10, stateful_step_count=60, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def test_the_way_to_live_is_open_when_every_act_is_in_its_turn() -> None:
    """Without this the machine could pass by refusing everything."""
    machine = PathMachine()
    machine.open()
    try:
        for name in (
            "offer", "decline", "offer", "accept", "assess", "amount", "show", "start", "write", "submit", "return",
            "submit", "sign off", "check", "consent", "look up", "approve", "approve too", "agreement", "paper",
            "board", "bank", "bank too", "pay", "confirm",
        ):  # fmt: skip
            verb = machine.verbs[name]
            assert verb.turn(machine.model), name
            assert machine.tried(name, machine.world.actors[verb.by], verb.on), name
            verb.after(machine.model)
            machine.it_stands_where_the_model_says_and_is_live_only_with_every_guard()
        assert machine.model.status == "ACTIVE"
    finally:
        machine.teardown()
