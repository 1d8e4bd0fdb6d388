"""Approval: the second person (I12), consent and exclusion (I04, I05), limits, and the money that is set aside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.streams import Frequency, Method, PayeeKind, StreamStatus
from phbportal.policy.actors import Actor
from phbportal.services import approvals, budgets, consents, plans
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.consents import Consent
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from tests.queries.worlds import Worlds
from tests.services.asking import Copy, balances, refused, row, rows
from tests.services.deciding import REFUSE, issued
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import REGISTERED, World

DIRECT = StreamPlan(Method.DIRECT_PAYMENT, 125_000, 59_800)
OWN_HAND = "You wrote, submitted or signed this plan or its budget, so someone else must approve it."


def ready(world: World, *streams: StreamPlan, cohort: Cohort = Cohort.CHC, born: date = date(1961, 2, 3)) -> Case:
    """A plan signed off and waiting for approval; nobody has consented to anything."""
    case = journey.draft(world, *streams, person_id=journey.add_person(world, born=born), cohort=cohort)
    journey.submit(world, case)
    journey.sign_off(world, case)
    return case


@pytest.fixture
def waiting(worlds: Worlds, kind: str) -> Iterator[Copy]:
    """A notional budget of £1,250.00 a week, signed off and waiting for approval."""
    with worlds.copy(kind, "waiting", ready) as copy:
        yield copy


@pytest.fixture
def waiting_direct(worlds: Worlds, kind: str) -> Iterator[Copy]:
    """T01's direct payment, signed off; nobody has consented to it."""
    with worlds.copy(kind, "waiting direct", lambda world: ready(world, DIRECT)) as copy:
        yield copy


def approving(case: Case, world: World, by: Actor | None = None, on: date | None = None) -> str:
    return refused(world, by or world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id), on=on)


@pytest.mark.parametrize("maker", ["cm", "clinician"], ids=["wrote and submitted", "signed"])
def test_i12_whoever_made_a_plan_cannot_approve_it_in_another_role(waiting: Copy, maker: str) -> None:
    world, case = waiting
    same_person = replace(world.approver, user_id=world.actors[maker].user_id)
    assert approving(case, world, same_person) == OWN_HAND


@pytest.mark.parametrize("column", ["written_by", "submitted_by", "signed_by"])
def test_i12_having_written_submitted_or_signed_is_each_enough(waiting: Copy, column: str) -> None:
    world, case = waiting
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Plan, case.plan_id), **{column: world.approver.user_id})
    assert approving(case, world) == OWN_HAND


def test_i12_whoever_prepared_the_budget_cannot_approve_the_plan(waiting: Copy) -> None:
    world, case = waiting
    with world.unit(world.cm) as uow:
        uow.change(uow.find(BudgetVersion, rows(world, BudgetVersion)[0].id), prepared_by=world.approver.user_id)
    assert approving(case, world) == OWN_HAND


