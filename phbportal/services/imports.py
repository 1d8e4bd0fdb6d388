"""A file on its way into the portal: tried, agreed to where a second person must, brought in, taken back.

Here is what people do; ``import_rows`` holds what the worker does of it, ``taking_back`` how it is taken back. Which
list a file is, and who may bring it in, its resource declares: the names of both permissions stand on the row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.imports import ImportStatus, plain, step
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.import_look import DECIDED, DOUBTS, look_of, with_decisions, with_sheets
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.imports import ImportBatch, ImportRow, ImportWord
from phbportal.tables.settings import Job

TRY, DO, UNDO = "import-try", "import-do", "import-undo"
JOBS = {"try": TRY, "do": DO, "agree": DO, "undo": UNDO}
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Sent:
    """A file as it was kept: which list it is, who may bring it in, and what it looks like."""

    resource: str
    way: str
    title: str
    needs: Permission
    decides: Permission | None
    whole: bool
    file_name: str
    sha256: str
    size: int
    stored_as: str
    look: Mapping[str, Any]


def may_bring_in(uow: UnitOfWork, needs: Permission) -> UUID:
    """The board of somebody who may bring in lists of this kind; raises NotAllowed for anybody else."""
    if uow.actor.icb_id is None or uow.actor.user_id is None:
        raise NotAllowed("You do not act for a board.")
    uow.require(needs, Subject(icbs=frozenset({uow.actor.icb_id})))
    return uow.actor.icb_id


def begin_import(uow: UnitOfWork, sent: Sent) -> UUID:
    """Keep that a file was brought, to be tried. Returns its id."""
    board = may_bring_in(uow, sent.needs)
    row = uow.add(
        ImportBatch, icb_id=board, resource=sent.resource, way=sent.way, title=sent.title, file_name=sent.file_name,
        sha256=sent.sha256, size=sent.size, stored_as=sent.stored_as, status=ImportStatus.READ.value,
        needs=sent.needs.value, all_or_nothing=sent.whole, decides=sent.decides.value if sent.decides else "",
        prepared_by=uow.actor.user_id,
        prepared_role=uow.actor.role.value, look=json.dumps(sent.look), columns="{}",
    )  # fmt: skip
    uow.saw(f"file brought in: {sent.title.lower()}")
    uow.record("import_begun", about=row, title=sent.title.lower())
    return row.id


def choose_sheets(uow: UnitOfWork, batch_id: UUID, names: Sequence[str]) -> None:
    """Say which sheets of a workbook are meant. What its columns are, and what was decided of rows, is asked anew."""
    row = _own(uow, batch_id)
    look = with_sheets(_undecided(row), names)
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    blank = {"rows_total": 0, "new_count": 0, "changed_count": 0, "same_count": 0, "refused_count": 0}
    _move(uow, row, "sheets", look=json.dumps(look), columns="{}", problem="", **blank)


def try_import(uow: UnitOfWork, batch_id: UUID, columns: Mapping[str, str]) -> None:
    """Say which of our columns each heading stands for, and have the file tried. The board remembers the headings."""
    row = _own(uow, batch_id)
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    _remember(uow, f"{row.resource}/{row.way}", {("", plain(theirs)): ours for theirs, ours in columns.items()})
    look = json.dumps(_undecided(row))
    _move(uow, row, "try", columns=json.dumps(dict(columns)), look=look, problem="", rows_done=0)


def _undecided(row: ImportBatch) -> dict[str, Any]:
    """What a file looks like, without what was decided of its rows: under other columns they say something else."""
    return {name: value for name, value in look_of(row).items() if name not in (DOUBTS, DECIDED)}


def decide_rows(uow: UnitOfWork, batch_id: UUID, said: Mapping[int, str]) -> None:
    """Say of rows in doubt, by their numbers, whether they are the same as what the portal has or another; the file is
    tried again with that."""
    row = _own(uow, batch_id)
    look = with_decisions(look_of(row), said)
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    _move(uow, row, "try", look=json.dumps(look), problem="", rows_done=0)


def _remember(uow: UnitOfWork, way: str, said: Mapping[tuple[str, str], str]) -> None:
    """Keep what headings and values stand for, for the board: by the column they are about ("" for headings)."""
    board = uow.actor.icb_id
    if board is None or not said:
        return
    known = {
        (row.about, row.theirs): row
        for row in uow.session.execute(
            select(ImportWord).where(col(ImportWord.icb_id) == board, col(ImportWord.way) == way)
        ).scalars()
    }
    for (about, theirs), ours in said.items():
        kept = known.get((about, theirs[:LONGEST]))
        if kept is not None:
            uow.change(kept, ours=ours)
        elif theirs:
            uow.add(ImportWord, icb_id=board, way=way, about=about, theirs=theirs[:LONGEST], ours=ours)


def name_values(uow: UnitOfWork, batch_id: UUID, said: Mapping[tuple[str, str], str]) -> None:
    """Say what values of the file stand for, and have it tried again. ``said``: by column and value, our code."""
    row = _own(uow, batch_id)
    _remember(uow, f"{row.resource}/{row.way}", {key: ours for key, ours in said.items() if ours})
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    _move(uow, row, "try", problem="", rows_done=0)


def bring_in(uow: UnitOfWork, batch_id: UUID) -> None:
    """Bring a tried file in; where a second person must agree, ask for that."""
    row = _own(uow, batch_id)
    if not row.new_count + row.changed_count:
        raise Refusal("There is nothing in the file that the portal does not have, so nothing can be brought in.")
    if row.all_or_nothing and row.refused_count:
        raise Refusal("The whole file is brought in or nothing of it. Put the refused rows right first.")
    if row.decides:
        _move(uow, row, "ask")
        uow.record("import_asked", about=row, title=row.title.lower())
    else:
        _move(uow, row, "do", rows_done=0)


def agree_import(uow: UnitOfWork, batch_id: UUID) -> None:
    """Agree to a file somebody else prepared: it is brought in after this."""
    row = _others(uow, batch_id)
    _move(
        uow,
        row,
        "agree",
        decided_by=uow.actor.user_id,
        decided_role=uow.actor.role.value,
        decided_at=uow.now,
        rows_done=0,
    )
    uow.record("import_agreed", about=row, title=row.title.lower())


def refuse_import(uow: UnitOfWork, batch_id: UUID, why: str) -> None:
    """Refuse a file somebody else prepared, with a reason."""
    row = _others(uow, batch_id)
    if not why.strip():
        raise Refusal("Say why not, so that it can be put right.", field="note")
    _move(
        uow, row, "refuse", decided_by=uow.actor.user_id, decided_role=uow.actor.role.value, decided_at=uow.now,
        note=why.strip()[:300],
    )  # fmt: skip
    uow.record("import_refused", about=row, title=row.title.lower())


def give_up(uow: UnitOfWork, batch_id: UUID) -> None:
    """Give up a file of which nothing was written. The night's work takes the file itself away."""
    row = _own(uow, batch_id)
    _move(uow, row, "give up", stored_as="", look="{}", columns="{}", file_name="")
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    uow.record("import_given_up", about=row, title=row.title.lower())


