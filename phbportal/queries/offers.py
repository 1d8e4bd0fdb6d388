"""An offer to an organisation as the rules know it, from its row."""

from __future__ import annotations

from phbportal.domain.isf_offer import FeeKind, Offer, Reporting, Terms, Timing
from phbportal.domain.streams import Frequency
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.organisations import Organisation


def offer_words(
    offer: IsfConfirmation, person: str, organisation: Organisation, board: str, reference: str
) -> Offer:  # fmt: skip
    """The offer, with the names of the three it is between."""
    return Offer(
        organisation=organisation.name, person=person, board=board, reference=reference,
        plan_version=offer.plan_version, plan_hash=offer.plan_hash, weekly_pence=offer.weekly_pence,
        one_off_pence=offer.one_off_pence, frequency=Frequency(offer.frequency), starts_on=offer.starts_on,
        registration=_registration(organisation),
        terms=Terms(
            offer.hourly_pence, offer.other_rates, FeeKind(offer.fee_kind), offer.fee_bp, offer.fee_weekly_pence,
            offer.fee_covers, Timing(offer.timing), offer.bank_cap_weeks, offer.bank_period_weeks, offer.flexibility,
            Reporting(offer.reporting), offer.exit_days,
        ),
    )  # fmt: skip


def _registration(organisation: Organisation) -> str:
    if not organisation.cqc_location_id:
        return "The organisation is not registered with the Care Quality Commission and gives no regulated care."
    rating = f", last rated {organisation.rating}" if organisation.rating else ""
    return f"It is registered with the Care Quality Commission as {organisation.cqc_location_id}{rating}."
