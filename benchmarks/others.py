"""What other members of staff wait for while a file is brought in: a process of its own, beside the one measured.

Four times a second somebody opens the list of people; each second somebody adds a person and somebody draws the
reference of a new budget. Each is one unit of work, as an event is, without the socket.

On Linux, beside PostgreSQL on the same machine, it is said as well what a wait is made of: time at the processor, our
own and the database's; time until one was free, which a quieter or larger machine takes away; and all else, such as
Python's lock, rows that somebody holds, the disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import asdict
from datetime import date
from pathlib import Path
from statistics import fmean, quantiles
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.db import make_engine
from phbportal.domain.errors import Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.services.references import next_phb_reference
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.people import Person, PersonResponsibility

QUIET_SECONDS = 10.0
EACH = 0.25
PARTS = ("our processor", "for a processor", "the database's", "the database for one", "all else")
Waits = dict[str, list[float]]


class Others:
    """Others at work from now on; the first seconds, in which nothing else happens, are what the rest is beside."""

    def __init__(self, address: str, actor: Actor) -> None:
        who = {name: str(value) for name, value in asdict(actor).items() if name in ("role", "user_id", "icb_id")}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.others", address, json.dumps(who)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._process.stdout is not None
        self._process.stdout.readline()

    def end(self) -> str:
        """What they waited, in lines to be read."""
        said, _ = self._process.communicate("")
        return said


class Inside:
    """The same in a thread of the process that is measured, as the portal's own pages are read beside its worker: what
    waits there for Python's lock is seen as well."""

    def __init__(self, engine: Engine, actor: Actor) -> None:
        self._quiet: Waits = {}
        self._busy: Waits = {}
        self._over = threading.Event()
        for n in range(int(QUIET_SECONDS / EACH)):
            turn(engine, actor, n, self._quiet)
        self._thread = threading.Thread(target=self._work, args=(engine, actor))
        self._thread.start()

    def _work(self, engine: Engine, actor: Actor) -> None:
        n = 0
        while not self._over.is_set():
            turn(engine, actor, n, self._busy)
            n += 1

    def end(self) -> str:
        """What was waited, in lines to be read."""
        self._over.set()
        self._thread.join()
        return told(self._quiet, self._busy)


def main() -> None:
    """Work until nothing more can be read; say when the quiet seconds are over, and at the end what was waited."""
    address, who = sys.argv[1], json.loads(sys.argv[2])
    actor = Actor(Role(who["role"]), user_id=UUID(who["user_id"]), icb_id=UUID(who["icb_id"]))
    engine = make_engine(address)
    quiet: Waits = {}
    while_busy: Waits = {}
    for n in range(int(QUIET_SECONDS / EACH)):
        turn(engine, actor, n, quiet)
    print("quiet", flush=True)
    import select as waiting

    n = 0
    while not waiting.select([sys.stdin], [], [], 0)[0]:
        turn(engine, actor, n, while_busy)
        n += 1
    print(told(quiet, while_busy))


def told(quiet: Waits, while_busy: Waits) -> str:
    """What was waited, in lines to be read."""
    lines: list[str] = []
    for what, waits in while_busy.items():
        if ": " in what:
            continue
        before, now = quiet[what], [wait for wait in waits if wait >= 0]
        lines.append(
            f"{what:20} p95 {_p95(before):7.1f} ms when quiet, {_p95(now):7.1f} ms meanwhile, longest {max(now):.0f} ms"
            f", {len(waits)} times, {len(waits) - len(now)} refused"
        )
        lines += [said] if (said := _parts(what, quiet, while_busy)) else []
    return "\n".join(lines)


def _parts(what: str, quiet: Waits, while_busy: Waits) -> str:
    """What the waits of an act are made of on average, when quiet and meanwhile."""
    said = [
        f"{part} {fmean(quiet[key]):.1f} → {fmean(while_busy[key]):.1f}"
        for part in PARTS
        if quiet.get(key := f"{what}: {part}") and while_busy.get(key)
    ]
    return f"    on average, ms: {', '.join(said)}" if said else ""


class Stopwatch:
    """How long an act took, and what of it was what."""

    def __init__(self) -> None:
        self._began, self._worked = time.perf_counter(), time.thread_time()
        self._waited = _sat("thread-self")
        self._backend: int | None = None
        self._there: tuple[float, float] | None = None

    def database(self, uow: UnitOfWork) -> None:
        """Which process of the database works for us from now on."""
        raw = uow.session.connection().connection.dbapi_connection
        if hasattr(raw, "info"):
            self._backend = raw.info.backend_pid  # pyright: ignore
            self._there = _sat(str(self._backend))

    def parts(self) -> list[float]:
        """Milliseconds: as ``PARTS`` names them; none where the system does not say."""
        there, waited = _sat(str(self._backend)), _sat("thread-self")
        whole = (time.perf_counter() - self._began) * 1000
        if there is None or waited is None or self._there is None or self._waited is None:
            return []
        ours = (time.thread_time() - self._worked) * 1000
        found = [ours, waited[1] - self._waited[1], there[0] - self._there[0], there[1] - self._there[1]]
        return [*found, max(whole - sum(found), 0.0)]


def _sat(process: str) -> tuple[float, float] | None:
    """Milliseconds a process was at the processor, and waited for one."""
    try:
        ran, waited, _times = Path(f"/proc/{process}/schedstat").read_text().split()
    except OSError:
        return None
    return int(ran) / 1e6, int(waited) / 1e6


def turn(engine: Engine, actor: Actor, n: int, waits: Waits) -> None:
    """One quarter of a second of others' work."""
    began = time.monotonic()
    _wait(engine, actor, "opens the people", opens, waits, writes=False)
    if n % 4 == 0:
        _wait(engine, actor, "adds a person", adds, waits, writes=True)
        _wait(engine, actor, "draws a reference", next_phb_reference, waits, writes=True)
    time.sleep(max(EACH - (time.monotonic() - began), 0))


def _wait(engine: Engine, actor: Actor, what: str, act: object, waits: Waits, *, writes: bool) -> None:
    watch, began = Stopwatch(), time.perf_counter()
    try:
        with open_unit(engine, actor, writes=writes) as uow:
            watch.database(uow)
            act(uow)  # pyright: ignore
        waits.setdefault(what, []).append((time.perf_counter() - began) * 1000)
        for part, found in zip(PARTS, watch.parts(), strict=False):
            waits.setdefault(f"{what}: {part}", []).append(found)
    except Refusal:
        waits.setdefault(what, []).append(-1.0)


def opens(uow: UnitOfWork) -> None:
    """A page of the people one sees, with the access row."""
    seen = visible(uow.actor, Person, uow.today)
    found = uow.session.execute(select(Person).where(seen).order_by(col(Person.search_name), col(Person.id)).limit(50))
    uow.saw("people", rows=len(found.scalars().all()))


def adds(uow: UnitOfWork) -> None:
    """A person, with the board answering for them, and a line of history."""
    person = uow.add(
        Person, given_name="Nia", family_name="Beside", search_name="beside nia", search_given="nia beside",
        date_of_birth=date(1970, 1, 1),
    )  # fmt: skip
    uow.add(PersonResponsibility, person_id=person.id, icb_id=uow.actor.icb_id, starts_on=uow.today)
    uow.record("person_added", about=person, icb_id=uow.actor.icb_id, person_id=person.id)


def _p95(waits: list[float]) -> float:
    return quantiles(waits, n=20)[-1] if len(waits) > 1 else waits[0]


if __name__ == "__main__":
    main()