def take_back(uow: UnitOfWork, batch_id: UUID) -> None:
    """Have a file that was brought in taken back: by whoever brought it in, or, where two people did, the second."""
    row = uow.find(ImportBatch, batch_id, lock=True)
    if row.decides:
        uow.require(Permission.IMPORT_DECIDE, row)
        _ask_second(uow, row)
    else:
        row = _own(uow, batch_id)
    _move(uow, row, "undo", taken_back_by=uow.actor.user_id, problem="", rows_done=0)


def file_of(uow: UnitOfWork, batch_id: UUID) -> ImportBatch:
    """A file somebody may have back, with the reasons for what was refused of it: their own."""
    row = uow.find(ImportBatch, batch_id)
    uow.require(Permission.IMPORT_PREPARE, row)
    if not row.stored_as:
        raise NotFound()
    uow.saw(f"download of refused rows: {row.title.lower()}", rows=row.refused_count)
    return row


def _own(uow: UnitOfWork, batch_id: UUID) -> ImportBatch:
    """The actor's own file, locked, while they may still bring in lists of its kind."""
    row = uow.find(ImportBatch, batch_id, lock=True)
    uow.require(Permission.IMPORT_PREPARE, row)
    uow.require(Permission(row.needs), Subject(icbs=frozenset({row.icb_id})))
    return row


def _others(uow: UnitOfWork, batch_id: UUID) -> ImportBatch:
    """Somebody else's file, locked, for a second person."""
    row = uow.find(ImportBatch, batch_id, lock=True)
    uow.require(Permission.IMPORT_DECIDE, row)
    _ask_second(uow, row)
    return row


def _ask_second(uow: UnitOfWork, row: ImportBatch) -> None:
    if not row.decides:
        raise NotFound()
    uow.require(Permission(row.decides), Subject(icbs=frozenset({row.icb_id}), made_by=frozenset({row.prepared_by})))


def _move(uow: UnitOfWork, row: ImportBatch, act: str, **more: Any) -> None:
    """Take a file a step further, and give the worker what is to be done next."""
    uow.change(row, status=step(ImportStatus(row.status), act).value, **more)
    if act in JOBS:
        uow.add(Job, kind=JOBS[act], icb_id=row.icb_id, status="WAITING", payload=str(row.id), outcome="")
