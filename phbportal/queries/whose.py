"""Whose a row is: its person and its budget, by whatever link leads there. For those who note that somebody looked,
and for lists of what hangs on a plan or a version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, null, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

_BY_WAY_OF: dict[str, type[Plan] | type[BudgetVersion]] = {"plan_id": Plan, "budget_id": BudgetVersion}


def budget_of(table: type[SQLModel]) -> ColumnElement[Any]:
    """The budget of a row of ``table``: named by the row itself, or by its plan or its version; else NULL."""
    columns: Any = table
    if "phb_id" in table.model_fields:
        return columns.phb_id
    for link, other in _BY_WAY_OF.items():
        if link in table.model_fields:
            way = select(col(other.phb_id)).where(col(other.id) == col(getattr(columns, link)))
            return way.correlate(table).scalar_subquery()
    return null()


def person_of(table: type[SQLModel]) -> ColumnElement[Any]:
    """The person of a row of ``table``: named by the row itself, or else the holder of its budget; else NULL."""
    columns: Any = table
    own: Any = columns.person_id if "person_id" in table.model_fields else null()
    if table is Phb or not {"phb_id", *_BY_WAY_OF} & set(table.model_fields):
        return own
    holder = select(col(Phb.person_id)).where(col(Phb.id) == budget_of(table)).correlate(table).scalar_subquery()
    return func.coalesce(own, holder) if "person_id" in table.model_fields else holder


Load = Callable[[Session, Actor, date, Sequence[UUID]], Mapping[UUID, str]]


def budgets_of(table: type[SQLModel]) -> Load:
    """The reference of each row's budget, by the row's id, for a column of a list. One statement."""
    columns: Any = table

    def load(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> Mapping[UUID, str]:
        rows = session.execute(
            select(col(columns.id), col(Phb.reference))
            .join(Phb, col(Phb.id) == budget_of(table))
            .where(col(columns.id).in_(ids), visible(actor, Phb, today))
        )
        return {row[0]: row[1] for row in rows}

    return load
