"""The roles an organisation has for one person, so that roles that do not go together are kept apart (§2.3)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.isf import IN_SIGHT, INDEPENDENT_ROLES
from phbportal.domain.planners import STANDS_IN_THE_WAY
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_sharing import PlanInvitation

_BROKER = frozenset({Acting.BROKER.value})


def roles_for_person(uow: UnitOfWork, organisation_id: UUID, person_id: UUID) -> frozenset[str]:
    """Codes of the roles an organisation has for a person and that have not ended."""
    found = uow.session.execute(
        select(col(PersonRole.role)).where(
            col(PersonRole.organisation_id) == organisation_id,
            col(PersonRole.person_id) == person_id,
            col(PersonRole.status) != ActingStatus.ENDED.value,
        )
    ).scalars()
    roles = frozenset(found)
    return roles | _BROKER if _plans_for(uow, organisation_id, person_id) else roles


def holds_and_advises(uow: UnitOfWork, organisation_ids: Collection[UUID]) -> bool:
    """Whether these, were they one, would hold the money of somebody they advise or plan for. Two statements."""
    c, p, i = IsfConfirmation, PersonRole, PlanInvitation
    held = (
        select(col(Phb.person_id))
        .join(c, col(c.phb_id) == col(Phb.id))
        .where(
            col(c.organisation_id).in_(organisation_ids), col(c.status).in_([status.value for status in IN_SIGHT])
        )
    )  # fmt: skip
    advises = select(col(p.id)).where(
        col(p.organisation_id).in_(organisation_ids), col(p.role).in_(INDEPENDENT_ROLES),
        col(p.status) != ActingStatus.ENDED.value, col(p.person_id).in_(held),
    )  # fmt: skip
    plans = select(col(i.id)).where(
        col(i.organisation_id).in_(organisation_ids),
        col(i.status).in_([status.value for status in STANDS_IN_THE_WAY]), col(i.person_id).in_(held),
    )  # fmt: skip
    return any(uow.session.execute(one.limit(1)).first() is not None for one in (advises, plans))


def _plans_for(uow: UnitOfWork, organisation_id: UUID, person_id: UUID) -> bool:
    """Whether the organisation writes, or wrote, a plan for a person: it is their independent broker then."""
    i = PlanInvitation
    found = uow.session.execute(
        select(col(i.id))
        .where(
            col(i.organisation_id) == organisation_id, col(i.person_id) == person_id,
            col(i.status).in_([status.value for status in STANDS_IN_THE_WAY]),
        )
        .limit(1)
    )  # fmt: skip
    return found.first() is not None


def holds_isf_for(uow: UnitOfWork, organisation_id: UUID, person_id: UUID) -> bool:
    """Whether the organisation holds a third-party budget for a person, or has an offer of one that still stands."""
    c = IsfConfirmation
    found = uow.session.execute(
        select(col(c.id))
        .join(Phb, col(Phb.id) == col(c.phb_id))
        .where(
            col(c.organisation_id) == organisation_id,
            col(Phb.person_id) == person_id,
            col(c.status).in_([status.value for status in IN_SIGHT]),
        )
        .limit(1)
    )
    return found.first() is not None
