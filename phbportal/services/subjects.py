"""What a decision may know of a row: its boards today, whose it is, who made it."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from phbportal.domain.roles import LISTED_ROLES, Role
from phbportal.policy.actors import Subject
from phbportal.tables.audit import AuditEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.budgets import BudgetLine, BudgetVersion, PayeeAccount
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation, User

# What people do to a plan and its budget while it is being written (kinds of domain/history.py).
WRITING = (
    "plan_started", "plan_written", "outcome_added", "service_added", "stream_added", "line_added", "line_removed",
)  # fmt: skip


def boards_of(session: Session, person_id: UUID, today: date) -> frozenset[UUID]:
    """The boards that answer for a person today."""
    r = PersonResponsibility
    return frozenset(
        session.execute(
            select(col(r.icb_id)).where(
                col(r.person_id) == person_id,
                col(r.starts_on) <= today,
                or_(col(r.ends_on).is_(None), col(r.ends_on) >= today),
            )
        ).scalars()
    )


def _people(*ids: UUID | None) -> frozenset[UUID]:
    return frozenset(i for i in ids if i is not None)


def _holder_of(session: Session, phb_id: UUID) -> UUID | None:
    return session.execute(select(col(Phb.person_id)).where(col(Phb.id) == phb_id)).scalar_one_or_none()


def subject_of(session: Session, row: SQLModel, today: date) -> Subject:
    """The Subject of any scoped row."""
    if isinstance(row, Person):
        return Subject(icbs=boards_of(session, row.id, today), person_id=row.id)
    if isinstance(row, Outcome | PlanService):
        plan = session.get(Plan, row.plan_id)
        assert plan is not None
        return subject_of(session, plan, today)
    if isinstance(row, BudgetLine):
        budget = session.get(BudgetVersion, row.budget_id)
        assert budget is not None
        return subject_of(session, budget, today)
    if isinstance(row, User | Assignment | Invitation | RoleGrant | BreakGlass):
        return _office_subject(session, row)
    icb_id: UUID | None = getattr(row, "icb_id", None)
    person_id: UUID | None = getattr(row, "person_id", None)
    phb_id: UUID | None = getattr(row, "phb_id", None)
    if person_id is None and phb_id is not None:
        person_id = _holder_of(session, phb_id)
    return Subject(
        icbs=_people(icb_id), person_id=person_id, made_by=_makers(session, row), weekly_pence=_weekly(session, row),
        changed_by=_writers(session, row) if isinstance(row, Plan) else frozenset(),
        for_role=Role(row.role) if isinstance(row, Task) else None,
    )  # fmt: skip


def _office_subject(session: Session, row: User | Assignment | Invitation | RoleGrant | BreakGlass) -> Subject:
    """Of the office's own rows: which boards may know of them, and which user they are about."""
    if isinstance(row, User):
        listed = [role.value for role in LISTED_ROLES]
        boards = session.execute(
            select(col(Assignment.icb_id)).where(col(Assignment.user_id) == row.id, col(Assignment.role).in_(listed))
        ).scalars()
        return Subject(icbs=_people(*boards), user_id=row.id)
    if isinstance(row, RoleGrant):
        return Subject(icbs=_people(row.icb_id), user_id=row.user_id, made_by=_people(row.proposed_by))
    if isinstance(row, BreakGlass):
        return Subject(icbs=_people(row.icb_id), user_id=row.user_id, made_by=_people(row.user_id))
    listed_here = Role(row.role) in LISTED_ROLES
    return Subject(icbs=_people(row.icb_id) if listed_here else frozenset(), user_id=row.user_id)


def _makers(session: Session, row: SQLModel) -> frozenset[UUID]:
    """Who prepared it, and so may not decide it (invariant I12)."""
    if isinstance(row, Plan):
        budgets = session.execute(
            select(col(BudgetVersion.prepared_by)).where(col(BudgetVersion.plan_id) == row.id)
        ).scalars()
        return _people(row.written_by, row.submitted_by, row.signed_by, *budgets)
    if isinstance(row, PayeeAccount):
        return _people(row.proposed_by)
    if isinstance(row, PaymentItem):
        return _people(row.recorded_by)
    if isinstance(row, BudgetVersion):
        return _people(row.prepared_by)
    return frozenset()


def _writers(session: Session, plan: Plan) -> frozenset[UUID]:
    """Everybody who wrote any part of this version: the plan keeps only who began it, the audit keeps them all."""
    found = session.execute(
        select(col(AuditEvent.created_by)).where(
            col(AuditEvent.phb_id) == plan.phb_id,
            col(AuditEvent.kind).in_(WRITING),
            col(AuditEvent.created_at) >= plan.created_at,
        )
    ).scalars()
    return _people(*found)


def _weekly(session: Session, row: SQLModel) -> int:
    if isinstance(row, Plan):
        found = session.execute(
            select(col(BudgetVersion.weekly_pence)).where(col(BudgetVersion.plan_id) == row.id)
        ).scalars()
        return max(found, default=0)
    return getattr(row, "weekly_pence", 0)
