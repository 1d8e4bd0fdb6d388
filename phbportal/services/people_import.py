"""People out of a list: those the board does not know are added, of those it knows the contact details are changed.

Somebody is known by NHS number, or without one by the board's own reference. A name or birth date that differs is not
overwritten: somebody must look whose it is. Whether somebody of the same name and birth date under another number, or
none, is the same is a person's to decide, as it is of a caseload: until then the row is refused. All rows are decided
about before any is written, so that what was decided of them while they were tried still holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, starmap
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed
from phbportal.domain.imports import DECIDE_PERSON, Decision, Outcome
from phbportal.domain.text import listed, search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.services.bringing_in import Brought, Came, Given, Line, Made, refused
from phbportal.services.many_rows import is_among, parts_of, update_many
from phbportal.services.new_rows import NewRows
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility

_WHO = {"given_name": "first name", "family_name": "family name", "date_of_birth": "date of birth"}
_CONTACT = {"known_as": "name to be called by", "address": "address", "postcode": "postcode", "telephone": "telephone"}
_FILLED = {"nhs_number": "NHS number", "local_reference": "reference"}
"""Written only where the portal has none: of two the portal's stays."""
_NAMES = ("id", "row_version", "search_name", "nhs_number_status", *_WHO, *_CONTACT, *_FILLED)
_OLDEST = 125
MOST_WAITING = 10_000
"""Rows kept in memory before they are written."""
Namesakes = tuple[str, date]


@dataclass
class _Known:
    """The people some lines may mean: what the file may say of them, by column."""

    by_number: dict[str, Any] = field(default_factory=dict[str, Any])
    by_reference: dict[str, list[Any]] = field(default_factory=lambda: defaultdict[str, list[Any]](list))
    by_name: dict[Namesakes, list[Any]] = field(default_factory=lambda: defaultdict[Namesakes, list[Any]](list))
    taken: set[str] = field(default_factory=set[str])
    """NHS numbers on any record, the board's or not."""


@dataclass
class _File:
    """What the lines of one file come to, as they are gone through."""

    today: date
    given: Given
    new: list[Line] = field(default_factory=list[Line])
    changes: list[tuple[Any, dict[str, Any]]] = field(default_factory=list[tuple[Any, dict[str, Any]]])
    """People by what the portal has of them, each with what is written."""
    namesakes: dict[Namesakes, int] = field(default_factory=dict[Namesakes, int])
    references: dict[str, int] = field(default_factory=dict[str, int])
    met: dict[UUID, int] = field(default_factory=dict[UUID, int])
    """Lines by whom they are about: somebody new by name or reference, somebody known by id."""


def bring_in_people(uow: UnitOfWork, given: Given) -> Brought:
    """Bring in people the actor's board answers for from today, or say what would become of the lines. Values: the
    columns of a person, and ``decision``; an empty cell says nothing."""
    board = uow.actor.icb_id
    if board is None:
        raise NotAllowed("You do not act for a board.")
    uow.require(Permission.PERSON_WRITE, Subject(icbs=frozenset({board})))
    if not given.dry_run:  # held to the end: two files at once, of people or a caseload, take turns
        next_number(uow, f"import:{uow.session.get_one(Organisation, board).ods_code}")
    file, came = _File(uow.today, given), list[Came]()
    for part in parts_of(cast(Sequence[Line | Came], given.taken())):
        lines = [one for one in part if isinstance(one, Line)]
        known = _read_known(uow, lines, lock=not given.dry_run)
        came += [_decide(file, one, known) if isinstance(one, Line) else one for one in part]
    return Brought(came, () if given.dry_run else _write(uow, file, board))


