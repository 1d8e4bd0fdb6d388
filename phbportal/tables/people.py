"""People (budget holders) and which board is responsible for them, by date."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy import text as sql

from phbportal.domain.national import NHS_NUMBER_STATUS_WORDS
from phbportal.tables.base import Record, Row, day, link, long_text, one_of, sort_text, text, yes_no


class Person(Record, table=True):
    __tablename__ = "person"
    __table_args__ = (
        one_of("person", "nhs_number_status", tuple(NHS_NUMBER_STATUS_WORDS)),
        CheckConstraint("nhs_number IS NULL OR length(nhs_number) = 10", name="ck_person_nhs_number"),
        Index("uq_person_nhs_number", "nhs_number", unique=True, sqlite_where=sql("nhs_number IS NOT NULL"),
              postgresql_where=sql("nhs_number IS NOT NULL")),
        Index("ix_person_search", "search_name", "id"),
        Index("ix_person_search_given", "search_given", "id"),
    )  # fmt: skip

    nhs_number: str | None = text(personal=True, length=10, default=None)
    nhs_number_status: str = text(personal=True, length=2, default="07")
    local_reference: str | None = text(personal=True, length=40, default=None, index=True)
    given_name: str = text(personal=True)
    family_name: str = text(personal=True)
    known_as: str = text(personal=True, default="")
    search_name: str = sort_text(personal=True)
    search_given: str = sort_text(personal=True)
    date_of_birth: date = day(personal=True)
    died_on: date | None = day(personal=True, default=None)
    address: str = text(personal=True, length=500, default="")
    postcode: str = text(personal=True, length=10, default="")
    telephone: str = text(personal=True, length=20, default="")
    email: str | None = text(personal=True, length=254, default=None)
    letters_by: str | None = text(personal=True, length=12, default=None)
    communication_needs: str = long_text(personal=True)
    easy_read: bool = yes_no(personal=True)
    lacks_capacity: bool = yes_no(personal=True)
    sign_in_on: bool = yes_no(why="whether the board has switched sign-in on; says nothing of the person")


class PersonResponsibility(Record, table=True):
    """Which board answers for a person, from a day to a day (both included)."""

    __tablename__ = "person_responsibility"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ck_person_responsibility_dates"),
        Index("ix_person_responsibility_board", "person_id", "icb_id", "starts_on"),
    )

    person_id: UUID = link("person", index=False)
    icb_id: UUID = link("organisation")
    starts_on: date = day()
    ends_on: date | None = day(default=None)


class PassedOn(Row, table=True):
    """Which board has, today, what a board that ended wrote of a person. Rows that can never change keep the board that
    wrote them; ``queries/passed_on.py`` reads them by this. If a board that took over ends too, ``icb_id`` moves on."""

    __tablename__ = "passed_on"
    __table_args__ = (
        UniqueConstraint("person_id", "from_icb_id", name="uq_passed_on"),
        Index("ix_passed_on_board", "icb_id", "from_icb_id"),
        CheckConstraint("from_icb_id <> icb_id", name="ck_passed_on_two_boards"),
    )

    person_id: UUID = link("person", index=False)
    from_icb_id: UUID = link("organisation", index=False)
    icb_id: UUID = link("organisation", index=False)
    succeeds_on: date = day()


class Import(Row, table=True):
    """A file brought in: its digest and what came of it, so that the same file is not brought in twice."""

    __tablename__ = "import_file"

    kind: str = text(length=20)
    icb_id: UUID | None = link("organisation", default=None)
    sha256: str = text(length=64, index=True)
    outcome: str = long_text()
    approved_by: UUID | None = link("user_account", default=None)
