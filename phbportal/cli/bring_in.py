"""``import``: a file into any resource that declares it, by the same engine as the screens.

Exit status as of the other imports: 0 every row accepted; 1 something refused; 2 the file cannot be read.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import Any
from uuid import UUID

import anyio
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.doing import do_file, try_file, undo_file
from phbportal.admin.imports.reading import FEWEST_KNOWN, SheetLook, check_columns, look_at, look_of_file, proposed
from phbportal.admin.worker import GIVE_UP
from phbportal.cli.imports import ACCEPTED, REFUSED, UNREADABLE
from phbportal.db import make_engine
from phbportal.domain.documents import shown_name
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.imports import MOST_BYTES, ImportStatus, Outcome, plain
from phbportal.domain.roles import STAFF_ROLES, Role
from phbportal.domain.text import plural
from phbportal.gateways.documents import CHUNK, DocumentFolder, import_folder
from phbportal.gateways.tabular import Unreadable
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.imports import BatchView, RowView, batch_of, rows_of, said_of_headings
from phbportal.queries.users import staff_actor
from phbportal.services import imports
from phbportal.services.import_look import HEADINGS, headings_by_sheet
from phbportal.services.jobs import run_one
from phbportal.services.unit_of_work import UnitOfWork, london_date, open_unit
from phbportal.settings import settings

Who = Callable[[Session, datetime], Actor]
MOST_ROWS = 10_000_000
LOOK_EVERY_SECONDS = 0.5


def add_to(commands: Any) -> None:
    """Add the command."""
    one = commands.add_parser("import", help="bring a file into a list, such as equipment, people or phbs")
    one.add_argument("resource", metavar="RESOURCE", help="which list, by its code in the portal’s addresses")
    one.add_argument("file", metavar="FILE", nargs="?", help="CSV or XLSX; none with --take-back")
    one.add_argument("--way", metavar="CODE", help="which kind of file, where a list takes several")
    one.add_argument("--icb", required=True, metavar="CODE", help="the board’s ODS code, such as QYG")
    one.add_argument("--as", dest="as_user", required=True, metavar="USER", help="who brings it in, by e-mail")
    one.add_argument("--approve-as", dest="approver", metavar="USER", help="the second person, where one must agree")
    one.add_argument("--column", action="append", default=[], metavar="THEIRS=OURS",
                     help="what a heading of the file stands for, where it is not understood")  # fmt: skip
    one.add_argument("--sheet", action="append", default=[], metavar="NAME",
                     help="a sheet of a workbook that is meant; may be said several times")  # fmt: skip
    one.add_argument("--take-back", metavar="ID", help="take back a file that was brought in")
    one.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    one.add_argument("--json", action="store_true", help="answer with one JSON object")
    one.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    from phbportal.admin.registry import resource_of
    from phbportal.resources.everything import declare

    declare()
    files = settings().files_dir
    if files is None:
        raise Refusal("Set PHB_FILES_DIR: files are kept there while they are brought in.")
    try:
        declared = _declared(resource_of(arguments.resource).imports, arguments.way)
    except NotFound:
        raise Refusal(f"There is no list called {arguments.resource} that a file can be brought into.") from None
    engine = make_engine(settings().database_url)
    try:
        return _bring(engine, import_folder(files), declared, arguments)
    except Unreadable as why:
        print(why.problems[0].sentence, file=sys.stderr)
        return UNREADABLE
    finally:
        engine.dispose()


def _declared(ways: tuple[Import, ...], code: str | None) -> Import:
    found = [one for one in ways if code in (None, one.code)]
    if not found:
        raise NotFound()
    if len(found) > 1:
        raise Refusal(f"Say which kind of file with --way: {', '.join(one.code for one in found)}.")
    return found[0]


def _who(email: str, icb: str, permission: Permission) -> Who:
    roles = tuple(role for role in sorted(STAFF_ROLES) if could_ever(Actor(role), permission))
    return lambda session, now: staff_actor(session, email, icb, london_date(now), roles or (Role.ADMIN,))


def _bring(engine: Engine, folder: DocumentFolder, declared: Import, arguments: argparse.Namespace) -> int:
    preparer = _who(arguments.as_user, arguments.icb, declared.permission)
    second = (
        _who(arguments.approver, arguments.icb, declared.second) if arguments.approver and declared.second else None
    )

    def act(who: Who, do: Callable[[UnitOfWork], Any], *, writes: bool = True) -> Any:
        with open_unit(engine, who, writes=writes) as uow:
            return do(uow)

    if arguments.take_back:
        batch_id = UUID(arguments.take_back)
        act(second or preparer, lambda uow: imports.take_back(uow, batch_id))
        return _told(_settled(engine, folder, second or preparer, batch_id), [], arguments)
    batch_id = _begun(act, preparer, folder, declared, arguments)
    batch = _settled(engine, folder, preparer, batch_id)
    rows: list[RowView] = act(preparer, lambda uow: _refused_rows(uow, batch_id), writes=False)
    whole = not (declared.all_or_nothing and rows)
    if batch.status is ImportStatus.TRIED and (arguments.dry_run or not whole or not _something(batch)):
        act(preparer, lambda uow: imports.give_up(uow, batch_id))
        folder.forget(batch.stored_as)
        return _told(batch, rows, arguments)
    if declared.second is not None and second is None:
        raise Refusal("A second person must agree to this. Name one with --approve-as, or try it with --dry-run.")
    if batch.status is ImportStatus.TRIED:
        act(preparer, lambda uow: imports.bring_in(uow, batch_id))
        if second is not None:
            act(second, lambda uow: imports.agree_import(uow, batch_id))
        batch = _settled(engine, folder, preparer, batch_id)
        rows = act(preparer, lambda uow: _refused_rows(uow, batch_id), writes=False)
    return _told(batch, rows, arguments)


def _something(batch: BatchView) -> bool:
    return batch.counts["NEW"] + batch.counts["CHANGED"] > 0


def _begun(
    act: Callable[..., Any], who: Who, folder: DocumentFolder, declared: Import, arguments: argparse.Namespace
) -> UUID:
    """The file kept, its headings said, and waiting to be tried. Raises Unreadable."""
    way = f"{arguments.resource}/{declared.code}"
    remembered = act(who, lambda uow: said_of_headings(uow.session, uow.actor, way), writes=False)
    path = Path(arguments.file or "")
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        raise Unreadable(f"We could not open {path}: it is not a file, or has more than {MOST_BYTES // 1024**2} MB.")
    look = look_of_file(_meant(look_at(path.read_bytes(), declared, remembered), arguments.sheet, declared))
    headings = [one["text"] for one in look[HEADINGS]]
    sheets = headings_by_sheet(look)
    columns = {} if declared.any_columns else proposed(headings, declared, remembered, sheets)
    for said in arguments.column:
        theirs, _, ours = said.partition("=")
        if theirs not in columns or ours not in ("", *declared.names()):
            raise Refusal(f"“{said}” is not a heading of the file and one of: {', '.join(declared.names())}.")
        beside = {heading for own in sheets if theirs in own for heading in own}
        columns = {heading: "" if key == ours and heading in beside else key for heading, key in columns.items()}
        columns[theirs] = ours
    if not declared.any_columns:
        check_columns(declared, columns, sheets)
    stored = anyio.run(folder.keep, _parts(path))
    sent = imports.Sent(
        arguments.resource, declared.code, declared.title, declared.permission, declared.second,
        declared.all_or_nothing, shown_name(path.name), stored.sha256, stored.size, stored.stored_as,
        look,
    )  # fmt: skip

    def begin(uow: UnitOfWork) -> UUID:
        batch_id = imports.begin_import(uow, sent)
        imports.try_import(uow, batch_id, columns)
        return batch_id

    return act(who, begin)


def _meant(sheets: list[SheetLook], named: list[str], declared: Import) -> list[SheetLook]:
    """The sheets of a workbook, those that are named as the ones proposed. Refuses where one is left out that may be
    meant, and nobody named any."""
    meant = {name.strip().casefold() for name in named}
    if not meant:
        known = {plain(name) for key, names in declared.names().items() for name in (key, *names)}
        for one in sheets:
            told = sum(plain(heading.text) in known for heading in one.headings)
            if told >= FEWEST_KNOWN and not one.proposed and not one.hidden and not declared.any_columns:
                names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
                raise Unreadable(f"Say with --sheet which sheets are meant. There are: {names}.")
        return sheets
    if missing := meant - {one.name.casefold() for one in sheets}:
        raise Unreadable(f"There is no sheet “{min(missing)}” in this workbook that says something.")
    return [replace(one, proposed=one.name.casefold() in meant) for one in sheets]


async def _parts(path: Path) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        while part := await file.read(CHUNK):
            yield part


def _settled(engine: Engine, folder: DocumentFolder, who: Who, batch_id: UUID) -> BatchView:
    """The file once nothing is done about it any more, by us or by the worker of a portal that runs beside us."""
    root = folder.root / folder.under
    does = {imports.TRY: try_file(root), imports.DO: do_file(root), imports.UNDO: undo_file}
    while True:
        with open_unit(engine, who, writes=False, now=datetime.now(UTC)) as uow:
            batch = batch_of(uow.session, uow.actor, uow.today, batch_id)
        if not batch.at_work:
            return batch
        if not run_one(engine, does, give_up=GIVE_UP):
            sleep(LOOK_EVERY_SECONDS)


def _refused_rows(uow: UnitOfWork, batch_id: UUID) -> list[RowView]:
    return rows_of(uow.session, uow.actor, uow.today, batch_id, outcome=Outcome.REFUSED.value, most=MOST_ROWS)


def _told(batch: BatchView, rows: list[RowView], arguments: argparse.Namespace) -> int:
    """Say what came of it. What was refused goes to whoever ran the command and nowhere else."""
    failed = batch.status in (ImportStatus.READ, ImportStatus.ASKED) or bool(batch.problem and not batch.taken_back)
    if arguments.json:
        counts = {
            "created": batch.counts["NEW"], "changed": batch.counts["CHANGED"], "unchanged": batch.counts["SAME"],
        }  # fmt: skip
        refused = [{"row": one.number, "reason": one.reason} for one in rows]
        print(json.dumps({"id": str(batch.id), "status": batch.status, "dry_run": arguments.dry_run,
                          "rows": batch.total, **counts, "refused": refused, "problem": batch.problem}))  # fmt: skip
    else:
        for one in rows:
            print(f"Row {one.number:,}: {one.reason}", file=sys.stderr)
        if batch.problem:
            print(batch.problem, file=sys.stderr)
        told = [f"{batch.counts['NEW']:,} new", f"{batch.counts['CHANGED']:,} changed"]
        told += [f"{batch.counts['SAME']:,} as they were", f"{batch.counts['REFUSED']:,} refused"]
        print(f"{plural(batch.total, 'row')}: {', '.join(told)}.")
        if batch.status is ImportStatus.DONE and not arguments.take_back:
            print(f"Brought in. To take it back: phbportal import {arguments.resource} --take-back {batch.id}")
        elif batch.status is ImportStatus.UNDONE:
            print("Taken back.")
        else:
            print("Nothing was written.")
    wrong = batch.status is not ImportStatus.UNDONE if arguments.take_back else failed or bool(rows)
    return REFUSED if wrong else ACCEPTED
