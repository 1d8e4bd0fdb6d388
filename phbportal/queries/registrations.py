"""Professional registrations of those who work at the board: which have ended, and those of one user."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.plans import BODY_WORDS, RegistrationBody
from phbportal.domain.registrations import WARN_DAYS
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.tables.registrations import Registration
from phbportal.tables.users import User

STANDING_WORDS = {"ended": "Ended", "soon": "Ends within a month", "good": "Runs on"}


@dataclass(frozen=True, slots=True)
class RegistrationRow:
    """One registration of a user, as text."""

    body: str
    number: str
    href: str
    ends: str
    status: str


def stands(actor: Actor, today: date, code: Any) -> ColumnElement[bool]:
    """The condition of a filter by how a registration stands today."""
    ends, soon = col(Registration.ends_on), today + timedelta(days=WARN_DAYS)
    return or_(
        (code == "ended") & (ends < today),
        (code == "soon") & (ends >= today) & (ends <= soon),
        (code == "good") & (ends > soon),
    )


def registrations_of(session: Session, actor: Actor, today: date, user_id: UUID) -> tuple[RegistrationRow, ...]:
    """What is recorded of a user, by body. One statement."""
    rows = session.execute(
        select(Registration)
        .where(col(Registration.user_id) == user_id, visible(actor, Registration, today))
        .order_by(col(Registration.body))
    ).scalars()
    return tuple(
        RegistrationRow(
            BODY_WORDS[RegistrationBody(row.body)], row.number, routes.staff_record("registrations", row.id),
            long_date(row.ends_on), "Ended" if row.ends_on < today else "In force",
        )
        for row in rows
    )  # fmt: skip


def clinicians_of(
    session: Session, actor: Actor, today: date, registrations: Sequence[UUID]
) -> dict[UUID, tuple[str, str]]:
    """Whose each of these registrations is; and where their own record is, for those who may open it. One statement."""
    who = aliased(User)  # the scope asks of users too
    rows = session.execute(
        select(col(Registration.id), col(Registration.user_id), col(who.display_name))
        .join(who, col(who.id) == col(Registration.user_id))
        .where(visible(actor, Registration, today), col(Registration.id).in_(registrations))
    )
    leads = could_ever(actor, Permission.USER_READ)
    return {row.id: (row.display_name, routes.staff_user(row.user_id) if leads else "") for row in rows}


def own_registration(session: Session, actor: Actor, today: date) -> tuple[str, str, str]:
    """The body and number a clinician signs with, and until when in a sentence; empty texts where none is in force."""
    row = session.execute(
        select(Registration)
        .where(
            col(Registration.user_id) == actor.user_id, visible(actor, Registration, today),
            col(Registration.ends_on) >= today,
        )
        .order_by(col(Registration.ends_on).desc(), col(Registration.id))
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    if row is None:
        return "", "", ""
    return row.body, row.number, f"Your board has checked this registration. It runs to {long_date(row.ends_on)}."
