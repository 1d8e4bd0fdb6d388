"""Whose budgets are whose: one given to another case manager, or all of a leaver's at once."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.phbs import ENDED
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb
from phbportal.tables.users import Assignment, User


def read_case_manager(form: Mapping[str, object]) -> UUID:
    """Read the form that chooses a case manager."""
    r = Reading(form)
    chosen = r.text("case_manager", needed="Choose a case manager.")
    r.finish()
    try:
        return UUID(chosen)
    except ValueError:
        raise NotFound("We could not find that case manager. Reload the page and choose again.") from None


def change_case_manager(uow: UnitOfWork, phb_id: UUID, to_user: UUID, *, seen: UUID | None) -> None:
    """Give one budget to another case manager of its board. ``seen`` is whose it was when the form was opened."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.CASES_REASSIGN, phb)
    if phb.case_manager_id != seen:
        raise Refusal("Somebody else has given this budget to another case manager meanwhile. Reload the page.")
    _works_here(uow, to_user, phb.icb_id)
    if phb.case_manager_id == to_user:
        raise Refusal("This budget is theirs already. Choose somebody else.", field="case_manager")
    _give(uow, phb, to_user)


def reassign_cases(uow: UnitOfWork, from_user: UUID, to_user: UUID) -> int:
    """Give all open budgets of one case manager at the actor's board to another. Returns how many there were.

    An administrator does this without seeing whose budgets they are.
    """
    user = uow.find(User, from_user)
    uow.require(Permission.CASES_REASSIGN, user)
    if from_user == to_user:
        raise Refusal("Choose somebody else than the case manager who has them now.", field="case_manager")
    _works_here(uow, to_user, uow.actor.icb_id)
    theirs = (
        select(Phb)
        .where(
            col(Phb.case_manager_id) == from_user, col(Phb.icb_id) == uow.actor.icb_id,
            col(Phb.status).not_in([status.value for status in ENDED]),
        )
        .order_by(col(Phb.id))
        .with_for_update(key_share=True)
    )  # fmt: skip
    found = list(uow.session.execute(theirs).scalars())
    if not found:
        raise Refusal(f"{user.display_name} has no open budgets.")
    for phb in found:
        _give(uow, phb, to_user)
    return len(found)


def _works_here(uow: UnitOfWork, user_id: UUID, icb_id: UUID | None) -> None:
    a = Assignment
    found = (
        select(col(a.id))
        .join(User, col(User.id) == col(a.user_id))
        .where(
            col(a.user_id) == user_id, col(a.icb_id) == icb_id, col(a.role) == Role.CASE_MANAGER.value,
            col(a.revoked_at).is_(None), col(a.valid_from) <= uow.today,
            or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today), col(User.disabled_at).is_(None),
        )
    )  # fmt: skip
    if uow.session.execute(found.limit(1)).first() is None:
        raise Refusal("They are not a case manager of this board today. Choose somebody else.", field="case_manager")


def _give(uow: UnitOfWork, phb: Phb, to_user: UUID) -> None:
    uow.change(phb, case_manager_id=to_user)
    uow.record("case_manager_changed", about=phb, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               case_manager=to_user)  # fmt: skip
