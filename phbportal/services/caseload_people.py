"""Who the rows of a caseload are: somebody new, somebody the board knows, or somebody a person must decide about.

An NHS number decides; without one on both sides the board's own reference does, with the names and birth date agreeing.
Nothing is said of anybody the board does not answer for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from phbportal.domain.text import search_key
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import CaseRow
from phbportal.services.caseload_known import KnownPerson, People, names_key

Refuse = Callable[[CaseRow, str, str], None]
"""Keeps one thing wrong: the row, the column, the sentence."""

_NAMES = ("given_name", "family_name")
_NAMES_ONLY = frozenset(_NAMES)
"""Refused for a lost accent, it is still certain who somebody is, and the rest of the row can be told too."""
_APOSTROPHES = str.maketrans(dict.fromkeys("'`´‘", "’"))


@dataclass(slots=True)
class PersonMatch:
    """The rows of one person; who that is, if the portal knows them; and what the rows say otherwise of them."""

    rows: list[CaseRow]
    person: KnownPerson | None
    changes: dict[str, str] = field(default_factory=dict[str, str])
    new_id: UUID | None = None
    """The id that somebody new was given."""

    @property
    def id(self) -> UUID:
        """The person's id: known before, or given since."""
        found = self.person.id if self.person else self.new_id
        assert found is not None, "somebody new is added before what is theirs"
        return found

    @property
    def first(self) -> CaseRow:
        return self.rows[0]


@dataclass(slots=True)
class Met:
    """Whom the rows of a file were found to mean so far: somebody new by names and birth date, somebody known by id."""

    new: dict[tuple[str, date], CaseRow] = field(default_factory=dict[tuple[str, date], CaseRow])
    known: dict[UUID, CaseRow] = field(default_factory=dict[UUID, CaseRow])


def by_person(rows: Sequence[CaseRow]) -> list[list[CaseRow]]:
    """The rows of each person together, people in the order in which the file names them."""
    grouped: dict[str, list[CaseRow]] = {}
    for row in rows:
        grouped.setdefault(row.person_key, []).append(row)
    return list(grouped.values())


def match_people(people: People, groups: Sequence[list[CaseRow]], met: Met, refuse: Refuse) -> list[PersonMatch]:
    """Match the rows of some people. Somebody of whom it is not certain who they are is refused and left out."""
    found: list[PersonMatch] = []
    for group in groups:
        wrong: list[tuple[str, str]] = []
        match = PersonMatch(group, _who(people, group[0], wrong))
        if match.person is not None and not wrong:
            if (same := met.known.setdefault(match.person.id, group[0])) is not group[0]:
                wrong.append(
                    (
                        _identifier(group[0]),
                        f"The portal has one person for this row and row {same.row}. Write the same NHS number and "
                        "local reference in both.",
                    )
                )
            match.changes = _changes(people, match.person, group[0], wrong)
        elif not wrong:
            twin = met.new.setdefault((names_key(group[0]), group[0].date_of_birth), group[0])
            if twin is not group[0]:
                wrong.append((_identifier(group[0]), _DECIDE.format(f"Row {twin.row} has somebody")))
        for column, sentence in wrong:
            for row in group:
                refuse(row, column, sentence)
        if not wrong or (match.person is not None and _NAMES_ONLY.issuperset(column for column, _ in wrong)):
            found.append(match)
    return found


def refuse_what_was_written_by_hand(matches: Sequence[PersonMatch], by_file: Collection[UUID], refuse: Refuse) -> None:
    """Details that a person wrote at a screen are not overwritten by a file, which may be the older of the two."""
    for match in matches:
        if match.person is None or match.person.id in by_file:
            continue
        for column in match.changes:
            for row in match.rows:
                refuse(
                    row, column,
                    f"The {LABELS[column]} was last written in the portal by hand, and the file says otherwise. "
                    "Write the same in both.",
                )  # fmt: skip


_DECIDE = (
    "{} of this name and date of birth under another NHS number or reference. If it is one person, write the same "
    "number everywhere. If they are two, add this one in the portal first, then bring the file in again."
)


