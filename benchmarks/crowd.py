"""Many sessions at once, a click each five seconds: what one worker holds.

    python -m benchmarks sqlite --crowd 1000

Every session opens the people list and turns to it again and again; the figures leave out everybody's first.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.client import Page
from benchmarks.portal import ORIGIN, cookie_of

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
    waits: list[float] = []
    end = time.monotonic() + SECONDS

    async def click(page: Page) -> None:
        await asyncio.sleep(random.uniform(0, SECONDS_BETWEEN_CLICKS))
        first = True
        while time.monotonic() < end:
            answer = await page.send(handler, {}, path, query, needs="rows")
            if not first:
                waits.append(answer.milliseconds)
            first = False
            await asyncio.sleep(SECONDS_BETWEEN_CLICKS)

    await asyncio.gather(*(click(page) for page in pages))
    p95 = statistics.quantiles(waits, n=20)[18]
    print(
        f"{how_many:,} sessions: {len(waits):,} clicks, p50 {statistics.median(waits):.1f} ms, p95 {p95:.1f} ms, "
        f"{1000 * weight / how_many:.0f} kB a session",
        flush=True,
    )
    for page in pages:
        await page.close()


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
