"""Regulated care of a plan: asked, looked at before it goes on, exempt by two people, told when it ends (§1.15)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.isf import Answer, IsfStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.domain.tasks import CARE_UNREGISTERED
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.permissions import Permission
from phbportal.queries.plans import plan_of
from phbportal.queries.regulated_care import nominee_warnings
from phbportal.services import approvals, arrangements, isf_answers, payee_agreements, plans, regulated_care
from phbportal.services.change_requests import approve, propose
from phbportal.services.expiry_clock import run_expiry_clock
from phbportal.tables.acting import PersonRole
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetLine
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Task
from phbportal.tables.plans import Outcome, PlanService
from tests.queries.worlds import Worlds
from tests.services.asking import refused, row, rows
from tests.support import arranging, journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, at

TODAY, DAY = date(2026, 4, 1), timedelta(days=1)
REGISTERED = {"kind": "CARE_PROVIDER", "is_user_led": False, "cqc_location_id": "1-101608238"}
UNREGISTERED = {"kind": "CARE_PROVIDER", "is_user_led": False}
CARE: dict[str, Any] = {"activity": "PERSONAL_CARE", "given_by": "ORGANISATION", "share": "PROVIDER"}


@dataclass
class Planned:
    """A plan with one service, being written; ``larch`` is registered, ``elm`` is not."""

    world: World
    case: Case
    larch: UUID
    elm: UUID

    @property
    def service(self) -> UUID:
        return rows(self.world, PlanService, plan_id=self.case.plan_id)[0].id

    def says(self, **values: Any) -> None:
        self.world.do(self.world.cm, lambda uow: regulated_care.change_service(uow, self.service, CARE | values))

    def submitting(self) -> str:
        return refused(self.world, self.world.cm, lambda uow: plans.submit_plan(uow, self.case.plan_id))

    def in_force(self) -> None:
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(self.world, self.case)

    def asks(self, because: str = "It only introduces carers.", service: UUID | None = None) -> UUID:
        """An exemption asked for by the case manager. Returns the change that waits."""
        values = {"exempt": "INTRODUCES", "exempt_because": because}
        return self.world.do(
            self.world.cm,
            lambda uow: propose(
                uow, subject="plan_service", act="care-exemption", title="An exemption", before={"Exempt": ""},
                after={"Exempt": because}, values=values, reason=because, permission=Permission.PLAN_WRITE,
                row=uow.find(PlanService, service or self.service),
            ),
        )  # fmt: skip

    def ends(self, on: date, organisation: UUID | None = None) -> None:
        with self.world.unit(SYSTEM) as uow:
            uow.session.get_one(Organisation, organisation or self.larch).gone_from_directory_on = on

    def tonight(self, on: date) -> list[Task]:
        run_expiry_clock(self.world.engine, now=at(on))
        return rows(self.world, Task, kind=CARE_UNREGISTERED)


def build(world: World) -> tuple[Case, UUID, UUID]:
    larch = arranging.organisation(world, "Larch Care", **REGISTERED)
    elm = arranging.organisation(world, "Elm Help", **UNREGISTERED)
    return journey.draft(world), larch, elm


@pytest.fixture
def planned(worlds: Worlds, kind: str) -> Iterator[Planned]:
    with worlds.copy(kind, "regulated care", build) as (world, found):
        yield Planned(world, *found)


def writing(planned: Planned, **about: Any) -> Callable[[Any], UUID]:
    outcome = rows(planned.world, Outcome, plan_id=planned.case.plan_id)[0].id
    answers = {"description": "Help to wash", "outcome": str(outcome), "activity": "PERSONAL_CARE"} | about
    return lambda uow: plans.add_service(uow, planned.case.plan_id, plans.read_service(answers))


def test_whoever_writes_a_service_is_asked_and_an_unregistered_provider_is_refused_beside_the_field(
    planned: Planned,
) -> None:
    world = planned.world
    assert refused(world, world.cm, writing(planned, activity="")) == "Say whether it is care that must be registered."
    said = refused(world, world.cm, writing(planned, organisation=str(planned.elm)))
    assert said.startswith("Elm Help has no registration with the Care Quality Commission here")
    assert "ask for an exemption" in said
    with pytest.raises(Refusal) as refusal, world.unit(world.cm) as uow:
        writing(planned, organisation=str(planned.elm))(uow)
    assert [problem.field for problem in refusal.value.problems] == ["organisation"]
    added = row(world, PlanService, world.do(world.cm, writing(planned, organisation=str(planned.larch))))
    assert (added.activity, added.given_by, added.organisation_id) == ("PERSONAL_CARE", "ORGANISATION", planned.larch)
    plain = row(world, PlanService, world.do(world.cm, writing(planned, activity="NONE", organisation="x")))
    assert (plain.activity, plain.given_by, plain.organisation_id) == ("NONE", None, None)


def test_a_plan_is_not_sent_before_it_is_said_who_gives_its_regulated_care(planned: Planned) -> None:
    world = planned.world
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(PlanService, planned.service).activity = None
    assert planned.submitting() == "Say of “Help at home” whether it is care that must be registered."
    planned.says(given_by=None)
    assert "Say which organisation does, or that somebody is employed for it." in planned.submitting()
    planned.says(given_by="EMPLOYED", organisation_id=planned.elm)
    assert row(world, PlanService, planned.service).organisation_id is None
    journey.submit(world, planned.case)


def test_a_registration_that_ends_while_the_plan_is_on_its_way_stops_the_approval_and_the_agreement(
    planned: Planned,
) -> None:
    world = planned.world
    planned.says(organisation_id=planned.larch)
    journey.submit(world, planned.case)
    journey.sign_off(world, planned.case)
    planned.ends(TODAY)
    said = refused(world, world.approver, lambda uow: approvals.approve_plan(uow, planned.case.plan_id))
    assert said.startswith(
        "About “Help at home”: Larch Care is not registered with the Care Quality Commission any more"
    )
    planned.ends(TODAY + 5 * DAY)
    journey.approve(world, planned.case)
    making = lambda uow: payee_agreements.make_agreement(uow, planned.case.streams[0], AgreementKind.NOTIONAL)  # noqa: E731
    assert "Larch Care is not registered" in refused(world, world.cm, making, on=TODAY + 5 * DAY)
    assert world.do(world.cm, making, on=TODAY + 4 * DAY)


def test_an_exemption_is_two_people_s_and_ends_with_another_provider(planned: Planned) -> None:
    world = planned.world
    planned.says(organisation_id=None)
    change = planned.asks()
    asked = row(world, ChangeRequest, change)
    assert (asked.phb_id, asked.person_id) == (planned.case.phb_id, planned.case.person_id)
    (event,) = rows(world, AuditEvent, kind="change_proposed")
    assert event.person_id == planned.case.person_id
    assert "introduces carers" not in event.details, "of somebody's record only which fields"
    assert planned.submitting().startswith("Nobody is named who gives")
    assert refused(world, world.cm, lambda uow: approve(uow, change))
    assert refused(world, world.clinician, lambda uow: approve(uow, change))
    world.do(world.approver, lambda uow: approve(uow, change))
    found = row(world, PlanService, planned.service)
    assert (found.exempt, found.exempt_because, found.exempt_on) == ("INTRODUCES", "It only introduces carers.", TODAY)
    with world.unit(world.cm, writes=False) as uow:
        plan = plan_of(uow.session, uow.actor, uow.today, planned.case.phb_id)
    assert plan is not None
    assert plan.view.services[0].care == "Personal care. Two people agreed that it needs no registration."
    planned.says(organisation_id=planned.larch)
    assert row(world, PlanService, planned.service).exempt_on is None
    planned.says(organisation_id=None)
    assert planned.submitting()


def test_a_new_version_takes_over_who_gives_the_care(planned: Planned) -> None:
    world = planned.world
    planned.says(organisation_id=planned.larch)
    planned.in_force()
    second = world.do(world.cm, lambda uow: plans.start_plan(uow, planned.case.phb_id).id)
    (copy,) = rows(world, PlanService, plan_id=second)
    assert (copy.activity, copy.given_by, copy.organisation_id) == ("PERSONAL_CARE", "ORGANISATION", planned.larch)
    planned.ends(TODAY)
    said = refused(world, world.cm, lambda uow: plans.submit_plan(uow, second))
    assert "Larch Care is not registered" in said


def test_a_registration_that_ends_later_is_told_once_for_each_day_it_ended(planned: Planned) -> None:
    world = planned.world
    planned.says(organisation_id=planned.larch)
    planned.in_force()
    assert planned.tonight(TODAY) == []
    planned.ends(TODAY + 3 * DAY)
    assert planned.tonight(TODAY + 2 * DAY) == []
    for _ in range(2):
        (task,) = planned.tonight(TODAY + 3 * DAY)
    assert (task.part_id, task.due_on, task.role) == (planned.service, TODAY + 3 * DAY, "CASE_MANAGER")
    assert "Larch Care gives “Personal care” and is not registered since 4 April 2026" in task.sentence
    change = planned.asks("It is registered under another number, looked up today.")
    world.do(world.approver, lambda uow: approve(uow, change), on=TODAY + 4 * DAY)
    assert row(world, Task, task.id).done_at is not None
    planned.ends(TODAY + 6 * DAY)
    assert len(planned.tonight(TODAY + 6 * DAY)) == 2


class TestThirdParty:
    def held(self, planned: Planned, organisation: UUID, **care: Any) -> Case:
        """A third-party budget whose service is personal care, still being written."""
        world = planned.world
        person = journey.add_person(world, number=journey.NUMBERS[1])
        plan = StreamPlan(Method.THIRD_PARTY, 90_000, organisation_id=organisation)
        case = journey.draft(world, plan, person_id=person)
        (service,) = rows(world, PlanService, plan_id=case.plan_id)
        said = CARE | care
        world.do(world.cm, lambda uow: regulated_care.change_service(uow, service.id, said))
        return case

    @pytest.mark.parametrize("by", ["ORGANISATION", "EMPLOYED"])
    def test_who_holds_the_money_gives_or_directs_the_care_and_must_be_registered(
        self, planned: Planned, by: str
    ) -> None:
        world, case = planned.world, self.held(planned, planned.elm, given_by=by)
        sending = lambda uow: plans.submit_plan(uow, case.plan_id)  # noqa: E731
        assert "Elm Help has no registration" in refused(world, world.cm, sending)

    def test_no_offer_is_made_and_none_signed_by_who_is_not_registered(self, planned: Planned) -> None:
        world, case = planned.world, self.held(planned, planned.larch)
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(world, case)
        entry = arrangements.OfferEntry(planned.elm, arranging.TERMS)
        said = refused(world, world.cm, lambda uow: arrangements.send_offer(uow, case.streams[0], entry))
        assert "Elm Help has no registration" in said
        lena = arranging.somebody_of(world, planned.larch)
        offer = arranging.offer(world, case, planned.larch)
        arranging.answer(world, lena, offer)
        planned.ends(TODAY)
        signing = lambda uow: arranging.agreements.sign_agreement(uow, arranging.agreement(world, offer))  # noqa: E731
        said = refused(world, lena, signing)
        assert said.startswith("This cannot be agreed now: whoever gives the care of the plan must be registered")
        assert "Help at home" not in said, "a service is told of only where it is shared"
        (task,) = planned.tonight(TODAY)
        assert task.phb_id == case.phb_id

    def test_who_is_registered_no_more_can_still_decline_and_nothing_else(self, planned: Planned) -> None:
        world, case = planned.world, self.held(planned, planned.larch)
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(world, case)
        lena = arranging.somebody_of(world, planned.larch)
        offer = arranging.offer(world, case, planned.larch)
        planned.ends(TODAY)
        entry = isf_answers.AnswersEntry("Manager", arranging.answers())
        said = refused(world, lena, lambda uow: isf_answers.send_answers(uow, offer, entry))
        assert said.startswith("This cannot be agreed now")
        assert arranging.answer(world, lena, offer, line1=Answer.DECLINED) is IsfStatus.DECLINED

    def test_an_exemption_of_who_holds_the_money_is_not_one_of_whoever_it_is_offered_to_next(
        self, planned: Planned
    ) -> None:
        world, case = planned.world, self.held(planned, planned.elm)
        (service,) = rows(world, PlanService, plan_id=case.plan_id)
        change = planned.asks(service=service.id)
        world.do(world.approver, lambda uow: approve(uow, change))
        assert row(world, PlanService, service.id).exempt_for == planned.elm
        for step in (journey.submit, journey.sign_off, journey.approve):
            step(world, case)
        oak = arranging.organisation(world, "Oak Help", **UNREGISTERED)

        def offering(who: UUID) -> Callable[[Any], UUID]:
            entry = arrangements.OfferEntry(who, arranging.TERMS)
            return lambda uow: arrangements.send_offer(uow, case.streams[0], entry)

        assert "Oak Help has no registration" in refused(world, world.cm, offering(oak))
        world.do(world.cm, offering(planned.elm))


def test_a_planner_who_is_not_staff_says_only_whether_it_must_be_registered(planned: Planned) -> None:
    world = planned.world
    outcome = rows(world, Outcome, plan_id=planned.case.plan_id)[0].id
    sent = {"description": "Help to wash", "outcome": str(outcome), "activity": "PERSONAL_CARE"}
    entry = plans.read_service(sent | {"given_by": "EMPLOYED"})
    assert plans.said_by(world.cm, entry) == entry
    assert plans.said_by(Actor(Role.HOLDER), entry) == plans.read_service(sent)


def test_an_organisation_that_employs_as_the_nominee_is_warned_of(planned: Planned) -> None:
    world = planned.world
    person = journey.add_person(world, number=journey.NUMBERS[1])
    part = journey.nominee(world, person)
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(PersonRole, part).organisation_id = planned.elm
    journey.allow_direct_payment(world, person)
    paid = StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=(PayeeKind.NOMINEE, part))
    case = journey.draft(world, paid, person_id=person)

    def warned() -> list[str]:
        with world.unit(world.cm, writes=False) as uow:
            return nominee_warnings(uow.session, uow.actor, uow.today, case.phb_id)

    assert warned() == []
    with world.unit(SYSTEM) as uow:
        uow.session.get_one(BudgetLine, case.lines[0]).line_type = LineType.PA_WAGE.value
    (said,) = warned()
    assert said.startswith("Nell Ominee is an organisation, and employs personal assistants as the nominee.")
