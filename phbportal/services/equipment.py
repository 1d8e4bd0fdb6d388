"""Equipment bought from a budget: written down, changed, taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from phbportal.domain.equipment import EquipmentStatus, bought_problem, check_return, check_write_off
from phbportal.domain.errors import Refusal
from phbportal.domain.reading import given
from phbportal.domain.text import search_key
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.equipment import Equipment
from phbportal.tables.phbs import Phb


def add_equipment(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Write down something bought from a budget. Returns its id."""
    phb = uow.find(Phb, values["phb_id"])
    uow.require(Permission.EQUIPMENT_WRITE, phb)
    _check(uow, values)
    row = uow.add(Equipment, icb_id=phb.icb_id, phb_id=phb.id, status=EquipmentStatus.IN_USE.value, **_columns(values))
    uow.record("equipment_added", about=row, phb_id=phb.id, person_id=phb.person_id, name=row.name)
    return row.id


def change_equipment(uow: UnitOfWork, equipment_id: UUID, values: Mapping[str, Any]) -> None:
    """Change what is known of a thing."""
    row = uow.find(Equipment, equipment_id, lock=True)
    uow.require(Permission.EQUIPMENT_WRITE, row)
    _check(uow, values)
    if changed := uow.change(row, **_columns(values)):
        uow.record_change("equipment_changed", row, changed, name=row.name, **_whose(uow, row))


def take_back(uow: UnitOfWork, equipment_id: UUID, values: Mapping[str, Any]) -> None:
    """Mark a thing as returned on a day."""
    row = uow.find(Equipment, equipment_id, lock=True)
    uow.require(Permission.EQUIPMENT_WRITE, row)
    check_return(EquipmentStatus(row.status), row.bought_on, values["returned_on"], uow.today)
    uow.change(row, status=EquipmentStatus.RETURNED.value, returned_on=values["returned_on"])
    uow.record("equipment_returned", about=row, name=row.name, on=values["returned_on"], **_whose(uow, row))


def _write_off(uow: UnitOfWork, equipment_id: UUID | None, _values: Mapping[str, Any], _seen: int | None) -> UUID:
    """Write a thing off as lost or broken: what a board paid for is gone, so two people say so (domain.md §9.5)."""
    row = uow.find(Equipment, given(equipment_id), lock=True)
    uow.require(Permission.EQUIPMENT_WRITE, row)
    check_write_off(EquipmentStatus(row.status))
    uow.change(row, status=EquipmentStatus.LOST.value)
    uow.record("equipment_written_off", about=row, name=row.name, **_whose(uow, row))
    return row.id


WRITE_OFF = applies(
    "equipment", "write-off", what="A write-off", decides=Permission.EQUIPMENT_DECIDE, apply=_write_off, table=Equipment
)


def _check(uow: UnitOfWork, values: Mapping[str, Any]) -> None:
    if problem := bought_problem(values["bought_on"], uow.today):
        raise Refusal(problem)


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: values[name] for name in ("name", "serial_number", "price_pence", "bought_on")}
    return kept | {"search_name": search_key(values["name"])[:200]}


def _whose(uow: UnitOfWork, row: Equipment) -> dict[str, Any]:
    phb = uow.find(Phb, row.phb_id)
    return {"phb_id": phb.id, "person_id": phb.person_id}
