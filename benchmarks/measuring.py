"""Measuring the same event at several sites in one run, in short rounds, so that the machine's moods meet all alike."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

EACH, TIMES = 20, 200


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer as its asker saw it: milliseconds and bytes."""

    milliseconds: float
    size: int


class Site(Protocol):
    """Something that answers events: the portal, or a peer."""

    name: str

    def answers(self, event: str) -> bool: ...

    async def ask(self, event: str, at: int) -> Heard:
        """Have the event happen once; ``at`` tells one time from another."""
        ...

    def server_times(self) -> list[float]:
        """Milliseconds in the server, one for each ``ask`` since this was last called."""
        ...


@dataclass(slots=True)
class Measured:
    """Milliseconds an event took in the server and at its asker, and the bytes of its last answer."""

    server: list[float] = field(default_factory=list)
    client: list[float] = field(default_factory=list)
    size: int = 0

    @property
    def p50(self) -> float:
        return statistics.median(self.server)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.server, n=20)[18]

    @property
    def at_client(self) -> float:
        return statistics.median(self.client)


async def measure(sites: Sequence[Site], event: str, times: int = TIMES) -> dict[str, Measured]:
    """So many answers of every site that has the event, in rounds of twenty; a first round is not counted."""
    found = {site.name: Measured() for site in sites if site.answers(event)}
    for number in range(times // EACH + 1):
        for site in sites:
            if site.name not in found:
                continue
            heard = [await site.ask(event, at) for at in range(EACH)]
            inside = site.server_times()
            assert len(inside) == EACH, f"{site.name}: {len(inside)} times for {EACH} answers of {event}"
            if number:
                result = found[site.name]
                result.server += inside
                result.client += [h.milliseconds for h in heard]
                result.size = heard[-1].size
    return found
