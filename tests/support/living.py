"""What happens in a life, for tests: a budget that has been paid, a review held, a death, an ending settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.plans import OutcomeStatus
from phbportal.domain.reviews import MoneyUsed, ReviewResult
from phbportal.services import closing, endings, hospital, reviews
from phbportal.services.reviews import Progress, ReviewEntry
from phbportal.tables.endings import PhbEnding
from phbportal.tables.phbs import Review
from tests.support.journey import Case
from tests.support.world import World


def waiting_reviews(world: World, case: Case) -> list[Review]:
    """The reviews of a budget that wait, the earliest first."""
    with world.unit(world.cm, writes=False) as uow:
        found = select(Review).where(
            col(Review.phb_id) == case.phb_id, col(Review.held_on).is_(None), col(Review.not_needed_on).is_(None)
        )
        return list(uow.session.execute(found.order_by(col(Review.due_on), col(Review.id))).scalars())


def entry(world: World, case: Case, on: date, next_due: date, **more: Any) -> ReviewEntry:
    """A review that found nothing wrong; every outcome is being worked towards."""
    with world.unit(world.cm, writes=False) as uow:
        outcomes = [outcome.id for outcome in reviews.outcomes_in_force(uow, case.phb_id)]
    found = ReviewEntry(
        on, "Amina and her case manager", "The mornings work well and the assistant stays.", True, True,
        MoneyUsed.AS_AGREED, ReviewResult.CONTINUE, "", next_due,
        tuple(Progress(one, OutcomeStatus.WORKING, "Most mornings") for one in outcomes),
    )  # fmt: skip
    return replace(found, **more)


def hold(world: World, review_id: UUID, held: ReviewEntry) -> None:
    world.do(world.cm, lambda uow: reviews.hold_review(uow, review_id, held), on=held.held_on)


def die(world: World, person_id: UUID, died_on: date, *, on: date) -> None:
    told = endings.DeathEntry(died_on, "A daughter")
    world.do(world.cm, lambda uow: endings.record_death(uow, person_id, told), on=on)


def stay(world: World, person_id: UUID, admitted_on: date, discharged_on: date | None, *, on: date) -> UUID:
    values = {"person_id": person_id, "admitted_on": admitted_on, "discharged_on": discharged_on,
              "reported_by": "The ward", "note": ""}  # fmt: skip
    return world.do(world.cm, lambda uow: hospital.record_stay(uow, values), on=on)


def ending_of(world: World, case: Case) -> PhbEnding:
    """The end of a budget that was not taken back."""
    with world.unit(world.finance, writes=False) as uow:
        e = PhbEnding
        found = select(e).where(col(e.phb_id) == case.phb_id, col(e.taken_back_on).is_(None))
        return uow.session.execute(found).scalar_one()


def settle(world: World, ending_id: UUID, *, balance: int, owed: int = 0, on: date) -> None:
    """The final return with its balance, and what is owed."""
    world.do(
        world.finance, lambda uow: closing.record_return(uow, ending_id, {"return_on": on, "balance": balance}), on=on
    )
    owing = {"owed": owed, "owed_for": "Last wages and tax"}
    world.do(world.finance, lambda uow: closing.record_liabilities(uow, ending_id, owing), on=on)


def close(world: World, ending_id: UUID, *, on: date) -> None:
    world.do(world.finance2, lambda uow: closing.close_phb(uow, ending_id, {}), on=on)
