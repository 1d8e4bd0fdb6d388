"""The people list: search and keyset pages over the people a member of staff may see."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain import identifiers
from phbportal.domain.errors import Refusal
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.domain.text import long_date, search_key
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

SIZE = 50
_LAST = chr(0x10FFFF)
_Place = tuple[int, str, str]
"""Phase of the search, the name it stands at, and the id."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the people list, as text; ``nhs_number`` is empty for those who may not see it."""

    id: str
    href: str
    name: str
    nhs_number: str
    born: str
    budgets: str
    status: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Rows, and the cursors either way ("" where there is no more)."""

    rows: tuple[PersonRow, ...]
    before: str
    after: str


def people_page(
    session: Session, actor: Actor, today: date, *, search: str = "", cursor: str = "", direction: str = "",
    size: int = SIZE,
) -> PeoplePage:  # fmt: skip
    """One page of the people this actor may see, by name. Two statements, whatever the page.

    ``search`` is the beginning of a name in either order, an NHS number, or a reference.
    """
    found = _by_number(search) if search.strip() else None
    if found is not None:
        people = _fetch(session, _columns().where(visible(actor, Person, today), found).limit(size))
        return PeoplePage(_rows(session, actor, today, people), "", "")
    backwards = direction == "before"
    place = _read_cursor(cursor)
    people = _named(session, actor, today, search_key(search), place, backwards, size + 1)
    more = len(people) > size
    people = people[:size]
    if backwards:
        people.reverse()
    first = _cursor(people[0]) if people and (place is not None and (not backwards or more)) else ""
    last = _cursor(people[-1]) if people and (more or backwards) else ""
    return PeoplePage(_rows(session, actor, today, people), first, last)


@dataclass(frozen=True, slots=True)
class _Person:
    id: UUID
    given_name: str
    family_name: str
    nhs_number: str | None
    date_of_birth: date
    search_name: str
    search_given: str
    phase: int = 1


def _columns() -> Select[*tuple[object, ...]]:
    return select(
        col(Person.id), col(Person.given_name), col(Person.family_name), col(Person.nhs_number),
        col(Person.date_of_birth), col(Person.search_name), col(Person.search_given),
    )  # fmt: skip


def _fetch(session: Session, statement: Select[*tuple[object, ...]], phase: int = 1) -> list[_Person]:
    return [_Person(*row, phase) for row in session.execute(statement)]  # pyright: ignore[reportArgumentType]


def _by_number(search: str) -> ColumnElement[bool] | None:
    """An exact condition, if what was typed is a number or a reference rather than a name."""
    try:
        return col(Person.nhs_number) == identifiers.nhs_number(search)
    except Refusal:
        pass
    tidy = search.strip().upper()
    if tidy.startswith("PHB-"):
        return col(Person.id).in_(select(col(Phb.person_id)).where(col(Phb.reference) == tidy))
    if any(c.isdigit() for c in tidy):
        return or_(col(Person.local_reference) == search.strip(), col(Person.local_reference) == tidy)
    return None


def _named(
    session: Session, actor: Actor, today: date, key: str, place: _Place | None, backwards: bool, most: int
) -> list[_Person]:
    """Names that begin with the key: family name first in the first phase, given name first in the second.

    Each phase is one range of one index; a page is one or two of them.
    """
    by_family, by_given = _begins(col(Person.search_name), key), _begins(col(Person.search_given), key)
    phases = [(1, col(Person.search_name), by_family)]
    if key:
        phases.append((2, col(Person.search_given), and_(by_given, not_(by_family))))
    if backwards:
        phases.reverse()
    found: list[_Person] = []
    for phase, column, condition in phases:
        if len(found) >= most or (place and (phase > place[0] if backwards else phase < place[0])):
            continue
        statement = _columns().where(visible(actor, Person, today), condition)
        if place and place[0] == phase:
            pair, at = tuple_(column, col(Person.id)), tuple_(place[1], UUID(place[2]))
            statement = statement.where(pair < at if backwards else pair > at)
        order = (column.desc(), col(Person.id).desc()) if backwards else (column, col(Person.id))
        found += _fetch(session, statement.order_by(*order).limit(most - len(found)), phase)
    return found


def _begins(column: ColumnElement[str], key: str) -> ColumnElement[bool]:
    return and_(column >= key, column < key + _LAST)


def _cursor(person: _Person) -> str:
    return json.dumps([person.phase, person.search_name if person.phase == 1 else person.search_given, str(person.id)])


def _read_cursor(cursor: str) -> _Place | None:
    if not cursor:
        return None
    phase, key, row_id = json.loads(cursor)
    return int(phase), str(key), str(row_id)


def _rows(session: Session, actor: Actor, today: date, people: list[_Person]) -> tuple[PersonRow, ...]:
    shows_number = could_ever(actor, Permission.NHS_NUMBER_READ)
    budgets: dict[UUID, list[tuple[str, str]]] = {}
    if people:
        for row in session.execute(
            select(col(Phb.person_id), col(Phb.reference), col(Phb.status))
            .where(col(Phb.person_id).in_([p.id for p in people]), visible(actor, Phb, today))
            .order_by(col(Phb.id))
        ):
            budgets.setdefault(row.person_id, []).append((row.reference, row.status))
    return tuple(
        PersonRow(
            id=str(p.id), href=routes.staff_person(p.id), name=f"{p.family_name}, {p.given_name}",
            nhs_number=identifiers.show_nhs_number(p.nhs_number) if p.nhs_number and shows_number else "",
            born=long_date(p.date_of_birth),
            budgets=", ".join(reference for reference, _ in budgets.get(p.id, [])),
            status=STATUS_WORDS[PhbStatus(budgets[p.id][-1][1])] if p.id in budgets else "No budget",
        )
        for p in people
    )  # fmt: skip
