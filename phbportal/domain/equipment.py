"""Equipment bought from a budget: what may be said of it, and when it may be given back."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.text import long_date


class EquipmentStatus(StrEnum):
    IN_USE = "IN_USE"
    RETURNED = "RETURNED"
    LOST = "LOST"


STATUS_WORDS: dict[EquipmentStatus, str] = {
    EquipmentStatus.IN_USE: "In use",
    EquipmentStatus.RETURNED: "Returned",
    EquipmentStatus.LOST: "Lost or broken",
}


def bought_problem(bought_on: date, today: date) -> Problem | None:
    """What is wrong with the day something was bought."""
    return Problem("The day it was bought cannot be in the future.", "bought_on") if bought_on > today else None


def check_return(status: EquipmentStatus, bought_on: date, returned_on: date, today: date) -> None:
    """Refuse to take back what is not in use, or on a day that cannot be."""
    if status is not EquipmentStatus.IN_USE:
        raise Refusal(f"This is marked as {STATUS_WORDS[status].lower()} already.")
    if returned_on > today:
        raise Refusal("The day it came back cannot be in the future.", field="returned_on")
    if returned_on < bought_on:
        raise Refusal(f"It was bought on {long_date(bought_on)}: it cannot come back before that.", field="returned_on")


def check_write_off(status: EquipmentStatus) -> None:
    """Refuse to write off what is not in use."""
    if status is not EquipmentStatus.IN_USE:
        raise Refusal(f"This is marked as {STATUS_WORDS[status].lower()} already.")
