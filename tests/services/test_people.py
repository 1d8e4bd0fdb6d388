"""People: the NHS number (I01), and two who change one record."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from phbportal.domain.errors import Conflict, NotFound, Refusal
from phbportal.domain.letters import BY_WORDS, By
from phbportal.services import people
from phbportal.services.people import PersonEntry
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import new_id
from phbportal.tables.people import Person, PersonResponsibility
from tests.services.asking import refused, row, rows
from tests.support import journey
from tests.support.journey import NUMBERS
from tests.support.world import World, at

AMINA = PersonEntry("Amina", "Okafor-Reyes", date(1961, 2, 3), nhs_number=NUMBERS[0], nhs_number_status="01")
OTHER = PersonEntry("Bertram", "Quill", date(1970, 5, 6), nhs_number=NUMBERS[0], nhs_number_status="01")
FORM = {"given_name": "Amina", "family_name": "Okafor-Reyes", "date_of_birth": "3/2/1961"}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        pytest.param("9991234560", "not a real NHS number", id="refusal_15"),
        ("1111111111", "never one digit 10 times"),
        ("999000001", "Enter the 10 digits"),
        ("999 000 0019", "not a real NHS number"),
    ],
)
def test_refusal_15_i01_a_number_that_is_not_an_nhs_number_is_refused_beside_its_field(typed: str, words: str) -> None:
    with pytest.raises(Refusal, match=words) as refusal:
        people.read_person(FORM | {"nhs_number": typed}, date(2026, 4, 1))
    assert [p.field for p in refusal.value.problems] == ["nhs_number"]


def test_i01_an_nhs_number_is_kept_as_10_digits_however_it_was_typed(world: World) -> None:
    entry = people.read_person(FORM | {"nhs_number": " 999-000 0018 "}, world.today)
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, entry))
    assert row(world, Person, person_id).nhs_number == "9990000018"


def test_everything_wrong_with_the_form_is_said_at_once() -> None:
    wrong = {"given_name": "", "family_name": "", "date_of_birth": "2/4/2026", "nhs_number": "1"}
    with pytest.raises(Refusal) as refusal:
        people.read_person(wrong, date(2026, 4, 1))
    assert [p.field for p in refusal.value.problems] == ["given_name", "family_name", "date_of_birth", "nhs_number"]


def test_i01_a_number_of_somebody_in_one_s_own_board_is_refused_and_says_who_to_open(world: World) -> None:
    world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    said = refused(world, world.cm2, lambda uow: people.add_person(uow, OTHER))
    assert said == ("This NHS number belongs to Amina Okafor-Reyes, born 3 February 1961. Open that person instead.")


def test_i01_a_number_of_somebody_in_another_board_is_refused_and_tells_nothing_of_them(world: World) -> None:
    world.do(world.other_cm, lambda uow: people.add_person(uow, AMINA))
    said = refused(world, world.cm, lambda uow: people.add_person(uow, OTHER))
    assert "already on another record" in said
    for secret in ("Amina", "Okafor", "1961", "February", "Two ICB", "QT2"):
        assert secret not in said


def test_i01_changing_a_number_to_one_that_is_taken_is_refused(world: World) -> None:
    world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    bertram = world.do(world.cm, lambda uow: people.add_person(uow, replace(OTHER, nhs_number=NUMBERS[1])))
    said = refused(world, world.cm, lambda uow: people.change_person(uow, bertram, OTHER, seen_version=1))
    assert "belongs to Amina Okafor-Reyes" in said


def test_i01_the_database_itself_refuses_a_second_person_with_a_number(world: World) -> None:
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    copy = row(world, Person, person_id).model_dump() | {"id": new_id()}
    with world.engine.connect() as connection:
        with pytest.raises(IntegrityError, match=r"(?i)unique"):
            connection.execute(insert(Person).values(**copy))


def test_people_without_a_number_do_not_stand_in_each_other_s_way(world: World) -> None:
    for entry in (replace(AMINA, nhs_number=None), replace(OTHER, nhs_number=None)):
        world.do(world.cm, lambda uow, e=entry: people.add_person(uow, e))
    assert len(rows(world, Person)) == 2


def test_the_board_of_whoever_adds_a_person_answers_for_them_from_today(world: World) -> None:
    person_id = journey.add_person(world)
    only = rows(world, PersonResponsibility, person_id=person_id)
    assert [(r.icb_id, r.starts_on, r.ends_on) for r in only] == [(world.icb, world.today, None)]


@pytest.mark.parametrize("who", ["clinician", "finance", "approver", "auditor", "admin"])
def test_only_a_case_manager_adds_people(world: World, who: str) -> None:
    said = refused(world, world.actors[who], lambda uow: people.add_person(uow, AMINA))
    assert said == "Only a case manager can do this."


def test_a_person_cannot_be_added_to_another_board(world: World) -> None:
    said = refused(world, world.cm, lambda uow: people.add_person(uow, AMINA, icb_id=world.other_icb))
    assert said == "We could not find that."


def test_a_stale_form_is_refused_with_both_versions_of_every_field(world: World) -> None:
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    theirs = replace(AMINA, telephone="+441632960001", date_of_birth=date(1961, 3, 2))
    world.do(world.cm2, lambda uow: people.change_person(uow, person_id, theirs, seen_version=1))
    mine = replace(AMINA, telephone="+441632960002", nhs_number=NUMBERS[1])
    with pytest.raises(Conflict) as conflict:
        world.do(world.cm, lambda uow: people.change_person(uow, person_id, mine, seen_version=1))
    told = conflict.value
    assert "Somebody else changed this while you had it open" in str(told)
    assert told.row_version == 2
    differs = {name for name in told.theirs if told.theirs[name] != told.mine[name]}
    assert differs == {"telephone", "date_of_birth", "nhs_number"}
    assert (told.theirs["telephone"], told.mine["telephone"]) == ("01632 960001", "01632 960002")
    assert (told.theirs["date_of_birth"], told.mine["date_of_birth"]) == ("2 March 1961", "3 February 1961")
    assert (told.theirs["nhs_number"], told.mine["nhs_number"]) == ("999 000 0018", "999 000 0026")
    assert row(world, Person, person_id).telephone == "+441632960001"


def test_a_form_sent_again_after_comparing_is_saved(world: World) -> None:
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    first = replace(AMINA, postcode="L8 7SS")
    world.do(world.cm2, lambda uow: people.change_person(uow, person_id, first, seen_version=1))
    second = replace(first, known_as="Mina")
    world.do(world.cm, lambda uow: people.change_person(uow, person_id, second, seen_version=2))
    saved = row(world, Person, person_id)
    assert (saved.known_as, saved.postcode, saved.row_version) == ("Mina", "L8 7SS", 3)


def test_saving_what_is_there_already_changes_and_records_nothing(world: World) -> None:
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    world.do(world.cm, lambda uow: people.change_person(uow, person_id, AMINA, seen_version=1))
    assert row(world, Person, person_id).row_version == 1
    assert rows(world, AuditEvent, kind="person_changed") == []


def test_i29_a_person_of_another_board_cannot_be_changed_nor_seen(world: World) -> None:
    person_id = world.do(world.other_cm, lambda uow: people.add_person(uow, AMINA))
    said = refused(world, world.cm, lambda uow: people.change_person(uow, person_id, AMINA, seen_version=1))
    assert said == "We could not find that."
    with pytest.raises(NotFound):
        world.do(world.cm, lambda uow: uow.find(Person, person_id))
    assert person_id == world.do(world.other_cm, lambda uow: uow.find(Person, person_id)).id


def test_the_history_of_a_change_keeps_before_and_after_but_no_free_text(world: World) -> None:
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, AMINA))
    change = replace(AMINA, telephone="+441632960001", communication_needs="Deaf since the operation")
    world.do(world.cm, lambda uow: people.change_person(uow, person_id, change, seen_version=1))
    (event,) = rows(world, AuditEvent, kind="person_changed")
    details = json.loads(event.details)
    assert details["fields"] == ["communication_needs", "telephone"]
    assert details["held"] == {"telephone": [AMINA.telephone, "+441632960001"]}
    assert event.about_id == person_id


def test_every_row_says_who_made_it_and_when(world: World) -> None:
    person_id = journey.add_person(world)
    made = row(world, Person, person_id)
    assert (made.created_by, made.created_at) == (world.cm.user_id, at(world.today))
    assert isinstance(made.id, UUID)
    assert made.id.version == 7


# -- how somebody gets letters


@pytest.mark.parametrize(("form", "kept"), [
    ({}, (None, None)),
    ({"letters_by": "POST", "email": "amina@EXAMPLE.org"}, ("amina@example.org", None)),
    ({"letters_by": "EMAIL", "email": "amina@example.org"}, ("amina@example.org", "EMAIL")),
    ({"letters_by": BY_WORDS[By.EMAIL_NOTE], "email": "a@b.org"}, ("a@b.org", "EMAIL_NOTE")),
])  # fmt: skip
def test_how_somebody_gets_letters_is_read_as_a_choice_or_in_its_words(
    form: dict[str, str], kept: tuple[str | None, str | None]
) -> None:
    entry = people.read_person(FORM | form, date(2026, 4, 1))
    assert (entry.email, entry.letters_by) == kept


@pytest.mark.parametrize(("form", "field"), [
    ({"letters_by": "EMAIL"}, "email"), ({"letters_by": "PIGEON"}, "letters_by"),
    ({"letters_by": "EMAIL", "email": "amina at home"}, "email"),
])  # fmt: skip
def test_a_letter_by_e_mail_wants_an_address(form: dict[str, str], field: str) -> None:
    with pytest.raises(Refusal) as refusal:
        people.read_person(FORM | form, date(2026, 4, 1))
    assert {problem.field for problem in refusal.value.problems} == {field}
