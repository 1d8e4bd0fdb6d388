"""The conditions people build without code: what each is called, and how many values it wants."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Op(StrEnum):
    """A comparison of a field with what somebody typed."""

    IS = "is"
    IS_NOT = "is-not"
    CONTAINS = "contains"
    BEGINS = "begins"
    BEFORE = "before"
    AFTER = "after"
    BETWEEN = "between"
    LESS = "less"
    MORE = "more"
    EMPTY = "empty"
    FILLED = "filled"


OP_WORDS: dict[Op, str] = {
    Op.IS: "is",
    Op.IS_NOT: "is not",
    Op.CONTAINS: "contains",
    Op.BEGINS: "begins with",
    Op.BEFORE: "is before",
    Op.AFTER: "is after",
    Op.BETWEEN: "is between",
    Op.LESS: "is less than",
    Op.MORE: "is more than",
    Op.EMPTY: "is empty",
    Op.FILLED: "is not empty",
}
_WANTS = {Op.EMPTY: 0, Op.FILLED: 0, Op.BETWEEN: 2}


def wants(op: Op) -> int:
    """How many values a condition of this kind compares with."""
    return _WANTS.get(op, 1)


@dataclass(frozen=True, slots=True)
class Condition:
    """A field, a comparison, and the texts it compares with, as typed."""

    field: str
    op: Op
    values: tuple[str, ...] = ()
