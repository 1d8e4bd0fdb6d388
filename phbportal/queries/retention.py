"""How long the records of budgets that are closed are kept, by the rules of their boards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.policies import DEFAULTS
from phbportal.domain.retention import CARE_YEARS, MONEY_YEARS, KeptUntil, kept_until
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.endings import PhbEnding
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting


def kept_of(session: Session, actor: Actor, today: date, endings: Sequence[UUID]) -> dict[UUID, KeptUntil]:
    """Until when the records are kept, of those of these endings whose budget is closed; by the setting of today. One
    statement."""
    e, p = PhbEnding, PolicySetting
    chosen = and_(
        col(p.name).in_((CARE_YEARS, MONEY_YEARS)), col(p.starts_on) <= today,
        or_(col(p.icb_id) == col(e.icb_id), col(p.icb_id).is_(None)),
    )  # fmt: skip
    rows = session.execute(
        select(col(e.id), col(e.closed_on), col(Person.date_of_birth), col(p.name), col(p.value))
        .join(Phb, col(Phb.id) == col(e.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .outerjoin(p, chosen)
        .where(col(e.id).in_(endings), visible(actor, e, today), col(e.closed_on).is_not(None))
        # Everybody's first, then the board's own above them, the latest last.
        .order_by(col(e.id), col(p.icb_id).is_not(None), col(p.starts_on))
    ).all()
    years: dict[UUID, dict[str, str]] = {}
    for row in rows:
        held = years.setdefault(row.id, {name: DEFAULTS[name] for name in (CARE_YEARS, MONEY_YEARS)})
        if row.name is not None:
            held[row.name] = row.value
    return {
        row.id: kept_until(
            row.closed_on, row.date_of_birth, int(years[row.id][CARE_YEARS]), int(years[row.id][MONEY_YEARS])
        )
        for row in rows
    }
