"""The worker's part: a file is tried, brought in or taken back, some rows at a time, and can be begun again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TypeVar, cast
from uuid import UUID

from sqlalchemy import Engine

from phbportal.admin.imports.declared import Import
from phbportal.admin.imports.reading import read_file, read_lines, strange_values
from phbportal.admin.imports.words import built_words
from phbportal.admin.registry import import_of
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.imports import ImportStatus, Outcome
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.decide import could_ever
from phbportal.queries.ids import given_id
from phbportal.services import import_rows as rows
from phbportal.services.bringing_in import Brought, Came, Decided, Given, Line, Whole
from phbportal.services.import_look import Said, keep_doubts, said_of
from phbportal.services.import_report import FileRefused
from phbportal.services.taking_back import undo_import, who_takes_back
from phbportal.services.unit_of_work import UnitOfWork, many_were_written, open_unit

CHUNK = 1_000
AT_ONCE = 10_000
"""Rows of a file that was tried whole, kept in one short transaction."""
T = TypeVar("T")
Progress = Callable[[int, int], None]
WRITTEN = (Outcome.NEW, Outcome.CHANGED)


class _NotTaken(Exception):
    """A file that is taken whole or not at all, and has a row that is refused: what was written is undone."""

    def __init__(self, came: Sequence[Came]) -> None:
        super().__init__()
        self.came = came


def try_file(folder: Path) -> Callable[[Engine, str, Progress], str]:
    """Say what would become of every row, and write nothing else."""

    def do(engine: Engine, payload: str, progress: Progress) -> str:
        batch_id = given_id(payload)
        try:
            with open_unit(engine, SYSTEM, writes=False) as uow:
                work, today = rows.work_of(uow, batch_id, ImportStatus.TRYING), uow.today
                said = said_of(uow, batch_id)
            declared = _declared(work)
            whole = _whole(folder, work, declared, said)
            total, done = len(whole.table.rows) if whole.table else 0, 0
            strange = strange_values(declared, whole.table) if whole.table else {}
            note = _note(declared, whole)
            read = _read(declared, whole, today)
            del whole
            doubts: list[Came] = []
            with open_unit(engine, SYSTEM, writes=True) as uow:
                rows.begin_rows(uow, batch_id, total)
            for came, noted, total in _tried(engine, work, declared, read, said.decided):
                done, note = done + len(came), noted or note
                doubts += [one for one in came if one.doubt]
                progress(done, total)  # before they are kept: another worker may be at this file by now
                with open_unit(engine, work.actor, writes=True) as uow:
                    rows.keep_rows(uow, batch_id, came, done, total)
            with open_unit(engine, SYSTEM, writes=True) as uow:
                keep_doubts(uow, batch_id, doubts)
                rows.finish_try(uow, batch_id, note, strange)
        except NotFound:
            return "It was tried already."
        except FileRefused as refusal:
            raise _with_its_first_row(refusal) from None
        return f"{total:,} rows tried"

    return do


def _tried(
    engine: Engine, work: rows.Work, declared: Import, read: object, decided: Decided
) -> Iterator[tuple[Sequence[Came], str, int]]:
    if declared.file is not None:
        with open_unit(engine, work.actor, writes=False) as uow:
            brought = declared.file(uow, Given(read, None, True, decided))
        for part in _parts(brought.came, AT_ONCE):
            yield part, brought.note, len(brought.came)
        return
    lines = cast(list[Line | Came], read)
    for part in _parts(lines):
        with open_unit(engine, work.actor, writes=False) as uow:
            yield _answers(uow, declared, part, dry_run=True), "", len(lines)


def _whole(folder: Path, work: rows.Work, declared: Import, said: Said) -> Whole:
    content = _content(folder, work.stored_as)
    table = None if declared.any_columns else read_file(content, work.columns, work.words, said.sheets)
    return Whole(table, content)


def _note(declared: Import, whole: Whole) -> str:
    """What whoever brought a file should know of it, where it has no reader of its own that says so itself."""
    return " ".join(whole.table.notes) if whole.table and declared.reads is None else ""


def _read(declared: Import, whole: Whole, today: date) -> object:
    """What a file says: as the list's own reader has it, or line by line."""
    return declared.reads(whole, today) if declared.reads else list(read_lines(declared, whole.taken()))


def _answers(uow: UnitOfWork, declared: Import, part: Sequence[Line | Came], *, dry_run: bool) -> list[Came]:
    """What becomes of some rows, in their order: those refused by their cells are not given to the service."""
    assert declared.rows is not None
    lines = [one for one in part if isinstance(one, Line)]
    came = {one.number: one for one in declared.rows(uow, lines, dry_run)} if lines else {}
    return [came[one.number] if isinstance(one, Line) else one for one in part]


