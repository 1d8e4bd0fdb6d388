"""A row's history in sentences, with what each field held before and after, as far as the reader may see the field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from phbportal.admin.cells import titles
from phbportal.admin.fields import Computed, Field, Link
from phbportal.admin.resource import Resource
from phbportal.admin.sight import sees
from phbportal.policy.actors import Actor
from phbportal.queries.history import Happened, happened_to
from phbportal.queries.paging import TOP, Place

NOTHING = "nothing"


@dataclass(frozen=True)
class Told:
    """One line of history: what happened, who did it, when; and a sentence for each field that changed."""

    sentence: str
    who: str
    when: str
    note: str
    changes: list[str]


def told(
    session: Session, actor: Actor, today: date, resource: Resource, row_id: UUID, *, column: str = "about_id",
    place: Place = TOP,
) -> tuple[list[Told], str, str]:  # fmt: skip
    """A page of a row's history, newest first, and the cursors either way. One statement, and one for each link that
    changed."""
    found, newer, older = happened_to(session, actor, today, row_id, column=column, place=place)
    return [_told(session, actor, today, resource, one, row_id) for one in found], newer, older


def _told(session: Session, actor: Actor, today: date, resource: Resource, one: Happened, row_id: UUID) -> Told:
    lines = [
        line
        for name, pair in (one.changes if one.about == row_id else {}).items()
        if (field := field_of(resource, name)) is not None and sees(actor, field)
        for line in [_line(session, actor, today, resource, field, name, pair)]
    ]
    return Told(one.row.sentence, one.row.who, one.row.when, one.row.note, lines)


def field_of(resource: Resource, column: str) -> Field | None:
    """The field that shows a column; of several the one of that name. None: the column is not told of."""
    own = resource.by_name.get(column)
    if own is not None:
        return own
    readers = (one for one in resource.fields if not isinstance(one, Computed) and column in one.columns())
    return next(readers, None)


def _line(
    session: Session, actor: Actor, today: date, resource: Resource, field: Field, column: str, pair: Sequence[Any]
) -> str:
    values = [_typed(resource, column, value) for value in pair]
    if isinstance(field, Link):
        found = titles(session, actor, today, field.to, [value for value in values if value])
        texts = [found.get(value, ("", ""))[0] for value in values]
    elif len(field.columns()) > 1:
        texts = [str(value or "") for value in values]
    else:
        texts = [field.show(value) for value in values]
    label = field.words() if len(field.columns()) == 1 else column.replace("_", " ").capitalize()
    before, after = (f"“{text}”" if text else NOTHING for text in texts)
    return f"{label}: from {before} to {after}."


def _typed(resource: Resource, column: str, value: Any) -> Any:
    """A value as the column holds it, out of the text the history keeps."""
    if value is None or column not in resource.table.model_fields:
        return value
    kind = resource.column(column).type.python_type
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    return UUID(value) if kind is UUID else value
