"""Opening a personal health budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.references import next_phb_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class PhbEntry:
    eligibility_id: UUID
    kind: PhbKind


def read_phb(form: Mapping[str, object]) -> PhbEntry:
    """Read the form that opens a budget."""
    r = Reading(form)
    kind = r.choice("kind", PhbKind, needed="Choose ongoing or one-off.")
    chosen = r.text("eligibility", needed="Choose what makes this person eligible.")
    eligibility_id: UUID | None = None
    try:
        eligibility_id = UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose what makes this person eligible.", "eligibility")
    r.finish()
    return PhbEntry(given(eligibility_id), given(kind))


def open_phb(uow: UnitOfWork, person_id: UUID, entry: PhbEntry) -> str:
    """Open a budget for an eligible person, to be offered to them. Returns its reference."""
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.PHB_OPEN, person)
    eligibility = uow.find(Eligibility, entry.eligibility_id)
    if eligibility.person_id != person.id:
        raise Refusal("Choose what makes this person eligible.", field="eligibility")
    if person.died_on is not None:
        raise Refusal("This person has died, so a budget cannot be opened.")
    if eligibility.ends_on is not None and eligibility.ends_on < uow.today:
        raise Refusal("That eligibility has ended. Record a current one first.", field="eligibility")
    check_only_one(uow, person.id, eligibility.cohort, entry.kind)
    phb = uow.add(
        Phb, reference=next_phb_reference(uow), icb_id=eligibility.icb_id, person_id=person.id,
        eligibility_id=eligibility.id, cohort=eligibility.cohort, kind=entry.kind.value,
        status=PhbStatus.REFERRED.value, case_manager_id=uow.actor.user_id, opened_on=uow.today,
    )  # fmt: skip
    uow.record("phb_opened", about=phb, phb_id=phb.id, person_id=person.id, reference=phb.reference)
    return phb.reference


def other_budget(
    uow: UnitOfWork, person_id: UUID, cohort: str, kind: PhbKind, *, but: UUID | None = None
) -> str | None:  # fmt: skip
    """The reference of an ongoing budget a person has for the same reason (invariant I02), besides ``but``. One that
    has ended is active no more, though its accounts are still being settled: whoever moved need not wait for that."""
    if kind is not PhbKind.ONGOING:
        return None
    is_over = and_(col(Phb.status) == PhbStatus.CLOSING.value, col(Phb.ended_on) < uow.today)
    open_one = select(col(Phb.reference)).where(
        col(Phb.person_id) == person_id, col(Phb.cohort) == cohort, col(Phb.kind) == PhbKind.ONGOING.value,
        col(Phb.status).not_in([s.value for s in ENDED]), or_(col(Phb.ended_on).is_(None), ~is_over),
    )  # fmt: skip
    if but is not None:
        open_one = open_one.where(col(Phb.id) != but)
    return uow.session.execute(open_one.order_by(col(Phb.id)).limit(1)).scalar_one_or_none()


def check_only_one(uow: UnitOfWork, person_id: UUID, cohort: str, kind: PhbKind, *, but: UUID | None = None) -> None:
    """Invariant I02: one ongoing budget a person and cohort at a time. The person's row is locked by the caller."""
    open_one = other_budget(uow, person_id, cohort, kind, but=but)
    if open_one is None:
        return
    try:
        phb_by_reference(uow, open_one)
    except NotFound:
        raise Refusal(
            "This person still has an ongoing budget for the same reason with another board. "
            "Ask that board to end it first.",
            field="eligibility",
        ) from None
    raise Refusal(
        f"This person already has an ongoing budget for the same reason: {open_one}. Open that one instead.",
        field="eligibility",
    )


def phb_by_reference(uow: UnitOfWork, reference: str, *, lock: bool = False) -> Phb:
    """The budget with this reference, if the actor may see it; else "not found"."""
    phb_id = uow.session.execute(select(col(Phb.id)).where(col(Phb.reference) == reference)).scalar_one_or_none()
    return uow.find(Phb, phb_id or UUID(int=0), lock=lock)
