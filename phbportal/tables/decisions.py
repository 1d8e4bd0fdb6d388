"""Decisions with their reasons, and what came of it when somebody did not agree."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy import text as sql

from phbportal.domain.decisions import DecisionKind, DecisionStatus, Early, Ground
from phbportal.domain.reconsiderations import Asker, How, Outcome, ReconsiderationStatus
from phbportal.tables.base import CheckConstraint, Record, bare_id, day, link, long_text, moment, one_of, pence, text

_ASKED = sql("status = 'ASKED'")


class Decision(Record, table=True):
    """A decision, prepared by one person and approved by another; from then the person it is about sees it.

    ``stream_id`` is empty where it is about the whole budget. ``part_id`` is the part in the person's life that is
    given or refused, ``subject`` what else it is about, as the person would say it. ``early`` says why notice was not
    waited for. ``replacement_id`` is the stream that takes the place of one that stops, ``no_replacement`` why none
    does. ``before_json`` is what it changed, as it was: to put back if it is reversed.
    ``kept_pence`` is what a reduction should have given back of the year's money and could not, as it was paid.
    """

    __tablename__ = "decision"
    __table_args__ = (
        one_of("decision", "kind", DecisionKind),
        one_of("decision", "status", DecisionStatus),
        one_of("decision", "ground", ("", *Ground)),
        one_of("decision", "early", ("", *Early)),
        CheckConstraint("approved_by <> prepared_by", name="ck_decision_second_person"),
        CheckConstraint(
            "(status IN ('PREPARED', 'RETURNED', 'WITHDRAWN')) = (issued_on IS NULL)", name="ck_decision_issued"
        ),
        CheckConstraint("(issued_on IS NULL) = (approved_by IS NULL)", name="ck_decision_approved"),
        Index("ix_decision_board_status", "icb_id", "status", "id"),
        Index("ix_decision_due", "status", "effective_on"),
    )

    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    stream_id: UUID | None = link("stream", default=None)
    part_id: UUID | None = link("person_role", personal=True, default=None, index=False)
    kind: str = text(length=20)
    ground: str = text(personal=True, length=30, default="")
    subject: str = text(personal=True, length=300, default="")
    reasons: str = long_text(personal=True)
    weekly_before_pence: int | None = pence(default=None)
    weekly_after_pence: int | None = pence(default=None)
    effective_on: date = day()
    early: str = text(length=10, default="")
    early_words: str = text(personal=True, length=500, default="")
    replacement_id: UUID | None = link("stream", default=None, index=False)
    no_replacement: str = text(personal=True, length=500, default="")
    status: str = text(length=12)
    prepared_by: UUID = link("user_account", index=False)
    return_reason: str = text(personal=True, length=500, default="")
    approved_by: UUID | None = link("user_account", default=None, index=False)
    issued_on: date | None = day(default=None)
    took_effect_at: datetime | None = moment()
    ended_on: date | None = day(default=None)
    before_json: str = long_text(default="")
    kept_pence: int | None = pence(default=None)


class Reconsideration(Record, table=True):
    """Somebody asks for a decision to be looked at again; somebody who had no part in it answers by ``due_on``.

    ``effective_on`` and ``weekly_pence`` are the new terms of a decision that is changed and goes on.
    """

    __tablename__ = "reconsideration"
    __table_args__ = (
        one_of("reconsideration", "status", ReconsiderationStatus),
        one_of("reconsideration", "asker", Asker),
        one_of("reconsideration", "how", How),
        one_of("reconsideration", "outcome", ("", *Outcome)),
        CheckConstraint(
            "(status = 'DECIDED') = (decided_by IS NOT NULL AND outcome <> '')", name="ck_reconsideration_decided"
        ),
        Index(
            "uq_reconsideration_waits", "decision_id", unique=True, sqlite_where=_ASKED, postgresql_where=_ASKED
        ),
        Index("ix_reconsideration_board_status", "icb_id", "status", "due_on"),
    )  # fmt: skip

    decision_id: UUID = link("decision")
    icb_id: UUID = link("organisation", index=False)
    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    asker: str = text(personal=True, length=20)
    asker_name: str = text(personal=True)
    how: str = text(length=12)
    asked_on: date = day(personal=True)
    words: str = long_text(personal=True)
    due_on: date = day()
    status: str = text(length=12)
    outcome: str = text(length=12, default="")
    reasons: str = long_text(personal=True)
    effective_on: date | None = day(default=None)
    weekly_pence: int | None = pence(default=None)
    decided_by: UUID | None = bare_id(default=None)
    decided_on: date | None = day(default=None)
