"""Whoever signs in: users, their identities at providers, their roles, and invitations."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql

from phbportal.domain.roles import Role
from phbportal.tables.base import CheckConstraint, Record, bare_id, day, link, moment, one_of, pence, sort_text, text


class User(Record, table=True):
    __tablename__ = "user_account"
    __table_args__ = (
        Index("uq_user_account_person", "person_id", unique=True, sqlite_where=sql("person_id IS NOT NULL"),
              postgresql_where=sql("person_id IS NOT NULL")),
    )  # fmt: skip

    display_name: str = text(personal=True)
    search_name: str = sort_text(personal=True, index=True, of="display_name")
    email: str | None = text(personal=True, length=254, default=None, index=True)
    person_id: UUID | None = link("person", personal=True, default=None, index=False)
    disabled_at: datetime | None = moment(personal=True)


class Identity(Record, table=True):
    """Who a user is at an identity provider; (issuer, subject) is the only key (security.md §1.3)."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("issuer", "subject", name="uq_identity_issuer_subject"),)

    user_id: UUID = link("user_account")
    provider: str = text(length=40)
    issuer: str = text(length=300)
    subject: str = text(personal=True, length=255)
    last_seen_at: datetime | None = moment()
    disabled_at: datetime | None = moment()


class Assignment(Record, table=True):
    """A role somebody holds, where, and between which days."""

    __tablename__ = "role_assignment"
    __table_args__ = (
        one_of("role_assignment", "role", Role),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="ck_role_assignment_dates"),
    )

    user_id: UUID = link("user_account")
    role: str = text(length=20)
    icb_id: UUID | None = link("organisation", default=None)
    organisation_id: UUID | None = link("organisation", default=None, index=False)
    valid_from: date = day()
    valid_to: date | None = day(default=None)
    sign_off_limit_pence: int | None = pence("the most this approver may approve, in pence a week", default=None)
    granted_by: UUID | None = link("user_account", default=None, index=False)
    revoked_at: datetime | None = moment()


class Invitation(Record, table=True):
    """A single-use code that binds an identity to a role; only its SHA-256 is kept."""

    __tablename__ = "invitation"
    __table_args__ = (one_of("invitation", "role", Role),)

    code_hash: str = text(length=64, unique=True)
    role: str = text(length=20)
    icb_id: UUID | None = link("organisation", default=None, index=False)
    organisation_id: UUID | None = link("organisation", default=None, index=False)
    display_name: str = text(personal=True)
    email: str | None = text(personal=True, length=254, default=None)
    user_id: UUID | None = link("user_account", default=None, index=False)
    sign_off_limit_pence: int | None = pence("the most this approver may approve, in pence a week", default=None)
    expires_at: datetime = moment(default=...)
    used_at: datetime | None = moment()
    used_identity_id: UUID | None = link("identity", default=None, index=False)
    person_role_id: UUID | None = link("person_role", personal=True, default=None, index=False)
    valid_to: date | None = day(default=None)
    withdrawn_at: datetime | None = moment()
    grant_id: UUID | None = bare_id(why="the role grant it carries out", default=None)
