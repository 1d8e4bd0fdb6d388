"""The rows before and after a record, in the list it was opened from: as it was searched, filtered and sorted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal.admin.asked import Asked, understand
from phbportal.admin.beside import Neighbour, neighbours
from phbportal.admin.listing import list_page
from phbportal.admin.ops import Condition, Op
from phbportal.admin.resource import Resource
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.tables.equipment import Equipment
from tests.admin import gear
from tests.admin.gear import GEAR, PEOPLE
from tests.queries.worlds import module_engine, quick_postgres
from tests.support import journey
from tests.support.statements import statements
from tests.support.world import World, make_world

__all__ = ["module_engine", "quick_postgres"]
IN_USE = (Condition("status", Op.IS, ("IN_USE",)),)
LISTS = {
    "as it opens": Asked(), "by name": Asked(sort="name"), "by price, dearest first": Asked(sort="-price_pence"),
    "filtered": Asked(conditions=IN_USE, sort="bought_on"), "searched": Asked(search="bed"),
    "searched and filtered": Asked(search="b", conditions=IN_USE), "by a number": Asked(search="SN 1"),
}  # fmt: skip
EVERY_LIST = pytest.mark.parametrize("name", list(LISTS))


@pytest.fixture(scope="module")
def world(module_engine: Engine) -> World:
    """Forty things of one board and nine of another, and two people whose family names begin alike."""
    made = make_world(module_engine)
    gear.furnish(made)
    for number in journey.NUMBERS[2:4]:
        journey.add_person(made, number=number)
    return made


def look(world: World, key: str, asked: Asked, *, by: Actor | None = None, resource: Resource = GEAR) -> Any:
    with world.unit(by or world.finance, writes=False) as uow:
        searched = understand(uow.session, uow.actor, uow.today, resource, asked.search)
        with statements(world.engine) as sent:
            found = neighbours(uow.session, uow.actor, uow.today, resource, asked, searched, key)
    assert len(sent) <= 2
    return found


def keys(world: World, asked: Asked, resource: Resource = GEAR) -> list[str]:
    with world.unit(world.finance, writes=False) as uow:
        page = list_page(uow.session, uow.actor, uow.today, resource, asked)
    return [row[0] for row in page.rows]


@EVERY_LIST
def test_each_record_stands_between_those_the_list_shows_beside_it(world: World, name: str) -> None:
    asked = LISTS[name]
    shown = keys(world, asked)
    assert len(shown) > 3
    for n, key in enumerate(shown):
        before, after = look(world, key, asked)
        assert before.key == (shown[n - 1] if n else "")
        assert after.key == (shown[n + 1] if n + 1 < len(shown) else "")


def test_a_neighbour_says_what_it_is_called_and_where_it_is(world: World) -> None:
    first, second = keys(world, Asked(sort="name"))[:2]
    _none, after = look(world, first, Asked(sort="name"))
    assert after == Neighbour(second, "Bath seat", f"/staff/gear/{second}")


def test_people_are_gone_through_by_whichever_of_their_names_was_searched(world: World) -> None:
    for asked in (Asked(), Asked(search="a")):
        shown = keys(world, asked, PEOPLE)
        assert len(shown) >= (3 if not asked.search else 0)
        for n, key in enumerate(shown[:-1]):
            assert look(world, key, asked, resource=PEOPLE)[1].key == shown[n + 1]


def test_a_row_that_no_longer_matches_keeps_its_place(world: World) -> None:
    asked = Asked(conditions=IN_USE, sort="name")
    before, gone, after = keys(world, asked)[2:5]

    def lose(uow: Any, status: str) -> None:
        uow.session.get_one(Equipment, UUID(gone)).status = status
        uow.session.flush()

    world.do(SYSTEM, lambda uow: lose(uow, "LOST"))
    try:
        assert [one.key for one in look(world, gone, asked)] == [before, after]
    finally:
        world.do(SYSTEM, lambda uow: lose(uow, "IN_USE"))


@EVERY_LIST
def test_another_board_s_record_has_no_place_in_this_one_s_list(world: World, name: str) -> None:
    key = keys(world, Asked())[0]
    assert look(world, key, LISTS[name], by=world.other_finance) == (Neighbour(), Neighbour())


def test_a_condition_on_what_one_may_not_see_leads_nowhere(world: World) -> None:
    dear = Asked(conditions=(Condition("price_pence", Op.MORE, ("1",)),))
    key = keys(world, dear)[1]
    assert look(world, key, dear)[0] != Neighbour()
    assert look(world, key, dear, by=world.cm) == (Neighbour(), Neighbour())


@pytest.mark.parametrize("key", ["", "nonsense", "00000000-0000-7000-8000-000000000000"])
def test_a_key_that_names_nothing_stands_nowhere(world: World, key: str) -> None:
    assert look(world, key, Asked()) == (Neighbour(), Neighbour())
