"""Opening a form and saving it: the row is locked, nobody else's change is overwritten, a second press does nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from phbportal.admin.cells import titles
from phbportal.admin.fields import Field, Group, Link
from phbportal.admin.inputs import read_form
from phbportal.admin.links import label_of, resolve_links
from phbportal.admin.record import row_values
from phbportal.admin.resource import Form, Resource, Values
from phbportal.admin.sight import seen
from phbportal.queries.ids import given_id, is_id
from phbportal.services.unit_of_work import UnitOfWork

Labels = dict[str, dict[str, UUID]]
"""By the name of a link: which row the words in its box stand for."""


@dataclass(frozen=True)
class Opened:
    """A form's fields and what its controls start from; ``shown`` is each field's text, to compare versions by."""

    fields: tuple[Field, ...]
    values: dict[str, str]
    shown: dict[str, str]
    labels: Labels = field(default_factory=lambda: {})
    caption: str = ""
    row_version: int = 0
    person_id: UUID | None = None
    phb_id: UUID | None = None


class Several(Exception):
    """What was typed for a link fits several rows: which, by the link's name."""

    def __init__(self, found: Labels) -> None:
        self.found = found


def open_form(uow: UnitOfWork, resource: Resource, form: Form, key: str, given: Mapping[str, Any]) -> Opened:
    """A form to fill in: empty but for the rows the address names for its links, or with a row's own values."""
    fields = seen(uow.actor, resource, form.names())
    labels: Labels = {}
    if not key:
        named = {f.name: str(given[f.name]) for f in fields if isinstance(f, Link) and given.get(f.name)}
        return Opened(fields, label_links(uow, fields, named, labels), {}, labels)
    row = row_values(uow.session, uow.actor, uow.today, resource, key, fields)
    values = with_groups(uow, fields, row.id, row.values)
    filled: dict[str, str] = {}
    for one in fields:
        filled |= one.fill(*values[one.name])
    shown = texts(uow, fields, values)
    filled = label_links(uow, fields, filled, labels)
    return Opened(fields, filled, shown, labels, row.title, row.row_version, row.person_id, row.phb_id)


def label_links(uow: UnitOfWork, fields: tuple[Field, ...], values: dict[str, str], labels: Labels) -> dict[str, str]:
    """Ids of links as words, noted in ``labels``; what is out of sight is empty, what is typed stays."""
    for one in fields:
        if isinstance(one, Link) and is_id(values.get(one.name, "")):
            found = label_of(uow.session, uow.actor, uow.today, one.to, values[one.name])
            labels[one.name] = {found[0]: found[1]} if found else {}
            values[one.name] = found[0] if found else ""
    return values


def link_ids(fields: tuple[Field, ...], values: dict[str, str], labels: Labels) -> dict[str, str]:
    """The other way round, for a draft: words that stand for a row are kept as its id."""
    known = {f.name: labels.get(f.name, {}).get(values.get(f.name, "")) for f in fields if isinstance(f, Link)}
    return {**values, **{name: str(row_id) for name, row_id in known.items() if row_id}}


def with_groups(
    uow: UnitOfWork, fields: tuple[Field, ...], row_id: UUID, values: dict[str, tuple[Any, ...]]
) -> dict[str, tuple[Any, ...]]:
    """A row's values, and of fields that repeat what their own loading finds."""
    for one in fields:
        if isinstance(one, Group):
            found = one.load(uow.session, uow.actor, uow.today, [row_id]) if one.load else {}
            values[one.name] = (found.get(row_id, []),)
    return values


def read_sent(uow: UnitOfWork, fields: tuple[Field, ...], sent: Mapping[str, str], labels: Labels) -> dict[str, Any]:
    """Every field's value, links found. Raises Refusal with every problem, and Several where a link is not clear."""
    values = read_form(fields, sent)
    several = resolve_links(uow.session, uow.actor, uow.today, fields, values, labels)
    if several:
        raise Several(several)
    return values


def save_form(
    uow: UnitOfWork, resource: Resource, form: Form, key: str, sent: Mapping[str, str], values: Values, *,
    form_key: str, seen_version: int,
) -> str:  # fmt: skip
    """Let the service save what was read. Returns the key of the row. Raises Refusal, and Conflict if somebody else
    changed the row since the form was opened."""
    if not key:
        return uow.once(resource.code, form_key, dict(sent), lambda: str(form.save(uow, values)))
    form.save(uow, unchanged(uow, resource, form, key, values, seen_version).id, values)
    return key


def unchanged(
    uow: UnitOfWork, resource: Resource, form: Form, key: str, values: Values, seen_version: int
) -> Any:  # fmt: skip
    """The row a form is about, locked. Raises Conflict if somebody else changed it since the form was opened."""
    fields = seen(uow.actor, resource, form.names())
    row: Any = uow.find(resource.table, _row_id(uow, resource, key), lock=True)  # pyright: ignore
    if row.row_version != seen_version:
        now = row_values(uow.session, uow.actor, uow.today, resource, key, fields)
        mine = {f.name: (values[f.name],) for f in fields if f.name in values}
        uow.check_version(row, seen_version, theirs=texts(uow, fields, now.values), mine=texts(uow, fields, mine))
    return row


def _row_id(uow: UnitOfWork, resource: Resource, key: str) -> UUID:
    if resource.key == "id":
        return given_id(key)
    return row_values(uow.session, uow.actor, uow.today, resource, key, ()).id


def texts(uow: UnitOfWork, fields: tuple[Field, ...], values: Mapping[str, tuple[Any, ...]]) -> dict[str, str]:
    """Each field's value as people read it; of a link what its row is called."""
    found: dict[str, str] = {}
    for one in fields:
        if one.name not in values:
            continue
        own = values[one.name]
        if isinstance(one, Link):
            called = titles(uow.session, uow.actor, uow.today, one.to, [own[0]] if own[0] else [])
            found[one.name] = called.get(own[0], ("", ""))[0]
        else:
            found[one.name] = one.show(*own)
    return found
