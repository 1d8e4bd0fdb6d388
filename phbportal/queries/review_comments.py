"""What was said before a review by those who are paid for the person: to the team, and each to whoever said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import label, select, true
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.reviews import ASKED_BEFORE, SAID_AS_WORDS, SaidAs
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.parties import held_by
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.reviews import ReviewComment


@dataclass(frozen=True, slots=True)
class CommentView:
    """One thing that was said: who, when, and the words."""

    by: str
    words: str


@dataclass(frozen=True, slots=True)
class ReviewToCome:
    """The next review of a stream somebody is paid: by when, and what they said so far. Empty where none is planned."""

    stream_id: str = ""
    by: str = ""
    words: str = ""
    said: str = ""


def comments_before(session: Session, actor: Actor, today: date, review_id: UUID) -> list[CommentView]:
    """What was said before a review, the first first. One statement."""
    c = ReviewComment
    rows = session.execute(
        select(c).where(col(c.review_id) == review_id, visible(actor, c, today)).order_by(col(c.id))
    ).scalars()
    return [
        CommentView(
            f"{row.said_name} ({SAID_AS_WORDS[SaidAs(row.said_as)].lower()}), {long_date(row.said_on)}", row.words
        )
        for row in rows
    ]


def review_to_come(
    session: Session, actor: Actor, today: date, *, stream_id: UUID | None = None, reference: str = ""
) -> ReviewToCome:  # fmt: skip
    """The next review of a stream, or of the first stream of a budget, that a nominee or an organisation is paid.

    Only that it is to come: the review itself is not theirs to read. Two statements; nothing for anybody else.
    """
    if actor.role not in (Role.NOMINEE, Role.PROVIDER):
        return ReviewToCome()
    statement = (
        select(col(Review.id), col(Review.due_on), label("stream_id", col(Stream.id)))
        .join(Phb, col(Phb.id) == col(Review.phb_id))
        .join(Stream, col(Stream.phb_id) == col(Phb.id))
        .where(
            visible(actor, Stream, today),
            held_by(actor) if actor.role is Role.PROVIDER else true(),
            col(Review.held_on).is_(None),
            col(Review.not_needed_on).is_(None),
            col(Review.kind).in_([kind.value for kind in ASKED_BEFORE]),
        )
        .order_by(col(Review.due_on), col(Review.id), col(Stream.id))
        .limit(1)
    )
    which = col(Phb.reference) == reference if stream_id is None else col(Stream.id) == stream_id
    row = session.execute(statement.where(which)).one_or_none()
    if row is None:
        return ReviewToCome()
    c = ReviewComment
    said = session.execute(
        select(col(c.words), col(c.said_on)).where(
            col(c.review_id) == row.id, col(c.stream_id) == row.stream_id, col(c.said_by) == actor.user_id,
            visible(actor, c, today),
        )
    ).one_or_none()  # fmt: skip
    return ReviewToCome(
        str(row.stream_id), long_date(row.due_on), said.words if said else "",
        f"You said this on {long_date(said.said_on)}. You can change it until the review." if said else "",
    )  # fmt: skip
