"""Who at an organisation looks after somebody's money from day to day: it is they who are checked (domain.md §1.3)."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from phbportal.domain.acting import APPOINTED, ActingStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.relations import Relation
from phbportal.domain.text import search_key
from phbportal.policy.permissions import Permission
from phbportal.services.acting import ChecksEntry, certificate
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole

IN_OFFICE = (ActingStatus.ACTIVE, ActingStatus.SUSPENDED)


def change_individual(uow: UnitOfWork, part_id: UUID, entry: ChecksEntry, *, seen_version: int) -> None:
    """Somebody else looks after the money at an organisation that acts, with a certificate of their own; or the same
    person has a newer one. Before the organisation acts this belongs to its checks."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTING_WRITE, part)
    if part.relation != Relation.ORGANISATION or part.role not in APPOINTED:
        raise Refusal("Only an organisation that represents somebody or is a nominee names an individual.")
    if part.status not in IN_OFFICE:
        raise Refusal("This belongs to the checks before the board agrees, or the part has ended.")
    uow.check_version(part, seen_version, theirs={}, mine={})
    if not entry.individual:
        raise Refusal(
            "Enter the name of whoever looks after the money at the organisation from day to day.", field="individual"
        )
    same = search_key(entry.individual) == search_key(part.individual or "")
    changed = uow.change(part, **certificate(uow, part, replace(entry, individual=part.individual) if same else entry))
    if not changed:
        raise Refusal("This is what is recorded already.", field="individual")
    uow.record("individual_named", about=part, person_id=part.person_id, name=part.name, individual=part.individual)
