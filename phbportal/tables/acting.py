"""People who act for a person, and assessments of a person's capacity."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.acting import Acting, ActingStatus, Basis, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.relations import Relation
from phbportal.tables.base import CheckConstraint, Record, Row, bare_id, day, link, one_of, text, yes_no


class PersonRole(Record, table=True):
    """Somebody who acts for a person: a user once they have signed in, or an organisation, always by name.

    Of a certificate only its date and reference are kept, never the certificate (domain.md §1.3). ``nominator_id`` is
    the part of the representative who nominated a nominee, ``wanted_for`` what whoever nominated them wants them to do,
    ``letters_by`` is how they chose to get letters (empty for the post) and ``email`` where to;
    ``individual`` who at an organisation looks after the money from day to day: it is they who are checked.
    """

    __tablename__ = "person_role"
    __table_args__ = (
        one_of("person_role", "role", Acting),
        one_of("person_role", "basis", ("", *Basis)),
        one_of("person_role", "nominated_by", ("", *NominatedBy)),
        one_of("person_role", "relation", Relation),
        one_of("person_role", "status", ActingStatus),
        CheckConstraint("user_id IS NULL OR organisation_id IS NULL", name="ck_person_role_party"),
        CheckConstraint("(basis <> '') = (role = 'REPRESENTATIVE')", name="ck_person_role_basis_role"),
        CheckConstraint("(nominated_by <> '') = (role = 'NOMINEE')", name="ck_person_role_nominated_role"),
        Index("ix_person_role_user", "user_id", "status"),
        Index("ix_person_role_organisation", "organisation_id", "status"),
        Index("ix_person_role_waiting", "icb_id", "status"),
    )

    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    role: str = text(personal=True, length=20)
    user_id: UUID | None = link("user_account", personal=True, default=None, index=False)
    organisation_id: UUID | None = link("organisation", personal=True, default=None, index=False)
    name: str = text(personal=True)
    contact: str = text(personal=True, length=300, default="")
    basis: str = text(personal=True, length=20, default="")
    nominated_by: str = text(personal=True, length=20, default="")
    relation: str = text(personal=True, length=20)
    lives_in_household: bool = yes_no(personal=True)
    involved_friend: bool = yes_no(personal=True)
    status: str = text(length=12)
    proposed_by: UUID | None = bare_id(default=None)
    agreed_on: date | None = day(personal=True, default=None)
    dbs_on: date | None = day(personal=True, default=None)
    dbs_reference: str = text(personal=True, length=40, default="")
    dbs_checked_by: UUID | None = bare_id(default=None)
    board_agreed_on: date | None = day(default=None)
    board_agreed_by: UUID | None = bare_id(default=None)
    ended_on: date | None = day(personal=True, default=None)
    end_reason: str = text(personal=True, length=300, default="")
    nominator_id: UUID | None = bare_id(personal=True, default=None)
    wanted_for: str | None = text(personal=True, length=300, default=None)
    individual: str | None = text(personal=True, default=None)
    email: str | None = text(personal=True, length=254, default=None)
    letters_by: str | None = text(personal=True, length=12, default=None)


class CapacityAssessment(Row, table=True):
    """One decision, whether the person could make it, who assessed that, and when to look again."""

    __tablename__ = "capacity_assessment"
    __table_args__ = (one_of("capacity_assessment", "outcome", Capacity),)

    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation")
    decision: str = text(personal=True, length=300)
    outcome: str = text(personal=True, length=12)
    assessed_on: date = day(personal=True)
    assessed_by: str = text(personal=True)
    review_on: date | None = day(personal=True, default=None)
