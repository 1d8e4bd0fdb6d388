"""Agreements about how the money is managed: facts for the rules, and text for whoever may read them (ADR 0030)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, bindparam, exists, label, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.agreement_kinds import ABOUT_WORDS, KIND_WORDS, PAID_AFTER, AgreementKind, kinds_needed
from phbportal.domain.errors import Problem
from phbportal.domain.isf_offer import Part, parts_of
from phbportal.domain.payee_agreement import (
    SIGNER_WORDS,
    STATUS_WORDS,
    AgreementStatus,
    Signer,
    missing,
    signers,
    unsigned_problem,
)
from phbportal.domain.plans import PlanStatus
from phbportal.domain.streams import PAYABLE, Method, PayeeKind, SetUpStep, StreamStatus
from phbportal.domain.text import listed, long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import among, has_arrays
from phbportal.queries.scope import visible
from phbportal.queries.set_up import insurance_columns, insured_until
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.wheelchairs import Wheelchair

A, G = PayeeAgreement, PayeeSignature


@dataclass(frozen=True, slots=True)
class SignedBy:
    """A party and how it signed; ``when`` is empty until it has."""

    party: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class PayeeAgreementView:
    """An agreement as text. ``waits`` names who has not signed; ``code`` tells one wording from another."""

    id: str = ""
    title: str = ""
    status: str = ""
    waits: str = ""
    code: str = ""
    parts: tuple[Part, ...] = ()
    signatures: tuple[SignedBy, ...] = ()


@dataclass(frozen=True, slots=True)
class PayeeAgreementRecord:
    """An agreement for the code, and its view."""

    id: UUID
    icb_id: UUID
    stream_id: UUID
    kind: AgreementKind
    made_by: UUID | None
    status: AgreementStatus
    payee: PayeeKind
    signed: frozenset[Signer]
    needed: frozenset[Signer]
    view: PayeeAgreementView


def has_plan() -> ColumnElement[bool]:
    """That the budget of a stream has a plan in force: what was brought in before one was written has its agreement
    on paper."""
    in_force = [PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]
    return exists(select(1).where(col(Plan.phb_id) == col(Stream.phb_id), col(Plan.status).in_(in_force)))


def has_wheelchair() -> ColumnElement[bool]:
    """That the budget of a stream is for a wheelchair that is in use, or to be bought."""
    return exists(select(1).where(col(Wheelchair.phb_id) == col(Stream.phb_id), col(Wheelchair.ended_on).is_(None)))


def waits_for_signatures() -> ColumnElement[bool]:
    """A stream that is approved, has not begun, and lacks an agreement in force without which nothing is paid."""

    def lacks(kind: AgreementKind) -> ColumnElement[bool]:
        agreed = select(1).where(
            col(A.stream_id) == col(Stream.id), col(A.status) == AgreementStatus.IN_FORCE.value,
            col(A.kind) == kind.value,
        )  # fmt: skip
        return ~exists(agreed)

    direct = col(Stream.method) == Method.DIRECT_PAYMENT.value
    managed = select(1).where(
        col(PayeeAccount.id) == col(Stream.account_id), col(PayeeAccount.organisation_id).is_not(None)
    )
    return and_(
        col(Stream.status) == StreamStatus.AGREED.value, has_plan(),
        or_(
            and_(direct, lacks(AgreementKind.DIRECT_PAYMENT)),
            and_(direct, exists(managed), lacks(AgreementKind.MANAGED)),
            and_(has_wheelchair(), lacks(AgreementKind.WHEELCHAIR)),
        ),
    )  # fmt: skip


@cache
def _standing(arrays: bool, of_budget: bool) -> Select[*tuple[Any, ...]]:
    """How the agreements about some streams stand, those in force last: built once. All of a budget are asked for by
    its id: for a list of ids PostgreSQL plans the statement anew each time, which takes longer than running it."""
    wanted = col(Stream.phb_id) == bindparam("phb", type_=Uuid())
    begins = and_(col(Stream.status) == StreamStatus.AGREED.value, has_plan())
    ever = aliased(PayeeAgreement)
    once = exists(select(1).where(col(ever.stream_id) == col(Stream.id)))
    return (
        select(
            col(Stream.id), col(Stream.method), label("begins", begins), label("wheelchair", has_wheelchair()),
            label("keeper", col(PayeeAccount.organisation_id)), label("agreement", col(A.id)), col(A.kind),
            col(A.status), col(A.organisation_id), col(G.party), *insurance_columns(),
        )
        .outerjoin(PayeeAccount, col(PayeeAccount.id) == col(Stream.account_id))
        .outerjoin(A, col(A.stream_id) == col(Stream.id))
        .outerjoin(G, and_(col(G.agreement_id) == col(A.id), col(A.status) != AgreementStatus.REPLACED.value))
        .where(
            wanted if of_budget else among(col(Stream.id), "streams", arrays=arrays),
            col(Stream.status).in_([one.value for one in PAYABLE]),
            or_(begins, once, col(PayeeAccount.organisation_id).is_not(None)),
        )
        .order_by(col(A.status) == AgreementStatus.IN_FORCE.value, col(A.id))
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How the agreement of one kind stands that a stream needs; ``lacks`` is None once everybody has signed."""

    kind: AgreementKind
    lacks: Problem | None

    @property
    def step(self) -> SetUpStep:
        """The same as a step of setting up."""
        return SetUpStep(f"The agreement about {ABOUT_WORDS[self.kind]} is signed by everybody", self.lacks is None)


@dataclass(frozen=True, slots=True)
class SetUp:
    """What a stream is asked for beside its account: its agreements, and until when everybody employed is insured."""

    agreements: tuple[Standing, ...] = ()
    insured: date | None = None


