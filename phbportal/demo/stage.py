"""The stage of the demo world: each act is done once, by somebody, in a unit of its own, on a day gone by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import Engine

from phbportal.demo.days import Days
from phbportal.domain.periods import financial_year
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor
from phbportal.services.tick import tick
from phbportal.services.unit_of_work import LONDON, UnitOfWork, open_unit

OPENS = time(9)
BETWEEN_ACTS = timedelta(minutes=3)


@dataclass
class Stage:
    """The database, the days, and the members of staff as actors, by the key and role they act in."""

    engine: Engine
    issuer: str
    days: Days
    staff: dict[tuple[str, Role], Actor] = field(default_factory=dict[tuple[str, Role], Actor])
    acts: Counter[date] = field(default_factory=Counter[date])
    money_of: dict[UUID, date] = field(default_factory=dict[UUID, date])
    """The first day of the year for which each budget's money was last set aside."""

    def act(self, who: Actor, key: str, on: date, do: Callable[[UnitOfWork], object]) -> str:
        """Do ``do`` as somebody on a day, unless a build that was cut short has done it. Returns its answer as text.

        The answer is kept beside the act under its key, in the same transaction, so whoever takes up a build that
        was killed walks the whole story again and only what is missing happens.
        """
        self.acts[on] += 1
        moment = datetime.combine(on, OPENS, LONDON) + self.acts[on] * BETWEEN_ACTS
        with open_unit(self.engine, who, writes=True, now=moment.astimezone(UTC)) as uow:
            return uow.once("demo", key, {}, lambda: str(do(uow) or ""))

    def of_board(self, first: str, second: str, role: Role, icb_id: UUID | None) -> Actor:
        """Of two members of staff in a role, the one who works at this board."""
        one = self.staff[first, role]
        return one if one.icb_id == icb_id else self.staff[second, role]

    def year_begins(self, phb_id: UUID, on: date) -> None:
        """If 1 April has come since a budget's money was last set aside: what the night of it would have done."""
        starts = financial_year(on)[0]
        if starts > self.money_of.get(phb_id, starts):
            tick(self.engine, now=datetime.combine(starts, time(1), LONDON))
        self.money_of[phb_id] = starts
