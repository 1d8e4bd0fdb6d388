"""What a second person decides of a resource, and a returned change begun anew from the form it came from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from phbportal.admin import addresses
from phbportal.admin.record import row_values
from phbportal.admin.registry import all_resources
from phbportal.admin.resource import Action, Form, Resource
from phbportal.admin.second import REASON
from phbportal.admin.sight import seen
from phbportal.domain.errors import NotFound
from phbportal.queries.change_requests import to_propose_anew
from phbportal.queries.ids import given_id
from phbportal.services.unit_of_work import UnitOfWork


def seconds(resource: Resource) -> list[Form | Action]:
    """The forms and actions of a resource that another person decides."""
    every = [one for one in (resource.new, resource.change) if one] + list[Form | Action](resource.actions)
    return [one for one in every if one.second]


def subjects_of(resource: Resource) -> frozenset[str]:
    """What changes of a resource's rows are about, by their own codes."""
    return frozenset(one.second.partition("/")[0] for one in seconds(resource))


def proposed_before(
    uow: UnitOfWork, resource: Resource, what: Form | Action, key: str, again: str
) -> dict[str, str]:  # fmt: skip
    """What the actor proposed before and was returned, as the controls of a form hold it; nothing if the address names
    no such change. Raises NotFound for a change that is not theirs to propose anew, or is about something else."""
    if not again:
        return {}
    found = to_propose_anew(uow.session, uow.actor, uow.today, given_id(again))
    here = row_values(uow.session, uow.actor, uow.today, resource, key, ()).id if key else None
    if (found.kind, found.row_id) != (what.second, here):
        raise NotFound()
    asks = what.asks if isinstance(what, Action) else seen(uow.actor, resource, what.names())
    typed = {REASON.name: found.reason}
    for one in asks:
        if one.name in found.values:
            typed |= one.given(found.values[one.name])
    return typed


def address_again(uow: UnitOfWork, change_id: UUID) -> str:
    """Where a returned change of the actor's own is proposed anew, with what was typed; "" where it is not the
    engine's. Raises NotFound for a change that is not theirs to propose anew."""
    found = to_propose_anew(uow.session, uow.actor, uow.today, change_id)
    for resource in all_resources():
        for one in seconds(resource):
            if one.second == found.kind:
                base = _address(uow, resource, one, found.row_id)
                return f"{base}?again={change_id}" if base else ""
    return ""


def _address(uow: UnitOfWork, resource: Resource, one: Form | Action, row_id: UUID | None) -> str:
    if row_id is None:
        return addresses.new_address(resource)
    row: Any = uow.find(resource.table, row_id)  # pyright: ignore
    key = getattr(row, resource.key)
    if isinstance(one, Action):
        return addresses.act_address(resource, key, one.code)
    return addresses.change_address(resource, key)
