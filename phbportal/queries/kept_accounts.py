"""Managed accounts an organisation keeps: for whom, which board pays, and whether its agreement waits for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import exists, label, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.errors import NotFound
from phbportal.domain.payee_agreement import STATUS_WORDS, AgreementStatus, Signer
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class KeptAccount:
    """One account as text; ``to_do`` is empty once the organisation has signed."""

    person: str
    href: str
    board: str
    status: str
    to_do: str


@dataclass(frozen=True, slots=True)
class KeptAgreement:
    """An agreement in the organisation's sight, for the code: whose it is, and which board's."""

    id: UUID
    person: str
    person_id: UUID
    phb_id: UUID
    icb_id: UUID


def kept_accounts(session: Session, actor: Actor, today: date) -> list[KeptAccount]:
    """The agreements about accounts the actor's organisation keeps, by the person's family name. One statement."""
    a = PayeeAgreement
    return [
        KeptAccount(
            f"{row.given_name} {row.family_name}", routes.organisation_agreement(row.id), row.name,
            STATUS_WORDS[AgreementStatus(row.status)],
            "Sign the agreement" if row.status == AgreementStatus.OPEN and not row.signed else "",
        )
        for row in session.execute(_kept(actor, today).order_by(col(Person.search_name), col(a.id)))
    ]  # fmt: skip


def kept_agreement(session: Session, actor: Actor, today: date, agreement_id: UUID) -> KeptAgreement:
    """One of them; NotFound for one out of sight. One statement."""
    row = session.execute(_kept(actor, today).where(col(PayeeAgreement.id) == agreement_id)).one_or_none()
    if row is None:
        raise NotFound()
    return KeptAgreement(row.id, f"{row.given_name} {row.family_name}", row.person_id, row.phb_id, row.icb_id)


def _kept(actor: Actor, today: date) -> Any:
    a, s = PayeeAgreement, PayeeSignature
    signed = exists(select(1).where(col(s.agreement_id) == col(a.id), col(s.party) == Signer.ORGANISATION.value))
    return (
        select(
            col(a.id), col(a.status), col(a.phb_id), col(a.icb_id), label("signed", signed), col(Organisation.name),
            col(Phb.person_id), col(Person.given_name), col(Person.family_name),
        )
        .join(Phb, col(Phb.id) == col(a.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .join(Organisation, col(Organisation.id) == col(a.icb_id))
        .where(visible(actor, a, today), col(a.kind) == AgreementKind.MANAGED.value)
    )  # fmt: skip