def do_file(folder: Path) -> Callable[[Engine, str, Progress], str]:
    """Write what the try said: whole in one transaction, or a thousand rows at a time, each once."""

    def do(engine: Engine, payload: str, progress: Progress) -> str:
        batch_id = given_id(payload)
        try:
            with open_unit(engine, SYSTEM, writes=False) as uow:
                work, today = rows.work_of(uow, batch_id, ImportStatus.DOING), uow.today
                said = said_of(uow, batch_id)
            declared = _declared(work)
            if declared.second is not None and work.approver is None:
                raise Refusal("A second person has to agree to this first.")
            given = Given(
                _read(declared, _whole(folder, work, declared, said), today), work.approver, False, said.decided
            )
            note = _write(engine, work, declared, given, progress)
            with open_unit(engine, work.actor, writes=True) as uow:
                if rows.is_doing(uow, batch_id):
                    rows.finish_import(uow, batch_id, note)
            many_were_written(engine)
        except NotFound:
            return "It was brought in already."
        except _NotTaken as fault:
            with open_unit(engine, SYSTEM, writes=True) as uow:
                rows.rows_refused(uow, batch_id, fault.came)
            raise Refusal(
                "Nothing was brought in: since it was tried, something has changed. Look at the rows."
            ) from None
        except FileRefused as refusal:
            raise _with_its_first_row(refusal) from None
        return "brought in"

    return do


def _write(engine: Engine, work: rows.Work, declared: Import, given: Given, progress: Progress) -> str:
    if declared.file is not None:
        with open_unit(engine, work.actor, writes=True) as uow:
            if not rows.is_doing(uow, work.id):
                return ""
            brought: Brought = declared.file(uow, given)
            rows.file_written(uow, work.id, brought)
            rows.finish_import(uow, work.id, brought.note)
        return ""
    lines = cast(list[Line | Came], given.read)
    if declared.all_or_nothing:
        with open_unit(engine, work.actor, writes=True) as uow:
            if rows.is_doing(uow, work.id):
                _bring(uow, work, declared, lines, whole=True)
                rows.finish_import(uow, work.id)
        return ""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        to_do = rows.rows_to_do(uow, work.id)
    done = len(lines) - len(to_do)
    for part in _parts([one for one in lines if one.number in to_do]):
        with open_unit(engine, work.actor, writes=True) as uow:
            if rows.is_doing(uow, work.id):
                left = rows.rows_to_do(uow, work.id)
                _bring(uow, work, declared, [one for one in part if one.number in left], whole=False)
        done += len(part)
        progress(done, len(lines))
    return ""


def _bring(uow: UnitOfWork, work: rows.Work, declared: Import, lines: Sequence[Line | Came], *, whole: bool) -> None:
    for part in _parts(lines):
        came = _answers(uow, declared, part, dry_run=False)
        if whole and any(one.outcome is Outcome.REFUSED for one in came):
            raise _NotTaken([one for one in came if one.outcome is Outcome.REFUSED])
        rows.rows_written(uow, work.id, came)


def undo_file(engine: Engine, payload: str, progress: Progress) -> str:
    """Take a file back, whole, or say what stands in the way."""
    batch_id = given_id(payload)
    try:
        with open_unit(engine, SYSTEM, writes=False) as uow:
            actor: Actor = who_takes_back(uow, batch_id)
        with open_unit(engine, actor, writes=True) as uow:
            built = undo_import(uow, batch_id, _declared_of(uow, batch_id).take_back)
    except NotFound:
        return "It was taken back already."
    if built.anything():
        raise Refusal(built_words(built))
    return "taken back"


def _declared(work: rows.Work) -> Import:
    declared = import_of(work.resource, work.way)
    if not could_ever(work.actor, declared.permission):
        raise Refusal("Whoever prepared this may not bring it in any more.")
    return declared


def _declared_of(uow: UnitOfWork, batch_id: UUID) -> Import:
    return import_of(*rows.way_of(uow, batch_id))


def _content(folder: Path, stored_as: str) -> bytes:
    path = folder / stored_as
    if not stored_as or not path.is_file():
        raise Refusal("The file is no longer kept. Bring it again.")
    return path.read_bytes()


def _parts(many: Sequence[T], most: int = CHUNK) -> Iterator[Sequence[T]]:
    for start in range(0, len(many), most):
        yield many[start : start + most]


def _with_its_first_row(refusal: FileRefused) -> Refusal:
    said = [f"Row {one.row}: {one.reason}" for one in refusal.report.refused[:1]]
    return Refusal(" ".join([refusal.problems[0].sentence, *said]))
