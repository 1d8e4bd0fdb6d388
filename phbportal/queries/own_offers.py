"""An offer of a budget that waits for the answer of a holder, or of whoever represents them, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.budget_offers import OPEN
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation
from phbportal.tables.path import BudgetOffer
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class OwnOffer:
    """What the page says: who offers, since when, and which budget it is. Empty where nothing waits."""

    phb: str = ""
    board: str = ""
    offered: str = ""
    reference: str = ""


def own_offer(session: Session, actor: Actor, today: date, *, person_id: UUID | None = None) -> OwnOffer:
    """The latest offer in the actor's sight that waits for an answer; of one of the people a representative acts for,
    where ``person_id`` is given. One statement."""
    o = BudgetOffer
    whose = [col(Phb.person_id) == person_id] if person_id else []
    row = session.execute(
        select(col(Phb.id), col(Phb.reference), col(Organisation.name), col(o.offered_on))
        .join(Phb, col(Phb.id) == col(o.phb_id))
        .join(Organisation, col(Organisation.id) == col(o.icb_id))
        .where(
            visible(actor, o, today), visible(actor, Phb, today), col(o.answer).in_([one.value for one in OPEN]),
            col(Phb.status) == PhbStatus.OFFERED.value, *whose,
        )
        .order_by(col(o.id).desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    return OwnOffer(str(row.id), row.name, long_date(row.offered_on), row.reference) if row else OwnOffer()
