"""Wheelchair budgets through the services: T12 to the penny, who adds to one, its agreement, handover and end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.budgets import LineType
from phbportal.domain.eligibility import Cohort
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.domain.phbs import PhbKind
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method
from phbportal.domain.tasks import WHEELCHAIR_ENDS
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.wheelchairs import own_wheelchairs, wheelchair_view
from phbportal.services import payee_agreements, payments, plans, wheelchairs
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.services.payee_agreements import PaperEntry
from phbportal.tables.payee_agreements import PayeeAgreement
from phbportal.tables.people import Person
from phbportal.tables.phbs import Task
from phbportal.tables.settings import PolicySetting
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution
from tests.queries.worlds import Worlds
from tests.services.asking import refused, row, rows
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

TODAY, START, HANDED = date(2026, 4, 1), date(2026, 4, 13), date(2026, 5, 18)
CHAIR: dict[str, Any] = {
    "chair": "Powered chair with a kerb climber", "prescribed_on": TODAY, "way": "PWB_NOTIONAL_CONTRIBUTION",
    "supplier": "Wheels North", "term_years": 5, "value_pence": 115_000, "extras_pence": 78_000,
    "relieved_of_vat": False,
}  # fmt: skip
VOUCHER = CHAIR | {
    "way": "PWB_THIRD_PARTY", "extras_pence": None, "repairs_pence": 27_500, "chair_pence": 299_900,
    "covers": "REPAIRS",
}  # fmt: skip


@dataclass
class Chair:
    """A wheelchair user's budget whose plan is being written: £1,150.00 once, paid by the NHS."""

    world: World
    case: Case

    def work_out(self, **changed: Any) -> UUID:
        values = CHAIR | {"phb_id": self.case.phb_id} | changed
        return self.world.do(self.world.cm, lambda uow: wheelchairs.add_wheelchair(uow, values))

    def adds(self, wheelchair: UUID, name: str, pence: int, source: str = "CHARITY") -> UUID:
        values = {"wheelchair_id": wheelchair, "name": name, "source": source, "amount_pence": pence,
                  "promised_on": TODAY}  # fmt: skip
        return self.world.do(self.world.cm, lambda uow: wheelchairs.add_contribution(uow, values))

    def approved(self) -> UUID:
        """Worked out, promised, approved. Returns the wheelchair."""
        chair = self.work_out()
        self.adds(chair, "Amina Okafor-Reyes", 33_600, "PERSON")
        self.adds(chair, "Wheels for All", 60_000)
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(self.world, self.case)
        return chair

    def signed(self) -> UUID:
        """Approved, with the agreement signed on paper and by an approver. Returns the wheelchair."""
        chair, world = self.approved(), self.world
        agreement = world.do(world.cm, self.making())
        paper = PaperEntry(Signer.PERSON, "Amina Okafor-Reyes", TODAY, "Case file")
        world.do(world.cm, lambda uow: payee_agreements.record_paper(uow, agreement, paper))
        world.do(world.approver, lambda uow: payee_agreements.sign(uow, agreement))
        return chair

    def making(self, kind: AgreementKind = AgreementKind.WHEELCHAIR) -> Callable[[Any], UUID]:
        return lambda uow: payee_agreements.make_agreement(uow, self.case.streams[0], kind)

    def invoiced(self) -> Callable[[Any], object]:
        entry = payments.PaymentEntry(START, START, invoice_reference="W-1", invoice_pence=115_000)
        return lambda uow: payments.record_payment(uow, self.case.streams[0], entry, key="chair")

    @property
    def holder(self) -> Actor:
        return Actor(Role.HOLDER, user_id=UUID(int=7), person_id=self.case.person_id)


def build(world: World) -> Case:
    stream = StreamPlan(Method.NOTIONAL, 0, 115_000, START, LineType.EQUIPMENT, Frequency.ONCE)
    return journey.draft(world, stream, cohort=Cohort.WHEELCHAIR, phb_kind=PhbKind.ONE_OFF)


@pytest.fixture
def chair(worlds: Worlds, kind: str) -> Iterator[Chair]:
    with worlds.copy(kind, "wheelchair", build) as (world, case):
        yield Chair(world, case)


