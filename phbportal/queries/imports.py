"""Files brought in: where each stands, its rows, and what a board said of headings before."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.imports import AT_WORK, ImportStatus
from phbportal.domain.moments import show_moment
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem
from phbportal.tables.imports import ImportBatch, ImportRow, ImportWord
from phbportal.tables.users import User


@dataclass(frozen=True, slots=True)
class BatchView:
    """A file: who, when, what came of it. ``earlier`` is when the same file was brought in before, "" for never.

    ``sheets`` are those of a workbook that say something, ``chosen`` the names of those to be read; ``doubts`` the
    rows a person decides about, by number, and ``decisions`` what was decided of each, with the doubt it was about."""

    id: UUID
    resource: str
    way: str
    title: str
    file_name: str
    stored_as: str
    status: ImportStatus
    is_mine: bool
    prepared: str
    decided: str
    second: bool
    note: str
    problem: str
    total: int
    done: int
    counts: Mapping[str, int]
    headings: Sequence[Mapping[str, Any]]
    sheets: Sequence[Mapping[str, Any]]
    chosen: Sequence[str]
    strange: Mapping[str, Sequence[str]]
    doubts: Mapping[str, str]
    decisions: Mapping[str, Sequence[str]]
    columns: Mapping[str, str]
    brought: str
    taken_back: str
    earlier: str

    @property
    def by_sheet(self) -> list[list[str]]:
        """The headings of each sheet that is read; none of a text file."""
        return [[one["text"] for one in sheet["headings"]] for sheet in self.sheets if sheet["name"] in self.chosen]

    @property
    def read_sheets(self) -> dict[int, str]:
        """The names of the sheets that are read by their place, where there are several; {} for one."""
        read = {int(sheet["place"]): str(sheet["name"]) for sheet in self.sheets if sheet["name"] in self.chosen}
        return read if len(read) > 1 else {}

    @property
    def at_work(self) -> bool:
        """Whether the portal is at it."""
        return self.status in AT_WORK


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a file, as text."""

    number: int
    outcome: str
    words: str
    reason: str


def batch_of(session: Session, actor: Actor, today: date, batch_id: UUID) -> BatchView:
    """A file in the actor's sight; NotFound for any other. Two statements."""
    by, other, back = aliased(User), aliased(User), aliased(User)
    found = session.execute(
        select(ImportBatch, col(by.display_name), col(other.display_name), col(back.display_name))
        .join(by, col(by.id) == col(ImportBatch.prepared_by))
        .outerjoin(other, col(other.id) == col(ImportBatch.decided_by))
        .outerjoin(back, col(back.id) == col(ImportBatch.taken_back_by))
        .where(col(ImportBatch.id) == batch_id, visible(actor, ImportBatch, today))
    ).first()  # fmt: skip
    if found is None:
        raise NotFound()
    row, prepared_by, decided_by, taken_back_by = found
    look = json.loads(row.look or "{}")
    return BatchView(
        id=row.id, resource=row.resource, way=row.way, title=row.title, file_name=row.file_name,
        stored_as=row.stored_as, status=ImportStatus(row.status), is_mine=row.prepared_by == actor.user_id,
        prepared=f"{prepared_by}, {show_moment(row.created_at)}",
        decided=f"{decided_by}, {show_moment(row.decided_at)}" if decided_by and row.decided_at else "",
        second=bool(row.decides), note=row.note, problem=row.problem, total=row.rows_total, done=row.rows_done,
        counts={
            "NEW": row.new_count, "CHANGED": row.changed_count, "SAME": row.same_count, "REFUSED": row.refused_count,
        },
        headings=look.get("headings", []), sheets=[one for one in look.get("sheets", []) if one["name"]],
        chosen=look.get("chosen", []), strange=look.get("strange", {}), doubts=look.get("doubts", {}),
        decisions=look.get("decided", {}), columns=json.loads(row.columns or "{}"),
        brought=show_moment(row.brought_in_at) if row.brought_in_at else "",
        taken_back=f"{taken_back_by}, {show_moment(row.taken_back_at)}" if row.taken_back_at else "",
        earlier=_earlier(session, actor, today, row),
    )  # fmt: skip


def _earlier(session: Session, actor: Actor, today: date, row: ImportBatch) -> str:
    moment = session.execute(
        select(col(ImportBatch.brought_in_at))
        .where(
            visible(actor, ImportBatch, today), col(ImportBatch.sha256) == row.sha256, col(ImportBatch.id) != row.id,
            col(ImportBatch.resource) == row.resource, col(ImportBatch.status) == ImportStatus.DONE.value,
        )
        .order_by(col(ImportBatch.brought_in_at).desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    return show_moment(moment) if moment else ""


def rows_of(
    session: Session, actor: Actor, today: date, batch_id: UUID, *, outcome: str = "", after: int = 0, most: int = 50
) -> list[RowView]:
    """Some rows of a file in the actor's sight, in its order, after a row's number; of one outcome, or all."""
    statement = (
        select(col(ImportRow.number), col(ImportRow.outcome), col(ImportRow.words), col(ImportRow.reason))
        .join(ImportBatch, col(ImportBatch.id) == col(ImportRow.batch_id))
        .where(visible(actor, ImportBatch, today), col(ImportRow.batch_id) == batch_id, col(ImportRow.number) > after)
        .order_by(col(ImportRow.number))
        .limit(most)
    )
    if outcome:
        statement = statement.where(col(ImportRow.outcome) == outcome)
    return [RowView(*row) for row in session.execute(statement)]


def rows_by_number(
    session: Session, actor: Actor, today: date, batch_id: UUID, numbers: Sequence[int]
) -> list[RowView]:
    """Some rows of a file in the actor's sight, by their numbers, in its order."""
    statement = (
        select(col(ImportRow.number), col(ImportRow.outcome), col(ImportRow.words), col(ImportRow.reason))
        .join(ImportBatch, col(ImportBatch.id) == col(ImportRow.batch_id))
        .where(
            visible(actor, ImportBatch, today), col(ImportRow.batch_id) == batch_id, col(ImportRow.number).in_(numbers)
        )
        .order_by(col(ImportRow.number))
    )
    return [RowView(*row) for row in session.execute(statement)]


def said_of_headings(session: Session, actor: Actor, way: str) -> dict[str, str]:
    """What the actor's board said headings stand for, as ``domain.imports.plain`` has them."""
    if actor.icb_id is None:
        return {}
    found = session.execute(
        select(col(ImportWord.theirs), col(ImportWord.ours)).where(
            col(ImportWord.icb_id) == actor.icb_id, col(ImportWord.way) == way, col(ImportWord.about) == ""
        )
    )
    return {row.theirs: row.ours for row in found}


def imports_waiting(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Files somebody else prepared, for a second person to agree to. One statement."""
    rows = session.execute(
        select(col(ImportBatch.id), col(ImportBatch.title), col(ImportBatch.rows_total), col(User.display_name))
        .join(User, col(User.id) == col(ImportBatch.prepared_by))
        .where(
            visible(actor, ImportBatch, today), col(ImportBatch.status) == ImportStatus.ASKED.value,
            col(ImportBatch.prepared_by) != actor.user_id,
        )
        .order_by(col(ImportBatch.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Files to agree to",
        [
            WorkItem(
                f"{row.display_name} asks to bring in a file: {row.title}", routes.staff_import(row.id),
                f"{row.rows_total:,} rows",
            )
            for row in rows
        ],
    )  # fmt: skip
