"""An offer to an organisation as the rules know it, from its row."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.isf_offer import FeeKind, Offer, Reporting, Terms, Timing
from phbportal.domain.money import pounds
from phbportal.domain.periods import MonthlyPay
from phbportal.domain.quantities import percent
from phbportal.domain.streams import Frequency
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.organisations import Organisation


def offer_words(
    offer: IsfConfirmation, person: str, organisation: Organisation, board: str, reference: str, monthly: MonthlyPay
) -> Offer:  # fmt: skip
    """The offer, with the names of the three it is between, and how the months of its stream are worked out."""
    return Offer(
        organisation=organisation.name, person=person, board=board, reference=reference,
        plan_version=offer.plan_version, plan_hash=offer.plan_hash, weekly_pence=offer.weekly_pence,
        one_off_pence=offer.one_off_pence, frequency=Frequency(offer.frequency), starts_on=offer.starts_on,
        registration=_registration(organisation), monthly=monthly,
        terms=Terms(
            offer.hourly_pence, offer.other_rates, FeeKind(offer.fee_kind), offer.fee_bp, offer.fee_weekly_pence,
            offer.fee_covers, Timing(offer.timing), offer.bank_cap_weeks, offer.bank_period_weeks, offer.flexibility,
            Reporting(offer.reporting), offer.exit_days,
        ),
    )  # fmt: skip


def terms_before(session: Session, actor: Actor, today: date, stream_id: UUID) -> dict[str, str]:
    """The terms of a stream's last offer as the form of the next one takes them; empty when there was none.

    A change is mostly of one line: nobody types the other eleven again. One statement.
    """
    c = IsfConfirmation
    offer = session.execute(
        select(c).where(col(c.stream_id) == stream_id, visible(actor, c, today)).order_by(col(c.round).desc()).limit(1)
    ).scalar_one_or_none()
    if offer is None:
        return {}
    kind = FeeKind(offer.fee_kind)
    return {
        "hourly": pounds(offer.hourly_pence).removeprefix("£"), "other_rates": offer.other_rates,
        "fee_kind": kind.value, "fee_covers": offer.fee_covers,
        "fee_percent": percent(offer.fee_bp).removesuffix("%") if kind is FeeKind.PERCENT else "",
        "fee_weekly": pounds(offer.fee_weekly_pence).removeprefix("£") if kind is FeeKind.FIXED_WEEKLY else "",
        "timing": offer.timing, "bank_cap_weeks": str(offer.bank_cap_weeks),
        "bank_period_weeks": str(offer.bank_period_weeks), "flexibility": offer.flexibility,
        "reporting": offer.reporting, "exit_days": str(offer.exit_days),
    }  # fmt: skip


def _registration(organisation: Organisation) -> str:
    if not organisation.cqc_location_id:
        return "The organisation is not registered with the Care Quality Commission and gives no regulated care."
    rating = f", last rated {organisation.rating}" if organisation.rating else ""
    return f"It is registered with the Care Quality Commission as {organisation.cqc_location_id}{rating}."
