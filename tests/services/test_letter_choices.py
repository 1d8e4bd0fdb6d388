"""Holders, representatives and nominees choose how they get letters; history tells of it and the outbox follows."""

from __future__ import annotations

import pytest
from sqlalchemy import update
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.letters import By
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.history import history_page
from phbportal.queries.letter_choices import letters_of_part, own_letters
from phbportal.services.letter_choices import (
    LetterChoice,
    choose_letters_of_part,
    choose_own_letters,
    read_letter_choice,
)
from phbportal.services.letters import whom_to_tell
from phbportal.tables.acting import PersonRole
from phbportal.tables.people import Person
from phbportal.tables.users import Assignment
from tests.services.asking import Copy, refused, row
from tests.support import journey
from tests.support.world import World

WHOLE = LetterChoice(By.EMAIL, "amina@example.org")
TYPED = {"letters_by": "EMAIL", "email": "amina@example.org", "email_again": "Amina@Example.org "}


@pytest.mark.parametrize(("form", "choice"), [
    (TYPED, WHOLE),
    (TYPED | {"letters_by": "EMAIL_NOTE"}, LetterChoice(By.EMAIL_NOTE, "amina@example.org")),
    ({"letters_by": "POST", "email": "half an addr", "email_again": ""}, LetterChoice(By.POST)),
], ids=["whole", "note", "post"])  # fmt: skip
def test_a_choice_is_read(form: dict[str, str], choice: LetterChoice) -> None:
    assert read_letter_choice(form) == choice


@pytest.mark.parametrize(("changed", "field", "words"), [
    ({"letters_by": ""}, "letters_by", "Choose how you want"),
    ({"letters_by": "PIGEON"}, "letters_by", ""),
    ({"email": "", "email_again": ""}, "email", "Enter the e-mail address"),
    ({"email": "amina at home"}, "email", "in full"),
    ({"email_again": "amina@example.com"}, "email_again", "are not the same"),
    ({"email_again": ""}, "email_again", "are not the same"),
], ids=["nothing", "no way", "no address", "no such address", "another", "once"])  # fmt: skip
def test_bad_input_gets_a_sentence_beside_the_field(changed: dict[str, str], field: str, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_letter_choice(TYPED | changed)
    (problem,) = refusal.value.problems
    assert problem.field == field
    assert words in problem.sentence


def told(world: World, person_id: object, *parts: PersonRole) -> list[tuple[str, By, str]]:
    with world.unit(world.cm, writes=False) as uow:
        person = uow.session.get_one(Person, person_id)
        return [(one.name, one.by, one.email) for one in whom_to_tell(uow, person.id, parts)]


def history(world: World, person_id: object) -> str:
    with world.unit(world.cm, writes=False) as uow:
        return str(history_page(uow.session, uow.actor, uow.today, person_id=person_id, size=50).rows)  # pyright: ignore


def test_a_holder_s_letters_go_as_they_chose_themselves(drafted: Copy) -> None:
    world, case = drafted
    holder = Actor(Role.HOLDER, user_id=world.cm.user_id, display_name="Amina", person_id=case.person_id)
    name = "Amina Okafor-Reyes"
    assert told(world, case.person_id) == [(name, By.POST, "")]
    world.do(holder, lambda uow: choose_own_letters(uow, WHOLE))
    assert told(world, case.person_id) == [(name, By.EMAIL, "amina@example.org")]
    assert "Chose to get letters by e-mail, the whole letter." in history(world, case.person_id)
    world.do(holder, lambda uow: choose_own_letters(uow, LetterChoice(By.POST)))
    assert told(world, case.person_id) == [(name, By.POST, "")]
    assert row(world, Person, case.person_id).email == "amina@example.org", "the team still reaches them there"
    with world.unit(holder, writes=False) as uow:
        assert own_letters(uow.session, uow.actor, uow.today).by == "POST"


def test_a_nominee_s_letters_go_as_they_chose_and_a_note_only_while_they_act(drafted: Copy) -> None:
    world, case = drafted
    part = journey.nominee(world, case.person_id)
    nell = journey.user_of(world, part, Role.NOMINEE)
    note = LetterChoice(By.EMAIL_NOTE, "nell@example.org")
    world.do(nell, lambda uow: choose_letters_of_part(uow, part, note))
    with world.unit(nell, writes=False) as uow:
        found = letters_of_part(uow.session, uow.actor, uow.today, part)
    assert (found.by, found.email) == ("EMAIL_NOTE", "nell@example.org")
    payee = row(world, PersonRole, part)
    assert told(world, case.person_id, payee)[-1] == (payee.name, By.EMAIL_NOTE, "nell@example.org")
    payee.status = "SUSPENDED"
    assert told(world, case.person_id, payee)[-1][1:] == (By.POST, ""), "they could not open it"
    assert "Chose to get letters by e-mail, only that a letter waits" in history(world, case.person_id)


def test_a_letter_goes_by_post_to_somebody_who_cannot_sign_in_any_more(drafted: Copy) -> None:
    """A part whose sign-in was ended stands, and its money is paid: a note that a letter waits would reach nobody."""
    world, case = drafted
    part = journey.nominee(world, case.person_id)
    nell = journey.user_of(world, part, Role.NOMINEE)
    world.do(nell, lambda uow: choose_letters_of_part(uow, part, LetterChoice(By.EMAIL_NOTE, "nell@example.org")))
    payee = row(world, PersonRole, part)
    assert told(world, case.person_id, payee)[-1][1:] == (By.EMAIL_NOTE, "nell@example.org")
    with world.unit(SYSTEM) as uow:
        uow.session.execute(
            update(Assignment).where(col(Assignment.user_id) == nell.user_id).values(revoked_at=uow.now)
        )
    assert told(world, case.person_id, payee)[-1][1:] == (By.POST, "")
    world.do(SYSTEM, lambda uow: uow.change(uow.session.get_one(PersonRole, part), letters_by="EMAIL"))
    assert told(world, case.person_id, row(world, PersonRole, part))[-1][1:] == (By.EMAIL, "nell@example.org")


def test_nobody_chooses_for_somebody_else(drafted: Copy) -> None:
    world, case = drafted
    part = journey.nominee(world, case.person_id)
    journey.user_of(world, part, Role.NOMINEE)
    stranger = Actor(Role.NOMINEE, user_id=world.finance.user_id, display_name="Nobody")
    unseen = "We could not find that."
    assert refused(world, stranger, lambda uow: choose_letters_of_part(uow, part, WHOLE)) == unseen
    assert refused(world, world.cm, lambda uow: choose_letters_of_part(uow, part, WHOLE)).startswith("Only")
    assert refused(world, world.cm, lambda uow: choose_own_letters(uow, WHOLE)).startswith("Only the person themselves")