def standings(session: Session, streams: Iterable[Any]) -> dict[UUID, tuple[Standing, ...]]:
    """The agreements of each stream, as ``set_up_of`` finds them. One statement."""
    return {stream: found.agreements for stream, found in set_up_of(session, streams).items()}


def set_up_of(session: Session, streams: Iterable[Any], *, phb_id: UUID | None = None) -> dict[UUID, SetUp]:
    """Of each stream that is approved and has not begun, the agreements it needs; of those that run too, where one
    ended because somebody else is paid. What was brought in has them on paper. A managed account has one with
    whoever keeps it now, however long the money has run.

    ``streams`` are rows with id, status and payee_kind. One statement, none where nothing can be paid.
    With ``phb_id`` they are of that budget.
    """
    payees = {s.id: PayeeKind(s.payee_kind) for s in streams if s.status in PAYABLE}
    if not payees:
        return {}
    by_stream: dict[UUID, list[Any]] = {}
    asked: dict[str, Any] = {"streams": list(payees)} if phb_id is None else {"phb": phb_id}
    for row in session.connection().execute(_standing(has_arrays(session), phb_id is not None), asked):
        if row.id in payees:
            by_stream.setdefault(row.id, []).append(row)
    return {stream: SetUp(_needed(rows, payees[stream]), insured_until(rows[0])) for stream, rows in by_stream.items()}


def _needed(rows: Sequence[Any], payee: PayeeKind) -> tuple[Standing, ...]:
    first = rows[0]
    needed = kinds_needed(Method(first.method), is_managed=first.keeper is not None, is_wheelchair=first.wheelchair)
    found: list[Standing] = []
    for kind in needed:
        own = [row for row in rows if row.kind == kind and row.organisation_id in (None, first.keeper)]
        if not own and not first.begins and kind is not AgreementKind.MANAGED:
            continue
        standing = [row for row in own if row.status != AgreementStatus.REPLACED]
        last = standing[-1] if standing else None  # one in force, read last, counts before one that waits
        signed = {Signer(row.party) for row in standing if row.party and last and row.agreement == last.agreement}
        status = AgreementStatus(last.status) if last else None
        found.append(Standing(kind, unsigned_problem(payee, status, signed, kind)))
    return tuple(found)


def unsigned_problems(session: Session, streams: Iterable[Any]) -> dict[UUID, Problem]:
    """What the agreements still lack without which nothing is paid, by the stream's id. One statement."""
    return {
        stream: problem for stream, found in standings(session, streams).items() if (problem := holds_payment(found))
    }


def holds_payment(found: Iterable[Standing]) -> Problem | None:
    """The first that must be signed before anything is paid, and is not."""
    return next((one.lacks for one in found if one.lacks and one.kind in PAID_AFTER), None)


def payee_agreements(
    session: Session,
    actor: Actor,
    today: date,
    *,
    stream_id: UUID | None = None,
    person_id: UUID | None = None,
    kind: AgreementKind | None = None,
    agreement_id: UUID | None = None,
) -> list[PayeeAgreementRecord]:
    """The agreements in sight that wait or are in force, the latest first: of a stream, a person, a kind, or all.

    Two statements.
    """
    where: list[Any] = [visible(actor, A, today), col(A.status) != AgreementStatus.REPLACED.value]
    if stream_id is not None:
        where.append(col(A.stream_id) == stream_id)
    if person_id is not None:
        where.append(col(A.phb_id).in_(select(col(Phb.id)).where(col(Phb.person_id) == person_id)))
    if kind is not None:
        where.append(col(A.kind) == kind.value)
    if agreement_id is not None:
        where.append(col(A.id) == agreement_id)
    rows: Sequence[Any] = session.execute(
        select(A, col(Stream.payee_kind))
        .join(Stream, col(Stream.id) == col(A.stream_id))
        .where(*where)
        .order_by(col(A.id).desc())
    ).all()
    signatures = (
        session.execute(
            select(G)
            .where(visible(actor, G, today), col(G.agreement_id).in_([row[0].id for row in rows]))
            .order_by(col(G.id))
        )
        .scalars()
        .all()
    )
    return [_record(one, payee, [s for s in signatures if s.agreement_id == one.id]) for one, payee in rows]


def _record(one: PayeeAgreement, paid: str, signatures: Sequence[PayeeSignature]) -> PayeeAgreementRecord:
    payee, by, kind = PayeeKind(paid), {Signer(s.party): s for s in signatures}, AgreementKind(one.kind)
    still = [SIGNER_WORDS[party] for party in missing(payee, by, kind)]
    view = PayeeAgreementView(
        id=str(one.id),
        title=KIND_WORDS[kind],
        status=STATUS_WORDS[AgreementStatus(one.status)],
        waits=listed([still[0][:1].upper() + still[0][1:], *still[1:]]) if still else "",
        code=one.content_hash[:12],
        parts=parts_of(one.content),
        signatures=tuple(_signed(party, by.get(party)) for party in signers(payee, kind)),
    )
    return PayeeAgreementRecord(
        one.id, one.icb_id, one.stream_id, kind, one.created_by, AgreementStatus(one.status), payee, frozenset(by),
        frozenset(signers(payee, kind)), view,
    )  # fmt: skip


def _signed(party: Signer, one: PayeeSignature | None) -> SignedBy:
    words = SIGNER_WORDS[party]
    named = words[:1].upper() + words[1:]
    if one is None:
        return SignedBy(named, "Not signed yet", "")
    role = f", {one.signer_role}" if one.signer_role else ""
    paper = " on paper" if one.how == "PAPER" else ""
    return SignedBy(named, f"{one.signer_name}{role}", f"Signed{paper} on {long_date(one.signed_on)}")
