"""What stands behind third-party streams, for the rules: the last offer, the agreement, its signatures (I10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.isf import AgreementStatus, IsfStatus, Party, ThirdPartyFact
from phbportal.tables.arrangements import Agreement, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream


def third_party_facts(session: Session, stream_ids: Iterable[UUID]) -> dict[UUID, ThirdPartyFact]:
    """The fact of each of these streams, which the caller has found in the actor's scope. Four statements, or none."""
    wanted = list(stream_ids)
    if not wanted:
        return {}
    streams = session.execute(
        select(col(Stream.id), col(Stream.organisation_id), col(Stream.weekly_pence), col(Stream.one_off_pence)).where(
            col(Stream.id).in_(wanted)
        )
    ).all()
    c, a, s = IsfConfirmation, Agreement, Signature
    offers = session.execute(
        select(
            col(c.id), col(c.stream_id), col(c.status), col(c.organisation_id), col(c.weekly_pence),
            col(c.one_off_pence),
        )
        .where(col(c.stream_id).in_(wanted))
        .order_by(col(c.round))
    ).all()  # fmt: skip
    agreements = session.execute(
        select(col(a.id), col(a.stream_id), col(a.status), col(a.confirmation_id))
        .where(col(a.stream_id).in_(wanted), col(a.status) != AgreementStatus.REPLACED.value)
        .order_by(col(a.status) == AgreementStatus.IN_FORCE.value, col(a.id))
    ).all()
    signed: dict[UUID, set[Party]] = {}
    for row in session.execute(
        select(col(s.agreement_id), col(s.party)).where(col(s.agreement_id).in_([one.id for one in agreements]))
    ):
        signed.setdefault(row.agreement_id, set()).add(Party(row.party))
    return {row.id: _fact(row, offers, agreements, signed) for row in streams}


def _fact(
    stream: Any, offers: Sequence[Any], agreements: Sequence[Any], signed: dict[UUID, set[Party]]
) -> ThirdPartyFact:
    own = [offer for offer in offers if offer.stream_id == stream.id]
    agreement = next((one for one in reversed(agreements) if one.stream_id == stream.id), None)
    offer = next((one for one in own if agreement is not None and one.id == agreement.confirmation_id), None)
    terms = (stream.organisation_id, stream.weekly_pence, stream.one_off_pence)
    return ThirdPartyFact(
        has_organisation=stream.organisation_id is not None,
        latest=IsfStatus(own[-1].status) if own else None,
        agreement=AgreementStatus(agreement.status) if agreement is not None else None,
        confirmed=offer is not None and offer.status == IsfStatus.CONFIRMED,
        signed=frozenset(signed.get(agreement.id, ())) if agreement is not None else frozenset(),
        same_terms=offer is None or (offer.organisation_id, offer.weekly_pence, offer.one_off_pence) == terms,
    )
