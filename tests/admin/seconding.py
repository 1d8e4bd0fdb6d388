"""A resource of the tests' own whose forms and action are decided by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal.admin.fields import Day, Link, Money, Tag, Text
from phbportal.admin.registry import register
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.domain.equipment import STATUS_WORDS
from phbportal.domain.reading import given
from phbportal.policy.permissions import Permission
from phbportal.resources.everything import declare
from phbportal.services.change_requests import applies
from phbportal.services.equipment import WRITE_OFF, add_equipment, change_equipment
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.equipment import Equipment
from phbportal.tables.phbs import Phb

Values = Mapping[str, Any]


def _add(uow: UnitOfWork, _row: UUID | None, values: Values, _seen: int | None) -> UUID:
    return add_equipment(uow, values)


def _change(uow: UnitOfWork, row: UUID | None, values: Values, _seen: int | None) -> UUID:
    change_equipment(uow, given(row), {**values, "name": values["name"].strip()})
    return given(row)


def _of_budget(uow: UnitOfWork, values: Values) -> Phb:
    return uow.find(Phb, values["phb_id"])


ADD = applies("seconded", "add", what="Equipment", decides=Permission.EQUIPMENT_DECIDE, apply=_add, under=_of_budget)
CHANGE = applies(
    "seconded", "change", what="A change", decides=Permission.EQUIPMENT_DECIDE, apply=_change, table=Equipment
)

SECONDED = Resource(
    code="seconded",
    table=Equipment,
    one="seconded thing",
    many="Seconded things",
    read=Permission.EQUIPMENT_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Text("serial_number", optional=True, longest=60),
        Money("price_pence", "Price"),
        Tag("status", choices=STATUS_WORDS),
        Day("bought_on"),
        Link("phb_id", "Budget", to="phbs"),
    ),
    title="name",
    columns=("name", "price_pence", "status"),
    search=("search_name",),
    sections=(Section("All", ("name", "serial_number", "price_pence", "status", "bought_on")),),
    new=Form(
        title="Add a thing", steps=fields("phb_id", "name", "serial_number", "price_pence", "bought_on"),
        permission=Permission.EQUIPMENT_WRITE, second=ADD,
    ),
    change=Form(
        title="Change a thing", steps=fields("name", "serial_number", "price_pence", "bought_on"),
        permission=Permission.EQUIPMENT_WRITE, second=CHANGE,
    ),
    actions=(
        Action(
            code="write-off", label="Write it off", permission=Permission.EQUIPMENT_WRITE, second=WRITE_OFF,
            on=("one", "selected"),
        ),
    ),
)  # fmt: skip


def declared() -> None:
    """Register it once."""
    declare()
    register(SECONDED)
