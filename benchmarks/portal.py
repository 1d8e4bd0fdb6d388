"""The portal under measurement: a server process on a database, and a session signed in as a member of staff."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from sqlalchemy import Engine

from benchmarks.world import uid
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.sign_in import roles, sessions

PORT = 8190
ORIGIN = f"http://localhost:{PORT}"
_SERVE = """
import os
from phbportal.frontend import serving_environment
os.environ.update(serving_environment())
del os.environ["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"]
from granian.constants import Interfaces
from granian.server import Server
Server("benchmarks.served:app", address="127.0.0.1", port={port}, interface=Interfaces.ASGI, factory=True,
       websockets=True, log_access=False).serve()
"""


@contextmanager
def serving(url: str, redis: str = "") -> Generator[subprocess.Popen[bytes]]:
    """The real server without the built pages, until the block ends; with ``redis`` its pages' state lives there."""
    environment = {
        **os.environ,
        "PHB_ENVIRONMENT": "test",
        "PHB_DATABASE_URL": url,
        "PHB_PUBLIC_ORIGIN": ORIGIN,
        "PHB_ANONYMOUS_SOCKETS_PER_MINUTE": "100000",
        **({"PHB_REDIS_URL": redis} if redis else {}),
    }
    log = Path("var/bench.log")
    log.parent.mkdir(exist_ok=True)
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-c", _SERVE.format(port=PORT)], env=environment, stdout=out, stderr=subprocess.STDOUT
        )
        try:
            _wait(server)
            yield server
        finally:
            server.terminate()
            server.wait(10)


def _wait(server: subprocess.Popen[bytes]) -> None:
    for _ in range(120):
        if server.poll() is not None:
            raise RuntimeError("the portal did not start: see var/bench.log")
        try:
            urlopen(f"{ORIGIN}/auth/signed-out", timeout=1).close()
            return
        except (URLError, OSError):
            time.sleep(0.25)
    raise RuntimeError("the portal did not answer within 30 seconds")


def server_times() -> list[float]:
    """Milliseconds of each event since this was last asked, by the server's own stop-watch."""
    with urlopen(f"{ORIGIN}/bench-times", timeout=5) as answer:
        return json.load(answer)


def cookie_of(engine: Engine, number: int) -> str:
    """A new session's secret for the ``number``-th member of staff (1 case manager, 3 finance)."""
    now = datetime.now(UTC)
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        held = roles.roles_of(uow.session, uid(2, number), now, ("staff",))
        _handle, secret = sessions.start(
            uow.session, user_id=uid(2, number), identity_id=uid(4, number), provider="bench", roles=held, now=now
        )
    return secret
