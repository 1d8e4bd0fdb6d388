"""Third-party (ISF) arrangements: offers frozen as sent, the organisation's answers, agreements and signatures."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from phbportal.domain.isf import AgreementStatus, Answer, IsfStatus, Party
from phbportal.domain.isf_offer import FeeKind, Reporting, Timing
from phbportal.domain.streams import Frequency
from phbportal.tables.base import (
    CheckConstraint,
    Record,
    Row,
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


class IsfConfirmation(Record, table=True):
    """One round of an offer to an organisation. Its terms never change; a change is a further round."""

    __tablename__ = "isf_confirmation"
    __table_args__ = (
        one_of("isf_confirmation", "status", IsfStatus),
        one_of("isf_confirmation", "frequency", Frequency),
        one_of("isf_confirmation", "fee_kind", FeeKind),
        one_of("isf_confirmation", "timing", Timing),
        one_of("isf_confirmation", "reporting", Reporting),
        positive("isf_confirmation", "weekly_pence"),
        positive("isf_confirmation", "one_off_pence"),
        positive("isf_confirmation", "hourly_pence", zero=False),
        positive("isf_confirmation", "fee_weekly_pence"),
        CheckConstraint("fee_bp >= 0 AND fee_bp < 10000", name="ck_isf_confirmation_fee_bp"),
        UniqueConstraint("stream_id", "round", name="uq_isf_confirmation_round"),
        Index("ix_isf_confirmation_waiting", "status", "expires_on"),
        Index("ix_isf_confirmation_held", "organisation_id", "status"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    stream_id: UUID = link("stream", index=False)
    organisation_id: UUID = link("organisation", index=False)
    plan_id: UUID = link("plan")
    round: int = whole()
    status: str = text(length=24)
    plan_version: int = whole()
    plan_hash: str = text(length=64)
    weekly_pence: int = pence()
    one_off_pence: int = pence()
    frequency: str = text(length=12)
    starts_on: date = day()
    hourly_pence: int = pence("what an hour of support costs, all in")
    other_rates: str = text(length=500, default="")
    fee_kind: str = text(length=12)
    fee_bp: int = whole(default=0)
    fee_weekly_pence: int = pence(default=0)
    fee_covers: str = text(length=300, default="")
    timing: str = text(length=20)
    bank_cap_weeks: int = whole()
    bank_period_weeks: int = whole()
    flexibility: str = long_text(personal=True)
    reporting: str = text(length=12)
    exit_days: int = whole()
    sent_by: UUID | None = bare_id(default=None)
    sent_on: date | None = day(default=None)
    expires_on: date | None = day(default=None)
    reminded_on: date | None = day(default=None)
    fee_decided_by: UUID | None = bare_id(default=None)
    answered_by: UUID | None = bare_id(default=None)
    answered_at: datetime | None = moment()


class IsfAnswer(Row, table=True):
    """An answer to a line, by a named person. Only ever added to: the last answer to a line is the one that counts."""

    __tablename__ = "isf_answer"
    __table_args__ = (
        one_of("isf_answer", "answer", Answer),
        CheckConstraint("line >= 1 AND line <= 12", name="ck_isf_answer_line"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    confirmation_id: UUID = link("isf_confirmation")
    line: int = whole()
    answer: str = text(length=10)
    comment: str = text(personal=True, length=1000, default="")
    answered_name: str = text(personal=True)
    answered_role: str = text(personal=True, length=100)


class Agreement(Record, table=True):
    """A three-party agreement: its words as they are signed, and the plan version it is for (I38)."""

    __tablename__ = "agreement"
    __table_args__ = (
        one_of("agreement", "kind", ("ISF",)),
        one_of("agreement", "status", AgreementStatus),
        Index("ix_agreement_waiting", "icb_id", "status"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    stream_id: UUID = link("stream")
    organisation_id: UUID = link("organisation", index=False)
    confirmation_id: UUID = link("isf_confirmation")
    plan_id: UUID = link("plan", index=False)
    kind: str = text(length=10)
    status: str = text(length=10)
    template_version: str = text(length=20)
    law_as_of: date = day()
    plan_version: int = whole()
    plan_hash: str = text(length=64)
    content: str = long_text(personal=True)
    content_hash: str = text(length=64)


class Signature(Row, table=True):
    """A party's signature: in the portal as themselves, or on paper, recorded by a case manager."""

    __tablename__ = "signature"
    __table_args__ = (
        one_of("signature", "party", Party),
        one_of("signature", "how", ("PORTAL", "PAPER")),
        UniqueConstraint("agreement_id", "party", name="uq_signature_party"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    agreement_id: UUID = link("agreement", index=False)
    party: str = text(length=12)
    how: str = text(length=10)
    signer_id: UUID | None = bare_id(default=None)
    signer_name: str = text(personal=True)
    signer_role: str = text(personal=True, length=100, default="")
    signed_on: date = day()
    evidence: str = text(personal=True, length=500, default="")
    content_hash: str = text(length=64)
