"""What the clock does for reviews and lives: a review where none is due, 18th birthdays, long stays, deaths elsewhere.

Each walk takes budgets a thousand at a time by their ids, in a transaction of its own, so that memory stays flat and a
night that is cut short is taken up by the next. Run twice, it does nothing new.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, exists, func, or_, select
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import LIVE
from phbportal.domain.hospital import StayDecision
from phbportal.domain.people import ADULT_AGE, birthday
from phbportal.domain.periods import months_after
from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.reviews import AGE18_MONTHS, REGULAR, ReviewKind, first_due, next_due
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.tasks import AGE18_SOON, AGE18_TODAY, AGE18_WARNING, HOSPITAL_DECIDE
from phbportal.domain.text import long_date, plural
from phbportal.services.endings import end_for_death
from phbportal.services.new_rows import NewRows
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.walks import Walk, walked
from phbportal.tables.base import Row
from phbportal.tables.endings import HospitalStay
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task

RUNNING = (PhbStatus.ACTIVE.value, PhbStatus.CHANGE_PENDING.value, PhbStatus.SUSPENDED.value)
DECIDE_DAYS = 7


def run_review_clock(engine: Engine, *, now: datetime | None = None) -> int:
    """Do what is due today. Returns how many reviews, tasks and endings there are more."""
    walks: tuple[tuple[type[Row], Walk], ...] = (
        (Person, _deaths), (Phb, _without_review), (Phb, _turning_eighteen), (HospitalStay, _long_stays),
    )  # fmt: skip
    return sum(walked(engine, table, walk, now) for table, walk in walks)


def _settings(uow: UnitOfWork) -> Callable[[UUID, str], int]:
    """The settings of boards, each read once a stretch."""

    @cache
    def setting(board: UUID, name: str) -> int:
        return whole_setting(uow, board, name)

    return setting


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
    months = _settings(uow)
    new = NewRows(uow, Review)
    for row in rows:
        if row.held_on is None:
            kind, due = ReviewKind.FIRST, first_due(row.live_on, months(row.icb_id, "review_first_months"))
        else:
            kind, due = ReviewKind.ANNUAL, next_due(row.held_on, months(row.icb_id, "review_next_months"))
        _set(new, row, kind, due)
    new.write()
    return len(rows)


def _set(new: NewRows, row: Any, kind: ReviewKind, due: date) -> None:
    review = new.put(Review, phb_id=row.id, icb_id=row.icb_id, kind=kind.value, due_on=due)
    new.record("review_set_for", icb_id=row.icb_id, phb_id=row.id, person_id=row.person_id, about=review,
               review=kind.value, due_on=due)  # fmt: skip


def _turning_eighteen(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A year before an 18th birthday a review is set and the team warned; warned again half a year before; on the day,
    of children's continuing care, that it ends (invariant I28, domain.md §1.18)."""
    first, again = AGE18_MONTHS
    oldest, youngest = months_after(uow.today, -12 * (ADULT_AGE + 1)), months_after(uow.today, -12 * ADULT_AGE + first)
    reviewed = exists(select(1).where(col(Review.phb_id) == col(Phb.id), col(Review.kind) == ReviewKind.AGE18.value))
    rows = list(
        uow.session.execute(
            select(
                col(Phb.id), col(Phb.icb_id), col(Phb.person_id), col(Phb.reference), col(Phb.cohort),
                col(Person.date_of_birth), reviewed.label("reviewed"), _has(AGE18_WARNING).label("warned"),
                _has(AGE18_SOON).label("soon"), _has(AGE18_TODAY).label("told"),
            )
            .join(Person, col(Person.id) == col(Phb.person_id))
            .where(
                col(Phb.id) > after, col(Phb.id) <= end, col(Phb.status).in_([status.value for status in LIVE]),
                col(Person.died_on).is_(None), col(Person.date_of_birth).between(oldest, youngest),
            )
            .order_by(col(Phb.id))
        )
    )  # fmt: skip
    new, more = NewRows(uow, Review, Task), 0
    for row in rows:
        on = birthday(row.date_of_birth, ADULT_AGE)
        before = new.waiting
        if not row.reviewed:
            _set(new, row, ReviewKind.AGE18, on)
        if on <= uow.today and row.cohort == Cohort.CYPCC and not row.told:
            _ask(new, row, AGE18_TODAY, on, f"{row.reference}: this person is 18. Children’s continuing care has "
                 "ended: close this budget, or say why it goes on.")  # fmt: skip
        elif on > uow.today >= months_after(on, -again) and not row.soon:
            _ask(new, row, AGE18_SOON, on, f"{row.reference}: this person is 18 on {long_date(on)}. What comes after "
                 "should be decided by now.")  # fmt: skip
        elif months_after(on, -again) > uow.today and not row.warned and not row.soon:
            _ask(new, row, AGE18_WARNING, months_after(on, -again), f"{row.reference}: this person is 18 on "
                 f"{long_date(on)}. Begin to plan what comes after, with them and with adult services.")  # fmt: skip
        more += new.waiting > before
    new.write()
    return more


def _has(kind: str) -> Any:
    return exists(select(1).where(col(Task.phb_id) == col(Phb.id), col(Task.kind) == kind))


def _ask(new: NewRows, row: Any, kind: str, due: date, sentence: str) -> None:
    role = Role.CASE_MANAGER
    task = new.put(
        Task, icb_id=row.icb_id, kind=kind, role=role.value, phb_id=row.id, person_id=row.person_id,
        sentence=sentence[:300], due_on=due,
    )  # fmt: skip
    new.record("task_set", icb_id=row.icb_id, about=task, role=ROLE_WORDS[role])


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
            .with_for_update()
        ).scalars()
    )
    setting = _settings(uow)
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
            .with_for_update(of=Person)
        ).scalars()
    )
    return sum(end_for_death(uow, person) for person in rows)
