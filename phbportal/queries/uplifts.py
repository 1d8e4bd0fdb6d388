"""Yearly uplifts: how far one is, what waits for whom, and how many streams have not had one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.moments import london_day
from phbportal.domain.money import pounds
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.text import long_date, plural
from phbportal.domain.uplifts import RAISES, ItemStatus, UpliftStatus, next_first_of_april
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_counts import Whole, capped, number
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, waited
from phbportal.tables.budgets import Stream
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import User

_RAISED = (ItemStatus.CHOSEN.value, *(status.value for status in RAISES))


@dataclass(frozen=True, slots=True)
class Figures:
    """An uplift in figures: the budgets it raises, pence more a week and a year; and how many streams it does not."""

    budgets: int = 0
    weekly_pence: int = 0
    yearly_pence: int = 0
    exceptions: int = 0
    left_out: int = 0
    overtaken: int = 0
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Hands:
    """Who proposed and approved an uplift, by name; "" for nobody yet. ``first`` is the first of two approvers."""

    proposed: str
    first: str
    approved: str


def people_of(session: Session, actor: Actor, today: date, uplifts: Sequence[UUID]) -> dict[UUID, Hands]:
    """Through whose hands each of these uplifts went. One statement."""
    u, proposed, first, approved = Uplift, aliased(User), aliased(User), aliased(User)
    rows = session.execute(
        select(col(u.id), col(proposed.display_name), col(first.display_name), col(approved.display_name))
        .outerjoin(proposed, col(proposed.id) == col(u.proposed_by))
        .outerjoin(first, col(first.id) == col(u.first_by))
        .outerjoin(approved, col(approved.id) == col(u.approved_by))
        .where(col(u.id).in_(uplifts), visible(actor, u, today))
    )
    return {row[0]: Hands(*(name or "" for name in row[1:])) for row in rows}


def figures_of(session: Session, actor: Actor, today: date, uplifts: Sequence[UUID]) -> dict[UUID, Figures]:
    """The figures of each of these uplifts. One statement."""
    i = UpliftItem
    rows = session.execute(
        select(
            col(i.uplift_id), col(i.status), func.count(), func.count(func.distinct(col(i.phb_id))),
            func.sum(col(i.after_pence) - col(i.before_pence)), func.sum(col(i.more_yearly_pence)),
        )
        .where(col(i.uplift_id).in_(uplifts), visible(actor, i, today))
        .group_by(col(i.uplift_id), col(i.status))
    )  # fmt: skip
    found: dict[UUID, dict[str, tuple[int, int, int, int]]] = {}
    for uplift_id, status, items, budgets, weekly, yearly in rows:
        found.setdefault(uplift_id, {})[status] = (items, budgets, int(weekly), int(yearly))
    nothing = (0, 0, 0, 0)
    return {
        uplift_id: Figures(
            *(sum(by.get(status, nothing)[place] for status in _RAISED) for place in (1, 2, 3)),
            *(by.get(status.value, nothing)[0]
              for status in (ItemStatus.EXCEPTION, ItemStatus.LEFT_OUT, ItemStatus.OVERTAKEN, ItemStatus.CHOSEN)),
        )
        for uplift_id, by in found.items()
    }  # fmt: skip


def _waiting(session: Session, actor: Actor, today: date, *statuses: UpliftStatus) -> list[Any]:
    u = Uplift
    return list(
        session.execute(
            select(u)
            .where(visible(actor, u, today), col(u.status).in_([status.value for status in statuses]))
            .order_by(col(u.id))
            .limit(MOST + 1)
        ).scalars()
    )


def to_approve(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Uplifts somebody else proposed, which this approver has not approved yet, without those above their limit.
    One statement."""
    limit = actor.sign_off_limit_pence
    rows = [
        row for row in _waiting(session, actor, today, UpliftStatus.PROPOSED)
        if actor.user_id not in (row.proposed_by, row.created_by, row.first_by)
        and (limit is None or row.largest_pence <= limit)
    ]  # fmt: skip
    return WorkGroup.of(
        "Uplifts to approve",
        [
            WorkItem(
                f"Uplift from {long_date(row.effective_on)}", routes.staff_record("uplifts", row.id),
                f"Waiting {waited(london_day(row.updated_at), today)}.",
            )
            for row in rows
        ],
    )  # fmt: skip


def to_propose(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Uplifts that are being prepared or were returned. One statement."""
    rows = _waiting(session, actor, today, UpliftStatus.DRAFT, UpliftStatus.RETURNED)
    return WorkGroup.of(
        "Uplifts to propose",
        [
            WorkItem(
                f"Uplift from {long_date(row.effective_on)}", routes.staff_record("uplifts", row.id),
                f"Returned: {row.return_reason}" if row.status == UpliftStatus.RETURNED else "Being prepared.",
                "Returned" if row.status == UpliftStatus.RETURNED else "",
            )
            for row in rows
        ],
    )  # fmt: skip


def stopped(session: Session, actor: Actor, today: date) -> WorkGroup:
    """Approved uplifts whose writing has stopped. One statement."""
    u = Uplift
    rows = session.execute(
        select(u)
        .where(visible(actor, u, today), col(u.status) == UpliftStatus.APPROVED.value, col(u.problem).is_not(None))
        .order_by(col(u.id))
        .limit(MOST + 1)
    ).scalars()  # fmt: skip
    return WorkGroup.of(
        "Uplifts that stopped",
        [
            WorkItem(
                f"Write the rest of the uplift from {long_date(row.effective_on)}",
                routes.staff_record("uplifts", row.id), row.problem or "", "Stopped",
            )
            for row in rows
        ],
    )  # fmt: skip


def not_raised(today: date) -> ColumnElement[bool]:
    """Of streams those that pay, no uplift from this year's 1 April raises, and nothing keeps from being raised."""
    s, i, on = Stream, UpliftItem, next_first_of_april(today)
    live = (StreamStatus.AGREED.value, StreamStatus.READY.value, StreamStatus.ACTIVE.value)
    raised = exists(
        select(1).where(
            col(i.stream_id) == col(s.id), col(i.effective_on) == on,
            col(i.status).in_([status.value for status in RAISES]),
        )
    )  # fmt: skip
    return and_(
        col(s.status).in_(live), col(s.starts_on) < on, col(s.weekly_pence) > 0, col(s.price_agreed).is_(None),
        col(s.method) != Method.THIRD_PARTY.value, ~raised,
    )  # fmt: skip


@by_shape
def _not_raised(actor: Actor, today: date) -> Whole:
    return capped(select(col(Stream.id)).where(visible(actor, Stream, today), not_raised(today)))


def streams_not_raised(session: Session, actor: Actor, today: date) -> int:
    """Streams of the board that no uplift from this year's 1 April raises (from July on, from next year's)."""
    return number(session, _not_raised(actor, today))


def more_words(found: Figures) -> str:
    """What an uplift comes to, in words."""
    return (
        f"{plural(found.budgets, 'budget', 'budgets')}, {pounds(found.weekly_pence)} more a week, "
        f"{pounds(found.yearly_pence)} more a year"
    )
