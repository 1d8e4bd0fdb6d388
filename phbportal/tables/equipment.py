"""Equipment bought from a budget."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.equipment import EquipmentStatus
from phbportal.tables.base import Record, day, link, one_of, pence, positive, sort_text, text


class Equipment(Record, table=True):
    """One thing, the budget it was bought from, and whether it is still in use."""

    __tablename__ = "equipment"
    __table_args__ = (one_of("equipment", "status", EquipmentStatus), positive("equipment", "price_pence"))

    icb_id: UUID = link("organisation", why="the board whose money bought it")
    phb_id: UUID = link("phb", personal=True)
    name: str = text(personal=True)
    search_name: str = sort_text(personal=True, index=True)
    serial_number: str = text(personal=True, length=60, default="")
    price_pence: int = pence("what it cost")
    status: str = text(length=10, why="where the thing is")
    bought_on: date = day(personal=True)
    returned_on: date | None = day(personal=True, default=None)
