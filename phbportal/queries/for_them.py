"""What somebody ought to look at, on their own first page: an offer, a decision made lately, an agreement to sign.

For a holder, and for whoever acts for somebody. A fixed number of statements, each beginning at what they may see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.agreement_kinds import AgreementKind
from phbportal.domain.budget_offers import OPEN
from phbportal.domain.isf import AgreementStatus as IsfAgreementStatus
from phbportal.domain.isf import Party
from phbportal.domain.payee_agreement import AgreementStatus, Signer
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.arrangements import Agreement, Signature
from phbportal.tables.decisions import Decision
from phbportal.tables.organisations import Organisation
from phbportal.tables.path import BudgetOffer
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.phbs import Phb

LATELY = timedelta(days=60)
"""For how long a decision is called to somebody's mind; afterwards it is found under Decisions."""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One thing to look at: the words of the link, and where it leads."""

    words: str
    href: str


def to_look_at(
    session: Session, actor: Actor, today: date, *, parts: Mapping[UUID, UUID] | None = None
) -> dict[UUID, list[ToLookAt]]:
    """By person, what waits for the actor or is new. ``parts`` are the ids of the parts by which they act, by person;
    None for a holder. At most four statements."""
    found: dict[UUID, list[ToLookAt]] = {}

    def add(person: UUID, words: str, own: str, acting: str) -> None:
        if parts is None:
            found.setdefault(person, []).append(ToLookAt(words, own))
        elif person in parts:
            found.setdefault(person, []).append(ToLookAt(words, routes.of_part(acting, parts[person])))

    if actor.role is Role.REPRESENTATIVE:  # a holder's offer stands beside its budget
        for person in _offers(session, actor, today):
            add(person, "Answer the offer of a budget", routes.MY_OFFER, routes.ACTING_FOR_OFFER)
    for person, decision, on in _decisions(session, actor, today):
        words = f"Read the decision of {long_date(on)}"
        add(person, words, *(routes.of_decision(p, decision) for p in (routes.MY_DECISION, routes.ACTING_FOR_DECISION)))
    for person in _about_the_money(session, actor, today):
        words = "Read the agreement about the money, and sign it"
        add(person, words, routes.MY_PAYEE_AGREEMENT, routes.ACTING_FOR_PAYEE_AGREEMENT)
    if actor.role is not Role.NOMINEE:
        for person, organisation in _with_organisations(session, actor, today):
            words = f"Read the agreement with {organisation}, and sign it"
            add(person, words, routes.MY_AGREEMENTS, routes.ACTING_FOR_AGREEMENTS)
    return found


def _offers(session: Session, actor: Actor, today: date) -> list[UUID]:
    o = BudgetOffer
    rows = session.execute(
        select(col(Phb.person_id))
        .join(o, col(o.phb_id) == col(Phb.id))
        .where(
            visible(actor, o, today), visible(actor, Phb, today), col(Phb.status) == PhbStatus.OFFERED.value,
            col(o.answer).in_([one.value for one in OPEN]),
        )
        .distinct()
    ).scalars()  # fmt: skip
    return list(rows)


def _decisions(session: Session, actor: Actor, today: date) -> list[tuple[UUID, UUID, date]]:
    """Those issued lately, the latest first: whose, which, and the day."""
    d = Decision
    rows = session.execute(
        select(col(d.person_id), col(d.id), col(d.issued_on))
        .where(visible(actor, d, today), col(d.issued_on) >= today - LATELY)
        .order_by(col(d.id).desc())
    )
    return [(person, decision, on) for person, decision, on in rows if on]


def _about_the_money(session: Session, actor: Actor, today: date) -> list[UUID]:
    """The people whose agreement about the money the actor has still to sign."""
    a, s = PayeeAgreement, PayeeSignature
    nominee = actor.role is Role.NOMINEE
    signs = Signer.NOMINEE if nominee else Signer.PERSON
    theirs = [col(a.kind) != AgreementKind.WHEELCHAIR.value] if nominee else []  # which the person alone signs
    signed = exists(select(1).where(col(s.agreement_id) == col(a.id), col(s.party) == signs.value))
    rows = session.execute(
        select(col(Phb.person_id))
        .join(a, col(a.phb_id) == col(Phb.id))
        .where(visible(actor, a, today), col(a.status) == AgreementStatus.OPEN.value, ~signed, *theirs)
        .distinct()
    ).scalars()
    return list(rows)


def _with_organisations(session: Session, actor: Actor, today: date) -> list[tuple[UUID, str]]:
    """Whose agreement with which organisation waits for the person's signature."""
    a, s = Agreement, Signature
    signed = exists(select(1).where(col(s.agreement_id) == col(a.id), col(s.party) == Party.PERSON.value))
    rows = session.execute(
        select(col(Phb.person_id), col(Organisation.name))
        .join(a, col(a.phb_id) == col(Phb.id))
        .join(Organisation, col(Organisation.id) == col(a.organisation_id))
        .where(visible(actor, a, today), col(a.status) == IsfAgreementStatus.OPEN.value, ~signed)
        .distinct()
    )
    return [(person, name) for person, name in rows]
