"""Equipment bought from a budget."""

from __future__ import annotations

from phbportal.admin.fields import Day, Link, Money, Tag, Text
from phbportal.admin.imports.declared import Import
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.domain.equipment import STATUS_WORDS, EquipmentStatus
from phbportal.policy.permissions import Permission
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.equipment import WRITE_OFF, add_equipment, change_equipment, take_back
from phbportal.services.equipment_import import bring_in_equipment
from phbportal.tables.equipment import Equipment

COLOURS = {EquipmentStatus.IN_USE: "green", EquipmentStatus.RETURNED: "grey", EquipmentStatus.LOST: "red"}

IMPORT = Import(
    code="list",
    title="A list of equipment",
    explains="One row a thing. A thing that is known by its serial number, or by its name and day, is changed.",
    permission=Permission.EQUIPMENT_WRITE,
    fields=(
        Text("phb", "Budget reference", hint="The reference of the budget it was bought from"),
        Text("name", "Name"),
        Text("serial_number", optional=True, longest=60),
        Money("price_pence", "Price"),
        Day("bought_on", "Bought on"),
    ),
    also={
        "phb": ("PHB", "PHB ref", "Budget", "Reference"),
        "name": ("Item", "Equipment", "Description", "What"),
        "serial_number": ("Serial no", "Asset tag", "Asset number"),
        "price_pence": ("Cost", "Amount", "Paid", "Value"),
        "bought_on": ("Purchase date", "Date of purchase", "Date bought", "Purchased", "Date"),
    },
    key=("phb", "name", "serial_number", "bought_on"),
    rows=bring_in_equipment,
)

EQUIPMENT = Resource(
    code="equipment",
    table=Equipment,
    one="piece of equipment",
    many="Equipment",
    counted="pieces of equipment",
    intro="Things bought from budgets, and where they are.",
    read=Permission.EQUIPMENT_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Text("serial_number", optional=True, longest=60),
        Money("price_pence", "Price"),
        Tag("status", choices=STATUS_WORDS, colours=COLOURS),
        Day("bought_on", "Bought on", needed="Enter the day it was bought."),
        Day("returned_on", "Came back on", optional=True),
        Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
    ),
    title="name",
    columns=("name", "phb_id", "price_pence", "status", "bought_on"),
    order="name",
    sorts=("name", "price_pence", "bought_on"),
    filters=("status",),
    search=("search_name",),
    finds=("serial_number",),
    search_hint="By the beginning of its name, or its serial number",
    export=Permission.BUDGET_EXPORT,
    imports=(IMPORT,),
    sections=(
        Section("About it", ("name", "serial_number", "price_pence", "bought_on", "status", "returned_on", "phb_id")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Add equipment",
        steps=fields("phb_id", "name", "serial_number", "price_pence", "bought_on"),
        permission=Permission.EQUIPMENT_WRITE,
        save=add_equipment,
        done="The equipment was written down.",
    ),
    change=Form(
        title="Change equipment",
        steps=fields("name", "serial_number", "price_pence", "bought_on"),
        permission=Permission.EQUIPMENT_WRITE,
        save=change_equipment,
        done="The changes were saved.",
    ),
    actions=(
        Action(
            code="take-back", label="Mark as returned", permission=Permission.EQUIPMENT_WRITE, act=take_back,
            asks=(Day("returned_on", "When did it come back?"),), on=("one", "selected"),
            when=("status", (EquipmentStatus.IN_USE,)), done="It is marked as returned.",
        ),
        Action(
            code="write-off", label="Write it off", permission=Permission.EQUIPMENT_WRITE, second=WRITE_OFF,
            explains="Use this for what is lost, or broken and not worth mending.",
            when=("status", (EquipmentStatus.IN_USE,)),
        ),
    ),
)  # fmt: skip