@pytest.mark.parametrize("part", ["words", "outcome", "service", "line", "stream"])
def test_i12_whoever_wrote_any_part_of_a_plan_somebody_else_began_cannot_approve_it(drafted: Copy, part: str) -> None:
    """The plan keeps only who began it: an approver who also acts as case manager must not slip through."""
    world, case = drafted
    also_cm = replace(world.cm2, user_id=world.approver.user_id)
    stream = budgets.StreamEntry(Method.NOTIONAL, PayeeKind.NONE, date(2026, 4, 13), Frequency.ONCE)

    def act(uow: UnitOfWork) -> None:
        plan = uow.find(Plan, case.plan_id)
        if part == "words":
            plans.write_plan(uow, plan.id, plans.PlanEntry("I sing."), seen_version=plan.row_version)
        elif part == "outcome":
            plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I sing."))
        elif part == "line":
            line = budgets.LineEntry(case.streams[0], budgets.LineType.TRANSPORT, 100, 0)
            budgets.add_line(uow, plan.id, line)
        elif part == "stream":
            budgets.add_stream(uow, plan.id, stream)
        else:
            outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I dance."))
            service = plans.add_service(uow, plan.id, plans.ServiceEntry("A choir", outcome))
            budgets.add_line(uow, plan.id, budgets.LineEntry(case.streams[0], budgets.LineType.ACTIVITY, 1, 0, service))

    world.do(also_cm, act)
    journey.submit(world, case)
    journey.sign_off(world, case)
    assert approving(case, world) == OWN_HAND
    world.do(world.approver2, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert row(world, Plan, case.plan_id).approved_by == world.approver2.user_id


@pytest.mark.parametrize("who", ["cm", "clinician", "finance", "auditor", "admin", "other_approver"])
def test_only_an_approver_of_the_board_approves(waiting: Copy, who: str) -> None:
    world, case = waiting
    said = approving(case, world, world.actors[who])
    assert said in ("Only an approver can do this.", "We could not find that.")


def test_an_amount_above_the_approver_s_limit_is_refused_and_one_at_it_is_not(waiting: Copy) -> None:
    world, case = waiting
    low = replace(world.approver, sign_off_limit_pence=124_999)
    said = approving(case, world, low)
    assert said == "This is above your sign-off limit. Ask an approver with a higher limit."
    enough = replace(world.approver, sign_off_limit_pence=125_000)
    world.do(enough, lambda uow: approvals.approve_plan(uow, case.plan_id))
    assert row(world, Plan, case.plan_id).status == "APPROVED"


class TestConsent:
    def test_i04_a_direct_payment_without_consent_or_check_is_refused_for_both(self, waiting_direct: Copy) -> None:
        world, case = waiting_direct
        said = approving(case, world)
        assert "There is no consent to a direct payment in force." in said
        assert "Nobody has checked" in said

    def test_i04_a_consent_that_was_withdrawn_before_the_start_is_none(self, waiting_direct: Copy) -> None:
        world, case = waiting_direct
        journey.allow_direct_payment(world, case.person_id)
        consent = rows(world, Consent)[0].id
        world.do(world.cm, lambda uow: consents.withdraw_consent(uow, consent, date(2026, 4, 13)))
        assert "There is no consent to a direct payment in force." in approving(case, world)

    def test_i04_a_consent_withdrawn_since_a_start_that_was_put_back_is_none(self, world: World) -> None:
        """It was in force on the day of the start, but no money may leave today."""
        put_back = replace(DIRECT, starts_on=date(2026, 3, 2))
        march = replace(world, today=date(2026, 3, 2))
        person_id = journey.add_person(march)
        journey.allow_direct_payment(march, person_id)
        case = journey.draft(world, put_back, person_id=person_id)
        journey.submit(world, case)
        journey.sign_off(world, case)
        consent = rows(world, Consent)[0].id
        world.do(world.cm, lambda uow: consents.withdraw_consent(uow, consent, date(2026, 3, 30)))
        assert "There is no consent to a direct payment in force." in approving(case, world)

    def test_i04_a_person_of_15_on_the_day_of_the_start_needs_a_representative(self, world: World) -> None:
        """Consented alone on the 16th birthday, for a start the day before it."""
        start = date(2026, 6, 14)
        person_id = journey.add_person(world, born=date(2010, 6, 15))
        payee = (PayeeKind.REPRESENTATIVE, journey.parent(world, person_id))
        stream = replace(DIRECT, starts_on=start, payee=payee)
        case = journey.draft(world, stream, person_id=person_id, cohort=Cohort.CYPCC)
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.allow_direct_payment(world, case.person_id, on=date(2026, 6, 1), given_by=GivenBy.REPRESENTATIVE)
        world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id), on=date(2026, 6, 1))
        assert rows(world, Stream)[0].status == StreamStatus.AGREED

    def test_i04_at_16_a_representative_s_consent_is_not_enough(self, world: World) -> None:
        case = ready(world, replace(DIRECT, starts_on=date(2026, 6, 15)), cohort=Cohort.CYPCC, born=date(2010, 6, 15))
        journey.allow_direct_payment(world, case.person_id, given_by=GivenBy.REPRESENTATIVE)
        assert "must consent to the direct payment themselves" in approving(case, world)

    def test_i04_somebody_who_lacks_capacity_needs_a_representative(self, waiting_direct: Copy) -> None:
        world, case = waiting_direct
        journey.allow_direct_payment(world, case.person_id)
        with world.unit(world.cm) as uow:
            uow.change(uow.find(Person, case.person_id), lacks_capacity=True)
        assert "lacks capacity to decide about a direct payment" in approving(case, world)

    def test_i05_an_excluded_person_cannot_have_a_direct_payment_but_can_have_a_notional_budget(
        self, waiting_direct: Copy
    ) -> None:
        world, case = waiting_direct
        journey.allow_direct_payment(world, case.person_id)
        world.do(world.cm, lambda uow: consents.record_exclusion_check(uow, case.person_id, excluded=True))
        assert "Offer a notional or third-party budget instead." in approving(case, world)

        notional = journey.draft(world, person_id=case.person_id, cohort=Cohort.LTC)
        journey.submit(world, notional)
        journey.sign_off(world, notional)
        journey.approve(world, notional)
        assert row(world, Plan, notional.plan_id).status == "APPROVED"

    def test_i05_a_wrong_answer_put_right_on_the_same_day_excludes_nobody(self, waiting_direct: Copy) -> None:
        world, case = waiting_direct
        journey.allow_direct_payment(world, case.person_id)
        for excluded in (True, False):
            world.do(world.cm, lambda uow, e=excluded: consents.record_exclusion_check(uow, case.person_id, excluded=e))
        journey.approve(world, case)
        assert row(world, Plan, case.plan_id).status == "APPROVED"


