"""How one gets letters, on the holder's own page and on a representative's."""

from __future__ import annotations

from uuid import UUID

from phbportal import routes
from phbportal.pages.acting.acting_for_letters import ActingLettersState
from phbportal.pages.holder.my_letters import MyLettersState
from phbportal.pages.shared.letters_choice import SAVED
from phbportal.tables.acting import PersonRole
from phbportal.tables.people import Person
from tests.pages.opening import opened
from tests.pages.test_helping_states import represented
from tests.support.portal import Portal

TYPED = {"letters_by": "EMAIL", "email": "own@example.org"}


def test_a_holder_chooses_and_an_address_typed_once_is_not_taken(portal: Portal) -> None:
    page = opened(portal, "holder", MyLettersState, routes.MY_LETTERS)
    assert (page.var("by"), page.var("email")) == ("POST", "")
    once = page.after(page.submit("save", **TYPED, email_again=""), "errors")
    assert once == {"email_again": "The two addresses are not the same. Type your e-mail address again."}
    assert page.after(page.submit("save", **TYPED, email_again="own@example.org"), "notice") == SAVED
    with portal.world.unit(portal.world.cm, writes=False) as uow:
        person = uow.session.get_one(Person, portal.people["own"])
        assert (person.letters_by, person.email) == ("EMAIL", "own@example.org")


def test_a_representative_chooses_for_their_own_part_and_for_no_other(portal: Portal) -> None:
    _person, part = represented(portal, "Lettie")
    page = opened(portal, "representative", ActingLettersState, routes.ACTING_FOR_LETTERS, part=str(part))
    assert (page.var("whose"), page.var("by")) == ("Lettie Child", "POST")
    assert page.after(page.submit("save", **TYPED, email_again="own@example.org"), "notice") == SAVED
    with portal.world.unit(portal.world.cm, writes=False) as uow:
        assert uow.session.get_one(PersonRole, part).letters_by == "EMAIL"
    for other in (part, UUID(int=1)):
        who = "nominee" if other == part else "representative"
        unseen = opened(portal, who, ActingLettersState, routes.ACTING_FOR_LETTERS, part=str(other))
        assert unseen.var("missing") is True
        unseen.submit("save", letters_by="POST")
    with portal.world.unit(portal.world.cm, writes=False) as uow:
        assert uow.session.get_one(PersonRole, part).letters_by == "EMAIL"
