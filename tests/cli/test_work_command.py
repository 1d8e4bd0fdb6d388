"""``phbportal work``: a process of its own that does the jobs, ends when told to, and never outlives its server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from phbportal import tables
from phbportal.cli.work import ROOT, child_of
from phbportal.db import make_engine
from phbportal.policy.actors import SYSTEM
from phbportal.services.letters import HEARD
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import read
from phbportal.tables.settings import Job

PATIENCE = 120.0
SERVER = """
import os, sys, time
import phbportal.admin.worker, phbportal.resources.everything
from phbportal.cli import main

def forked(*more):
    pid = os.fork()
    if not pid:
        sys.exit(main(["work", *more]))
    return pid

print(forked("--beside", str(os.getpid())), forked(), flush=True)
time.sleep(600)
"""
"""A server with a worker beside it, and a second worker that nobody's end ends."""


def until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def gone(pid: int) -> bool:
    """Whether a process has ended (one nobody has asked after yet is a name and nothing more)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_two_workers_do_what_waits_and_end_with_a_signal_and_with_their_server(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    engine = make_engine(url)
    tables.metadata.create_all(engine)
    # About letters that are not there: what comes of them is a fault, which is written down as any outcome is.
    nobody = ["01920000-0000-7000-8000-00000000000" + str(n) for n in range(6)]
    with open_unit(engine, SYSTEM, writes=True) as uow:
        for payload in nobody:
            uow.add(Job, kind=HEARD, status="WAITING", payload=payload, outcome="")
    ours = {key: value for key, value in os.environ.items() if not key.startswith("PHB_")}
    environment = ours | {
        "PHB_ENVIRONMENT": "test", "PHB_DATABASE_URL": url, "PHB_KEY_FILE": str(tmp_path / "key"),
        "PHB_FILES_DIR": str(tmp_path / "files"),
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER], env=environment, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )  # fmt: skip
    pids: list[int] = []
    try:
        assert server.stdout is not None
        pids = [int(pid) for pid in server.stdout.readline().split()]

        def statuses() -> set[str]:
            with open_unit(engine, SYSTEM, writes=False) as uow:
                return {job.status for job in uow.session.execute(select(Job)).scalars()}

        until(lambda: statuses() == {"FAILED"})
        where = {str(Path(f"/proc/{pid}/cwd").readlink()) for pid in pids}
        assert where == {str(ROOT)}, "a folder the settings name is the same one for the server and every worker"
        server.kill()
        server.wait(PATIENCE)
        until(lambda: gone(pids[0]))
        assert not gone(pids[1]), "nobody's child goes on"
        os.kill(pids[1], signal.SIGTERM)
        until(lambda: gone(pids[1]))
    finally:
        server.kill()
        for pid in pids:
            if not gone(pid):
                os.kill(pid, signal.SIGKILL)
        server.communicate()  # which waits for whoever else has its pipe
        engine.dispose()


def test_a_server_starts_a_worker_only_where_the_settings_say_so(monkeypatch: Any, tmp_path: Path) -> None:
    from phbportal.cli import work

    began: list[str] = []

    class Child:
        def __init__(self, root: Path) -> None:
            began.append("began")

        def stop(self) -> None:
            began.append("ended")

    monkeypatch.setattr(work, "Child", Child)
    for worker, environment in (("beside", "development"), ("inside", "development"), ("child", "test")):
        with child_of(read(worker=worker, environment=environment), tmp_path):
            assert began == []
    with child_of(read(worker="child", environment="development"), tmp_path):
        assert began == ["began"]
    assert began == ["began", "ended"]