def _read_known(uow: UnitOfWork, lines: Collection[Line], *, lock: bool) -> _Known:
    known = _Known()
    person = select(*(col(getattr(Person, name)) for name in _NAMES)).where(visible(uow.actor, Person, uow.today))
    person = person.order_by(col(Person.id))
    if lock:
        person = person.with_for_update(of=Person, key_share=True)

    def of(column: Any, values: set[Any]) -> Iterator[Any]:
        return iter(uow.session.execute(person.where(is_among(uow.session, column, sorted(values)))))

    numbers = {line.values["nhs_number"] for line in lines if line.values.get("nhs_number")}
    taken = select(col(Person.nhs_number)).where(is_among(uow.session, col(Person.nhs_number), sorted(numbers)))
    known.taken = {number for number in uow.session.execute(taken).scalars() if number}
    known.by_number = {found.nhs_number: found for found in of(col(Person.nhs_number), numbers)}
    references = {line.values["local_reference"] for line in lines if line.values.get("local_reference")}
    for found in of(col(Person.local_reference), references):
        known.by_reference[found.local_reference].append(found)
    for found in of(col(Person.search_name), {_key(line)[0] for line in lines}):
        known.by_name[found.search_name, found.date_of_birth].append(found)
    return known


def _decide(file: _File, line: Line, known: _Known) -> Came:
    """What becomes of a line, kept to be written if anything is to be."""
    values = line.values
    words = f"{values['given_name']} {values['family_name']}"
    born, number, reference = values["date_of_birth"], values.get("nhs_number"), values.get("local_reference")
    if born > file.today or born.year < file.today.year - _OLDEST:
        return refused(line, "Date of birth: Check the year.", words)
    by_reference = known.by_reference.get(reference, []) if reference else []
    person = known.by_number.get(number) if number else None
    if person is None and number in known.taken:
        return refused(line, "NHS number: it is already on another record. Ask your administrator to find it.", words)
    if person is not None and by_reference and person.id not in {one.id for one in by_reference}:
        return refused(line, "Reference: somebody else in the portal has it. Check whose it is.", words)
    if person is None and len(by_reference) > 1:
        return refused(line, "Reference: more than one person has it. Write the NHS number of the one you mean.", words)
    if person is None and by_reference:
        person = by_reference[0]
        if number and person.nhs_number and person.nhs_number != number:
            sentence = "Reference: the portal has it for somebody with another NHS number. Correct one of the two."
            return refused(line, sentence, words)
    if person is not None:
        return _known_already(file, line, person, words)
    return _namesake(file, line, known, words)


def _namesake(file: _File, line: Line, known: _Known, words: str) -> Came:
    """A line under a number and reference nobody has: somebody new, unless there is somebody of the same name."""
    alike, twin = known.by_name.get(_key(line), []), file.namesakes.get(_key(line))
    in_file, doubt, told = line.values.get("decision"), "", ""
    decision = Decision(in_file) if in_file else None
    if alike or twin:
        row = f"row {twin}" if twin else ""
        if decision is None:
            doubt = ",".join(filter(None, (*sorted(str(one.id) for one in alike), row)))
            decision = file.given.decided.of(line.number, doubt)
        if decision is Decision.SAME and len(alike) == 1:
            told = "Said to be the person the portal has already."
            return _known_already(file, line, alike[0], words, told, doubt)
        if decision is Decision.SAME:
            several = "More than one person has this name and date of birth. Write the NHS number of the one you mean."
            once = f"R{row[1:]} is about the same person. Take one of the two out."
            return Came(line.number, Outcome.REFUSED, words, several if alike else once, doubt=doubt)
        if decision is None:
            where = " and ".join(filter(None, ("the portal" if alike else "", row)))
            sentence = DECIDE_PERSON.format(f"{where[0].upper()}{where[1:]} has somebody")
            return Came(line.number, Outcome.REFUSED, words, sentence, doubt=doubt)
        told = "Said to be another person than the one of this name and date of birth."
    if wrong := _reference_twice(file, line):
        return Came(line.number, Outcome.REFUSED, words, wrong, doubt=doubt)
    file.namesakes.setdefault(_key(line), line.number)
    file.new.append(line)
    return Came(line.number, Outcome.NEW, words, told, doubt=doubt)


