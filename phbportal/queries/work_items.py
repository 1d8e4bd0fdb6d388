"""The shapes of a work list: items, groups, and the words for how long something has waited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_
from sqlmodel import col

from phbportal.domain.text import plural
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

MOST = 50
SOON_DAYS = 7

OVERDUE, SOON, CANNOT = "Overdue", "Due soon", "Cannot be paid"


@dataclass(frozen=True, slots=True)
class WorkItem:
    """One thing to do: what and for whom, where it is done, how long it has waited; ``status`` may be empty."""

    title: str
    href: str
    detail: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class WorkGroup:
    """Things of one kind, the oldest first; ``more`` says so when there are more than are shown."""

    heading: str
    items: tuple[WorkItem, ...]
    more: str = ""

    @classmethod
    def of(cls, heading: str, items: Sequence[WorkItem]) -> WorkGroup:
        """A group of what was found, of which one more than is shown may have been read."""
        more = f"Only the first {MOST} are shown." if len(items) > MOST else ""
        return cls(heading, tuple(items[:MOST]), more)


def waited(since: date, today: date) -> str:
    """How long something has waited: "since today", "since yesterday", "for 5 days"."""
    days = (today - since).days
    if days <= 0:
        return "since today"
    return "since yesterday" if days == 1 else f"for {days} days"


def due_words(on: date, today: date) -> str:
    """How a day stands to today: "today", "in 5 days", "overdue by 1 day"."""
    days = (on - today).days
    if days == 0:
        return "today"
    return f"in {plural(days, 'day')}" if days > 0 else f"overdue by {plural(-days, 'day')}"


def start_words(on: date, today: date) -> str:
    """When something starts, to today: "Starts in 4 days", "Started yesterday", "Started 66 days ago"."""
    days = (today - on).days
    if days <= 0:
        return f"Starts {due_words(on, today)}"
    return "Started yesterday" if days == 1 else f"Started {days} days ago"


def due_status(on: date | None, today: date) -> str:
    """The word for a due date: overdue, due soon (a week), or nothing."""
    if on is None or (on - today).days > SOON_DAYS:
        return ""
    return OVERDUE if on < today else SOON


def whose(actor: Actor, today: date) -> ColumnElement[bool]:
    """The person of a budget, where the actor's board answers for them still: to outer-join people to budgets by."""
    return and_(col(Person.id) == col(Phb.person_id), visible(actor, Person, today))


def about(given_name: str | None, family_name: str | None) -> str:
    """Whose it is; a person whom another board answers for now is not named."""
    return f"{given_name} {family_name}" if family_name else "somebody who has moved to another board"
