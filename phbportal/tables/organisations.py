"""Organisations: boards, councils, providers; valid from and to, with their successors."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.national import OrganisationKind
from phbportal.tables.base import Record, Row, day, link, long_text, one_of, sort_text, text, yes_no


class Organisation(Record, table=True):
    __tablename__ = "organisation"
    __table_args__ = (
        one_of("organisation", "kind", OrganisationKind),
        Index("uq_organisation_ods_code", "ods_code", unique=True, sqlite_where=sql("ods_code IS NOT NULL"),
              postgresql_where=sql("ods_code IS NOT NULL")),
        Index("uq_organisation_cqc_location_id", "cqc_location_id", unique=True,
              sqlite_where=sql("cqc_location_id IS NOT NULL"), postgresql_where=sql("cqc_location_id IS NOT NULL")),
        Index("ix_organisation_kind_search", "kind", "search_name", "id"),
        Index("ix_organisation_search", "search_name", "id"),
    )  # fmt: skip

    kind: str = text(length=20)
    name: str = text()
    search_name: str = sort_text()
    ods_code: str | None = text(length=10, default=None)
    cqc_location_id: str | None = text(length=20, default=None)
    cqc_provider_id: str | None = text(length=20, default=None)
    cqc_provider_name: str = text(default="")
    is_user_led: bool = yes_no()
    address: str = text(length=500, default="")
    postcode: str = text(length=10, default="")
    telephone: str = text(length=20, default="")
    website: str = text(length=300, default="")
    local_authority_code: str | None = text(length=12, default=None)
    region: str = text(default="")
    services: str = long_text()
    specialisms: str = long_text()
    rating: str = text(length=40, default="")
    rating_on: date | None = day(default=None)
    valid_from: date | None = day(default=None)
    valid_to: date | None = day(default=None)
    directory_on: date | None = day(default=None)
    gone_from_directory_on: date | None = day(default=None)


class OrganisationSuccession(Row, table=True):
    __tablename__ = "organisation_succession"

    predecessor_id: UUID = link("organisation")
    successor_id: UUID = link("organisation")
    succeeds_on: date = day()
    kind: str = text(length=40)
