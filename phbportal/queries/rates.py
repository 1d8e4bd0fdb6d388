"""Statutory rates by name: what holds today, what is to come, what was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.rates import RATES, RateUnit, show_rate, typed_rate
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.permissions import Permission
from phbportal.queries.dated import DatedRow, DatedValue, NamedRow, dated_rows, named_row, until_the_next
from phbportal.queries.scope import visible
from phbportal.tables.settings import Rate


@dataclass(frozen=True, slots=True)
class RateView:
    """One rate by name, with every value it has had or will have."""

    label: str
    is_percentage: bool
    rows: tuple[DatedRow, ...]
    may_propose: bool


@dataclass(frozen=True, slots=True)
class RateForm:
    """A rate as a form starts from it."""

    id: UUID
    value: str
    day: str
    month: str
    year: str
    source: str
    row_version: int


def rates_list(session: Session, actor: Actor, today: date) -> tuple[NamedRow, ...]:
    """Every rate the portal knows the name of, in the order of domain.md §4.2. One statement."""
    found: dict[str, list[Any]] = {name: [] for name in RATES}
    rows = session.execute(select(Rate).where(visible(actor, Rate, today)).order_by(col(Rate.starts_on))).scalars()
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return tuple(
        named_row(kind.label, routes.staff_rate(name), _values(found[name]), today) for name, kind in RATES.items()
    )


def rate_view(session: Session, actor: Actor, today: date, name: str) -> RateView:
    """One rate. One statement. Raises NotFound for a name that is none."""
    if name not in RATES:
        raise NotFound()
    rows = session.execute(
        select(Rate).where(visible(actor, Rate, today), col(Rate.name) == name).order_by(col(Rate.starts_on))
    ).scalars()
    proposes = decide(actor, Permission.RATE_PROPOSE, Subject(everybodys=True)).allowed
    href = f"{routes.staff_rate(name)}?row=" if proposes else ""
    kind = RATES[name]
    return RateView(
        kind.label,
        kind.unit is RateUnit.BASIS_POINTS,
        dated_rows(_values(rows), today, href, only_coming=False),
        proposes,
    )


def rate_form(session: Session, actor: Actor, today: date, name: str, rate_id: UUID) -> RateForm:
    """One value of a rate, to be put right. Raises NotFound."""
    row = session.execute(
        select(Rate).where(visible(actor, Rate, today), col(Rate.id) == rate_id, col(Rate.name) == name)
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    on = row.starts_on
    return RateForm(
        row.id, typed_rate(RateUnit(row.unit), row.amount), str(on.day), str(on.month), str(on.year), row.source,
        row.row_version,
    )  # fmt: skip


def _values(rows: Iterable[Any]) -> list[DatedValue]:
    return until_the_next([(r.id, show_rate(RateUnit(r.unit), r.amount), r.starts_on, r.source) for r in rows])
