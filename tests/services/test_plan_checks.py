"""Before approval: finance's own check, the six features, the tolerance, and a panel of two above the board's limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.queries.phbs import case_of
from phbportal.queries.plans import plan_of
from phbportal.queries.work import work
from phbportal.services import approvals, budgets, plan_checks, plans
from phbportal.services.plan_acts import plan_acts
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.path import IndicativeBudget, PlanCheck
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.settings import PolicySetting
from phbportal.tables.users import Assignment
from tests.queries.worlds import Worlds
from tests.services.asking import Copy, refused, row, rows
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

NOTE = "Funding, rates and sums are right."
WHY = "A second night a week is needed since the fall."
LARGE = StreamPlan(Method.NOTIONAL, 125_000)


def signed(world: World) -> Case:
    """£1,250.00 a week, signed off by the clinician; finance has not looked yet."""
    case = journey.draft(world, LARGE)
    journey.submit(world, case)
    journey.clinically_sign(world, case)
    return case


@pytest.fixture
def waiting(worlds: Worlds, kind: str) -> Iterator[Copy]:
    with worlds.copy(kind, "signed, not checked", signed) as copy:
        yield copy


def check(world: World, case: Case, by: Actor | None = None) -> None:
    world.do(by or world.finance, lambda uow: plan_checks.check_money(uow, case.plan_id, note=NOTE))


def approve(world: World, case: Case, by: Actor | None = None, note: str = "") -> bool:
    return world.do(by or world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id, note=note))


def approving(world: World, case: Case, by: Actor | None = None) -> str:
    return refused(world, by or world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))


def limit(world: World, pence: int) -> None:
    """The board's own setting: above it a second approver is needed."""
    with world.unit(world.admin) as uow:
        found = rows(world, PolicySetting, icb_id=world.icb, name="second_approver_over_weekly_pence")[0]
        uow.change(uow.session.get_one(PolicySetting, found.id), value=str(pence))


def may(world: World, case: Case, actor: Actor) -> tuple[bool, bool, str]:
    with world.unit(actor, writes=False) as uow:
        found = case_of(uow.session, uow.actor, uow.today, row(world, Phb, case.phb_id).reference)
        acts = plan_acts(uow, found, plan_of(uow.session, uow.actor, uow.today, found.id))
    return acts.check, acts.approve, acts.because


def titles(world: World, actor: Actor) -> list[str]:
    with world.unit(actor, writes=False) as uow:
        found = work(uow.session, uow.actor, uow.today, uow.now)
    return [item.title for group in found.groups for item in group.items]


def test_nothing_is_approved_before_finance_has_checked_the_money(waiting: Copy) -> None:
    world, case = waiting
    assert row(world, Phb, case.phb_id).status == PhbStatus.FINANCE_REVIEW
    assert "Finance must check that the budget covers the full cost." in approving(world, case)
    assert may(world, case, world.approver)[1:] == (
        False, "Finance has not checked the money of this plan yet. Then it can be approved."
    )  # fmt: skip
    assert titles(world, world.finance) == ["Check the money of the plan for Amina Okafor-Reyes"]
    assert titles(world, world.approver) == []
    check(world, case)
    assert row(world, Phb, case.phb_id).status == PhbStatus.PANEL
    assert titles(world, world.finance) == []
    assert titles(world, world.approver) == ["Approve the plan for Amina Okafor-Reyes"]
    assert approve(world, case)


@pytest.mark.parametrize("who", ["cm", "clinician", "approver", "auditor", "admin", "other_finance"])
def test_only_a_finance_officer_of_the_board_checks(waiting: Copy, who: str) -> None:
    world, case = waiting
    said = refused(world, world.actors[who], lambda uow: plan_checks.check_money(uow, case.plan_id, note=NOTE))
    assert said in ("Only a finance officer can do this.", "We could not find that.")


def test_i12_whoever_wrote_part_of_the_budget_does_not_check_it_and_who_checked_does_not_approve(world: World) -> None:
    case = journey.draft(world, LARGE)
    line = budgets.LineEntry(case.streams[0], budgets.LineType.TRANSPORT, 100, 0)
    world.do(world.finance, lambda uow: budgets.add_line(uow, case.plan_id, line))
    journey.submit(world, case)
    journey.clinically_sign(world, case)
    said = refused(world, world.finance, lambda uow: plan_checks.check_money(uow, case.plan_id, note=NOTE))
    assert said == "You wrote part of this plan or its budget, so another finance officer must check it."
    check(world, case, world.finance2)
    both = replace(world.approver, user_id=world.finance2.user_id)
    assert approving(world, case, both) == "You checked the money of this plan, so someone else must approve it."
    assert may(world, case, both)[1:] == (
        False, "You checked the money of this plan, so someone else must approve it."
    )  # fmt: skip


def test_a_plan_is_checked_once_and_only_when_it_is_signed_off(world: World) -> None:
    case = journey.draft(world, LARGE)
    act = lambda uow: plan_checks.check_money(uow, case.plan_id, note=NOTE)  # noqa: E731
    assert "it is now “Draft”" in refused(world, world.finance, act)
    journey.submit(world, case)
    assert "it is now “Waiting for clinical sign-off”" in refused(world, world.finance, act)
    journey.sign_off(world, case)
    assert "has been checked already" in refused(world, world.finance2, act)


