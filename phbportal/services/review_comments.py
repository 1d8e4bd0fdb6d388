"""What those who are paid for a person say before a review: a nominee, or the organisation that holds the money."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.reading import Reading
from phbportal.domain.reviews import ASKED_BEFORE, SaidAs
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.queries.parties import held_by
from phbportal.services.review_setting import open_reviews, person_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.reviews import ReviewComment


def read_comment(form: Mapping[str, object]) -> str:
    """Read what is said before a review."""
    r = Reading(form)
    words = r.text("before_review", needed="Write what the team should know.", longest=2000)
    r.finish()
    return words


def _holds(uow: UnitOfWork, stream_id: UUID) -> bool:
    held = select(1).where(col(Stream.id) == stream_id, held_by(uow.actor))
    return uow.session.execute(held).first() is not None


def comment_on_review(uow: UnitOfWork, stream_id: UUID, words: str) -> None:
    """Say before the next review how it goes with the money one is paid; until it is held it may be said anew.

    Asked of the stream: a nominee or a provider sees no review, only that one is to come. Refuses an organisation that
    was offered the money and does not hold it: it has nothing to tell of yet.
    """
    stream = uow.find(Stream, stream_id)
    uow.require(Permission.REVIEW_COMMENT, stream)
    if uow.actor.role is Role.PROVIDER and not _holds(uow, stream.id):
        raise NotAllowed("Your organisation does not hold this money yet, so it is not asked before a review.")
    waiting = open_reviews(uow, stream.phb_id, ASKED_BEFORE)
    if not waiting:
        raise Refusal("No review is planned. Reload the page.", field="before_review")
    review, user_id = waiting[0], uow.actor.user_id
    c = ReviewComment
    earlier = uow.session.execute(
        select(c).where(col(c.review_id) == review.id, col(c.stream_id) == stream.id, col(c.said_by) == user_id)
    ).scalar_one_or_none()
    said = {"words": words, "said_name": uow.actor.display_name, "said_on": uow.today}
    if earlier is None:
        who = SaidAs.NOMINEE if uow.actor.role is Role.NOMINEE else SaidAs.PROVIDER
        uow.add(c, review_id=review.id, stream_id=stream.id, phb_id=stream.phb_id, icb_id=stream.icb_id,
                said_as=who.value, said_by=user_id, **said)  # fmt: skip
    else:
        uow.change(earlier, **said)
    uow.record("review_commented", about=review, icb_id=stream.icb_id, phb_id=stream.phb_id,
               person_id=person_of(uow, review), review=review.kind)  # fmt: skip
