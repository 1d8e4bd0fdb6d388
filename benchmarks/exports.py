"""How long the list of all people takes to become a file, and how much memory that needs.

    python -m benchmarks.exports [sqlite|postgresql] [--people N] [--keep FOLDER]

Every row and column a case manager sees, through the code the worker runs, as CSV and as XLSX. Memory is the most the
process ever had, after the world was built or found.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import database, ready
from benchmarks.signed_in import ACTOR
from benchmarks.world import NOW, Size, build
from phbportal.admin.asked import Asked
from phbportal.admin.export import write_list
from phbportal.db import make_engine
from phbportal.domain.exports import FileKind
from phbportal.resources.everything import declare
from phbportal.resources.people import PEOPLE
from phbportal.services.unit_of_work import open_unit

FLOORS = {FileKind.CSV: 15.0, FileKind.XLSX: 45.0}
MOST_MEMORY_MB = 200


def once(address: str, kind: FileKind) -> None:
    """Write the file, in a process of its own, and say what it took."""
    declare()
    engine = make_engine(address)
    began, worked = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory(prefix="phb-bench-") as folder:
        path = Path(folder) / f"people.{kind.value}"
        with open_unit(engine, ACTOR, writes=False, now=NOW) as uow:
            rows = write_list(uow.session, ACTOR, uow.today, PEOPLE, Asked(), kind, path)
        size = path.stat().st_size / 1024 / 1024
    took, worked = time.perf_counter() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{kind.value:5} {rows:,} rows, {size:.1f} MB: {took:.1f} s, {worked:.1f} s of it its own, memory {most} MB, "
        f"load {os.getloadavg()[0]:.1f}   asked {FLOORS[kind]:.0f} s, {MOST_MEMORY_MB} MB: "
        f"{'yes' if took <= FLOORS[kind] and most <= MOST_MEMORY_MB else 'NO'}",
        flush=True,
    )
    engine.dispose()


def main() -> None:
    """Build the world if it is not there, and write each kind of file."""
    asked = argparse.ArgumentParser()
    asked.add_argument("kind", nargs="?", default="postgresql", choices=("sqlite", "postgresql"))
    asked.add_argument("--people", type=int, default=200_000)
    asked.add_argument("--keep")
    asked.add_argument("--once", nargs=2, metavar=("ADDRESS", "KIND"), help=argparse.SUPPRESS)
    said = asked.parse_args()
    if said.once:
        once(said.once[0], FileKind(said.once[1]))
        return
    with database(said.kind, said.keep) as address:
        engine = make_engine(address)
        if not ready(engine):
            build(engine, Size(said.people, said.people * 11 // 10, said.people))
        engine.dispose()
        for kind in FileKind:
            command = [sys.executable, "-m", "benchmarks.exports", "--once", address, kind.value]
            subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
