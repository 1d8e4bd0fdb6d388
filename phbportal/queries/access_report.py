"""Who looked at whom and when, for auditors: by person, by user, by period; break-glass marked (invariant I33)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain import identifiers
from phbportal.domain.clock import LONDON
from phbportal.domain.errors import Refusal
from phbportal.domain.looks import page_name
from phbportal.domain.moments import show_moment
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.names import NOBODY
from phbportal.queries.paging import TOP, Place, newest_first
from phbportal.queries.scope import visible
from phbportal.queries.work_items import about
from phbportal.tables.audit import AccessEvent
from phbportal.tables.base import Moment
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User

SIZE = 50


@dataclass(frozen=True, slots=True)
class AccessFilter:
    """What is asked for: each empty one is not asked. ``starts_on`` and ``ends_on`` are days in London, included."""

    person_id: UUID | None = None
    user_id: UUID | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    break_glass: bool = False


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One look, as text; ``href`` is empty where the person may not be seen, ``mark`` says "Break-glass"."""

    when: str
    who: str
    role: str
    page: str
    person: str
    href: str
    mark: str


@dataclass(frozen=True, slots=True)
class AccessPage:
    """Rows, the newest first, and the cursors either way."""

    rows: tuple[AccessRow, ...]
    newer: str
    older: str


def access_page(
    session: Session, actor: Actor, today: date, asked: AccessFilter, *, place: Place = TOP, size: int = SIZE
) -> AccessPage:
    """One page of the looks at people's records that the actor may see. One statement."""
    filters = (asked.person_id, asked.user_id, asked.starts_on, asked.ends_on)
    statement = _access(actor, today, *(one is not None for one in filters), asked.break_glass)
    values: dict[str, Any] = {"person": asked.person_id} if asked.person_id else {}
    values |= {"user": asked.user_id} if asked.user_id else {}
    values |= {"since": _midnight(asked.starts_on)} if asked.starts_on else {}
    values |= {"until": _midnight(asked.ends_on + timedelta(days=1))} if asked.ends_on else {}
    found = newest_first(session, statement, [col(AccessEvent.id)], values, place=place, size=size)
    return AccessPage(
        tuple(
            AccessRow(
                when=show_moment(row.created_at), who=row.display_name or NOBODY,
                role=ROLE_WORDS[Role(row.role)].capitalize(), page=page_name(row.page),
                person=_whose(row),
                href=routes.staff_person(row.person_id) if row.family_name else "",
                mark="Break-glass" if row.break_glass_id else "",
            )
            for row in found.rows
        ),
        found.newer,
        found.older,
    )  # fmt: skip


@by_shape
def _access(
    actor: Actor, today: date, of_person: bool, of_user: bool, since: bool, until: bool, break_glass: bool
) -> Select[*tuple[Any, ...]]:
    e = AccessEvent
    statement = (
        select(
            col(e.id), col(e.created_at), col(e.role), col(e.page), col(e.rows_shown), col(e.person_id),
            col(e.break_glass_id), col(User.display_name), col(Person.given_name), col(Person.family_name),
        )
        .outerjoin(User, col(User.id) == col(e.user_id))
        .outerjoin(Person, (col(Person.id) == col(e.person_id)) & visible(actor, Person, today))
        .where(visible(actor, e, today))
    )  # fmt: skip
    if of_person:
        statement = statement.where(col(e.person_id) == bindparam("person", type_=Uuid()))
    if of_user:
        statement = statement.where(col(e.user_id) == bindparam("user", type_=Uuid()))
    if since:
        statement = statement.where(col(e.created_at) >= bindparam("since", type_=Moment()))
    if until:
        statement = statement.where(col(e.created_at) < bindparam("until", type_=Moment()))
    return statement.where(col(e.break_glass_id).is_not(None)) if break_glass else statement


def _whose(row: Any) -> str:
    """The person; one out of sight is not named, and a list says how long it was."""
    if row.person_id is None:
        one = row.rows_shown == 1 and not row.page.startswith("list of")
        return "Nobody’s" if one else f"Nobody’s: a list of {row.rows_shown:,}"
    return about(row.given_name, row.family_name) if row.family_name else "Somebody who has moved to another board"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON)


def person_of(session: Session, actor: Actor, today: date, typed: str) -> UUID:
    """The person whose budget's reference or NHS number was typed. Raises Refusal beside the field."""
    try:
        reference = identifiers.phb_reference(typed)
        where = col(Person.id).in_(
            select(col(Phb.person_id)).where(col(Phb.reference) == reference, visible(actor, Phb, today))
        )
    except Refusal:
        if not any(sign.isdigit() for sign in typed):
            raise Refusal(
                "Enter the reference of a budget, such as PHB-2026-000123, or an NHS number.", field="person"
            ) from None
        where = col(Person.nhs_number) == identifiers.nhs_number(typed, field="person")
    found = session.execute(select(col(Person.id)).where(where, visible(actor, Person, today))).scalar_one_or_none()
    if found is None:
        raise Refusal("Nobody your board looks after has this number. Check it.", field="person")
    return found


def colleagues(session: Session, actor: Actor, today: date) -> tuple[tuple[UUID, str], ...]:
    """Everybody who works or worked at the board, by name, to choose from: (user id, name)."""
    rows = session.execute(
        select(col(User.id), col(User.display_name))
        .where(visible(actor, User, today))
        .order_by(col(User.display_name), col(User.id))
    )
    return tuple((row.id, row.display_name) for row in rows)


def name_of_person(session: Session, actor: Actor, today: date, person_id: UUID | None) -> str:
    """The name of the person a report is about; "" for nobody, or out of sight."""
    if person_id is None:
        return ""
    row = session.execute(
        select(col(Person.given_name), col(Person.family_name)).where(
            col(Person.id) == person_id, visible(actor, Person, today)
        )
    ).one_or_none()
    return f"{row.given_name} {row.family_name}" if row else ""
