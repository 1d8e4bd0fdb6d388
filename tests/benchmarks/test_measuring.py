"""Measuring in rounds: what is counted, what is left out, and what the table says of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from benchmarks import happenings as h
from benchmarks import table
from benchmarks.measuring import EACH, TIMES, Heard, Measured, measure


@dataclass
class Clockwork:
    """A site whose every answer takes as long as it is told, and whose first round is slow."""

    name: str
    takes: float
    diary: list[str]
    events: tuple[str, ...] = h.EVENTS
    asked: int = 0
    times: list[float] = field(default_factory=list)

    def answers(self, event: str) -> bool:
        return event in self.events

    async def ask(self, event: str, at: int) -> Heard:
        self.asked += 1
        self.diary.append(self.name)
        self.times.append(1000.0 if self.asked <= EACH else self.takes)
        return Heard(self.times[-1] + 1, 100 + at)

    def server_times(self) -> list[float]:
        found, self.times = self.times, []
        return found


def test_200_answers_count_and_the_first_round_does_not():
    diary: list[str] = []
    found = asyncio.run(measure([Clockwork("portal", 3, diary), Clockwork("other", 9, diary)], h.FIRST))
    assert (len(found["portal"].server), found["portal"].p50, found["portal"].p95) == (TIMES, 3, 3)
    assert (found["other"].at_client, found["other"].size) == (10, 100 + EACH - 1)


def test_sites_take_turns_so_that_noise_meets_all():
    diary: list[str] = []
    asyncio.run(measure([Clockwork("portal", 3, diary), Clockwork("other", 9, diary)], h.FIRST))
    assert diary == (["portal"] * EACH + ["other"] * EACH) * (TIMES // EACH + 1)


def test_a_site_without_the_event_is_left_out():
    portal = Clockwork("portal", 3, [], events=(h.FIRST,))
    assert set(asyncio.run(measure([portal, Clockwork("other", 9, [])], h.STATUS))) == {"other"}


def test_a_lost_time_is_not_passed_over():
    site = Clockwork("portal", 3, [])
    site.server_times = lambda: [3.0] * (EACH - 1)  # type: ignore[method-assign]
    with pytest.raises(AssertionError, match="19 times for 20 answers"):
        asyncio.run(measure([site], h.FIRST))


def took(milliseconds: float, size: int = 9_700) -> Measured:
    return Measured([milliseconds] * 200, [milliseconds] * 200, size)


@pytest.mark.parametrize(
    ("event", "ours", "theirs", "says"),
    [
        (h.FIRST, 4, 20, "yes"),
        (h.FIRST, 4, 19, "not beside the fastest peer"),
        (h.FIRST, 5.1, 90, "not p50"),
        (h.SURNAME, 13, 30, "not p50, p95, beside the fastest peer"),
        (h.PERSON, 7.9, 4.7, "yes"),
        (h.PERSON, 7.9, 4.6, "not beside the fastest peer"),
        (h.SAVE, 2.0, 9, "yes"),
    ],
)
def test_which_floors_hold(event: str, ours: float, theirs: float, says: str):
    found = {"SQL alone": took(0.5), "portal": took(ours), "slow": took(500), "quick": took(theirs)}
    assert table.line(event, found, ["slow", "quick"]).endswith(f"| {says} |")


def test_a_line_has_as_many_cells_as_the_heading():
    names = ["slow", "quick"]
    width = table.heading(names).splitlines()[0].count("|")
    full = {"SQL alone": took(0.5), "portal": took(4), "slow": took(500), "quick": took(20)}
    assert table.line(h.FIRST, full, names).count("|") == width
    assert table.line(h.STATUS, {"quick": took(20)}, names).count("|") == width
    assert table.line(h.FIRST, {"portal": took(4)}, []).count("|") == table.heading([]).splitlines()[0].count("|")


def test_a_line_says_how_we_stand():
    line = table.line(h.FIRST, {"SQL alone": took(0.5), "portal": took(4), "quick": took(26)}, ["quick"])
    assert "| 4.0 / 4.0, 9.7 kB |" in line
    assert "| 8.0 | 6.5 × faster |" in line
    assert "| 1.6 × as long |" in table.line(h.PHB, {"portal": took(8), "quick": took(5)}, ["quick"])
