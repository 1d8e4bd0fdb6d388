"""People out of a list: those the board does not know are added, of those it knows the contact details are changed.

Somebody is known by NHS number, or without one by the board's own reference. A name or birth date that differs is not
overwritten: somebody must look whose it is. Two reads for all the lines that are given at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed
from phbportal.domain.imports import Outcome
from phbportal.domain.text import search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.services.bringing_in import Came, Line, Made, refused
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.people import Person, PersonResponsibility

_CONTACT = ("known_as", "address", "postcode", "telephone")
_TOLD = {"known_as": "name to be called by", "address": "address", "postcode": "postcode", "telephone": "telephone"}
_WHO = ("given_name", "family_name", "date_of_birth")
_OLDEST = 125


def bring_in_people(uow: UnitOfWork, lines: Sequence[Line], dry_run: bool) -> list[Came]:
    """Bring in people the actor's board answers for from today. Values: the columns of a person; an empty cell says
    nothing."""
    board = uow.actor.icb_id
    if board is None:
        raise NotAllowed("You do not act for a board.")
    uow.require(Permission.PERSON_WRITE, Subject(icbs=frozenset({board})))
    known = _Known(uow, lines, lock=not dry_run)
    new = NewRows(uow, Person, PersonResponsibility)
    came = [_one(uow, line, known, new, dry_run) for line in lines]
    new.write()
    return came


class _Known:
    """The people some lines may mean."""

    def __init__(self, uow: UnitOfWork, lines: Sequence[Line], *, lock: bool) -> None:
        ours = visible(uow.actor, Person, uow.today)
        numbers = {line.values["nhs_number"] for line in lines if line.values.get("nhs_number")}
        references = {line.values["local_reference"] for line in lines if line.values.get("local_reference")}
        names = {_name_key(line) for line in lines}
        statement = select(Person).where(ours)
        if lock:
            statement = statement.with_for_update(of=Person).execution_options(populate_existing=True)
        found = uow.session.execute
        taken = select(col(Person.nhs_number)).where(col(Person.nhs_number).in_(numbers))
        self.taken = set(found(taken).scalars())
        by_number = found(statement.where(col(Person.nhs_number).in_(numbers))).scalars()
        self.by_number = {row.nhs_number: row for row in by_number}
        by_reference = found(statement.where(col(Person.local_reference).in_(references))).scalars()
        self.by_reference = {row.local_reference: row for row in by_reference}
        by_name = found(statement.where(col(Person.search_name).in_(names))).scalars()
        self.by_name: dict[tuple[str, date], int] = {(row.search_name, row.date_of_birth): 0 for row in by_name}


def _one(uow: UnitOfWork, line: Line, known: _Known, new: NewRows, dry_run: bool) -> Came:
    values = line.values
    words = f"{values['given_name']} {values['family_name']}"
    born, number, reference = values["date_of_birth"], values.get("nhs_number"), values.get("local_reference")
    if born > uow.today or born.year < uow.today.year - _OLDEST:
        return refused(line, "Date of birth: Check the year.", words)
    person = known.by_number.get(number) or (known.by_reference.get(reference) if reference else None)
    if person is None and number in known.taken:
        return refused(line, "NHS number: it is already on another record. Ask your administrator to find it.", words)
    if person is None:
        return _new(uow, line, known, new, words, dry_run)
    if number and person.nhs_number and person.nhs_number != number:
        return refused(line, "Reference: the portal has this reference with another NHS number.", words)
    if any(_plain(getattr(person, name)) != _plain(values[name]) for name in _WHO):
        return refused(line, "The portal has another name or date of birth for this number. Look whose it is.", words)
    wanted = {name: values[name] for name in _CONTACT if values.get(name)}
    before = {name: getattr(person, name) for name, value in wanted.items() if getattr(person, name) != value}
    if not before:
        return Came(line.number, Outcome.SAME, words)
    if not dry_run:
        changed = uow.change(person, **wanted)
        uow.record_change("person_changed", person, changed, person_id=person.id)
    told = "Another " + " and ".join(_TOLD[name] for name in before) + "."
    return Came(line.number, Outcome.CHANGED, words, told, (Made(Person, person.id, before),))


def _new(uow: UnitOfWork, line: Line, known: _Known, new: NewRows, words: str, dry_run: bool) -> Came:
    values, board = line.values, uow.actor.icb_id
    twin = (_name_key(line), values["date_of_birth"])
    if twin in known.by_name:
        where = f"Row {known.by_name[twin]} has" if known.by_name[twin] else "The portal has"
        return refused(
            line, f"{where} somebody of this name and date of birth. If it is one person, write the same NHS number; "
            "if it is two, add the second in the portal.", words,
        )  # fmt: skip
    known.by_name[twin] = line.number
    if dry_run:
        return Came(line.number, Outcome.NEW, words)
    assert board is not None
    number = values.get("nhs_number")
    person_id = new.put(
        Person, **{name: values[name] for name in _WHO}, nhs_number=number, nhs_number_status="02" if number else "07",
        local_reference=values.get("local_reference") or None, easy_read=bool(values.get("easy_read")),
        **{name: values.get(name) or "" for name in _CONTACT}, search_name=_name_key(line),
        search_given=search_key(words)[:200],
    )  # fmt: skip
    answers = new.put(PersonResponsibility, person_id=person_id, icb_id=board, starts_on=uow.today)
    new.record("person_added", icb_id=board, person_id=person_id)
    made = (Made(Person, person_id), Made(PersonResponsibility, answers))
    return Came(line.number, Outcome.NEW, words, made=made)


def _name_key(line: Line) -> str:
    return search_key(f"{line.values['family_name']} {line.values['given_name']}")[:200]


def _plain(value: Any) -> Any:
    return search_key(value) if isinstance(value, str) else value
