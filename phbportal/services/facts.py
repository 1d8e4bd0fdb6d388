"""Gathering what the rules of streams need to know."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy
from phbportal.domain.streams import AccountFact, AccountStatus, Method, PayeeKind, StreamFact
from phbportal.queries.payee_agreements import holds_payment, standings
from phbportal.queries.payees import payee_facts
from phbportal.queries.third_party import third_party_facts
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


def stream_fact(uow: UnitOfWork, stream: Stream) -> StreamFact:
    """A stream with its person's consents and checks, and its account."""
    phb = uow.session.get_one(Phb, stream.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    consents = [
        ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on)
        for c in uow.session.execute(
            select(Consent).where(col(Consent.person_id) == person.id, col(Consent.icb_id) == stream.icb_id)
        ).scalars()
    ]
    answers = [
        (a.attested_on, a.excluded)
        for a in uow.session.execute(
            select(ExclusionAttestation)
            .where(col(ExclusionAttestation.person_id) == person.id, col(ExclusionAttestation.icb_id) == stream.icb_id)
            .order_by(col(ExclusionAttestation.id))
        ).scalars()
    ]
    agreements = standings(uow.session, [stream]).get(stream.id, ())
    own = [stream.id] if stream.method == Method.THIRD_PARTY else []
    return StreamFact(
        method=Method(stream.method), payee_kind=PayeeKind(stream.payee_kind), starts_on=stream.starts_on,
        ends_on=stream.ends_on, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity,
        died_on=person.died_on, consents=consents, exclusion_answers=answers,
        account=account_fact(uow, stream.account_id),
        payee=payee_facts(uow.session, [stream.payee_role_id]).get(stream.payee_role_id),
        third_party=third_party_facts(uow.session, own).get(stream.id),
        unsigned=holds_payment(agreements), agreed=tuple(one.step for one in agreements),
    )  # fmt: skip


def account_fact(uow: UnitOfWork, account_id: UUID | None) -> AccountFact | None:
    account = uow.session.get(PayeeAccount, account_id) if account_id else None
    return AccountFact(AccountStatus(account.status), account.cooling_until) if account else None
