"""The rows before and after a record, in the list somebody came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from phbportal.admin import select
from phbportal.admin.addresses import record_address
from phbportal.admin.asked import Asked, Searched, compared
from phbportal.admin.listing import order_of
from phbportal.admin.resource import Resource
from phbportal.admin.select import Shape
from phbportal.domain.errors import NotFound, Refusal
from phbportal.policy.actors import Actor
from phbportal.queries.ids import given_id


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A record's key, what it is called, and where it is; all "" for none."""

    key: str = ""
    title: str = ""
    href: str = ""


def neighbours(
    session: Session, actor: Actor, today: date, resource: Resource, asked: Asked, searched: Searched, key: str
) -> tuple[Neighbour, Neighbour]:
    """The records before and after the one with this key, in a list as it was asked for. Two statements.

    A row that no longer matches (it was just approved, say) keeps its place; one out of sight has none, nor has a list
    with a condition the actor may not use.
    """
    order = order_of(actor, resource, asked.sort)
    relevance = bool(searched.key) and not order.chosen and not resource.search_through
    conditions = tuple((c.field, c.op) for c in asked.conditions)
    shape = Shape(
        (resource.title,), conditions, searched.exactly, bool(searched.key), order.name, order.descending,
        phase=0 if relevance else -1, parts=len(searched.parts),
    )  # fmt: skip
    try:
        values = {**compared(actor, resource, asked.conditions), **searched.values(), "most": 1}
        wanted: Any = given_id(key) if resource.key == "id" else key
    except (Refusal, NotFound):
        return Neighbour(), Neighbour()
    connection = session.connection()
    place = Shape((), prefixed=relevance, sort=shape.sort, phase=shape.phase)
    at = connection.execute(select.place(actor, today, resource.code, place), {**values, "row_key": wanted}).first()
    if at is None or searched.hopeless or (relevance and not at.phase):
        return Neighbour(), Neighbour()
    if relevance:
        shape = Shape((resource.title,), conditions, prefixed=True, phase=at.phase)
    found = [Neighbour(), Neighbour()]
    statement = select.beside(actor, today, resource.code, shape)
    for row in connection.execute(statement, {**values, "at": at.sort, "at_id": at.row_id}):
        found[row[0]] = _neighbour(resource, row)
    return found[0], found[1]


def _neighbour(resource: Resource, row: Any) -> Neighbour:
    field = resource.field(resource.title)
    key = str(row[-1] if resource.key != "id" else row[3])
    return Neighbour(key, field.show(*row[4 : 4 + len(field.columns())]), record_address(resource, key))
