"""The worker's part of bringing a file in: as whom it is done, how far it is, and what becomes of its rows."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.imports import KEPT_FOR, OPEN, ImportStatus, Outcome, follows, step
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.services.bringing_in import Brought, Came, Made
from phbportal.services.jobs import LOST, OURS, GiveUp
from phbportal.services.many_rows import AT_A_TIME, insert_many, is_among, parts_of
from phbportal.services.new_rows import Ids
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import Record, Row
from phbportal.tables.imports import ImportBatch, ImportMade, ImportRow, ImportWord
from phbportal.tables.users import Assignment, User

LONGEST_WORDS = 200
_AFTER = {
    "not tried": "Divide the file into smaller ones, or ask whoever runs the portal for more memory. Then try again.",
    "not done": "Nothing was brought in. Divide the file into smaller ones, or ask whoever runs the portal for more "
    "memory. Then bring it in again.",
    "not undone": "Nothing was taken back. Ask whoever runs the portal for more memory. Then take it back again.",
}  # fmt: skip
_GO_ON = "Some rows are in already and stay in. Bring it in again: it goes on with the others."
_COUNTS = {
    Outcome.NEW: "new_count", Outcome.CHANGED: "changed_count", Outcome.SAME: "same_count",
    Outcome.REFUSED: "refused_count",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Work:
    """A file as the worker needs it: as whom it is brought in, who agreed, and what was said of its columns."""

    id: UUID
    icb_id: UUID
    resource: str
    way: str
    title: str
    stored_as: str
    columns: Mapping[str, str]
    words: Mapping[tuple[str, str], str]
    actor: Actor
    approver: Actor | None


def work_of(uow: UnitOfWork, batch_id: UUID, status: ImportStatus, *, as_whom: str = "prepared") -> Work:
    """The file, if it stands where the worker expects it; NotFound if it was done meanwhile. Refuses if whoever it is
    done for does not have the role any more."""
    row = uow.session.get(ImportBatch, batch_id)
    if row is None or ImportStatus(row.status) is not status:
        raise NotFound()
    words = uow.session.execute(
        select(col(ImportWord.about), col(ImportWord.theirs), col(ImportWord.ours)).where(
            col(ImportWord.icb_id) == row.icb_id, col(ImportWord.way) == f"{row.resource}/{row.way}",
            col(ImportWord.about) != "",
        )
    )  # fmt: skip
    approver = None
    if row.decided_by is not None:
        approver = still_in_role(uow, row.decided_by, row.decided_role, row.icb_id)
    return Work(
        row.id, row.icb_id, row.resource, row.way, row.title, row.stored_as, json.loads(row.columns),
        {(about, theirs): ours for about, theirs, ours in words},
        still_in_role(uow, row.prepared_by, row.prepared_role, row.icb_id), approver,
    )  # fmt: skip


def still_in_role(uow: UnitOfWork, user_id: UUID, role: str, icb_id: UUID) -> Actor:
    """Somebody in the role they acted in, if they have it today."""
    user = uow.session.get_one(User, user_id)
    held = uow.session.execute(
        select(col(Assignment.id), col(Assignment.sign_off_limit_pence)).where(
            col(Assignment.user_id) == user_id, col(Assignment.role) == role, col(Assignment.icb_id) == icb_id,
            col(Assignment.revoked_at).is_(None), col(Assignment.valid_from) <= uow.today,
            col(Assignment.valid_to).is_(None) | (col(Assignment.valid_to) >= uow.today),
        )
    ).first()  # fmt: skip
    if held is None or user.disabled_at is not None:
        raise Refusal(f"{user.display_name} does not have the role any more in which this was prepared or agreed to.")
    return Actor(
        Role(role), user_id=user_id, display_name=user.display_name, icb_id=icb_id, assignment_id=held[0],
        sign_off_limit_pence=held[1],
    )  # fmt: skip


def way_of(uow: UnitOfWork, batch_id: UUID) -> tuple[str, str]:
    """Which resource a file is for, and which of its imports it is."""
    row = uow.session.get_one(ImportBatch, batch_id)
    return row.resource, row.way


def begin_rows(uow: UnitOfWork, batch_id: UUID, total: int) -> None:
    """A file is tried from its first row, whatever an earlier try that was broken off has left."""
    uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == batch_id))
    _mark(uow, batch_id, rows_total=total, rows_done=0)


def keep_rows(uow: UnitOfWork, batch_id: UUID, came: Sequence[Came], done: int, total: int) -> None:
    """What would become of some rows."""
    stamp = {"created_at": uow.now, "created_by": uow.actor.user_id, "batch_id": batch_id, "done": False}
    rows = [
        {
            **stamp, "number": int(one.number), "outcome": one.outcome.value,
            "words": one.words[:LONGEST_WORDS], "reason": one.reason,
        }
        for one in came
    ]  # fmt: skip
    insert_many(uow.session, ImportRow, rows)
    _mark(uow, batch_id, rows_done=done, rows_total=total)


def finish_try(uow: UnitOfWork, batch_id: UUID, note: str, strange: Mapping[str, list[str]]) -> None:
    """A file has been tried: its rows are counted by what becomes of them. ``strange`` are values, by column, that
    stand for none of its choices: whoever brought the file is asked what they mean."""
    look = json.loads(uow.session.get_one(ImportBatch, batch_id).look) | {"strange": dict(strange)}
    counts = _counted(uow, batch_id)
    _mark(uow, batch_id, **_step(uow, batch_id, "tried"), **counts, look=json.dumps(look), problem=note[:500])


def rows_to_do(uow: UnitOfWork, batch_id: UUID) -> set[int]:
    """The numbers of the rows that are to be written and have not been."""
    return set(
        uow.session.execute(
            select(col(ImportRow.number)).where(
                col(ImportRow.batch_id) == batch_id, col(ImportRow.done).is_(False),
                col(ImportRow.outcome).in_([Outcome.NEW.value, Outcome.CHANGED.value]),
            )
        ).scalars()
    )  # fmt: skip


def rows_written(uow: UnitOfWork, batch_id: UUID, came: Sequence[Came]) -> None:
    """What became of some rows: marked in the transaction that wrote them, so that none is written twice."""
    for part in parts_of(came):
        numbers = [int(one.number) for one in part]
        among = is_among(uow.session, col(ImportRow.number), numbers)
        uow.session.execute(update(ImportRow).where(col(ImportRow.batch_id) == batch_id, among).values(done=True))
    rows_refused(uow, batch_id, [one for one in came if one.outcome is Outcome.REFUSED])
    _keep_made(uow, batch_id, (thing for one in came for thing in one.made))
    row = uow.session.get_one(ImportBatch, batch_id)
    _mark(uow, batch_id, rows_done=row.rows_done + len(came))


def file_written(uow: UnitOfWork, batch_id: UUID, brought: Brought) -> None:
    """The same of every row of a file at once. None is marked: the file is in or it is not, and that it says itself."""
    rows_refused(uow, batch_id, [one for one in brought.came if one.outcome is Outcome.REFUSED])
    _keep_made(uow, batch_id, chain((thing for one in brought.came for thing in one.made), brought.made), brought.new)
    row = uow.session.get_one(ImportBatch, batch_id)
    _mark(uow, batch_id, rows_done=row.rows_done + len(brought.came))


def _keep_made(uow: UnitOfWork, batch_id: UUID, made: Iterable[Made], new: Ids | None = None) -> None:
    """What was made and changed, with its version as it is now: that of a new row is the first."""
    stamp = {"created_at": uow.now, "created_by": uow.actor.user_id, "batch_id": batch_id}
    new, changed = new or Ids(), list[Made]()
    for one in made:
        if one.before:
            changed.append(one)
        else:
            new.keep(one.table, one.row_id)
    for table, ids in new.together(AT_A_TIME):
        row = {"of_table": _name(table), "ids": ids, "version": 1, "before": ""}
        insert_many(uow.session, ImportMade, [stamp | row])
    for part in parts_of(changed, AT_A_TIME):  # in their order: of two changes of a row the first is undone last
        versions = _versions(uow, part)
        rows = [
            {
                **stamp, "of_table": _name(one.table), "ids": one.row_id.hex, "version": versions.get(one.row_id, 1),
                "before": json.dumps(dict(one.before), default=str),
            }
            for one in part
        ]  # fmt: skip
        insert_many(uow.session, ImportMade, rows)


def _versions(uow: UnitOfWork, changed: Sequence[Made]) -> dict[UUID, int]:
    """The versions of changed rows, in the transaction that changed them; where rows have none, the first."""
    by_table: dict[Any, list[UUID]] = {}
    for one in changed:
        if issubclass(one.table, Record):
            by_table.setdefault(one.table, []).append(one.row_id)
    found: dict[UUID, int] = {}
    for table, ids in by_table.items():
        rows = uow.session.execute(select(table.id, table.row_version).where(is_among(uow.session, table.id, ids)))
        found |= {row.id: row.row_version for row in rows}
    return found


def is_doing(uow: UnitOfWork, batch_id: UUID) -> bool:
    """Whether a file is still to be brought in; held to the end, so that of two workers the second finds it done."""
    row = uow.session.get_one(ImportBatch, batch_id, with_for_update=True, populate_existing=True)
    return ImportStatus(row.status) is ImportStatus.DOING


def rows_refused(uow: UnitOfWork, batch_id: UUID, came: Sequence[Came]) -> None:
    """Rows that could not be written after all, and why."""
    if not came:
        return
    for one in came:
        here = (col(ImportRow.batch_id) == batch_id, col(ImportRow.number) == one.number)
        uow.session.execute(update(ImportRow).where(*here).values(outcome=one.outcome.value, reason=one.reason))
    _mark(uow, batch_id, **_counted(uow, batch_id))


def finish_import(uow: UnitOfWork, batch_id: UUID, note: str = "") -> None:
    """A file has been brought in."""
    counts = _counted(uow, batch_id)
    row = uow.session.get_one(ImportBatch, batch_id)
    _mark(uow, batch_id, **_step(uow, batch_id, "done"), **counts, brought_in_at=uow.now, problem=note[:500])
    uow.record(
        "import_done", about=row, icb_id=row.icb_id, title=row.title.lower(), rows=row.rows_total,
        created=counts["new_count"], changed=counts["changed_count"], unchanged=counts["same_count"],
        refused=counts["refused_count"],
    )  # fmt: skip


def give_up_import(act: str) -> GiveUp:
    """Says of a file why it was not tried, brought in or taken back ("not tried", "not done", "not undone"), and what
    to do; it stands where it stood before."""

    def give_up(uow: UnitOfWork, payload: str, why: str) -> None:
        row = uow.session.get_one(ImportBatch, UUID(payload), with_for_update=True)
        if not follows(ImportStatus(row.status), act):
            return  # done, or begun again, meanwhile
        written = (col(ImportRow.batch_id) == row.id, col(ImportRow.done).is_(True))
        half = act == "not done" and uow.session.execute(select(col(ImportRow.id)).where(*written).limit(1)).first()
        then = _GO_ON if half else _AFTER[act] if why == LOST else "Try again." if why == OURS else ""
        _mark(uow, row.id, **_step(uow, row.id, act), problem=f"{why} {then}".strip()[:500], rows_done=0)

    return give_up


def kept_imports(uow: UnitOfWork) -> set[str]:
    """The names of the files that are still worked on."""
    names = uow.session.execute(select(col(ImportBatch.stored_as)).where(col(ImportBatch.stored_as) != ""))
    return set(names.scalars())


def forget_imports(uow: UnitOfWork) -> list[str]:
    """Let go of files nobody has worked on for a day, and of what their rows say of people; counts and the ids of what
    was made stay. Returns the files' names, to be taken from the folder."""
    before: datetime = uow.now - KEPT_FOR
    at_rest = [status.value for status in (*OPEN, ImportStatus.DONE, ImportStatus.UNDONE, ImportStatus.REFUSED)]
    old = uow.session.execute(
        select(ImportBatch).where(
            col(ImportBatch.status).in_(at_rest), col(ImportBatch.updated_at) < before,
            col(ImportBatch.stored_as) != "",
        )
    ).scalars().all()  # fmt: skip
    names = [row.stored_as for row in old]
    for row in old:
        open_still = ImportStatus(row.status) in OPEN
        status = ImportStatus.GONE.value if open_still else row.status
        uow.change(row, status=status, stored_as="", file_name="", look="{}", columns="{}", problem="")
        uow.session.execute(delete(ImportRow).where(col(ImportRow.batch_id) == row.id))
    return names


def _counted(uow: UnitOfWork, batch_id: UUID) -> dict[str, int]:
    rows = uow.session.execute(
        select(col(ImportRow.outcome), func.count())
        .where(col(ImportRow.batch_id) == batch_id)
        .group_by(col(ImportRow.outcome))
    )
    found = {row[0]: row[1] for row in rows}
    return {column: found.get(outcome.value, 0) for outcome, column in _COUNTS.items()}


def _step(uow: UnitOfWork, batch_id: UUID, act: str) -> dict[str, str]:
    row = uow.session.get_one(ImportBatch, batch_id, with_for_update=True)
    return {"status": step(ImportStatus(row.status), act).value}


def _mark(uow: UnitOfWork, batch_id: UUID, **values: Any) -> None:
    uow.change(uow.session.get_one(ImportBatch, batch_id), **values)


def _name(of: type[Row]) -> str:
    table: Any = of
    return str(table.__tablename__)
