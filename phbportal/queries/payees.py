"""Whoever is paid in the person's place, as the rules see them. Facts for a rule, never for a screen: no scope."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.acting import MAY_NOMINATE, ActedFor, Acting, ActingFact, ActingStatus, Basis, NominatedBy
from phbportal.domain.consents import ConsentFact, ConsentKind, GivenBy
from phbportal.domain.relations import Relation
from phbportal.domain.streams import AccountFact, AccountStatus, Method, PayeeKind, StreamFact, StreamStatus
from phbportal.queries.payee_agreements import unsigned_problems
from phbportal.queries.reductions import reductions_of
from phbportal.queries.third_party import third_party_facts
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


def acting_fact(part: PersonRole) -> ActingFact:
    """A part in somebody's life as the rules see it."""
    return ActingFact(
        role=Acting(part.role), status=ActingStatus(part.status), basis=Basis(part.basis) if part.basis else None,
        nominated_by=NominatedBy(part.nominated_by) if part.nominated_by else None, relation=Relation(part.relation),
        lives_in_household=part.lives_in_household, involved_friend=part.involved_friend, agreed_on=part.agreed_on,
        dbs_on=part.dbs_on, board_agreed_on=part.board_agreed_on, individual=part.individual or "",
    )  # fmt: skip


def appointed_fact(session: Session, part: PersonRole) -> ActingFact:
    """The same with where the representative who nominated them stands, for whoever decides the part."""
    if part.nominator_id is None:
        return acting_fact(part)
    nominator = session.execute(
        select(col(PersonRole.status)).where(col(PersonRole.id) == part.nominator_id)
    ).scalar_one()  # fmt: skip
    return replace(acting_fact(part), nominator=ActingStatus(nominator))


def payee_facts(session: Session, part_ids: Iterable[UUID | None]) -> dict[UUID | None, ActingFact]:
    """The payees of some streams by the id of their part; without a statement when the holder is paid."""
    wanted = {part_id for part_id in part_ids if part_id is not None}
    if not wanted:
        return {}
    found = session.execute(select(PersonRole).where(col(PersonRole.id).in_(wanted))).scalars()
    return {part.id: acting_fact(part) for part in found}


def acted_for(session: Session, person: Person) -> ActedFor:
    """A person as whoever is to act for them is measured against: age, capacity, and who represents them now."""
    bases = session.execute(
        select(col(PersonRole.basis)).where(
            col(PersonRole.person_id) == person.id,
            col(PersonRole.role) == Acting.REPRESENTATIVE.value,
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
        )
    ).scalars()
    return ActedFor(person.date_of_birth, person.lacks_capacity, frozenset(Basis(basis) for basis in bases))


def may_nominate(person_id: UUID) -> ColumnElement[bool]:
    """The parts of the person's active representatives who may nominate: all kinds but one the board appointed."""
    return and_(
        col(PersonRole.person_id) == person_id,
        col(PersonRole.role) == Acting.REPRESENTATIVE.value,
        col(PersonRole.status) == ActingStatus.ACTIVE.value,
        col(PersonRole.basis).in_([basis.value for basis in MAY_NOMINATE]),
    )


def stream_facts(
    session: Session, streams: Sequence[tuple[Stream, Person, PayeeAccount | None]]
) -> dict[UUID, StreamFact]:
    """What the rules of payment know of streams the caller has found in scope, for a holder and whoever acts for them.

    A nominee is told whether money comes and when, never of a consent or a check that is missing. Four statements.
    """
    people = {person.id for _stream, person, _account in streams}
    consents = session.execute(select(Consent).where(col(Consent.person_id).in_(people))).scalars().all()
    checks = session.execute(
        select(ExclusionAttestation)
        .where(col(ExclusionAttestation.person_id).in_(people))
        .order_by(col(ExclusionAttestation.id))
    ).scalars().all()  # fmt: skip
    payees = payee_facts(session, [stream.payee_role_id for stream, _person, _account in streams])
    behind = third_party_facts(session, [s.id for s, _p, _a in streams if s.method == Method.THIRD_PARTY])
    unsigned = unsigned_problems(session, [stream for stream, _person, _account in streams])
    reduced = reductions_of(session, [stream.id for stream, _person, _account in streams])
    return {
        stream.id: StreamFact(
            method=Method(stream.method), payee_kind=PayeeKind(stream.payee_kind), starts_on=stream.starts_on,
            ends_on=stream.ends_on, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity,
            died_on=person.died_on,
            consents=[
                ConsentFact(ConsentKind(c.kind), GivenBy(c.given_by), c.given_on, c.withdrawn_on)
                for c in consents
                if (c.person_id, c.icb_id) == (person.id, stream.icb_id)
            ],
            exclusion_answers=[
                (c.attested_on, c.excluded)
                for c in checks
                if (c.person_id, c.icb_id) == (person.id, stream.icb_id)
            ],
            account=AccountFact(AccountStatus(account.status), account.cooling_until) if account else None,
            payee=payees.get(stream.payee_role_id),
            third_party=behind.get(stream.id), reductions=reduced.get(stream.id, ()),
            unsigned=unsigned.get(stream.id),
        )
        for stream, person, account in streams
    }  # fmt: skip


def without_payee(part: PersonRole) -> ColumnElement[bool]:
    """The streams of a part's person and board that such a part could be paid and that pay nobody who acts."""
    ended = select(col(PersonRole.id)).where(col(PersonRole.status) == ActingStatus.ENDED.value)
    unnamed = (col(Stream.payee_kind) == part.role) & col(Stream.payee_role_id).is_(None)
    over = [StreamStatus.STOPPING.value, StreamStatus.WINDING_DOWN.value, StreamStatus.CLOSED.value]
    return and_(
        col(Stream.phb_id).in_(select(col(Phb.id)).where(col(Phb.person_id) == part.person_id)),
        col(Stream.icb_id) == part.icb_id,
        col(Stream.method) == Method.DIRECT_PAYMENT.value,
        col(Stream.status).not_in(over),
        or_(unnamed, col(Stream.payee_role_id).in_(ended)),
    )
