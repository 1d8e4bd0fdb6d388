"""What the clock asks for in time: registrations that soon end, and needs that are to be assessed again.

Each is asked for once: a task is written for the row it is about. Run twice, it does nothing new.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Engine, exists, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain import needs, registrations
from phbportal.domain.phbs import ENDED
from phbportal.domain.plans import BODY_WORDS, RegistrationBody
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.tasks import NEEDS_DUE, REGISTRATION_ENDS
from phbportal.domain.text import long_date
from phbportal.policy.actors import SYSTEM
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import walked
from phbportal.tables.needs import NeedsAssessment
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.registrations import Registration
from phbportal.tables.users import Assignment, User


def ask_for_renewals(engine: Engine, *, now: datetime | None = None) -> int:
    """Write the tasks that are due today. Returns how many."""
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        done = _registrations(uow)
    return done + walked(engine, NeedsAssessment, _needs, now)


def _registrations(uow: UnitOfWork) -> int:
    """Of clinicians at work, each board's administrators are asked. Returns how many tasks were written."""
    r, a, t = Registration, Assignment, Task
    asked = exists(
        select(1).where(
            col(t.part_id) == col(r.id), col(t.kind) == REGISTRATION_ENDS, col(t.icb_id) == col(a.icb_id),
            col(t.due_on) == col(r.ends_on),
        )
    )  # fmt: skip
    rows = uow.session.execute(
        select(col(r.id), col(r.body), col(r.ends_on), col(a.icb_id), col(User.display_name))
        .join(User, col(User.id) == col(r.user_id))
        .join(a, col(a.user_id) == col(r.user_id))
        .where(
            col(r.ends_on) <= uow.today + timedelta(days=registrations.WARN_DAYS), col(a.role) == Role.CLINICIAN.value,
            col(a.revoked_at).is_(None), col(a.valid_from) <= uow.today, col(User.disabled_at).is_(None),
            or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today), col(a.icb_id).is_not(None), ~asked,
        )
        .distinct()
        .order_by(col(r.id))
    ).all()  # fmt: skip
    for row in rows:
        body = BODY_WORDS[RegistrationBody(row.body)]
        sentence = (
            f"Look up the registration of {row.display_name} with the {body}: it ends on {long_date(row.ends_on)}."
        )
        uow.add(Task, icb_id=row.icb_id, kind=REGISTRATION_ENDS, role=Role.ADMIN.value, sentence=sentence[:300],
                due_on=row.ends_on, part_id=row.id)  # fmt: skip
    return len(rows)


def _needs(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """Of people with a budget that has not ended, whose latest assessment is soon to be followed by another."""
    n, later = NeedsAssessment, aliased(NeedsAssessment)
    followed = exists(
        select(1).where(
            col(later.person_id) == col(n.person_id), col(later.mistake) == "",
            or_(
                col(later.assessed_on) > col(n.assessed_on),
                (col(later.assessed_on) == col(n.assessed_on)) & (col(later.id) > col(n.id)),
            ),
        )
    )  # fmt: skip
    asked = exists(select(1).where(col(Task.part_id) == col(n.id), col(Task.kind) == NEEDS_DUE))
    with_budget = exists(
        select(1).where(
            col(Phb.person_id) == col(n.person_id), col(Phb.icb_id) == col(n.icb_id),
            col(Phb.status).not_in([status.value for status in ENDED]),
        )
    )  # fmt: skip
    rows = uow.session.execute(
        select(col(n.id), col(n.icb_id), col(n.person_id), col(n.next_due_on))
        .join(Person, col(Person.id) == col(n.person_id))
        .where(
            col(n.id) > after, col(n.id) <= end, col(n.mistake) == "",
            col(n.next_due_on) <= uow.today + timedelta(days=needs.WARN_DAYS), col(Person.died_on).is_(None),
            with_budget, ~followed, ~asked,
        )
        .order_by(col(n.id))
    ).all()  # fmt: skip
    new, role = NewRows(uow, Task), Role.CASE_MANAGER
    for row in rows:
        sentence = f"Arrange the next assessment of needs: it is due on {long_date(row.next_due_on)}."
        task = new.put(Task, icb_id=row.icb_id, kind=NEEDS_DUE, role=role.value, person_id=row.person_id,
                       sentence=sentence, due_on=row.next_due_on, part_id=row.id)  # fmt: skip
        new.record("task_set", icb_id=row.icb_id, about=task, role=ROLE_WORDS[role])
    new.write()
    return len(rows)
