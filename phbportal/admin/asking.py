"""What an address asks of a list: filters by code, sort and size of its own; the rest in the view it names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from phbportal.admin.asked import SIZE, SIZES, Asked
from phbportal.admin.ops import Condition, Op, wants
from phbportal.admin.resource import Resource
from phbportal.admin.sight import seen
from phbportal.policy.actors import Actor
from phbportal.queries.views import kept_view


def asked_by_address(
    session: Session, actor: Actor, resource: Resource, params: Mapping[str, Any]
) -> tuple[Asked, dict[str, str]]:
    """What the address and its view ask for, and the address's own part of it. What cannot be meant is passed over."""
    view = kept_view(session, actor, resource.code, str(params.get("view", "")))
    query = {name: str(params[name]) for name in (*resource.filters, "sort", "size") if params.get(name)}
    codes = [name for name in resource.filters if _is_code(resource, name, query)]
    conditions = [Condition(name, Op.IS, (query[name],)) for name in codes]
    conditions += [Condition(name, Op(op), tuple(values)) for name, op, values in json.loads(view.conditions or "[]")]
    size = int(query["size"]) if query.get("size") in {str(s) for s in SIZES} else SIZE
    sees = {one.name for one in seen(actor, resource, tuple(c.field for c in conditions))}
    return (
        Asked(
            view.search, tuple(c for c in conditions if c.field in sees and len(c.values) == wants(c.op)),
            query.get("sort", ""), view.cursor, view.direction, size, tuple(filter(None, view.columns.split(","))),
        ),
        query,
    )  # fmt: skip


def _is_code(resource: Resource, name: str, query: dict[str, str]) -> bool:
    options: list[tuple[str, str]] = getattr(resource.field(name), "options", list[Any])()
    return query.get(name) in {code for code, _words in options}


def to_text(asked: Asked) -> str:
    """What a list is asked for, to be kept."""
    return json.dumps(asdict(asked.page_one()))


def from_text(text: str) -> Asked:
    """The other way round."""
    kept = json.loads(text)
    conditions = tuple(Condition(c["field"], Op(c["op"]), tuple(c["values"])) for c in kept.pop("conditions"))
    return Asked(**{**kept, "conditions": conditions, "columns": tuple(kept["columns"])})
