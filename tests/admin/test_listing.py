"""The statements behind lists, at random data: pages, conditions, what is out of sight; on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.admin.asked import Asked
from phbportal.admin.listing import Listed, count_words, list_page, matching
from phbportal.admin.ops import Condition, Op
from phbportal.domain.errors import Refusal
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.tables.equipment import Equipment
from tests.admin import gear
from tests.admin.gear import GEAR
from tests.queries.worlds import module_engine, quick_postgres
from tests.support.statements import statements
from tests.support.world import World, make_world

__all__ = ["module_engine", "quick_postgres"]


@pytest.fixture(scope="module")
def world(module_engine: Engine) -> World:
    """Forty things of one board and nine of another; no test here changes any."""
    made = make_world(module_engine)
    gear.furnish(made)
    return made


def look(world: World, *, by: Actor | None = None, **asked: Any) -> Listed:
    with world.unit(by or world.finance, writes=False) as uow:
        return list_page(uow.session, uow.actor, uow.today, GEAR, Asked(**asked))


def rows_of(world: World) -> list[Equipment]:
    """Every thing of the first board."""
    with world.unit(SYSTEM, writes=False) as uow:
        found = list(uow.session.execute(select(Equipment).where(col(Equipment.icb_id) == world.icb)).scalars())
        uow.session.expunge_all()
    return found


def walk(world: World, **asked: Any) -> list[Listed]:
    """Every page, forwards."""
    pages = [look(world, **asked)]
    while pages[-1].after:
        pages.append(look(world, **asked, cursor=pages[-1].after, direction="after"))
    return pages


ORDERS: dict[str, Callable[[Equipment], Any]] = {
    "name": lambda row: (row.search_name, row.id),
    "price_pence": lambda row: (row.price_pence, row.id),
    "bought_on": lambda row: (row.bought_on, row.id),
}


@pytest.mark.parametrize("size", [1, 3, 7])
@pytest.mark.parametrize("sort", ["name", "-name", "price_pence", "-price_pence", "bought_on", "-bought_on"])
def test_pages_joined_are_the_whole_list_in_its_order_either_way(world: World, sort: str, size: int) -> None:
    wanted = sorted(rows_of(world), key=ORDERS[sort.removeprefix("-")], reverse=sort.startswith("-"))
    forwards = walk(world, sort=sort, size=size)
    assert [i for page in forwards for i in page.ids] == [row.id for row in wanted]
    page, backwards = forwards[-1], [forwards[-1]]
    while page.before:
        page = look(world, sort=sort, size=size, cursor=page.before, direction="before")
        backwards.insert(0, page)
    assert [p.ids for p in backwards] == [p.ids for p in forwards]
    assert [p.rows for p in backwards] == [p.rows for p in forwards]


def test_a_place_in_one_order_is_no_place_in_another(world: World) -> None:
    place = look(world, sort="name", size=3).after
    assert look(world, sort="price_pence", size=3, cursor=place, direction="after").rows == (
        look(world, sort="price_pence", size=3).rows
    )


def _lower(text: str) -> str:
    return text.lower()


CONDITIONS: list[tuple[Condition, Callable[[Equipment], bool]]] = [
    (Condition("price_pence", Op.MORE, ("£1.00",)), lambda r: r.price_pence > 100),
    (Condition("price_pence", Op.LESS, ("25.50",)), lambda r: r.price_pence < 2_550),
    (Condition("price_pence", Op.BETWEEN, ("1", "25.50")), lambda r: 100 <= r.price_pence <= 2_550),
    (Condition("price_pence", Op.IS, ("0",)), lambda r: r.price_pence == 0),
    (Condition("price_pence", Op.IS_NOT, ("0",)), lambda r: r.price_pence != 0),
    (Condition("bought_on", Op.BEFORE, ("3 January 2026",)), lambda r: r.bought_on < date(2026, 1, 3)),
    (Condition("bought_on", Op.AFTER, ("3 1 2026",)), lambda r: r.bought_on > date(2026, 1, 3)),
    (Condition("bought_on", Op.BETWEEN, ("2/1/2026", "3/1/2026")), lambda r: r.bought_on.day in (2, 3)),
    (Condition("returned_on", Op.EMPTY), lambda r: r.returned_on is None),
    (Condition("returned_on", Op.FILLED), lambda r: r.returned_on is not None),
    (Condition("status", Op.IS, ("LOST",)), lambda r: r.status == "LOST"),
    (Condition("status", Op.IS_NOT, ("LOST",)), lambda r: r.status != "LOST"),
    (Condition("name", Op.CONTAINS, ("BED",)), lambda r: "bed" in r.name.lower()),
    (Condition("name", Op.CONTAINS, ("%",)), lambda r: "%" in r.name),
    (Condition("name", Op.CONTAINS, ("_",)), lambda r: "_" in r.name),
    (Condition("name", Op.BEGINS, ("ho",)), lambda r: r.name.lower().startswith("ho")),
    (Condition("name", Op.IS, ("Hoist",)), lambda r: r.name == "Hoist"),
    (Condition("serial_number", Op.EMPTY), lambda r: r.serial_number == ""),
    (Condition("serial_number", Op.FILLED), lambda r: r.serial_number != ""),
]


@pytest.mark.parametrize("n", range(len(CONDITIONS)))
def test_a_condition_finds_what_it_says_in_the_list_the_count_and_all_that_match(world: World, n: int) -> None:
    condition, holds = CONDITIONS[n]
    wanted = {row.id for row in rows_of(world) if holds(row)}
    assert 0 < len(wanted) < 40
    assert set(look(world, conditions=(condition,), size=100).ids) == wanted
    with world.unit(world.finance, writes=False) as uow:
        about = (uow.session, uow.actor, uow.today, GEAR, Asked(conditions=(condition,)))
        assert count_words(*about) == ("1 thing" if len(wanted) == 1 else f"{len(wanted)} gear")
        assert set(matching(*about, 100)) == wanted


@pytest.mark.parametrize("first", range(0, len(CONDITIONS), 3))
def test_all_conditions_must_hold(world: World, first: int) -> None:
    chosen = [CONDITIONS[first], CONDITIONS[(first + 7) % len(CONDITIONS)], CONDITIONS[10]]
    wanted = {row.id for row in rows_of(world) if all(holds(row) for _c, holds in chosen)}
    assert set(look(world, conditions=tuple(c for c, _holds in chosen), size=100).ids) == wanted


# What is out of sight -------------------------------------------------------------------------------------------------


def test_a_column_one_may_not_see_is_not_there(world: World) -> None:
    assert [head.label for head in look(world).heads] == ["Name", "Price", "Status", "Bought on"]
    page = look(world, by=world.cm, columns=("price_pence", "name"))
    assert [head.label for head in page.heads] == ["Name"]
    assert not any("£" in cell for row in page.rows for cell in row)


@pytest.mark.parametrize("op", [Op.IS, Op.MORE, Op.BETWEEN, Op.EMPTY])
def test_a_column_one_may_not_see_is_not_filtered_by(world: World, op: Op) -> None:
    values = {Op.BETWEEN: ("0", "5"), Op.EMPTY: ()}.get(op, ("0",))
    with pytest.raises(Refusal) as refused:
        look(world, by=world.cm, conditions=(Condition("price_pence", op, values),))
    assert "£" not in str(refused.value)
    with world.unit(world.cm, writes=False) as uow:
        asked = Asked(conditions=(Condition("price_pence", op, values),))
        with pytest.raises(Refusal):
            count_words(uow.session, uow.actor, uow.today, GEAR, asked)
        with pytest.raises(Refusal):
            matching(uow.session, uow.actor, uow.today, GEAR, asked, 9)


@pytest.mark.parametrize("sort", ["price_pence", "-price_pence", "id; DROP TABLE person", "returned_on"])
def test_a_column_one_may_not_see_or_sort_by_leaves_the_usual_order(world: World, sort: str) -> None:
    assert look(world, by=world.cm, sort=sort, size=100).ids == look(world, by=world.cm, size=100).ids


def test_a_column_one_may_not_see_is_not_searched_by(world: World) -> None:
    page = look(world, by=world.cm, search="25.50")
    assert (page.rows, page.unseen) == ([], True)
    assert page.nothing == "You cannot search by price in your role. Search by name or serial number."
    assert look(world, search="25.50").rows


def test_rows_of_another_board_are_neither_listed_nor_searched_nor_counted_nor_chosen(world: World) -> None:
    ours = {row.id for row in rows_of(world)}
    for asked in (Asked(size=100), Asked(search="bed", size=100), Asked(search="SN 1", size=100)):
        with world.unit(world.other_finance, writes=False) as uow:
            about = (uow.session, uow.actor, uow.today, GEAR, asked)
            page, found = list_page(*about), matching(*about, 100)
            assert page.ids
            assert not set(page.ids) & ours
            assert set(page.ids) == set(found)
            assert count_words(*about) in ("1 thing", f"{len(found)} gear")


def test_an_actor_who_may_see_none_sees_none(world: World) -> None:
    assert look(world, by=world.admin).rows == []


# Statements -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", [
    {}, {"search": "bed"}, {"sort": "-price_pence"}, {"conditions": (Condition("name", Op.CONTAINS, ("b",)),)},
], ids=["plain", "search", "sort", "condition"])  # fmt: skip
def test_a_page_takes_as_many_statements_whatever_its_size_and_place(world: World, asked: dict[str, Any]) -> None:
    columns = ("name", "phb_id", "bought_on")
    counts = set()
    with world.unit(world.finance, writes=False) as uow:
        for size in (1, 3, 50):
            cursor, direction = "", ""
            for _turn in range(3):
                with statements(world.engine) as sent:
                    page = list_page(
                        uow.session, uow.actor, uow.today, GEAR,
                        Asked(**asked, columns=columns, size=size, cursor=cursor, direction=direction),
                    )  # fmt: skip
                counts.add(len(sent))
                cursor, direction = page.after, "after"
                if not cursor:
                    break
    assert counts == {2}  # the rows, and the budgets they link to
