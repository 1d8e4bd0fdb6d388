"""Tasks: said to be done by whoever did them, or ended by an act that did what they ask."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.reading import Reading
from phbportal.domain.roles import ROLE_WORDS, STAFF_ROLES, Role
from phbportal.domain.tasks import NOMINEE_PROPOSED, SHORTEST_NOTE, TASK_WORDS
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.phbs import Task


def read_note(form: Mapping[str, object]) -> str:
    """Read what came of a task."""
    r = Reading(form)
    note = r.text("note", needed="Say what you found and what happens now.", longest=500)
    if note and len(note) < SHORTEST_NOTE:
        r.problem("Say what you found and what happens now in a few words more.", "note")
    r.finish()
    return note


def finish_task(uow: UnitOfWork, task_id: UUID, note: str) -> UUID:
    """Say that a task is done and what came of it; who said so and when is kept, the note is not told in history.
    Returns the task's id."""
    task = uow.find(Task, task_id, lock=True)
    uow.require(Permission.TASK_DONE, task)
    if task.kind not in TASK_WORDS:
        raise Refusal("This task ends by itself when what it asks for is done.")
    if task.done_at is not None:
        raise Refusal("This task is done already. Reload the page to see who did it.")
    uow.change(task, done_at=uow.now, done_by=uow.actor.user_id, done_note=note)
    uow.record("task_done", about=task, phb_id=task.phb_id, person_id=task.person_id, task=TASK_WORDS[task.kind])
    return task.id


def over(uow: UnitOfWork, phb_id: UUID, kind: str) -> None:
    """What waited of this kind for a budget waits no more."""
    waiting = select(Task).where(col(Task.phb_id) == phb_id, col(Task.kind) == kind, col(Task.done_at).is_(None))
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def over_about(uow: UnitOfWork, person_id: UUID, kind: str) -> None:
    """What waited of this kind about a person waits no more."""
    waiting = select(Task).where(col(Task.person_id) == person_id, col(Task.kind) == kind, col(Task.done_at).is_(None))
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def take_task(uow: UnitOfWork, task_id: UUID, _values: Mapping[str, object]) -> None:
    """Take a task of one's own role: others of the team see who has it, and it is on their work lists no more."""
    task = _to_take(uow, task_id)
    if task.assigned_to == uow.actor.user_id:
        raise Refusal("You have this task already.")
    uow.change(task, assigned_to=uow.actor.user_id)
    uow.record("task_taken", about=task, phb_id=task.phb_id, person_id=task.person_id)


def give_back_task(uow: UnitOfWork, task_id: UUID, _values: Mapping[str, object]) -> None:
    """Give a task back to the team, whoever has taken it: they may be ill."""
    task = _to_take(uow, task_id)
    if task.assigned_to is None:
        raise Refusal("Nobody has taken this task.")
    uow.change(task, assigned_to=None)
    uow.record("task_given_back", about=task, phb_id=task.phb_id, person_id=task.person_id)


def pass_task_on(uow: UnitOfWork, task_id: UUID, values: Mapping[str, object]) -> None:
    """Pass a task on to another role of the board: it is then that team's."""
    task = _to_take(uow, task_id)
    role = Role(str(values["to_role"]))
    if role not in STAFF_ROLES or role is Role.ADMIN:
        raise Refusal("Choose a role that works with budgets.", field="to_role")
    if role == task.role:
        raise Refusal("It is that team’s task already. Choose another role.", field="to_role")
    uow.change(task, role=role.value, assigned_to=None)
    uow.record("task_passed", about=task, phb_id=task.phb_id, person_id=task.person_id, role=ROLE_WORDS[role])


def _to_take(uow: UnitOfWork, task_id: UUID) -> Task:
    task = uow.find(Task, task_id, lock=True)
    uow.require(Permission.TASK_TAKE, task)
    if task.done_at is not None:
        raise Refusal("This task is done already. Reload the page to see who did it.")
    return task


def done_with(uow: UnitOfWork, part: PersonRole) -> None:
    """What waited to be begun about a proposed part waits no more."""
    waiting = select(Task).where(
        col(Task.part_id) == part.id, col(Task.kind) == NOMINEE_PROPOSED, col(Task.done_at).is_(None)
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
