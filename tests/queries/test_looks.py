"""Who has looked, as the person whose record it is reads it: sentences by day and person, nothing lost on the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal.domain.looks import look_sentence
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.looks import LookPage, looks_in_sentences
from phbportal.queries.paging import TOP, Place
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment
from tests.support import arranging, journey
from tests.support.statements import statements
from tests.support.world import World, at, make_world


@pytest.fixture
def world(engine: Engine) -> World:
    return make_world(engine, today=date(2026, 4, 6))


def look(world: World, who: Actor, person_id: UUID, *pages: str, now: datetime | None = None) -> None:
    with world.unit(who, now=now) as uow:
        for page in pages:
            uow.saw(page, person_id=person_id)


def read(world: World, person_id: UUID, *, by: UUID | None = None, place: Place = TOP, size: int = 200) -> LookPage:
    holder = Actor(Role.HOLDER, user_id=UUID(int=9), person_id=by or person_id)
    with world.unit(holder, on=world.today + timedelta(days=30), writes=False) as uow:
        return looks_in_sentences(uow.session, uow.actor, uow.today, person_id, place=place, size=size)


def test_each_day_says_who_looked_at_what_once_and_the_latest_first(world: World) -> None:
    person = journey.add_person(world)
    look(world, world.cm, person, "plan", "money", "plan words")
    look(world, world.finance, person, "bank details")
    look(world, world.auditor, person, "person record", now=at(date(2026, 4, 7)))
    days = [(day.day, day.sentences) for day in read(world, person).days]
    assert days == [
        ("7 April 2026", ["Auditor, auditor, looked at your record."]),
        ("6 April 2026", ["Finance, finance officer, looked at your bank details.",
                          "Cm, case manager, looked at your plan and your money."]),
    ]  # fmt: skip


def test_somebody_of_an_organisation_is_named_with_whom_they_worked_for_then(world: World) -> None:
    person = journey.add_person(world)
    lena = arranging.somebody_of(world, arranging.organisation(world))
    with world.unit(lena, now=at(date(2026, 4, 7)), writes=False) as uow:
        uow.saw("arrangement", person_id=person, icb_id=world.icb)
    with world.unit(SYSTEM, now=at(date(2026, 4, 8))) as uow:  # she changes employers: what she did before stays
        elm = uow.add(Organisation, kind="ULO", name="Elm House", search_name="elm house")
        uow.add(Assignment, user_id=lena.user_id, role="PROVIDER", organisation_id=elm.id, valid_from=uow.today)
    (day,) = read(world, person).days
    assert day.sentences == ["Lena Larch of Larch Care CIC looked at the money an organisation holds for you."]
    with world.unit(world.auditor, writes=False) as uow:
        assert len(looks_in_sentences(uow.session, uow.actor, uow.today, person).days) == 1
    with world.unit(world.other_auditor, writes=False) as uow:
        assert not looks_in_sentences(uow.session, uow.actor, uow.today, person).days


def test_a_day_is_a_day_in_london(world: World) -> None:
    person = journey.add_person(world)
    look(world, world.cm, person, "plan", now=at(date(2026, 7, 1), 23) + timedelta(minutes=30))  # half past midnight
    assert [day.day for day in read(world, person).days] == ["2 July 2026"]


def test_nobody_reads_who_looked_at_somebody_else(world: World) -> None:
    mine, theirs = journey.add_person(world), journey.add_person(world, number=None, names=("Ines", "Varga"))
    look(world, world.cm, mine, "plan")
    assert read(world, mine, by=theirs).days == ()
    with world.unit(world.cm, writes=False) as uow:  # nor does staff who may not
        assert looks_in_sentences(uow.session, uow.actor, uow.today, mine).days == ()
    with world.unit(world.auditor, writes=False) as uow:
        assert len(looks_in_sentences(uow.session, uow.actor, uow.today, mine).days) == 1


def test_nothing_is_lost_between_pages_and_back_again_is_the_same(world: World) -> None:
    person = journey.add_person(world)
    for day in range(7):
        look(world, world.cm, person, "plan", now=at(world.today + timedelta(days=day)))
    place, seen = TOP, list[list[str]]()
    while True:
        page = read(world, person, place=place, size=3)
        seen.append([day.day for day in page.days])
        if not page.older:
            break
        place = Place(page.older, "older")
    assert [len(days) for days in seen] == [3, 3, 1]
    assert [day for days in seen for day in days] == [f"{n} April 2026" for n in range(12, 5, -1)]
    back = read(world, person, place=Place(page.newer, "newer"), size=3)
    assert [day.day for day in back.days] == seen[1]


def test_a_page_is_one_statement(world: World) -> None:
    person = journey.add_person(world)
    for who in (world.cm, world.finance, world.approver):
        look(world, who, person, "plan", "money")
    holder = Actor(Role.HOLDER, user_id=UUID(int=9), person_id=person)
    with world.unit(holder, writes=False) as uow, statements(world.engine) as sent:
        looks_in_sentences(uow.session, uow.actor, uow.today, person)
    assert len(sent) == 1


def test_a_page_without_words_is_a_part_of_the_record_and_the_portal_has_no_name() -> None:
    assert look_sentence("Jo Bloggs", Role.CLINICIAN, ["a page to come", "person record"]) == (
        "Jo Bloggs, clinician, looked at your record."
    )
    assert look_sentence("", Role.SYSTEM, ["plan"]) == "The portal looked at your plan."
