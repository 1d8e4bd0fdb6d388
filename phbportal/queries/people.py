"""The people list: search and keyset pages over the people a member of staff may see."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SQLColumnExpression,
    String,
    Uuid,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.domain.text import long_date, plural
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import among, by_shape, has_arrays
from phbportal.queries.people_search import Search, begins, end_of, understand
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

SIZE = 50
MOST_COUNTED = 1000
_MOST = bindparam("most", type_=Integer())


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One line of the people list, as text; ``nhs_number`` is empty for those who may not see it.

    ``budget`` is the newest, ``more`` says how many there are beside it.
    """

    id: str
    name: str
    nhs_number: str
    born: str
    budget: str
    more: str
    status: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Rows, the cursors either way ("" where there is no more), and what to say when nothing was found."""

    rows: tuple[PersonRow, ...]
    before: str
    after: str
    nothing: str


class _Place(NamedTuple):
    """Where a page ended: by which of the two orders of names, at which name, at whom."""

    phase: int
    key: str
    person_id: UUID


@dataclass(frozen=True, slots=True)
class _Person:
    phase: int
    key: str
    id: UUID
    given_name: str
    family_name: str
    nhs_number: str | None
    date_of_birth: date


def people_page(
    session: Session, actor: Actor, today: date, *, search: str = "", cursor: str = "", direction: str = "",
    size: int = SIZE,
) -> PeoplePage:  # fmt: skip
    """One page of the people this actor may see, by name. Two statements, whatever the page.

    ``search`` is the beginning of a name in either order, an NHS number, or a reference.
    """
    wanted = understand(actor, today, search)
    backwards, place = direction == "before", _read_cursor(cursor)
    people = _people(session, actor, today, wanted, place, backwards, size + 1)
    more = len(people) > size
    people = people[:size]
    if backwards:
        people.reverse()
    first = _cursor(people[0]) if people and (place is not None and (not backwards or more)) else ""
    last = _cursor(people[-1]) if people and (more or backwards) else ""
    return PeoplePage(_rows(session, actor, today, people), first, last, wanted.nothing)


def people_count(session: Session, actor: Actor, today: date, *, search: str = "") -> str:
    """How many people a search finds: "120 people", or "more than 1,000 people". One statement, which stops there."""
    wanted = understand(actor, today, search)
    found = select(col(Person.id)).where(visible(actor, Person, today), _matches(wanted))
    count = session.execute(select(func.count()).select_from(found.limit(MOST_COUNTED + 1).subquery())).scalar_one()
    return f"more than {MOST_COUNTED:,} people" if count > MOST_COUNTED else plural(count, "person", "people")


def _matches(wanted: Search) -> ColumnElement[bool]:
    if wanted.exactly is not None:
        return wanted.exactly
    if not wanted.key:
        return true()
    return or_(begins(col(Person.search_name), wanted.key), begins(col(Person.search_given), wanted.key))


def _columns(phase: int, key: SQLColumnExpression[str]) -> Select[*tuple[Any, ...]]:
    return select(
        literal(phase).label("phase"), key.label("key"), col(Person.id), col(Person.given_name),
        col(Person.family_name), col(Person.nhs_number), col(Person.date_of_birth),
    )  # fmt: skip


def _people(
    session: Session, actor: Actor, today: date, wanted: Search, place: _Place | None, backwards: bool, most: int
) -> list[_Person]:
    if wanted.exactly is not None:
        family = col(Person.search_name)
        exact = _columns(1, family).where(visible(actor, Person, today), wanted.exactly).order_by(family).limit(most)
        return [_Person(*row) for row in session.execute(exact)]
    values: dict[str, Any] = {"most": most}
    if wanted.key:
        values |= {"key": wanted.key, "key_end": end_of(wanted.key)}
    if place is not None:
        values |= {"at_key": place.key, "at_id": place.person_id}
    statement = _named(actor, today, bool(wanted.key), place.phase if place else 0, backwards)
    return [_Person(*row) for row in session.connection().execute(statement, values).all()]


@by_shape
def _named(who: Actor, today: date, searches: bool, phase: int, backwards: bool) -> Select[*tuple[Any, ...]]:
    """Names that begin with the key: family name first in the first phase, given name first in the second.

    Each phase is one range of one index, and both are read at once. Built once for each shape: building a statement
    takes longer than running it.
    """
    family, given = col(Person.search_name), col(Person.search_given)
    parts: list[tuple[int, SQLColumnExpression[str], ColumnElement[bool]]] = [(1, family, true())]
    if searches:
        key, end = bindparam("key", type_=String()), bindparam("key_end", type_=String())
        by_family = and_(family >= key, family < end)
        parts = [(1, family, by_family), (2, given, and_(given >= key, given < end, not_(by_family)))]
    if phase:
        parts = [p for p in parts if (p[0] <= phase if backwards else p[0] >= phase)]
    found = [_part(who, today, *part, phase, backwards) for part in parts]
    if len(found) == 1:
        return found[0]
    both = union_all(*(select(part.subquery()) for part in found)).subquery()
    order = (both.c.phase, both.c.key, both.c.id)
    return select(both).order_by(*(c.desc() for c in order) if backwards else order).limit(_MOST)


def _part(
    who: Actor, today: date, number: int, column: SQLColumnExpression[str], condition: ColumnElement[bool],
    phase: int, backwards: bool,
) -> Select[*tuple[Any, ...]]:  # fmt: skip
    statement = _columns(number, column).where(visible(who, Person, today), condition)
    if phase == number:
        pair = tuple_(column, col(Person.id))
        at = tuple_(bindparam("at_key", type_=String()), bindparam("at_id", type_=Uuid()))
        statement = statement.where(pair < at if backwards else pair > at)
    order = (column.desc(), col(Person.id).desc()) if backwards else (column, col(Person.id))
    return statement.order_by(*order).limit(_MOST)


@by_shape
def _budgets(who: Actor, today: date, arrays: bool) -> Select[*tuple[Any, ...]]:
    """The budgets of the people of a page, oldest first."""
    return (
        select(col(Phb.person_id), col(Phb.reference), col(Phb.status))
        .where(among(col(Phb.person_id), "people", arrays=arrays), visible(who, Phb, today))
        .order_by(col(Phb.id))
    )


@dataclass(frozen=True, slots=True)
class Budgets:
    """Somebody's budgets: the newest's reference and status in words, and how many there are beside it."""

    reference: str
    status: str
    more: int

    @property
    def words(self) -> str:
        return f"{self.reference} and {self.more} more" if self.more else self.reference


def budgets_of(session: Session, actor: Actor, today: date, people: Sequence[UUID]) -> dict[UUID, Budgets]:
    """The budgets of each of these people, as far as the actor may see them. One statement."""
    found: dict[UUID, Budgets] = {}
    for row in session.connection().execute(_budgets(actor, today), {"people": list(people)}):
        before = found.get(row.person_id)
        words = STATUS_WORDS[PhbStatus(row.status)]
        found[row.person_id] = Budgets(row.reference, words, before.more + 1 if before else 0)
    return found


def with_budget(session: Session, actor: Actor, today: date, reference: str) -> UUID | None:
    """Whose budget has this reference; None if it is nobody's the actor may see."""
    return session.execute(
        select(col(Phb.person_id)).where(col(Phb.reference) == reference, visible(actor, Phb, today))
    ).scalar_one_or_none()


