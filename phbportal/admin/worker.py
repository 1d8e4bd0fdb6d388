"""The worker: does the jobs that wait, one after the other, and lets go of what is too old to keep. It is a process of
its own (``phbportal work``), or a thread of the server."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Container, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from anyio import to_thread
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from phbportal.admin.export import make_export
from phbportal.admin.imports.doing import do_file, try_file, undo_file
from phbportal.domain.errors import Refusal
from phbportal.gateways.documents import DocumentFolder
from phbportal.gateways.letters import Notify, Postal
from phbportal.gateways.scanner import Clamd, Scanner
from phbportal.policy.actors import SYSTEM
from phbportal.services import exports, import_rows, imports, letters, uplift_effects
from phbportal.services.jobs import Do, Ending, GiveUp, run_one
from phbportal.services.outbox import hear_of_letter, send_letter
from phbportal.services.scans import scan_unchecked, scan_waiting
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import settings

log = logging.getLogger("phbportal.jobs")
REST_SECONDS = 2
LONG_REST_SECONDS = 30
SWEEP_EVERY = 1_800
"""Rests between looking for files that are too old: an hour."""
SCAN_EVERY = 15
"""Rests between asking the virus scanner about what it has not answered yet: half a minute."""


def doers(folder: Path) -> Mapping[str, Do]:
    """What does each kind of job. Files go into ``folder`` under random names, readable by the portal alone."""

    def fresh() -> tuple[str, Path]:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_hex(16)
        os.close(os.open(folder / name, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        return name, folder / name

    beside = imports_beside(folder)
    return {
        exports.JOB: make_export(fresh), imports.TRY: try_file(beside), imports.DO: do_file(beside),
        imports.UNDO: undo_file, letters.JOB: send_letter(postal), letters.HEARD: hear_of_letter(postal),
        uplift_effects.JOB: uplift_effects.write_uplift,
    }  # fmt: skip


GIVE_UP: Mapping[str, GiveUp] = {
    exports.JOB: exports.give_up_export, imports.TRY: import_rows.give_up_import("not tried"),
    imports.DO: import_rows.give_up_import("not done"), imports.UNDO: import_rows.give_up_import("not undone"),
    uplift_effects.JOB: uplift_effects.give_up_uplift,
}  # fmt: skip
"""Who says of what a job was about that it is given up. Letters need nobody: the night asks for them again."""


def postal() -> Postal | None:
    """GOV.UK Notify where the portal has a key for it; None where letters are printed by staff."""
    key, template = settings().notify_key.get_secret_value(), settings().notify_email_template
    return Notify(key, str(template) if template else "") if key else None


def scanner() -> Scanner | None:
    """ClamAV's daemon where the portal has one; None where files are kept unchecked."""
    return Clamd(settings().clamd) if settings().clamd else None


def imports_beside(folder: Path) -> Path:
    """Where the files are that somebody brings in: beside the folder of those that are taken out."""
    return folder.parent / "imports"


def scan(engine: Engine, folder: Path, *, all_of_them: bool = False) -> None:
    """Have the scanner, if there is one, look at documents that wait; and at those kept before there was one."""
    if (look := scanner()) is not None:
        documents = DocumentFolder(folder.parent)
        scan_waiting(engine, look, documents)
        if all_of_them:
            scan_unchecked(engine, look, documents)


def sweep(engine: Engine, folder: Path) -> None:
    """Take away the files of lists made more than a day ago, and those a worker that died left behind."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        gone, kept = exports.forget_exports(uow), exports.kept_files(uow)
        gone_in, kept_in = import_rows.forget_imports(uow), import_rows.kept_imports(uow)
        now = uow.now.timestamp()
    _clear(folder, gone, kept, now)
    _clear(imports_beside(folder), gone_in, kept_in, now)


def _clear(folder: Path, gone: Iterable[str], kept: Container[str], now: float) -> None:
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    for path in folder.glob("*") if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # another worker was quicker
            if path.name not in kept and now - path.stat().st_mtime > exports.KEPT_FOR.total_seconds():
                path.unlink(missing_ok=True)


class Worker:
    """Does the jobs that wait, one after the other, and what is due where none does. Several may be at it at once."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.ending = Ending()
        self._engine, self._folder = engine, folder
        self._does, self._rests = doers(folder), 0

    def turn(self) -> int:
        """One job, or what is due. Returns how many seconds to rest after it."""
        try:
            if run_one(self._engine, self._does, self.ending, GIVE_UP):
                return 0
            if self._rests % SWEEP_EVERY == 0:
                sweep(self._engine, self._folder)
            if self._rests % SCAN_EVERY == 0:
                scan(self._engine, self._folder, all_of_them=self._rests % SWEEP_EVERY == 0)
            self._rests += 1
            return REST_SECONDS
        except (SQLAlchemyError, Refusal, OSError) as error:  # the database is down or busy, or the disk is full
            log.error("the worker rests: %s", type(error).__name__)
            return LONG_REST_SECONDS

    def work(self) -> None:
        """Until it is asked to end."""
        while not self.ending.rest(self.turn()):
            pass


async def work(engine: Engine, folder: Path) -> None:
    """A worker in a thread of this process, until the process ends."""
    worker = Worker(engine, folder)
    try:
        await to_thread.run_sync(worker.work, abandon_on_cancel=True)
    finally:
        worker.ending.ask()
