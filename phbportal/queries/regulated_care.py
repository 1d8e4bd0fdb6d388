"""Services and organisations as the rules on regulated care see them, from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.acting import Acting
from phbportal.domain.regulated_care import (
    Activity,
    CareFact,
    GivenBy,
    ProviderFact,
    care_words,
    nominee_warning,
    regulated_of,
)
from phbportal.domain.streams import Method, StreamStatus
from phbportal.domain.workings import EMPLOYED
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import BudgetLine, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.plans import PlanService

BETWEEN = "|"
"""What stands between the items of a list the directory gave (services/provider_import.py)."""


def provider_fact(row: Organisation) -> ProviderFact:
    """An organisation as the rules see it."""
    return ProviderFact(
        row.name, row.cqc_location_id, regulated_of(row.specialisms.split(BETWEEN)), row.valid_to,
        row.gone_from_directory_on, row.id,
    )  # fmt: skip


def care_fact(row: PlanService, provider: Organisation | None, holder: Organisation | None) -> CareFact:
    """A service as the rules see it."""
    return CareFact(
        row.description, Activity(row.activity) if row.activity else None,
        GivenBy(row.given_by) if row.given_by else None, provider_fact(provider) if provider else None,
        provider_fact(holder) if holder else None, row.exempt_on, row.exempt_for,
    )  # fmt: skip


def care_of_services(session: Session, actor: Actor, today: date, service_ids: Sequence[UUID]) -> dict[UUID, str]:
    """How each service of a page stands, in words. Two statements."""
    s, o, line = PlanService, Organisation, BudgetLine
    rows = session.execute(
        select(s, o)
        .outerjoin(o, col(o.id) == col(s.organisation_id))
        .where(col(s.id).in_(service_ids), visible(actor, s, today))
    ).all()  # fmt: skip
    held = session.execute(
        select(col(line.plan_service_id), o)
        .join(Stream, col(Stream.id) == col(line.stream_id))
        .join(o, col(o.id) == col(Stream.organisation_id))
        .where(
            col(line.plan_service_id).in_(service_ids), col(Stream.method) == Method.THIRD_PARTY.value,
            visible(actor, Stream, today), col(Stream.status) != StreamStatus.CLOSED.value,
        )
    )  # fmt: skip
    holders: dict[UUID, Organisation] = {service_id: holder for service_id, holder in held if service_id}
    return {
        service.id: care_words(care_fact(service, provider, holders.get(service.id)), today)
        for service, provider in rows
    }


def nominee_warnings(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[str]:
    """What to look into where an organisation is the nominee and pays assistants of its own. One statement."""
    line, part = BudgetLine, PersonRole
    names = session.execute(
        select(col(part.name))
        .join(Stream, col(Stream.payee_role_id) == col(part.id))
        .join(line, col(line.stream_id) == col(Stream.id))
        .where(
            visible(actor, Stream, today), col(Stream.phb_id) == phb_id, col(part.role) == Acting.NOMINEE.value,
            col(part.organisation_id).is_not(None), col(Stream.status) != StreamStatus.CLOSED.value,
            col(line.line_type).in_([one.value for one in EMPLOYED]),
        )
        .order_by(col(part.id))
    ).scalars()  # fmt: skip
    return [nominee_warning(name) for name in dict.fromkeys(names)]
