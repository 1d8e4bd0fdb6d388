"""``work``: the jobs in a process of their own; ``phbportal run`` starts one and looks after it (ADR 0038)."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from phbportal.cli.office import database
from phbportal.domain.errors import Refusal
from phbportal.settings import Environment, Settings, Where, settings

ROOT = Path(__file__).resolve().parent.parent.parent
LATER = 5
"""Jobs are let at the processor after pages, by so much."""
GRACE_SECONDS = 5.0
"""How long what is being done may go on to where it can be let go of."""
STOP_SECONDS = 12.0
AGAIN_AFTER_SECONDS = 5.0
LOOK_EVERY_SECONDS = 1.0


def add_to(commands: Any) -> None:
    work = commands.add_parser("work", help="do the jobs that wait (files, lists, letters, uplifts) until stopped")
    work.add_argument("--beside", type=int, metavar="PID", help="end when this process, which has started it, ends")
    work.set_defaults(act=_work)


def _work(arguments: argparse.Namespace) -> int:
    from phbportal.admin.worker import Worker
    from phbportal.edge.memory import settle
    from phbportal.resources.everything import declare

    # Where the server is too: files it is asked to keep, and those it lets go of, are in the same folder.
    os.chdir(ROOT)
    found = settings()
    if found.files_dir is None:
        raise Refusal("Set PHB_FILES_DIR: the files of jobs are kept there.")
    os.nice(LATER)
    declare()
    settle()
    with database(found) as engine:
        worker = Worker(engine, found.files_dir / "exports")
        _end_when_told(worker, arguments.beside)
        worker.work()
    return 0


def _end_when_told(worker: Any, parent: int | None) -> None:
    """A signal, or the end of whoever started it, ends a worker: it lets go of its job where that can be begun again,
    or after five seconds, or at the second signal. Whatever it has written and not committed is then undone."""

    def leave() -> None:
        worker.ending.give_back()
        os._exit(0)

    def leave_soon() -> None:
        worker.ending.ask()
        time.sleep(GRACE_SECONDS)
        leave()

    def told(_signal: int, _frame: object) -> None:
        Thread(target=leave if worker.ending.asked else leave_soon, daemon=True).start()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_EVERY_SECONDS)
        leave_soon()

    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, told)
    if parent is not None:
        Thread(target=watch, daemon=True).start()


@contextmanager
def child_of(found: Settings, root: Path) -> Generator[None]:
    """A worker beside the server for as long as the block lasts, begun again should it end; none where the settings
    say so, and none beside a server that is tested."""
    if found.worker is not Where.CHILD or found.environment is Environment.TEST:
        yield
        return
    child = Child(root)
    try:
        yield
    finally:
        child.stop()


class Child:
    """A worker in a process of its own that ends with this one, however this one ends."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._over = Event()
        self._process = self._begun()
        self._thread = Thread(target=self._look_after, name="worker", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; by force after twelve seconds, and what it was doing is begun again by another."""
        self._over.set()
        self._process.terminate()
        self._thread.join(STOP_SECONDS)
        self._process.kill()
        self._thread.join()

    def _begun(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "phbportal.cli", "work", "--beside", str(os.getpid())],
            cwd=self._root, stdin=subprocess.DEVNULL,
        )  # fmt: skip

    def _look_after(self) -> None:
        while True:
            ended = self._process.wait()
            if self._over.is_set():
                return
            print(f"The worker has ended ({ended}) and is started again.", file=sys.stderr, flush=True)
            if self._over.wait(AGAIN_AFTER_SECONDS):
                return
            self._process = self._begun()