def _cursor(person: _Person) -> str:
    return json.dumps([person.phase, person.key, str(person.id)], ensure_ascii=False)


def _read_cursor(cursor: str) -> _Place | None:
    if not cursor:
        return None
    phase, key, person_id = json.loads(cursor)
    return _Place(int(phase), str(key), UUID(str(person_id)))


def _rows(session: Session, actor: Actor, today: date, people: list[_Person]) -> tuple[PersonRow, ...]:
    shows_number = could_ever(actor, Permission.NHS_NUMBER_READ)
    budgets: dict[UUID, list[tuple[str, str]]] = {}
    if people:
        ids = {"people": [p.id for p in people]}
        for row in session.connection().execute(_budgets(actor, today, has_arrays(session)), ids).all():
            budgets.setdefault(row.person_id, []).append((row.reference, row.status))
    return tuple(_row(p, budgets.get(p.id, []), shows_number) for p in people)


def _row(person: _Person, budgets: list[tuple[str, str]], shows_number: bool) -> PersonRow:
    newest, status = budgets[-1] if budgets else ("", "")
    return PersonRow(
        id=str(person.id), name=f"{person.family_name}, {person.given_name}",
        nhs_number=identifiers.show_nhs_number(person.nhs_number) if person.nhs_number and shows_number else "",
        born=long_date(person.date_of_birth), budget=newest,
        more=f"and {len(budgets) - 1} more" if len(budgets) > 1 else "",
        status=STATUS_WORDS[PhbStatus(status)] if status else "No budget",
    )  # fmt: skip
