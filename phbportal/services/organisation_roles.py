"""The roles an organisation has for one person, so that roles that do not go together are kept apart (§2.3)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Subquery, and_, or_, select, union_all
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.isf import IN_SIGHT, INDEPENDENT_ROLES
from phbportal.domain.planners import STANDS_IN_THE_WAY
from phbportal.domain.plans import IN_THE_MAKING
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.needs import NeedsAssessment
from phbportal.tables.phbs import Phb
from phbportal.tables.plan_sharing import PlanInvitation
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment

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


def assesses_and_plans(uow: UnitOfWork, organisation_ids: Collection[UUID]) -> bool:
    """Whether one of these assessed the needs of somebody, or recorded why they may have a budget, whose plan another
    of them is writing: planning is kept apart from that. A plan that was approved stands. Two statements."""
    writes = _writes(organisation_ids)
    a, n, e = Assignment, NeedsAssessment, Eligibility
    by_it = (
        select(col(n.id))
        .join(writes, and_(writes.c.person_id == col(n.person_id), writes.c.organisation_id != col(n.organisation_id)))
        .where(col(n.organisation_id).in_(organisation_ids), col(n.mistake) == "")
    )
    recorded = union_all(
        select(col(n.person_id), col(n.created_by)).where(col(n.mistake) == ""),
        select(col(e.person_id), col(e.created_by)),
    ).subquery()
    by_one_of_them = (
        select(col(a.id))
        .join(recorded, recorded.c.created_by == col(a.user_id))
        .join(writes, and_(writes.c.person_id == recorded.c.person_id, writes.c.organisation_id != a.organisation_id))
        .where(
            col(a.organisation_id).in_(organisation_ids), col(a.revoked_at).is_(None),
            or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
        )
    )  # fmt: skip
    return any(uow.session.execute(one.limit(1)).first() is not None for one in (by_it, by_one_of_them))


def is_writing_for(uow: UnitOfWork, organisation_id: UUID, person_id: UUID) -> bool:
    """Whether an organisation writes, or wrote, a plan for a person that is not approved yet."""
    writes = _writes((organisation_id,))
    return uow.session.execute(select(writes).where(writes.c.person_id == person_id).limit(1)).first() is not None


def _writes(organisation_ids: Collection[UUID]) -> Subquery:
    """The people whose plan in the making one of these writes, each with which of them."""
    i = PlanInvitation
    return (
        select(col(i.person_id), col(i.organisation_id))
        .join(Plan, col(Plan.id) == col(i.plan_id))
        .where(
            col(i.organisation_id).in_(organisation_ids),
            col(i.status).in_([status.value for status in STANDS_IN_THE_WAY]),
            col(Plan.status).in_([status.value for status in IN_THE_MAKING]),
        )
        .subquery()
    )


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
