"""What a holder is shown of their own money and plan, to the penny and in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, event, select
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import NotAllowed
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import Actor
from phbportal.queries.holder_plans import OwnPlans, own_plans
from phbportal.queries.holders import BudgetView, OwnBudgets, own_budgets
from phbportal.services import accounts, consents, eligibility, payments, people, phbs, plans, spending
from phbportal.tables.audit import AuditEvent
from phbportal.tables.consents import Consent
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from tests.services.deciding import issued, reduce
from tests.support import journey
from tests.support.journey import NUMBERS, StreamPlan
from tests.support.world import World, make_world

APRIL = date(2026, 4, 1)


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=APRIL)


def holder(person_id: object) -> Actor:
    return Actor(role=Role.HOLDER, user_id=None, person_id=person_id)  # pyright: ignore[reportArgumentType]


def budgets(world: World, person_id: object, on: date) -> OwnBudgets:
    with world.unit(holder(person_id), on=on, writes=False) as uow:
        return own_budgets(uow.session, uow.actor, uow.now, uow.today)


def only(world: World, person_id: object, on: date) -> BudgetView:
    (budget,) = budgets(world, person_id, on).budgets
    return budget


def plans_of(world: World, person_id: object, on: date) -> OwnPlans:
    with world.unit(holder(person_id), on=on, writes=False) as uow:
        return own_plans(uow.session, uow.actor, uow.today)


def spend(world: World, stream: object, pence: int, line: LineType, on: date, verb: Verb = Verb.ACCOUNT_FOR) -> None:
    entry = spending.SpendingEntry(verb, pence, on, line, "Receipt")
    world.do(world.finance, lambda uow: spending.record_spending(uow, stream, entry, key=f"{verb}{pence}"), on=on)  # pyright: ignore[reportArgumentType]


def test_t01_on_3_may_there_is_338_73_left_to_spend_and_none_of_it_is_promised(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800, line_type=LineType.PA_WAGE))
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
    spend(world, case.streams[0], 59_800, LineType.RECRUITMENT, date(2026, 5, 3))
    spend(world, case.streams[0], 341_127, LineType.PA_WAGE, date(2026, 5, 3))

    budget = only(world, case.person_id, date(2026, 5, 3))
    assert budget.left == "You have £338.73 left to spend."
    assert budget.promised == "£0.00 of it is promised."
    assert (budget.paid_pence, budget.spent_pence, budget.set_aside_pence) == (33_873, 400_927, 0)
    assert budget.unpaid_pence == 6_363_371 - 434_800
    assert budget.total == "£63,633.71"
    (stream,) = budget.streams
    assert stream.next == [
        "Your next payment is £5,000.00.", "It is due on 4 May 2026.", "It is for 4 May 2026 to 31 May 2026.",
    ]  # fmt: skip
    assert "£338.73 is in your account." in stream.sentences
    assert [(p.on, p.amount, p.payee) for p in budget.payments] == [("13 April 2026", "£4,348.00", "You")]
    assert ("3 May 2026", "Spent on finding personal assistants", "£598.00") in [
        (e.on, e.what, e.amount) for e in budget.happened
    ]
    assert budget.manager == "Cm"


def test_t09_nights_the_nhs_pays_for_and_days_the_holder_pays_for_are_both_shown(world: World) -> None:
    start = date(2026, 4, 6)
    case = journey.approved(
        world,
        StreamPlan(Method.NOTIONAL, 40_000, starts_on=start, line_type=LineType.AGENCY),
        StreamPlan(Method.DIRECT_PAYMENT, 65_000, starts_on=start, line_type=LineType.PA_WAGE),
    )
    nights, days = case.streams
    journey.account(world, days)
    journey.pay(world, days, start, date(2026, 5, 3))
    entry = payments.PaymentEntry(start, date(2026, 5, 3), 155_250, LineType.AGENCY, "INV-77")
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, nights, entry, key="inv-77"), on=date(2026, 5, 4)
    )
    assert only(world, case.person_id, date(2026, 5, 4)).set_aside_pence == 155_250
    journey.confirm(world, reference, on=date(2026, 5, 5))

    budget = only(world, case.person_id, date(2026, 5, 5))
    assert budget.left == "You have £2,600.00 left to spend."
    notional = next(s for s in budget.streams if s.cycles)
    cycle = next(c for c in notional.cycles if c.days.startswith("6 April"))
    assert (cycle.planned, cycle.invoiced, cycle.left) == ("£1,600.00", "£1,552.50", "£47.50")
    assert {p.payee for p in budget.payments} == {"You", "Your care provider"}


def test_of_a_budget_the_nhs_pays_what_waits_for_a_second_person_is_promised(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.NOTIONAL, 70_000, starts_on=date(2026, 4, 6)))
    whole = only(world, case.person_id, date(2026, 4, 6))
    assert whole.left == "You have £36,000.00 left to spend."
    entry = payments.PaymentEntry(date(2026, 4, 6), date(2026, 4, 12), 70_000, LineType.AGENCY, "INV-1")
    world.do(
        world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key="k"), on=date(2026, 4, 13)
    )
    budget = only(world, case.person_id, date(2026, 4, 13))
    assert budget.left == "You have £36,000.00 left to spend."
    assert budget.promised == "£700.00 of it is promised."
    assert budget.payments == []


def test_an_overdrawn_account_is_said_in_words(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 10_000))
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
    spend(world, case.streams[0], 38_640, LineType.PA_WAGE, date(2026, 5, 1))
    budget = only(world, case.person_id, date(2026, 5, 3))
    assert budget.left == "Your account is overdrawn by £86.40."
    assert budget.promised == "Talk to your team about what to do."


def test_why_there_is_no_payment_yet_is_said_one_thing_at_a_time(world: World) -> None:
    person_id = journey.add_person(world)
    case = journey.draft(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000), person_id=person_id)

    def why(on: date) -> str:
        return " ".join(only(world, person_id, on).streams[0].next)

    assert "has to be agreed first" in why(APRIL)
    journey.allow_direct_payment(world, person_id)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    assert "agreement about the money has to be signed" in why(APRIL)
    (stream,) = only(world, person_id, APRIL).streams
    assert (stream.agreement, stream.agreement_href) == (
        "See the agreement, and if you must sign", "/my-agreements/direct-payment"
    )  # fmt: skip
    journey.agreed_with(world, case.streams[0])
    assert "which bank account" in why(APRIL)
    entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
    account_id = world.do(world.cm, lambda uow: accounts.propose_account(uow, case.streams[0], entry))
    assert "checking your bank details" in why(APRIL)
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account_id))
    assert "You can be paid from 13 April 2026." in why(APRIL)
    assert "It is due on 13 April 2026." in why(date(2026, 4, 4))
    assert "It is due now." in why(date(2026, 4, 20))
    with world.unit(world.cm, on=date(2026, 4, 21)) as uow:
        consent = uow.session.execute(select(col(Consent.id))).scalar_one()
        consents.withdraw_consent(uow, consent, on=date(2026, 4, 21))
    assert "your agreement to a direct payment" in why(date(2026, 4, 21))


def test_a_recorded_payment_is_the_next_one_until_it_is_confirmed(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800))
    journey.account(world, case.streams[0])
    entry = payments.PaymentEntry(date(2026, 4, 13), date(2026, 5, 3))
    world.do(
        world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key="k"), on=date(2026, 4, 10)
    )
    budget = only(world, case.person_id, date(2026, 4, 10))
    assert budget.streams[0].next[0] == "Your next payment is £4,348.00."
    assert "A second person checks it" in budget.streams[0].next[1]
    assert budget.left == "You have £0.00 left to spend."
    assert budget.set_aside_pence == 434_800


def test_somebody_without_a_budget_has_none(world: World) -> None:
    person_id = journey.add_person(world)
    assert budgets(world, person_id, APRIL) == OwnBudgets(False, [])
    assert plans_of(world, person_id, APRIL) == OwnPlans(False, [])
    with world.unit(world.cm, writes=False) as uow:
        assert own_budgets(uow.session, uow.actor, uow.now, uow.today).budgets == []


def test_a_budget_in_planning_says_what_happens_next_and_shows_no_money(world: World) -> None:
    case = journey.draft(world)
    budget = only(world, case.person_id, APRIL)
    assert budget.left == ""
    assert budget.standing == [
        "You and your team are writing your plan.", "Next, the NHS checks the plan and agrees it.",
    ]  # fmt: skip
    (plan,) = plans_of(world, case.person_id, APRIL).plans
    assert not plan.has_plan
    assert plan.standing[0] == "You and your team are writing your plan."


def test_an_ended_budget_keeps_its_payments_and_promises_no_more(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Phb, case.phb_id), status="CLOSED", ended_on=date(2026, 5, 20))
    budget = only(world, case.person_id, date(2026, 5, 21))
    assert budget.ended
    assert budget.standing == ["This budget ended on 20 May 2026."]
    assert budget.streams == []
    assert len(budget.payments) == 1
    (plan,) = plans_of(world, case.person_id, date(2026, 5, 21)).plans
    assert plan.standing == ["This budget has ended. This was the plan."]


def two_budgets(world: World) -> tuple[object, str, str]:
    first = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 70_000))
    with world.unit(world.cm) as uow:
        eligible = eligibility.record_eligibility(
            uow, first.person_id, eligibility.EligibilityEntry(Cohort.WHEELCHAIR, world.today, world.today)
        )
        second = phbs.open_phb(uow, first.person_id, phbs.PhbEntry(eligible, PhbKind.ONE_OFF))
    return first.person_id, first.reference, second


def test_every_budget_of_a_person_is_shown_and_nobody_else_s(world: World) -> None:
    person_id, first, second = two_budgets(world)
    other = journey.add_person(world, number=NUMBERS[1], names=("Ben", "Price"))
    journey.approved(world, StreamPlan(Method.NOTIONAL, 10_000), person_id=other)
    assert {b.reference for b in budgets(world, person_id, APRIL).budgets} == {first, second}
    assert {p.reference for p in plans_of(world, person_id, APRIL).plans} == {first, second}


@pytest.fixture
def statements(engine: Engine) -> Iterator[list[str]]:
    seen: list[str] = []

    def count(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


def test_a_second_budget_costs_no_further_statement(world: World, statements: list[str]) -> None:
    alone = journey.add_person(world, number=NUMBERS[2])
    one = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 70_000), person_id=alone)
    two, _, _ = two_budgets(world)
    counts: list[tuple[int, int]] = []
    for person_id in (one.person_id, two):
        statements.clear()
        budgets(world, person_id, APRIL)
        first = len(statements)
        statements.clear()
        plans_of(world, person_id, APRIL)
        counts.append((first, len(statements)))
    assert counts[0] == counts[1]
    assert counts[0][0] <= 15
    assert counts[0][1] <= 17


def test_the_plan_says_what_who_pays_who_agreed_it_and_when_it_is_looked_at_again(world: World) -> None:
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 70_000))
    assert not plans_of(world, case.person_id, APRIL).plans[0].has_plan
    journey.submit(world, case)
    (shared,) = plans_of(world, case.person_id, APRIL).plans
    assert shared.has_plan
    assert shared.standing[0] == "This plan is not agreed yet."
    assert shared.agreed == ["Nobody has signed this plan yet."]
    journey.sign_off(world, case)
    journey.approve(world, case)
    (plan,) = plans_of(world, case.person_id, APRIL).plans
    assert plan.about_me == "I want to stay at home."
    assert [o.statement for o in plan.outcomes] == ["I get up when I choose."]
    assert plan.outcomes[0].status == "Not started"
    assert [(s.what, s.pays) for s in plan.services] == [("Help at home", "The NHS pays for this")]
    assert plan.agreed == [
        "Dr Clinician signed this plan on 1 April 2026.",
        "They are registered with the Nursing and Midwifery Council (NMC).",
        "Approver approved it on 1 April 2026.",
    ]
    assert plan.review[0].startswith("No date is set yet.")
    journey_entry = payments.PaymentEntry(date(2026, 4, 13), date(2026, 4, 19), 70_000, LineType.AGENCY, "I-1")
    reference = world.do(
        world.finance, lambda uow: payments.record_payment(uow, case.streams[0], journey_entry, key="k"),
        on=date(2026, 4, 13),
    )  # fmt: skip
    journey.confirm(world, reference, on=date(2026, 4, 13))
    review = plans_of(world, case.person_id, date(2026, 4, 14)).plans[0].review
    assert review[0] == "Your next review is by 13 July 2026."
    assert "was due on 13 July 2026" in plans_of(world, case.person_id, date(2026, 7, 14)).plans[0].review[0]


def test_while_a_new_plan_is_written_the_one_in_force_is_shown(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.NOTIONAL, 70_000))
    with world.unit(world.cm) as uow:
        fresh = plans.start_plan(uow, case.phb_id)
        plans.write_plan(uow, fresh.id, plans.PlanEntry("Something new."), seen_version=fresh.row_version)
    (plan,) = plans_of(world, case.person_id, APRIL).plans
    assert plan.about_me == "I want to stay at home."
    assert plan.standing == ["A new plan is being written.", "This plan counts until the new one is agreed."]


def test_easy_read_is_kept_with_the_person_and_only_they_may_choose_it(world: World) -> None:
    person_id = journey.add_person(world)
    assert not budgets(world, person_id, APRIL).easy_read
    for on in (True, True, False, True):
        world.do(holder(person_id), lambda uow, on=on: people.set_easy_read(uow, on))
    assert budgets(world, person_id, APRIL).easy_read
    assert plans_of(world, person_id, APRIL).easy_read
    with world.unit(world.auditor, writes=False) as uow:
        kinds = uow.session.execute(
            select(col(AuditEvent.kind)).where(
                col(AuditEvent.person_id) == person_id, col(AuditEvent.kind) == "person_changed"
            )
        ).scalars()
        assert len(list(kinds)) == 3
    with pytest.raises(NotAllowed):
        world.do(world.cm, lambda uow: people.set_easy_read(uow, False))
    with world.unit(world.cm, writes=False) as uow:
        assert uow.find(Person, person_id).easy_read


def test_a_child_s_payment_waits_for_a_representative_s_agreement(world: World) -> None:
    person_id = journey.add_person(world, born=APRIL - timedelta(days=365 * 10))
    journey.allow_direct_payment(world, person_id, given_by=GivenBy.REPRESENTATIVE)
    payee = (PayeeKind.REPRESENTATIVE, journey.parent(world, person_id))
    stream = StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=payee)
    case = journey.draft(world, stream, person_id=person_id, cohort=Cohort.CYPCC)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    journey.agreed_with(world, case.streams[0])
    assert "which bank account" in " ".join(only(world, person_id, APRIL).streams[0].next)


def test_money_a_nominee_receives_is_said_to_be_theirs_to_look_after(world: World) -> None:
    person_id = journey.add_person(world)
    part = journey.nominee(world, person_id, name="Nell Ominee")
    stream = StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.approved(world, stream, person_id=person_id)
    journey.account(world, case.streams[0])
    journey.pay(world, case.streams[0], date(2026, 4, 13), date(2026, 5, 3))
    budget = only(world, person_id, date(2026, 4, 14))
    (view,) = budget.streams
    assert view.name == "Money somebody looks after for you"
    assert view.sentences[0] == "The NHS pays this money to Nell Ominee."
    assert "£1,500.00 is in their account for you." in view.sentences
    assert view.next[0].startswith("The next payment is ")
    assert (budget.left, budget.promised) == ("£1,500.00 is kept for you.", "Nell Ominee holds it.")
    assert (budget.to_holder, budget.kept_pence, budget.paid_pence) == (False, 150_000, 0)
    assert [payment.payee for payment in budget.payments] == ["Nell Ominee"]
    assert budget.payments[0].sentence == "13 April 2026: Nell Ominee got £1,500.00."


def test_a_reduction_that_is_to_come_is_told_beside_the_amount(world: World) -> None:
    case = journey.approved(world, StreamPlan(Method.NOTIONAL, 125_000))
    issued(world, case, reduce(case.streams[0], 110_000, date(2026, 5, 11)))
    (stream,) = only(world, case.person_id, APRIL).streams
    said = " ".join(stream.sentences)
    assert "It is £1,250.00 a week. It will be £1,100.00 a week from 11 May 2026." in said
    assert "You can read why under Decisions." in said
