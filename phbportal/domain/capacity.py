"""Capacity to decide about a direct payment: assessed for one decision at one time (Mental Capacity Act 2005)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Capacity(StrEnum):
    HAS = "HAS"
    LACKS = "LACKS"
    FLUCTUATING = "FLUCTUATING"


CAPACITY_WORDS: dict[Capacity, str] = {
    Capacity.HAS: "Can make this decision",
    Capacity.LACKS: "Lacks capacity to make this decision",
    Capacity.FLUCTUATING: "Capacity comes and goes",
}


def lacks_capacity(outcomes: Sequence[Capacity], *, before: bool) -> bool:
    """What the assessments say, oldest first; ``before`` is what was known without any.

    Capacity that comes and goes changes nothing: payments may go on as they were agreed (domain.md §1.3).
    """
    settled = [outcome for outcome in outcomes if outcome is not Capacity.FLUCTUATING]
    return settled[-1] is Capacity.LACKS if settled else before
