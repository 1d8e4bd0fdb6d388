"""Whoever looks at a record leaves a trace, whether they change something or only read (invariant I33)."""

from __future__ import annotations

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AccessEvent
from tests.services.asking import rows
from tests.support import journey
from tests.support.world import World


@pytest.mark.parametrize("writes", [False, True])
def test_i33_a_look_at_a_person_is_kept_with_who_what_and_which_board(world: World, writes: bool) -> None:
    person_id = journey.add_person(world)
    with world.unit(world.clinician, writes=writes) as uow:
        uow.saw("person record", person_id=person_id)
    (look,) = rows(world, AccessEvent)
    assert (look.user_id, look.person_id, look.page) == (world.clinician.user_id, person_id, "person record")
    assert (look.role, look.icb_id, look.rows_shown) == ("CLINICIAN", world.icb, 1)


def test_i33_a_look_that_ended_in_a_refusal_showed_nothing_and_is_not_kept(world: World) -> None:
    def refused(uow: UnitOfWork) -> None:
        uow.saw("person record")
        raise Refusal("Not today.")

    with pytest.raises(Refusal):
        world.do(world.cm, refused)
    assert rows(world, AccessEvent) == []


def test_i33_a_holder_who_looks_at_their_own_record_is_not_watched(world: World) -> None:

    person_id = journey.add_person(world)
    with world.unit(Actor(role=Role.HOLDER, person_id=person_id), writes=False) as uow:
        uow.saw("my budget", person_id=person_id)
    assert rows(world, AccessEvent) == []
