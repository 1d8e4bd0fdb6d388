"""Budget lines that are worked out: written with their sums, again when others change, and checked (I09, I19, I20)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.budgets import LineType as T
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.domain.workings import BASIS, Answers, Basis
from phbportal.services import approvals, budgets, plans, workers
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.plans import PlanService
from phbportal.tables.settings import Rate
from phbportal.tables.workers import Worker
from tests.services.asking import Copy, refused, row, rows
from tests.services.rates_known import know_rates
from tests.services.test_workers import excepted
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

YEAR = 5_200
WORKER: dict[str, Any] = {
    "relation": "OTHER", "same_household": False, "born_on": None, "hours_hundredths": 3_000, "price_pence": 1_350,
    "opts_in_pension": False, "starts_on": None, "dbs_on": None, "right_to_work_on": None, "training": "",
    "competencies": "", "competent_until": None, "insured_until": None,
}  # fmt: skip


@pytest.fixture
def employing(worlds: Any, kind: str) -> Any:
    """A draft whose direct payment from 13 April has no lines, in a world that knows the rates."""

    def build(world: World) -> Case:
        know_rates(world)
        case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 100))
        world.do(world.cm, lambda uow: budgets.remove_line(uow, case.plan_id, case.lines[0]))
        return case

    with worlds.copy(kind, "employing", build) as copy:
        yield copy


def worker(world: World, case: Case, name: str, **differs: Any) -> UUID:
    return world.do(
        world.cm, lambda uow: workers.add_worker(uow, {**WORKER, "phb_id": case.phb_id, "name": name, **differs})
    )


def entry(case: Case, kind: T, quantity: int = 0, price: int = 0, times: int = 0, **more: Any) -> budgets.LineEntry:
    own = {key: more.pop(key) for key in ("basis_points", "claims_allowance") if key in more}
    answers = Answers(BASIS[kind], quantity, price, times, **own)
    return budgets.LineEntry(case.streams[0], kind, 0, 0, answers=answers, **more)


def add(world: World, case: Case, *entries: budgets.LineEntry) -> list[UUID]:
    with world.unit(world.cm) as uow:
        return [budgets.add_line(uow, case.plan_id, one) for one in entries]


def budget_of(world: World, case: Case) -> BudgetVersion:
    return rows(world, BudgetVersion, phb_id=case.phb_id)[-1]


def t02(world: World, case: Case) -> list[UUID]:
    ana, ben = worker(world, case, "Ana"), worker(world, case, "Ben")
    return add(
        world, case,
        entry(case, T.EMPLOYER_NI, claims_allowance=True), entry(case, T.EMPLOYER_PENSION),
        entry(case, T.PA_WAGE, 3_000, 1_350, YEAR, worker_id=ana),
        entry(case, T.PA_WAGE, 1_200, 1_350, YEAR, worker_id=ben),
        entry(case, T.PA_COVER, 3_000, 1_350, worker_id=ana), entry(case, T.PA_COVER, 1_200, 1_350, worker_id=ben),
        entry(case, T.PAYROLL, 200, 960), entry(case, T.INSURANCE, 100, 9_900),
        entry(case, T.TRAINING, 200, 18_000), entry(case, T.DBS, 200, 4_950),
    )  # fmt: skip


def test_t02_two_personal_assistants_by_the_services(employing: Copy) -> None:
    """£642.95 a week and £459.00 once, whatever line is written first: those for the employer stand on the wages."""
    world, case = employing
    ids = t02(world, case)
    budget, stream = budget_of(world, case), row(world, Stream, case.streams[0])
    assert (budget.weekly_pence, budget.one_off_pence) == (64_295, 45_900)
    assert (stream.weekly_pence, stream.one_off_pence) == (64_295, 45_900)
    lines = {line.id: line for line in rows(world, BudgetLine, budget_id=budget.id)}
    assert sum(line.annual_pence or 0 for line in lines.values()) == 3_343_320
    ni = lines[ids[0]]
    assert (ni.annual_pence, ni.weekly_pence) == (0, 0)
    assert ni.working is not None
    assert ni.working.startswith("Ana: 15% of what £21,060.00 a year is above £5,000.00 = £2,409.00; Ben: ")
    assert lines[ids[1]].annual_pence == 44_460


def test_i09_lines_are_worked_out_again_when_another_goes(employing: Copy) -> None:
    world, case = employing
    ids = t02(world, case)
    world.do(world.cm, lambda uow: budgets.remove_line(uow, case.plan_id, ids[2]))
    lines = rows(world, BudgetLine, budget_id=budget_of(world, case).id)
    pension = next(line for line in lines if line.id == ids[1])
    assert pension.annual_pence == 0
    assert pension.working == "Ben: nothing, because £8,424.00 is not above £10,000.00."
    budget = budget_of(world, case)
    assert budget.weekly_pence == sum(line.weekly_pence for line in lines)


def test_a_fee_and_money_kept_follow_the_week(employing: Copy) -> None:
    """£855.00 of agency care: a fee of 5% is £45.00, and one week kept is £900.00."""
    world, case = employing
    fee, kept = add(world, case, entry(case, T.ISF_FEE, basis_points=500), entry(case, T.CONTINGENCY, 100))
    add(world, case, entry(case, T.AGENCY, 3_000, 2_850, YEAR))
    assert row(world, BudgetLine, fee).weekly_pence == 4_500
    assert row(world, BudgetLine, kept).one_off_pence == 90_000
    assert budget_of(world, case).weekly_pence == 90_000


def test_a_preview_says_what_will_be_written_and_writes_nothing(employing: Copy) -> None:
    world, case = employing
    wage = entry(case, T.PA_WAGE, 1_200, 1_420, YEAR)
    with world.unit(world.cm, writes=False) as uow:
        out, weekly, one_off = budgets.preview_line(uow, case.plan_id, wage)
    assert out.words == "12 hours a week × £14.20 × 52 weeks = £8,860.80 a year."
    assert (weekly, one_off) == (17_040, 0)
    assert rows(world, BudgetLine, budget_id=budget_of(world, case).id) == []
    (line_id,) = add(world, case, wage)
    written = row(world, BudgetLine, line_id)
    assert (written.working, written.weekly_pence, written.annual_pence) == (out.words, 17_040, 886_080)


def test_refusal_11_nobody_is_paid_below_the_minimum_wage(employing: Copy) -> None:
    world, case = employing
    low = entry(case, T.PA_WAGE, 3_000, 1_250, YEAR)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, low))
    assert "£12.50 an hour, is too little" in said
    assert "£12.71" in said


def test_i19_a_rate_that_rises_after_the_plan_was_written_stops_it(employing: Copy) -> None:
    """Written at £12.71 when nothing was known of next April; then £13.45 is written down."""
    world, case = employing
    add(world, case, entry(case, T.PA_WAGE, 3_000, 1_271, YEAR, plan_service_id=service_of(world, case)))
    with world.unit(world.cm) as uow:
        now = next(r for r in rows(world, Rate, name="national_living_wage") if r.ends_on is None)
        uow.change(uow.session.get_one(Rate, now.id), ends_on=date(2027, 3, 31))
        uow.add(Rate, name="national_living_wage", unit="PENCE_PER_HOUR", amount=1_345, starts_on=date(2027, 4, 1))
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))
    assert "from 1 April 2027" in said


def service_of(world: World, case: Case) -> UUID:
    return rows(world, PlanService, plan_id=case.plan_id)[0].id


def test_a_young_worker_has_another_minimum(employing: Copy) -> None:
    """19 for the year to come: £10.85 will do; of somebody who will be 21 in August it will not."""
    world, case = employing
    cal, dot = (
        worker(world, case, name, born_on=born, price_pence=None)
        for name, born in (("Cal", date(2007, 5, 1)), ("Dot", date(2005, 8, 9)))
    )
    add(world, case, entry(case, T.PA_WAGE, 1_000, 1_085, YEAR, worker_id=cal))
    dots = entry(case, T.PA_WAGE, 1_000, 1_085, YEAR, worker_id=dot)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, dots))
    assert "The pay of Dot" in said
    assert "from 9 August 2026" in said


def test_a_rate_nobody_has_written_down_is_named(drafted: Copy) -> None:
    """A world that knows no rates: neither wages nor National Insurance can be worked out."""
    world, case = drafted
    for one in (entry(case, T.PA_WAGE, 3_000, 1_350, YEAR), entry(case, T.EMPLOYER_NI)):
        said = refused(world, world.cm, lambda uow, e=one: budgets.add_line(uow, case.plan_id, e))
        assert "do not say what this is on" in said


@pytest.mark.parametrize("kind_of_line", [T.EMPLOYER_NI, T.EMPLOYER_PENSION, T.ISF_FEE, T.CONTINGENCY])
def test_what_is_counted_once_is_refused_twice(employing: Copy, kind_of_line: T) -> None:
    world, case = employing
    one = entry(case, kind_of_line, 100, basis_points=500)
    add(world, case, one)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, one))
    assert "already" in said


def test_refusal_12_i20_a_wife_in_the_household_is_paid_only_with_an_exception(employing: Copy) -> None:
    """Refusal 12: the plan cannot be sent; with an exception that another person approved it can."""
    world, case = employing
    wife = worker(world, case, "Winnie", relation="PARTNER", same_household=True)
    journey.allow_direct_payment(world, case.person_id)
    wage = entry(case, T.PA_WAGE, 3_000, 1_350, YEAR, worker_id=wife, plan_service_id=service_of(world, case))
    add(world, case, wage)
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))
    assert "Winnie lives with the person" in said
    excepted(world, wife)
    journey.submit(world, case)
    journey.sign_off(world, case)
    why = "Thirty hours were found after the indicative budget was shown."
    world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id, note=why))
    assert row(world, Worker, wife).excepted_on == world.today


def test_i20_it_is_asked_again_when_the_plan_is_approved(employing: Copy) -> None:
    world, case = employing
    ana = worker(world, case, "Ana")
    journey.allow_direct_payment(world, case.person_id)
    add(world, case, entry(case, T.PA_WAGE, 3_000, 1_350, YEAR, worker_id=ana, plan_service_id=service_of(world, case)))
    journey.submit(world, case)
    journey.sign_off(world, case)
    married = {**WORKER, "name": "Ana", "relation": "PARTNER", "same_household": True}
    world.do(world.cm, lambda uow: workers.change_worker(uow, ana, married))
    said = refused(world, world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert "household exception" in said


def test_a_worker_of_somebody_else_cannot_be_named(employing: Copy) -> None:
    world, case = employing
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    theirs = worker(world, other, "Dee")
    strange = entry(case, T.PA_WAGE, 3_000, 1_350, YEAR, worker_id=theirs)
    said = refused(world, world.cm, lambda uow: budgets.add_line(uow, case.plan_id, strange))
    assert said == "Choose somebody who works for this person."


def test_a_typed_amount_stays_as_it_was_typed(employing: Copy) -> None:
    world, case = employing
    typed = budgets.LineEntry(case.streams[0], T.TRANSPORT, 1_234, 0)
    (line,) = add(world, case, typed)
    add(world, case, entry(case, T.ACTIVITY, 100, 1_000, YEAR))
    written = row(world, BudgetLine, line)
    assert (written.weekly_pence, written.answers, written.working) == (1_234, None, None)
    assert Basis.AMOUNT.value not in (written.answers or "")


def test_on_costs_of_more_hours_are_what_they_add(employing: Copy) -> None:
    """Ana earns £8,424.00 a year, and then as much again: £16,848.00 together. Of what is above £5,000.00 15% is
    £1,777.20, of which £513.60 runs already; enrolled is who earns above £10,000.00, with all of it."""
    world, case = employing
    ana, service = worker(world, case, "Ana"), rows(world, PlanService)[0].id
    wage = entry(case, T.PA_WAGE, 1_200, 1_350, YEAR, worker_id=ana, plan_service_id=service)
    add(world, case, wage, entry(case, T.EMPLOYER_NI), entry(case, T.EMPLOYER_PENSION))
    journey.allow_direct_payment(world, case.person_id)
    journey.submit(world, case)
    journey.sign_off(world, case)
    note = "It is more than was shown: there are two visits a day."
    world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id, note=note))
    with world.unit(world.cm) as uow:
        plan = plans.start_plan(uow, case.phb_id).id
        began = budgets.StreamEntry(Method.DIRECT_PAYMENT, PayeeKind.HOLDER, date(2026, 4, 13), Frequency.FOUR_WEEKLY)
        more = replace(case, plan_id=plan, streams=[budgets.add_stream(uow, plan, began)])
    with world.unit(world.cm, writes=False) as uow:
        assert budgets.preview_line(uow, plan, entry(more, T.EMPLOYER_NI))[0].annual_pence == 0
    same = entry(more, T.PA_WAGE, 1_200, 1_350, YEAR, worker_id=ana)
    added = add(world, more, entry(more, T.EMPLOYER_NI), same, entry(more, T.EMPLOYER_PENSION))
    ni, pension = row(world, BudgetLine, added[0]), row(world, BudgetLine, added[2])
    assert (ni.annual_pence, pension.annual_pence) == (177_720 - 51_360, 31_824)
    assert (ni.working or "").endswith("Less £513.60 a year for the pay that runs already.")
