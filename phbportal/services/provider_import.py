"""Bringing in the CQC's care directory: what is new is added, what differs is changed, what is gone is marked.

One read and at most two writes however long the file. Lists (services, specialisms) are kept with a bar between their
items; the regulated activities stand after the specialisms, as in the file.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.imports import Outcome
from phbportal.domain.national import OrganisationKind
from phbportal.domain.text import long_date, search_key
from phbportal.gateways.provider_directory import Directory, DirectoryRow
from phbportal.gateways.tabular import RowProblem
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Came, Made, told
from phbportal.services.import_report import ImportReport
from phbportal.services.many_rows import parts_of
from phbportal.services.new_rows import NewRows
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Import

KIND = "PROVIDERS"
BETWEEN = "|"
_LONGEST = {"name": 200, "provider_name": 200, "address": 500, "website": 300}
_NOT_TOLD = ("id", "row_version", "search_name", "directory_on")
_COUNTED = ("id", "row_version", "updated_at", "updated_by")
_RATING = ("rating", "rating_on")
_KEPT = (
    "id", "row_version", "name", "search_name", "cqc_location_id", "cqc_provider_id", "cqc_provider_name",
    "address", "postcode", "telephone", "website", "local_authority_code", "region", "services", "specialisms",
    "rating", "rating_on", "directory_on", "gone_from_directory_on",
)  # fmt: skip


def bring_in_directory(uow: UnitOfWork, directory: Directory, *, dry_run: bool = False) -> ImportReport:
    """Bring a directory in; rows with a problem are refused, the others taken. Refuses a file older than the last.

    Locations that the file does not name are marked as gone on the day it was produced, unless any of its rows has a
    problem or it does not say when it was produced. A dry run writes nothing.
    """
    uow.require(Permission.PROVIDER_IMPORT, Subject())
    if not dry_run:
        next_number(uow, "import:providers")  # held to the end: two at once take turns
    _refuse_older(uow, directory.produced_on)
    rows, refused = _what_fits(directory)
    known = _known(uow)
    new = [row for row in rows if row.location_id not in known]
    changes = [
        {"id": known[row.location_id]["id"], "row_version": known[row.location_id]["row_version"] + 1} | differs
        for row in rows
        if row.location_id in known and (differs := _differences(row, directory.produced_on, known[row.location_id]))
    ]
    gone: list[dict[str, Any]] = []
    if directory.produced_on is not None and not refused:
        gone = [
            {"id": was["id"], "row_version": was["row_version"] + 1, "gone_from_directory_on": directory.produced_on}
            for location_id, was in known.items()
            if location_id not in directory.location_ids and was["gone_from_directory_on"] is None
        ]
    report = ImportReport(
        sha256=directory.sha256, dry_run=dry_run, rows=directory.row_count, created=len(new), changed=len(changes),
        unchanged=len(rows) - len(new) - len(changes), refused=refused, notes=_notes(directory, refused),
        gone=len(gone), came=_came(rows, known, changes, refused),
    )  # fmt: skip
    if dry_run:
        return report
    return replace(report, made=_write(uow, directory, new, changes + gone, report, known))


def _came(
    rows: list[DirectoryRow], known: dict[str, dict[str, Any]], changes: list[dict[str, Any]],
    refused: tuple[RowProblem, ...],
) -> tuple[Came, ...]:  # fmt: skip
    changing = {change["id"] for change in changes}
    found: dict[int, tuple[Outcome, str]] = {}
    for row in rows:
        was = known.get(row.location_id)
        outcome = Outcome.NEW if was is None else Outcome.CHANGED if was["id"] in changing else Outcome.SAME
        found[row.row] = (outcome, row.name)
    found |= {problem.row: (Outcome.REFUSED, "") for problem in refused if problem.row}
    return told(found, refused, str)


def _refuse_older(uow: UnitOfWork, produced_on: date | None) -> None:
    outcomes = uow.session.execute(select(col(Import.outcome)).where(col(Import.kind) == KIND)).scalars()
    days = [date.fromisoformat(day) for outcome in outcomes if (day := json.loads(outcome).get("produced_on"))]
    if produced_on and days and produced_on < max(days):
        raise Refusal(
            f"This directory was produced on {long_date(produced_on)}, and one of {long_date(max(days))} was brought "
            "in already. Bring in the latest one."
        )


def _what_fits(directory: Directory) -> tuple[list[DirectoryRow], tuple[RowProblem, ...]]:
    """The rows whose values are not longer than the portal keeps, and every row's problems in the file's order."""
    too_long = [
        RowProblem(row.row, column, f"The {column.replace('_', ' ')} has more than {longest} letters. Shorten it.")
        for row in directory.rows
        for column, longest in _LONGEST.items()
        if len(getattr(row, column) or "") > longest
    ]
    wrong = {problem.row for problem in too_long}
    refused = sorted((*directory.problems, *too_long), key=lambda problem: problem.row)
    return [row for row in directory.rows if row.row not in wrong], tuple(refused)


def _notes(directory: Directory, refused: tuple[RowProblem, ...]) -> tuple[RowProblem, ...]:
    """What was left out of accepted rows, and above it (row 0) why nothing could be marked as gone."""
    if directory.produced_on is None:
        why = "The file does not say on which day it was produced, so no location was marked as gone."
    elif refused:
        why = "Rows were refused, so no location was marked as gone."
    else:
        return directory.notes
    return (RowProblem(0, "", why), *directory.notes)


def _columns(row: DirectoryRow, produced_on: date | None) -> dict[str, Any]:
    """A location as the portal keeps it."""
    # A name that has since been divided between authorities does not say in which of them the location lies.
    codes = row.local_authority_codes
    return {
        "name": row.name,
        "search_name": search_key(row.name)[:200],
        "cqc_location_id": row.location_id,
        "cqc_provider_id": row.provider_id,
        "cqc_provider_name": row.provider_name,
        "address": row.address,
        "postcode": row.postcode,
        "telephone": row.telephone or "",
        "website": row.website or "",
        "local_authority_code": codes[0] if len(codes) == 1 else None,
        "region": row.region or "",
        "services": BETWEEN.join(row.services),
        "specialisms": BETWEEN.join((*row.specialisms, *row.regulated_activities)),
        "rating": row.rating or "",
        "rating_on": row.rating_date if row.rating else None,
        "directory_on": produced_on,
        "gone_from_directory_on": None,
    }


def _known(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    """Every organisation that has been in the directory, by its location id: its columns as they stand."""
    columns = [col(getattr(Organisation, name)) for name in _KEPT]
    found = uow.session.execute(select(*columns).where(col(Organisation.cqc_location_id).is_not(None)))
    return {row["cqc_location_id"]: dict(row) for row in found.mappings()}


def _differences(row: DirectoryRow, produced_on: date | None, was: dict[str, Any]) -> dict[str, Any]:
    """What a file says otherwise than the portal; the day of the directory goes with a change, and is none itself."""
    now = _columns(row, produced_on)
    if not row.rating:
        # Most layouts have no ratings, and one that has none says nothing of those we know.
        now = {name: value for name, value in now.items() if name not in _RATING}
    if all(was[name] == value for name, value in now.items() if name != "directory_on"):
        return {}
    return now if produced_on else {name: value for name, value in now.items() if name != "directory_on"}


def _tell(rows: NewRows, was: dict[str, Any], change: dict[str, Any]) -> None:
    """The organisation's own history: what the directory said otherwise since last time, before and after."""
    held = {name: [was[name], now] for name, now in change.items() if name not in _NOT_TOLD and was[name] != now}
    if held:
        rows.record(
            "directory_changed", icb_id=None, about=was["id"], fields=sorted(held), held=held,
            organisation=change.get("name", was["name"]),
        )  # fmt: skip


