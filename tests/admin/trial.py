"""A resource of the tests' own: a form in steps, with a group that repeats and a question that depends on another."""

from __future__ import annotations

from typing import Any

from phbportal.admin.fields import AccountNumber, Choice, Choices, Day, Group, Link, Money, Text, YesNo
from phbportal.admin.registry import register
from phbportal.admin.resource import Form, Resource, Section, Step
from phbportal.policy.permissions import Permission
from phbportal.resources.everything import EQUIPMENT, PHBS, declare
from phbportal.services.equipment import add_equipment
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.equipment import Equipment

SAVED: list[dict[str, Any]] = []
"""What the trial's form was read into, each time it was saved."""


def save(uow: UnitOfWork, values: dict[str, Any]) -> Any:
    SAVED.append(dict(values))
    return add_equipment(uow, {**values, "serial_number": values.get("serial_number", "")})


TRIAL = Resource(
    code="trial",
    table=Equipment,
    one="trial",
    many="Trials",
    read=Permission.EQUIPMENT_READ,
    fields=(
        Link("phb_id", "Budget", to="phbs", creates=True),
        Link("id", "Other", to="equipment", creates=True, optional=True),
        Text("name", sort_by="search_name"),
        Choice("status", "How it was bought", choices={"NEW": "New", "USED": "Second hand"}),
        Text("serial_number", only_if=("status", ("USED",))),
        Money("price_pence", "Price"),
        Day("bought_on"),
        Group("parts", fields=(Text("what"), Money("cost", optional=True), YesNo("spare")), one="part", most=3),
        Choices("created_by", "Used for", choices={"BED": "Bed", "BATH": "Bath"}),
        AccountNumber("search_name", "Account", optional=True),
    ),
    title="name",
    columns=("name",),
    search=("search_name",),
    sections=(Section("All", ("name", "price_pence")),),
    new=Form(
        title="Add a trial",
        steps=(
            Step("What it is", ("phb_id", "name", "status", "serial_number", "id")),
            Step("What it cost", ("price_pence", "bought_on", "parts", "created_by", "search_name")),
        ),
        permission=Permission.EQUIPMENT_WRITE,
        save=save,
        button="Send it",
    ),
)


def declared() -> None:
    """Register it once."""
    declare()
    register(TRIAL)


__all__ = ["EQUIPMENT", "PHBS", "SAVED", "TRIAL", "declared"]
