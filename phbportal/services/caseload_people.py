"""Who the rows of a caseload are: somebody new, somebody the board knows, or somebody a person must decide about.

An NHS number decides; without one on both sides the board's own reference does, with the names and birth date agreeing.
Whether somebody of the same name and birth date under another number, or none, is the same is a person's to decide: the
row is refused until a column of the file or somebody at a screen says "same" or "another". Nothing is said of anybody
the board does not answer for.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from phbportal.domain.imports import DECIDE_PERSON, Decision
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import CaseRow
from phbportal.gateways.tabular import RowProblem
from phbportal.services.bringing_in import Decided
from phbportal.services.caseload_known import KnownPerson, People, names_key

Refuse = Callable[[CaseRow, str, str], None]
"""Keeps one thing wrong: the row, the column, the sentence."""

_NAMES = ("given_name", "family_name")
_NAMES_ONLY = frozenset(_NAMES)
"""Refused for a lost accent, it is still certain who somebody is, and the rest of the row can be told too."""
_APOSTROPHES = str.maketrans(dict.fromkeys("'`´‘", "’"))


Namesakes = dict[tuple[str, date], CaseRow]
"""Rows of new people, by their name and birth date."""


@dataclass(slots=True)
class Doubts:
    """What was decided of rows in doubt; which rows are asked about, and as what; and what is told of those decided."""

    decided: Decided = field(default_factory=Decided)
    asked: dict[int, str] = field(default_factory=dict[int, str])
    notes: list[RowProblem] = field(default_factory=list[RowProblem])

    def decision(self, rows: Sequence[CaseRow], about: str, wrong: list[tuple[str, str]]) -> Decision | None:
        """What was decided of the rows of one person: in the file, or else on a screen, where it is asked once."""
        in_file = {row.decision for row in rows if row.decision}
        if len(in_file) > 1:
            wrong.append(("decision", "The rows of this person say both “same” and “another”. Write one of them."))
            return None
        if in_file:
            return in_file.pop()
        self.asked[rows[0].row] = about
        return self.decided.of(rows[0].row, about)

    def tell(self, rows: Sequence[CaseRow], sentence: str) -> None:
        """Note what came of a decision, so that whoever agrees to the file sees it."""
        self.notes += [RowProblem(row.row, "", sentence) for row in rows]


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
    def is_new(self) -> bool:
        """Whether this is somebody who is still to be added."""
        return self.person is None and self.new_id is None

    @property
    def first(self) -> CaseRow:
        return self.rows[0]


@dataclass(slots=True)
class Met:
    """Whom the rows of a file were found to mean so far: somebody new by names and birth date, somebody known by id."""

    new: Namesakes = field(default_factory=dict[tuple[str, date], CaseRow])
    known: dict[UUID, CaseRow] = field(default_factory=dict[UUID, CaseRow])


def by_person(rows: Sequence[CaseRow]) -> list[list[CaseRow]]:
    """The rows of each person together, people in the order in which the file names them."""
    grouped: dict[str, list[CaseRow]] = {}
    for row in rows:
        grouped.setdefault(row.person_key, []).append(row)
    return list(grouped.values())


def match_people(
    people: People, groups: Sequence[list[CaseRow]], met: Met, doubts: Doubts, refuse: Refuse
) -> list[PersonMatch]:  # fmt: skip
    """Match the rows of some people. Somebody of whom it is not certain who they are is refused and left out."""
    found: list[PersonMatch] = []
    for group in groups:
        wrong: list[tuple[str, str]] = []
        match = PersonMatch(group, _who(people, group, met.new, doubts, wrong))
        if match.person is None:
            met.new.setdefault((names_key(group[0]), group[0].date_of_birth), group[0])
        elif not wrong:
            if (same := met.known.setdefault(match.person.id, group[0])) is not group[0]:
                wrong.append(
                    (
                        _identifier(group[0]),
                        f"The portal has one person for this row and row {same.row}. Write the same NHS number and "
                        "local reference in both.",
                    )
                )
            match.changes = _changes(people, match.person, group[0], wrong)
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


_SEVERAL = "More than one person has this name and date of birth. Write the NHS number of the one you mean."
_ONE_FILE = "Row {} is to be the same person. Write the same NHS number and local reference in both."
_TAKEN = "Somebody else in the portal has this local reference. Check it."


def _identifier(row: CaseRow) -> str:
    return "nhs_number" if row.nhs_number else "local_reference"


def _who(
    people: People, rows: Sequence[CaseRow], new: Namesakes, doubts: Doubts, wrong: list[tuple[str, str]]
) -> KnownPerson | None:  # fmt: skip
    """The person some rows are about; None for somebody new, or where something is wrong. ``new`` are the rows before
    these of people the portal does not have."""
    row = rows[0]
    numbered = people.by_number.get(row.nhs_number or "")
    if numbered is not None and numbered.id not in people.here:
        wrong.append(("nhs_number", "This NHS number is already on another record. Ask your administrator to find it."))
        return None
    referenced = people.by_reference.get(row.local_reference or "", [])
    if numbered is not None:
        if row.local_reference != numbered.local_reference and referenced:
            wrong.append(("local_reference", _TAKEN))
        return numbered
    agreeing = [person for person in referenced if _agrees(person, row)]
    if len(agreeing) == 1 and not (row.nhs_number and agreeing[0].nhs_number):
        return agreeing[0]
    name = names_key(row)
    twin = new.get((name, row.date_of_birth))
    born = [person for person in people.by_name.get(name, []) if person.date_of_birth == row.date_of_birth]
    alike = {person.id: person for person in (*agreeing, *born)}
    chosen = _decided(list(alike.values()), rows, twin, doubts, wrong) if alike or twin else None
    if referenced and chosen not in referenced and not wrong:
        wrong.append(("local_reference", _TAKEN))
    return chosen


def _decided(
    alike: Sequence[KnownPerson], rows: Sequence[CaseRow], twin: CaseRow | None, doubts: Doubts,
    wrong: list[tuple[str, str]],
) -> KnownPerson | None:  # fmt: skip
    """Which of those alike some rows are about, as a person decided; None for somebody else, or where that is open."""
    also = f"row {twin.row}" if twin else ""
    about = ",".join(filter(None, (*sorted(str(person.id) for person in alike), also)))
    decision = doubts.decision(rows, about, wrong)
    identifier = _identifier(rows[0])
    if decision is Decision.ANOTHER:
        doubts.tell(rows, "Said to be another person than the one of this name and date of birth.")
    elif decision is Decision.SAME and len(alike) == 1:
        told = "Said to be the person the portal has already."
        if rows[0].nhs_number and alike[0].nhs_number:
            told += " The portal keeps the NHS number it has: check which one is right."
        doubts.tell(rows, told)
        return alike[0]
    elif decision is Decision.SAME:
        wrong.append((identifier, _SEVERAL if alike else _ONE_FILE.format(twin.row if twin else "")))
    elif not wrong:
        where = " and ".join(filter(None, ("the portal" if alike else "", also)))
        wrong.append((identifier, DECIDE_PERSON.format(f"{where[0].upper()}{where[1:]} has somebody")))
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
                "correct the file, or the date on the person’s record.",
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
                "the name has changed, change it on the person’s record first.",
            )
        )
    if row.postcode != person.postcode:
        changes["postcode"] = row.postcode
    if row.local_reference and row.local_reference != person.local_reference:
        changes["local_reference"] = row.local_reference
    if row.nhs_number and person.nhs_number in (None, row.nhs_number):  # of two numbers the portal's stays
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
