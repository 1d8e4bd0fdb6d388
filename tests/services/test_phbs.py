"""Opening a budget: one ongoing budget a person and cohort at a time (I02)."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.policy.actors import Actor
from phbportal.services import eligibility, phbs
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb
from tests.services.asking import refused, rows
from tests.support import journey
from tests.support.journey import NUMBERS
from tests.support.world import World


def eligible(world: World, person_id: UUID, cohort: Cohort = Cohort.CHC, by: Actor | None = None) -> UUID:
    entry = eligibility.EligibilityEntry(cohort, world.today, world.today)
    return world.do(by or world.cm, lambda uow: eligibility.record_eligibility(uow, person_id, entry))


def open_one(world: World, person_id: UUID, right: UUID, kind: PhbKind = PhbKind.ONGOING) -> str:
    return world.do(world.cm, lambda uow: phbs.open_phb(uow, person_id, phbs.PhbEntry(right, kind)))


def test_a_budget_begins_as_referred_with_the_next_reference_of_the_year(world: World) -> None:
    person_id = journey.add_person(world)
    assert open_one(world, person_id, eligible(world, person_id)) == "PHB-2026-000001"
    other = journey.add_person(world, number=NUMBERS[1])
    assert open_one(world, other, eligible(world, other)) == "PHB-2026-000002"
    assert [(p.status, p.case_manager_id) for p in rows(world, Phb)] == [("REFERRED", world.cm.user_id)] * 2


def test_i02_a_second_ongoing_budget_for_the_same_reason_is_refused_and_names_the_first(world: World) -> None:
    person_id = journey.add_person(world)
    right = eligible(world, person_id)
    reference = open_one(world, person_id, right)
    again = phbs.PhbEntry(right, PhbKind.ONGOING)
    said = refused(world, world.cm, lambda uow: phbs.open_phb(uow, person_id, again))
    assert said == f"This person already has an ongoing budget for the same reason: {reference}. Open that one instead."


def test_i02_another_reason_or_a_one_off_budget_may_stand_beside_it(world: World) -> None:
    person_id = journey.add_person(world)
    care = eligible(world, person_id)
    open_one(world, person_id, care)
    open_one(world, person_id, eligible(world, person_id, Cohort.WHEELCHAIR))
    open_one(world, person_id, care, PhbKind.ONE_OFF)
    open_one(world, person_id, care, PhbKind.ONE_OFF)
    assert len(rows(world, Phb, person_id=person_id)) == 4


def test_i02_after_the_first_has_closed_another_may_be_opened(world: World) -> None:
    person_id = journey.add_person(world)
    right = eligible(world, person_id)
    open_one(world, person_id, right)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Phb, rows(world, Phb)[0].id), status=PhbStatus.CLOSED.value)
    assert open_one(world, person_id, right) == "PHB-2026-000002"


def test_i02_a_budget_with_the_board_a_person_left_is_told_without_its_reference(world: World) -> None:
    person_id = journey.add_person(world)
    reference = open_one(world, person_id, eligible(world, person_id))
    with world.unit(world.cm) as uow:
        uow.session.get_one(PersonResponsibility, rows(world, PersonResponsibility)[0].id).ends_on = world.today
        uow.add(PersonResponsibility, person_id=person_id, icb_id=world.other_icb, starts_on=world.today)
    right = eligible(world, person_id, by=world.other_cm)
    entry = phbs.PhbEntry(right, PhbKind.ONGOING)
    said = refused(world, world.other_cm, lambda uow: phbs.open_phb(uow, person_id, entry))
    assert "with another board" in said
    assert reference not in said


def test_a_budget_needs_eligibility_of_the_same_person(world: World) -> None:
    person_id = journey.add_person(world)
    other = journey.add_person(world, number=NUMBERS[1])
    entry = phbs.PhbEntry(eligible(world, other), PhbKind.ONGOING)
    said = refused(world, world.cm, lambda uow: phbs.open_phb(uow, person_id, entry))
    assert said == "Choose what makes this person eligible."


def test_a_budget_is_not_opened_on_eligibility_that_has_ended_nor_for_somebody_who_has_died(world: World) -> None:
    person_id = journey.add_person(world)
    right = eligible(world, person_id)
    entry = phbs.PhbEntry(right, PhbKind.ONGOING)
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Eligibility, right), ends_on=date(2026, 3, 31))
    assert "has ended" in refused(world, world.cm, lambda uow: phbs.open_phb(uow, person_id, entry))
    with world.unit(world.cm) as uow:
        uow.change(uow.find(Eligibility, right), ends_on=None)
        uow.change(uow.find(Person, person_id), died_on=date(2026, 3, 1))
    assert "has died" in refused(world, world.cm, lambda uow: phbs.open_phb(uow, person_id, entry))


def test_a_budget_is_found_by_its_reference_within_one_s_board_only(world: World) -> None:
    person_id = journey.add_person(world)
    reference = open_one(world, person_id, eligible(world, person_id))
    assert world.do(world.cm, lambda uow: phbs.phb_by_reference(uow, reference)).person_id == person_id
    for unseen in (lambda uow: phbs.phb_by_reference(uow, reference), lambda uow: phbs.phb_by_reference(uow, "PHB-1")):
        assert refused(world, world.other_cm, unseen) == "We could not find that."
