"""Taking back what a file brought in, while nothing has built upon it.

Rows that were made of the file alone are removed, rows that it changed are put back as they were; what was recorded of
either stays in the history. Something has built upon a row when somebody changed it since, when a row from elsewhere
points to it, or when there is a note on it. Then nothing is taken back, and what stands in the way is said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, Uuid, cast, delete, func, literal, select, type_coerce
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel, col

from phbportal.domain.errors import NotFound
from phbportal.domain.imports import ImportStatus, step
from phbportal.policy.actors import Actor
from phbportal.services.import_rows import still_in_role
from phbportal.services.many_rows import update_in
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.imports import ImportBatch, ImportMade
from phbportal.tables.notes import Note

_TABLES: dict[str, Table] = SQLModel.metadata.tables  # pyright: ignore[reportAssignmentType]
_BY_ENTRIES = frozenset({"ledger_account", "ledger_posting"})
"""Kept with the entries of the ledger, which are looked at themselves."""
_OWN = frozenset({"import_batch", "import_row", "import_made", "import_word"})
_FIRST = frozenset({"person", "phb"})
"""Locked before anything else."""

TakeBack = Callable[[UnitOfWork, Mapping[str, Sequence[UUID]]], frozenset[str]]
"""What a list's own service does before its rows are removed: given the rows a file made, by their tables, it returns
the tables whose rows must stay."""


@dataclass(frozen=True, slots=True)
class Built:
    """What has built upon what a file brought in: rows changed since, by their table, and rows that point to them."""

    changed: dict[str, int] = field(default_factory=dict[str, int])
    pointing: dict[str, int] = field(default_factory=dict[str, int])
    notes: int = 0

    def anything(self) -> bool:
        """Whether anything has."""
        return bool(self.changed or self.pointing or self.notes)


def built_upon(uow: UnitOfWork, batch_id: UUID) -> Built:
    """What stands in the way of taking a file back. A few statements a table, however many rows the file had."""
    changed: dict[str, int] = {}
    pointing: dict[str, int] = {}
    for name in _tables_of(uow, batch_id):
        table = _TABLES[name]
        if "row_version" in table.c:
            made = _each(uow, col(ImportMade.batch_id) == batch_id, col(ImportMade.of_table) == name).subquery()
            where = (
                select(func.count()).select_from(made)
                .outerjoin(table, table.c.id == made.c.row_id)
                .where(table.c.id.is_(None) | (table.c.row_version != made.c.version))
            )  # fmt: skip
            if count := uow.session.execute(where).scalar_one():
                changed[name] = count
        for other in _TABLES.values():
            if other.name in _OWN | _BY_ENTRIES:
                continue
            for column in other.columns:
                if any(key.column.table is table for key in column.foreign_keys):
                    count = uow.session.execute(_pointing(uow, batch_id, other, column, name)).scalar_one()
                    if count:
                        pointing[other.name] = pointing.get(other.name, 0) + int(count)
    notes = select(func.count()).where(col(Note.about_id).in_(_ids(uow, batch_id)))
    return Built(changed, pointing, uow.session.execute(notes).scalar_one())


def _each(uow: UnitOfWork, *where: ColumnElement[bool]) -> Select[UUID, int, UUID]:
    """What is kept of rows that files made or changed, row by row: ``row_id``, ``version``, and ``id`` of what keeps
    them."""
    ids, kept = col(ImportMade.ids), (col(ImportMade.version), col(ImportMade.id))
    if uow.session.get_bind().dialect.name == "postgresql":
        one = cast(func.unnest(func.string_to_array(ids, ",")), Uuid())
        return select(one.label("row_id"), *kept).where(*where)
    listed = literal('["').concat(func.replace(ids, ",", '","')).concat('"]')
    each = func.json_each(listed).table_valued("value", joins_implicitly=True)
    found = select(type_coerce(each.c.value, Uuid()).label("row_id"), *kept)
    return found.select_from(ImportMade, each).where(*where)


def _ids(uow: UnitOfWork, batch_id: UUID, name: str = "", *, made: bool = True) -> Select[UUID]:
    """The rows of one table (of all, without a name) that the file made."""
    where = [col(ImportMade.batch_id) == batch_id]
    if made:
        where.append(col(ImportMade.before) == "")
    if name:
        where.append(col(ImportMade.of_table) == name)
    return select(_each(uow, *where).subquery().c.row_id)


def _pointing(uow: UnitOfWork, batch_id: UUID, other: Table, column: Any, name: str) -> Select[int]:
    """How many rows of another table, not of the file's own making, point to what it made in this one."""
    theirs = other.c.id.in_(_ids(uow, batch_id, other.name)) if "id" in other.c else None
    counted = select(func.count()).select_from(other).where(column.in_(_ids(uow, batch_id, name)))
    return counted if theirs is None else counted.where(~theirs)


