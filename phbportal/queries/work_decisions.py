"""Decisions that wait: to be approved, to be changed and sent again, to be answered when somebody does not agree."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.decisions import KIND_WORDS, DecisionKind, DecisionStatus
from phbportal.domain.moments import london_day
from phbportal.domain.reconsiderations import ReconsiderationStatus
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, about, due_status, due_words, waited, whose
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


def _statement(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(Decision, col(Phb.reference), col(Person.given_name), col(Person.family_name))
        .join(Phb, col(Phb.id) == col(Decision.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(visible(actor, Decision, today))
    )


def to_approve(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Decisions somebody else prepared. One statement."""
    waiting = _statement(actor, today).where(
        col(Decision.status) == DecisionStatus.PREPARED.value, col(Decision.prepared_by) != actor.user_id
    )
    return WorkGroup.of(
        "Decisions to approve",
        [
            WorkItem(
                f"{KIND_WORDS[DecisionKind(row.kind)]}: {about(given, family)}", routes.staff_decision(row.id),
                f"{reference}. Waiting {waited(london_day(row.updated_at), today)}.",
            )
            for row, reference, given, family in session.execute(
                waiting.order_by(col(Decision.updated_at), col(Decision.id)).limit(MOST + 1)
            )
        ],
    )  # fmt: skip


def returned(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Decisions of the case manager's own budgets that were returned. One statement."""
    found = _statement(actor, today).where(
        col(Decision.status) == DecisionStatus.RETURNED.value,
        or_(col(Phb.case_manager_id) == actor.user_id, col(Decision.prepared_by) == actor.user_id),
    )
    return WorkGroup.of(
        "Decisions to change",
        [
            WorkItem(
                f"{KIND_WORDS[DecisionKind(row.kind)]}: {about(given, family)}", routes.staff_decision(row.id),
                f"{reference}. Returned: {row.return_reason}", "Returned",
            )
            for row, reference, given, family in session.execute(found.order_by(col(Decision.id)).limit(MOST + 1))
        ],
    )  # fmt: skip


def to_answer(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Decisions to be looked at again, the first due first: an approver's those they had no part in, a case manager's
    of their own budgets, to see that they are answered in time. One statement."""
    r, d = Reconsideration, Decision
    statement = (
        select(col(d.id), col(d.kind), col(r.due_on), col(Phb.reference), col(Person.given_name),
               col(Person.family_name))
        .join(d, col(d.id) == col(r.decision_id))
        .join(Phb, col(Phb.id) == col(r.phb_id))
        .outerjoin(Person, whose(actor, today))
        .where(visible(actor, r, today), col(r.status) == ReconsiderationStatus.ASKED.value)
    )  # fmt: skip
    if actor.role is Role.APPROVER:
        statement = statement.where(
            col(d.prepared_by) != actor.user_id, col(d.approved_by) != actor.user_id,
            col(r.created_by).is_distinct_from(actor.user_id),
        )  # fmt: skip
    else:
        statement = statement.where(col(Phb.case_manager_id) == actor.user_id)
    words = "Answer" if actor.role is Role.APPROVER else "See that it is answered"
    return WorkGroup.of(
        "Decisions somebody does not agree with",
        [
            WorkItem(
                f"{words}: {KIND_WORDS[DecisionKind(row.kind)].lower()}, {about(row.given_name, row.family_name)}",
                routes.staff_decision(row.id),
                f"{row.reference}. Answer by {long_date(row.due_on)}, {due_words(row.due_on, today)}.",
                due_status(row.due_on, today),
            )
            for row in session.execute(statement.order_by(col(r.due_on), col(r.id)).limit(MOST + 1))
        ],
    )
