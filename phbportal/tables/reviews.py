"""What goes with a review (tables/phbs.py): how each outcome stood, and what the holder said."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint

from phbportal.domain.plans import OutcomeStatus
from phbportal.domain.reviews import AnsweredBy, Control, SaidAs, Satisfaction
from phbportal.tables.base import Record, day, link, long_text, one_of, text


class ReviewOutcome(Record, table=True):
    """How an outcome of the plan stood on the day a review was held."""

    __tablename__ = "review_outcome"
    __table_args__ = (
        one_of("review_outcome", "status", OutcomeStatus),
        UniqueConstraint("review_id", "outcome_id", name="uq_review_outcome"),
    )

    review_id: UUID = link("review")
    outcome_id: UUID = link("outcome", index=False)
    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    status: str = text(length=12)
    note: str = text(personal=True, length=500, default="")


class ReviewAnswer(Record, table=True):
    """What the holder says of their budget before or at a review: how it works, whether they decide, in their words."""

    __tablename__ = "review_answer"
    __table_args__ = (
        one_of("review_answer", "satisfaction", Satisfaction),
        one_of("review_answer", "control", Control),
        one_of("review_answer", "answered_by", AnsweredBy),
        UniqueConstraint("review_id", name="uq_review_answer"),
    )

    review_id: UUID = link("review", index=False)
    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    satisfaction: str = text(personal=True, length=12)
    control: str = text(personal=True, length=12)
    words: str = long_text(personal=True)
    answered_by: str = text(length=16)
    answered_on: date = day()


class ReviewComment(Record, table=True):
    """What somebody who is paid for the person says before a review: a nominee, or whoever holds a third-party budget.

    It hangs on the stream they answer for; ``said_by`` is who wrote it. The team reads it, and they themselves.
    """

    __tablename__ = "review_comment"
    __table_args__ = (
        one_of("review_comment", "said_as", SaidAs),
        UniqueConstraint("review_id", "stream_id", "said_by", name="uq_review_comment"),
    )

    review_id: UUID = link("review", index=False)
    stream_id: UUID = link("stream")
    phb_id: UUID = link("phb")
    icb_id: UUID = link("organisation", index=False)
    said_as: str = text(length=10)
    said_by: UUID = link("user_account", index=False)
    said_name: str = text(personal=True)
    said_on: date = day()
    words: str = text(personal=True, length=2000)
