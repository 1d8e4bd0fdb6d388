"""What stops with somebody's part: the money they are paid, and the nominees they chose (domain.md §1.14, §1.18)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.acting import ACTING_WORDS, MAY_NOMINATE, Acting, ActingStatus, Basis, NominatedBy, step
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.domain.tasks import NOMINATION_CHANGED
from phbportal.services.acting_sign_ins import sign_out
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb, Task

PAYING = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE)
_CARE = "Make sure care goes on."


def streams_paid_to(uow: UnitOfWork, part: PersonRole, *statuses: StreamStatus) -> list[Stream]:
    """The streams in one of these statuses that pay this part, locked."""
    return list(
        uow.session.execute(
            select(Stream)
            .where(col(Stream.payee_role_id) == part.id, col(Stream.status).in_([s.value for s in statuses]))
            .order_by(col(Stream.id))
            .with_for_update(key_share=True)
        ).scalars()
    )


def hold_what_rests_on(uow: UnitOfWork, part: PersonRole) -> None:
    """Put on hold every stream paid to a part that is on hold or has ended, and every nominee whom it nominated."""
    who = ACTING_WORDS[Acting(part.role)].lower()
    _hold_streams(uow, part, f"the {who} who is paid is on hold or has stopped, so payments are on hold. {_CARE}")
    for nominee in _nominees_of(uow, part):
        uow.change(
            nominee, status=step(ActingStatus(nominee.status), "suspend").value,
            end_reason="The representative who nominated them is on hold or no longer acts.",
        )  # fmt: skip
        uow.record("nominee_held", about=nominee, icb_id=nominee.icb_id, person_id=nominee.person_id, name=nominee.name,
                   representative=part.name)  # fmt: skip
        sign_out(uow, nominee)
        why = f"the representative who nominated the nominee is on hold or no longer acts, so the nominee is. {_CARE}"
        if not _hold_streams(uow, nominee, why):
            _task(uow, nominee, None, f"Review the nominee: {why.removesuffix(_CARE).strip()}")


def _nominees_of(uow: UnitOfWork, part: PersonRole) -> list[PersonRole]:
    """The active nominees whom a representative nominated. Where the record does not say which representative did, one
    who may nominate counts: it is for review, and an approver who finds that nothing has changed agrees again."""
    if part.role != Acting.REPRESENTATIVE or Basis(part.basis) not in MAY_NOMINATE:
        return []
    return list(
        uow.session.execute(
            select(PersonRole)
            .where(
                col(PersonRole.person_id) == part.person_id,
                col(PersonRole.role) == Acting.NOMINEE.value,
                col(PersonRole.nominated_by) == NominatedBy.REPRESENTATIVE.value,
                col(PersonRole.status) == ActingStatus.ACTIVE.value,
                or_(col(PersonRole.nominator_id) == part.id, col(PersonRole.nominator_id).is_(None)),
            )
            .order_by(col(PersonRole.id))
            .with_for_update(key_share=True)
        ).scalars()
    )


def _hold_streams(uow: UnitOfWork, part: PersonRole, why: str) -> int:
    """Each stream that pays the part on hold, with a task to review it. Returns how many."""
    streams = streams_paid_to(uow, part, *PAYING)
    for stream in streams:
        uow.change(stream, status=StreamStatus.SUSPENDED.value)
        reference = uow.session.get_one(Phb, stream.phb_id).reference
        _task(uow, part, stream, f"Review {reference}: {why}")
        uow.record("stream_suspended", about=stream, icb_id=stream.icb_id, phb_id=stream.phb_id,
                   person_id=part.person_id, method=stream.method, starts_on=stream.starts_on)  # fmt: skip
    return len(streams)


def _task(uow: UnitOfWork, part: PersonRole, stream: Stream | None, sentence: str) -> None:
    icb_id = stream.icb_id if stream else part.icb_id
    days = whole_setting(uow, icb_id, "nominee_review_days")
    uow.add(
        Task, icb_id=icb_id, kind=NOMINATION_CHANGED, role=Role.CASE_MANAGER.value, person_id=part.person_id,
        phb_id=stream.phb_id if stream else None, part_id=part.id, due_on=uow.today + timedelta(days=days),
        sentence=sentence,
    )  # fmt: skip
