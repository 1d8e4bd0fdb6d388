"""A record as ready text: its facts in sections, the rows that point to it, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from phbportal.admin.addresses import record_base
from phbportal.admin.asked import Asked
from phbportal.admin.cells import elsewhere, shown, values_of
from phbportal.admin.fields import Field
from phbportal.admin.heads import Head
from phbportal.admin.listing import list_page
from phbportal.admin.registry import asks_who, resource_of
from phbportal.admin.resource import Related, Resource, Section
from phbportal.admin.sight import seen
from phbportal.domain.errors import NotFound
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.ids import given_id
from phbportal.queries.kept import by_shape_of
from phbportal.queries.scope import visible
from phbportal.queries.whose import budget_of, person_of

RELATED_SIZE = 10


@dataclass(frozen=True)
class Fact:
    """One line of a section; ``kind`` is "text", "link", "tag", "long", or "none" of a line that says nothing."""

    label: str
    text: str
    href: str
    kind: str
    colour: str


@dataclass(frozen=True)
class SectionView:
    """A section's heading and its lines."""

    title: str
    facts: list[Fact]


@dataclass(frozen=True)
class RelatedView:
    """Rows that point here, a page of them."""

    title: str
    heads: list[Head]
    rows: list[list[str]]
    record_base: str
    empty: str
    has_before: bool
    has_after: bool


@dataclass(frozen=True)
class Record:
    """A row's title, sections and related lists; its id, and those of its person and its budget if there are any."""

    id: UUID
    key: str
    title: str
    sections: list[SectionView]
    related: list[RelatedView]
    places: list[tuple[str, str]]
    owners: list[Any]
    person_id: UUID | None
    phb_id: UUID | None
    row_version: int
    watched: dict[str, Any]


@by_shape_of(asks_who)
def _one(actor: Actor, today: date, code: str, names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    resource = resource_of(code)
    read = [resource.column(c) for name in names for c in resource.field(name).columns()]
    owners = [one.of for one in resource.sections if isinstance(one, Related) and one.of != "id"]
    watched = [name for one in resource.actions for name in one.watches()]
    wanted = dict.fromkeys(("row_version", *owners, *watched))
    extra = [
        resource.column(n) for n in wanted if n in resource.table.model_fields and n not in ("person_id", "phb_id")
    ]
    own, key = resource.column("id"), resource.column(resource.key)
    return select(
        key.label("row_key"), own.label("row_sort"), own.label("row_id"),
        *[column.label(f"v{n}") for n, column in enumerate(read)],
        *[column.label(f"row_{column.key}") for column in extra],
        person_of(resource.table).label("row_person_id"), budget_of(resource.table).label("row_phb_id"),
    ).where(key == bindparam("key", type_=key.type), visible(actor, resource.table, today))  # fmt: skip


def record_of(session: Session, actor: Actor, today: date, resource: Resource, key: str) -> Record:
    """A record in the actor's sight; NotFound otherwise. One statement, and one for each link, computed field and
    related list."""
    sections = [one for one in resource.sections if isinstance(one, Section)]
    names = dict.fromkeys((resource.title, *(name for section in sections for name in section.names)))
    fields = seen(actor, resource, tuple(names))
    row = _find(session, actor, today, resource, key, fields)
    values = values_of(resource, fields, row)
    others = elsewhere(session, actor, today, fields, [row.row_id], [values])
    by_name = {field.name: (field, values[n]) for n, field in enumerate(fields)}
    shown_fields = {name: _fact(field, row.row_id, own, others) for name, (field, own) in by_name.items()}
    declared = related_of(actor, resource)
    owners = [owner_of(row, one) for one in declared]
    related = [related_view(session, actor, today, one, owner) for one, owner in zip(declared, owners, strict=True)]
    return Record(
        row.row_id, str(row.row_key), shown_fields[resource.title].text,
        [
            SectionView(one.title, [shown_fields[name] for name in one.names if name in shown_fields])
            for one in sections
        ],
        [view for view, _place in related], [place for _view, place in related], owners,
        row.row_person_id, row.row_phb_id, getattr(row, "row_row_version", 0),
        {name: getattr(row, f"row_{name}") for one in resource.actions for name in one.watches()},
    )  # fmt: skip


@dataclass(frozen=True)
class RowValues:
    """Some fields' values of one row, with what a form needs to know of it."""

    id: UUID
    title: str
    values: dict[str, tuple[Any, ...]]
    person_id: UUID | None
    phb_id: UUID | None
    row_version: int


def row_values(
    session: Session, actor: Actor, today: date, resource: Resource, key: str, fields: tuple[Field, ...]
) -> RowValues:
    """The values of a row in the actor's sight; NotFound otherwise. One statement."""
    wanted = tuple({one.name: one for one in (resource.field(resource.title), *fields)}.values())
    row = _find(session, actor, today, resource, key, wanted)
    values = dict(zip((f.name for f in wanted), values_of(resource, wanted, row), strict=True))
    return RowValues(
        row.row_id, resource.field(resource.title).show(*values[resource.title]), values,
        row.row_person_id, row.row_phb_id, getattr(row, "row_row_version", 0),
    )  # fmt: skip


def _find(session: Session, actor: Actor, today: date, resource: Resource, key: str, fields: tuple[Field, ...]) -> Any:
    wanted: Any = given_id(key) if resource.key == "id" else key
    statement = _one(actor, today, resource.code, tuple(f.name for f in fields))
    row = session.connection().execute(statement, {"key": wanted}).one_or_none()
    if row is None:
        raise NotFound()
    return row


def _fact(field: Field, row_id: UUID, values: tuple[Any, ...], others: Any) -> Fact:
    text, href = shown(field, row_id, values, others)
    kind = "long" if field.input == "textarea" else "link" if href else field.cell
    return Fact(field.words(), text, href, kind if text else "none", field.painted().get(text, "grey"))


def related_of(actor: Actor, resource: Resource) -> list[Related]:
    """The related lists of a record whose resource the actor may read."""
    return [
        one for one in resource.sections if isinstance(one, Related) and could_ever(actor, resource_of(one.to).read)
    ]


def owner_of(row: Any, related: Related) -> Any:
    """What rows of a related list must hold to belong to this row."""
    return row.row_id if related.of == "id" else getattr(row, f"row_{related.of}")


def related_view(
    session: Session, actor: Actor, today: date, related: Related, owner: Any, *, cursor: str = "", direction: str = ""
) -> tuple[RelatedView, tuple[str, str]]:
    """A page of the rows of another resource that point to a row, in that resource's own order; and the cursors."""
    other = resource_of(related.to)
    columns = related.columns or tuple(name for name in other.columns if name != related.by)
    asked = Asked(cursor=cursor, direction=direction, size=RELATED_SIZE, columns=columns)
    page = list_page(session, actor, today, other, asked, within=(related.by, owner))
    unsorted = [replace(head, sort="") for head in page.heads]  # a record has no address to sort by
    view = RelatedView(
        related.title or other.many, unsorted, page.rows, record_base(other), other.empty or f"No {other.several}.",
        bool(page.before), bool(page.after),
    )  # fmt: skip
    return view, (page.before, page.after)
