"""The care directory of the Care Quality Commission (CQC), in the layouts it has been published in since 2016.

https://www.cqc.org.uk/about-us/transparency/using-cqc-data: title lines with the day it was produced, then headings,
then one row a location. Lists are split by a bar and repeat themselves, telephone numbers have lost their first 0, one
column mixes specialisms with regulated activities.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import date
from functools import cache
from typing import TypeVar

from phbportal.domain import identifiers, text
from phbportal.domain.errors import Refusal
from phbportal.gateways import provider_cells, reference, tabular
from phbportal.gateways.tabular import Row, RowProblem, Table, Unreadable

Value = TypeVar("Value")

MAX_BYTES = 60 * 1024 * 1024
"""The whole of England is some 57,000 rows and 25 MB, above the 20 MB of other imports."""

_COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("Location name",),
    "also_known_as": ("Location also known as",),
    "address": ("Location address",),
    "postcode": ("Location postal code", "Postal code"),
    "telephone": ("Phone number", "Location telephone number"),
    "website": ("Service's website (if available)", "Location web address"),
    "services": ("Service types", "Service type"),
    "latest_check": ("Date of latest check", "Date of last check"),
    "specialisms": ("Specialisms/services", "Specialisms"),
    "provider_name": (),
    "local_authority": ("Location local authority",),
    "region": ("Location region",),
    "location_url": ("Location URL",),
    "location_id": ("CQC Location ID (for office use only)", "CQC Location (for office use only", "CQC Location ID"),
    "provider_id": ("CQC Provider ID (for office use only)", "CQC Provider (for office use only", "CQC Provider ID"),
    "rating": ("Overall rating", "Latest overall rating", "Location latest overall rating"),
    "rating_date": ("Publication date", "Date of publication", "Rating published on"),
}
_NEEDED = {
    "name": "Name",
    "postcode": "Postcode",
    "services": "Service types",
    "provider_name": "Provider name",
    "local_authority": "Local authority",
    "location_id": "CQC Location ID (for office use only)",
    "provider_id": "CQC Provider ID (for office use only)",
}

_COLUMN_OF = {"regulated_activities": "specialisms", "local_authority_codes": "local_authority"}


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """One location: who runs it, where it is, what it is registered to do. Absent text is "", absent facts are None."""

    row: int
    location_id: str
    name: str
    also_known_as: str
    address: str
    postcode: str
    telephone: str | None
    """E.164."""
    website: str | None
    services: tuple[str, ...]
    specialisms: tuple[str, ...]
    regulated_activities: tuple[str, ...]
    provider_id: str
    provider_name: str
    local_authority: str
    """As the CQC spells it."""
    local_authority_codes: tuple[str, ...]
    """ONS codes: one as a rule; several where the authority has been divided since; none where unknown."""
    region: str | None
    rating: str | None
    rating_date: date | None
    latest_check: date | None


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory file read. A row with a problem is refused; a note says what was left out of an accepted row."""

    sha256: str
    produced_on: date | None
    row_count: int
    rows: tuple[DirectoryRow, ...]
    problems: tuple[RowProblem, ...]
    notes: tuple[RowProblem, ...]
    location_ids: frozenset[str]
    """Every location the file names, those of refused rows included where they can be read: a location is gone from
    the file only when it is not among these."""


def read_directory(content: bytes, *, max_bytes: int = MAX_BYTES) -> Directory:
    """Read a care directory. Raises Unreadable where the file is not one; says the rest row by row."""
    table = directory_table(content, max_bytes=max_bytes)
    missing = [f"“{heading}”" for key, heading in _NEEDED.items() if key not in table.columns]
    if missing:
        raise Unreadable(
            f"This is not a care directory we can read: it has no column {text.listed(missing)}. "
            "Bring the CSV file of the CQC’s care directory, unchanged."
        )
    reader = _Reader(table)
    read = [(row, reader.read(row)) for row in table.rows]
    reader.refuse_repeats([found for _, found in read if found])
    reader.refuse_two_names([found for _, found in read if found])
    refused = {problem.row for problem in reader.problems}
    return Directory(
        sha256=table.sha256,
        produced_on=_produced_on(table.titles),
        row_count=len(table.rows),
        rows=tuple(found for _, found in read if found and found.row not in refused),
        problems=tuple(sorted(reader.problems, key=lambda problem: problem.row)),
        notes=tuple(note for note in reader.notes if note.row not in refused),
        location_ids=frozenset(reader.location_ids),
    )


def directory_table(content: bytes, *, max_bytes: int = MAX_BYTES) -> Table:
    """A care directory as a table of the columns that are read of it. Raises Unreadable where it is none."""
    return tabular.read_table(content, wanted=_COLUMNS, max_bytes=max_bytes)


