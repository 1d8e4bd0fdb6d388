"""What has happened to a person's record, in sentences, and who has looked at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.history import SENTENCES, sentence
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import long_moment
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User

SIZE = 25

# A sentence tells what was recorded, so it is for those who may read that; the rest is for all who read history.
_NEEDS: tuple[tuple[tuple[str, ...], Permission], ...] = (
    (("eligibility_",), Permission.ELIGIBILITY_READ),
    (("consent_", "exclusion_"), Permission.CONSENT_READ),
    (("account_",), Permission.ACCOUNT_READ),
    (("payment_", "money_"), Permission.PAYMENT_READ),
    (("plan_", "outcome_", "service_"), Permission.PLAN_READ),
    (("stream_", "line_"), Permission.BUDGET_READ),
)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What happened, who did it in which role, when, and the budget it was about ("" for the person alone)."""

    sentence: str
    who: str
    when: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Newest first; ``older`` is where the next page begins, "" when this is the last."""

    rows: tuple[HistoryRow, ...]
    older: str


@dataclass(frozen=True, slots=True)
class LookRow:
    """Somebody looked: who, in which role, at what, when."""

    who: str
    role: str
    page: str
    when: str


def readable_kinds(actor: Actor) -> list[str]:
    """The kinds of event whose sentences this actor may read."""
    closed = tuple(start for starts, needs in _NEEDS if not could_ever(actor, needs) for start in starts)
    return [kind for kind in SENTENCES if not closed or not kind.startswith(closed)]


def person_history(
    session: Session, actor: Actor, today: date, person_id: UUID, *, before: str = "", size: int = SIZE
) -> HistoryPage:
    """What happened to a person and their budgets, newest first, from an event backwards. One statement."""
    budgets = select(col(Phb.id)).where(col(Phb.person_id) == person_id, visible(actor, Phb, today))
    theirs = select(col(Person.id)).where(col(Person.id) == person_id, visible(actor, Person, today))
    statement = (
        select(
            col(AuditEvent.id), col(AuditEvent.kind), col(AuditEvent.details), col(AuditEvent.role),
            col(AuditEvent.created_at), col(User.display_name), col(Phb.reference),
        )
        .outerjoin(User, col(User.id) == col(AuditEvent.created_by))
        .outerjoin(Phb, col(Phb.id) == col(AuditEvent.phb_id))
        .where(
            visible(actor, AuditEvent, today),
            col(AuditEvent.kind).in_(readable_kinds(actor)),
            or_(col(AuditEvent.person_id).in_(theirs), col(AuditEvent.phb_id).in_(budgets)),
        )
        .order_by(col(AuditEvent.id).desc())
        .limit(size + 1)
    )  # fmt: skip
    if before:
        statement = statement.where(col(AuditEvent.id) < UUID(before))
    found = session.execute(statement).all()
    rows = [
        _row(row.kind, row.details, Role(row.role), row.display_name, long_moment(row.created_at), row.reference)
        for row in found[:size]
    ]
    return HistoryPage(tuple(rows), str(found[size - 1].id) if len(found) > size else "")


def _row(kind: str, details: str, role: Role, name: str | None, when: str, reference: str | None) -> HistoryRow:
    words = sentence(kind, json.loads(details))
    about = f"Budget {reference}" if reference and reference not in words else ""
    who = f"{name}, {ROLE_WORDS[role]}" if name else "The portal"
    return HistoryRow(words[0].upper() + words[1:], who, when, about)


def person_looks(
    session: Session, actor: Actor, today: date, person_id: UUID, *, size: int = SIZE
) -> tuple[LookRow, ...]:
    """Who looked at a person's record most recently (invariant I33), for those who may see that. One statement."""
    rows = session.execute(
        select(
            col(AccessEvent.page), col(AccessEvent.role), col(AccessEvent.created_at), col(User.display_name)
        )
        .outerjoin(User, col(User.id) == col(AccessEvent.user_id))
        .where(col(AccessEvent.person_id) == person_id, visible(actor, AccessEvent, today))
        .order_by(col(AccessEvent.id).desc())
        .limit(size)
    )  # fmt: skip
    return tuple(
        LookRow(
            who=row.display_name or "The portal", role=ROLE_WORDS[Role(row.role)].capitalize(),
            page=row.page.replace("_", " ").capitalize(), when=long_moment(row.created_at),
        )
        for row in rows
    )  # fmt: skip
