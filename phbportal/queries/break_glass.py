"""Break-glass: who asked to be let into whose record, what was decided, what waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.break_glass import ASKING_LASTS, GlassStatus, is_open, record_words, status_words
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import london_day, show_moment
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import could_ever, decide
from phbportal.policy.permissions import Permission
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, waited
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.people import Person
from phbportal.tables.users import User

SHOWN = 25


ASKED_THEMSELVES = "You asked for this, so an approver or an auditor must agree to it. You can take it back."


@dataclass(frozen=True, slots=True)
class GlassRow:
    """One asking, as text."""

    reference: str
    href: str
    who: str
    asked: str
    status: str


@dataclass(frozen=True, slots=True)
class GlassView:
    """One asking, as text. ``person`` is empty for whoever may not see them; ``record_href`` too, once it is over.

    ``looks_href`` leads to what was looked at under it, for auditors.
    """

    reference: str = ""
    person: str = ""
    record_href: str = ""
    looks_href: str = ""
    who: str = ""
    reason: str = ""
    asked: str = ""
    status: str = ""
    decided: str = ""
    refusal: str = ""
    until: str = ""
    reviewed: str = ""
    because: str = ""
    end_words: str = ""
    may_decide: bool = False
    may_end: bool = False
    may_review: bool = False


def _asked(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    b = BreakGlass
    return select(b, col(User.display_name)).join(User, col(User.id) == col(b.user_id)).where(visible(actor, b, today))


def askings(session: Session, actor: Actor, now: datetime, today: date) -> tuple[GlassRow, ...]:
    """The latest askings the actor may see: their own, or all of the board's. One statement."""
    rows = session.execute(_asked(actor, today).order_by(col(BreakGlass.id).desc()).limit(SHOWN))
    return tuple(
        GlassRow(
            record_words(one.reference), routes.staff_break_glass(one.id), who, show_moment(one.created_at),
            status_words(GlassStatus(one.status), one.ends_at, one.ended_at, now, one.created_at),
        )
        for one, who in rows
    )  # fmt: skip


def askings_waiting(session: Session, actor: Actor, now: datetime, today: date) -> WorkGroup:
    """What the actor may agree to or refuse, not lapsed. One statement."""
    b = BreakGlass
    rows = session.execute(
        _asked(actor, today)
        .where(
            col(b.status) == GlassStatus.ASKED.value, col(b.ended_at).is_(None),
            col(b.created_at) > now - ASKING_LASTS, col(b.user_id) != actor.user_id,
        )
        .order_by(col(b.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Break-glass",
        [
            WorkItem(
                f"{who} asks to read one person’s record",
                routes.staff_break_glass(one.id),
                f"{one.reference}. Waiting {waited(london_day(one.created_at), today)}.",
                "Due soon",
            )
            for one, who in rows
        ],
    )


def ended_of(session: Session, asking_ids: Collection[UUID]) -> set[UUID]:
    """Which of these were ended before their time. For the watch over open pages, which shows nothing: no scope."""
    b = BreakGlass
    found = select(col(b.id)).where(col(b.id).in_(asking_ids), col(b.ended_at).is_not(None))
    return set(session.execute(found).scalars())


def asking_view(session: Session, actor: Actor, now: datetime, today: date, asking_id: UUID) -> GlassView:
    """One asking the actor may see. Two statements. Raises NotFound."""
    b, decider, reviewer = BreakGlass, aliased(User), aliased(User)
    row = session.execute(
        _asked(actor, today)
        .add_columns(col(decider.display_name).label("decider"), col(reviewer.display_name).label("reviewer"))
        .outerjoin(decider, col(decider.id) == col(b.decided_by))
        .outerjoin(reviewer, col(reviewer.id) == col(b.reviewed_by))
        .where(col(b.id) == asking_id)
    ).one_or_none()
    if row is None:
        raise NotFound()
    one, who = row[0], row[1]
    subject = Subject(icbs=frozenset({one.icb_id}), user_id=one.user_id, made_by=frozenset({one.user_id}))
    decision = decide(actor, Permission.BREAK_GLASS_DECIDE, subject)
    status = status_words(GlassStatus(one.status), one.ends_at, one.ended_at, now, one.created_at)
    waits, is_now = status == "Waiting for a second person", is_open(one.ends_at, one.ended_at, now)
    person = _person(session, actor, today, one.person_id)
    own = one.user_id == actor.user_id
    because = ASKED_THEMSELVES if own else decision.because
    reviews = decide(actor, Permission.BREAK_GLASS_REVIEW, subject).allowed
    return GlassView(
        reference=record_words(one.reference), person=person,
        record_href=routes.staff_person(one.person_id) if person else "",
        looks_href=routes.access_of_person(one.person_id) if could_ever(actor, Permission.ACCESS_READ) else "",
        who=who, reason=one.reason, asked=show_moment(one.created_at), status=status,
        decided=f"{row.decider or NOBODY}, {show_moment(one.decided_at)}" if one.decided_at else "",
        refusal=one.refusal, until=show_moment(one.ended_at or one.ends_at) if one.ends_at else "",
        reviewed=f"{row.reviewer or NOBODY}, {show_moment(one.reviewed_at)}" if one.reviewed_at else "",
        because=because if waits and not decision.allowed else "", may_decide=waits and decision.allowed,
        may_end=own and (waits or is_now), end_words="Take it back" if waits else "End it now",
        may_review=reviews and one.ends_at is not None and not is_now and one.reviewed_at is None,
    )  # fmt: skip


def _person(session: Session, actor: Actor, today: date, person_id: UUID) -> str:
    row = session.execute(
        select(col(Person.given_name), col(Person.family_name)).where(
            col(Person.id) == person_id, visible(actor, Person, today)
        )
    ).one_or_none()
    return f"{row.given_name} {row.family_name}" if row else ""
