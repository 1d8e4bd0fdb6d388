"""The resources there are, by their codes. ``resources/`` fills it."""

from __future__ import annotations

from phbportal.admin.fields.base import WrongDeclaration
from phbportal.admin.fields.links import Link
from phbportal.admin.imports.declared import Import
from phbportal.admin.resource import Related, Resource
from phbportal.domain.errors import NotFound
from phbportal.queries.scope import ASKS_WHO

_RESOURCES: dict[str, Resource] = {}


def register(*resources: Resource) -> None:
    """Add resources. Raises WrongDeclaration for a code used twice."""
    for resource in resources:
        if _RESOURCES.setdefault(resource.code, resource) is not resource:
            raise WrongDeclaration(f"{resource.many}: another resource has the code {resource.code!r}.")


def resource_of(code: str) -> Resource:
    """The resource with this code; NotFound for none."""
    try:
        return _RESOURCES[code]
    except KeyError:
        raise NotFound() from None


def import_of(code: str, way: str) -> Import:
    """One of a resource's imports; NotFound for none."""
    found = next((one for one in resource_of(code).imports if one.code == way), None)
    if found is None:
        raise NotFound()
    return found


def asks_who(code: str, *_shape: object) -> bool:
    """Whether which rows of a resource one sees depends on who among the staff one is."""
    resource = resource_of(code)
    through = [one.to for one in resource.fields if isinstance(one, Link) and one.name in resource.search_through]
    return resource.table in ASKS_WHO or any(resource_of(to).table in ASKS_WHO for to in through)


def all_resources() -> list[Resource]:
    """Every one, in the order they were declared."""
    return list(_RESOURCES.values())


def check_links() -> None:
    """Once all are declared: raise WrongDeclaration for a link or related list that leads nowhere."""
    for one in _RESOURCES.values():
        targets = [(f.name, f.to) for f in one.fields if isinstance(f, Link)]
        targets += [(r.title or r.to, r.to) for r in one.sections if isinstance(r, Related)]
        for name, to in targets:
            if to not in _RESOURCES:
                raise WrongDeclaration(f"{one.many}: {name!r} leads to {to!r}, which is no resource.")
        for code in one.see_also:
            if code not in _RESOURCES:
                raise WrongDeclaration(f"{one.many}: it leads to {code!r}, which is no resource.")
        for related in one.sections:
            if isinstance(related, Related) and related.by not in _RESOURCES[related.to].table.model_fields:
                raise WrongDeclaration(f"{one.many}: {related.to!r} has no column {related.by!r}.")
            if isinstance(related, Related) and related.of not in one.table.model_fields:
                raise WrongDeclaration(f"{one.many}: it has no column {related.of!r} for {related.to!r} to belong to.")
