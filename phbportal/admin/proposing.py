"""Saving what a form or an action declared ``second`` would do, as a proposal for another person to decide.

Before and after are what the record would show, field by field: the change is rehearsed and taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal.admin.fields import Field
from phbportal.admin.form import texts, unchanged, with_groups
from phbportal.admin.record import row_values
from phbportal.admin.resource import Action, Form, Resource, Values
from phbportal.admin.second import REASON, tells
from phbportal.admin.sight import seen
from phbportal.domain.errors import NotFound
from phbportal.policy.actors import Subject
from phbportal.policy.decide import roles_that_could
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.services.change_requests import kind_of, propose
from phbportal.services.rehearsals import rehearsed
from phbportal.services.unit_of_work import UnitOfWork

Shown = dict[str, str]


def propose_form(
    uow: UnitOfWork, resource: Resource, form: Form, row: Any, given: Values, *, again: str = ""
) -> UUID:  # fmt: skip
    """Propose what a form would save; ``row`` is what it changes, None for a new one. Returns the request's id."""
    asked = seen(uow.actor, resource, form.names())
    return _propose(uow, resource, form, form.title, asked, row, given, REASON.name, again)


def propose_sent(
    uow: UnitOfWork, resource: Resource, form: Form, key: str, sent: Mapping[str, str], values: Values, *,
    form_key: str, seen_version: int, again: str = "",
) -> str:  # fmt: skip
    """Propose what was read from a form, once however often it is pressed. Returns the request's id. Raises Refusal,
    and Conflict if somebody else changed the row since the form was opened."""

    # Outside "once": a form that is shown both versions is sent again under its key.
    row = unchanged(uow, resource, form, key, values, seen_version) if key else None

    def do() -> str:
        return str(propose_form(uow, resource, form, row, values, again=again))

    return uow.once(f"{resource.code}/second", form_key, {**sent, "row": key}, do)


def propose_act(
    uow: UnitOfWork, resource: Resource, action: Action, row_id: UUID, given: Values, *, again: str = ""
) -> UUID:  # fmt: skip
    """Propose what an action would do to a row. Returns the request's id."""
    row: Any = uow.find(resource.table, row_id, lock=True)  # pyright: ignore
    kind = kind_of(action.second)
    assert kind is not None, "a declaration that names an unknown kind is refused at import"
    # What it is, not what its button says: whoever decides is not to ask for it.
    return _propose(uow, resource, action, kind.what, action.asks, row, given, action.why or REASON.name, again)


def _propose(
    uow: UnitOfWork, resource: Resource, what: Form | Action, label: str, asked: tuple[Field, ...], row: Any,
    given: Values, why: str, again: str,
) -> UUID:  # fmt: skip
    values = {name: value for name, value in given.items() if name != REASON.name}
    subject, _, act = what.second.partition("/")
    kind = kind_of(what.second)
    assert kind is not None, "a declaration that names an unknown kind is refused at import"
    version: int | None = row.row_version if row else None
    before = _shown(uow, resource, row.id) if row else {}
    with rehearsed(uow, kind, row.id if row else None, values, version) as (practice, row_id):
        after = _shown(practice, resource, row_id)
    typed = texts(uow, tuple(one for one in asked if one.name in values), {n: (v,) for n, v in values.items()})
    names = _told(resource, asked, before, after, typed)
    name = resource.title if resource.title in after or resource.title in before else ""
    called = (before.get(name) or after.get(name) or "") if name and _may_be_named(resource) else ""
    return propose(
        uow, subject=subject, act=act, title=f"{label}: {called}" if called else label,
        before={_label(resource, asked, n): before.get(n, "") for n in names if n in before},
        after={_label(resource, asked, n): after.get(n, typed.get(n, "")) for n in names},
        values=values, reason=str(given[why]), permission=what.permission, row=row,
        under=None if row else kind.under(uow, values) if kind.under else _own_board(uow), seen_version=version,
        again=given_id(again) if again else None,
    )  # fmt: skip


def _shown(uow: UnitOfWork, resource: Resource, row_id: UUID) -> Shown:
    """What a record shows of the fields a proposal may tell of; nothing for a row that is out of sight."""
    fields = tuple(one for one in seen(uow.actor, resource, tuple(resource.by_name)) if tells(one))
    row: Any = uow.session.get(resource.table, row_id)
    try:
        found = row_values(uow.session, uow.actor, uow.today, resource, str(getattr(row, resource.key, "")), fields)
    except NotFound:
        return {}
    return texts(uow, fields, with_groups(uow, fields, found.id, found.values))


def _told(resource: Resource, asked: tuple[Field, ...], before: Shown, after: Shown, typed: Shown) -> list[str]:
    """The fields of the form in its order, then what else would be different."""
    own = [one.name for one in asked if one.name in typed or one.name in before]
    others = [name for name in after if name not in own and before.get(name, "") != after[name]]
    return own + (others if before else [])


def _label(resource: Resource, asked: tuple[Field, ...], name: str) -> str:
    field = resource.by_name.get(name) or next(one for one in asked if one.name == name)
    return field.words()


def _may_be_named(resource: Resource) -> bool:
    """Whether everybody who reads history may read what the row is called: a proposal's title stands there."""
    return tells(resource.field(resource.title)) and roles_that_could(Permission.HISTORY_READ) <= roles_that_could(
        resource.read
    )


def _own_board(uow: UnitOfWork) -> Subject:
    return Subject(icbs=frozenset({uow.actor.icb_id} if uow.actor.icb_id else ()))
