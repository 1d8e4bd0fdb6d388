"""Every peer's server on the measured database, until the block ends."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy.engine import make_url

from benchmarks.peers.environments import NotInstalled, python_of
from benchmarks.peers.sites import DJANGO, SQLADMIN, STARLETTE, Looked, Peer, Places

# Name, environment, tuned or not, addresses.
PEERS: tuple[tuple[str, str, bool, Places], ...] = (
    ("Django admin", "django", False, DJANGO),
    ("Django admin, tuned", "django", True, DJANGO),
    ("sqladmin", "sqladmin", False, SQLADMIN),
    ("starlette-admin", "starlette-admin", False, STARLETTE),
)
PORT = 8191


@contextmanager
def served(url: str, looked: Looked) -> Generator[list[Peer]]:
    """The peers that can be installed here, each served and signed in; the others are named and left out."""
    password = secrets.token_urlsafe(16)
    settings = {
        **os.environ,
        "BENCH_DATABASE": url,
        "BENCH_DJANGO_DATABASE": json.dumps(_for_django(url)),
        "BENCH_PASSWORD": password,
        "BENCH_SECRET": secrets.token_urlsafe(48),
    }
    with ExitStack() as stack:
        peers: list[Peer] = []
        for at, (name, kind, tuned, places) in enumerate(PEERS):
            try:
                python = python_of(kind)
            except NotInstalled as why:
                print(f"  {why}", flush=True)
                continue
            environment = {**settings, "BENCH_TUNED": "yes" if tuned else ""}
            if kind == "django" and not any(place is DJANGO for *_rest, place in PEERS[:at]):
                # Once: a password set anew would end the other one's session.
                ready = [str(python), "-m", "benchmarks.peers.inside.django_site"]
                subprocess.run(ready, env=environment, check=True)
            stack.enter_context(_server(python, kind, PORT + at, environment))
            peers.append(Peer(name, PORT + at, places, looked, password))
            stack.callback(peers[-1].close)
        yield peers


@contextmanager
def _server(python: Path, kind: str, port: int, environment: dict[str, str]) -> Generator[None]:
    log = Path(f"var/bench-{kind}-{port}.log")
    log.parent.mkdir(exist_ok=True)
    command = [str(python), "-m", "benchmarks.peers.inside.serve", kind, str(port)]
    with log.open("wb") as out:
        server = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait(server, port, log)
            yield
        finally:
            server.terminate()
            server.wait(10)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(120):
        if server.poll() is not None:
            break
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/bench-times")
            connection.getresponse().read()
            connection.close()
            return
        except OSError:
            time.sleep(0.25)
    raise RuntimeError(f"a peer did not start: see {log}")


def _for_django(url: str) -> dict[str, str]:
    """The same database in Django's words; a socket's folder stands in the query."""
    at = make_url(url)
    host = at.query.get("host") or at.host or ""
    return {
        "NAME": at.database or "",
        "USER": at.username or "",
        "PASSWORD": at.password or "",
        "HOST": host if isinstance(host, str) else host[0],
        "PORT": str(at.port or ""),
    }
