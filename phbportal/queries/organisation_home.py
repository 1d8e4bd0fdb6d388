"""What an organisation sees of its own: arrangements and what waits, one arrangement's money, its people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import label, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.isf import AgreementStatus, IsfStatus, Party, status_words
from phbportal.domain.moments import london_day
from phbportal.domain.money import pounds
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.roles import Role
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.ledger import balances_of
from phbportal.queries.plan_parts import SharedPart, shared_parts
from phbportal.queries.scope import visible
from phbportal.tables.arrangements import Agreement, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import Assignment, Invitation, User


@dataclass(frozen=True, slots=True)
class OwnOrganisation:
    """The actor's organisation."""

    name: str = ""
    user_led: bool = False


@dataclass(frozen=True, slots=True)
class ArrangementRow:
    """One arrangement: for whom, which board pays, where it stands, what to do ("" for nothing)."""

    person: str
    href: str
    board: str
    status: str
    to_do: str


def own_organisation(session: Session, actor: Actor) -> OwnOrganisation:
    """Name and kind of the organisation the actor acts for."""
    found = session.get(Organisation, actor.organisation_id) if actor.organisation_id else None
    return OwnOrganisation(found.name, found.is_user_led) if found else OwnOrganisation()


def arrangements(session: Session, actor: Actor, today: date) -> list[ArrangementRow]:
    """The streams an organisation holds or is asked to hold, by the person's family name. Two statements."""
    board, c = aliased(Organisation), IsfConfirmation
    rows = session.execute(
        select(
            col(c.stream_id), col(c.status), col(c.expires_on), col(board.name), col(Person.given_name),
            col(Person.family_name), label("agreement_id", col(Agreement.id)),
            label("agreement_status", col(Agreement.status)),
        )
        .join(Stream, col(Stream.id) == col(c.stream_id))
        .join(board, col(board.id) == col(c.icb_id))
        .join(Phb, col(Phb.id) == col(c.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .outerjoin(Agreement, col(Agreement.confirmation_id) == col(c.id))
        .where(visible(actor, c, today), visible(actor, Stream, today))
        .order_by(col(Person.search_name), col(c.stream_id), col(c.round).desc())
    ).all()  # fmt: skip
    signed = set(
        session.execute(
            select(col(Signature.agreement_id)).where(
                visible(actor, Signature, today), col(Signature.party) == Party.ORGANISATION.value
            )
        ).scalars()
    )
    latest: dict[UUID, Any] = {}
    for row in rows:
        latest.setdefault(row.stream_id, row)
    return [
        ArrangementRow(
            f"{row.given_name} {row.family_name}", routes.organisation_isf(row.stream_id), row.name,
            status_words(IsfStatus(row.status), own=True), _to_do(row, row.agreement_id in signed, today),
        )
        for row in latest.values()
    ]  # fmt: skip


def _to_do(row: Any, signed: bool, today: date) -> str:
    status = IsfStatus(row.status)
    if status is IsfStatus.SENT and row.expires_on and row.expires_on >= today:
        return f"Answer the offer by {long_date(row.expires_on)}"
    if row.agreement_status == AgreementStatus.OPEN and not signed:
        return "Sign the agreement"
    return ""


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A payment that reached the organisation."""

    on: str
    days: str
    amount: str


@dataclass(frozen=True, slots=True)
class StreamMoney:
    """What an organisation sees of one stream: the money, the parts of the plan marked for it, whom to ask."""

    held: str = ""
    spent: str = ""
    manager: str = ""
    email: str = ""
    telephone: str = ""
    payments: tuple[PaidRow, ...] = ()
    plan: tuple[SharedPart, ...] = ()


def stream_money(session: Session, actor: Actor, today: date, stream_id: UUID) -> StreamMoney:
    """The money of a stream the caller has found in the actor's sight. Five statements."""
    row = session.execute(
        select(col(Stream.phb_id), col(User.display_name), col(User.email), col(Organisation.telephone))
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .join(Organisation, col(Organisation.id) == col(Phb.icb_id))
        .outerjoin(User, col(User.id) == col(Phb.case_manager_id))
        .where(col(Stream.id) == stream_id, visible(actor, Stream, today))
    ).one()
    balances = balances_of(session, row.phb_id)
    p = PaymentItem
    paid = session.execute(
        select(col(p.paid_on), col(p.period_start), col(p.period_end), col(p.amount_pence))
        .where(col(p.stream_id) == stream_id, visible(actor, p, today), col(p.status) == PaymentStatus.PAID.value)
        .order_by(col(p.period_start).desc())
    )
    return StreamMoney(
        held=pounds(balances.held_by(stream_id)), spent=pounds(balances.spent_on(stream_id)),
        manager=row.display_name or "", email=row.email or "", telephone=row.telephone or "",
        payments=tuple(
            PaidRow(long_date(one.paid_on), f"{long_date(one.period_start)} to {long_date(one.period_end)}",
                    pounds(one.amount_pence))
            for one in paid
        ),
        plan=_shared(session, actor, today, stream_id),
    )  # fmt: skip


def _shared(session: Session, actor: Actor, today: date, stream_id: UUID) -> tuple[SharedPart, ...]:
    """What of the plan of the last offer is marked for the provider."""
    c = IsfConfirmation
    plan_id = (
        select(col(c.plan_id))
        .where(col(c.stream_id) == stream_id, visible(actor, c, today))
        .order_by(col(c.round).desc())
        .limit(1)
        .scalar_subquery()
    )
    return shared_parts(session, actor, today, plan_id)


@dataclass(frozen=True, slots=True)
class ColleagueRow:
    """Somebody who signs in for the organisation, or is invited to; ``id`` is empty where nothing can be ended.

    ``code_id`` is that of a code that still works, which can be taken back.
    """

    id: str
    name: str
    status: str
    code_id: str = ""


def colleagues(session: Session, actor: Actor, now: datetime) -> list[ColleagueRow]:
    """The people of the actor's own organisation, and invitations that still work. Two statements."""
    if actor.organisation_id is None or actor.role is not Role.PROVIDER:
        return []
    a, i, today = Assignment, Invitation, london_day(now)
    people = session.execute(
        select(col(a.id), col(a.user_id), col(a.valid_from), col(User.display_name))
        .join(User, col(User.id) == col(a.user_id))
        .where(
            col(a.organisation_id) == actor.organisation_id, col(a.role) == Role.PROVIDER.value,
            col(a.revoked_at).is_(None), or_(col(a.valid_to).is_(None), col(a.valid_to) >= today),
            col(User.disabled_at).is_(None),
        )
        .order_by(col(User.display_name), col(a.id))
    )  # fmt: skip
    invited = session.execute(
        select(col(i.id), col(i.display_name), col(i.expires_at))
        .where(
            col(i.organisation_id) == actor.organisation_id, col(i.role) == Role.PROVIDER.value,
            col(i.used_at).is_(None), col(i.withdrawn_at).is_(None), col(i.expires_at) > now,
        )
        .order_by(col(i.id))
    )  # fmt: skip
    found = [
        ColleagueRow(
            "" if row.user_id == actor.user_id else str(row.id), row.display_name,
            f"Has signed in since {long_date(row.valid_from)}" + (" (you)" if row.user_id == actor.user_id else ""),
        )
        for row in people
    ]  # fmt: skip
    found += [
        ColleagueRow(
            "", row.display_name, f"Invited; the code works until {long_date(london_day(row.expires_at))}", str(row.id)
        )
        for row in invited
    ]
    return found
