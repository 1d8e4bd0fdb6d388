"""A board's rows handed to the boards that take over: a few statements a table, however many people there are.

What is about a person goes where the person goes. What can never be changed keeps the board that wrote it and is read
by ``passed_on``. A table that is added later follows by itself if it has a board and a person or a budget
(``tests/services/test_passing_on.py`` asks of every other table with a board what becomes of it).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, func, insert, or_, select, update
from sqlmodel import SQLModel, col

from phbportal.services.board_money import add_up_again
from phbportal.services.many_rows import parts_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.append_only import APPEND_ONLY
from phbportal.tables.base import new_id
from phbportal.tables.people import PassedOn, PersonResponsibility
from phbportal.tables.phbs import Phb, Task

OF_THEIR_OWN = frozenset({"person_responsibility", "passed_on"})
"""These say which board answers for whom and are written here one by one."""
_PASSED = SQLModel.metadata.tables["passed_on"]


# In the order in which a payment locks them, or the two could each wait for the other.
_FIRST, _LAST = ("payment_item", "stream"), "phb"


def followers() -> list[Table]:
    """The tables whose rows go with the person they are about."""
    tables = sorted(SQLModel.metadata.tables.items(), key=lambda one: (one[0] == _LAST, one[0] not in _FIRST, one[0]))
    return [
        table
        for name, table in tables
        if "icb_id" in table.c and ("person_id" in table.c or "phb_id" in table.c)
        and name not in OF_THEIR_OWN and name not in APPEND_ONLY
    ]  # fmt: skip


def pass_on(uow: UnitOfWork, board: UUID, goes_to: Mapping[UUID, UUID], first: UUID, on: date) -> int:
    """Hand everybody's rows to the board of each, and work that is about nobody to the first. Returns how many rows.

    Whoever was passed on before need not be in ``goes_to``: what is still theirs at the old board follows them too.
    For a service that has asked leave and has seen that everybody is there. The same transaction, whole or not at all.
    """
    _note_passing(uow, board, goes_to, on)
    _responsibilities(uow, board, on)
    # Twice: who was at work on a row has been waited for by the first time, and what they added comes the second.
    rows = sum(_follow(uow, board, table) for _time in range(2) for table in followers())
    uow.session.execute(
        update(Task)
        .where(col(Task.icb_id) == board, col(Task.person_id).is_(None), col(Task.phb_id).is_(None))
        .values(icb_id=first)
        .execution_options(synchronize_session=False)
    )
    p = PassedOn
    boards = uow.session.execute(select(col(p.icb_id)).distinct().where(col(p.from_icb_id) == board)).scalars()
    add_up_again(uow, {board, first, *boards})
    return rows


def _note_passing(uow: UnitOfWork, board: UUID, goes_to: Mapping[UUID, UUID], on: date) -> None:
    """Who has what this board wrote from now on, and what it had been passed by boards that ended before it."""
    made = {"created_at": uow.now, "created_by": uow.actor.user_id, "from_icb_id": board, "succeeds_on": on}
    rows = [{"id": new_id(), "person_id": person, "icb_id": to, **made} for person, to in goes_to.items()]
    for part in parts_of(rows):
        uow.session.execute(insert(PassedOn), list(part))
    p = _PASSED
    now = p.alias("now")
    to = select(now.c.icb_id).where(now.c.person_id == p.c.person_id, now.c.from_icb_id == board).scalar_subquery()
    uow.session.execute(update(p).where(p.c.icb_id == board, to.is_not(None)).values(icb_id=to))


def _responsibilities(uow: UnitOfWork, board: UUID, on: date) -> None:
    """The old board answers for a person to the day before, the new one from the day on."""
    r = PersonResponsibility
    # Only of those passed on: who is added in this very moment is seen by the later statements and not by the earlier.
    to = _goes_to(board, col(r.person_id))
    open_then = (col(r.icb_id) == board, to.is_not(None), or_(col(r.ends_on).is_(None), col(r.ends_on) >= on))
    rows = uow.session.execute(
        select(col(r.person_id), to.label("to"), col(r.ends_on)).where(*open_then, col(r.starts_on) < on)
    ).all()
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    made |= {"updated_at": uow.now, "updated_by": uow.actor.user_id, "row_version": 1}
    new = [
        {"id": new_id(), "person_id": row.person_id, "icb_id": row.to, "starts_on": on, "ends_on": row.ends_on, **made}
        for row in rows
    ]
    for part in parts_of(new):
        uow.session.execute(insert(r), list(part))
    changed = {"updated_at": uow.now, "updated_by": uow.actor.user_id, "row_version": col(r.row_version) + 1}
    uow.session.execute(
        update(r)
        .where(*open_then, col(r.starts_on) < on)
        .values(ends_on=on - timedelta(days=1), **changed)
        .execution_options(synchronize_session=False)
    )
    # Whoever came on the day or after it never was the old board's: it had ended.
    table = SQLModel.metadata.tables["person_responsibility"]
    to = _goes_to(board, table.c.person_id)
    uow.session.execute(
        update(table)
        .where(table.c.icb_id == board, to.is_not(None), table.c.starts_on >= on)
        .values(icb_id=to, **changed)
    )


def _follow(uow: UnitOfWork, board: UUID, table: Table) -> int:
    to = _goes_to(board, _person_of(table))
    moved: Any = uow.session.execute(update(table).where(table.c.icb_id == board, to.is_not(None)).values(icb_id=to))
    return moved.rowcount


def _person_of(table: Table) -> Any:
    if "phb_id" not in table.c:
        return table.c.person_id
    holder = select(col(Phb.person_id)).where(col(Phb.id) == table.c.phb_id).correlate(table).scalar_subquery()
    return func.coalesce(table.c.person_id, holder) if "person_id" in table.c else holder


def _goes_to(board: UUID, person: Any) -> Any:
    p = _PASSED
    return select(p.c.icb_id).where(p.c.person_id == person, p.c.from_icb_id == board).scalar_subquery()