class _Reader:
    """Reads rows one by one and keeps what is wrong with them."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[RowProblem] = []
        self.notes: list[RowProblem] = []
        self.location_ids: set[str] = set()
        # What thousands of rows repeat is read once a file.
        self._date = cache(text.parse_date)
        self._list = cache(provider_cells.items)
        self._codes = cache(reference.authority_codes)

    def read(self, row: Row) -> DirectoryRow | None:
        """The row as a location, or None with at least one problem kept."""
        before = len(self.problems)
        if stray := tabular.stray_problem(row):
            self.problems.append(stray)
            self.location_ids.update(
                value for value in (*row.cells.values(), *row.stray) if provider_cells.CQC_ID.fullmatch(value)
            )
            return None
        cell = {key: row.cells.get(key, "") for key in _COLUMNS}
        location_id = self._needed(row, "location_id", provider_cells.registration_id)
        if location_id:
            self.location_ids.add(location_id)
        provider_id = self._needed(row, "provider_id", provider_cells.registration_id)
        name = self._needed(row, "name", str)
        provider_name = self._needed(row, "provider_name", str)
        postcode = self._needed(row, "postcode", identifiers.postcode)
        latest_check = self._optional(row, "latest_check", self._date, self.problems)
        rating_date = self._optional(row, "rating_date", self._date, self.problems)
        specialisms = self._list(cell["specialisms"])
        if not (location_id and provider_id and name and provider_name and postcode) or len(self.problems) > before:
            return None
        return DirectoryRow(
            row=row.number,
            location_id=location_id,
            name=name,
            also_known_as=cell["also_known_as"],
            address=cell["address"],
            postcode=postcode,
            telephone=self._optional(row, "telephone", provider_cells.telephone, self.notes),
            website=self._optional(row, "website", provider_cells.website, self.notes),
            services=self._list(cell["services"]),
            specialisms=tuple(s for s in specialisms if s not in provider_cells.REGULATED_ACTIVITIES),
            regulated_activities=tuple(s for s in specialisms if s in provider_cells.REGULATED_ACTIVITIES),
            provider_id=provider_id,
            provider_name=provider_name,
            local_authority=cell["local_authority"],
            local_authority_codes=self._authority(row, cell["local_authority"]),
            region=self._optional(row, "region", provider_cells.region, self.notes),
            rating=self._optional(row, "rating", provider_cells.rating, self.notes),
            rating_date=rating_date,
            latest_check=latest_check,
        )

    def refuse_repeats(self, rows: list[DirectoryRow]) -> None:
        """A location may stand in a file once. A repeat that says the same is refused, and both where they differ."""
        standing: defaultdict[str, list[DirectoryRow]] = defaultdict(list)
        for row in rows:
            standing[row.location_id].append(row)
        for first, *others in standing.values():
            for other in others:
                different = dict.fromkeys(
                    _COLUMN_OF.get(f.name, f.name)
                    for f in fields(first)
                    if f.name != "row" and getattr(first, f.name) != getattr(other, f.name)
                )
                if not different:
                    self._refuse(other.row, "location_id", f"Row {first.row} says the same. Remove one of the two.")
                    continue
                what = text.listed([f"“{self.table.heading(key)}”" for key in different])
                for this, that in ((first, other), (other, first)):
                    self._refuse(
                        this.row,
                        "location_id",
                        f"Row {that.row} has the same location id and differs in {what}. Keep the row that is right.",
                    )

    def refuse_two_names(self, rows: list[DirectoryRow]) -> None:
        """A provider has one name, whichever of its locations says it."""
        names: dict[str, DirectoryRow] = {}
        for row in rows:
            first = names.setdefault(row.provider_id, row)
            if first.provider_name != row.provider_name:
                self._refuse(
                    row.row,
                    "provider_name",
                    f"Provider {row.provider_id} is called “{first.provider_name}” in row {first.row} and "
                    f"“{row.provider_name}” here. Use one name.",
                )

    def _needed(self, row: Row, key: str, parse: Callable[[str], Value]) -> Value | None:
        if not row.cells.get(key):
            self._refuse(row.number, key, f"The {key.replace('_', ' ')} is missing. Fill it in.")
            return None
        return self._optional(row, key, parse, self.problems)

    def _optional(self, row: Row, key: str, parse: Callable[[str], Value], to: list[RowProblem]) -> Value | None:
        value = row.cells.get(key, "")
        if not value:
            return None
        try:
            return parse(value)
        except Refusal as refusal:
            left_out = " It was left out." if to is self.notes else ""
            sentence = " ".join(problem.sentence for problem in refusal.problems)
            to.append(RowProblem(row.number, self.table.heading(key), sentence + left_out))
            return None

    def _authority(self, row: Row, name: str) -> tuple[str, ...]:
        codes = self._codes(name)
        if not codes:
            said = f"We know no local authority called “{name}”" if name else "The local authority is missing"
            self._note(row, "local_authority", f"{said}. The location is kept without one.")
        return codes

    def _refuse(self, number: int, key: str, reason: str) -> None:
        self.problems.append(RowProblem(number, self.table.heading(key), reason))

    def _note(self, row: Row, key: str, reason: str) -> None:
        self.notes.append(RowProblem(row.number, self.table.heading(key), reason))


def _produced_on(titles: tuple[str, ...]) -> date | None:
    """The day in "This data was produced on 22 February 2016"."""
    for title in titles:
        found = re.search(r"produced on:?\s+(\d{1,2}\w* \w+ \d{4}|[\d/.-]{8,10})", title, re.IGNORECASE)
        if found:
            try:
                return text.parse_date(found[1])
            except Refusal:
                return None
    return None
