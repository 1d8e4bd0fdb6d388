"""Agreements about direct payments: facts for the rules, and text for the pages of whoever may read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, label, or_, select
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

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
from phbportal.domain.streams import PAYABLE, Method, PayeeKind, StreamStatus
from phbportal.domain.text import listed, long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import among, has_arrays
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

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
    made_by: UUID | None
    status: AgreementStatus
    payee: PayeeKind
    signed: frozenset[Signer]
    view: PayeeAgreementView


def has_plan() -> ColumnElement[bool]:
    """That the budget of a stream has a plan in force: what was brought in before one was written has its agreement
    on paper."""
    in_force = [PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value]
    return exists(select(1).where(col(Plan.phb_id) == col(Stream.phb_id), col(Plan.status).in_(in_force)))


def waits_for_signatures() -> ColumnElement[bool]:
    """A direct payment that is approved, has not begun, and has no agreement in force."""
    agreed = select(1).where(col(A.stream_id) == col(Stream.id), col(A.status) == AgreementStatus.IN_FORCE.value)
    return and_(
        col(Stream.method) == Method.DIRECT_PAYMENT.value, col(Stream.status) == StreamStatus.AGREED.value, has_plan(),
        ~exists(agreed),
    )  # fmt: skip


@cache
def _standing(arrays: bool) -> Select[*tuple[Any, ...]]:
    """How the agreements about some direct payments stand, those in force last: built once."""
    begins = and_(col(Stream.status) == StreamStatus.AGREED.value, has_plan())
    ever = aliased(PayeeAgreement)
    once = exists(select(1).where(col(ever.stream_id) == col(Stream.id)))
    standing = and_(col(A.stream_id) == col(Stream.id), col(A.status) != AgreementStatus.REPLACED.value)
    return (
        select(col(Stream.id), label("agreement", col(A.id)), col(A.status), col(G.party))
        .outerjoin(A, standing)
        .outerjoin(G, col(G.agreement_id) == col(A.id))
        .where(
            among(col(Stream.id), "streams", arrays=arrays), col(Stream.method) == Method.DIRECT_PAYMENT.value,
            col(Stream.status).in_([status.value for status in PAYABLE]), or_(begins, once),
        )
        .order_by(col(A.status) == AgreementStatus.IN_FORCE.value, col(A.id))
    )  # fmt: skip


@cache
def _ever(arrays: bool) -> Select[*tuple[Any, ...]]:
    """The same for direct payments that have begun, which need none unless there ever was one: one index is read."""
    standing = col(A.status) != AgreementStatus.REPLACED.value
    return (
        select(
            label("id", col(A.stream_id)), label("agreement", col(A.id)),
            label("status", sql_case((standing, col(A.status)))), col(G.party),
        )
        .outerjoin(G, and_(col(G.agreement_id) == col(A.id), standing))
        .where(among(col(A.stream_id), "streams", arrays=arrays))
        .order_by(col(A.status) == AgreementStatus.IN_FORCE.value, standing, col(A.id))
    )  # fmt: skip


def unsigned_problems(session: Session, streams: Iterable[Any]) -> dict[UUID, Problem]:
    """What the agreements of direct payments that are approved and have not begun still lack, by the stream's id; of
    those that run too, where the agreement ended because somebody else is paid.

    ``streams`` are rows with id, method, status and payee_kind. One statement, none where nothing is a direct payment.
    """
    payable = [s for s in streams if s.method == Method.DIRECT_PAYMENT and s.status in PAYABLE]
    if not payable:
        return {}
    kinds = {s.id: PayeeKind(s.payee_kind) for s in payable}
    begin = any(s.status == StreamStatus.AGREED for s in payable)
    standing = (_standing if begin else _ever)(has_arrays(session))
    rows = session.connection().execute(standing, {"streams": list(kinds)}).all()
    latest = {row.id: row for row in rows}  # one in force, read last, counts before one that waits
    found: dict[UUID, Problem] = {}
    for stream_id, last in latest.items():
        signed = {Signer(row.party) for row in rows if row.party and row.agreement == last.agreement}
        status = AgreementStatus(last.status) if last.status else None
        if problem := unsigned_problem(kinds[stream_id], status, signed):
            found[stream_id] = problem
    return found


def payee_agreements(
    session: Session, actor: Actor, today: date, *, stream_id: UUID | None = None, person_id: UUID | None = None
) -> list[PayeeAgreementRecord]:
    """The agreements in sight that wait or are in force, the latest first: of a stream, of a person, or all.

    Two statements.
    """
    where: list[Any] = [visible(actor, A, today), col(A.status) != AgreementStatus.REPLACED.value]
    if stream_id is not None:
        where.append(col(A.stream_id) == stream_id)
    if person_id is not None:
        where.append(col(A.phb_id).in_(select(col(Phb.id)).where(col(Phb.person_id) == person_id)))
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
    return [_record(one, kind, [s for s in signatures if s.agreement_id == one.id]) for one, kind in rows]


def _record(one: PayeeAgreement, kind: str, signatures: Sequence[PayeeSignature]) -> PayeeAgreementRecord:
    payee, by = PayeeKind(kind), {Signer(s.party): s for s in signatures}
    still = [SIGNER_WORDS[party] for party in missing(payee, by)]
    view = PayeeAgreementView(
        id=str(one.id),
        status=STATUS_WORDS[AgreementStatus(one.status)],
        waits=listed([still[0][:1].upper() + still[0][1:], *still[1:]]) if still else "",
        code=one.content_hash[:12],
        parts=parts_of(one.content),
        signatures=tuple(_signed(party, by.get(party)) for party in signers(payee)),
    )
    return PayeeAgreementRecord(
        one.id, one.icb_id, one.stream_id, one.created_by, AgreementStatus(one.status), payee, frozenset(by), view
    )


def _signed(party: Signer, one: PayeeSignature | None) -> SignedBy:
    words = SIGNER_WORDS[party]
    named = words[:1].upper() + words[1:]
    if one is None:
        return SignedBy(named, "Not signed yet", "")
    role = f", {one.signer_role}" if one.signer_role else ""
    paper = " on paper" if one.how == "PAPER" else ""
    return SignedBy(named, f"{one.signer_name}{role}", f"Signed{paper} on {long_date(one.signed_on)}")
