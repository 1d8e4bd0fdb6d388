"""The roles an organisation has for one person, so that roles that do not go together are kept apart (§2.3)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlmodel import SQLModel

from phbportal.services.unit_of_work import UnitOfWork

PERSON_ROLES = "person_role"


def roles_for_person(uow: UnitOfWork, organisation_id: UUID, person_id: UUID) -> frozenset[str]:
    """Codes of the roles an organisation has for a person and that have not ended: what the portal records of them.

    Read by the name of the table: where nobody's roles are recorded, an organisation has none.
    """
    roles = SQLModel.metadata.tables.get(PERSON_ROLES)
    if roles is None:
        return frozenset()
    found = uow.session.execute(
        select(roles.c.role).where(
            roles.c.organisation_id == organisation_id, roles.c.person_id == person_id, roles.c.status != "ENDED"
        )
    )
    return frozenset(str(row.role) for row in found)
