"""The night's work of all boards: how long ``tick`` takes, whose processor time it is, and the memory it wants.

    python -m benchmarks.tick [--budgets 20000 100000 200000] [--keep FOLDER]

For each size a world on PostgreSQL (``tick_world.py``), and five nights after one another, each in a process of its
own as the command line starts it: the first there ever was, when all that is asked in advance is due at once; 1 April,
when every budget is raised and has its year's money; the same again; a night after three days off; an ordinary one.
``--keep`` leaves the worlds as they were built, and the nights are run on a copy.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from benchmarks.__main__ import database
from benchmarks.tick_world import NIGHTS, build
from phbportal.db import make_engine
from phbportal.services.ledger import LedgerJournal
from phbportal.tables.audit import AuditEvent
from phbportal.tables.base import Row
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Review, Task

SIZES = (20_000, 100_000, 200_000)
COUNTED: tuple[type[Row], ...] = (LedgerJournal, AuditEvent, Review, Task)


def postmaster(engine: Engine) -> int:
    """The first process of the database."""
    with engine.connect() as connection:
        folder = connection.execute(text("SHOW data_directory")).scalar_one()
    return int((Path(folder) / "postmaster.pid").read_text().splitlines()[0])


def database_seconds(first: int) -> float:
    """Processor time of the database: its first process, those that have ended, and those that run."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(stat.parent.name) == first:
            ticks += sum(int(field) for field in fields[11:15])
        elif first and int(fields[1]) == first:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def one_night(address: str, now: datetime) -> dict[str, float]:
    """Run ``tick`` here. Returns seconds by the clock and of this process, and its memory in MB before and at most."""
    from phbportal.services.tick import tick

    engine = make_engine(address)
    with engine.connect():
        before = _memory()
    clock, own = time.monotonic(), time.process_time()
    tick(engine, now=now)
    found = {"clock": time.monotonic() - clock, "own": time.process_time() - own, "before": before, "most": _memory()}
    engine.dispose()
    return found


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def counts(engine: Engine) -> dict[str, int]:
    """How many rows there are of what a night writes, and how many streams it raised."""
    with engine.connect() as connection:
        found = {
            str(table.__tablename__): connection.execute(
                text(f"SELECT count(*) FROM {table.__tablename__}")
            ).scalar_one()
            for table in COUNTED
        }
        raised = text(f"SELECT count(*) FROM {Stream.__tablename__} WHERE row_version > 1")
        return found | {"streams changed": connection.execute(raised).scalar_one()}


def measure(address: str, budgets: int, *, keep: bool) -> None:
    """Build the world of a size where it is not there yet, and run the nights on it."""
    world, copy = f"tick_{budgets}", f"tick_{budgets}_run"
    url = make_url(address)
    admin = create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        there = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": world}).first()
        if there is None:
            connection.execute(text("DROP DATABASE IF EXISTS tick_half_built"))
            connection.execute(text("CREATE DATABASE tick_half_built"))
            began = time.monotonic()
            engine = make_engine(url.set(database="tick_half_built").render_as_string(hide_password=False))
            build(engine, budgets)
            engine.dispose()
            connection.execute(text(f"ALTER DATABASE tick_half_built RENAME TO {world}"))
            print(f"built {budgets:,} budgets in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    with admin.connect() as connection:
        if keep:
            connection.execute(text(f"DROP DATABASE IF EXISTS {copy}"))
            connection.execute(text(f"CREATE DATABASE {copy} TEMPLATE {world}"))
        connection.execute(text("CHECKPOINT"))
    admin.dispose()
    on = url.set(database=copy if keep else world).render_as_string(hide_password=False)
    engine = make_engine(on)
    first, had = postmaster(engine), counts(engine)
    for name, now in NIGHTS:
        others = database_seconds(first)
        found = _in_a_process(on, now)
        theirs = max(0.0, database_seconds(first) - others)
        has = counts(engine)
        wrote = ", ".join(f"{has[what] - had[what]:,} {what}" for what in has if has[what] != had[what]) or "nothing"
        had = has
        print(
            f"| {budgets:,} | {name} | {found['clock']:.1f} s | {found['own']:.1f} s | {theirs:.1f} s | "
            f"{found['before']:.0f} to {found['most']:.0f} MB | {wrote} | {os.getloadavg()[0]:.1f} |",
            flush=True,
        )
    engine.dispose()
    if keep:
        with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"DROP DATABASE {copy}"))


def _in_a_process(address: str, now: datetime) -> dict[str, Any]:
    told = subprocess.run(
        [sys.executable, "-m", "benchmarks.tick", "--night", now.isoformat(), "--at", address],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return json.loads(told.stdout.splitlines()[-1])


def main() -> None:
    """Build, run the nights, print."""
    parser = argparse.ArgumentParser(description="the night's work, measured")
    parser.add_argument("--budgets", type=int, nargs="+", default=SIZES)
    parser.add_argument("--keep", help="a folder to leave the worlds in")
    parser.add_argument("--night", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    parser.add_argument("--at", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.at:
        print(json.dumps(one_night(asked.at, asked.night)))
        return
    with database("postgresql", asked.keep) as address:
        print("| budgets | night | clock | portal | database | memory | what it wrote | load |\n" + "|---" * 8 + "|")
        for budgets in asked.budgets:
            measure(address, budgets, keep=bool(asked.keep))


if __name__ == "__main__":
    main()
