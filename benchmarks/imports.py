"""How long a large caseload takes to be tried and brought in, as the worker does it, and how much memory that needs.

    python -m benchmarks.imports [sqlite|postgresql] [--rows N] [--csv] [--again] [--back] [--others|--inside]
        [--there N] [--keep FOLDER]

One person a row, each with a direct payment, bank details and an opening balance, as a workbook (or CSV): made up, and
the same each time. The file goes the way of every file: sent with its columns named, tried by the worker, asked for,
agreed to by a second person, brought in by the worker. Each stage is timed by itself, by the clock and by the processor
time of this process and of the database's; memory is the most the process ever had. ``--others`` has other members of
staff open pages and save meanwhile, and says how long they wait beside how long they wait when nothing is brought in;
with ``--inside`` they do so in a thread of this process, as pages are read where ``PHB_WORKER=inside``. With both, both
do at once. ``--there`` has so many people at the board before, whose names lie between those of the file.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import os
import resource
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from typing import TypeVar
from unittest.mock import patch
from uuid import UUID

import xlsxwriter
from sqlalchemy import Engine

from benchmarks.__main__ import database
from benchmarks.others import Inside, Others
from phbportal import tables
from phbportal.admin.imports import doing
from phbportal.admin.worker import doers, imports_beside
from phbportal.cli.work import LATER
from phbportal.db import make_engine
from phbportal.domain.imports import MOST_BYTES
from phbportal.edge.memory import settle
from phbportal.gateways.caseload_draft import LABELS
from phbportal.resources.caseload import CASELOAD
from phbportal.services import imports
from phbportal.services.jobs import run_one
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.imports import ImportBatch
from tests.gateways.caseload_rows import ROW
from tests.services.import_world import import_world
from tests.support.world import World

T = TypeVar("T")
ROWS = {"sqlite": 20_000, "postgresql": 100_000}
FLOORS = {"sqlite": {"all of it": 60.0}, "postgresql": {"tried": 20.0, "committed": 40.0}}
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


def rows(many: int, first: int = 0, **more: str) -> Iterator[list[str]]:
    """So many rows, each another person's, from the ``first`` on; ``more`` is what all of them say. Names come in
    another order than the rows."""
    for n, number in enumerate(islice(numbers(), first, first + many), first):
        family = f"{FAMILY[n // 10 % 10]}{''.join('abcdefghij'[int(figure)] for figure in reversed(str(n // 100)))}"
        row = ROW | {
            "given_name": GIVEN[n % 10], "family_name": family, "nhs_number": number, "local_reference": f"CM-{n}",
            "date_of_birth": (date(1930, 1, 1) + timedelta(days=n * 7 % 26_000)).isoformat(),
            "account_name": f"Account {n}", "account_number": f"{n:08d}",
        } | more  # fmt: skip
        yield [row.get(column, "") for column in LABELS]


def file(folder: Path, many: int, *, text: bool, first: int = 0, **more: str) -> Path:
    """The caseload as a file."""
    if text:
        path = folder / "caseload.csv"
        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([list(LABELS), *rows(many, first, **more)])
        return path
    path = folder / "caseload.xlsx"
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as made:
        sheet = made.add_worksheet("Caseload")
        for at, cells in enumerate([list(LABELS), *rows(many, first, **more)]):
            sheet.write_row(at, 0, cells)
    return path


class Bringing:
    """A file's way through the portal, stage by stage."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.engine, self.folder = world, world.engine, folder
        self.doers = doers(folder / "exports")
        imports_beside(folder / "exports").mkdir(parents=True, exist_ok=True)

    def sent(self, path: Path) -> UUID:
        """A file as it was kept, its columns named."""
        content, way = path.read_bytes(), CASELOAD
        (imports_beside(self.folder / "exports") / path.name).write_bytes(content)
        given = imports.Sent(
            "phbs", way.code, way.title, way.permission, way.second, way.all_or_nothing, path.name,
            hashlib.sha256(content).hexdigest(), len(content), path.name, {"headings": []},
        )  # fmt: skip
        with open_unit(self.engine, self.world.cm, writes=True) as uow:
            batch_id = imports.begin_import(uow, given)
            imports.try_import(uow, batch_id, {column: column for column in LABELS})
        return batch_id

    def work(self) -> None:
        """The worker, until nothing waits."""
        while run_one(self.engine, self.doers):
            pass

    def agreed(self, batch_id: UUID) -> None:
        """Asked for by one and agreed to by another."""
        with open_unit(self.engine, self.world.cm, writes=True) as uow:
            imports.bring_in(uow, batch_id)
        with open_unit(self.engine, self.world.approver, writes=True) as uow:
            imports.agree_import(uow, batch_id)

    def back(self, batch_id: UUID) -> None:
        """To be taken back."""
        with open_unit(self.engine, self.world.approver, writes=True) as uow:
            imports.take_back(uow, batch_id)

    def stands(self, batch_id: UUID) -> tuple[str, int, int, int, int, str]:
        """Where a file is, its counts, and what is said of it."""
        with open_unit(self.engine, self.world.cm, writes=False) as uow:
            row = uow.session.get_one(ImportBatch, batch_id)
            return (
                row.status, row.new_count, row.changed_count, row.same_count, row.refused_count, row.problem[:200],
            )  # fmt: skip


