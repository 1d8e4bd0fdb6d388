"""Agreements about how the money is managed (ADR 0030), and their signatures."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint

from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.tables.base import Record, Row, bare_id, day, link, long_text, one_of, text, whole


class PayeeAgreement(Record, table=True):
    """An agreement of one kind about a stream: its words as they are signed, and the plan version it is for (I38).
    ``organisation_id`` is whoever keeps a managed account."""

    __tablename__ = "payee_agreement"
    __table_args__ = (
        one_of("payee_agreement", "status", AgreementStatus),
        one_of("payee_agreement", "kind", AgreementKind),
        Index("ix_payee_agreement_waiting", "icb_id", "status"),
        Index("ix_payee_agreement_organisation", "organisation_id", "status"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    stream_id: UUID = link("stream")
    plan_id: UUID = link("plan", index=False)
    status: str = text(length=10)
    template_version: str = text(length=40)
    law_as_of: date = day()
    plan_version: int = whole()
    plan_hash: str = text(length=64)
    content: str = long_text(personal=True)
    content_hash: str = text(length=64)
    kind: str = text(length=16)
    organisation_id: UUID | None = bare_id(why="the organisation that signs", default=None)


class PayeeSignature(Row, table=True):
    """A party's signature: in the portal as themselves, or on paper, recorded by a case manager."""

    __tablename__ = "payee_signature"
    __table_args__ = (
        one_of("payee_signature", "party", Signer),
        one_of("payee_signature", "how", ("PORTAL", "PAPER")),
        UniqueConstraint("agreement_id", "party", name="uq_payee_signature_party"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    agreement_id: UUID = link("payee_agreement", index=False)
    party: str = text(length=12)
    how: str = text(length=10)
    signer_id: UUID | None = bare_id(default=None)
    signer_name: str = text(personal=True)
    signer_role: str = text(personal=True, length=100, default="")
    signed_on: date = day()
    evidence: str = text(personal=True, length=500, default="")
    content_hash: str = text(length=64)
