"""Which decisions, letters, documents and assessments of needs somebody may see, for ``scope`` to build on:
``of_board`` is what it shows of any table of a board and a person."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.decisions import IN_FORCE, OF_MONEY, TOLD, DecisionKind, DecisionStatus
from phbportal.domain.documents import DocumentKind, is_shown
from phbportal.domain.errors import Problem
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.parties import is_party, paid_to
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.documents import Document
from phbportal.tables.letters import Letter
from phbportal.tables.needs import AssessedNeed, NeedsAssessment

Where = ColumnElement[bool]
Scope = Callable[[Actor, date], Where]


def decisions(of_board: Scope) -> Scope:
    """Staff see what is prepared too; the person, and who acts for them, what has been issued. A nominee sees what is
    decided about the money they are paid."""

    def where(actor: Actor, today: date) -> Where:
        if actor.is_staff:
            return of_board(actor, today)
        told = col(Decision.status).in_([status.value for status in TOLD])
        return told & (_of_nominee(actor) if actor.role is Role.NOMINEE else of_board(actor, today))

    return where


def _of_nominee(actor: Actor) -> Where:
    streams, budgets = (select(column).where(paid_to(actor)) for column in (col(Stream.id), col(Stream.phb_id)))
    whole = col(Decision.stream_id).is_(None) & col(Decision.phb_id).in_(budgets)
    of_money = col(Decision.kind).in_([kind.value for kind in OF_MONEY])
    return of_money & or_(col(Decision.stream_id).in_(streams), whole)


def suspended_by_decision(session: Session, stream_id: UUID, phb_id: UUID) -> bool:
    """Whether a decision that stands keeps a stream on hold."""
    d = Decision
    found = select(col(d.id)).where(
        col(d.phb_id) == phb_id, col(d.kind) == DecisionKind.SUSPEND.value,
        col(d.status) == DecisionStatus.IN_EFFECT.value,
        or_(col(d.stream_id) == stream_id, col(d.stream_id).is_(None)),
    )  # fmt: skip
    return session.execute(found.limit(1)).first() is not None


def refused_direct_payment(session: Session, phb_id: UUID) -> Problem | None:
    """Why a budget can have no new direct payment: one was refused, and that decision stands (SI 2013/2354)."""
    d = Decision
    found = select(col(d.issued_on)).where(
        col(d.phb_id) == phb_id, col(d.kind) == DecisionKind.REFUSE_DP.value,
        col(d.status).in_([status.value for status in IN_FORCE]),
    )  # fmt: skip
    row = session.execute(found.order_by(col(d.id).desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return Problem(
        f"A direct payment was refused for this budget on {long_date(row.issued_on)}, and that decision stands. Have "
        "it looked at again first, or choose another way of managing the money.",
        "method",
    )


def reconsiderations(of_board: Scope) -> Scope:
    """What was asked again, by whoever sees the decision."""

    def where(actor: Actor, today: date) -> Where:
        if actor.role is not Role.NOMINEE:
            return of_board(actor, today)
        return col(Reconsideration.decision_id).in_(select(col(Decision.id)).where(_of_nominee(actor)))

    return where


def assessments(of_board: Scope) -> Scope:
    """Staff see one recorded by mistake still; the person, and who represents them, do not."""

    def where(actor: Actor, today: date) -> Where:
        stands = col(NeedsAssessment.mistake) == ""
        return of_board(actor, today) if actor.is_staff else of_board(actor, today) & stands

    return where


def found_needs(of_board: Scope) -> Scope:
    """The needs an assessment found go with it."""
    n = NeedsAssessment

    def where(actor: Actor, today: date) -> Where:
        if actor.is_staff:
            return of_board(actor, today)
        mistaken = select(1).where(col(n.id) == col(AssessedNeed.assessment_id), col(n.mistake) != "")
        return of_board(actor, today) & ~mistaken.correlate(AssessedNeed).exists()

    return where


def documents(of_board: Scope) -> Scope:
    """Staff see every document; the person, and who represents them, what they gave or were given."""
    always = [kind.value for kind in DocumentKind if is_shown(kind, for_them=False)]
    kept_so = [kind.value for kind in DocumentKind if is_shown(kind, for_them=True)]

    def where(actor: Actor, today: date) -> Where:
        seen, kind = of_board(actor, today), col(Document.kind)
        theirs = or_(kind.in_(always), kind.in_(kept_so) & col(Document.for_them).is_(True))
        return seen if actor.is_staff else seen & theirs

    return where


def letters(of_board: Scope) -> Scope:
    """A nominee reads what was sent to them, while they act."""

    def where(actor: Actor, today: date) -> Where:
        if actor.role is not Role.NOMINEE:
            return of_board(actor, today)
        live = col(PersonRole.status) == ActingStatus.ACTIVE.value
        return col(Letter.part_id).in_(select(col(PersonRole.id)).where(is_party(actor), live))

    return where
