"""The people list: searching, paging, and who sees what, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal.admin.asked import Asked
from phbportal.admin.listing import Listed, count_words, list_page
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.resources.everything import declare
from phbportal.resources.people import PEOPLE
from phbportal.services.people import PersonEntry, add_person
from phbportal.tables.people import PersonResponsibility
from tests.support import journey
from tests.support.journey import NUMBERS, StreamPlan
from tests.support.statements import statements
from tests.support.world import World, make_world

BORN = date(1970, 5, 17)


@pytest.fixture
def world(engine: Engine) -> World:
    declare()
    return make_world(engine)


def add(world: World, *names: str, by: Actor | None = None) -> list[UUID]:
    """People by "Given Family", born on one day, without NHS numbers."""
    with world.unit(by or world.cm) as uow:
        pairs = [name.rsplit(" ", 1) for name in names]
        return [add_person(uow, PersonEntry(given, family, BORN)) for given, family in pairs]


def look(world: World, search: str = "", *, by: Actor | None = None, **place: Any) -> Listed:
    with world.unit(by or world.cm, writes=False) as uow:
        return list_page(uow.session, uow.actor, uow.today, PEOPLE, Asked(search, **place))


def told(page: Listed) -> list[dict[str, str]]:
    """Each row as its columns' headings and words."""
    return [{head.label: row[head.at] for head in page.heads} for row in page.rows]


def names(page: Listed) -> list[str]:
    return [row[1] for row in page.rows]


def walk(world: World, search: str, size: int) -> list[Listed]:
    """Every page of a search, forwards."""
    pages = [look(world, search, size=size)]
    while pages[-1].after:
        pages.append(look(world, search, size=size, cursor=pages[-1].after, direction="after"))
    return pages


def test_people_stand_in_the_order_of_their_family_names(world: World) -> None:
    add(world, "Zoe Abara", "Adam Young", "Bea Abara")
    assert names(look(world)) == ["Abara, Bea", "Abara, Zoe", "Young, Adam"]


@pytest.mark.parametrize("search", ["okafor", "Amina Oka", "okafor-reyes am", "  AMINA  ", "Okafor-Reyes A"])
def test_the_beginning_of_a_name_finds_a_person_whichever_name_comes_first(world: World, search: str) -> None:
    add(world, "Amina Okafor-Reyes", "Bo Lund")
    assert names(look(world, search)) == ["Okafor-Reyes, Amina"]


@pytest.mark.parametrize("search", ["o'bri", "obrien", "O’Brien s", "sian obr", "Siân O'Brien", "sian o brien"])
def test_diacritics_and_apostrophes_need_not_be_typed(world: World, search: str) -> None:
    add(world, "Siân O'Brien", "Sam Obi")
    found = names(look(world, search))
    assert found == (["O'Brien, Siân"] if search != "sian o brien" else [])


def test_diacritics_that_are_typed_find_names_kept_without_them(world: World) -> None:
    add(world, "Jose Nunez")
    assert names(look(world, "Núñez")) == ["Nunez, Jose"]


def test_a_middle_part_of_a_name_finds_nobody(world: World) -> None:
    add(world, "Amina Okafor-Reyes")
    page = look(world, "reyes")
    assert page.rows == []
    assert "“reyes”" in page.nothing


@pytest.mark.parametrize("search", ["9990000018", "999 000 0018", "999-000-0018", " 9990000018 "])
def test_an_nhs_number_finds_its_person_with_and_without_spaces(world: World, search: str) -> None:
    journey.add_person(world, number=NUMBERS[0])
    journey.add_person(world, number=NUMBERS[1], names=("Bo", "Lund"))
    page = look(world, search)
    assert [(row["Name"], row["NHS number"]) for row in told(page)] == [("Okafor-Reyes, Amina", "999 000 0018")]


def test_a_number_with_a_slip_in_it_is_told_so(world: World) -> None:
    assert "not a real NHS number" in look(world, "9990000019").nothing


@pytest.mark.parametrize("how", [str, str.lower, lambda r: r.replace("-", " ")])
def test_a_budget_reference_finds_its_person_however_it_is_typed(world: World, how) -> None:
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000))
    add(world, "Bo Lund")
    (row,) = told(look(world, how(case.reference)))
    assert (row["Name"], row["Budget"], row["Status"]) == ("Okafor-Reyes, Amina", case.reference, "Planning")


def test_a_local_reference_finds_its_person(world: World) -> None:
    with world.unit(world.cm) as uow:
        add_person(uow, PersonEntry("Bo", "Lund", BORN, local_reference="LAS-0042"))
    assert names(look(world, "las-0042")) == ["Lund, Bo"]
    assert names(look(world, "LAS-004")) == []


def test_letters_that_leave_nothing_to_look_for_find_nobody(world: World) -> None:
    add(world, "Bo Lund")
    page = look(world, "’")
    assert (page.rows, "Type at least one letter" in page.nothing) == ([], True)


def everyone(count: int) -> list[str]:
    """Names of which many begin alike, in either order, and some are the same."""
    given = ["Mari", "Marie", "Sam", "Amina", "Mario"]
    family = ["Lund", "Marino", "Maris", "Okafor", "Marsh", "Lund"]
    return [f"{given[n % 5]} {family[n % 6]}" for n in range(count)]


