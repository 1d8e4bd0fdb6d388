"""The roles an organisation has besides holding money: for how many people, never for whom (I31, domain.md §2.3)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.organisation_parts import PARTS
from phbportal.domain.text import plural
from phbportal.policy.actors import Actor
from phbportal.queries.parties import noted_for_own_organisation
from phbportal.tables.acting import PersonRole
from phbportal.tables.organisations import Organisation


@dataclass(frozen=True, slots=True)
class PartRow:
    """One role as text: how many people each board has noted it for, and what it lets the organisation see."""

    heading: str
    people: list[str] = field(default_factory=list[str])
    sees: list[str] = field(default_factory=list[str])


def other_parts(session: Session, actor: Actor) -> list[PartRow]:
    """Every role an organisation may have besides the third-party one, in the order of the page. A statement each."""
    found: list[PartRow] = []
    for part in PARTS:
        p, board = PersonRole, Organisation
        counts = session.execute(
            select(col(board.name), func.count(distinct(col(p.person_id))))
            .join(board, col(board.id) == col(p.icb_id))
            .where(noted_for_own_organisation(actor), col(p.role).in_([one.value for one in part.noted_as]))
            .group_by(col(board.id), col(board.name))
            .order_by(col(board.name), col(board.id))
        )
        people = [f"{name} has noted you for {plural(number, 'person', 'people')}." for name, number in counts]
        if part.noted_as and not people:
            people = ["No board has noted you in this role."]
        found.append(PartRow(part.heading, people, list(part.sees)))
    return found