def _tables_of(uow: UnitOfWork, batch_id: UUID) -> list[str]:
    named = select(col(ImportMade.of_table)).where(col(ImportMade.batch_id) == batch_id).distinct()
    return list(uow.session.execute(named).scalars())


def who_takes_back(uow: UnitOfWork, batch_id: UUID) -> Actor:
    """As whom a file is taken back, if they still have a role for it; NotFound if it was done meanwhile."""
    row = uow.session.get_one(ImportBatch, batch_id)
    if ImportStatus(row.status) is not ImportStatus.UNDOING or row.taken_back_by is None:
        raise NotFound()
    role = row.prepared_role if row.taken_back_by == row.prepared_by else "APPROVER"
    return still_in_role(uow, row.taken_back_by, role, row.icb_id)


def undo_import(uow: UnitOfWork, batch_id: UUID, first: TakeBack | None = None) -> Built:
    """Take a file back, whole; or nothing of it, and return what stands in the way. ``first`` does what is more than
    removing rows, and says of which tables none is removed."""
    row = uow.session.get_one(ImportBatch, batch_id, with_for_update=True)
    if ImportStatus(row.status) is not ImportStatus.UNDOING:
        raise NotFound()
    _hold(uow, batch_id)
    built = built_upon(uow, batch_id)
    if built.anything():
        return built
    about = _whose(uow, batch_id)
    restored = _put_back(uow, batch_id)
    stays = first(uow, made_by(uow, batch_id)) if first else frozenset[str]()
    removed = _remove(uow, batch_id, stays)
    uow.change(
        row, status=step(ImportStatus(row.status), "undone").value, taken_back_at=uow.now, problem="",
        rows_done=row.rows_total,
    )  # fmt: skip
    title = row.title.lower()
    uow.record("import_undone", about=row, icb_id=row.icb_id, title=title, removed=removed, restored=restored)
    _tell_each(uow, about, title)
    return built


def _hold(uow: UnitOfWork, batch_id: UUID) -> None:
    """Lock what a file made or changed, as everybody locks it (ADR 0040): nobody changes any of it between the look at
    what has built upon it and the taking back. What belongs to budgets of the file's own is held with these."""
    if uow.session.get_bind().dialect.name != "postgresql":
        return  # one writer at a time
    names = sorted(_tables_of(uow, batch_id), key=lambda name: (name not in _FIRST, name != "person", name))
    if "phb" in names:
        names = [name for name in names if name in _FIRST]
    for name in names:
        table = _TABLES[name]
        if "row_version" in table.c:
            its = select(table.c.id).where(table.c.id.in_(_ids(uow, batch_id, name, made=False)))
            held = its.order_by(table.c.id).with_for_update(key_share=True).subquery()
            uow.session.execute(select(func.count()).select_from(held))


def made_by(uow: UnitOfWork, batch_id: UUID) -> dict[str, list[UUID]]:
    """The rows a file made, by the names of their tables."""
    found: dict[str, list[UUID]] = {}
    rows = select(col(ImportMade.of_table), col(ImportMade.ids)).where(
        col(ImportMade.batch_id) == batch_id, col(ImportMade.before) == ""
    )
    for name, ids in uow.session.execute(rows):
        found.setdefault(name, []).extend(map(UUID, ids.split(",")))
    return found


