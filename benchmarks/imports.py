"""How long a large caseload takes to be read, tried and brought in, and how much memory that needs.

    python -m benchmarks.imports [sqlite|postgresql] [--rows N] [--csv] [--again] [--keep FOLDER]

One person a row, each with a direct payment, bank details and an opening balance, as a workbook (or CSV): made up, and
the same each time. Each stage is timed by itself; memory is the most the process ever had.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from typing import TypeVar

import xlsxwriter

from benchmarks.__main__ import database
from phbportal import tables
from phbportal.db import make_engine
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import read_caseload
from tests.gateways.caseload_rows import ROW, TODAY
from tests.services.import_world import bring_in, import_world

T = TypeVar("T")
ROWS = {"sqlite": 20_000, "postgresql": 100_000}
FLOORS = {"sqlite": {"all of it": 60.0}, "postgresql": {"read and dry run": 60.0, "commit": 120.0}}
MOST_MEMORY_MB = 500
GIVEN = ("Ada", "Mary", "Siân", "Amir", "Wei", "Ola", "Tomasz", "Grace", "Hamza", "Nia")
FAMILY = ("Byron", "Okafor", "Patel", "Jones", "Nowak", "Chen", "Davies", "Ahmed", "Smith", "Clarke")


def numbers() -> Iterator[str]:
    """Made-up numbers whose check digit fits."""
    for nine in count(400_000_000, 7):
        digits = f"{nine:09d}"
        check = 11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            yield f"{digits}{check % 11}"


def rows(many: int) -> Iterator[list[str]]:
    """So many rows, each another person's."""
    for n, number in enumerate(islice(numbers(), many)):
        family = f"{FAMILY[n // 10 % 10]}{''.join('abcdefghij'[int(figure)] for figure in str(n // 100))}"
        row = ROW | {
            "given_name": GIVEN[n % 10], "family_name": family, "nhs_number": number, "local_reference": f"CM-{n}",
            "date_of_birth": (date(1930, 1, 1) + timedelta(days=n * 7 % 26_000)).isoformat(),
            "account_name": f"Account {n}", "account_number": f"{n:08d}",
        }  # fmt: skip
        yield [row.get(column, "") for column in LABELS]


def file(folder: Path, many: int, *, text: bool) -> Path:
    """The caseload as a file."""
    if text:
        path = folder / "caseload.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([list(LABELS), *rows(many)])
        return path
    path = folder / "caseload.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as made:
        sheet = made.add_worksheet("Caseload")
        for at, cells in enumerate([list(LABELS), *rows(many)]):
            sheet.write_row(at, 0, cells)
    return path


def timed(what: str, act: Callable[[], T], taken: dict[str, float]) -> T:
    """Do something, and keep and say how long it took."""
    began, worked = time.perf_counter(), time.process_time()
    result = act()
    taken[what], worked = time.perf_counter() - began, time.process_time() - worked
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    load = os.getloadavg()[0]
    print(
        f"{what:16} {taken[what]:7.1f} s, {worked:.1f} s of it its own   most memory {most} MB   load {load:.1f}",
        flush=True,
    )
    return result


def main() -> None:
    """Run it, and say what holds."""
    asked = argparse.ArgumentParser()
    asked.add_argument("kind", nargs="?", default="sqlite", choices=list(ROWS))
    asked.add_argument("--rows", type=int)
    asked.add_argument("--csv", action="store_true")
    asked.add_argument("--again", action="store_true", help="bring the same file in a second time")
    asked.add_argument("--keep")
    said = asked.parse_args()
    many, taken = said.rows or ROWS[said.kind], dict[str, float]()
    with tempfile.TemporaryDirectory(prefix="phb-bench-") as folder, database(said.kind, said.keep) as address:
        path = file(Path(folder), many, text=said.csv)
        print(f"{many:,} rows, {path.stat().st_size / 1024 / 1024:.1f} MB, {said.kind}", flush=True)
        engine = make_engine(address)
        tables.metadata.create_all(engine)
        world = import_world(engine)
        largest = max(path.stat().st_size, 1)
        found = timed("read", lambda: read_caseload(path.read_bytes(), today=TODAY, max_bytes=largest), taken)
        tried = timed("dry run", lambda: bring_in(world, found, dry_run=True), taken)
        assert tried.created == many, tried.refused[:3]
        done = timed("commit", lambda: bring_in(world, found), taken)
        assert done.created == many
        if said.again:
            again = timed("the same again", lambda: bring_in(world, found), taken)
            assert again.unchanged == many
        engine.dispose()
    taken["read and dry run"] = taken["read"] + taken["dry run"]
    taken["all of it"] = taken["read and dry run"] + taken["commit"]
    for what, floor in FLOORS[said.kind].items():
        print(f"{what}: {taken[what]:.1f} s, asked {floor:.0f} s: {'yes' if taken[what] <= floor else 'NO'}")
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"memory: {most} MB, asked {MOST_MEMORY_MB} MB: {'yes' if most < MOST_MEMORY_MB else 'NO'}")


if __name__ == "__main__":
    main()
