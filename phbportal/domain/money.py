"""Pounds and pence: reading, showing, rounding and sharing out. Money is an int of pence, and never a float.

Rules: domain.md §4.4 (one rounding a step, half up; shares by largest remainder; instalments by cumulative rounding).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from phbportal.domain.errors import Refusal
from phbportal.domain.text import legible

LARGEST_PENCE = 10_000_000_000
"""£100,000,000: anything beyond is a slip of the keyboard, not a personal health budget."""

_EXAMPLE = "Enter an amount in pounds and pence, such as 1,234.50."
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]+|)(?:\.(?P<part>[0-9]+))?")
_SIGNED = re.compile(
    r"(?P<minus>-?) ?(?:£|GBP|) ?(?P<minus_after>-?) ?(?P<rest>[^-]*?)(?: ?GBP)?",
    re.IGNORECASE,
)


def parse_pounds(text: str, *, field: str | None = None, allow_negative: bool = False) -> int:
    """Read an amount as people and spreadsheets write it ("£1,234.50", "1234.5", " 12 ") into pence.

    Commas (or spaces) must stand between thousands, so "1,50" is refused and not taken for £150.
    With ``allow_negative`` "-£86.40", "£-86.40" and the accountant's "(86.40)" are read as less than nought.
    Refuses, beside ``field``: nothing, words, more than two decimals, less than nought, more than £100,000,000.
    """
    plain = legible(text)
    if not plain:
        raise Refusal(_EXAMPLE, field=field)
    bracketed = plain.startswith("(") and plain.endswith(")")
    signed = _SIGNED.fullmatch(plain[1:-1].strip() if bracketed else plain)
    amount = _AMOUNT.fullmatch(signed["rest"]) if signed else None
    if signed is None or amount is None or not signed["rest"]:
        raise Refusal(f"We could not read that as an amount of money. {_EXAMPLE}", field=field)
    minuses = bracketed + bool(signed["minus"]) + bool(signed["minus_after"])
    if minuses > 1:
        raise Refusal(f"Use one minus sign only. {_EXAMPLE}", field=field)
    part: str = amount["part"] or ""
    if len(part) > 2:
        raise Refusal(f"Enter no more than 2 figures after the point. {_EXAMPLE}", field=field)
    if minuses and not allow_negative:
        raise Refusal(f"The amount cannot be less than 0. {_EXAMPLE}", field=field)
    whole = re.sub("[, ]", "", amount["whole"]).lstrip("0")
    # Counting figures first: int() itself stops at some thousands of them.
    pence = int((whole or "0") + part.ljust(2, "0")) if len(whole) <= 9 else LARGEST_PENCE + 1
    if pence > LARGEST_PENCE:
        raise Refusal(f"The amount must be {pounds(LARGEST_PENCE)} or less. Check the figures.", field=field)
    return -pence if minuses else pence


def pounds(pence: int) -> str:
    """Show pence as "£1,234.50", and less than nought as "-£86.40"."""
    whole, part = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{whole:,}.{part:02d}"


def round_half_up(numerator: int, denominator: int) -> int:
    """Divide exactly and round once to a whole number, halves away from nought.

    Less than nought mirrors more than nought (-2.5 gives -3), so that a correction undoes what it corrects.
    ``denominator`` must be above 0 (ValueError).
    """
    if denominator <= 0:
        raise ValueError("the denominator must be above 0")
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -rounded if numerator < 0 else rounded


def split(total_pence: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Share a sum by integer weights: largest remainder on pence, ties to the first listed; the sum is exact (I08).

    A weight of 0 gets 0. A total below nought mirrors the same total above it.
    Refuses a weight below 0, and weights that are all 0 or missing.
    """
    if any(weight < 0 for weight in weights):
        raise Refusal("A share cannot be less than 0.")
    whole = sum(weights)
    if whole == 0:
        raise Refusal("Enter at least one share above 0.")
    size = abs(total_pence)
    parts = [size * weight // whole for weight in weights]
    by_remainder = sorted(range(len(parts)), key=lambda i: (-(size * weights[i] % whole), i))
    for i in by_remainder[: size - sum(parts)]:
        parts[i] += 1
    return tuple(-part if total_pence < 0 else part for part in parts)


def instalments(annual_pence: int, n: int) -> tuple[int, ...]:
    """Pay a yearly sum in ``n`` parts by cumulative rounding: no part is a penny out, and the sum is exact.

    ``n`` must be 1 or more (ValueError).
    """
    if n < 1:
        raise ValueError("a sum is paid in 1 part or more")
    paid = [round_half_up(annual_pence * k, n) for k in range(n + 1)]
    return tuple(after - before for before, after in pairwise(paid))