class TestPayees:
    @pytest.mark.parametrize(
        ("method", "payee", "words"),
        [
            (Method.DIRECT_PAYMENT, PayeeKind.NOMINEE, "Choose the nominee by name."),
            (Method.DIRECT_PAYMENT, PayeeKind.REPRESENTATIVE, "Choose the representative by name."),
            (Method.THIRD_PARTY, PayeeKind.ORGANISATION, "Find and choose the organisation"),
            (Method.NOTIONAL, PayeeKind.HOLDER, "A notional budget is not paid to anybody"),
        ],
        ids=["I06 nominee", "representative", "third party without an organisation", "notional paid to somebody"],
    )
    def test_who_cannot_be_paid_yet_is_refused_in_words(
        self, drafted: Copy, method: Method, payee: PayeeKind, words: str
    ) -> None:
        world, case = drafted
        entry = budgets.StreamEntry(method, payee, date(2026, 4, 13), Frequency.FOUR_WEEKLY)
        assert words in refused(world, world.cm, lambda uow: budgets.add_stream(uow, case.plan_id, entry))

    @pytest.mark.parametrize(
        ("form", "words"),
        [
            ({"method": "DIRECT_PAYMENT", "payee_kind": "NOMINEE"}, "Choose the nominee by name"),
            ({"method": "DIRECT_PAYMENT", "payee_kind": "REPRESENTATIVE"}, "Choose the representative by name"),
            ({"method": "THIRD_PARTY"}, "Find and choose the organisation"),
        ],
    )
    def test_the_form_says_so_beside_its_field(self, form: dict[str, object], words: str) -> None:
        with pytest.raises(Refusal, match=words) as refusal:
            budgets.read_stream(form | {"starts_on": "13/4/2026", "frequency": "MONTHLY"})
        assert [p.field for p in refusal.value.problems] == ["payee_kind" if "payee_kind" in form else "organisation"]

    @pytest.mark.parametrize("payee", [PayeeKind.NOMINEE, PayeeKind.REPRESENTATIVE])
    def test_a_payee_who_cannot_be_paid_yet_is_refused_again_at_approval(
        self, waiting_direct: Copy, payee: PayeeKind
    ) -> None:
        """Whatever put such a stream there, approval is where the money is decided."""
        world, case = waiting_direct
        journey.allow_direct_payment(world, case.person_id)
        with world.unit(world.cm) as uow:
            uow.change(uow.find(Stream, case.streams[0]), payee_kind=payee.value)
        assert "is named for this stream. Propose one" in approving(case, world)


