"""Quantities in hundredths: hours, weeks, how many, percentages. 1250 is 12.5, and never a float."""

from __future__ import annotations

import re

from phbportal.domain.errors import Refusal
from phbportal.domain.text import legible

WHOLE = 100
_NUMBER = re.compile(r"(?P<whole>[0-9]{1,5})(?:\.(?P<part>[0-9]{1,2}))?")


def parse_hundredths(text: str, *, most: int, field: str | None = None) -> int:
    """Read a quantity ("12", "12.5") into hundredths. Refuses nothing at all, words, nought, and more than ``most``."""
    found = _NUMBER.fullmatch(legible(text))
    if found is None:
        raise Refusal("Enter a number with at most 2 figures after the point, such as 12.5.", field=field)
    quantity = int(found["whole"]) * 100 + int((found["part"] or "").ljust(2, "0"))
    if not 0 < quantity <= most:
        raise Refusal(f"Enter a number above 0 and no more than {hundredths(most)}.", field=field)
    return quantity


def hundredths(quantity: int) -> str:
    """1250 as "12.5", 1200 as "12", 1225 as "12.25"."""
    whole, part = divmod(quantity, WHOLE)
    return f"{whole:,}" + (f".{part:02d}".rstrip("0") if part else "")


def percent(basis_points: int) -> str:
    """Hundredths of one per cent without idle noughts: 500 is "5%", 250 is "2.5%", 1207 is "12.07%"."""
    return f"{hundredths(basis_points)}%"


def counted(many: str, one: str, more: str) -> str:
    """A quantity with its noun: "1 night", "2.5 nights"."""
    return f"{many} {one if many == '1' else more}"
