"""People: added and changed by a case manager of the board that answers for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.letters import BY_WORDS, By, by_of, by_said, email_problem
from phbportal.domain.reading import Reading, given
from phbportal.domain.text import long_date, search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.people import Person, PersonResponsibility

LONGEST_KEY = 200

SHOWN = (
    "given_name", "family_name", "known_as", "date_of_birth", "nhs_number", "local_reference", "address", "postcode",
    "telephone", "email", "letters_by", "communication_needs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person's details, read and checked."""

    given_name: str
    family_name: str
    date_of_birth: date
    nhs_number: str | None = None
    nhs_number_status: str = "07"
    known_as: str = ""
    local_reference: str | None = None
    address: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str | None = None
    letters_by: str | None = None
    communication_needs: str = ""


def read_person(form: Mapping[str, object], today: date) -> PersonEntry:
    """Read the person form; raises every problem at once."""
    r = Reading(form)
    given_name = r.text("given_name", needed="Enter the person’s first name.")
    family_name = r.text("family_name", needed="Enter the person’s family name.")
    born = r.day("date_of_birth", needed="Enter the date of birth.")
    if born and born > today:
        r.problem("The date of birth must be in the past.", "date_of_birth")
    if born and born.year < today.year - 125:
        r.problem("The date of birth is too long ago. Check the year.", "date_of_birth")
    number = r.take("nhs_number", identifiers.nhs_number)
    entry_postcode = r.take("postcode", identifiers.postcode)
    phone = r.take("telephone", identifiers.telephone)
    email = r.take("email", identifiers.email)
    by = by_said(r.raw("letters_by"))
    if by is None:
        r.problem("Choose how this person gets letters.", "letters_by")
    elif problem := email_problem(by, r.raw("email")):
        r.problem(problem.sentence, problem.field or "")
    rest = {
        "known_as": r.text("known_as"),
        "address": r.text("address", longest=500),
        "communication_needs": r.text("communication_needs", longest=1000),
    }
    local = r.text("local_reference", longest=40)
    r.finish()
    return PersonEntry(
        given_name=given_name, family_name=family_name, date_of_birth=given(born), nhs_number=number,
        nhs_number_status="01" if number else "07", local_reference=local or None, postcode=entry_postcode or "",
        telephone=phone or "", email=email, letters_by=None if by is By.POST else given(by).value, **rest,
    )  # fmt: skip


def _searchable(entry: PersonEntry) -> dict[str, str]:
    # Cut to the columns' length: two long names together would not fit, and PostgreSQL would refuse them.
    return {
        "search_name": search_key(f"{entry.family_name} {entry.given_name}")[:LONGEST_KEY],
        "search_given": search_key(f"{entry.given_name} {entry.family_name}")[:LONGEST_KEY],
    }


def add_person(uow: UnitOfWork, entry: PersonEntry, *, icb_id: UUID | None = None, since: date | None = None) -> UUID:
    """Add a person, with the actor's board answering for them from today (or ``since``). Returns the id."""
    board = icb_id or uow.actor.icb_id
    if board is None:
        raise NotAllowed("You do not act for a board.")
    uow.require(Permission.PERSON_WRITE, Subject(icbs=frozenset({board})))
    _check_number_free(uow, entry.nhs_number, None)
    person = uow.add(Person, **_columns(entry))
    uow.add(PersonResponsibility, person_id=person.id, icb_id=board, starts_on=since or uow.today)
    uow.record("person_added", about=person, icb_id=board, person_id=person.id)
    return person.id


def change_person(uow: UnitOfWork, person_id: UUID, entry: PersonEntry, *, seen_version: int) -> None:
    """Change a person's details, unless somebody else did since the form was opened."""
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.PERSON_WRITE, person)
    uow.check_version(person, seen_version, theirs=_shown(person), mine=_shown(entry))
    _check_number_free(uow, entry.nhs_number, person.id)
    columns = _columns(entry)
    if entry.nhs_number == person.nhs_number:
        # A form says nothing of how a number was traced; the same number keeps what is known of it.
        del columns["nhs_number_status"]
    if changed := uow.change(person, **columns):
        uow.record_change("person_changed", person, changed, untold=("communication_needs",), person_id=person.id)


def switch_sign_in(uow: UnitOfWork, person_id: UUID, *, on: bool) -> None:
    """Let a holder sign in with NHS login, or stop them: every event reads the switch, so at once.

    NHS login says who somebody is by NHS number, date of birth and family name, so a number is needed.
    """
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.PERSON_WRITE, person)
    if on and person.nhs_number is None:
        raise Refusal("NHS login finds a person by NHS number. Add the NHS number to this record first.", field="on")
    if on and person.died_on is not None:
        raise Refusal("This person has died, so sign-in cannot be switched on.", field="on")
    if uow.change(person, sign_in_on=on):
        uow.record("sign_in_switched", about=person, person_id=person.id, on=on)


def read_switch(form: Mapping[str, object]) -> bool:
    """Read the answer to "can this person sign in?"."""
    r = Reading(form)
    answer = r.text("on", needed="Choose yes or no.")
    if answer and answer not in ("yes", "no"):
        r.problem("Choose yes or no.", "on")
    r.finish()
    return answer == "yes"


def set_easy_read(uow: UnitOfWork, on: bool) -> None:
    """A holder turns easy read on or off for their own pages; it is kept with the person."""
    if uow.actor.person_id is None:
        raise NotAllowed("Only the person themselves can choose this.")
    person = uow.find(Person, uow.actor.person_id, lock=True)
    uow.require(Permission.OWN_SETTINGS_WRITE, person)
    if changed := uow.change(person, easy_read=on):
        uow.record_change("person_changed", person, changed, person_id=person.id)


def _shown(details: Person | PersonEntry) -> dict[str, str]:
    """The details as the form shows them, to compare two versions by."""
    shown = {name: str(getattr(details, name) or "") for name in SHOWN}
    number = details.nhs_number
    return shown | {
        "date_of_birth": long_date(details.date_of_birth),
        "nhs_number": identifiers.show_nhs_number(number) if number else "",
        "telephone": identifiers.show_telephone(details.telephone) if details.telephone else "",
        "letters_by": BY_WORDS[by_of(details.letters_by)],
    }


def _columns(entry: PersonEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in PersonEntry.__dataclass_fields__} | _searchable(entry)


def _check_number_free(uow: UnitOfWork, number: str | None, own: UUID | None) -> None:
    """Invariant I01: one person, one NHS number. Says no more than the asker may know."""
    if number is None:
        return
    other = uow.session.execute(select(col(Person.id)).where(col(Person.nhs_number) == number)).scalar_one_or_none()
    if other is None or other == own:
        return
    try:
        known = uow.find(Person, other)
    except Refusal:
        raise Refusal(
            "This NHS number is already on another record. Ask your administrator to find it.", field="nhs_number"
        ) from None
    raise Refusal(
        f"This NHS number belongs to {known.given_name} {known.family_name}, born {long_date(known.date_of_birth)}. "
        "Open that person instead.",
        field="nhs_number",
    )
