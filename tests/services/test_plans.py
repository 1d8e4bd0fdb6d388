"""Plans and their budgets while they are written, submitted, signed off and returned (I07, I09, I18, I38)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budgets import BudgetKind, BudgetStatus, LineType
from phbportal.domain.errors import Conflict, Refusal
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.services import accounts, approvals, budgets, payments, plans
from phbportal.services.stream_removal import remove_stream
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.path import IndicativeBudget as Indicative
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan
from tests.services.asking import Copy, balances, refused, row, rows
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

DETAILS = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
WORDS = plans.PlanEntry("I want to go swimming.")
SIGNED = plans.SignOffEntry("Dr Clinician", RegistrationBody.NMC, "12A3456E")
NOTIONAL = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, date(2026, 4, 13), Frequency.FOUR_WEEKLY)


def budget_of(world: World, case: Case) -> BudgetVersion:
    return rows(world, BudgetVersion, phb_id=case.phb_id)[-1]


def changes(case: Case) -> dict[str, object]:
    """Every act that changes a plan or its budget."""
    line = budgets.LineEntry(case.streams[0], LineType.THERAPY, 100, 0)
    return {
        "words": lambda uow: plans.write_plan(uow, case.plan_id, WORDS, seen_version=row_version(uow, case)),
        "outcome": lambda uow: plans.add_outcome(uow, case.plan_id, plans.OutcomeEntry("I swim.")),
        "service": lambda uow: plans.add_service(uow, case.plan_id, plans.ServiceEntry("Pool", outcome_of(uow, case))),
        "stream": lambda uow: budgets.add_stream(uow, case.plan_id, NOTIONAL),
        "line": lambda uow: budgets.add_line(uow, case.plan_id, line),
        "removal": lambda uow: budgets.remove_line(uow, case.plan_id, case.lines[0]),
        "stream out": lambda uow: remove_stream(uow, case.plan_id, case.streams[0]),
    }


def row_version(uow: UnitOfWork, case: Case) -> int:
    return uow.session.get_one(Plan, case.plan_id).row_version


def outcome_of(uow: UnitOfWork, case: Case) -> UUID:
    return uow.session.execute(select(col(Outcome.id)).where(col(Outcome.plan_id) == case.plan_id)).scalars().all()[0]


def test_i07_i09_a_budget_is_always_the_sum_of_its_lines_and_of_its_streams(world: World) -> None:
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 40_000), StreamPlan(Method.NOTIONAL, 65_000, 59_800))
    with world.unit(world.cm) as uow:
        extra = budgets.LineEntry(case.streams[0], LineType.TRANSPORT, 1_234, 5_678)
        budgets.add_line(uow, case.plan_id, extra)
        budgets.remove_line(uow, case.plan_id, case.lines[1])
    lines = rows(world, BudgetLine)
    streams = rows(world, Stream, phb_id=case.phb_id)
    budget = budget_of(world, case)
    for name in ("weekly_pence", "one_off_pence"):
        whole = getattr(budget, name)
        assert whole == sum(getattr(line, name) for line in lines) == sum(getattr(s, name) for s in streams)
    assert (budget.weekly_pence, budget.one_off_pence) == (41_234, 5_678)


def test_a_stream_added_by_mistake_is_taken_out_with_its_lines(world: World) -> None:
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 40_000), StreamPlan(Method.NOTIONAL, 65_000, 59_800))
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    world.do(world.cm, lambda uow: remove_stream(uow, case.plan_id, case.streams[1]))
    gone = row(world, Stream, case.streams[1])
    assert (gone.status, gone.weekly_pence, gone.one_off_pence) == ("CLOSED", 0, 0)
    assert {line.stream_id for line in rows(world, BudgetLine) if line.stream_id in case.streams} == {case.streams[0]}
    assert (budget_of(world, case).weekly_pence, budget_of(world, case).one_off_pence) == (40_000, 0)
    for stream in (case.streams[1], other.streams[0]):
        said = refused(world, world.cm, lambda uow, stream=stream: remove_stream(uow, case.plan_id, stream))
        assert said == "Only a stream that is proposed in this budget can be taken out."


def test_no_bank_details_are_entered_for_a_stream_that_was_taken_out(world: World) -> None:
    case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 40_000))
    world.do(world.cm, lambda uow: remove_stream(uow, case.plan_id, case.streams[0]))
    entering = lambda uow: accounts.propose_account(uow, case.streams[0], DETAILS)  # noqa: E731
    assert refused(world, world.cm, entering) == "This stream is closed, so nothing more is paid by it."


def test_i07_streams_that_do_not_run_over_the_same_days_cannot_be_submitted(world: World) -> None:
    later = StreamPlan(Method.NOTIONAL, 65_000, starts_on=date(2026, 5, 4))
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 40_000), later)
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))
    assert "do not run over the same days" in said


@pytest.mark.parametrize(
    ("column", "words"), [("weekly_pence", "must cover the full cost"), ("one_off_pence", "must cover the full cost")]
)
def test_i18_a_budget_below_the_cost_of_its_services_cannot_be_submitted(world: World, column: str, words: str) -> None:
    """The services can make no such budget; somebody who changes the row itself is found out."""
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 40_000, 59_800))
    with world.unit(world.cm) as uow:
        budget = uow.find(BudgetVersion, budget_of(world, case).id)
        uow.change(budget, **{column: getattr(budget, column) - 1})
    assert words in refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))


def test_an_empty_plan_says_everything_it_lacks(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.cm) as uow:
        budgets.remove_line(uow, case.plan_id, case.lines[0])
        uow.change(uow.find(Plan, case.plan_id), about_me="")
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))
    for words in ("what matters to the person", "must have a budget line", "at least one budget line"):
        assert words in said


def test_a_plan_without_a_budget_cannot_be_submitted(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.cm) as uow:
        budget = budget_of(world, case)
        budgets.remove_line(uow, case.plan_id, case.lines[0])
        uow.change(uow.find(BudgetVersion, budget.id), plan_id=None)
    assert "Write the budget" in refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))


@pytest.fixture(scope="module")
def stages(shared_world: World) -> dict[str, Case]:
    """A plan at each stage after it was written."""
    cases: dict[str, Case] = {}
    for stage, number in zip(("submitted", "signed off", "approved"), journey.NUMBERS, strict=False):
        case = journey.draft(shared_world, person_id=journey.add_person(shared_world, number=number))
        journey.submit(shared_world, case)
        if stage != "submitted":
            journey.sign_off(shared_world, case)
        if stage == "approved":
            journey.approve(shared_world, case)
        cases[stage] = case
    return cases


@pytest.mark.parametrize("act", ["words", "outcome", "service", "stream", "line", "removal"])
@pytest.mark.parametrize("stage", ["submitted", "signed off", "approved"])
def test_i38_a_plan_is_not_changed_after_it_was_submitted(
    shared_world: World, stages: dict[str, Case], stage: str, act: str
) -> None:
    said = refused(shared_world, shared_world.cm, changes(stages[stage])[act])
    assert "can no longer be changed" in said


def test_every_act_that_changes_a_plan_may_be_done_while_it_is_written(world: World) -> None:
    """Without this the test above could pass because nothing ever works."""
    for act in changes(case := journey.draft(world)):
        world.do(world.cm, changes(case)[act])
    assert rows(world, BudgetLine) == []
    assert len(rows(world, Stream)) == 2
    assert row(world, Plan, case.plan_id).about_me == WORDS.about_me


def test_a_stale_plan_form_is_refused_with_both_versions(drafted: Copy) -> None:
    world, case = drafted
    seen = row(world, Plan, case.plan_id).row_version
    world.do(world.cm2, lambda uow: plans.write_plan(uow, case.plan_id, WORDS, seen_version=seen))
    mine = plans.PlanEntry("I want to go dancing.")
    with pytest.raises(Conflict) as conflict:
        world.do(world.cm, lambda uow: plans.write_plan(uow, case.plan_id, mine, seen_version=seen))
    assert conflict.value.theirs["about_me"] == "I want to go swimming."
    assert conflict.value.mine["about_me"] == "I want to go dancing."
    assert row(world, Plan, case.plan_id).about_me == "I want to go swimming."


def test_a_returned_plan_can_be_mended_and_sent_again(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    journey.sign_off(world, case)
    world.do(world.approver, lambda uow: plans.return_plan(uow, case.plan_id, reason="Say who helps at night."))
    returned = row(world, Plan, case.plan_id)
    assert (returned.status, returned.return_reason) == ("RETURNED", "Say who helps at night.")
    assert (returned.signed_by, returned.signed_pin, returned.signed_on) == (None, "", None)
    assert budget_of(world, case).status == BudgetStatus.DRAFT
    assert row(world, Phb, case.phb_id).status == PhbStatus.RETURNED
    world.do(world.cm, changes(case)["outcome"])
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    assert row(world, Plan, case.plan_id).status == "APPROVED"


def test_a_plan_is_returned_with_a_reason_that_says_something(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    said = refused(world, world.clinician, lambda uow: plans.return_plan(uow, case.plan_id, reason=" no    "))
    assert said == "Say what should be changed, in a sentence."


@pytest.mark.parametrize(("verb", "who"), [("sign off", "clinician"), ("approve", "approver"), ("return", "approver")])
def test_a_draft_is_neither_signed_nor_approved_nor_returned(drafted: Copy, verb: str, who: str) -> None:
    world, case = drafted
    acts = {
        "sign off": lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED),
        "approve": lambda uow: approvals.approve_plan(uow, case.plan_id),
        "return": lambda uow: plans.return_plan(uow, case.plan_id, reason="Say who helps at night."),
    }
    said = refused(world, world.actors[who], acts[verb])
    assert said == f"You cannot {verb} this plan: it is now “Draft”. Reload the page."


def test_i12_a_clinician_who_began_a_plan_does_not_sign_it_off(drafted: Copy) -> None:
    world, case = drafted
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Plan, case.plan_id), written_by=world.clinician.user_id)
    journey.submit(world, case)
    said = refused(world, world.clinician, lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED))
    assert said == "You wrote or submitted this plan, so another clinician must sign it off."


def test_i12_whoever_submitted_a_plan_does_not_sign_it_off_in_another_role(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    both = replace(world.clinician, user_id=world.cm.user_id)
    said = refused(world, both, lambda uow: plans.sign_off_plan(uow, case.plan_id, SIGNED))
    assert "another clinician must sign it off" in said


def test_a_signature_keeps_name_body_number_and_day(drafted: Copy) -> None:
    world, case = drafted
    journey.submit(world, case)
    journey.sign_off(world, case)
    plan = row(world, Plan, case.plan_id)
    assert (plan.signed_name, plan.signed_body, plan.signed_pin) == ("Dr Clinician", "NMC", "12A3456E")
    assert (plan.signed_by, plan.signed_on) == (world.clinician.user_id, world.today)
    assert row(world, Phb, case.phb_id).status == PhbStatus.PANEL  # finance has checked its money as well


def test_a_signature_without_a_registration_number_of_its_body_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        plans.read_sign_off({"name": "", "body": "NMC", "pin": "99"})
    assert [p.field for p in refusal.value.problems] == ["name", "pin"]


@pytest.mark.parametrize("days", [-367, 367])
def test_a_stream_does_not_start_more_than_a_year_away(drafted: Copy, days: int) -> None:
    """A slip of the year would set aside, or pay for, years of money."""
    world, case = drafted
    slip = replace(NOTIONAL, starts_on=world.today + timedelta(days=days))
    assert "Check the year" in refused(world, world.cm, lambda uow: budgets.add_stream(uow, case.plan_id, slip))


def test_a_line_belongs_to_a_stream_and_a_service_of_its_own_plan(drafted: Copy) -> None:
    world, case = drafted
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    strange_stream = budgets.LineEntry(other.streams[0], LineType.AGENCY, 100, 0)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, strange_stream))
    assert said == "Choose a stream of this budget."
    service = rows(world, BudgetLine)[-1].plan_service_id
    strange_service = budgets.LineEntry(case.streams[0], LineType.AGENCY, 100, 0, service)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, strange_service))
    assert said == "Choose a service of this plan."
    said = refused(world, world.cm, lambda uow: budgets.remove_line(uow, case.plan_id, other.lines[0]))
    assert said == "That line is not in this budget."


class TestALaterVersion:
    """A plan written anew while the budget's money is agreed decides words, and what is added to the money (see
    ``test_budgets_that_grow.py``)."""

    def later(self, world: World, case: Case) -> Case:
        with world.unit(world.cm) as uow:
            plan = plans.start_plan(uow, case.phb_id)
            plans.write_plan(uow, plan.id, WORDS, seen_version=plan.row_version)
            outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I swim twice a week."))
            plans.add_service(uow, plan.id, plans.ServiceEntry("Help at the pool", outcome))
        return replace(case, plan_id=plan.id)

    def decide(self, world: World, case: Case) -> None:
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.approve(world, case)

    def test_it_sets_no_money_aside_a_second_time(self, world: World) -> None:
        case = journey.approved(world)
        before = balances(world, case)
        self.decide(world, self.later(world, case))
        assert balances(world, case) == before
        assert before.available_pence > 0

    def test_the_one_before_gives_way_when_it_is_approved_and_not_sooner(self, world: World) -> None:
        case = journey.approved(world)
        later = self.later(world, case)
        journey.submit(world, later)
        journey.sign_off(world, later)
        assert row(world, Plan, case.plan_id).status == "APPROVED"
        journey.approve(world, later)
        assert [p.status for p in rows(world, Plan, phb_id=case.phb_id)] == ["SUPERSEDED", "APPROVED"]

    def test_the_budget_can_be_paid_while_it_is_decided_and_goes_live(self, world: World) -> None:
        """The first payment finds exactly one plan to make active, whatever is being written."""
        case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
        journey.account(world, case.streams[0])
        later = self.later(world, case)
        journey.submit(world, later)
        assert row(world, Phb, case.phb_id).status == PhbStatus.SETUP
        journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
        assert row(world, Phb, case.phb_id).status == PhbStatus.ACTIVE
        assert [p.status for p in rows(world, Plan, phb_id=case.phb_id)] == ["ACTIVE", "SUBMITTED"]

    def test_two_approved_versions_before_the_first_payment_do_not_stop_it(self, world: World) -> None:
        case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
        journey.account(world, case.streams[0])
        self.decide(world, self.later(world, case))
        journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
        assert [p.status for p in rows(world, Plan, phb_id=case.phb_id)] == ["SUPERSEDED", "ACTIVE"]

    def test_on_a_live_budget_it_is_in_force_as_soon_as_it_is_approved(self, world: World) -> None:
        case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
        journey.account(world, case.streams[0])
        journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
        self.decide(world, self.later(world, case))
        assert row(world, Phb, case.phb_id).status == PhbStatus.ACTIVE
        assert [p.status for p in rows(world, Plan, phb_id=case.phb_id)] == ["SUPERSEDED", "ACTIVE"]

    def test_only_one_version_is_in_the_making(self, world: World) -> None:
        case = journey.approved(world)
        first = self.later(world, case).plan_id
        assert world.do(world.cm, lambda uow: plans.start_plan(uow, case.phb_id)).id == first
        assert len(rows(world, Plan, phb_id=case.phb_id)) == 2


class TestABudgetBroughtIn:
    """A budget taken over from the board's own records is approved already; its plan is written afterwards."""

    def brought_in(self, world: World) -> Case:
        case = journey.draft(world)
        with world.unit(world.cm) as uow:
            budget = uow.find(BudgetVersion, budget_of(world, case).id)
            uow.change(budget, plan_id=None, kind=BudgetKind.OPENING.value, status=BudgetStatus.APPROVED.value)
            uow.change(uow.find(Stream, case.streams[0]), status="ACTIVE", first_payment_on=date(2025, 1, 6))
            uow.change(uow.find(Phb, case.phb_id), status=PhbStatus.ACTIVE.value, live_on=date(2025, 1, 6))
        return case

    def test_its_plan_is_decided_and_its_budget_stays_as_it_was(self, world: World) -> None:
        case = self.brought_in(world)
        before = budget_of(world, case)
        journey.submit(world, case)
        assert budget_of(world, case).status == BudgetStatus.APPROVED
        journey.sign_off(world, case)
        journey.approve(world, case)
        after = budget_of(world, case)
        assert (after.status, after.approved_by, after.row_version) == ("APPROVED", None, before.row_version)
        assert row(world, Plan, case.plan_id).status == "ACTIVE"
        assert balances(world, case).available_pence == 0

    def test_more_money_is_added_to_it_by_a_plan_and_what_it_brought_stays(self, world: World) -> None:
        """What was told before planning began is not asked for: it was planned before the portal knew of it."""
        case = self.brought_in(world)
        before = balances(world, case).available_pence
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.approve(world, case)
        with world.unit(world.cm) as uow:
            plan = plans.start_plan(uow, case.phb_id).id
            stream = budgets.add_stream(uow, plan, NOTIONAL)
            budgets.add_line(uow, plan, budgets.LineEntry(stream, LineType.AGENCY, 40_000, 0))
        later = replace(case, plan_id=plan)
        self.forget_what_was_told(world, case)
        journey.submit(world, later)
        journey.sign_off(world, later)
        journey.approve(world, later)
        opening, added = rows(world, BudgetVersion, phb_id=case.phb_id)
        assert (opening.kind, added.kind, added.weekly_pence) == ("OPENING", "CHANGE", 125_000 + 40_000)
        assert row(world, Stream, case.streams[0]).weekly_pence == 125_000
        assert balances(world, case).available_pence >= before

    def forget_what_was_told(self, world: World, case: Case) -> None:
        with world.unit(world.cm) as uow:
            for told in uow.session.execute(select(Indicative).where(col(Indicative.phb_id) == case.phb_id)).scalars():
                uow.session.delete(told)

    def test_start_up_costs_paid_before_it_came_are_not_paid_again(self, world: World) -> None:
        case = self.brought_in(world)
        with world.unit(world.finance) as uow:
            stream = uow.find(Stream, case.streams[0])
            uow.change(stream, one_off_pence=59_800)
            due = payments.amount_due(uow, stream, date(2026, 4, 13), date(2026, 5, 10))
        assert due == payments.Due(4 * 125_000, one_off_pence=0, adjustment_pence=0)
