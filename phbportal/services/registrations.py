"""Registrations of clinicians: recorded by an administrator, asked for when a plan is signed off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.identifiers import registration_pin
from phbportal.domain.plans import BODY_WORDS, RegistrationBody
from phbportal.domain.registrations import RegistrationFact, finding_problem, registration_problems, sign_off_problem
from phbportal.domain.tasks import REGISTRATION_ENDS
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Task
from phbportal.tables.registrations import Registration
from phbportal.tables.users import Assignment, User

COLUMNS = ("profession", "checked_on", "ends_on")


def record_registration(uow: UnitOfWork, values: Mapping[str, Any]) -> UUID:
    """Record the registration of somebody who works at the board, as looked up on its register today or before.
    Returns its id. Refuses one's own, and a second with the same body: that one is changed."""
    user = uow.find(User, values["user_id"])
    uow.require(Permission.REGISTRATION_WRITE, user)
    _check_works_here(uow, user.id)
    body = RegistrationBody(values["body"])
    known = select(col(Registration.id)).where(
        col(Registration.user_id) == user.id, col(Registration.body) == body.value
    )
    if uow.session.execute(known).first() is not None:
        raise Refusal(
            f"Their registration with the {BODY_WORDS[body]} is recorded already. Open it and change it.", field="body"
        )
    row = uow.add(Registration, user_id=user.id, body=body.value, **_read(uow, body, values))
    uow.record("registration_recorded", about=row, body=body.value, ends_on=row.ends_on)
    return row.id


def change_registration(uow: UnitOfWork, registration_id: UUID, values: Mapping[str, Any]) -> None:
    """Record that a registration was looked up again: until when it runs now. The task that asked for it is done."""
    row = uow.find(Registration, registration_id, lock=True)
    uow.require(Permission.REGISTRATION_WRITE, row)
    _check_works_here(uow, row.user_id)
    if changed := uow.change(row, **_read(uow, RegistrationBody(row.body), values)):
        uow.record_change("registration_changed", row, changed, body=row.body)
    waiting = select(Task).where(
        col(Task.part_id) == row.id, col(Task.kind) == REGISTRATION_ENDS, col(Task.done_at).is_(None)
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def _check_works_here(uow: UnitOfWork, user_id: UUID) -> None:
    """Refuse a board that somebody has left: a registration goes with its user, and counts wherever they work now."""
    a = Assignment
    works = select(col(a.id)).where(
        col(a.user_id) == user_id,
        col(a.icb_id) == uow.actor.icb_id,
        col(a.revoked_at).is_(None),
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
    )
    if uow.session.execute(works.limit(1)).first() is None:
        raise Refusal("They do not work at your board any more. An administrator where they work does this.")


def _read(uow: UnitOfWork, body: RegistrationBody, values: Mapping[str, Any]) -> dict[str, Any]:
    number = registration_pin(body.value, values["number"], field="number")
    refuse_if(registration_problems(checked_on=values["checked_on"], ends_on=values["ends_on"], today=uow.today))
    return {"number": number, **{name: values[name] for name in COLUMNS}}


def check_registered(uow: UnitOfWork, body: RegistrationBody, number: str) -> None:
    """Refuse the signature of somebody whose registration is not recorded, is another, or has lapsed."""
    if problem := sign_off_problem(_own(uow), body, number, uow.today):
        raise Refusal(problem)


def check_registered_today(uow: UnitOfWork) -> None:
    """Refuse the finding of somebody who is not registered with any body today, as far as is recorded."""
    if problem := finding_problem(_own(uow), uow.today):
        raise Refusal(problem)


def _own(uow: UnitOfWork) -> list[RegistrationFact]:
    found = uow.session.execute(
        select(Registration).where(col(Registration.user_id) == uow.actor.user_id).with_for_update(read=True)
    ).scalars()
    return [RegistrationFact(RegistrationBody(row.body), row.number, row.ends_on) for row in found]