class TestTheMoney:
    def test_approval_sets_the_year_aside_once(self, world: World) -> None:
        case = journey.approved(world, DIRECT)
        assert balances(world, case).available_pence == 6_363_371
        assert row(world, Phb, case.phb_id).status == PhbStatus.SETUP
        assert [s.status for s in rows(world, Stream)] == ["AGREED"]
        assert approving(case, world).startswith("You cannot approve this plan: it is now “Approved”")
        assert len(rows(world, LedgerJournal, verb=Verb.ALLOCATE.value)) == 1

    @pytest.mark.parametrize("change", [-1, 1])
    def test_i07_i09_a_budget_altered_since_it_was_signed_off_is_not_approved(self, waiting: Copy, change: int) -> None:
        world, case = waiting
        with world.unit(world.cm) as uow:
            budget = uow.find(BudgetVersion, rows(world, BudgetVersion)[0].id)
            uow.change(budget, weekly_pence=budget.weekly_pence + change)
        said = approving(case, world)
        assert "Make them the same." in said
        assert "The streams come to" in said

    def test_a_start_put_back_before_1_april_sets_its_days_and_start_up_costs_aside_too(self, world: World) -> None:
        """Starts 2 March 2026, approved 1 April: 30 days of the old year and 365 of the new, and £598.00."""
        start = date(2026, 3, 2)
        march = replace(world, today=start)
        person_id = journey.add_person(march)
        journey.allow_direct_payment(march, person_id)
        case = journey.draft(world, replace(DIRECT, starts_on=start), person_id=person_id)
        journey.submit(world, case)
        journey.sign_off(world, case)
        journey.approve(world, case)
        assert balances(world, case).available_pence == round(125_000 * 30 / 7) + round(125_000 * 365 / 7) + 59_800
        journey.account(world, case.streams[0], on=world.today)
        journey.pay(world, case.streams[0], start, date(2026, 3, 31), on=world.today + timedelta(days=5))
        assert balances(world, case).held_by(case.streams[0]) == round(125_000 * 30 / 7) + 59_800

    def test_a_start_in_the_next_financial_year_sets_that_year_aside(self, world: World) -> None:
        late = replace(world, today=date(2027, 3, 1))
        case = journey.approved(late, StreamPlan(Method.NOTIONAL, 70_000, starts_on=date(2027, 4, 5)))
        assert balances(world, case).available_pence == 70_000 * 362 // 7

    def test_the_same_money_in_every_row_is_whole_pence(self, world: World) -> None:
        """I36: integers from end to end, whatever the database gives back."""
        case = journey.approved(world, StreamPlan(Method.NOTIONAL, 33_333))
        budget = rows(world, BudgetVersion, phb_id=case.phb_id)[0]
        for pence in (budget.weekly_pence, rows(world, Stream)[0].weekly_pence, balances(world, case).available_pence):
            assert type(pence) is int


def test_a_plan_on_its_way_goes_no_further_once_its_budget_is_refused(waiting: Copy) -> None:
    """It would open the budget again, and set its money aside."""
    world, case = waiting
    issued(world, case, REFUSE)
    assert row(world, Phb, case.phb_id).status == PhbStatus.REFUSED
    said = "This budget has ended, so nothing more can be decided about its plan."
    assert approving(case, world) == said


@pytest.mark.parametrize("sent", [False, True])
def test_a_plan_is_not_sent_signed_or_checked_once_its_budget_is_refused(drafted: Copy, sent: bool) -> None:
    world, case = drafted
    if sent:
        journey.submit(world, case)
    issued(world, case, REFUSE)
    entry = plans.SignOffEntry("Dr Clinician", RegistrationBody(REGISTERED[0]), REGISTERED[1])
    act = (lambda uow: plans.sign_off_plan(uow, case.plan_id, entry)) if sent else (
        lambda uow: plans.submit_plan(uow, case.plan_id)
    )  # fmt: skip
    said = refused(world, world.clinician if sent else world.cm, act)
    assert said == "This budget has ended, so nothing more can be decided about its plan."
