"""The real portal in this process: granian on a free loopback port, its development provider, a small world, a browser.

One server a process; each database is given to it in turn. The front end is not built: what is tested here is what
the server answers.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import httpx2
import pytest
import reflex as rx
from sqlalchemy import Engine, create_engine, event, func, inspect, make_url, select, text, update
from sqlmodel import col

from phbportal.db import connect
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import london_date, open_unit
from phbportal.tables.people import Person
from phbportal.tables.sessions import AuthEvent, SignInSession
from phbportal.tables.users import Assignment, Identity, User
from tests.support import arranging, journey, sockets
from tests.support.engines import engine_at
from tests.support.journey import StreamPlan
from tests.support.ports import free_port
from tests.support.postgres import TEMPLATE, PostgresServer
from tests.support.sockets import Page
from tests.support.world import World, make_world

PROVIDER = "development"
CALLBACK = f"/auth/callback/{PROVIDER}"
# What a refusal may write: the record of the refusal itself.
DOOR_TABLES = frozenset({"auth_event", "auth_flow", "session", "access_event", "draft", "logout_jti"})


class Clock:
    """Real time, moved on when a test says so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@dataclass
class Server:
    """granian in a thread of its own, serving the app the portal's front door builds."""

    port: int
    app: Any
    built: Any
    no_database: Engine
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    stop: Any = None

    @classmethod
    def start(cls) -> Server:
        port, folder = free_port(), Path(tempfile.mkdtemp(prefix="phb-portal-"))
        os.environ.update(
            PHB_ENVIRONMENT="test", PHB_PUBLIC_ORIGIN=f"http://localhost:{port}",
            PHB_DATABASE_URL=f"sqlite:///{folder / 'none.sqlite3'}", PHB_KEY_FILE=str(folder / "portal.key"),
            PHB_FILES_DIR=str(folder / "files"),
            REFLEX_ENV_MODE="prod", REFLEX_TELEMETRY_ENABLED="false", REFLEX_CHECK_LATEST_VERSION="false",
            REFLEX_DIR=str(folder / "reflex"), __REFLEX_SKIP_COMPILE="true",
        )  # fmt: skip
        from phbportal.settings import settings

        settings.cache_clear()
        from phbportal import phbportal as front_door
        from tests.support import trial

        front_door.app.add_page(rx.fragment, route="/trial", title="Trial", on_load=trial.Trial.load)

        made = cls(port, front_door.app, front_door.front, front_door.front.hall.engine)
        made._serve(front_door.app())
        return made

    def _serve(self, asgi: Any) -> None:
        from granian.constants import Interfaces
        from granian.log import LogLevels
        from granian.server.embed import Server as Granian

        def run() -> None:
            asyncio.set_event_loop(self.loop)
            server = Granian(
                asgi, address="127.0.0.1", port=self.port, interface=Interfaces.ASGI, websockets=True,
                log_level=LogLevels.error,
            )  # fmt: skip
            self.stop = server.stop
            self.loop.run_until_complete(server.serve())

        threading.Thread(target=run, name="portal", daemon=True).start()
        until = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert time.monotonic() < until, "the portal did not start"
                time.sleep(0.05)


@lru_cache(maxsize=1)
def server() -> Server:
    """The one server of this test process."""
    return Server.start()


