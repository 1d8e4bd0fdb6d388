"""What the holder says of their budget: how it works for them, and whether they decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.reading import Reading, given
from phbportal.domain.reviews import AnsweredBy, Control, Satisfaction
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.services.review_setting import person_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Review
from phbportal.tables.reviews import ReviewAnswer


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What the holder says: how well it works, whether they decide, and their own words."""

    satisfaction: Satisfaction
    control: Control
    words: str = ""


def read_answer(form: Mapping[str, object]) -> AnswerEntry:
    """Read what the holder says of their budget."""
    r = Reading(form)
    satisfaction = r.choice("satisfaction", Satisfaction, needed="Choose how well your budget works.")
    control = r.choice("control", Control, needed="Choose whether you decide about your care.")
    words = r.text("words", longest=2000)
    r.finish()
    return AnswerEntry(given(satisfaction), given(control), words)


def answer_review(uow: UnitOfWork, review_id: UUID, entry: AnswerEntry) -> None:
    """The holder, or whoever represents them, says how the budget works; until the review is held they may say anew.
    What a person said themselves nobody else says anew."""
    review = uow.find(Review, review_id, lock=True)
    uow.require(Permission.REVIEW_ANSWER, review)
    who = AnsweredBy.HOLDER if uow.actor.role is Role.HOLDER else AnsweredBy.REPRESENTATIVE
    earlier = _answer_of(uow, review.id)
    if who is AnsweredBy.REPRESENTATIVE and earlier is not None and earlier.answered_by == AnsweredBy.HOLDER:
        raise NotAllowed("They have answered themselves. What they said is kept as they said it.")
    _answer(uow, review, entry, who)


def record_answer(uow: UnitOfWork, review_id: UUID, entry: AnswerEntry) -> None:
    """Write down what the holder said at the review. What they said themselves in the portal stays as they said it."""
    review = uow.find(Review, review_id, lock=True)
    uow.require(Permission.REVIEW_WRITE, review)
    earlier = _answer_of(uow, review.id)
    if earlier is not None and earlier.answered_by != AnsweredBy.STAFF:
        raise NotAllowed("They have answered themselves. What they said is kept as they said it.")
    _answer(uow, review, entry, AnsweredBy.STAFF)


def _answer(uow: UnitOfWork, review: Review, entry: AnswerEntry, who: AnsweredBy) -> None:
    if review.held_on is not None and who is not AnsweredBy.STAFF:
        raise Refusal("This review has been held. You can ask for another one.")
    if review.not_needed_on is not None:
        raise Refusal("This review is not needed any more.")
    said = {"satisfaction": entry.satisfaction.value, "control": entry.control.value, "words": entry.words,
            "answered_by": who.value, "answered_on": uow.today}  # fmt: skip
    earlier = _answer_of(uow, review.id)
    if earlier is None:
        uow.add(ReviewAnswer, review_id=review.id, phb_id=review.phb_id, icb_id=review.icb_id, **said)
    else:
        uow.change(earlier, **said)
    uow.record("review_answered", about=review, icb_id=review.icb_id, phb_id=review.phb_id,
               person_id=person_of(uow, review), review=review.kind)  # fmt: skip


def _answer_of(uow: UnitOfWork, review_id: UUID) -> ReviewAnswer | None:
    found = select(ReviewAnswer).where(col(ReviewAnswer.review_id) == review_id)
    return uow.session.execute(found).scalar_one_or_none()
