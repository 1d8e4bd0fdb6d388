"""Consents, and whether the regulations exclude a person from direct payments."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from phbportal.domain.consents import ConsentKind, GivenBy
from phbportal.tables.base import Record, Row, day, link, one_of, text, yes_no


class Consent(Record, table=True):
    __tablename__ = "consent"
    __table_args__ = (one_of("consent", "kind", ConsentKind), one_of("consent", "given_by", GivenBy))

    person_id: UUID = link("person")
    icb_id: UUID = link("organisation")
    kind: str = text(length=20)
    given_by: str = text(personal=True, length=20)
    giver_name: str = text(personal=True, default="")
    given_on: date = day(personal=True)
    withdrawn_on: date | None = day(personal=True, default=None)
    evidence: str = text(personal=True, length=500, default="")


class ExclusionAttestation(Row, table=True):
    """Yes or no, who checked, when: never the offence (domain.md §1.5)."""

    __tablename__ = "exclusion_attestation"

    person_id: UUID = link("person")
    icb_id: UUID = link("organisation")
    excluded: bool = yes_no(personal=True)
    attested_on: date = day(personal=True)
    attested_by: UUID = link("user_account")
