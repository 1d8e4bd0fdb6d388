"""Equipment out of a file: what is new is written down, what differs is changed, what is the same is left alone.

A thing is known by its budget and serial number, or without one by its budget, name and day of buying. One read of
budgets and one of equipment for all the lines that are given at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.equipment import EquipmentStatus, bought_problem
from phbportal.domain.imports import Outcome
from phbportal.domain.text import search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.services.bringing_in import Came, Line, Made, refused
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.equipment import Equipment
from phbportal.tables.phbs import Phb

_COMPARED = ("name", "serial_number", "price_pence", "bought_on")


def bring_in_equipment(uow: UnitOfWork, lines: Sequence[Line], dry_run: bool) -> list[Came]:
    """Bring in things bought from budgets of the actor's board. Values: phb (its reference), name, serial_number,
    price_pence, bought_on."""
    board = uow.actor.icb_id
    uow.require(Permission.EQUIPMENT_WRITE, Subject(icbs=frozenset({board}) if board else frozenset()))
    references = {line.values["phb"] for line in lines}
    phbs = {
        phb.reference: phb
        for phb in uow.session.execute(
            select(Phb).where(col(Phb.reference).in_(references), visible(uow.actor, Phb, uow.today))
        ).scalars()
    }
    known: dict[tuple[Any, ...], Equipment] = {}
    standing = select(Equipment).where(
        col(Equipment.phb_id).in_([phb.id for phb in phbs.values()]), visible(uow.actor, Equipment, uow.today)
    )
    for row in uow.session.execute(standing if dry_run else standing.with_for_update()).scalars():
        known[_key(row.phb_id, row.name, row.serial_number, row.bought_on)] = row
    new = NewRows(uow, Equipment)
    came = [_one(uow, line, phbs, known, new, dry_run) for line in lines]
    new.write()
    return came


def _one(
    uow: UnitOfWork, line: Line, phbs: dict[str, Phb], known: dict[tuple[Any, ...], Equipment], new: NewRows,
    dry_run: bool,
) -> Came:  # fmt: skip
    values: dict[str, Any] = {"serial_number": "", **{k: v for k, v in line.values.items() if v is not None}}
    phb = phbs.get(values["phb"])
    words = f"{values['name']}, {values['phb']}"
    if phb is None:
        return refused(line, f"Budget: your board has none with the reference {values['phb']}. Check it.", words)
    if problem := bought_problem(values["bought_on"], uow.today):
        return refused(line, f"Bought on: {problem.sentence}", words)
    row = known.get(_key(phb.id, values["name"], values["serial_number"], values["bought_on"]))
    wanted = {name: values[name] for name in _COMPARED}
    about = {"icb_id": phb.icb_id, "phb_id": phb.id, "person_id": phb.person_id}
    if row is None:
        if dry_run:
            return Came(line.number, Outcome.NEW, words)
        made = new.put(
            Equipment, icb_id=phb.icb_id, phb_id=phb.id, status=EquipmentStatus.IN_USE.value, **wanted,
            search_name=search_key(wanted["name"])[:200],
        )  # fmt: skip
        new.record("equipment_added", **about, about=made, name=wanted["name"])
        return Came(line.number, Outcome.NEW, words, made=(Made(Equipment, made),))
    before = {name: getattr(row, name) for name, value in wanted.items() if getattr(row, name) != value}
    if not before:
        return Came(line.number, Outcome.SAME, words)
    told = "It will have another " + " and ".join(_WORDS[name] for name in before) + "."
    if not dry_run:
        before |= {"search_name": row.search_name} if "name" in before else {}
        changed = uow.change(row, **wanted, search_name=search_key(wanted["name"])[:200])
        uow.record_change("equipment_changed", row, changed, name=row.name, phb_id=phb.id, person_id=phb.person_id)
    return Came(line.number, Outcome.CHANGED, words, told, (Made(Equipment, row.id, before),))


_WORDS = {"name": "name", "serial_number": "serial number", "price_pence": "price", "bought_on": "day of buying"}


def _key(phb_id: Any, name: str, serial_number: str, bought_on: Any) -> tuple[Any, ...]:
    return (phb_id, serial_number.casefold()) if serial_number else (phb_id, search_key(name), bought_on)
