"""What happens in the lives of the demo world: reviews held, a stay in hospital, a death, a budget closed."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo.steps import Case
from phbportal.domain.endings import EndReason
from phbportal.domain.plans import OutcomeStatus
from phbportal.domain.reviews import REGULAR, Control, MoneyUsed, ReviewResult, Satisfaction, next_due
from phbportal.policy.actors import Actor
from phbportal.services import closing, endings, hospital, review_answers, reviews
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.endings import PhbEnding
from phbportal.tables.phbs import Review


def reviewed(
    case: Case, by: Actor, findings: str, said: str, *, on: date, used: MoneyUsed = MoneyUsed.AS_AGREED,
    result: ReviewResult = ReviewResult.CONTINUE, then: str = "", well: Satisfaction = Satisfaction.GOOD,
    decides: Control = Control.YES,
) -> None:  # fmt: skip
    """The regular review that waits is held at home; the holder said how it works, and the team wrote it down."""

    def answer(uow: UnitOfWork) -> None:
        entry = review_answers.AnswerEntry(well, decides, said)
        review_answers.record_answer(uow, _waiting(uow, case.phb_id), entry)

    def hold(uow: UnitOfWork) -> None:
        outcomes = reviews.outcomes_in_force(uow, case.phb_id)
        progress = tuple(reviews.Progress(one.id, OutcomeStatus.WORKING) for one in outcomes)
        entry = reviews.ReviewEntry(
            on, "The holder and their case manager, at home", findings, True, True, used, result, then, next_due(on),
            progress,
        )  # fmt: skip
        reviews.hold_review(uow, _waiting(uow, case.phb_id), entry)

    case.act(by, "said at the review", on, answer)
    case.act(by, "reviewed", on, hold)


def _waiting(uow: UnitOfWork, phb_id: UUID) -> UUID:
    found = select(col(Review.id)).where(
        col(Review.phb_id) == phb_id, col(Review.held_on).is_(None), col(Review.not_needed_on).is_(None),
        col(Review.kind).in_([kind.value for kind in REGULAR]),
    )  # fmt: skip
    return uow.session.execute(found.order_by(col(Review.due_on)).limit(1)).scalar_one()


def in_hospital(case: Case, by: Actor, since: date, told_by: str, note: str, *, on: date) -> None:
    """A stay is recorded, and not ended yet."""
    values = {"person_id": case.person_id, "admitted_on": since, "discharged_on": None, "reported_by": told_by,
              "note": note}  # fmt: skip
    case.act(by, "in hospital", on, lambda uow: hospital.record_stay(uow, values))


def died(case: Case, by: Actor, died_on: date, told_by: str, *, on: date) -> None:
    """A death is recorded: payments are held and the budget is being closed."""
    entry = endings.DeathEntry(died_on, told_by)
    case.act(by, "died", on, lambda uow: endings.record_death(uow, case.person_id, entry))


def settled_and_closed(case: Case, by: Actor, finance: Actor, second: Actor, reason: EndReason, *, on: date) -> None:
    """A budget ended, nothing is left or owed, and somebody else closes it the same day."""
    begun = {"phb_id": case.phb_id, "reason": reason.value, "ends_on": on, "care": ""}
    ending = UUID(case.act(by, "ended", on, lambda uow: endings.begin_ending(uow, begun)))
    returned = {"return_on": on, "balance": 0}
    owed = {"owed": 0, "owed_for": "Nothing is owed"}
    case.act(finance, "final return", on, lambda uow: closing.record_return(uow, ending, returned))
    case.act(finance, "nothing owed", on, lambda uow: closing.record_liabilities(uow, ending, owed))
    case.act(second, "closed", on, lambda uow: closing.close_phb(uow, uow.find(PhbEnding, ending).id, {}))
