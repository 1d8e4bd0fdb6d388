"""Whether somebody may still approve an amount: for the first of two approvals (domain.md §9.5)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.roles import Role
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.users import Assignment


def may_still_approve(uow: UnitOfWork, user_id: UUID, icb_id: UUID, weekly_pence: int) -> bool:
    """Whether somebody is an approver of the board today, with no limit below an amount a week. Asks no leave: whoever
    asks is approving."""
    a = Assignment
    may = select(col(a.id)).where(
        col(a.user_id) == user_id, col(a.icb_id) == icb_id, col(a.role) == Role.APPROVER.value,
        col(a.revoked_at).is_(None), col(a.valid_from) <= uow.today,
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
        or_(col(a.sign_off_limit_pence).is_(None), col(a.sign_off_limit_pence) >= weekly_pence),
    )  # fmt: skip
    return uow.session.execute(may.limit(1)).first() is not None