@dataclass
class Portal:
    """The portal with one database: ``world`` by name, subjects at the provider as in ``world.actors`` and holder."""

    server: Server
    engine: Engine
    world: World
    people: dict[str, UUID] = field(default_factory=dict)
    budgets: dict[str, str] = field(default_factory=dict)
    _pages: dict[str, Page] = field(default_factory=dict)
    _browsers: dict[str, Browser] = field(default_factory=dict)
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def origin(self) -> str:
        return f"http://localhost:{self.server.port}"

    @property
    def hall(self) -> Any:
        return self.server.built.hall

    @property
    def control(self) -> Any:
        return self.server.built.control

    @property
    def clock(self) -> Clock:
        return self.hall.clock

    @contextmanager
    def later(self, **by: float) -> Iterator[None]:
        """The portal's clock moved on, inside."""
        self.clock.ahead += timedelta(**by)
        try:
            yield
        finally:
            self.clock.ahead -= timedelta(**by)

    @contextmanager
    def limited(self, name: str, limit: Any) -> Iterator[None]:
        """One of the hall's limits is this, inside."""
        before = getattr(self.hall, name)
        setattr(self.hall, name, limit)
        try:
            yield
        finally:
            setattr(self.hall, name, before)

    def browser(self) -> Browser:
        return Browser(self)

    def signed_in(self, subject: str) -> Browser:
        """A new browser in which somebody is signed in."""
        browser = Browser(self)
        answer = browser.sign_in(subject)
        assert answer.status_code == 303, answer.text
        assert "__Host-phb" in browser.cookies
        return browser

    def prove(self, browser: Browser, *, minutes: float = 5) -> None:
        """Step-up is in force for a browser's session, as if its person had just been to the provider."""
        until, where = self.clock() + timedelta(minutes=minutes), col(SignInSession.handle) == browser.handle()
        self.change(lambda uow: uow.session.execute(update(SignInSession).where(where).values(step_up_until=until)))

    def page_of(self, subject: str) -> Page:
        """A page of somebody ("" for nobody) kept open for the whole database; for tests that end nothing."""
        page = self._pages.get(subject)
        if page is None or page.disconnected or page.socket.closed:
            browser = self._browsers[subject] = self.signed_in(subject) if subject else self.browser()
            if subject:
                self.prove(browser, minutes=24 * 60)
            page = self._pages[subject] = browser.page()
        return page

    @contextmanager
    def database_down(self) -> Iterator[None]:
        """The database takes no connection and has dropped those it had, inside; the portal is not told."""
        if self.engine.dialect.name == "sqlite":
            path = Path(self.engine.url.database or "")
            self.engine.dispose()
            away = path.with_name("away.sqlite3")
            path.rename(away)
            path.mkdir()
            try:
                yield
            finally:
                self.engine.dispose()
                path.rmdir()
                away.rename(path)
            return
        name = self.engine.url.database
        self._administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        self._administer(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")
        try:
            yield
        finally:
            self._administer(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

    def _administer(self, statement: str) -> None:
        engine = create_engine(self.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody holds what a session's touch would write, inside, where nobody waits long for it."""
        impatient = "PRAGMA busy_timeout=100" if self.engine.dialect.name == "sqlite" else "SET lock_timeout = 100"

        def hurry(raw: Any, *_: Any) -> None:
            raw.cursor().execute(impatient)
            raw.commit()  # it is lent without a transaction

        with connect(self.engine, writes=True) as connection:
            connection.execute(text("UPDATE session SET provider = provider"))
            event.listen(self.engine, "checkout", hurry)
            yield
            event.remove(self.engine, "checkout", hurry)
            connection.rollback()
        self.engine.dispose()

    def wait(self, seconds: float) -> None:
        """Let the server do what it does by itself."""
        time.sleep(seconds)

    def until(self, true: Any) -> None:
        """Wait for something to become true. Raises AssertionError if it does not."""
        end = time.monotonic() + 30
        while not true():
            assert time.monotonic() < end, "it did not come about"
            time.sleep(0.01)

    def sweep(self) -> None:
        """One look at every session with an open page, as happens twice a minute."""
        asyncio.run_coroutine_threadsafe(self.hall.live.look(everything=True), self.server.loop).result(10)

    def kept(self, name: str, find: Any) -> Any:
        """What ``find`` found when the database was made."""
        return self._kept[name] if name in self._kept else self._kept.setdefault(name, find(self))

    def page_cookie(self, subject: str) -> str:
        """The cookie of a session kept open for the whole database."""
        self.page_of(subject)
        return self._browsers[subject].cookie_header

    def anonymous_page(self, token: str = "nobody-at-all") -> Page:
        return Page(self.server.port, token=token, app=self.server.app)

    def leave(self) -> None:
        """Close what is open and take the database from the server."""
        sockets.close_all()
        self.server.app.state_manager.states.clear()
        self.hall.engine = self.server.no_database

    def rows(self, table: Any, *where: Any) -> list[Any]:
        with open_unit(self.engine, SYSTEM, writes=False) as uow:
            found = uow.session.execute(select(table).where(*where).order_by(col(table.id))).scalars().all()
            uow.session.expunge_all()
        return list(found)

    def change(self, act: Any) -> None:
        with open_unit(self.engine, SYSTEM, writes=True) as uow:
            act(uow)

    def new_person(self, given: str, family: str, number: str) -> UUID:
        """A person of the first board who may sign in and never has."""
        person = journey.add_person(self.world, number=number, names=(given, family))
        self.change(lambda uow: uow.change(uow.session.get_one(Person, person), sign_in_on=True))
        return person

    def live_sessions(self) -> int:
        with open_unit(self.engine, SYSTEM, writes=False) as uow:
            return uow.session.execute(
                select(func.count()).select_from(SignInSession).where(col(SignInSession.revoked_at).is_(None))
            ).scalar_one()

    def snapshot(self, *, without: frozenset[str] = DOOR_TABLES) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but those of the door itself."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        with self.engine.connect() as connection:
            for table in sorted(set(inspect(self.engine).get_table_names()) - without - {"alembic_version"}):
                rows = connection.execute(text(f'SELECT * FROM "{table}"')).all()  # names of our own tables
                found[table] = sorted(tuple(map(str, row)) for row in rows)
        return found

    @contextmanager
    def writes(self) -> Iterator[list[str]]:
        """The tables that were written to inside, but those of the door itself, whether it was kept or rolled back."""
        found: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
            written = re.match(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM|TRUNCATE)\s+\"?(\w+)", statement)
            if written and written[1] not in DOOR_TABLES:
                found.append(written[1])

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield found
        finally:
            event.remove(self.engine, "before_cursor_execute", note)

    @contextmanager
    def door(self) -> Iterator[list[AuthEvent]]:
        """The auth events written inside, once it is left."""
        self.hall.door.flush(self.clock())
        with open_unit(self.engine, SYSTEM, writes=False) as uow:
            last = uow.session.execute(select(col(AuthEvent.id)).order_by(col(AuthEvent.id).desc()).limit(1)).scalar()
        found: list[AuthEvent] = []
        yield found
        self.hall.door.flush(self.clock())
        found += self.rows(AuthEvent, *([col(AuthEvent.id) > last] if last else []))

    @contextmanager
    def refused(self, reason: str, *, times: int = 1, kind: str | None = None) -> Iterator[list[AuthEvent]]:
        """Inside, exactly so many refusals are recorded, all for this reason, and no session begins."""
        sessions = self.live_sessions()
        with self.door() as events:
            yield events
        assert {(e.outcome, e.reason, kind or e.kind) for e in events} == {("refused", reason, e.kind) for e in events}
        assert sum(e.times for e in events) == times
        assert self.live_sessions() <= sessions


@dataclass
class Browser:
    """Carries the Secure cookies by hand over http, follows nothing by itself."""

    portal: Portal
    cookies: dict[str, str] = field(default_factory=dict)
    agent: str = "a browser"

    @property
    def cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        url = path if path.startswith("http") else self.portal.origin + path
        headers = [("User-Agent", self.agent), *dict(more.pop("headers", {})).items()]
        if self.cookies:
            headers.append(("Cookie", self.cookie_header))
        if more.pop("fresh", False):  # a connection of its own, for use in a thread
            with httpx2.Client(trust_env=False, timeout=20) as own:
                answer = own.request(method, url, headers=headers, **more)
        else:
            answer = client().request(method, url, headers=headers, **more)
        for line in answer.headers.get_list("set-cookie"):
            self._keep(line)
        return answer

    def _keep(self, line: str) -> None:
        pair, *attributes = [part.strip() for part in line.split(";")]
        name, _, value = pair.partition("=")
        gone = any(re.fullmatch(r"max-age=0", a, re.IGNORECASE) for a in attributes)
        if gone or value in ("", '""'):
            self.cookies.pop(name, None)
        else:
            self.cookies[name] = value

    def get(self, path: str, **more: Any) -> httpx2.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, data: dict[str, str] | None = None, *, origin: str | None = "own", **more: Any) -> Any:
        headers = dict(more.pop("headers", {}))
        if origin is not None:
            headers["Origin"] = self.portal.origin if origin == "own" else origin
        return self.request("POST", path, data=data or {}, headers=headers, **more)

    def leave(self, next_path: str = "", provider: str = PROVIDER) -> str:
        """Press "Sign in": the provider's address the browser is sent to."""
        answer = self.get(f"/auth/login/{provider}" + (f"?next={next_path}" if next_path else ""))
        assert answer.status_code == 302, answer.text
        return answer.headers["location"]

    def choose(self, asked: str, subject: str, **more: str) -> str:
        """Choose a person at the development provider: the callback address it sends the browser to."""
        form = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        answer = Browser(self.portal).post(asked.partition("?")[0], {**form, "person": subject, **more})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    def confirm(self, address: str, subject: str) -> httpx2.Response:
        """The whole way of a step-up, from the address a page sends its person to; the answer of the callback."""
        return self.get(self.choose(self.get(address).headers["location"], subject))

    def callback(self, subject: str, next_path: str = "") -> str:
        """The whole way to the provider and the address it sends the browser back to, not yet gone to."""
        return self.choose(self.leave(next_path), subject)

    def sign_in(self, subject: str, next_path: str = "") -> httpx2.Response:
        """The whole way to the provider and back; the answer of the callback."""
        return self.get(self.callback(subject, next_path))

    def csrf(self) -> str:
        from phbportal.sign_in.keys import csrf_token

        return csrf_token(self.portal.hall.key, self.handle())

    def handle(self) -> str:
        from phbportal.sign_in.keys import digest

        (row,) = self.portal.rows(SignInSession, col(SignInSession.secret_hash) == digest(self.cookies["__Host-phb"]))
        return row.handle

    def page(self, token: str = "a-token-of-a-tab", **more: Any) -> Page:
        return Page(self.portal.server.port, token=token, cookie=self.cookie_header, app=self.portal.server.app, **more)


@lru_cache(maxsize=1)
def client() -> httpx2.Client:
    return httpx2.Client(trust_env=False, timeout=20)


def raw(port: int, request: bytes) -> bytes:
    """Bytes to the port, and whatever comes back within a moment: for requests no client would send."""
    with socket.create_connection(("127.0.0.1", port), 5) as tcp:
        tcp.sendall(request)
        tcp.settimeout(2)
        answer = b""
        try:
            while chunk := tcp.recv(65_536):
                answer += chunk
                if b"\r\n\r\n" in answer:
                    return answer
        except TimeoutError:
            pass
    return answer


def furnish(served: Server, engine: Engine) -> Portal:
    """People in a database: both boards' staff with identities, a budget each, one holder."""
    world = make_world(engine, london_date(datetime.now(UTC)))
    portal = Portal(served, engine, world)
    issuer = f"{portal.origin}/dev-idp"
    organisation = arranging.organisation(world, "Fairbrook Care")
    world.actors["provider"] = arranging.somebody_of(world, organisation, "Prue Provider")
    with world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        for name, actor in world.actors.items():
            uow.add(Identity, user_id=actor.user_id, provider=PROVIDER, issuer=issuer, subject=name)
    others = {name.removeprefix("other_"): a for name, a in world.actors.items() if name.startswith("other_")}
    elsewhere = World(engine, world.today, world.other_icb, world.icb, others)
    for key, number, names, where in (
        ("own", "9990000018", ("Amina", "Okafor-Reyes"), world),
        ("second", "9990000034", ("Ines", "Varga"), world),
        ("other", "9990000026", ("Walter", "Quillfeather"), elsewhere),
    ):
        person = portal.people[key] = journey.add_person(where, number=number, names=names)
        stream = StreamPlan(Method.NOTIONAL, 125_000, starts_on=world.today + timedelta(days=14))
        portal.budgets[key] = journey.draft(where, stream, person_id=person).reference
    for key in ("own", "second"):
        portal.change(lambda uow, k=key: uow.change(uow.session.get_one(Person, portal.people[k]), sign_in_on=True))
    add_holder(portal, "own", "holder", issuer)
    for role in (Role.NOMINEE, Role.REPRESENTATIVE):
        add_acting(portal, role, role.value.lower(), issuer)
    return portal


def move_in(portal: Portal) -> None:
    """Give the server this database, and limits that are in nobody's way."""
    from phbportal.sign_in.door import Door
    from phbportal.sign_in.limits import AtOnce

    hall = portal.hall
    hall.engine, hall.door, hall.clock = portal.engine, Door(portal.engine), Clock()
    for limit in (hall.sign_ins, hall.handshakes, hall.codes, hall.logout_tokens):
        limit.most = 1_000_000
    hall.anonymous_sockets, hall.session_sockets = AtOnce(1_000), AtOnce(1_000)
    hall.messages_per_second = 1_000_000
    hall.live.look_every, hall.live.sweep_every = 0.1, 1e9


def add_acting(portal: Portal, role: Role, subject: str, issuer: str) -> UUID:
    """Somebody who signs in to act for others, and acts for nobody yet. Returns the user's id."""
    world = portal.world
    with world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        user = uow.add(User, display_name=f"Sam {role.value.title()}")
        uow.add(
            Assignment, user_id=user.id, role=role.value, icb_id=world.icb, valid_from=world.today - timedelta(days=30)
        )
        uow.add(Identity, user_id=user.id, provider=PROVIDER, issuer=issuer, subject=subject)
    return user.id


def add_holder(portal: Portal, person: str, subject: str, issuer: str) -> None:
    """A user for a person, with the holder's role and an identity."""
    world = portal.world
    with world.unit(SYSTEM, now=datetime.now(UTC)) as uow:
        user = uow.add(User, display_name="Amina Okafor-Reyes", person_id=portal.people[person])
        uow.add(
            Assignment, user_id=user.id, role=Role.HOLDER.value, icb_id=world.icb,
            valid_from=world.today - timedelta(days=30),
        )  # fmt: skip
        uow.add(Identity, user_id=user.id, provider=PROVIDER, issuer=issuer, subject=subject)


_furnished: dict[tuple[str, date], tuple[Portal, str]] = {}
"""By kind of database and day: a portal as it was when it was furnished, and the database that is kept of it."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def portal(request: pytest.FixtureRequest) -> Iterator[Portal]:
    """The portal with a database of its own, one of each kind in turn, for the tests of a module. Furnished once a
    process, then copied."""
    day = request.param, london_date(datetime.now(UTC))
    if day not in _furnished:
        with at(url := new_database(request, request.param)) as engine:
            _furnished[day] = furnish(server(), engine), url
        if request.param == "postgresql":
            request.getfixturevalue("postgres").keep(make_url(url).database)
    first, kept = _furnished[day]
    url = new_database(request, request.param, like=kept)
    with at(url) as engine:
        world = replace(first.world, engine=engine, actors=dict(first.world.actors))
        made = Portal(first.server, engine, world, dict(first.people), dict(first.budgets))
        move_in(made)
        yield made
        made.leave()
    forget(request, url)


@pytest.fixture
def tidy(portal: Portal) -> Iterator[None]:
    """After a test the server is as it was: pages closed, no fault switched on, its limits out of the way."""
    yield
    sockets.close_all(but=list(portal._pages.values()))
    portal.control.fail()
    assert not portal.clock.ahead


@contextmanager
def at(url: str) -> Iterator[Engine]:
    """An engine on a database, inside."""
    engine = engine_at(url)
    yield engine
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))  # so that the file is the whole
    engine.dispose()


def new_database(request: pytest.FixtureRequest, kind: str, *, like: str = "") -> str:
    """The address of a new database: one with the schema, or as the one at an address is."""
    if kind == "sqlite":
        folder = request.getfixturevalue("tmp_path_factory").mktemp("portal")
        kept = make_url(like).database if like else request.getfixturevalue("sqlite_template")
        return f"sqlite:///{shutil.copy(kept or '', folder / 'portal.sqlite3')}"
    postgres: PostgresServer = request.getfixturevalue("postgres")
    template = make_url(like).database if like else None
    return postgres.url(postgres.fresh_database(template=template or TEMPLATE))


def forget(request: pytest.FixtureRequest, url: str) -> None:
    """Drop a database of ``new_database``."""
    if url.startswith("sqlite"):
        shutil.rmtree(Path(make_url(url).database or "").parent)
    else:
        request.getfixturevalue("postgres").drop(make_url(url).database)
