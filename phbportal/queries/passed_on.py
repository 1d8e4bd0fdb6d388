"""Who reads what can never be changed, now that the board that wrote it has ended (ADR 0022).

The rows of a ledger, of the audit and their like keep the board that wrote them. ``passed_on`` says, person by person,
which board has them today; a row about nobody in particular stays with the board that wrote it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.tables.append_only import APPEND_ONLY
from phbportal.tables.people import PassedOn
from phbportal.tables.phbs import Phb


def keeps_its_board(table: type[SQLModel]) -> bool:
    """Whether a table is about people, has a board, and no row of it is ever changed."""
    columns, name = table.model_fields, str(table.__tablename__)  # pyright: ignore
    return name in APPEND_ONLY and "icb_id" in columns and bool({"person_id", "phb_id"} & set(columns))


def is_of_board(table: Any, icb_id: UUID) -> ColumnElement[bool]:
    """The rows of a table that a board has today: those it owns, and of the unchangeable those it was passed."""
    if not keeps_its_board(table):
        return table.icb_id == icb_id
    p = PassedOn
    passed = (
        select(col(p.icb_id))
        .where(col(p.person_id) == _person_of(table), col(p.from_icb_id) == table.icb_id)
        .correlate(table)
        .scalar_subquery()
    )
    # Said first of whole boards, and only for rows of others: what a third board wrote is not looked up row by row.
    others = select(col(p.from_icb_id)).where(col(p.icb_id) == icb_id)
    perhaps = or_(table.icb_id == icb_id, table.icb_id.in_(others))
    return perhaps & (func.coalesce(passed, table.icb_id) == icb_id)


def _person_of(table: Any) -> Any:
    holder = select(col(Phb.person_id)).where(col(Phb.id) == table.phb_id).correlate(table).scalar_subquery()
    return func.coalesce(table.person_id, holder) if "person_id" in table.model_fields else holder


def board_of(session: Session, row: SQLModel, icb_id: UUID | None, person_id: UUID | None) -> UUID | None:
    """The same of one row, whose board and person are known. One statement, or none."""
    if not keeps_its_board(type(row)) or icb_id is None or person_id is None:
        return icb_id
    p = PassedOn
    found = select(col(p.icb_id)).where(col(p.person_id) == person_id, col(p.from_icb_id) == icb_id)
    return session.execute(found).scalar_one_or_none() or icb_id
