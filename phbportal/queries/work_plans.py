"""Plans and reviews that wait: to be written, signed off, approved, held."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, label, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.moments import london_day
from phbportal.domain.path import BEFORE_PLANNING
from phbportal.domain.phbs import ENDED, MONEY_AGREED
from phbportal.domain.plans import EDITABLE, IN_THE_MAKING, PlanStatus
from phbportal.domain.reviews import REVIEW_WORDS, ReviewKind
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.permissions import Permission
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, about, due_status, due_words, waited, whose
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.path import PlanCheck
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.plans import Plan
from phbportal.tables.users import User

REVIEW_DAYS = 28
# Who may decide is asked of each, so more are read than are shown.
MOST_READ = 4 * MOST


def _own(actor: Actor) -> ColumnElement[bool]:
    """The case manager's own budgets, and those nobody has been given."""
    return or_(col(Phb.case_manager_id) == actor.user_id, col(Phb.case_manager_id).is_(None))


def to_write(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Plans that were returned, are being written, or have not been started. One statement."""
    returned = (
        select(func.max(col(AuditEvent.created_at)))
        .where(col(AuditEvent.phb_id) == col(Phb.id), col(AuditEvent.kind) == "plan_returned")
        .scalar_subquery()
    )
    statement = (
        select(
            col(Phb.reference),
            col(Phb.opened_on),
            col(Plan.status),
            col(Plan.created_at),
            returned.label("returned_at"),
            col(Person.given_name),
            col(Person.family_name),
        )
        .outerjoin(Plan, and_(col(Plan.phb_id) == col(Phb.id), col(Plan.status).in_([s.value for s in IN_THE_MAKING])))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, Phb, today),
            _own(actor),
            col(Phb.status).not_in([s.value for s in ENDED]),
            or_(
                col(Plan.status).in_([s.value for s in EDITABLE]),
                and_(
                    col(Plan.id).is_(None),
                    col(Phb.status).not_in([s.value for s in ENDED | MONEY_AGREED | BEFORE_PLANNING]),
                ),
            ),
        )
    )
    found: list[tuple[date, WorkItem]] = []
    for row in session.execute(statement.order_by(col(Phb.id)).limit(MOST_READ)):
        who, where = about(row.given_name, row.family_name), routes.staff_phb(row.reference)
        if row.status == PlanStatus.RETURNED:
            since = london_day(row.returned_at or row.created_at)
            title, status, words = f"Change the plan for {who} and send it again", "Returned", "Returned"
        elif row.status is None:
            since, title, status, words = row.opened_on, f"Start the plan for {who}", "Not started", "Waiting"
        else:
            since = london_day(row.created_at)
            title, status, words = f"Finish the plan for {who} and send it", "Draft", "Being written"
        found.append((since, WorkItem(title, where, f"{row.reference}. {words} {waited(since, today)}.", status)))
    found.sort(key=lambda one: one[0])
    return WorkGroup.of("Plans to write", [item for _since, item in found])


REVIEW_WITH: dict[str, str] = {ReviewKind.DEATH.value: "Review after the death of"}
"""How a review is named before a name, where it is not held with them."""


def reviews_due(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Reviews not held whose day is past or within four weeks. One statement."""
    statement = (
        select(
            col(Review.id),
            col(Review.kind),
            col(Review.due_on),
            col(Phb.reference),
            col(Person.given_name),
            col(Person.family_name),
        )
        .join(Phb, col(Phb.id) == col(Review.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(
            visible(actor, Review, today),
            _own(actor),
            col(Review.held_on).is_(None),
            col(Review.not_needed_on).is_(None),
            col(Review.due_on) <= today + timedelta(days=REVIEW_DAYS),
            col(Phb.status).not_in([s.value for s in ENDED]),
        )
    )
    return WorkGroup.of(
        "Reviews due",
        [
            WorkItem(
                f"{REVIEW_WITH.get(row.kind, REVIEW_WORDS[ReviewKind(row.kind)] + ' with')} "
                f"{about(row.given_name, row.family_name)}",
                routes.of_phb(routes.STAFF_REVIEW, row.reference, review=str(row.id)),
                f"{row.reference}. Due on {long_date(row.due_on)}, {due_words(row.due_on, today)}.",
                due_status(row.due_on, today),
            )
            for row in session.execute(statement.order_by(col(Review.due_on), col(Review.id)).limit(MOST + 1))
        ],
    )


def to_sign_off(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Plans that wait for a clinician, without those this one wrote or sent. One statement."""
    return WorkGroup.of(
        "Plans to sign off",
        [
            WorkItem(
                f"Sign off the plan for {about(row.given_name, row.family_name)}",
                routes.staff_phb_plan(row.reference),
                f"{row.reference}. Sent by {row.sender or NOBODY}. "
                f"Waiting {waited(london_day(row.submitted_at), today)}.",
            )
            for row in _waiting(session, actor, today, PlanStatus.SUBMITTED, Permission.PLAN_SIGN_OFF)
        ],
    )


def to_check(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Signed-off plans whose money waits for a finance officer who had no hand in them. One statement."""
    return WorkGroup.of(
        "Plans to check",
        [
            WorkItem(
                f"Check the money of the plan for {about(row.given_name, row.family_name)}",
                routes.staff_phb_plan(row.reference),
                f"{row.reference}. Signed off by {row.signed_name}. Waiting {waited(row.signed_on, today)}.",
            )
            for row in _waiting(
                session, actor, today, PlanStatus.CLINICALLY_SIGNED, Permission.PLAN_CHECK, _needs_check()
            )
        ],
    )


def _checks(kind: str) -> Select[Any]:
    c = PlanCheck
    return select(1).where(col(c.plan_id) == col(Plan.id), col(c.kind) == kind, col(c.standing).is_(True))


def _needs_check() -> ColumnElement[bool]:
    """The plan brings money of its own, and finance has not checked it."""
    return and_(col(BudgetVersion.id).is_not(None), ~_checks("FINANCE").correlate(Plan).exists())


def _may_be_approved(actor: Actor) -> ColumnElement[bool]:
    """Checked, if there is money to check; and not checked, or approved first, by the actor themselves."""
    own = PlanCheck
    theirs = select(1).where(
        col(own.plan_id) == col(Plan.id), col(own.standing).is_(True), col(own.made_by) == actor.user_id
    )
    return and_(~_needs_check(), ~theirs.correlate(Plan).exists())


def to_approve(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Plans that wait for approval, without those the actor had a hand in or that are above their limit."""
    return WorkGroup.of(
        "Plans to approve",
        [
            WorkItem(
                f"Approve the plan for {about(row.given_name, row.family_name)}",
                routes.staff_phb_plan(row.reference),
                f"{row.reference}. Signed off by {row.signed_name}. Waiting {waited(row.signed_on, today)}.",
            )
            for row in _waiting(
                session, actor, today, PlanStatus.CLINICALLY_SIGNED, Permission.PLAN_APPROVE, _may_be_approved(actor)
            )
        ],
    )


def _waiting(
    session: Session,
    actor: Actor,
    today: date,
    status: PlanStatus,
    permission: Permission,
    *further: ColumnElement[bool],
) -> list[Any]:
    """Plans in a status that the actor may decide, the oldest first.

    Who wrote single parts of a plan is asked when it is opened; everything else of the question is asked here.
    """
    sender = aliased(User)
    statement = (
        select(
            col(Plan.icb_id),
            col(Plan.written_by),
            col(Plan.submitted_by),
            col(Plan.signed_by),
            col(Plan.submitted_at),
            col(Plan.signed_name),
            col(Plan.signed_on),
            col(BudgetVersion.prepared_by),
            func.coalesce(col(BudgetVersion.weekly_pence), 0).label("weekly_pence"),
            col(Phb.reference),
            col(Person.given_name),
            col(Person.family_name),
            label("sender", col(sender.display_name)),
        )
        .join(Phb, col(Phb.id) == col(Plan.phb_id))
        .outerjoin(BudgetVersion, col(BudgetVersion.plan_id) == col(Plan.id))
        .outerjoin(sender, col(sender.id) == col(Plan.submitted_by))
        .outerjoin(Person, whose(actor, today))
        .where(visible(actor, Plan, today), col(Plan.status) == status.value, *further)
    )
    rows = session.execute(statement.order_by(col(Plan.submitted_at), col(Plan.id)).limit(MOST_READ)).all()
    return [row for row in rows if decide(actor, permission, _subject(row)).allowed]


def _subject(row: Any) -> Subject:
    """The facts the service's own question is asked of (services/subjects.py)."""
    makers = (row.written_by, row.submitted_by, row.signed_by, row.prepared_by)
    return Subject(
        icbs=frozenset({row.icb_id}),
        made_by=frozenset(maker for maker in makers if maker is not None),
        weekly_pence=row.weekly_pence,
    )
