"""A column's heading as it reaches the browser."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Head:
    """A column's heading. ``at`` and ``leads`` are where in a row its text and its address stand (0: no address).

    ``sort`` is what an address says to sort by it; the other way round if the list is sorted by it now.
    """

    label: str
    kind: str
    at: int
    leads: int = 0
    numeric: bool = False
    sort: str = ""
    direction: str = "none"
    colours: dict[str, str] = field(default_factory=lambda: {})