@pytest.mark.parametrize("size", [1, 4, 7])
@pytest.mark.parametrize("search", ["", "mar", "mari", "lund"])
def test_pages_visit_everyone_once_forwards_and_the_same_backwards(world: World, search: str, size: int) -> None:
    ids = add(world, *everyone(23))
    add(world, *everyone(9), by=world.other_cm)
    forwards = walk(world, search, size)
    visited = [row[0] for page in forwards for row in page.rows]
    wanted = {
        str(i)
        for i, name in zip(ids, everyone(23), strict=True)
        if any(part.lower().startswith(search) for part in name.split())
    }
    assert len(visited) == len(set(visited))
    assert set(visited) == wanted
    assert forwards[0].before == ""
    page, backwards = forwards[-1], [forwards[-1]]
    while page.before:
        page = look(world, search, size=size, cursor=page.before, direction="before")
        backwards.insert(0, page)
    assert [p.rows for p in backwards] == [p.rows for p in forwards]


def test_a_name_that_fits_both_ways_is_found_once_by_its_family_name(world: World) -> None:
    add(world, "Mario Marino", "Mario Lund", "Ann Marsh")
    assert names(look(world, "mar")) == ["Marino, Mario", "Marsh, Ann", "Lund, Mario"]


def test_a_long_name_in_another_alphabet_can_be_paged_past(world: World) -> None:
    add(world, "А" * 200 + " " + "Б" * 150, "Б Г", "Bo Lund")
    assert [len(page.rows) for page in walk(world, "", 1)] == [1, 1, 1]
    assert all(len(page.after) <= 400 for page in walk(world, "", 1))


def test_another_boards_people_never_appear(world: World) -> None:
    journey.add_person(world, by=world.other_cm, number=NUMBERS[0], names=("Amina", "Okafor"))
    for search in ("", "okafor", "amina", "999 000 0018"):
        assert look(world, search).rows == []
        assert names(look(world, search, by=world.other_cm)) == ["Okafor, Amina"]


def test_a_reference_of_another_boards_budget_does_not_say_whose_it_is(world: World) -> None:
    """The person is ours now, the budget is still the old board's."""
    case = journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000))
    world.do(
        SYSTEM,
        lambda uow: uow.add(
            PersonResponsibility, person_id=case.person_id, icb_id=world.other_icb, starts_on=world.today
        ),
    )
    assert look(world, case.reference, by=world.other_cm).rows == []
    (row,) = told(look(world, "okafor", by=world.other_cm))
    assert (row["Budget"], row["Status"]) == ("", "No budget")


def test_an_administrator_sees_nobody(world: World) -> None:
    journey.add_person(world)
    assert look(world, by=world.admin).rows == []


def test_a_finance_officers_rows_carry_no_nhs_number(world: World) -> None:
    journey.add_person(world, number=NUMBERS[0])
    (row,) = told(look(world, by=world.finance))
    assert row["Name"] == "Okafor-Reyes, Amina"
    assert "NHS number" not in row


def test_a_finance_officer_cannot_find_out_whose_an_nhs_number_is(world: World) -> None:
    journey.add_person(world, number=NUMBERS[0])
    page = look(world, "999 000 0018", by=world.finance)
    assert page.rows == []
    assert page.nothing == "You cannot search by NHS number in your role. Search by name or reference."


@pytest.mark.parametrize("search", ["", "mar", "9990000018"])
def test_a_page_takes_two_statements_whatever_its_size_and_place(world: World, search: str) -> None:
    add(world, *everyone(20))
    journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000))
    counts = set()
    with world.unit(world.cm, writes=False) as uow:
        for size in (1, 5, 50):
            cursor, direction = "", ""
            for _turn in range(4):
                with statements(world.engine) as sent:
                    page = list_page(
                        uow.session,
                        uow.actor,
                        uow.today,
                        PEOPLE,
                        Asked(search, size=size, cursor=cursor, direction=direction),
                    )
                counts.add(len(sent))
                cursor, direction = page.after, "after"
                if not cursor:
                    break
    assert counts == {2}


def test_a_person_with_several_budgets_shows_the_newest_and_how_many_more(world: World) -> None:
    first = journey.draft(world, StreamPlan(Method.NOTIONAL, 10_000))
    second = journey.draft(
        world, StreamPlan(Method.NOTIONAL, 10_000), person_id=first.person_id, cohort=Cohort.WHEELCHAIR
    )
    (row,) = told(look(world))
    assert row["Budget"] == f"{second.reference} and 1 more"


def count(world: World, search: str = "") -> str:
    with world.unit(world.cm, writes=False) as uow:
        return count_words(uow.session, uow.actor, uow.today, PEOPLE, Asked(search))


def test_the_count_is_in_words_and_stops_at_a_thousand(world: World) -> None:
    add(world, "Amina Okafor")
    assert count(world) == "1 person"
    add(world, *everyone(1000))
    assert count(world) == "more than 1,000 people"
    assert count(world, "amina ok") == "35 people"
    assert count(world, "nobody at all") == "0 people"
