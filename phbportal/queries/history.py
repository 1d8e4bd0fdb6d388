"""History in sentences: who did what to a record, and when."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.history import sentence
from phbportal.domain.moments import show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.kept import by_shape
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.scope import visible
from phbportal.tables.audit import AuditEvent
from phbportal.tables.users import User

SIZE = 20

NEEDS: dict[Permission, tuple[str, ...]] = {
    Permission.PAYMENT_READ: ("payment_recorded", "payment_confirmed", "payment_cancelled"),
    Permission.LEDGER_READ: ("money_recorded",),
    Permission.ACCOUNT_READ: ("account_proposed", "account_approved", "account_rejected"),
    Permission.ELIGIBILITY_READ: ("eligibility_recorded",),
    Permission.CONSENT_READ: ("consent_recorded", "consent_withdrawn", "exclusion_checked"),
    Permission.BUDGET_READ: (
        "budget_begun",
        "budget_followed",
        "stream_followed",
        "budget_brought_in",
        "stream_brought_in",
    ),
    Permission.ARRANGEMENT_READ: ("offer_followed", "agreement_made", "agreement_followed"),
    Permission.ACTING_READ: ("part_followed",),
    Permission.USER_READ: (
        "role_given",
        "role_followed",
        "code_made",
        "code_followed",
        "code_used",
        "signed_in_by_code",
        "holder_signed_in",
        "role_taken_up",
    ),
}
"""History must not tell what the record itself would keep from somebody."""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """What happened, who did it in which role, and when: "Sent the plan…", "Jo Bloggs, case manager", "6 April…"."""

    sentence: str
    who: str
    when: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened: its sentence, who and when; the row it is about, and what its columns held before and after."""

    row: HistoryRow
    about: UUID | None
    changes: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Rows, newest first, and the cursors either way."""

    rows: tuple[HistoryRow, ...]
    newer: str
    older: str


def history_page(
    session: Session, actor: Actor, today: date, *, phb_id: UUID | None = None, person_id: UUID | None = None,
    place: Place = TOP, size: int = SIZE,
) -> HistoryPage:  # fmt: skip
    """The history of a budget or of a person, as far as this actor may see it. One statement, whatever the page."""
    statement = _history(actor, today, "phb_id" if phb_id is not None else "person_id")
    values = {"about": phb_id or person_id}
    found = newest_first(session, statement, [col(AuditEvent.id)], values, place=place, size=size)
    return HistoryPage(tuple(_happened(row).row for row in found.rows), found.newer, found.older)


def happened_to(
    session: Session, actor: Actor, today: date, row_id: UUID, *, column: str = "about_id", place: Place = TOP,
    size: int = SIZE,
) -> tuple[tuple[Happened, ...], str, str]:  # fmt: skip
    """What happened to one row, newest first, and the cursors either way. ``column`` is ``about_id`` for the row's own
    history, ``person_id`` or ``phb_id`` for all that belongs to a person or a budget. One statement."""
    statement = _history(actor, today, column)
    found = newest_first(session, statement, [col(AuditEvent.id)], {"about": row_id}, place=place, size=size)
    return tuple(_happened(row) for row in found.rows), found.newer, found.older


def sentences_of(session: Session, actor: Actor, today: date, events: Sequence[UUID]) -> dict[UUID, HistoryRow]:
    """What each of these events says, as far as the actor may see it. One statement."""
    unseen = [kind for needs, kinds in NEEDS.items() if not could_ever(actor, needs) for kind in kinds]
    rows = session.execute(
        select(
            col(AuditEvent.id), col(AuditEvent.kind), col(AuditEvent.details), col(AuditEvent.role),
            col(AuditEvent.created_at), col(AuditEvent.about_id), col(User.display_name),
        )
        .outerjoin(User, col(User.id) == col(AuditEvent.created_by))
        .where(col(AuditEvent.id).in_(events), visible(actor, AuditEvent, today), col(AuditEvent.kind).not_in(unseen))
    )  # fmt: skip
    return {row.id: _happened(row).row for row in rows}


def _happened(row: Any) -> Happened:
    details = json.loads(row.details)
    line = HistoryRow(_capital(sentence(row.kind, details)), _who(row), show_moment(row.created_at))
    changes = cast("dict[str, list[Any]]", details.get("held", {}))
    return Happened(line, row.about_id, {name: (pair[0], pair[1]) for name, pair in changes.items()})


@by_shape
def _history(actor: Actor, today: date, column: str) -> Select[*tuple[Any, ...]]:
    about: Any = col(getattr(AuditEvent, column))
    unseen = [kind for needs, kinds in NEEDS.items() if not could_ever(actor, needs) for kind in kinds]
    return (
        select(
            col(AuditEvent.id), col(AuditEvent.kind), col(AuditEvent.details), col(AuditEvent.role),
            col(AuditEvent.created_at), col(AuditEvent.about_id), col(User.display_name),
        )
        .outerjoin(User, col(User.id) == col(AuditEvent.created_by))
        .where(
            visible(actor, AuditEvent, today), about == bindparam("about", type_=Uuid()),
            col(AuditEvent.kind).not_in(unseen),
        )
    )  # fmt: skip


def _who(row: Any) -> str:
    return f"{row.display_name}, {ROLE_WORDS[Role(row.role)]}" if row.display_name else "The portal"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
