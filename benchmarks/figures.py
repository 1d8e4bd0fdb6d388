"""How long each figure and chart of the dashboards takes to be read, by itself, on the benchmark's world.

    python -m benchmarks.figures [sqlite|postgresql] [--keep FOLDER] [--people N]

The first board has the people; the second is given ten years of sums by month in every group and method, as many rows
as a board's money can have.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, insert, select
from sqlmodel import col

from benchmarks.__main__ import database, ready
from benchmarks.world import BOARD, MANAGER, NOW, OTHER, Size, build, uid
from phbportal.db import make_engine
from phbportal.domain.eligibility import Cohort
from phbportal.domain.streams import Method
from phbportal.policy.actors import Actor
from phbportal.resources.dashboards import DASHBOARDS
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.board_money import BoardMoney

TIMES, FLOOR = 50, 20.0
WAYS = (
    ("BOARD", "AVAILABLE"), ("AVAILABLE", "RESERVED"), ("RESERVED", "AVAILABLE"), ("RESERVED", "HELD"),
    ("RESERVED", "SPENT"), ("HELD", "SPENT"), ("HELD", "BOARD"), ("OUTSIDE", "HELD"),
)  # fmt: skip


def dense() -> Iterator[dict[str, Any]]:
    """Ten years of every group, method and way of the second board."""
    number = 1_000_000
    for year in range(2017, 2027):
        for month in range(1, 13):
            for cohort in Cohort:
                for method in Method:
                    for source, target in WAYS:
                        number += 1
                        yield {
                            "id": uid(18, number), "icb_id": OTHER, "from_place": source, "to_place": target,
                            "month": date(year, month, 1), "cohort": cohort.value, "method": method.value,
                            "amount_pence": 100_000 + number % 999, "created_at": NOW, "created_by": MANAGER,
                        }  # fmt: skip


def fill(engine: Engine) -> None:
    """The second board's rows, unless they are there."""
    with engine.begin() as connection:
        there = connection.execute(select(func.count()).where(col(BoardMoney.icb_id) == OTHER)).scalar_one()
        if there < 10_000:
            connection.execute(BoardMoney.__table__.delete().where(col(BoardMoney.icb_id) == OTHER))  # pyright: ignore
            connection.execute(insert(BoardMoney), list(dense()))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE" if engine.dialect.name == "postgresql" else "ANALYZE")


def milliseconds(engine: Engine, actor: Actor, ask: Any) -> tuple[float, float, float]:
    """The lowest, the median and the 95th centile of reading one figure, the transaction's own beginning left out."""
    found: list[float] = []
    with open_unit(engine, actor, writes=False, now=NOW) as uow:
        for _ in range(TIMES):
            began = time.perf_counter()
            ask(uow.session, uow.actor, uow.today)
            found.append((time.perf_counter() - began) * 1000)
    found.sort()
    return found[0], found[TIMES // 2], found[TIMES * 95 // 100]


def measure(engine: Engine, icb_id: UUID, name: str) -> None:
    print(f"\n{name:58} {'lowest':>8} {'p50 ms':>8} {'p95 ms':>8}")
    seen: set[Any] = set()
    for dashboard in DASHBOARDS:
        actor = Actor(dashboard.role, user_id=MANAGER, icb_id=icb_id)
        for part in (*dashboard.tiles, *dashboard.charts):
            ask = getattr(part, "series", None) or getattr(part, "count", None) or getattr(part, "sum", None)
            if ask in seen:
                continue
            seen.add(ask)
            lowest, p50, p95 = milliseconds(engine, actor, ask)
            over = " over" if p50 > FLOOR else ""
            name = getattr(ask, "__name__", ask)
            print(f"{dashboard.role.value:13} {name:44} {lowest:8.2f} {p50:8.2f} {p95:8.2f}{over}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.figures")
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--people", type=int)
    parser.add_argument("--keep", help="a folder to build the database in and leave it")
    chosen = parser.parse_args()
    people = chosen.people or (20_000 if chosen.kind == "sqlite" else 200_000)
    with database(chosen.kind, chosen.keep) as url:
        engine = make_engine(url)
        if not ready(engine):
            build(engine, Size(people, people * 11 // 10, people * (5 if chosen.kind == "sqlite" else 25)))
        fill(engine)
        measure(engine, BOARD, f"{chosen.kind}, {people:,} people")
        measure(engine, OTHER, "ten years of every group and method")
        engine.dispose()


if __name__ == "__main__":
    main()
