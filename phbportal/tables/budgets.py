"""Budget versions, their lines, and the streams the money goes by."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from phbportal.domain.account_kinds import AccountKind
from phbportal.domain.budgets import BudgetKind, BudgetStatus, LineType
from phbportal.domain.streams import AccountStatus, Frequency, Method, PayeeKind, StreamStatus
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    bare_id,
    day,
    link,
    long_text,
    moment,
    one_of,
    pence,
    positive,
    text,
    whole,
)


class BudgetVersion(Record, table=True):
    __tablename__ = "budget_version"
    __table_args__ = (
        one_of("budget_version", "kind", BudgetKind),
        one_of("budget_version", "status", BudgetStatus),
        UniqueConstraint("phb_id", "version", name="uq_budget_version"),
        positive("budget_version", "weekly_pence"),
        positive("budget_version", "one_off_pence"),
    )

    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    plan_id: UUID | None = link("plan", default=None)
    version: int = whole()
    kind: str = text(length=12)
    status: str = text(length=12)
    weekly_pence: int = pence()
    one_off_pence: int = pence()
    starts_on: date = day()
    prepared_by: UUID | None = bare_id(default=None)
    approved_by: UUID | None = bare_id(default=None)
    approved_at: datetime | None = moment()


class Stream(Record, table=True):
    __tablename__ = "stream"
    __table_args__ = (
        one_of("stream", "method", Method),
        one_of("stream", "payee_kind", PayeeKind),
        one_of("stream", "status", StreamStatus),
        one_of("stream", "frequency", Frequency),
        positive("stream", "weekly_pence"),
        positive("stream", "one_off_pence"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ck_stream_dates"),
    )

    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    method: str = text(length=20)
    payee_kind: str = text(length=20)
    payee_name: str = text(personal=True, default="")
    organisation_id: UUID | None = link("organisation", default=None)
    account_id: UUID | None = link("payee_account", default=None, index=False)
    status: str = text(length=20)
    weekly_pence: int = pence()
    one_off_pence: int = pence()
    starts_on: date = day()
    ends_on: date | None = day(default=None)
    frequency: str = text(length=12)
    first_payment_on: date | None = day(default=None)
    payee_role_id: UUID | None = link("person_role", personal=True, default=None)
    review_required_on: date | None = day(default=None)
    monthly_pay: str | None = text(
        length=12, default=None, why="how a month was agreed to be worked out, by its days or as a twelfth (ADR 0036)"
    )
    price_agreed: str | None = text(length=300, default=None, why="what was agreed about a price, not about a person")
    paid_to_on: date | None = day(default=None)
    """The last day that was paid for before the stream was brought in; None where that is not known, or none was."""


class BudgetLine(Record, table=True):
    """What part of the money is for. ``answers`` are what it was worked out from (``domain/workings.py``), ``working``
    the sum in words, ``annual_pence`` a year's cost; all empty where only the amounts were given."""

    __tablename__ = "budget_line"
    __table_args__ = (
        one_of("budget_line", "line_type", LineType),
        positive("budget_line", "weekly_pence"),
        positive("budget_line", "one_off_pence"),
    )

    budget_id: UUID = link("budget_version")
    stream_id: UUID = link("stream")
    plan_service_id: UUID | None = link("plan_service", default=None)
    position: int = whole()
    line_type: str = text(length=20)
    description: str = text(personal=True, length=300, default="")
    weekly_pence: int = pence()
    one_off_pence: int = pence()
    worker_id: UUID | None = bare_id(personal=True, default=None)
    answers: str | None = long_text(personal=True, default=None)
    annual_pence: int | None = pence(default=None)
    working: str | None = long_text(personal=True, default=None)


class PayeeAccount(Record, table=True):
    """Bank details: proposed by one person, approved by another, then left to cool (domain.md §9.4)."""

    __tablename__ = "payee_account"
    __table_args__ = (
        one_of("payee_account", "status", AccountStatus),
        one_of("payee_account", "kind", AccountKind),
        CheckConstraint("length(sort_code) = 6 AND length(account_number) = 8", name="ck_payee_account_digits"),
        Index("ix_payee_account_waiting", "icb_id", "status"),
    )

    icb_id: UUID = link("organisation", index=False, why="the board that pays")
    person_id: UUID = link("person", personal=True)
    phb_id: UUID = link("phb", personal=True)
    kind: str = text(length=20, why="the kind of account, not whose it is")
    name_on_account: str = text(personal=True, length=18)
    sort_code: str = text(personal=True, length=6)
    account_number: str = text(personal=True, length=8)
    status: str = text(length=12, why="where the approval stands")
    proposed_by: UUID | None = bare_id(default=None, why="a member of staff")
    decided_by: UUID | None = bare_id(default=None, why="a member of staff")
    decided_at: datetime | None = moment(why="when the approval was decided")
    cooling_until: datetime | None = moment(why="when payments may begin")
    organisation_id: UUID | None = bare_id(default=None, why="the organisation that keeps a managed account")
