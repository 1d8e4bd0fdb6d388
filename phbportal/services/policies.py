"""Local policy by board and date, with the defaults of domain.md §4.9."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.policies import DEFAULTS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.settings import PolicySetting


def setting(uow: UnitOfWork, icb_id: UUID | None, name: str, on: date | None = None) -> str:
    """The value in force for a board on a day: its own, else everybody's, else the default."""
    found = uow.session.execute(
        select(col(PolicySetting.value))
        .where(
            col(PolicySetting.name) == name,
            col(PolicySetting.starts_on) <= (on or uow.today),
            or_(col(PolicySetting.icb_id) == icb_id, col(PolicySetting.icb_id).is_(None)),
        )
        .order_by(col(PolicySetting.icb_id).is_(None), col(PolicySetting.starts_on).desc())
        .limit(1)
    ).scalar_one_or_none()
    return DEFAULTS[name] if found is None else found


def whole_setting(uow: UnitOfWork, icb_id: UUID | None, name: str) -> int:
    return int(setting(uow, icb_id, name))


def day_setting(uow: UnitOfWork, icb_id: UUID | None, name: str) -> date:
    return date.fromisoformat(setting(uow, icb_id, name))