def _write(
    uow: UnitOfWork, directory: Directory, new: list[DirectoryRow], changes: list[dict[str, Any]], report: ImportReport,
    known: dict[str, dict[str, Any]],
) -> tuple[Made, ...]:  # fmt: skip
    rows = NewRows(uow, Organisation)
    for row in new:
        rows.put(
            Organisation, kind=OrganisationKind.CARE_PROVIDER.value, is_user_led=False,
            **_columns(row, directory.produced_on),
        )  # fmt: skip
    before = {was["id"]: was for was in known.values()}
    for change in changes:
        _tell(rows, before[change["id"]], change)
    rows.write()
    stamp = {"updated_at": uow.now, "updated_by": uow.actor.user_id}
    for part in parts_of([change | stamp for change in changes]):
        uow.session.execute(update(Organisation), part)
    outcome: dict[str, Any] = {**report.counts(), "gone": report.gone}
    uow.add(
        Import, kind=KIND, sha256=report.sha256,
        outcome=json.dumps(outcome | {"produced_on": directory.produced_on}, default=str),
    )  # fmt: skip
    uow.record("directory_brought_in", **outcome)
    changed = (
        Made(Organisation, change["id"], {n: before[change["id"]][n] for n in change if n not in _COUNTED})
        for change in changes
    )
    return (*(Made(table, row_id) for table, row_id in rows.made), *changed)
