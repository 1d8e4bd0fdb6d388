"""What a caseload may change of people and budgets that the portal has, written for many of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from phbportal.domain.text import search_key
from phbportal.services.bringing_in import Made
from phbportal.services.caseload_budgets import BudgetMatch
from phbportal.services.caseload_known import SOURCE
from phbportal.services.caseload_people import PersonMatch
from phbportal.services.many_rows import update_many
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


def change_people(uow: UnitOfWork, matches: Sequence[PersonMatch], icb_id: UUID, new: NewRows) -> Iterator[Made]:
    """Write what a file says otherwise of people, with a line of history each. Yields what they held before."""
    rows: list[dict[str, Any]] = []
    for match in matches:
        person = match.person
        assert person is not None
        given_name = match.changes.get("given_name", person.given_name)
        family_name = match.changes.get("family_name", person.family_name)
        wanted = match.changes | searchable(given_name, family_name)
        differs = {name: (was, now) for name, now in wanted.items() if (was := getattr(person, name)) != now}
        rows.append(_change(uow, person.id, person.row_version, {name: now for name, (_was, now) in differs.items()}))
        held = {name: pair for name, pair in differs.items() if not name.startswith("search_")}
        new.record("person_changed", about=person.id, icb_id=icb_id, person_id=person.id,
                   fields=sorted(match.changes), held=held, source=SOURCE)  # fmt: skip
        yield Made(Person, person.id, {name: was for name, (was, _now) in differs.items()})
    update_many(uow.session, Person, rows)


def change_budgets(uow: UnitOfWork, matches: Sequence[BudgetMatch], new: NewRows) -> Iterator[Made]:
    """Write whom a file names as case manager, and what e-mail addresses it gives payees. Yields what budgets held."""
    rows: list[dict[str, Any]] = []
    for match in matches:
        assert match.standing is not None
        phb = match.standing.phb
        about = {"icb_id": phb.icb_id, "phb_id": phb.id, "person_id": phb.person_id}
        if match.case_manager_changes:
            wanted = match.case_manager_id  # not whom it has, or nothing would change
            rows.append(_change(uow, phb.id, phb.row_version, {"case_manager_id": wanted}))
            yield Made(Phb, phb.id, {"case_manager_id": phb.case_manager_id})
            new.record("case_manager_changed", about=phb.id, **about, case_manager=wanted, source=SOURCE)
        if match.emails:
            new.record("payee_email_noted", **about, emails=match.emails)
    update_many(uow.session, Phb, rows)


def searchable(given_name: str, family_name: str) -> dict[str, str]:
    """The columns a person is searched by."""
    return {
        "search_name": search_key(f"{family_name} {given_name}")[:200],
        "search_given": search_key(f"{given_name} {family_name}")[:200],
    }


def _change(uow: UnitOfWork, row_id: UUID, version: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """A changed row, stamped as ``uow.change`` stamps it."""
    stamp = {"row_version": version + 1, "updated_at": uow.now, "updated_by": uow.actor.user_id}
    return {"id": row_id, **values, **stamp}