def _remove(uow: UnitOfWork, batch_id: UUID, stays: frozenset[str]) -> int:
    names = set(_tables_of(uow, batch_id)) - stays
    removed = 0
    for table in reversed(SQLModel.metadata.sorted_tables):
        if table.name in names:
            found: Any = uow.session.execute(delete(table).where(table.c.id.in_(_ids(uow, batch_id, table.name))))
            removed += found.rowcount
    return removed


def _put_back(uow: UnitOfWork, batch_id: UUID) -> int:
    """Rows that were changed are as they were."""
    m, stamp = ImportMade, {"updated_at": uow.now, "updated_by": uow.actor.user_id}
    restored = 0
    for name in _tables_of(uow, batch_id):
        rows = uow.session.execute(
            select(col(m.ids), col(m.version), col(m.before))
            .where(col(m.batch_id) == batch_id, col(m.before) != "", col(m.of_table) == name)
            .order_by(col(m.id).desc())
        ).all()
        was: dict[UUID, dict[str, Any]] = {}
        for only, version, before in rows:  # of two changes of one column the first is undone last
            row = was.setdefault(UUID(only), {"id": UUID(only), "row_version": version + 1, **stamp})
            row |= {column: _as_was(_TABLES[name], column, kept) for column, kept in json.loads(before).items()}
        update_in(uow.session, _TABLES[name], list(was.values()))
        if was:
            _stand_again(uow, batch_id, name)
        restored += len(rows)
    return restored


def _stand_again(uow: UnitOfWork, batch_id: UUID, name: str) -> None:
    """Rows of a table are as they were before the file, two versions on: so are those that earlier files left, which
    can be taken back as well once nothing else has changed them."""
    batch, of_table = col(ImportMade.batch_id), col(ImportMade.of_table) == name
    mine = _each(uow, batch == batch_id, col(ImportMade.before) != "", of_table).subquery()
    others = _each(uow, batch != batch_id, of_table).subquery()
    same = (others.c.row_id == mine.c.row_id) & (others.c.version < mine.c.version)
    found: dict[UUID, set[str]] = {}
    for kept_by, row_id in uow.session.execute(select(others.c.id, others.c.row_id).join(mine, same)):
        found.setdefault(kept_by, set()).add(row_id.hex)
    for kept_by, ids in found.items():
        kept = uow.session.get_one(ImportMade, kept_by)
        left = [one for one in kept.ids.split(",") if one not in ids]
        if not left:
            kept.version += 2
            continue
        kept.ids = ",".join(left)
        uow.add(
            ImportMade, batch_id=kept.batch_id, of_table=name, ids=",".join(sorted(ids)), version=kept.version + 2,
            before=kept.before,
        )  # fmt: skip


def _as_was(table: Table, name: str, kept: Any) -> Any:
    """A column's value out of JSON."""
    kind = table.c[name].type
    python = datetime if isinstance(kind, TypeDecorator) else kind.python_type
    if kept is None:
        return None
    if python is datetime:
        return datetime.fromisoformat(kept)
    if python is date:
        return date.fromisoformat(kept)
    return UUID(kept) if python is UUID else kept


def _whose(uow: UnitOfWork, batch_id: UUID) -> list[tuple[UUID | None, UUID | None, UUID | None]]:
    """In whose histories it stands that something was brought in: board, person, budget."""
    a = AuditEvent
    found = select(col(a.icb_id), col(a.person_id), col(a.phb_id)).where(
        col(a.about_id).in_(_ids(uow, batch_id, made=False)) | col(a.person_id).in_(_ids(uow, batch_id, "person")),
        col(a.person_id).is_not(None) | col(a.phb_id).is_not(None),
    )
    return [(board, person, phb) for board, person, phb in uow.session.execute(found.distinct())]


def _tell_each(uow: UnitOfWork, about: list[tuple[UUID | None, UUID | None, UUID | None]], title: str) -> None:
    new = NewRows(uow)
    for board, person, phb in about:
        new.record("import_left", icb_id=board, person_id=person, phb_id=phb, title=title)
    new.write()
