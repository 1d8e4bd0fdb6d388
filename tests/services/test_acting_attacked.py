"""Nominations, holds, tasks and named individuals, tried by people who should get nowhere with them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select

from phbportal.domain.acting import Acting, ActingStatus, Basis, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.errors import NotFound
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.acted_for import part_of
from phbportal.queries.scope import visible
from phbportal.queries.tasks import task_view
from phbportal.services import acting, capacity, consents, individuals, nominations, tasks
from phbportal.services.acting import ActingEntry, ChecksEntry
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from tests.services.asking import refused, row, rows
from tests.services.test_nominations import SISTER, TEN, Chosen, chosen, holder, propose
from tests.support import journey
from tests.support.world import World

__all__ = ["chosen"]
NOT_YOURS = "We could not find that."


def sees(world: World, who: Actor, table: type) -> int:
    with world.unit(who, writes=False) as uow:
        return len(uow.session.execute(select(table).where(visible(who, table, world.today))).all())


def finds_no_part(world: World, who: Actor, part: UUID) -> None:
    with world.unit(who, writes=False) as uow, pytest.raises(NotFound):
        part_of(uow.session, who, world.today, part)


# Whoever proposed does not approve, in whatever role they come back --------------------------------------------------


def test_a_representative_who_is_also_an_approver_does_not_agree_whom_they_proposed(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    them = journey.user_of(world, journey.parent(world, person), Role.REPRESENTATIVE)
    part = propose(world, them, person)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    at_work = replace(world.approver, user_id=them.user_id)
    said = refused(world, at_work, lambda uow: acting.agree(uow, part))
    assert said == "You proposed this person, or are this person, so someone else must agree."
    world.do(world.approver, lambda uow: acting.agree(uow, part))


def test_a_holder_who_is_also_an_approver_does_not_agree_their_own_nominee(world: World) -> None:
    case = journey.draft(world)
    them = holder(world, case.person_id)
    part = propose(world, them, case.person_id)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    at_work = replace(world.approver, user_id=them.user_id)
    assert "someone else must agree" in refused(world, at_work, lambda uow: acting.agree(uow, part))


def test_a_nominee_who_is_also_an_approver_neither_agrees_nor_restores_themselves(chosen: Chosen) -> None:
    world = chosen.world
    them = journey.user_of(world, chosen.nominee, Role.NOMINEE)
    at_work = replace(world.approver, user_id=them.user_id)
    world.do(world.cm, lambda uow: acting.suspend(uow, chosen.nominee, "A concern was raised"))
    assert "someone else must agree" in refused(world, at_work, lambda uow: acting.agree(uow, chosen.nominee))
    assert chosen.status() == ActingStatus.SUSPENDED


def test_no_nominee_of_a_holder_who_can_no_longer_decide_is_agreed(world: World) -> None:
    case = journey.draft(world)
    part = propose(world, holder(world, case.person_id), case.person_id)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    found = capacity.CapacityEntry("A direct payment", Capacity.LACKS, world.today, "Dr Who")
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, case.person_id, found))
    refused(world, world.approver, lambda uow: acting.agree(uow, part))
    assert row(world, PersonRole, part).status == ActingStatus.CHECKS


# On hold is on hold --------------------------------------------------------------------------------------------------


def test_a_held_nominee_sees_nothing_and_does_nothing_but_stop(chosen: Chosen) -> None:
    world, person = chosen.world, chosen.case.person_id
    them = journey.user_of(world, chosen.nominee, Role.NOMINEE)
    assert sees(world, them, Stream) == 1
    world.do(world.cm, lambda uow: acting.suspend(uow, chosen.parent, "A concern was raised"))
    assert chosen.status() == ActingStatus.SUSPENDED
    for table in (Stream, LedgerJournal, Phb, Person):
        assert sees(world, them, table) == 0, table
    others = {part.id for part in rows(world, PersonRole, person_id=person)} - {chosen.nominee}
    for other in others:
        finds_no_part(world, them, other)
    assert "decided already" in refused(world, them, lambda uow: acting.accept(uow, chosen.nominee))
    nominate = lambda uow: nominations.nominate(uow, person, SISTER)  # noqa: E731
    refused(world, them, nominate)
    refused(world, replace(them, role=Role.REPRESENTATIVE), nominate)
    world.do(world.cm, lambda uow: acting.end(uow, chosen.nominee, "They asked to stop"))
    assert refused(world, them, lambda uow: acting.stop(uow, chosen.nominee, "No longer able to")) != ""


def test_a_held_representative_neither_proposes_nor_consents(chosen: Chosen) -> None:
    world, person = chosen.world, chosen.case.person_id
    them = journey.user_of(world, chosen.parent, Role.REPRESENTATIVE)
    assert sees(world, them, Phb) == 1
    world.do(world.cm, lambda uow: acting.suspend(uow, chosen.parent, "A concern was raised"))
    for table in (Stream, LedgerJournal, Phb, Person):
        assert sees(world, them, table) == 0, table
    assert refused(world, them, lambda uow: nominations.nominate(uow, person, SISTER)) == NOT_YOURS
    with world.unit(them, writes=False) as uow:
        view, _person = part_of(uow.session, them, world.today, chosen.parent)
    assert (view.represents, view.may_nominate) == (False, False)


def test_a_proposal_of_a_representative_on_hold_is_not_agreed_before_they_are(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    parent = journey.parent(world, person)
    part = propose(world, journey.user_of(world, parent, Role.REPRESENTATIVE), person)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, ChecksEntry(world.today), seen_version=1))
    world.do(world.cm, lambda uow: acting.suspend(uow, parent, "A concern was raised"))
    assert row(world, PersonRole, part).status == ActingStatus.CHECKS, "who does not act yet is not put on hold"
    refused(world, world.approver, lambda uow: acting.agree(uow, part))


# One person's part is no key to another's ----------------------------------------------------------------------------


def test_of_two_parents_neither_answers_for_the_other(world: World) -> None:
    person = journey.add_person(world, born=TEN)
    first, second = journey.parent(world, person), journey.parent(world, person, "B. Parent")
    them = journey.user_of(world, first, Role.REPRESENTATIVE)
    finds_no_part(world, them, second)
    assert refused(world, them, lambda uow: acting.stop(uow, second, "No longer able to")) == NOT_YOURS
    assert refused(world, them, lambda uow: acting.accept(uow, second)) == NOT_YOURS
    refused(world, them, lambda uow: acting.end(uow, second, "No longer able to"))


def test_who_represents_one_and_is_nominee_of_another_uses_neither_for_the_other(world: World) -> None:
    one, other = journey.add_person(world, born=TEN), journey.add_person(world, number=journey.NUMBERS[1])
    parent = journey.parent(world, one)
    them = journey.user_of(world, parent, Role.REPRESENTATIVE)
    theirs = journey.nominee(world, other)
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(PersonRole, theirs), user_id=them.user_id))
    as_nominee = replace(them, role=Role.NOMINEE)
    finds_no_part(world, them, theirs)
    finds_no_part(world, as_nominee, parent)
    for who in (them, as_nominee):
        refused(world, who, lambda uow: nominations.nominate(uow, other, SISTER))
    refused(world, as_nominee, lambda uow: nominations.nominate(uow, one, SISTER))
    entry = consents.ConsentEntry(consents.GivenBy.REPRESENTATIVE, world.today, "A. Parent")
    refused(world, them, lambda uow: consents.record_consent(uow, other, entry))


# Another board -------------------------------------------------------------------------------------------------------


def organisation(world: World) -> tuple[UUID, UUID]:
    """An organisation that is somebody's nominee: their part, and the person."""
    person = journey.add_person(world, number=journey.NUMBERS[1])
    with world.unit(SYSTEM) as uow:
        uow.add(Organisation, kind="ULO", name="Held Well", search_name="held well", ods_code="HW001")
    entry = ActingEntry(
        Acting.NOMINEE, "Held Well", Relation.ORGANISATION, nominated_by=NominatedBy.HOLDER, organisation_code="HW001"
    )
    return journey.acts(world, person, entry, dbs_on=date(2026, 3, 1)), person


