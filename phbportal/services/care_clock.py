"""What the night does for regulated care whose provider is not registered any more: a task for the case manager."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import case, exists, label, or_, select
from sqlmodel import col

from phbportal.domain.endings import LIVE
from phbportal.domain.plans import PlanStatus
from phbportal.domain.regulated_care import CQC_NAMES, Activity, GivenBy
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.streams import GOES_ON, Method
from phbportal.domain.tasks import CARE_UNREGISTERED
from phbportal.domain.text import long_date
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Plan, PlanService

REGULATED = [activity.value for activity in CQC_NAMES]
IN_FORCE = [PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]


def unregistered_care(uow: UnitOfWork, after: UUID, end: UUID) -> int:
    """For a stretch of organisations that ended or left the directory: the regulated care they give in plans in force,
    as the provider named, or as the holder of a third-party budget where nobody else is. Told once for each day it
    ended; not where an exemption was agreed since."""
    o, s = Organisation, PlanService
    ended: Any = case((col(o.valid_to) < uow.today, col(o.valid_to)), else_=col(o.gone_from_directory_on))
    here = (col(o.id) > after, col(o.id) <= end, or_(col(o.valid_to) < uow.today, col(o.gone_from_directory_on)
            <= uow.today))  # fmt: skip
    care = (
        col(s.activity).in_(REGULATED), col(Plan.status).in_(IN_FORCE),
        col(Phb.status).in_([status.value for status in LIVE]),
        or_(col(s.exempt_on).is_(None), col(s.exempt_on) < ended, col(s.exempt_for).is_distinct_from(col(o.id))),
        ~exists(select(1).where(col(Task.part_id) == col(s.id), col(Task.kind) == CARE_UNREGISTERED,
                                col(Task.due_on) == ended)),
    )  # fmt: skip
    columns: tuple[Any, ...] = (
        col(s.id), col(s.activity), col(o.name), ended.label("ended"), label("phb_id", col(Phb.id)), col(Phb.icb_id),
        col(Phb.person_id), col(Phb.reference),
    )  # fmt: skip
    named = (
        select(*columns)
        .join(s, col(s.organisation_id) == col(o.id))
        .join(Plan, col(Plan.id) == col(s.plan_id))
        .join(Phb, col(Phb.id) == col(Plan.phb_id))
        .where(*here, *care)
    )
    holding = (
        select(*columns)
        .join(Stream, col(Stream.organisation_id) == col(o.id))
        .join(BudgetLine, col(BudgetLine.stream_id) == col(Stream.id))
        .join(s, col(s.id) == col(BudgetLine.plan_service_id))
        .join(Plan, col(Plan.id) == col(s.plan_id))
        .join(Phb, col(Phb.id) == col(Plan.phb_id))
        .where(
            *here, *care, col(Stream.method) == Method.THIRD_PARTY.value,
            col(Stream.status).in_([status.value for status in GOES_ON]),
            or_(col(s.organisation_id).is_(None), col(s.given_by) == GivenBy.EMPLOYED.value),
        )
    )  # fmt: skip
    rows: dict[UUID, Any] = {row.id: row for found in (named, holding) for row in uow.session.execute(found)}
    new = NewRows(uow, Task)
    for row in sorted(rows.values(), key=lambda one: one.id):
        _ask(new, row, row.ended)
    new.write()
    return len(rows)


def _ask(new: NewRows, row: Any, ended: date) -> None:
    role = Role.CASE_MANAGER
    sentence = (
        f"{row.reference}: {row.name} gives “{CQC_NAMES[Activity(row.activity)]}” and is not registered since "
        f"{long_date(ended)}, as far as we know. See that the care is safe, and who gives it from now on."
    )
    task = new.put(
        Task, icb_id=row.icb_id, kind=CARE_UNREGISTERED, role=role.value, phb_id=row.phb_id, person_id=row.person_id,
        sentence=sentence[:300], due_on=ended, part_id=row.id,
    )  # fmt: skip
    new.record("task_set", icb_id=row.icb_id, about=task, role=ROLE_WORDS[role])
