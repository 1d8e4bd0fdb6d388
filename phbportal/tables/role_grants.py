"""Roles proposed by one person for another to grant."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index

from phbportal.domain.role_grants import GrantKind, GrantStatus
from phbportal.domain.roles import Role
from phbportal.tables.base import Record, day, link, moment, one_of, pence, text, whole


class RoleGrant(Record, table=True):
    """A role, a change to one, or a sign-in given back: proposed, then granted or refused by somebody else.

    ``user_id`` is empty for somebody who is not here yet, ``assignment_id`` names the role a change is about and
    ``assignment_version`` what it was when the change was proposed.
    """

    __tablename__ = "role_grant"
    __table_args__ = (
        one_of("role_grant", "kind", GrantKind),
        one_of("role_grant", "status", GrantStatus),
        one_of("role_grant", "role", Role),
        CheckConstraint(
            "status <> 'GRANTED' OR (decided_by IS NOT NULL AND decided_by <> proposed_by"
            " AND (user_id IS NULL OR decided_by <> user_id))",
            name="ck_role_grant_second_person",
        ),
        Index("ix_role_grant_board_status", "icb_id", "status", "id"),
    )

    icb_id: UUID = link("organisation", index=False)
    kind: str = text(length=12)
    status: str = text(length=12)
    role: str | None = text(length=20, default=None)
    user_id: UUID | None = link("user_account", default=None)
    assignment_id: UUID | None = link("role_assignment", default=None, index=False)
    assignment_version: int | None = whole(default=None)
    display_name: str = text(personal=True)
    email: str | None = text(personal=True, length=254, default=None)
    sign_off_limit_pence: int | None = pence("the most this approver may approve, in pence a week", default=None)
    valid_to: date | None = day(default=None)
    reason: str = text(personal=True, length=500)
    proposed_by: UUID = link("user_account", index=False)
    decided_by: UUID | None = link("user_account", default=None, index=False)
    decided_at: datetime | None = moment()
    refusal: str = text(personal=True, length=500, default="")
