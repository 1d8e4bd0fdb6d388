"""Whose a row is: its person and its budget, by whatever link leads there. For those who note that somebody looked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, null, select
from sqlmodel import SQLModel, col

from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

_BY_WAY_OF: dict[str, type[Plan] | type[BudgetVersion]] = {"plan_id": Plan, "budget_id": BudgetVersion}


def budget_of(table: type[SQLModel]) -> ColumnElement[UUID | None]:
    """The budget of a row of ``table``: named by the row itself, or by its plan or its version; else NULL."""
    columns: Any = table
    if "phb_id" in table.model_fields:
        return col(columns.phb_id)
    for link, other in _BY_WAY_OF.items():
        if link in table.model_fields:
            found = select(col(other.phb_id)).where(col(other.id) == col(getattr(columns, link)))
            return found.correlate(table).scalar_subquery()
    return null()


def person_of(table: type[SQLModel]) -> ColumnElement[UUID | None]:
    """The person of a row of ``table``: named by the row itself, or else the holder of its budget; else NULL."""
    columns: Any = table
    own: ColumnElement[UUID | None] = col(columns.person_id) if "person_id" in table.model_fields else null()
    if table is Phb or not {"phb_id", *_BY_WAY_OF} & set(table.model_fields):
        return own
    holder = select(col(Phb.person_id)).where(col(Phb.id) == budget_of(table)).correlate(table).scalar_subquery()
    return func.coalesce(own, holder) if "person_id" in table.model_fields else holder
