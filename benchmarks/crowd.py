"""Many sessions at once, a click each five seconds: what one worker holds.

    python -m benchmarks postgresql --crowd 1000

Every session opens the people list and turns to it again and again; the figures leave out everybody's first. Waits are
given as the client saw them and as the server took them, and with them whose processor time it was: on two cores the
client and the database take theirs from the server's.
"""

from __future__ import annotations

import asyncio
import gc
import os
import random
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text

from benchmarks.client import Page
from benchmarks.portal import ORIGIN, cookie_of, server_times

SECONDS_BETWEEN_CLICKS = 5
SECONDS = 40


async def crowd(engine: Engine, how_many: int, handler: str, path: str, query: dict[str, str], server: int) -> None:
    """Open the sessions, let them click, and say how long they waited and what they weigh."""
    before = megabytes(server)
    pages: list[Page] = []
    for number in range(how_many):
        page = Page(ORIGIN, cookie_of(engine, 1))
        await page.open(f"bench-crowd-{number:05}")
        await page.send(handler, {}, path, query, needs="rows")
        pages.append(page)
    weight = megabytes(server) - before
    # The crowd shares one process: its own collector stops everybody, and with the same five seconds between clicks
    # those who were stopped together would come back together for as long as the measurement lasts.
    gc.collect()
    gc.freeze()
    gc.disable()
    waits: list[float] = []
    server_times()
    database = _postmaster(engine)
    busy, began = Busy.now(server, database), time.monotonic()
    end = time.monotonic() + SECONDS

    async def click(page: Page) -> None:
        await asyncio.sleep(random.uniform(0, SECONDS_BETWEEN_CLICKS))
        first = True
        while time.monotonic() < end:
            answer = await page.send(handler, {}, path, query, needs="rows", weigh=False)
            if not first:
                waits.append(answer.milliseconds)
            first = False
            await asyncio.sleep(SECONDS_BETWEEN_CLICKS)

    await asyncio.gather(*(click(page) for page in pages))
    spent = Busy.now(server, database).since(busy, time.monotonic() - began)
    inside = server_times()
    print(
        f"{how_many:,} sessions: {len(waits):,} clicks; p50 and p95 at the client {_both(waits)} ms, in the server "
        f"{_both(inside)} ms; cores: {spent}; {1000 * weight / how_many:.0f} kB a session",
        flush=True,
    )
    for page in pages:
        await page.close()


def _both(times: list[float]) -> str:
    return f"{statistics.median(times):.1f} and {statistics.quantiles(times, n=20)[18]:.1f}"


@dataclass(frozen=True, slots=True)
class Busy:
    """Seconds of processor time of the server, of this client, and of PostgreSQL (SQLite works inside the server)."""

    server: float
    client: float
    database: float

    @classmethod
    def now(cls, server: int, database: int) -> Busy:
        mine = theirs = base = 0.0
        for process, (parent, seconds) in _processes().items():
            if server in (process, parent):
                theirs += seconds
            elif process == os.getpid():
                mine += seconds
            elif database in (process, parent):
                base += seconds
        return cls(theirs, mine, base)

    def since(self, earlier: Busy, seconds: float) -> str:
        """How many cores each kept busy."""
        named = ("server", self.server - earlier.server), ("client", self.client - earlier.client)
        return ", ".join(
            f"{name} {spent / seconds:.2f}" for name, spent in (*named, ("database", self.database - earlier.database))
        )


def _postmaster(engine: Engine) -> int:
    """The process whose children serve this database; -1 where there is none."""
    if engine.dialect.name != "postgresql":
        return -1
    with engine.connect() as connection:
        return _processes()[connection.execute(text("SELECT pg_backend_pid()")).scalar_one()][0]


def _processes() -> dict[int, tuple[int, float]]:
    """Parent and processor seconds of every process."""
    found: dict[int, tuple[int, float]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            rest = (folder / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        # Their own, and that of children that have ended: a database's workers come and go.
        ticks = sum(int(rest[field]) for field in (11, 12, 13, 14))
        found[int(folder.name)] = int(rest[1]), ticks / os.sysconf("SC_CLK_TCK")
    return found


def megabytes(process: int) -> float:
    """What a process and its children hold in memory."""
    total = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "status").read_text()
        except OSError:
            continue
        lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if process in (int(folder.name), int(lines["PPid"])):
            total += int(lines.get("VmRSS", "0 kB").split()[0])
    return total / 1000