def test_a_returned_plan_is_checked_anew(waiting: Copy) -> None:
    world, case = waiting
    check(world, case)
    why = "The night rate is last year’s."
    world.do(world.finance2, lambda uow: plans.return_plan(uow, case.plan_id, reason=why))
    assert [one.standing for one in rows(world, PlanCheck)] == [False]
    journey.submit(world, case)
    journey.clinically_sign(world, case)
    assert "Finance must check" in approving(world, case)
    check(world, case)
    assert approve(world, case)


def test_a_budget_changed_after_it_was_checked_is_not_approved(waiting: Copy) -> None:
    world, case = waiting
    check(world, case)
    with world.unit(world.cm) as uow:
        budget = uow.find(BudgetVersion, rows(world, BudgetVersion)[0].id)
        uow.change(budget, weekly_pence=budget.weekly_pence + 1)
    assert "The budget is not what it was when finance checked it. Return the plan." in approving(world, case)


def test_a_budget_above_the_tolerance_is_approved_only_with_a_reason(waiting: Copy) -> None:
    """£1,250.00 a week against an indicative £1,000.00: a quarter above, and a tenth is allowed."""
    world, case = waiting
    check(world, case)
    with world.unit(world.cm) as uow:
        told = rows(world, IndicativeBudget)[0].id
        uow.change(uow.find(IndicativeBudget, told), weekly_pence=100_000, one_off_pence=0)
    assert "more than 10% above the indicative budget of £52,000.00" in approving(world, case)
    with world.unit(world.admin) as uow:
        uow.add(PolicySetting, icb_id=world.icb, name="plan_year_weeks", value="DAYS_365", starts_on=uow.today)
    assert "more than 10% above the indicative budget of £52,142.86" in approving(world, case)
    assert approve(world, case, note=WHY)
    assert row(world, Plan, case.plan_id).approval_note == WHY


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("shown_on", "The person knew an amount before planning: this is missing."),
        ("choices_explained", "The person may choose how the money is held: this is missing."),
        ("spending_explained", "The money can be used flexibly, as agreed: this is missing."),
    ],
)
def test_a_budget_without_one_of_the_six_features_is_not_approved(waiting: Copy, column: str, words: str) -> None:
    world, case = waiting
    check(world, case)
    with world.unit(world.cm) as uow:
        told = rows(world, IndicativeBudget)[0].id
        uow.change(uow.find(IndicativeBudget, told), **{column: None if column == "shown_on" else False})
    assert words in approving(world, case)


class TestPanel:
    def test_above_the_board_s_limit_two_different_approvers_must_approve(self, waiting: Copy) -> None:
        world, case = waiting
        check(world, case)
        limit(world, 100_000)
        assert approve(world, case) is False
        assert row(world, Plan, case.plan_id).status == PlanStatus.CLINICALLY_SIGNED
        assert rows(world, LedgerJournal) == []
        again = approving(world, case)
        assert again.startswith("You have approved this plan. It is above what one person approves")
        assert titles(world, world.approver) == []
        assert titles(world, world.approver2) == ["Approve the plan for Amina Okafor-Reyes"]
        assert approve(world, case, world.approver2) is True
        found = row(world, Plan, case.plan_id)
        assert (found.status, found.approved_by) == ("APPROVED", world.approver2.user_id)
        assert len(rows(world, LedgerJournal)) == 1

    def test_at_the_limit_one_is_enough(self, waiting: Copy) -> None:
        world, case = waiting
        check(world, case)
        limit(world, 125_000)
        assert approve(world, case) is True

    def test_a_one_off_counts_as_a_year_s_money(self, world: World) -> None:
        case = journey.draft(world, StreamPlan(Method.NOTIONAL, 0, 5_200_001))
        journey.submit(world, case)
        journey.sign_off(world, case)
        limit(world, 100_000)
        assert approve(world, case) is False

    def test_the_first_approval_of_somebody_whose_limit_dropped_counts_no_more(self, waiting: Copy) -> None:
        world, case = waiting
        check(world, case)
        limit(world, 100_000)
        assert approve(world, case) is False
        with world.unit(world.admin) as uow:
            held = uow.find(Assignment, rows(world, Assignment, user_id=world.approver.user_id)[0].id)
            uow.change(held, sign_off_limit_pence=50_000)
        assert approve(world, case, world.approver2) is False
        third = replace(world.approver, user_id=world.cm2.user_id)
        assert approve(world, case, third) is True

    def test_an_approver_whose_own_limit_dropped_is_told_so(self, waiting: Copy) -> None:
        world, case = waiting
        check(world, case)
        low = replace(world.approver, sign_off_limit_pence=124_999)
        said = approving(world, case, low)
        assert said == "This is above your sign-off limit. Ask an approver with a higher limit."


def test_later_words_for_agreed_money_need_no_finance_check(world: World) -> None:
    case = journey.approved(world, LARGE)

    def again(uow: UnitOfWork) -> Plan:
        plan = plans.start_plan(uow, case.phb_id)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I paint now."), seen_version=plan.row_version)
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I paint."))
        plans.add_service(uow, plan.id, plans.ServiceEntry("A class", outcome))
        return plan

    second = replace(case, plan_id=world.do(world.cm, again).id)
    journey.submit(world, second)
    journey.clinically_sign(world, second)
    assert titles(world, world.finance) == []
    assert titles(world, world.approver) == ["Approve the plan for Amina Okafor-Reyes"]
    assert approve(world, second)
