"""The night's work over many budgets: processor time of the portal and of the database, and the memory it takes.

    python -m benchmarks.tick [sqlite|postgresql] [--budgets N]

Two nights of a board whose budgets all run: 1 April, when every one of them is due (next year's money, a review nobody
had set), and the night after, when nothing is. Time is processor time, so that whatever else the machine does is left
out; it is told for the budgets there were and, in proportion, for 200,000.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, text
from sqlmodel import SQLModel

from benchmarks.__main__ import database
from benchmarks.world import uid
from phbportal import tables
from phbportal.db import make_engine
from phbportal.services.tick import tick
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb

BUDGETS, WANTED = 10_000, 200_000
BEGAN = datetime(2025, 4, 1, 9, tzinfo=UTC)
NIGHTS = (
    ("1 April, all due", datetime(2026, 4, 1, 2, tzinfo=UTC)),
    ("the night after", datetime(2026, 4, 2, 2, tzinfo=UTC)),
)
BATCH = 2_000


def build(engine: Engine, budgets: int) -> None:
    """A board whose budgets have all run for a year, of people of every age."""
    tables.metadata.create_all(engine)
    made: dict[str, Any] = {"created_at": BEGAN, "created_by": None}
    kept = made | {"updated_at": BEGAN, "updated_by": None, "row_version": 1}
    board = uid(1, 1)
    blank = {"is_user_led": False}
    _write(engine, Organisation, iter([_row(Organisation, id=board, kind="ICB", name="Board", search_name="board",
                                            ods_code="QB1", **kept, **blank)]))  # fmt: skip
    numbers = range(budgets)
    born = date(1940, 1, 1)
    _write(engine, Person, (
        _row(Person, id=uid(3, n), given_name="Ada", family_name=f"Number{n}", search_name=f"number{n} ada",
             search_given="ada", date_of_birth=born + timedelta(days=n * 30_500 // budgets), **kept)
        for n in numbers
    ))  # fmt: skip
    _write(engine, PersonResponsibility, (
        _row(PersonResponsibility, id=uid(4, n), person_id=uid(3, n), icb_id=board, starts_on=date(2025, 4, 1), **kept)
        for n in numbers
    ))  # fmt: skip
    _write(engine, Phb, (
        _row(Phb, id=uid(5, n), reference=f"PHB-2025-{n:06d}", icb_id=board, person_id=uid(3, n), cohort="CHC",
             kind="ONGOING", status="ACTIVE", opened_on=date(2025, 4, 1), live_on=date(2025, 4, 7), **kept)
        for n in numbers
    ))  # fmt: skip
    _write(engine, BudgetVersion, (
        _row(BudgetVersion, id=uid(6, n), phb_id=uid(5, n), icb_id=board, version=1, kind="FINAL", status="APPROVED",
             weekly_pence=40_000 + n % 90_000, one_off_pence=0, starts_on=date(2025, 4, 7), **kept)
        for n in numbers
    ))  # fmt: skip
    _write(engine, Stream, (
        _row(Stream, id=uid(7, n), phb_id=uid(5, n), icb_id=board, method="DIRECT_PAYMENT", payee_kind="HOLDER",
             status="ACTIVE", weekly_pence=40_000 + n % 90_000, one_off_pence=0, starts_on=date(2025, 4, 7),
             frequency="FOUR_WEEKLY", first_payment_on=date(2025, 4, 7), **kept)
        for n in numbers
    ))  # fmt: skip
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE"))


def _row(table: type[SQLModel], **values: Any) -> dict[str, Any]:
    defaults = {name: f.default for name, f in table.model_fields.items() if not f.is_required() and name != "id"}
    return {name: value for name, value in (defaults | values).items() if name in table.model_fields}


def _write(engine: Engine, table: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    with engine.begin() as connection:
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                connection.execute(insert(table), batch)
                batch = []
        if batch:
            connection.execute(insert(table), batch)


def postmaster(engine: Engine) -> int:
    """The first process of the database; none for SQLite, which is the portal's own."""
    if engine.dialect.name != "postgresql":
        return 0
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


def main() -> None:
    """Build, run both nights, print."""
    parser = argparse.ArgumentParser(description="the night's work, measured")
    parser.add_argument("kind", nargs="?", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--budgets", type=int, default=BUDGETS)
    asked = parser.parse_args()
    with database(asked.kind, None) as address:
        engine = make_engine(address)
        build(engine, asked.budgets)
        first = postmaster(engine)
        print(f"{asked.budgets:,} budgets, {asked.kind}\n| night | portal | database | for {WANTED:,} | memory |")
        print("|---|---|---|---|---|")
        for name, now in NIGHTS:
            before, others = time.process_time(), database_seconds(first)
            tick(engine, now=now)
            own, theirs = time.process_time() - before, max(0.0, database_seconds(first) - others)
            whole = (own + theirs) * WANTED / asked.budgets
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"| {name} | {own:.1f} s | {theirs:.1f} s | {whole:.0f} s | {memory} MB |")
        engine.dispose()


if __name__ == "__main__":
    main()
