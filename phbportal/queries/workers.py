"""The personal assistants of a budget: to choose from on a form, and as those whose budget it is read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.money import pounds
from phbportal.domain.quantities import counted, hundredths
from phbportal.domain.relations import Relation
from phbportal.domain.text import long_date
from phbportal.domain.workers import is_connected
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.workers import Worker


@dataclass(frozen=True, slots=True)
class WorkerChoice:
    """Somebody who may be named on a line: id, name, what they are paid, and what a form starts from."""

    id: str
    name: str
    hint: str
    hours: str
    price: str


@dataclass(frozen=True, slots=True)
class WorkerView:
    """A personal assistant in words: pay, checks, and what still stands in the way of paying them."""

    id: str
    name: str
    pay: str
    checks: str
    waits: str


def worker_choices(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[WorkerChoice]:
    """Those who work, or are to work, for a person. One statement."""
    return [
        WorkerChoice(
            str(row.id), row.name, _pay(row), hundredths(row.hours_hundredths) if row.hours_hundredths else "",
            pounds(row.price_pence)[1:] if row.price_pence else "",
        )
        for row in session.connection().execute(_workers(actor, today), {"phb": phb_id})
        if row.ends_on is None or row.ends_on >= today
    ]  # fmt: skip


def worker_views(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[WorkerView]:
    """The personal assistants of a budget who have not left. One statement."""
    return [
        worker_view(row)
        for row in session.connection().execute(_workers(actor, today), {"phb": phb_id})
        if row.ends_on is None or row.ends_on >= today
    ]


def worker_view(row: Any) -> WorkerView:
    """A worker's row in words."""
    return WorkerView(str(row.id), row.name, _pay(row), _checks(row), _waits(row))


@by_shape
def _workers(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    w = Worker
    columns: Sequence[Any] = (
        col(w.id), col(w.name), col(w.hours_hundredths), col(w.price_pence), col(w.dbs_on), col(w.right_to_work_on),
        col(w.relation), col(w.same_household), col(w.excepted_on), col(w.ends_on),
    )  # fmt: skip
    return (
        select(*columns)
        .where(col(w.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, w, today))
        .order_by(col(w.search_name), col(w.id))
    )


def _pay(row: Any) -> str:
    hours = f"{counted(hundredths(row.hours_hundredths), 'hour', 'hours')} a week" if row.hours_hundredths else ""
    pay = f"{pounds(row.price_pence)} an hour" if row.price_pence else ""
    return ", ".join(words for words in (hours, pay) if words)


def _checks(row: Any) -> str:
    dbs = f"DBS certificate of {long_date(row.dbs_on)}" if row.dbs_on else "No DBS certificate noted"
    right = f"right to work checked on {long_date(row.right_to_work_on)}" if row.right_to_work_on else (
        "right to work not checked yet"
    )  # fmt: skip
    return f"{dbs}; {right}"


def _waits(row: Any) -> str:
    if row.excepted_on is not None or not is_connected(Relation(row.relation), same_household=row.same_household):
        return ""
    return "Cannot be paid yet: the board must agree first, because they live in the same home"