class Watch:
    """Times each stage, and says so."""

    def __init__(self, postmaster: int | None) -> None:
        self.taken: dict[str, float] = {}
        self._postmaster = postmaster

    def timed(self, what: str, act: Callable[[], T]) -> T:
        """Do something, and keep and say how long it took."""
        began, worked, there = time.perf_counter(), time.process_time(), self._database()
        result = act()
        self.taken[what] = time.perf_counter() - began
        worked, there = time.process_time() - worked, self._database() - there
        print(
            f"{what:16} {self.taken[what]:7.1f} s   own processor time {worked:.1f} s, the database's {there:.1f} s   "
            f"most memory {memory()} MB   load {os.getloadavg()[0]:.1f}",
            flush=True,
        )  # fmt: skip
        return result

    @contextmanager
    def until_committed(self) -> Generator[None]:
        """Say as well when a file was in, which its page says at once: PostgreSQL then looks through its new rows."""
        began, look_through = time.perf_counter(), doing.many_were_written

        def in_by_now(engine: Engine) -> None:
            self.taken["committed"] = time.perf_counter() - began
            look_through(engine)

        with patch.object(doing, "many_were_written", in_by_now):
            yield

    def _database(self) -> float:
        """Processor time of PostgreSQL and its children so far, in seconds."""
        if self._postmaster is None:
            return 0.0
        ticks = 0
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                said = path.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if path.parent.name == str(self._postmaster):
                ticks += sum(map(int, said[11:15]))
            elif said[1] == str(self._postmaster):
                ticks += int(said[11]) + int(said[12])
        return ticks / os.sysconf("SC_CLK_TCK")


def memory() -> int:
    """The most this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def postmaster(folder: Path) -> int | None:
    """The number of the PostgreSQL that keeps its data in a folder."""
    found = folder / "postgresql" / "postmaster.pid"
    return int(found.read_text().split()[0]) if found.exists() else None


def main() -> None:
    """Run it, and say what holds."""
    asked = argparse.ArgumentParser()
    asked.add_argument("kind", nargs="?", default="sqlite", choices=list(ROWS))
    asked.add_argument("--rows", type=int)
    asked.add_argument("--csv", action="store_true")
    asked.add_argument("--again", action="store_true", help="try the same file again, and bring in one that differs")
    asked.add_argument("--back", action="store_true", help="take the file back")
    asked.add_argument("--there", type=int, default=0, metavar="N", help="so many people at the board before")
    asked.add_argument("--others", action="store_true", help="have others work meanwhile")
    asked.add_argument(
        "--later", type=int, default=LATER, metavar="N", help="let at the processor after others, 0 to 19"
    )
    asked.add_argument("--inside", action="store_true", help="have them work in threads of this very process")
    asked.add_argument("--keep")
    said = asked.parse_args()
    many = said.rows or ROWS[said.kind]
    with tempfile.TemporaryDirectory(prefix="phb-bench-") as name:
        folder = Path(name)
        with database(said.kind, said.keep or name) as address:
            path = file(folder, many, text=said.csv)
            assert path.stat().st_size <= MOST_BYTES
            print(f"{many:,} rows, {path.stat().st_size / 1024 / 1024:.1f} MB, {said.kind}", flush=True)
            settle()
            engine = make_engine(address)
            tables.metadata.create_all(engine)
            bringing = Bringing(import_world(engine), folder)
            watch = Watch(postmaster(Path(said.keep or name)))
            if said.there:
                before = bringing.sent(file(folder, said.there, text=True, first=many))
                bringing.work()
                bringing.agreed(before)
                watch.timed("those before", bringing.work)
                assert bringing.stands(before)[:2] == ("DONE", said.there), bringing.stands(before)
            others = [Others(address, bringing.world.cm2)] if said.others else []
            others += [Inside(engine, bringing.world.cm2)] if said.inside else []
            os.nice(
                0 if said.inside else said.later
            )  # as the worker does; the others and the database are there by now
            batch_id = bringing.sent(path)
            watch.timed("tried", bringing.work)
            assert bringing.stands(batch_id)[:2] == ("TRIED", many), bringing.stands(batch_id)
            bringing.agreed(batch_id)
            with watch.until_committed():
                watch.timed("brought in", bringing.work)
            assert bringing.stands(batch_id)[:2] == ("DONE", many), bringing.stands(batch_id)
            for one in others:
                print(f"{type(one).__name__}:\n{one.end()}", flush=True)
            if said.again:
                batch_id_again = bringing.sent(path)
                watch.timed("tried again", bringing.work)
                assert bringing.stands(batch_id_again)[3] == many, bringing.stands(batch_id_again)
                other = bringing.sent(file(folder, many, text=said.csv, postcode="L1 8JQ"))
                watch.timed("tried, changed", bringing.work)
                assert bringing.stands(other)[2] == many, bringing.stands(other)
                bringing.agreed(other)
                watch.timed("changed", bringing.work)
                assert bringing.stands(other)[0] == "DONE", bringing.stands(other)
                bringing.back(other)
                watch.timed("changes back", bringing.work)
                assert bringing.stands(other)[0] == "UNDONE", bringing.stands(other)
            if said.back:
                bringing.back(batch_id)
                watch.timed("taken back", bringing.work)
                assert bringing.stands(batch_id)[0] == "UNDONE", bringing.stands(batch_id)
            engine.dispose()
    taken = watch.taken
    taken["all of it"] = taken["tried"] + taken["brought in"]
    for what, floor in FLOORS[said.kind].items():
        print(f"{what}: {taken[what]:.1f} s, asked {floor:.0f} s: {'yes' if taken[what] <= floor else 'NO'}")
    print(f"memory: {memory()} MB, asked {MOST_MEMORY_MB} MB: {'yes' if memory() < MOST_MEMORY_MB else 'NO'}")


if __name__ == "__main__":
    main()
