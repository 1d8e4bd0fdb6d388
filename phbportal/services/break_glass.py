"""Break-glass: asked for by an administrator, agreed by an approver or an auditor, over after 60 minutes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.break_glass import ASKING_LASTS, LASTS, TASK_KIND, GlassStatus, is_open
from phbportal.domain.errors import Refusal
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import Assignment, User


@dataclass(frozen=True, slots=True)
class AskingEntry:
    """Whose record, by the reference of a budget, and why."""

    reference: str
    reason: str


def read_asking(form: Mapping[str, object]) -> AskingEntry:
    """Read the form that asks to be let in."""
    r = Reading(form)
    reference = r.take("reference", identifiers.phb_reference, needed="Enter the reference of the person’s budget.")
    reason = r.text("reason", needed="Say why you need to read this record, and why nobody else can.", longest=500)
    r.finish()
    return AskingEntry(given(reference), reason)


def ask(uow: UnitOfWork, entry: AskingEntry) -> UUID:
    """Ask to be let into the record of the person whose budget has this reference."""
    icb_id = uow.actor.icb_id
    uow.require(Permission.BREAK_GLASS_ASK, Subject(icbs=frozenset({icb_id}) if icb_id else frozenset()))
    phb = uow.session.execute(
        select(Phb).where(col(Phb.reference) == entry.reference, col(Phb.icb_id) == icb_id)
    ).scalar_one_or_none()
    if phb is None:
        raise Refusal("No budget of your board has this reference. Check the number.", field="reference")
    if _open_one(uow):
        raise Refusal("You have asked already, or are let in now. One record at a time: end that one first.")
    asking = uow.add(
        BreakGlass, icb_id=phb.icb_id, user_id=given(uow.actor.user_id), person_id=phb.person_id,
        reference=phb.reference, reason=entry.reason, status=GlassStatus.ASKED.value,
    )  # fmt: skip
    uow.record("break_glass_asked", phb_id=phb.id, person_id=phb.person_id)
    return asking.id


def _open_one(uow: UnitOfWork) -> bool:
    b = BreakGlass
    found = select(col(b.id)).where(
        col(b.user_id) == uow.actor.user_id,
        col(b.ended_at).is_(None),
        or_(
            (col(b.status) == GlassStatus.ASKED.value) & (col(b.created_at) > uow.now - ASKING_LASTS),
            (col(b.status) == GlassStatus.AGREED.value) & (col(b.ends_at) > uow.now),
        ),
    )
    return uow.session.execute(found.limit(1)).first() is not None


def agree(uow: UnitOfWork, asking_id: UUID) -> None:
    """Let the administrator in, from now for 60 minutes; every auditor of the board has a task at once."""
    asking = _to_decide(uow, asking_id)
    who = uow.session.get_one(User, asking.user_id)
    if not _is_admin(uow, asking):
        raise Refusal("Whoever asked is no administrator of this board any more, so nobody can be let in.")
    uow.change(
        asking, status=GlassStatus.AGREED.value, decided_by=uow.actor.user_id, decided_at=uow.now,
        ends_at=uow.now + LASTS,
    )  # fmt: skip
    uow.add(
        Task, icb_id=asking.icb_id, kind=TASK_KIND, role=Role.AUDITOR.value, person_id=asking.person_id,
        due_on=uow.today,
        sentence=f"{who.display_name} was let into this record by break-glass. Look at what was read, and say so.",
    )  # fmt: skip
    uow.record("break_glass_agreed", person_id=asking.person_id, who=who.display_name,
               minutes=int(LASTS.total_seconds()) // 60)  # fmt: skip


def refuse_asking(uow: UnitOfWork, asking_id: UUID, reason: str) -> None:
    """Refuse to let the administrator in, with a reason they read."""
    asking = _to_decide(uow, asking_id)
    who = uow.session.get_one(User, asking.user_id)
    uow.change(
        asking, status=GlassStatus.REFUSED.value, decided_by=uow.actor.user_id, decided_at=uow.now, refusal=reason
    )
    uow.record("break_glass_refused", person_id=asking.person_id, who=who.display_name)


def _to_decide(uow: UnitOfWork, asking_id: UUID) -> BreakGlass:
    asking = uow.find(BreakGlass, asking_id, lock=True)
    uow.require(Permission.BREAK_GLASS_DECIDE, asking)
    if asking.status != GlassStatus.ASKED or asking.ended_at is not None:
        raise Refusal("This asking has been decided or taken back already. Reload the page to see the outcome.")
    if uow.now >= asking.created_at + ASKING_LASTS:
        raise Refusal("This was asked more than a day ago and has lapsed. They must ask again if they still need it.")
    return asking


def _is_admin(uow: UnitOfWork, asking: BreakGlass) -> bool:
    a = Assignment
    found = (
        select(col(a.id))
        .join(User, col(User.id) == col(a.user_id))
        .where(
            col(a.user_id) == asking.user_id, col(a.icb_id) == asking.icb_id, col(a.role) == Role.ADMIN.value,
            col(a.revoked_at).is_(None), or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
            col(User.disabled_at).is_(None),
        )
    )  # fmt: skip
    return uow.session.execute(found.limit(1)).first() is not None


def end_early(uow: UnitOfWork, asking_id: UUID) -> None:
    """Whoever asked has read enough, or no longer needs to: it is over now."""
    asking = uow.find(BreakGlass, asking_id, lock=True)
    uow.require(Permission.BREAK_GLASS_ASK, asking)
    waits = asking.status == GlassStatus.ASKED and asking.ended_at is None
    if not waits and not is_open(asking.ends_at, asking.ended_at, uow.now):
        raise Refusal("This is over already.")
    uow.change(asking, ended_at=uow.now)
    uow.record("break_glass_ended", person_id=asking.person_id)


def review(uow: UnitOfWork, asking_id: UUID) -> None:
    """An auditor says they have looked at what was read; the task of the board's auditors is done."""
    asking = uow.find(BreakGlass, asking_id, lock=True)
    uow.require(Permission.BREAK_GLASS_REVIEW, asking)
    if asking.status != GlassStatus.AGREED or is_open(asking.ends_at, asking.ended_at, uow.now):
        raise Refusal("Wait until the 60 minutes are over, so that you see all that was read.")
    if asking.reviewed_at is not None:
        raise Refusal("An auditor has looked at this already.")
    who = uow.session.get_one(User, asking.user_id)
    uow.change(asking, reviewed_by=uow.actor.user_id, reviewed_at=uow.now)
    waiting = select(Task).where(
        col(Task.kind) == TASK_KIND, col(Task.icb_id) == asking.icb_id, col(Task.person_id) == asking.person_id,
        col(Task.created_at) == asking.decided_at, col(Task.done_at).is_(None),
    )  # fmt: skip
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now)
    uow.record("break_glass_reviewed", person_id=asking.person_id, who=who.display_name)
