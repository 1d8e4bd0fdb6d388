"""One organisation in several roles: each kept apart, counted, and nobody named who is not its own (domain.md §2.3)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from phbportal.domain.acting import Acting, NominatedBy
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.organisation_parts import other_parts
from phbportal.services import acting
from tests.support import arranging, journey
from tests.support.world import World, make_world


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 4, 6))


def noted(world: World, number: str, role: Acting, code: str) -> None:
    person = journey.add_person(world, number=number)
    by = NominatedBy.HOLDER if role is Acting.NOMINEE else None
    entry = acting.ActingEntry(role, "Them", Relation.ORGANISATION, nominated_by=by, organisation_code=code)
    part = world.do(world.cm, lambda uow: acting.propose(uow, person, entry))
    if number == journey.NUMBERS[4]:
        world.do(world.cm, lambda uow: acting.end(uow, part, "No longer wanted"))


def test_each_role_is_counted_apart_by_board_and_what_has_ended_is_not(world: World) -> None:
    larch = arranging.organisation(world, ods_code="LARCH")
    lena = arranging.somebody_of(world, larch)
    for number, role in (
        (0, Acting.BROKER), (1, Acting.ADVOCATE), (2, Acting.BROKER), (3, Acting.NOMINEE), (4, Acting.BROKER),
    ):  # fmt: skip
        noted(world, journey.NUMBERS[number], role, "LARCH")
    with world.unit(lena, writes=False) as uow:
        parts = {one.heading.split(" ")[0]: one for one in other_parts(uow.session, lena)}
    assert parts["Helping"].people == ["NHS Test One ICB has noted you for 3 people."]
    assert parts["Acting"].people == ["NHS Test One ICB has noted you for 1 person."]
    assert parts["Care"].people == [], "who buys from them is not said, nor how many"
    assert all(one.sees for one in parts.values())


def test_another_organisation_or_another_role_is_told_nothing_of_it(world: World) -> None:
    larch, elm = arranging.organisation(world, ods_code="LARCH"), arranging.organisation(world, "Elm House")
    noted(world, journey.NUMBERS[0], Acting.BROKER, "LARCH")
    edie = arranging.somebody_of(world, elm, "Edie Elm")
    for who in (edie, world.cm, Actor(Role.NOMINEE, user_id=edie.user_id, icb_id=world.icb, organisation_id=larch)):
        with world.unit(who, writes=False) as uow:
            said = [words for one in other_parts(uow.session, who) for words in one.people]
        assert set(said) == {"No board has noted you in this role."}
