"""Which of a resource's fields an actor may see: one answer for lists, searches, records, files and history."""

from __future__ import annotations

from phbportal.admin.fields.base import Field
from phbportal.admin.resource import Resource
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever


def sees(actor: Actor, field: Field) -> bool:
    """Whether the field exists at all for this actor."""
    return field.needs is None or could_ever(actor, field.needs)


def seen(actor: Actor, resource: Resource, names: tuple[str, ...]) -> tuple[Field, ...]:
    """The fields of these names that the actor may see, in their order; unknown names are passed over."""
    found = (resource.by_name.get(name) for name in names)
    return tuple(one for one in found if one is not None and sees(actor, one))
