"""Fields of numbers: money in pence, whole numbers, percentages in hundredths of one per cent."""

from __future__ import annotations

import re
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from typing import Any, ClassVar

from phbportal.admin.fields.base import Field
from phbportal.admin.ops import Op
from phbportal.domain.documents import size_words
from phbportal.domain.errors import Refusal
from phbportal.domain.money import parse_pounds, pounds
from phbportal.domain.quantities import hundredths, parse_hundredths, percent
from phbportal.domain.text import legible

_COMPARE = (Op.IS, Op.IS_NOT, Op.LESS, Op.MORE, Op.BETWEEN, Op.EMPTY, Op.FILLED)


@dataclass(frozen=True)
class Money(Field):
    """An amount: pence in the table, "£1,234.50" on the screen, pounds in a file."""

    _: KW_ONLY
    negative: bool = False
    width: str = "10"

    numeric: ClassVar[bool] = True
    input: ClassVar[str] = "money"
    ops: ClassVar[tuple[Op, ...]] = _COMPARE

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else pounds(values[0])

    def fill(self, *values: Any) -> dict[str, str]:
        return {self.name: self.show(*values).replace("£", "")}

    def parse(self, typed: str) -> Any:
        return parse_pounds(typed, field=self.name, allow_negative=self.negative)

    def export(self, *values: Any) -> Any:
        return None if values[0] is None else Decimal(values[0]) / 100


@dataclass(frozen=True)
class Integer(Field):
    """A whole number between two limits, in the unit that its hint names."""

    _: KW_ONLY
    least: int = 0
    most: int = 1_000_000
    width: str = "5"
    called: str = ""
    """What stands before it where it names a row: "Version 3"."""

    numeric: ClassVar[bool] = True
    input: ClassVar[str] = "number"
    ops: ClassVar[tuple[Op, ...]] = _COMPARE

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else f"{self.called} {values[0]:,}".lstrip()

    def parse(self, typed: str) -> Any:
        plain = legible(typed).removeprefix(self.called).strip().replace(",", "")
        if not re.fullmatch(r"-?[0-9]{1,18}", plain, re.ASCII):
            raise Refusal("Enter a whole number in figures, such as 12.", field=self.name)
        number = int(plain)
        if not self.least <= number <= self.most:
            raise Refusal(f"Enter a number from {self.least:,} to {self.most:,}.", field=self.name)
        return number

    def export(self, *values: Any) -> Any:
        return values[0]


@dataclass(frozen=True)
class FileSize(Integer):
    """How large a file is: bytes in the table, "245 KB" on the screen. Nobody filters by it."""

    ops: ClassVar[tuple[Op, ...]] = ()

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else size_words(values[0])


@dataclass(frozen=True)
class Hours(Field):
    """Hours: hundredths in the table (1,250), "12.5" on the screen."""

    _: KW_ONLY
    most: int = 1_000_000
    width: str = "5"

    numeric: ClassVar[bool] = True
    # Not "number": the keypad a phone shows for whole numbers has no point.
    input: ClassVar[str] = "text"
    ops: ClassVar[tuple[Op, ...]] = _COMPARE

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else hundredths(values[0])

    def parse(self, typed: str) -> Any:
        return parse_hundredths(typed.replace(",", ""), most=self.most, field=self.name)

    def export(self, *values: Any) -> Any:
        return None if values[0] is None else Decimal(values[0]) / 100


@dataclass(frozen=True)
class Percentage(Field):
    """A percentage: hundredths of one per cent in the table (1,250), "12.5%" on the screen."""

    _: KW_ONLY
    most: int = 10_000
    width: str = "5"

    numeric: ClassVar[bool] = True
    input: ClassVar[str] = "percentage"
    ops: ClassVar[tuple[Op, ...]] = _COMPARE

    def show(self, *values: Any) -> str:
        return "" if values[0] is None else percent(values[0])

    def fill(self, *values: Any) -> dict[str, str]:
        return {self.name: self.show(*values).removesuffix("%")}

    def parse(self, typed: str) -> Any:
        found = re.fullmatch(r"([0-9]{1,7})(?:\.([0-9]{1,2}))? ?%?", legible(typed), re.ASCII)
        if found is None:
            raise Refusal("Enter a percentage in figures, such as 12.5.", field=self.name)
        hundredths = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))
        if hundredths > self.most:
            raise Refusal(f"Enter a percentage from 0 to {self.show(self.most)}.", field=self.name)
        return hundredths

    def export(self, *values: Any) -> Any:
        return None if values[0] is None else Decimal(values[0]) / 100
