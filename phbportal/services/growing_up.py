"""Growing up, as the night's work sees it: what a child in continuing care is asked at 14 and 16, what comes before an
18th birthday, and what ends on it (domain.md §1.3, §1.18; invariant I28). Turning 16 itself is ``birthdays.py``.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import LIVE
from phbportal.domain.people import ADULT_AGE, birthday
from phbportal.domain.periods import months_after
from phbportal.domain.reviews import AGE18_MONTHS, CHECKLIST_AGE, PRINCIPLE_AGE, ReviewKind
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.tasks import AGE14_CHECKLIST, AGE16_PRINCIPLE, AGE18_SOON, AGE18_TODAY, AGE18_WARNING
from phbportal.domain.text import long_date
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review, Task


def growing_up(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """A child in continuing care is 14: the adult checklist begins; 16: what comes after 18 is decided in principle.
    Of one who is older already only what is still of use is asked (domain.md §1.3)."""
    oldest = months_after(uow.today, -12 * ADULT_AGE + AGE18_MONTHS[0])
    rows = list(
        uow.session.execute(
            select(
                col(Phb.id), col(Phb.icb_id), col(Phb.person_id), col(Phb.reference), col(Person.date_of_birth),
                _has(AGE14_CHECKLIST).label("begun"), _has(AGE16_PRINCIPLE).label("decided"),
            )
            .join(Person, col(Person.id) == col(Phb.person_id))
            .where(
                col(Phb.id) > after, col(Phb.id) <= end, col(Phb.status).in_([status.value for status in LIVE]),
                col(Phb.cohort) == Cohort.CYPCC.value, col(Person.died_on).is_(None),
                col(Person.date_of_birth) > oldest,
                col(Person.date_of_birth) <= months_after(uow.today, -12 * CHECKLIST_AGE),
            )
            .order_by(col(Phb.id))
        )
    )  # fmt: skip
    new, more = NewRows(uow, Task), 0
    for row in rows:
        sixteen = birthday(row.date_of_birth, PRINCIPLE_AGE)
        before = new.waiting
        if uow.today >= sixteen and not row.decided:
            _ask(new, row, AGE16_PRINCIPLE, months_after(sixteen, 12), f"{row.reference}: this person is 16. Decide in "
                 "principle, with adult services, what they will be eligible for at 18.")  # fmt: skip
        elif uow.today < sixteen and not row.begun:
            fourteen = birthday(row.date_of_birth, CHECKLIST_AGE)
            _ask(new, row, AGE14_CHECKLIST, months_after(fourteen, 6), f"{row.reference}: this person is 14. Begin the "
                 "checklist for adult NHS continuing healthcare, and tell adult services.")  # fmt: skip
        more += new.waiting > before
    new.write()
    return more


def turning_eighteen(uow: UnitOfWork, after: UUID, end: UUID) -> int:
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
            set_new(new, row, ReviewKind.AGE18, on)
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


def grown_up(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """Children's continuing care ends by the 18th birthday: its last day is the one before (invariant I28)."""
    e = Eligibility
    rows = uow.session.execute(
        select(e, col(Person.date_of_birth))
        .join(Person, col(Person.id) == col(e.person_id))
        .where(
            col(e.id) > after, col(e.id) <= end, col(e.cohort) == Cohort.CYPCC.value,
            or_(col(e.ends_on).is_(None), col(e.ends_on) >= uow.today),
            col(Person.date_of_birth) <= months_after(uow.today, -12 * ADULT_AGE),
        )
        .order_by(col(e.id))
        .with_for_update(of=e)
    ).all()  # fmt: skip
    ended = 0
    for eligibility, born in rows:
        on = birthday(born, ADULT_AGE)
        if uow.today >= on:  # born on 29 February: a day later than months count
            last = max(eligibility.starts_on, on - timedelta(days=1))
            if not uow.change(eligibility, ends_on=last, end_reason="18 years old"):
                continue  # it would only begin later: that it never does is told once
            uow.record("eligibility_ended", about=eligibility, icb_id=eligibility.icb_id,
                       person_id=eligibility.person_id, cohort=eligibility.cohort, on=last)  # fmt: skip
            ended += 1
    return ended


def set_new(new: NewRows, row: Any, kind: ReviewKind, due: date) -> None:
    """A review that is due, among the new rows of a stretch of budgets."""
    review = new.put(Review, phb_id=row.id, icb_id=row.icb_id, kind=kind.value, due_on=due)
    new.record("review_set_for", icb_id=row.icb_id, phb_id=row.id, person_id=row.person_id, about=review,
               review=kind.value, due_on=due)  # fmt: skip


def _has(kind: str) -> Any:
    return exists(select(1).where(col(Task.phb_id) == col(Phb.id), col(Task.kind) == kind))


def _ask(new: NewRows, row: Any, kind: str, due: date, sentence: str) -> None:
    role = Role.CASE_MANAGER
    task = new.put(
        Task, icb_id=row.icb_id, kind=kind, role=role.value, phb_id=row.id, person_id=row.person_id,
        sentence=sentence[:300], due_on=due,
    )  # fmt: skip
    new.record("task_set", icb_id=row.icb_id, about=task, role=ROLE_WORDS[role])
