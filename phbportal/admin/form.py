"""Opening a form and saving it: the row is locked, nobody else's change is overwritten, a second press does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from phbportal.admin.fields import Field, Link
from phbportal.admin.inputs import read_form
from phbportal.admin.record import row_values
from phbportal.admin.resource import Form, Resource
from phbportal.admin.sight import seen
from phbportal.queries.ids import given_id
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Opened:
    """A form's fields and what its controls start from; ``shown`` is each field's text, to compare versions by."""

    fields: tuple[Field, ...]
    values: dict[str, str]
    shown: dict[str, str]
    caption: str = ""
    row_version: int = 0
    person_id: UUID | None = None
    phb_id: UUID | None = None


def open_form(uow: UnitOfWork, resource: Resource, form: Form, key: str, given: Mapping[str, Any]) -> Opened:
    """A form to fill in: empty but for the ids the address gives to its links, or with a row's own values."""
    fields = seen(uow.actor, resource, form.names())
    if not key:
        values = {f.name: str(given[f.name]) for f in fields if isinstance(f, Link) and given.get(f.name)}
        return Opened(fields, values, {})
    row = row_values(uow.session, uow.actor, uow.today, resource, key, fields)
    values: dict[str, str] = {}
    for field in fields:
        values |= field.fill(*row.values[field.name])
    return Opened(
        fields, values, _texts(fields, row.values), row.title, row.row_version, row.person_id, row.phb_id
    )  # fmt: skip


def save_form(
    uow: UnitOfWork, resource: Resource, form: Form, key: str, sent: Mapping[str, str], *, form_key: str,
    seen_version: int,
) -> str:  # fmt: skip
    """Read everything, then let the service save it. Returns the key of the row. Raises Refusal with every problem, and
    Conflict if somebody else changed the row since the form was opened."""
    fields = seen(uow.actor, resource, form.names())
    values = read_form(fields, sent)
    if not key:
        return uow.once(resource.code, form_key, dict(sent), lambda: str(form.save(uow, values)))
    row = uow.find(resource.table, _row_id(uow, resource, key), lock=True)  # pyright: ignore
    if row.row_version != seen_version:  # pyright: ignore
        now = row_values(uow.session, uow.actor, uow.today, resource, key, fields)
        uow.check_version(
            row, seen_version, theirs=_texts(fields, now.values),
            mine=_texts(fields, {f.name: (values[f.name],) for f in fields if f.name in values}),
        )  # fmt: skip
    form.save(uow, row.id, values)
    return key


def _row_id(uow: UnitOfWork, resource: Resource, key: str) -> UUID:
    if resource.key == "id":
        return given_id(key)
    return row_values(uow.session, uow.actor, uow.today, resource, key, ()).id


def _texts(fields: tuple[Field, ...], values: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
    return {f.name: f.show(*values[f.name]) for f in fields if f.name in values}
