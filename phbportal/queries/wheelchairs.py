"""Wheelchair budgets as text: how each was worked out, what nobody has promised yet, and what its holder reads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, label, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.money import pounds
from phbportal.domain.text import long_date
from phbportal.domain.wheelchairs import (
    CONTRIBUTOR_WORDS,
    WAY_WORDS,
    Contributor,
    Cover,
    WheelchairOffer,
    WheelchairWay,
    holder_sentences,
    unpromised_words,
    working,
)
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.phbs import Phb
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution


@dataclass(frozen=True, slots=True)
class WheelchairView:
    """A wheelchair as staff see it on the budget's page. ``id`` is empty where there is none."""

    id: str = ""
    chair: str = ""
    way: str = ""
    budget: str = ""
    others: str = ""
    working: str = ""
    adds: tuple[str, ...] = ()
    unpromised: str = ""
    issued: str = ""
    expires: str = ""
    review: str = ""


@dataclass(frozen=True, slots=True)
class OwnWheelchair:
    """A wheelchair as its holder reads it: sentences, and who adds what."""

    sentences: list[str] = field(default_factory=list[str])
    adds: list[str] = field(default_factory=list[str])


def workings_of(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> dict[UUID, str]:
    """How each of these was worked out, in words. One statement."""
    w = Wheelchair
    found = select(w).where(col(w.id).in_(ids), visible(actor, w, today))
    return {row.id: " ".join(working(_offer(row))) for row in session.execute(found).scalars()}


def unpromised_of(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What nobody has said they will pay of each of these; none for those of which all is promised. One statement."""
    w, c = Wheelchair, WheelchairContribution
    promised = (
        select(func.coalesce(func.sum(col(c.amount_pence)), 0))
        .where(col(c.wheelchair_id) == col(w.id), col(c.dropped_on).is_(None))
        .correlate(w).scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(col(w.id), col(w.person_pays_pence), label("promised", promised)).where(
            col(w.id).in_(ids), visible(actor, w, today)
        )
    )
    said = {row.id: unpromised_words(row.person_pays_pence, int(row.promised)) for row in rows}
    return {wheelchair: words for wheelchair, words in said.items() if words}


def wheelchair_view(session: Session, actor: Actor, today: date, phb_id: UUID) -> WheelchairView:
    """The wheelchair of a budget that is in use, or to be bought. Two statements, or one."""
    w = Wheelchair
    row = session.execute(
        select(w).where(col(w.phb_id) == phb_id, col(w.ended_on).is_(None), visible(actor, w, today))
    ).scalar_one_or_none()
    if row is None:
        return WheelchairView()
    adds = _adds(session, actor, today, [row.id])
    return WheelchairView(
        str(row.id), row.chair, WAY_WORDS[WheelchairWay(row.way)], pounds(row.budget_pence),
        pounds(row.person_pays_pence) if row.person_pays_pence else "", " ".join(working(_offer(row))),
        tuple(_added(one) for one in adds),
        unpromised_words(row.person_pays_pence, sum(one.amount_pence for one in adds)),
        _day(row.issued_on), _day(row.expires_on), _day(row.review_on),
    )  # fmt: skip


def own_wheelchairs(session: Session, actor: Actor, today: date, *, own: bool = True) -> dict[str, OwnWheelchair]:
    """The wheelchairs in the actor's sight, by their budget's reference: to a holder in words of their ``own``, to
    whoever represents somebody of theirs. Two statements, or one."""
    w = Wheelchair
    rows = session.execute(
        select(w, col(Phb.reference))
        .join(Phb, col(Phb.id) == col(w.phb_id))
        .where(visible(actor, w, today), visible(actor, Phb, today), col(w.ended_on).is_(None))
        .order_by(col(w.id))
    ).all()
    adds = _adds(session, actor, today, [row.id for row, _reference in rows]) if rows else []
    return {
        reference: OwnWheelchair(
            list(
                holder_sentences(
                    _offer(row), Cover(row.covers), chair=row.chair, term_years=row.term_years,
                    issued_on=row.issued_on, expires=row.expires_on, review_on=row.review_on, own=own,
                )
            ),
            [_added(one) for one in adds if one.wheelchair_id == row.id],
        )
        for row, reference in rows
    }  # fmt: skip


def _adds(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> list[WheelchairContribution]:
    c = WheelchairContribution
    found = select(c).where(col(c.wheelchair_id).in_(ids), col(c.dropped_on).is_(None), visible(actor, c, today))
    return list(session.execute(found.order_by(col(c.id))).scalars())


def _added(one: WheelchairContribution) -> str:
    source = CONTRIBUTOR_WORDS[Contributor(one.source)]
    done = f"paid on {long_date(one.received_on)}" if one.received_on else f"promised on {long_date(one.promised_on)}"
    return f"{one.name} ({source[:1].lower()}{source[1:]}): {pounds(one.amount_pence)}, {done}."


def _offer(row: Any) -> WheelchairOffer:
    return WheelchairOffer(
        WheelchairWay(row.way), row.value_pence, row.extras_pence, row.relieved_of_vat, row.repairs_pence,
        row.chair_pence,
    )  # fmt: skip


def _day(on: date | None) -> str:
    return long_date(on) if on else ""
