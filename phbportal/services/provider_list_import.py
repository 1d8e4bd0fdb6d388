"""Bringing in a team's own list of organisations: each is one the portal has, a new one, or a matter for a person.

The CQC number decides, then the ODS code, then name and postcode together, or the name where neither side has any of
these. Otherwise a name alone is in doubt: the row is refused with both sides shown, until the list says "same" or
"another" beside it, or somebody does on the screen. What the portal knows is never overwritten by a list: only what it
lacks is filled in, and whether it is led by its users.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.imports import Decision, Outcome
from phbportal.domain.national import OrganisationKind
from phbportal.domain.text import listed, search_key
from phbportal.gateways.provider_list import ListRow, ProviderList, list_of
from phbportal.gateways.tabular import RowProblem
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Brought, Decided, Given, Made, Whole, told
from phbportal.services.import_report import ImportReport
from phbportal.services.many_rows import parts_of
from phbportal.services.new_rows import NewRows
from phbportal.services.provider_merge import stays_for
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Import

KIND = "PROVIDER_LIST"
_FILLED = ("cqc_location_id", "ods_code", "address", "postcode", "telephone", "website")
_WORDS = {"cqc_location_id": "CQC number", "ods_code": "ODS code"}
_BOARDS = (OrganisationKind.ICB.value, OrganisationKind.SUB_ICB.value)
Index = dict[str, list[Organisation]]


@dataclass
class _Known:
    """Organisations the rows may mean."""

    cqc_location_id: Index = field(default_factory=lambda: defaultdict[str, list[Organisation]](list))
    ods_code: Index = field(default_factory=lambda: defaultdict[str, list[Organisation]](list))
    name: Index = field(default_factory=lambda: defaultdict[str, list[Organisation]](list))


@dataclass
class _Doubt:
    """What was decided of rows whose name alone the portal has, and which are asked about."""

    decided: Decided
    asked: dict[int, str] = field(default_factory=dict[int, str])

    def of(self, row: ListRow, alike: list[Organisation]) -> Decision | None:
        """What the list says beside a row; or else what somebody said on a screen, where it is asked."""
        if row.decision is not None or not alike:
            return row.decision
        self.asked[row.row] = ",".join(sorted(str(one.id) for one in alike))
        return self.decided.of(row.row, self.asked[row.row])


def read_list_table(whole: Whole, _today: date) -> ProviderList:
    """A list out of a table under our own columns."""
    return list_of(whole.taken())


def bring_in_list_table(uow: UnitOfWork, given: Given) -> Brought:
    """Bring in a list whose columns were said, or say what would become of its rows."""
    assert isinstance(given.read, ProviderList)
    report = bring_in_provider_list(uow, given.read, dry_run=given.dry_run, said=given.decided)
    return Brought(report.came, report.made, " ".join(given.read.notes))


def bring_in_provider_list(
    uow: UnitOfWork, found: ProviderList, *, dry_run: bool = False, said: Decided | None = None
) -> ImportReport:  # fmt: skip
    """Bring a list in; rows with a problem or in doubt are refused, the others taken. A dry run writes nothing.
    ``said`` is what was decided of rows in doubt."""
    uow.require(Permission.PROVIDER_IMPORT, Subject())
    if not dry_run:
        next_number(uow, "import:providers")  # held to the end: two at once take turns
    known, refused, doubt = _known(uow, found), list(found.problems), _Doubt(said or Decided())
    new: list[ListRow] = []
    matched: list[tuple[ListRow, Organisation, dict[str, Any]]] = []
    first_said: dict[object, ListRow] = {}
    notes: list[RowProblem] = []
    for row in found.rows:
        wrong: list[tuple[str, str]] = []
        organisation = _which(known, row, doubt, wrong)
        key: object = organisation.id if organisation else (search_key(row.name), row.postcode)
        if not wrong and (first := first_said.setdefault(key, row)) is not row:
            wrong.append(("name", f"Row {first.row} is the same organisation. Keep one of the two."))
        if wrong:
            refused += [RowProblem(row.row, found.headings.get(column, column), why) for column, why in wrong]
        elif organisation is None:
            new.append(row)
        else:
            matched.append((row, organisation, _changes(row, organisation)))
            if other := _otherwise(row, organisation):
                notes.append(RowProblem(row.row, "", f"The portal has another {listed(other)} and keeps it."))
    changed = [one for one in matched if one[2]]
    outcomes = {problem.row: (Outcome.REFUSED, "") for problem in refused}
    outcomes |= {row.row: (Outcome.REFUSED, row.name) for row in found.rows}
    outcomes |= {row.row: (Outcome.NEW, row.name) for row in new}
    outcomes |= {row.row: (Outcome.CHANGED if fills else Outcome.SAME, row.name) for row, _, fills in matched}
    report = ImportReport(
        sha256=found.sha256, dry_run=dry_run, rows=found.row_count, created=len(new), changed=len(changed),
        unchanged=len(matched) - len(changed), refused=tuple(sorted(refused, key=lambda problem: problem.row)),
        notes=tuple(notes), came=told(outcomes, (*refused, *notes), str, doubt.asked),
    )  # fmt: skip
    return report if dry_run else replace(report, made=_write(uow, new, changed, report))


def _known(uow: UnitOfWork, found: ProviderList) -> _Known:
    """What the rows name, in a statement a thousand of them; what was merged is the one it was merged into."""
    known, o = _Known(), Organisation
    for part in parts_of(found.rows):
        rows = uow.session.execute(
            select(o).where(
                col(o.kind).not_in(_BOARDS),
                or_(
                    col(o.cqc_location_id).in_({row.cqc_location_id for row in part if row.cqc_location_id}),
                    col(o.ods_code).in_({row.ods_code for row in part if row.ods_code}),
                    col(o.search_name).in_({search_key(row.name)[:200] for row in part}),
                ),
            )
        ).scalars().all()  # fmt: skip
        for row in rows:
            for one in stays_for(uow, [row]) if row.valid_to else [row]:
                for index, key in (
                    (known.cqc_location_id, row.cqc_location_id), (known.ods_code, row.ods_code),
                    (known.name, row.search_name),
                ):  # fmt: skip
                    if key and one not in index[key]:
                        index[key].append(one)
    return known


def _which(known: _Known, row: ListRow, doubt: _Doubt, wrong: list[tuple[str, str]]) -> Organisation | None:
    """The organisation a row means; None for a new one, or where something is wrong."""
    numbered = known.cqc_location_id.get(row.cqc_location_id, []) if row.cqc_location_id else []
    coded = known.ods_code.get(row.ods_code, []) if row.ods_code else []
    if numbered and coded and numbered[0].id != coded[0].id:
        wrong.append(("ods_code", f"The CQC number is that of {numbered[0].name} and the ODS code that of "
                                  f"{coded[0].name}. Correct one of them."))  # fmt: skip
        return None
    if numbered or coded:
        return (numbered or coded)[0]
    alike = known.name.get(search_key(row.name)[:200], [])
    sure = [one for one in alike if one.postcode == row.postcode and (row.postcode or _bare(row, one))]
    sure = [one for one in sure if not _clash(row, one)]
    if len(sure) == 1 and row.decision is not Decision.ANOTHER:
        return sure[0]
    decision = doubt.of(row, alike)
    if not alike or decision is Decision.ANOTHER:
        return None
    if decision is Decision.SAME and len(alike) == 1 and not _clash(row, alike[0]):
        return alike[0]
    if decision is Decision.SAME and len(alike) == 1:
        wrong.append(("name", f"{alike[0].name} in the portal has a CQC number or ODS code of its own, and so has this "
                              "one, so they are two. Say that it is another, or correct the number."))  # fmt: skip
        return None
    theirs = listed([f"{one.name} ({one.postcode or 'no postcode'})" for one in alike[:3]])
    wrong.append(
        (
            "name",
            f"The portal has {theirs}, and the list says {row.name} ({row.postcode or 'no postcode'}). Say whether it "
            "is the same or another: on the page of the file, or as “same” or “another” in a column “Decision”; or "
            "give the CQC number or ODS code.",
        )
    )
    return None


def _bare(row: ListRow, one: Organisation) -> bool:
    """Whether neither says where it is or what its number is, nor that they are of two kinds: then the name decides, or
    the same list would be in doubt each time."""
    same_kind = row.kind in (None, one.kind) or one.kind == OrganisationKind.OTHER
    return same_kind and not any(getattr(row, name) or getattr(one, name) for name in _WORDS)


def _clash(row: ListRow, one: Organisation) -> bool:
    """Whether each has a number or code of its own, so that they are two."""
    return any(
        getattr(row, name) and getattr(one, name) and getattr(row, name) != getattr(one, name) for name in _WORDS
    )


def _changes(row: ListRow, one: Organisation) -> dict[str, Any]:
    """What the portal lacks and the list has, and whether it is led by its users."""
    changes = {name: getattr(row, name) for name in _FILLED if getattr(row, name) and not getattr(one, name)}
    if row.kind and one.kind == OrganisationKind.OTHER and row.kind != one.kind:
        changes["kind"] = row.kind.value
    if row.user_led is not None and row.user_led != one.is_user_led:
        changes["is_user_led"] = row.user_led
    return changes


def _otherwise(row: ListRow, one: Organisation) -> list[str]:
    return [
        _WORDS.get(name, name) for name in _FILLED
        if getattr(row, name) and getattr(one, name) and getattr(row, name) != getattr(one, name)
    ]  # fmt: skip


def _write(
    uow: UnitOfWork, new: list[ListRow], changed: list[tuple[ListRow, Organisation, dict[str, Any]]],
    report: ImportReport,
) -> tuple[Made, ...]:  # fmt: skip
    rows = NewRows(uow, Organisation)
    for row in new:
        kind = row.kind or (OrganisationKind.ULO if row.user_led else OrganisationKind.OTHER)
        led = row.user_led if row.user_led is not None else kind is OrganisationKind.ULO
        added = rows.put(
            Organisation, kind=kind.value, name=row.name, search_name=search_key(row.name)[:200], is_user_led=led,
            cqc_location_id=row.cqc_location_id or None, ods_code=row.ods_code or None, address=row.address,
            postcode=row.postcode, telephone=row.telephone, website=row.website,
        )  # fmt: skip
        rows.record("organisation_listed", icb_id=None, about=added, organisation=row.name)
    filled: list[Made] = []
    for _row, one, values in changed:
        held = uow.change(one, **values)
        filled.append(Made(Organisation, one.id, {name: was for name, (was, _now) in held.items()}))
        rows.record("organisation_completed", icb_id=None, about=one.id, fields=sorted(held),
                    held={name: list(pair) for name, pair in held.items()}, organisation=one.name)  # fmt: skip
    rows.write()
    uow.add(Import, kind=KIND, sha256=report.sha256, outcome=json.dumps(report.counts()))
    uow.record("provider_list_brought_in", **report.counts())
    return (*(Made(table, row_id) for table, row_id in rows.made), *filled)
