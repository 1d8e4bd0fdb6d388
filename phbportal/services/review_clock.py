"""What the clock does for reviews and lives: a review where none is due, 18th birthdays, long stays, deaths elsewhere.

Each walk takes budgets a thousand at a time by their ids, in a transaction of its own, so that memory stays flat and a
night that is cut short is taken up by the next. Run twice, it does nothing new.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, exists, func, or_, select
from sqlmodel import col

from phbportal.domain.endings import EndReason
from phbportal.domain.hospital import StayDecision
from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.reviews import (
    REGULAR,
    ReviewKind,
    first_due,
    next_due,
)
from phbportal.domain.roles import Role
from phbportal.domain.tasks import (
    HOSPITAL_DECIDE,
)
from phbportal.domain.text import long_date, plural
from phbportal.services.endings import end_for_death, set_death_review
from phbportal.services.growing_up import growing_up, grown_up, set_new, turning_eighteen
from phbportal.services.new_rows import NewRows
from phbportal.services.policies import settings_read_once
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.walks import Left, Walk, walked
from phbportal.tables.base import Row
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.endings import HospitalStay, PhbEnding
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task

RUNNING = (PhbStatus.ACTIVE.value, PhbStatus.CHANGE_PENDING.value, PhbStatus.SUSPENDED.value)
DECIDE_DAYS = 7


def run_review_clock(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """Do what is due today. Returns how many reviews, tasks and endings there are more."""
    walks: tuple[tuple[type[Row], Walk], ...] = (
        (Person, _deaths), (PhbEnding, _unreviewed_deaths), (Phb, _without_review), (Phb, growing_up),
        (Phb, turning_eighteen), (Eligibility, grown_up), (HospitalStay, _long_stays),
    )  # fmt: skip
    return sum(walked(engine, table, walk, now, left) for table, walk in walks)


def _without_review(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A budget that runs and has no regular review to come gets one: the law wants it, whoever forgot it (I22)."""
    r = Review
    waiting = exists(
        select(1).where(
            col(r.phb_id) == col(Phb.id), col(r.kind).in_([kind.value for kind in REGULAR]), col(r.held_on).is_(None),
            col(r.not_needed_on).is_(None),
        )
    )  # fmt: skip
    held = select(func.max(col(r.held_on))).where(col(r.phb_id) == col(Phb.id)).scalar_subquery()
    rows = list(
        uow.session.execute(
            select(col(Phb.id), col(Phb.icb_id), col(Phb.person_id), col(Phb.live_on), held.label("held_on"))
            .where(
                col(Phb.id) > after, col(Phb.id) <= end,
                col(Phb.status).in_(RUNNING), col(Phb.live_on).is_not(None), ~waiting,
                or_(col(Phb.kind) == PhbKind.ONGOING.value, held.is_(None)),
            )
            .order_by(col(Phb.id))
        )
    )  # fmt: skip
    months = settings_read_once(uow)
    new = NewRows(uow, Review)
    for row in rows:
        if row.held_on is None:
            kind, due = ReviewKind.FIRST, first_due(row.live_on, months(row.icb_id, "review_first_months"))
        else:
            kind, due = ReviewKind.ANNUAL, next_due(row.held_on, months(row.icb_id, "review_next_months"))
        set_new(new, row, kind, due)
    new.write()
    return len(rows)


def _unreviewed_deaths(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A budget that a death ended, and whose accounts are open, has a review after a death; one that was begun to be
    closed before there were any gets its."""
    e = PhbEnding
    reviewed = exists(select(1).where(col(Review.phb_id) == col(e.phb_id), col(Review.kind) == ReviewKind.DEATH.value))
    rows = uow.session.execute(
        select(e)
        .where(
            col(e.id) > after, col(e.id) <= end, col(e.reason) == EndReason.DIED.value, col(e.closed_on).is_(None),
            col(e.taken_back_on).is_(None), ~reviewed,
        )
        .order_by(col(e.id))
    ).scalars().all()  # fmt: skip
    for ending in rows:
        phb = uow.session.get_one(Phb, ending.phb_id)
        set_death_review(uow, phb, uow.session.get_one(Person, phb.person_id).died_on or ending.ends_on)
    return len(rows)


def _long_stays(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """Somebody in hospital for longer than the board pays in full: a person decides what is paid (domain.md §4.9)."""
    s = HospitalStay
    rows = list(
        uow.session.execute(
            select(s)
            .where(
                col(s.id) > after,
                col(s.id) <= end,
                col(s.decision) == StayDecision.NONE.value,
                col(s.asked_on).is_(None),
            )
            .order_by(col(s.id))
            .with_for_update(key_share=True)
        ).scalars()
    )
    setting = settings_read_once(uow)
    asked = 0
    for stay in rows:
        days = setting(stay.icb_id, "hospital_full_pay_days")
        over = stay.admitted_on + timedelta(days=days)
        if stay.discharged_on is not None and stay.discharged_on <= over:
            uow.change(stay, asked_on=uow.today)  # home in time: there is nothing to ask
        elif over <= uow.today:
            uow.change(stay, asked_on=uow.today)
            uow.add(
                Task, icb_id=stay.icb_id, kind=HOSPITAL_DECIDE, role=Role.CASE_MANAGER.value, person_id=stay.person_id,
                sentence=f"This person went into hospital on {long_date(stay.admitted_on)}, and your board pays "
                f"{plural(days, 'day')} in full. Decide with them what is paid from then on.",
                due_on=uow.today + timedelta(days=DECIDE_DAYS),
            )  # fmt: skip
            asked += 1
    return asked


def _deaths(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """Somebody who has died has a budget that still runs: another board recorded it, or a file did."""
    going_on = [status.value for status in PhbStatus if status not in ENDED and status is not PhbStatus.CLOSING]
    runs = exists(select(1).where(col(Phb.person_id) == col(Person.id), col(Phb.status).in_(going_on)))
    rows = list(
        uow.session.execute(
            select(Person)
            .where(col(Person.id) > after, col(Person.id) <= end, col(Person.died_on).is_not(None), runs)
            .order_by(col(Person.id))
            .with_for_update(of=Person, key_share=True)
        ).scalars()
    )
    return sum(end_for_death(uow, person) for person in rows)