def test_ids_of_another_board_lead_nowhere(chosen: Chosen) -> None:
    world = chosen.world
    part, person = organisation(world)
    checks = ChecksEntry(individual="Olu Ther", dbs_on=date(2026, 3, 2), dbs_reference="009876543210")
    world.do(world.cm, lambda uow: acting.end(uow, chosen.nominee, "Moved abroad"))
    (task,) = rows(world, Task, kind="NOMINATION_CHANGED")

    def named(uow: UnitOfWork) -> None:
        individuals.change_individual(uow, part, checks, seen_version=uow.session.get_one(PersonRole, part).row_version)

    entry = ActingEntry(Acting.REPRESENTATIVE, "Ann Other", Relation.PARENT, Basis.PARENT)
    for act in (
        named,
        lambda uow: tasks.finish_task(uow, task.id, "All is well with them."),
        lambda uow: acting.suspend(uow, part, "A concern was raised"),
        lambda uow: acting.end(uow, part, "A concern was raised"),
        lambda uow: acting.propose(uow, person, entry),
    ):
        assert refused(world, world.other_cm, act) == NOT_YOURS
    assert refused(world, world.other_approver, lambda uow: acting.agree(uow, part)) == NOT_YOURS
    for who in (world.other_cm, world.other_auditor, world.other_admin):
        with world.unit(who, writes=False) as uow, pytest.raises(NotFound):
            task_view(uow.session, who, world.today, task.id)
    world.do(world.cm, named)
    assert row(world, PersonRole, part).individual == "Olu Ther"


def test_nobody_but_the_case_manager_names_who_looks_after_the_money(world: World) -> None:
    part, _person = organisation(world)
    version = row(world, PersonRole, part).row_version
    checks = ChecksEntry(individual="Olu Ther", dbs_on=date(2026, 3, 2), dbs_reference="009876543210")
    theirs = Actor(Role.NOMINEE, user_id=UUID(int=9), display_name="Somebody", icb_id=world.icb,
                   organisation_id=row(world, PersonRole, part).organisation_id)  # fmt: skip
    for who in (theirs, world.approver, world.finance, world.clinician, world.auditor, world.admin):
        refused(world, who, lambda uow: individuals.change_individual(uow, part, checks, seen_version=version))


def test_the_same_organisation_let_in_by_another_board_acts_for_nobody_here(world: World) -> None:
    part, _person = organisation(world)
    here = Actor(Role.NOMINEE, user_id=UUID(int=9), display_name="Somebody", icb_id=world.icb,
                 organisation_id=row(world, PersonRole, part).organisation_id)  # fmt: skip
    there = replace(here, icb_id=world.other_icb)
    with world.unit(here, writes=False) as uow:
        assert part_of(uow.session, here, world.today, part)[0].whose
    finds_no_part(world, there, part)
    assert refused(world, there, lambda uow: acting.stop(uow, part, "No longer able to")) == NOT_YOURS
