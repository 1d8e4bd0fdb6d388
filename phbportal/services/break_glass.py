"""Break-glass: asked for by an administrator, agreed by an approver or an auditor, over after 60 minutes."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.break_glass import ASKING_LASTS, BY_NAME, BY_NHS_NUMBER, LASTS, TASK_KIND, GlassStatus, is_open
from phbportal.domain.errors import Refusal
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.text import search_key
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import responsible_today
from phbportal.services.people import LONGEST_KEY
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.break_glass import BreakGlass
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import Assignment, User

NHS_DIGITS = 10
MOST_A_DAY = 5
"""Askings by NHS number or name, fitting or not: nobody tries out who has a budget."""


@dataclass(frozen=True, slots=True)
class AskingEntry:
    """Whose record, and why: by the reference of a budget, or else by NHS number, or by full name and date of birth."""

    reference: str
    reason: str
    nhs_number: str = ""
    name: str = ""
    born: date | None = None


def read_asking(form: Mapping[str, object]) -> AskingEntry:
    """Read the form that asks to be let in: one number, or a name with the date of birth."""
    r = Reading(form)
    number, name, born = r.text("reference", longest=40), r.text("name", longest=200), r.day("born")
    reference = r.take("reference", _reference_or_nhs_number) or ""
    if number and (name or born):
        r.problem("Enter a number, or a name and date of birth, not both.", "reference")
    elif not number and not name:
        r.problem("Enter the reference of the person’s budget, their NHS number, or their name.", "reference")
    elif not number and born is None and not any(p.field == "born" for p in r.problems):
        r.problem("Enter the date of birth: many people have the same name.", "born")
    reason = r.text("reason", needed="Say why you need to read this record, and why nobody else can.", longest=500)
    r.finish()
    is_nhs_number = reference.isdigit()
    return AskingEntry("" if is_nhs_number else reference, reason, reference if is_nhs_number else "", name, born)


def _reference_or_nhs_number(text: str, *, field: str | None = None) -> str:
    try:
        return identifiers.phb_reference(text, field=field)
    except Refusal:
        if sum(c.isdigit() for c in text) != NHS_DIGITS or any(c.isalpha() for c in text):
            raise
        return identifiers.nhs_number(text, field=field)


def as_asked(entry: AskingEntry) -> str:
    """Short for what was asked: pressed twice it is the same asking, put right after a miss it is another."""
    return hashlib.sha256(repr(entry).encode()).hexdigest()[:16]


def ask(uow: UnitOfWork, entry: AskingEntry) -> UUID | None:
    """Ask to be let into one person's record. None where what was typed fits no one record of the board.

    Whoever asks by NHS number or name learns that one record fits, and no more: not the budget's reference, not
    whether none or several fitted. Such askings are few a day, and one that fits nobody is kept for the auditors too.
    """
    icb_id = uow.actor.icb_id
    uow.require(Permission.BREAK_GLASS_ASK, Subject(icbs=frozenset({icb_id}) if icb_id else frozenset()))
    found = _by_reference(uow, entry.reference) if entry.reference else None
    if _open_one(uow):
        raise Refusal("You have asked already, or are let in now. One record at a time: end that one first.")
    if found is not None:
        person_id, phb_id, words = found.person_id, found.id, found.reference
    else:
        words = BY_NHS_NUMBER if entry.nhs_number else BY_NAME
        phb_id, person_id = None, _only_match(uow, entry)
        if person_id is None:
            uow.record("break_glass_missed", icb_id=icb_id, how=words[0].lower() + words[1:])
            return None
    asking = uow.add(
        BreakGlass, icb_id=given(icb_id), user_id=given(uow.actor.user_id), person_id=person_id,
        reference=words, reason=entry.reason, status=GlassStatus.ASKED.value,
    )  # fmt: skip
    uow.record("break_glass_asked", about=asking, phb_id=phb_id, person_id=person_id)
    return asking.id


def _by_reference(uow: UnitOfWork, reference: str) -> Phb:
    phb = uow.session.execute(
        select(Phb).where(col(Phb.reference) == reference, col(Phb.icb_id) == uow.actor.icb_id)
    ).scalar_one_or_none()
    if phb is None:
        raise Refusal("No budget of your board has this reference. Check the number.", field="reference")
    return phb


def _only_match(uow: UnitOfWork, entry: AskingEntry) -> UUID | None:
    """The one person of the board who fits; None where nobody does, or several do."""
    if _tries_left(uow) <= 0:
        raise Refusal(
            f"You have asked by NHS number or name {MOST_A_DAY} times in a day. "
            "Ask by the reference of a budget, or tell a case manager or an auditor what you need."
        )
    fits = col(Person.nhs_number) == entry.nhs_number
    if not entry.nhs_number:
        key = search_key(entry.name)[:LONGEST_KEY]
        fits = or_(col(Person.search_given) == key, col(Person.search_name) == key)
        fits = fits & (col(Person.date_of_birth) == given(entry.born))
    # Not in the asker's sight, which is why they ask: the answer says only whether there is one.
    found = uow.session.execute(
        select(col(Person.id)).where(fits, responsible_today(uow.actor.icb_id, uow.today)).limit(2)
    ).scalars().all()  # fmt: skip
    return found[0] if len(found) == 1 else None


def _tries_left(uow: UnitOfWork) -> int:
    b, since = BreakGlass, uow.now - ASKING_LASTS
    asked = select(func.count()).where(
        col(b.user_id) == uow.actor.user_id, col(b.created_at) > since, col(b.reference).in_([BY_NHS_NUMBER, BY_NAME])
    )
    missed = select(func.count()).where(
        col(AuditEvent.created_by) == uow.actor.user_id, col(AuditEvent.created_at) > since,
        col(AuditEvent.kind) == "break_glass_missed",
    )  # fmt: skip
    return MOST_A_DAY - uow.session.execute(asked).scalar_one() - uow.session.execute(missed).scalar_one()


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
    uow.record("break_glass_agreed", about=asking, person_id=asking.person_id, who=who.display_name,
               minutes=int(LASTS.total_seconds()) // 60)  # fmt: skip


def refuse_asking(uow: UnitOfWork, asking_id: UUID, reason: str) -> None:
    """Refuse to let the administrator in, with a reason they read."""
    asking = _to_decide(uow, asking_id)
    who = uow.session.get_one(User, asking.user_id)
    uow.change(
        asking, status=GlassStatus.REFUSED.value, decided_by=uow.actor.user_id, decided_at=uow.now, refusal=reason
    )
    uow.record("break_glass_refused", about=asking, person_id=asking.person_id, who=who.display_name)


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
    uow.record("break_glass_ended", about=asking, person_id=asking.person_id)


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
    uow.record("break_glass_reviewed", about=asking, person_id=asking.person_id, who=who.display_name)
