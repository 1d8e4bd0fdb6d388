"""The one worker of a process: does the jobs that wait, one after the other, and lets go of what is too old to keep."""

from __future__ import annotations

import logging
import os
import secrets
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from anyio import sleep, to_thread
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
from phbportal.services.jobs import Do, run_one
from phbportal.services.outbox import hear_of_letter, send_letter
from phbportal.services.scans import scan_unchecked, scan_waiting
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import settings
from phbportal.sign_in.hall import Hall

log = logging.getLogger("phbportal.jobs")
REST_SECONDS = 2.0
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
        if path.name not in kept and now - path.stat().st_mtime > exports.KEPT_FOR.total_seconds():
            path.unlink(missing_ok=True)


async def work(hall: Hall, folder: Path) -> None:
    """Until the process ends."""
    does, rests = doers(folder), 0
    while True:
        try:
            if not await to_thread.run_sync(lambda: run_one(hall.engine, does)):
                if rests % SWEEP_EVERY == 0:
                    await to_thread.run_sync(lambda: sweep(hall.engine, folder))
                if rests % SCAN_EVERY == 0:
                    whole = rests % SWEEP_EVERY == 0
                    await to_thread.run_sync(lambda whole=whole: scan(hall.engine, folder, all_of_them=whole))
                rests += 1
                await sleep(REST_SECONDS)
        except (SQLAlchemyError, Refusal, OSError) as error:  # the database is down or busy, or the disk is full
            log.error("the worker rests: %s", type(error).__name__)
            await sleep(30)