def _known_already(file: _File, line: Line, person: Any, words: str, told: str = "", doubt: str = "") -> Came:
    """A line about somebody the portal has."""

    def refuse(sentence: str) -> Came:
        return Came(line.number, Outcome.REFUSED, words, sentence, doubt=doubt)

    values = line.values
    differs = [said for name, said in _WHO.items() if _plain(getattr(person, name)) != _plain(values[name])]
    if differs:
        number = values.get("nhs_number")
        by = "NHS number" if number and number == person.nhs_number else "reference"
        return refuse(
            f"The portal has another {listed(differs)} for this {by}. Look whose it is, then correct the file, or "
            "what is on the person’s record."
        )
    if (first := file.met.get(person.id)) is not None:
        return refuse(f"Row {first} is about the same person. Take one of the two out.")
    wanted = {name: values[name] for name in _CONTACT if values.get(name)}
    wanted |= {name: values[name] for name in _FILLED if values.get(name) and not getattr(person, name)}
    wanted = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    kept = [said for name, said in _FILLED.items()
            if values.get(name) and getattr(person, name) and getattr(person, name) != values[name]]  # fmt: skip
    if kept:
        told = " ".join(filter(None, (told, f"The portal keeps the {listed(kept)} it has: check which is right.")))
    if "local_reference" in wanted and (wrong := _reference_twice(file, line)):
        return refuse(wrong)
    file.met[person.id] = line.number
    if not wanted:
        return Came(line.number, Outcome.SAME, words, told, doubt=doubt)
    file.changes.append((person, wanted | ({"nhs_number_status": "02"} if "nhs_number" in wanted else {})))
    another = [_CONTACT[name] for name in wanted if name in _CONTACT]
    added = [_FILLED[name] for name in wanted if name in _FILLED]
    said = [f"Another {listed(another)}." if another else "", f"{listed(added)} added." if added else ""]
    sentence = " ".join(filter(None, (told, *(one[:1].upper() + one[1:] for one in said))))
    return Came(line.number, Outcome.CHANGED, words, sentence, doubt=doubt)


def _reference_twice(file: _File, line: Line) -> str:
    """Why a line cannot give its reference to somebody; "" if an earlier one has not."""
    reference = line.values.get("local_reference")
    first = file.references.setdefault(reference, line.number) if reference else line.number
    return "" if first == line.number else f"Reference: row {first} has it too. Correct one of the two."


def _write(uow: UnitOfWork, file: _File, board: UUID) -> Iterable[Made]:
    """Write what the lines come to. Returns what was made and what was changed, to be taken back by."""
    new, changed = NewRows(uow, Person, PersonResponsibility), list[Made]()
    for line in file.new:
        values, number = line.values, line.values.get("nhs_number")
        person_id = new.put(
            Person, **{name: values[name] for name in _WHO}, nhs_number=number,
            nhs_number_status="02" if number else "07", local_reference=values.get("local_reference") or None,
            easy_read=bool(values.get("easy_read")), **{name: values.get(name) or "" for name in _CONTACT},
            search_name=_key(line)[0], search_given=search_key(f"{values['given_name']} {values['family_name']}")[:200],
        )  # fmt: skip
        new.put(PersonResponsibility, person_id=person_id, icb_id=board, starts_on=uow.today)
        new.record("person_added", about=person_id, icb_id=board, person_id=person_id)
        if new.waiting > MOST_WAITING:
            new.write()
    rows: list[dict[str, Any]] = []
    for person, wanted in file.changes:
        was = {name: getattr(person, name) for name in wanted}
        stamp = {"row_version": person.row_version + 1, "updated_at": uow.now, "updated_by": uow.actor.user_id}
        rows.append({"id": person.id, **wanted, **stamp})
        new.record("person_changed", about=person.id, icb_id=board, person_id=person.id, fields=sorted(wanted),
                   held={name: [was[name], value] for name, value in wanted.items()})  # fmt: skip
        changed.append(Made(Person, person.id, was))
    new.write()
    update_many(uow.session, Person, rows)
    return chain(starmap(Made, new.made), changed)


def _key(line: Line) -> Namesakes:
    """The names of a line as ``Person.search_name`` keeps them, and the date of birth."""
    names = search_key(f"{line.values['family_name']} {line.values['given_name']}")[:200]
    return names, line.values["date_of_birth"]


def _plain(value: Any) -> Any:
    return search_key(value) if isinstance(value, str) else value