@pytest.mark.parametrize(
    ("changed", "budget", "others"),
    [({}, 115_000, 93_600), ({"relieved_of_vat": True}, 115_000, 78_000), (VOUCHER, 142_500, 157_400)],
    ids=["a", "b", "c"],
)
def test_t12_what_is_kept_is_what_was_worked_out(
    chair: Chair, changed: dict[str, Any], budget: int, others: int
) -> None:
    found = row(chair.world, Wheelchair, chair.work_out(**changed))
    assert (found.budget_pence, found.person_pays_pence) == (budget, others)


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"value_pence": 0}, "Enter what a chair that meets the assessed need costs the NHS."),
        ({"prescribed_on": date(2026, 4, 2)}, "The day it was prescribed cannot be in the future."),
        ({"term_years": 11}, "Enter a number of years from 1 to 10."),
        (VOUCHER | {"covers": None}, "Choose what upkeep is paid for."),
        (VOUCHER | {"covers": "NOTHING"}, "Money for upkeep and what it pays for belong together. Check both answers."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(chair: Chair, changed: dict[str, Any], because: str) -> None:
    values = CHAIR | {"phb_id": chair.case.phb_id} | changed
    assert refused(chair.world, chair.world.cm, lambda uow: wheelchairs.add_wheelchair(uow, values)) == because


@pytest.mark.parametrize(
    ("born", "years"), [(date(2008, 4, 1), 6), (date(2008, 4, 2), 4)], ids=["18 that day", "the day before"]
)
def test_a_term_that_is_left_empty_is_the_board_s_for_somebody_of_that_age(
    chair: Chair, born: date, years: int
) -> None:
    world = chair.world
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(Person, chair.case.person_id).date_of_birth = born
        for name, value in (("pwb_period_years_adult", "6"), ("pwb_period_years_child", "4")):
            uow.add(PolicySetting, icb_id=world.icb, name=name, value=value, starts_on=TODAY)
    assert row(world, Wheelchair, chair.work_out(term_years=None)).term_years == years


def test_only_a_wheelchair_user_s_budget_has_one_and_only_one(chair: Chair) -> None:
    world = chair.world
    chair.work_out()
    again = CHAIR | {"phb_id": chair.case.phb_id}
    assert "has a wheelchair already" in refused(world, world.cm, lambda uow: wheelchairs.add_wheelchair(uow, again))
    other = journey.draft(world, person_id=journey.add_person(world, number=journey.NUMBERS[1]))
    wrong = CHAIR | {"phb_id": other.phb_id}
    assert "not a wheelchair budget" in refused(world, world.cm, lambda uow: wheelchairs.add_wheelchair(uow, wrong))
    assert refused(world, world.clinician, lambda uow: wheelchairs.add_wheelchair(uow, wrong))


def test_the_plan_is_sent_only_with_a_wheelchair_whose_sum_is_the_budget(chair: Chair) -> None:
    world, send = chair.world, lambda uow: plans.submit_plan(uow, chair.case.plan_id)
    assert "Work the wheelchair budget out first" in refused(world, world.cm, send)
    found = chair.work_out(value_pence=120_000)
    assert "comes to £1,200.00, and the budget lines to £1,150.00 once" in refused(world, world.cm, send)
    change = lambda uow: wheelchairs.change_wheelchair(uow, found, CHAIR | {"way": "PWB_DIRECT_PAYMENT",  # noqa: E731
                                                       "extras_pence": None, "covers": "NOTHING"})  # fmt: skip
    world.do(world.cm, change)
    assert "The person buys this chair" in refused(world, world.cm, send)
    world.do(world.cm, lambda uow: wheelchairs.change_wheelchair(uow, found, CHAIR))
    world.do(world.cm, send)
    changes = CHAIR | {"value_pence": 110_000}
    because = refused(world, world.cm, lambda uow: wheelchairs.change_wheelchair(uow, found, changes))
    assert "its sums stand" in because
    world.do(world.cm, lambda uow: wheelchairs.change_wheelchair(uow, found, CHAIR | {"supplier": "Wheels South"}))


def test_i40_others_add_what_the_budget_leaves_over_and_no_more(chair: Chair) -> None:
    world, found = chair.world, chair.work_out()
    first = chair.adds(found, "Wheels for All", 60_000)
    more = {"wheelchair_id": found, "name": "Amina", "source": "PERSON", "amount_pence": 33_601, "promised_on": TODAY}
    because = refused(world, world.cm, lambda uow: wheelchairs.add_contribution(uow, more))
    assert because == "The budget leaves £936.00 to others, of which £336.00 is still open."
    relieved = CHAIR | {"extras_pence": 40_000}
    because = refused(world, world.cm, lambda uow: wheelchairs.change_wheelchair(uow, found, relieved))
    assert "Take what was promised out first." in because
    world.do(world.cm, lambda uow: wheelchairs.drop_contribution(uow, first, {}))
    world.do(world.cm, lambda uow: wheelchairs.change_wheelchair(uow, found, relieved))
    assert rows(world, WheelchairContribution)[0].dropped_on == TODAY


def test_the_chair_is_paid_for_when_the_agreement_is_signed_by_everybody(chair: Chair) -> None:
    world = chair.world
    found = chair.work_out()
    chair.adds(found, "Wheels for All", 60_000)
    for step in (journey.submit, journey.sign_off, journey.approve):
        step(world, chair.case)
    because = refused(world, world.finance, chair.invoiced(), on=START)
    assert because == "There is no agreement about the wheelchair yet. Nothing can be paid before it is signed."
    assert "Nobody has said yet who pays £336.00 of the £936.00." in refused(world, world.cm, chair.making())
    chair.adds(found, "Amina Okafor-Reyes", 33_600, "PERSON")
    assert "needs no agreement about the notional budget" in refused(
        world, world.cm, chair.making(AgreementKind.NOTIONAL)
    )
    agreement = world.do(world.cm, chair.making())
    world.do(chair.holder, lambda uow: payee_agreements.sign(uow, agreement))
    assert "still has to be signed by the board" in refused(world, world.finance, chair.invoiced(), on=START)
    world.do(world.approver, lambda uow: payee_agreements.sign(uow, agreement))
    assert row(world, PayeeAgreement, agreement).status == AgreementStatus.IN_FORCE
    world.do(world.finance, chair.invoiced(), on=START)


def test_handed_over_it_runs_for_its_years_and_is_looked_at_again(chair: Chair) -> None:
    world, found = chair.world, chair.signed()
    values = {"issued_on": HANDED, "review_on": date(2027, 5, 18)}
    hand = lambda uow: wheelchairs.hand_over(uow, found, values)  # noqa: E731
    assert "not live yet" in refused(world, world.cm, hand, on=HANDED)
    reference = world.do(world.finance, chair.invoiced(), on=START)
    journey.confirm(world, str(reference), on=START)
    world.do(world.cm, hand, on=HANDED)
    assert row(world, Wheelchair, found).expires_on == date(2031, 5, 18)
    with world.unit(chair.holder, on=HANDED, writes=False) as uow:
        own = own_wheelchairs(uow.session, uow.actor, uow.today)[chair.case.reference]
    assert "You can have a new one from 18 May 2031, or before if your needs change." in own.sentences
    assert own.adds[1] == "Wheels for All (a charity): £600.00, promised on 1 April 2026."
    with world.unit(world.cm, on=HANDED, writes=False) as uow:
        view = wheelchair_view(uow.session, uow.actor, uow.today, chair.case.phb_id)
    assert (view.budget, view.others, view.unpromised) == ("£1,150.00", "£936.00", "")


def test_a_task_comes_a_quarter_of_a_year_before_it_runs_out_and_once(chair: Chair) -> None:
    world, found = chair.world, chair.signed()
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Wheelchair, found), issued_on=HANDED, expires_on=date(2031, 5, 18))

    def night(on: date) -> int:
        return run_expiry_clock(world.engine, now=at(on, 2))

    assert [night(date(2031, 2, 15)), night(date(2031, 2, 16)), night(date(2031, 2, 17))] == [0, 1, 0]
    task = rows(world, Task, kind=WHEELCHAIR_ENDS)[0]
    assert (task.due_on, task.part_id, task.role) == (date(2031, 5, 18), found, Role.CASE_MANAGER)
    gone = {"ended_on": date(2031, 3, 1), "end_note": "Replaced"}
    world.do(world.cm, lambda uow: wheelchairs.end_wheelchair(uow, found, gone), on=date(2031, 3, 1))
    assert row(world, Wheelchair, found).ended_on == date(2031, 3, 1)
