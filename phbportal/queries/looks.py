"""Who has looked at a person's record."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, case, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.looks import look_sentence, page_name
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.scope import visible
from phbportal.tables.audit import AccessEvent
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment, User

SIZE = 25
LOOKS_AT_ONCE = 200
"""Of a person's own list. Somebody who works on a record for an hour looks at it many times and is one sentence."""


@dataclass(frozen=True, slots=True)
class LookRow:
    """Somebody looked: who, in which role, at what, when."""

    who: str
    role: str
    page: str
    when: str


def looks_at(session: Session, actor: Actor, today: date, person_id: UUID, *, size: int = SIZE) -> tuple[LookRow, ...]:
    """Who looked at a person's record most recently (invariant I33), for those who may see that. One statement."""
    rows = session.execute(
        select(
            col(AccessEvent.page), col(AccessEvent.role), col(AccessEvent.created_at), col(User.display_name),
            col(AccessEvent.break_glass_id),
        )
        .outerjoin(User, col(User.id) == col(AccessEvent.user_id))
        .where(col(AccessEvent.person_id) == person_id, visible(actor, AccessEvent, today))
        .order_by(col(AccessEvent.id).desc())
        .limit(size)
    )  # fmt: skip
    return tuple(
        LookRow(
            who=row.display_name or "The portal", role=ROLE_WORDS[Role(row.role)].capitalize(),
            page=page_name(row.page) + (" (break-glass)" if row.break_glass_id else ""),
            when=show_moment(row.created_at),
        )
        for row in rows
    )  # fmt: skip


def lookers(session: Session, actor: Actor, today: date, looks: Sequence[UUID]) -> dict[UUID, str]:
    """Who looked, by the look. One statement."""
    rows = session.execute(
        select(col(AccessEvent.id), col(User.display_name))
        .join(User, col(User.id) == col(AccessEvent.user_id))
        .where(col(AccessEvent.id).in_(looks), visible(actor, AccessEvent, today))
    )
    return {row.id: row.display_name for row in rows}


@dataclass(frozen=True, slots=True)
class LookDay:
    """A day ("6 April 2026") and a sentence for each person who looked on it, the latest first."""

    day: str
    sentences: list[str]


@dataclass(frozen=True, slots=True)
class LookPage:
    """Days, newest first, and the cursors either way."""

    days: tuple[LookDay, ...]
    newer: str
    older: str


def looks_in_sentences(
    session: Session, actor: Actor, today: date, person_id: UUID, *, place: Place = TOP, size: int = LOOKS_AT_ONCE
) -> LookPage:
    """Who looked at a person's record, for the person themselves or whoever may read it for them. One statement.

    A day that goes on beyond the page goes on upon the next.
    """
    about = {"person": person_id}
    found = newest_first(session, _looks(actor, today), [col(AccessEvent.id)], about, place=place, size=size)
    days = groupby(found.rows, lambda row: london_day(row.created_at))
    own = actor.person_id == person_id
    return LookPage(
        tuple(LookDay(long_date(day), list(_sentences(rows, own=own))) for day, rows in days), found.newer, found.older
    )


def _organisation() -> ColumnElement[str | None]:
    """Whom somebody of an organisation worked for when they looked; nobody for staff."""
    a = Assignment
    worked_for = (
        select(col(Organisation.name))
        .join(a, col(a.organisation_id) == col(Organisation.id))
        .where(
            col(a.user_id) == col(AccessEvent.user_id), col(a.role) == Role.PROVIDER.value,
            col(a.created_at) <= col(AccessEvent.created_at),
        )
        .order_by(col(a.id).desc())
        .limit(1)
        .correlate(AccessEvent)
        .scalar_subquery()
    )  # fmt: skip
    return case((col(AccessEvent.role) == Role.PROVIDER.value, worked_for))


@by_shape
def _looks(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(
            col(AccessEvent.id), col(AccessEvent.page), col(AccessEvent.role), col(AccessEvent.created_at),
            col(AccessEvent.user_id), col(User.display_name), _organisation().label("organisation"),
        )
        .outerjoin(User, col(User.id) == col(AccessEvent.user_id))
        .where(visible(actor, AccessEvent, today), col(AccessEvent.person_id) == bindparam("person", type_=Uuid()))
    )  # fmt: skip


def _sentences(rows: Iterable[Any], *, own: bool) -> Iterator[str]:
    """One for each person and role; what they looked at in the order they did."""
    by_person: dict[tuple[UUID | None, str], list[Any]] = {}
    for row in rows:
        by_person.setdefault((row.user_id, row.role), []).append(row)
    for (_user, role), looks in by_person.items():
        first = looks[0]
        yield look_sentence(
            first.display_name or "", Role(role), [look.page for look in reversed(looks)],
            organisation=first.organisation or "", own=own,
        )  # fmt: skip
