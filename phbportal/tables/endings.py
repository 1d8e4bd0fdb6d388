"""What happens in a life: stays in hospital, what is taken off for them, and how budgets end."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.endings import EndReason
from phbportal.domain.hospital import StayDecision
from phbportal.tables.base import CheckConstraint, Record, bare_id, day, link, long_text, one_of, pence, positive, text

_OPEN = sql("taken_back_on IS NULL")


class HospitalStay(Record, table=True):
    """A person in hospital from a day to a day, who told the board, and what was decided about their payments."""

    __tablename__ = "hospital_stay"
    __table_args__ = (
        one_of("hospital_stay", "decision", StayDecision),
        CheckConstraint("discharged_on IS NULL OR discharged_on >= admitted_on", name="ck_hospital_stay_dates"),
        positive("hospital_stay", "taken_off_pence"),
    )

    icb_id: UUID = link("organisation")
    person_id: UUID = link("person", personal=True)
    admitted_on: date = day(personal=True)
    discharged_on: date | None = day(personal=True, default=None)
    reported_by: str = text(personal=True)
    note: str = text(personal=True, length=500, default="")
    decision: str = text(length=12)
    decided_on: date | None = day(default=None)
    decided_why: str | None = text(personal=True, length=500, default=None)
    taken_off_pence: int = pence("what was agreed to be taken off", default=0)
    asked_on: date | None = day(default=None)


class PaymentDeduction(Record, table=True):
    """Money agreed to be taken off a stream's payments, until a payment has taken it."""

    __tablename__ = "payment_deduction"
    __table_args__ = (positive("payment_deduction", "amount_pence", zero=False),)

    stream_id: UUID = link("stream")
    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    stay_id: UUID = link("hospital_stay")
    first_night: date = day(personal=True)
    last_night: date = day(personal=True)
    amount_pence: int = pence()
    payment_id: UUID | None = link("payment_item", default=None)


class PhbEnding(Record, table=True):
    """The end of a budget: when and why, what care follows, what is settled, and who closed it.

    ``before`` is how the budget, its streams and payments stood, to go back to when it was a mistake.
    """

    __tablename__ = "phb_ending"
    __table_args__ = (
        one_of("phb_ending", "reason", EndReason),
        Index("uq_phb_ending_open", "phb_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        positive("phb_ending", "liabilities_pence"),
        positive("phb_ending", "written_off_pence"),
        CheckConstraint("closed_by IS NULL OR closed_by <> begun_by", name="ck_phb_ending_two_people"),
    )

    icb_id: UUID = link("organisation")
    phb_id: UUID = link("phb")
    reason: str = text(personal=True, length=20)
    ends_on: date = day(personal=True)
    care: str = text(personal=True, length=500, default="")
    begun_by: UUID | None = bare_id(default=None)
    before: str = long_text()
    return_on: date | None = day(default=None)
    return_balance_pence: int | None = pence(default=None)
    liabilities_pence: int | None = pence(default=None)
    liabilities_note: str | None = text(personal=True, length=500, default=None)
    written_off_pence: int = pence(default=0)
    given_back_pence: int = pence(default=0)
    closed_on: date | None = day(default=None)
    closed_by: UUID | None = bare_id(default=None)
    taken_back_on: date | None = day(default=None)