def _identifier(row: CaseRow) -> str:
    return "nhs_number" if row.nhs_number else "local_reference"


def _who(people: People, row: CaseRow, wrong: list[tuple[str, str]]) -> KnownPerson | None:
    """The person a row is about; None for somebody new, or where something is wrong."""
    numbered = people.by_number.get(row.nhs_number or "")
    if numbered is not None and numbered.id not in people.here:
        wrong.append(("nhs_number", "This NHS number is already on another record. Ask your administrator to find it."))
        return None
    referenced = people.by_reference.get(row.local_reference or "", [])
    if numbered is not None:
        if row.local_reference != numbered.local_reference and referenced:
            wrong.append(("local_reference", "Somebody else in the portal has this local reference. Check it."))
        return numbered
    agreeing = [person for person in referenced if _agrees(person, row)]
    if len(agreeing) == 1 and not (row.nhs_number and agreeing[0].nhs_number):
        return agreeing[0]
    if agreeing or any(person.date_of_birth == row.date_of_birth for person in people.by_name.get(names_key(row), [])):
        wrong.append((_identifier(row), _DECIDE.format("The portal has somebody")))
    elif referenced:
        wrong.append(("local_reference", "Somebody else in the portal has this local reference. Check it."))
    return None


def _agrees(person: KnownPerson, row: CaseRow) -> bool:
    return person.date_of_birth == row.date_of_birth and any(
        search_key(getattr(person, name)) == search_key(getattr(row, name)) for name in _NAMES
    )


def _changes(people: People, person: KnownPerson, row: CaseRow, wrong: list[tuple[str, str]]) -> dict[str, str]:
    """What a row says otherwise of a person; an empty cell says nothing."""
    if person.date_of_birth != row.date_of_birth:
        wrong.append(
            (
                "date_of_birth",
                f"The portal has another date of birth for this {LABELS[_identifier(row)]}. Check whose it is, and "
                "correct the file, or the date on the person's record.",
            )
        )
        return {}
    changes: dict[str, str] = {}
    for name in _NAMES:
        stored, said = getattr(person, name), getattr(row, name)
        if _lost_letters(stored, said):
            wrong.append(
                (name, f"The portal has this {LABELS[name]} with an accent that the file has lost. Write it in full.")
            )
        elif not _same_name(stored, said):
            changes[name] = said
    if all(search_key(getattr(person, name)) != search_key(getattr(row, name)) for name in _NAMES):
        wrong.append(
            (
                _identifier(row),
                f"The portal has this {LABELS[_identifier(row)]} for somebody of another name. Check whose it is; if "
                "the name has changed, change it on the person's record first.",
            )
        )
    if row.postcode != person.postcode:
        changes["postcode"] = row.postcode
    if row.local_reference and row.local_reference != person.local_reference:
        changes["local_reference"] = row.local_reference
    if row.nhs_number:
        if row.nhs_number != person.nhs_number:
            changes["nhs_number"] = row.nhs_number
        # "Present, not traced" is also what an empty cell reads as: it takes nothing from a number that was traced.
        traced = person.nhs_number and person.nhs_number_status == "01" and row.nhs_number_status == "02"
        if row.nhs_number_status != person.nhs_number_status and not traced:
            changes["nhs_number_status"] = row.nhs_number_status
    return changes


def _same_name(stored: str, said: str) -> bool:
    """Whether two names are written alike, but for an apostrophe's shape and an office's capitals."""
    kept = unicodedata.normalize("NFC", stored).translate(_APOSTROPHES)
    return kept == said or (said in (said.upper(), said.lower()) and kept.casefold() == said.casefold())


def _lost_letters(stored: str, said: str) -> bool:
    """Whether a name is the stored one with letters of other languages flattened: Wisniewska for Wiśniewska."""
    return search_key(stored) == search_key(said) and _foreign(said) < _foreign(stored)


def _foreign(name: str) -> int:
    return sum(letter.isalpha() and not letter.isascii() for letter in unicodedata.normalize("NFC", name))
