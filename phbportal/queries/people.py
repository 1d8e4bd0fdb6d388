"""What a list of people tells of each of them beside their own row: their budgets, and whose a budget is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.phbs import STATUS_WORDS
from phbportal.policy.actors import Actor
from phbportal.queries.kept import among, by_shape, has_arrays
from phbportal.queries.scope import visible
from phbportal.tables.phbs import Phb

_WORDS = {status.value: words for status, words in STATUS_WORDS.items()}


@by_shape
def _budgets(who: Actor, today: date, arrays: bool) -> Select[*tuple[Any, ...]]:
    """The budgets of the people of a page, oldest first."""
    return (
        select(col(Phb.person_id), col(Phb.reference), col(Phb.status))
        .where(among(col(Phb.person_id), "people", arrays=arrays), visible(who, Phb, today))
        .order_by(col(Phb.id))
    )


@dataclass(frozen=True, slots=True)
class Budgets:
    """Somebody's budgets: the newest's reference and status in words, and how many there are beside it."""

    reference: str
    status: str
    more: int

    @property
    def words(self) -> str:
        return f"{self.reference} and {self.more} more" if self.more else self.reference


def budgets_of(session: Session, actor: Actor, today: date, people: Sequence[UUID]) -> dict[UUID, Budgets]:
    """The budgets of each of these people, as far as the actor may see them. One statement."""
    found: dict[UUID, Budgets] = {}
    statement = _budgets(actor, today, has_arrays(session))
    for person_id, reference, status in session.connection().execute(statement, {"people": list(people)}).all():
        before = found.get(person_id)
        found[person_id] = Budgets(reference, _WORDS[status], before.more + 1 if before else 0)
    return found


def with_budget(session: Session, actor: Actor, today: date, reference: str) -> UUID | None:
    """Whose budget has this reference; None if it is nobody's the actor may see."""
    return session.execute(
        select(col(Phb.person_id)).where(col(Phb.reference) == reference, visible(actor, Phb, today))
    ).scalar_one_or_none()
