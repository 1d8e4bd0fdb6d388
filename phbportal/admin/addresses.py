"""Where a resource's pages are. An address holds codes, sorts, sizes and random ids, never words about anybody."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from phbportal import routes
from phbportal.admin.resource import Resource, Section
from phbportal.domain.exports import FileKind

LIST = f"{routes.STAFF}/[resource]"
NEW = f"{LIST}/new"
IMPORT = f"{LIST}/import/[incoming]"
RECORD = f"{LIST}/[row]"
CHANGE = f"{RECORD}/change"
ACT = f"{RECORD}/act/[action]"
ACT_ON_MANY = f"{LIST}/act/[action]"


def list_address(resource: Resource, query: Mapping[str, str] | None = None) -> str:
    """The list, with filters by code, sort, size and view."""
    kept = {name: value for name, value in (query or {}).items() if value}
    return f"{routes.STAFF}/{resource.code}" + (f"?{urlencode(kept)}" if kept else "")


def record_base(resource: Resource) -> str:
    """What stands before a row's key in the address of its record; "" if it has none."""
    if resource.record_page:
        return resource.record_page
    return f"{routes.STAFF}/{resource.code}" if any(isinstance(s, Section) for s in resource.sections) else ""


def record_address(resource: Resource, key: Any) -> str:
    """A row's record; "" if there is none."""
    base = record_base(resource)
    return f"{base}/{key}" if base else ""


def new_address(resource: Resource, query: Mapping[str, str] | None = None) -> str:
    """The form for a new row; "" if there is none."""
    base = resource.new_page or (f"{routes.STAFF}/{resource.code}/new" if resource.new else "")
    return base + (f"?{urlencode(query)}" if base and query else "")


def export_address(resource: Resource, kind: FileKind, query: Mapping[str, str]) -> str:
    """The list as a file: what the server answers itself."""
    return f"{routes.EXPORT}/{resource.code}?" + urlencode({"kind": kind.value, **query})


def figures_address(code: str, kind: FileKind) -> str:
    """The figures of a chart as a file."""
    return f"{routes.EXPORT_FIGURES}/{code}?" + urlencode({"kind": kind.value})


def import_address(resource: Resource, way: str) -> str:
    """Where a file for a resource is chosen."""
    return routes.staff_new_import(resource.code, way)


def change_address(resource: Resource, key: Any) -> str:
    return f"{record_address(resource, key)}/change"


def form_address(resource: Resource, key: str, query: Mapping[str, str] | None = None) -> str:
    """The form for a new row, or for a change of the row with this key."""
    if not key:
        return new_address(resource, query)
    return change_address(resource, key) + (f"?{urlencode(query)}" if query else "")


def act_address(resource: Resource, key: Any, action: str) -> str:
    return f"{record_address(resource, key)}/act/{action}"
