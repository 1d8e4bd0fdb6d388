"""One task: what it is about, where that is, and who did it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import show_moment
from phbportal.domain.tasks import LEADS_TO, TASK_WORDS
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.names import names_of
from phbportal.queries.scope import visible
from phbportal.queries.work_items import due_words
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import User


@dataclass(frozen=True, slots=True)
class TaskView:
    """A task as text; ``budget_href``, ``person_href``, ``part_href`` and ``about_href`` lead to what it is about, or
    are empty.

    ``done`` says who did it and when, ``note`` what came of it; ``ends_itself`` is said of a task that waits for an act
    and for nobody's word; ``person_id`` and ``phb_id`` are for the code.
    """

    person_id: UUID | None
    phb_id: UUID | None
    sentence: str
    due: str
    reference: str
    budget_href: str
    person_href: str
    part_href: str
    about_href: str
    done: str
    note: str
    may_finish: bool
    ends_itself: bool
    taken: str = ""
    may_take: bool = False
    may_give_back: bool = False


def task_view(session: Session, actor: Actor, today: date, task_id: UUID) -> TaskView:
    """A task: one that somebody says is done, or one that ends by itself. Raises NotFound."""
    row = session.execute(
        select(Task, col(Phb.reference))
        .outerjoin(Phb, (col(Phb.id) == col(Task.phb_id)) & visible(actor, Phb, today))
        .where(col(Task.id) == task_id, visible(actor, Task, today))
    ).one_or_none()
    if row is None:
        raise NotFound()
    task, reference = row
    part_href, by_word = "", task.kind in TASK_WORDS
    leads = LEADS_TO.get(task.kind, "") if task.part_id else ""
    about_href = routes.staff_record(leads, task.part_id) if leads and task.part_id else ""
    if not about_href and task.part_id and task.person_id and could_ever(actor, Permission.ACTING_READ):
        part_href = routes.staff_helper(task.person_id, task.part_id)
    can_take = task.done_at is None and task.role == actor.role and could_ever(actor, Permission.TASK_TAKE)
    done = f"{names_of(session, [task.done_by]).of(task.done_by)}, {show_moment(task.done_at)}" if task.done_at else ""
    return TaskView(
        person_id=task.person_id, phb_id=task.phb_id, sentence=task.sentence, reference=reference or "",
        due=f"{long_date(task.due_on)}, {due_words(task.due_on, today)}" if task.due_on else "No date",
        budget_href=routes.staff_phb(reference) if reference else "",
        person_href=routes.staff_person(task.person_id) if task.person_id else "",
        part_href=part_href, about_href=about_href,
        done=done, note=task.done_note or "",
        may_finish=by_word and task.done_at is None and task.role == actor.role
        and could_ever(actor, Permission.TASK_DONE),
        ends_itself=not by_word and task.done_at is None,
        taken=names_of(session, [task.assigned_to]).of(task.assigned_to) if task.assigned_to else "",
        may_take=can_take and task.assigned_to != actor.user_id,
        may_give_back=can_take and task.assigned_to is not None,
    )  # fmt: skip


def takers_of(session: Session, actor: Actor, today: date, tasks: Sequence[UUID]) -> dict[UUID, str]:
    """Who has taken each of these tasks; one nobody has taken is absent. One statement."""
    rows = session.execute(
        select(col(Task.id), col(User.display_name))
        .join(User, col(User.id) == col(Task.assigned_to))
        .where(col(Task.id).in_(tasks), visible(actor, Task, today))
    )
    return {row[0]: row[1] for row in rows}
