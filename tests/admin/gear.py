"""A resource of the list tests' own: equipment with a price that only finance may see, and more ways to look at it."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from phbportal.admin.fields import Day, Link, Money, Tag, Text
from phbportal.admin.registry import register
from phbportal.admin.resource import Action, Resource, Section
from phbportal.domain.equipment import STATUS_WORDS, EquipmentStatus
from phbportal.domain.text import search_key
from phbportal.policy.actors import SYSTEM
from phbportal.policy.permissions import Permission
from phbportal.resources.equipment import EQUIPMENT
from phbportal.resources.everything import PEOPLE, PHBS, declare
from phbportal.services.equipment import take_back
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.equipment import Equipment
from phbportal.tables.phbs import Phb
from tests.support import journey
from tests.support.world import World

GEAR = Resource(
    code="gear",
    table=Equipment,
    one="thing",
    many="Gear",
    read=Permission.EQUIPMENT_READ,
    fields=(
        Text("name", sort_by="search_name"),
        Text("serial_number", optional=True, longest=60),
        Money("price_pence", "Price", needs=Permission.ACCOUNT_READ_FULL),
        Tag("status", choices=STATUS_WORDS, colours={EquipmentStatus.LOST: "red"}),
        Day("bought_on", "Bought on"),
        Day("returned_on", "Came back on", optional=True),
        Link("phb_id", "Budget", to="phbs"),
    ),
    title="name",
    columns=("name", "price_pence", "status", "bought_on"),
    order="-bought_on",
    sorts=("name", "price_pence", "bought_on"),
    filters=("status",),
    search=("search_name",),
    finds=("price_pence", "serial_number"),
    sections=(Section("All", ("name", "price_pence")),),
    actions=(
        Action(
            code="take-back", label="Mark as returned", permission=Permission.EQUIPMENT_WRITE, act=take_back,
            asks=(Day("returned_on", "When did it come back?"),), on=("one", "selected", "all"), done="Returned.",
        ),
        Action(code="alone", label="Only one", permission=Permission.EQUIPMENT_WRITE, act=take_back),
    ),
)  # fmt: skip

NAMES = ("Bed", "Bath seat", "Bed rail", "Hoist", "hoist sling", "Ramp 100%", "Ramp_2", "Élan chair", "Bed")


def declared() -> None:
    """Register it once."""
    declare()
    register(GEAR)


def some(uow: UnitOfWork, phb: Any, count: int, seed: int = 1) -> list[UUID]:
    """Things whose names, prices and days often tie, in an order that follows none of them."""
    chance = random.Random(seed)
    made: list[UUID] = []
    for _n in range(count):
        name = chance.choice(NAMES)
        status = chance.choice(list(EquipmentStatus))
        bought = date(2026, 1, 1) + timedelta(days=chance.randrange(4))
        row = uow.add(
            Equipment, icb_id=phb.icb_id, phb_id=phb.id, name=name, search_name=search_key(name), status=status.value,
            serial_number=chance.choice(["", "SN 1", "sn-2"]), price_pence=chance.choice([0, 100, 2_550, 100_000]),
            bought_on=bought, returned_on=bought if status is EquipmentStatus.RETURNED else None,
        )  # fmt: skip
        made.append(row.id)
    return made


def furnish(world: World, count: int = 40) -> tuple[UUID, UUID]:
    """Things of a budget of each board; the budgets' ids."""
    declared()
    person = journey.add_person(world, by=world.other_cm, number=journey.NUMBERS[1])
    ours = journey.draft(world)

    def fill(uow: UnitOfWork) -> UUID:
        theirs = uow.add(
            Phb, reference="PHB-2026-000999", icb_id=world.other_icb, person_id=person, cohort="CHC", kind="ONGOING",
            status="PLANNING", opened_on=world.today,
        )  # fmt: skip
        some(uow, uow.session.get_one(Phb, ours.phb_id), count)
        some(uow, theirs, 9, seed=2)
        return theirs.id

    return ours.phb_id, world.do(SYSTEM, fill)


__all__ = ["EQUIPMENT", "GEAR", "PEOPLE", "PHBS", "declared", "furnish", "some"]
