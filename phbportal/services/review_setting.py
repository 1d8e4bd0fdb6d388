"""When a review is due: set by somebody, asked for by the holder, or because something changed in a life."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.endings import LIVE
from phbportal.domain.errors import Refusal
from phbportal.domain.phbs import ENDED
from phbportal.domain.reading import Reading
from phbportal.domain.reviews import ASKED_FOR, CHANGE_DAYS, REVIEW_WORDS, ReviewKind
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb, Review


def read_asking(form: Mapping[str, object]) -> str:
    """Read why the holder asks for a review."""
    r = Reading(form)
    reason = r.text("reason", needed="Say what you want to talk about. A few words are enough.", longest=500)
    r.finish()
    return reason


def set_review(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Set a review that no clock set: why, and by when. Returns its id."""
    phb = uow.find(Phb, values["phb_id"], lock=True)
    uow.require(Permission.REVIEW_WRITE, phb)
    kind = ReviewKind(values["kind"])
    if kind not in ASKED_FOR:
        raise Refusal("The portal sets this kind of review by itself.", field="kind")
    if phb.status in {status.value for status in ENDED}:
        raise Refusal("This budget has ended, so there is nothing to review.", field="phb_id")
    if values["due_on"] < uow.today:
        raise Refusal("The review cannot be due in the past. Choose today or a later day.", field="due_on")
    return add_review(uow, phb, kind, values["due_on"], values["reason"]).id


def ask_for_review(uow: UnitOfWork, phb_id: UUID, reason: str) -> UUID:
    """The holder, or whoever represents them, asks for a review: it is due in two weeks (reg 14). Returns its id."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.REVIEW_ANSWER, phb)
    if phb.status not in {status.value for status in LIVE}:
        raise Refusal("This budget is not running, so there is nothing to review yet.")
    waiting = open_reviews(uow, phb.id, (ReviewKind.UNPLANNED,))
    if waiting:
        raise Refusal(f"You have asked already. Your review is by {long_date(waiting[0].due_on)}.", field="reason")
    return add_review(uow, phb, ReviewKind.UNPLANNED, uow.today + timedelta(days=CHANGE_DAYS), reason).id


def add_review(uow: UnitOfWork, phb: Phb, kind: ReviewKind, due_on: date, reason: str) -> Review:
    """A review that is due. Asks no leave: a part of an act that has, or the portal's own clock."""
    review = uow.add(Review, phb_id=phb.id, icb_id=phb.icb_id, kind=kind.value, due_on=due_on, reason=reason or None)
    uow.record("review_set_for", about=review, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               review=kind.value, due_on=due_on)  # fmt: skip
    return review


def review_of_payee(uow: UnitOfWork, part: PersonRole) -> None:
    """After somebody new is paid: a review of each budget whose money they receive, within the board's days. Asks no
    leave: a part of agreeing them, for which leave is asked."""
    days = whole_setting(uow, part.icb_id, "nominee_review_days")
    paid = select(col(Stream.phb_id)).where(col(Stream.payee_role_id) == part.id)
    live = select(Phb).where(col(Phb.id).in_(paid), col(Phb.status).in_([s.value for s in LIVE])).order_by(col(Phb.id))
    for phb in uow.session.execute(live).scalars().all():
        if not open_reviews(uow, phb.id, (ReviewKind.PAYEE,)):
            add_review(uow, phb, ReviewKind.PAYEE, uow.today + timedelta(days=days), f"{part.name} is paid now.")


def review_of_change(uow: UnitOfWork, person_id: UUID, icb_id: UUID, reason: str) -> None:
    """After a change in somebody's life: whether the budget is still enough, within two weeks (reg 13(2)). Asks no
    leave: a part of recording the change, for which leave is asked."""
    live = (
        select(Phb)
        .where(
            col(Phb.person_id) == person_id, col(Phb.icb_id) == icb_id, col(Phb.status).in_([s.value for s in LIVE])
        )
        .order_by(col(Phb.id))
    )  # fmt: skip
    for phb in uow.session.execute(live).scalars().all():
        if not open_reviews(uow, phb.id, (ReviewKind.CHANGE,)):
            add_review(uow, phb, ReviewKind.CHANGE, uow.today + timedelta(days=CHANGE_DAYS), reason)


def not_needed(uow: UnitOfWork, review_id: UUID, values: Mapping[str, Any]) -> None:
    """Say why a review that somebody asked for is not needed any more; those the law wants are held."""
    review = uow.find(Review, review_id, lock=True)
    uow.require(Permission.REVIEW_WRITE, review)
    check_open(review)
    if ReviewKind(review.kind) not in ASKED_FOR:
        words = REVIEW_WORDS[ReviewKind(review.kind)]
        raise Refusal(f"A {words[0].lower()}{words[1:]} has to be held.", field="why")
    uow.change(review, not_needed_on=uow.today, reason=values["why"])
    uow.record("review_not_needed", about=review, phb_id=review.phb_id, person_id=person_of(uow, review),
               review=review.kind)  # fmt: skip


def drop_reviews(uow: UnitOfWork, phb: Phb) -> None:
    """Reviews that wait are not needed once a budget has ended. Asks no leave: a part of ending it."""
    for review in open_reviews(uow, phb.id, tuple(ReviewKind)):
        uow.change(review, not_needed_on=uow.today)
        uow.record("review_not_needed", about=review, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
                   review=review.kind)  # fmt: skip


def check_open(review: Review) -> None:
    """Refuse what was held or is not needed any more."""
    if review.held_on is not None:
        raise Refusal("This review has been held already. Reload the page to see what was found.")
    if review.not_needed_on is not None:
        raise Refusal("This review is not needed any more. Set another one if there is something to look at.")


def open_reviews(uow: UnitOfWork, phb_id: UUID, kinds: Sequence[ReviewKind]) -> list[Review]:
    """The reviews of a budget of these kinds that wait, locked, the earliest first."""
    return list(
        uow.session.execute(
            select(Review)
            .where(
                col(Review.phb_id) == phb_id, col(Review.kind).in_([kind.value for kind in kinds]),
                col(Review.held_on).is_(None), col(Review.not_needed_on).is_(None),
            )
            .order_by(col(Review.due_on), col(Review.id))
            .with_for_update(key_share=True)
        ).scalars()
    )  # fmt: skip


def person_of(uow: UnitOfWork, review: Review) -> UUID:
    """Whose review it is."""
    return uow.session.get_one(Phb, review.phb_id).person_id
