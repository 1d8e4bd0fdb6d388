"""Taking a list out of the portal: up to 500 rows at once, more with a second person's agreement (decisions.md §2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, NotFound, Refusal
from phbportal.domain.exports import AT_ONCE, KEPT_FOR, ExportStatus, FileKind, step
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.permissions import Permission
from phbportal.services.jobs import LOST, OURS
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.exports import ExportRequest
from phbportal.tables.settings import Job
from phbportal.tables.users import Assignment, User

JOB = "export"
_AFTER = {
    LOST: "Ask for fewer rows or columns, or ask whoever runs the portal for more memory.", OURS: "Ask for it again.",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """An agreed taking-out, as the worker needs it: what was asked for, and as whom it is read."""

    id: UUID
    resource: str
    asked_for: str
    file_kind: FileKind
    actor: Actor


def may_export(uow: UnitOfWork, permission: Permission) -> None:
    """Raise NotAllowed unless the actor may take lists of this kind out of the portal."""
    boards = frozenset({uow.actor.icb_id}) if uow.actor.icb_id else frozenset[UUID]()
    uow.require(permission, Subject(icbs=boards))


def export_at_once(uow: UnitOfWork, permission: Permission, *, title: str, rows: int) -> None:
    """Note that a list was taken out. Refuses more than 500 rows."""
    may_export(uow, permission)
    if rows > AT_ONCE:
        raise Refusal(f"More than {AT_ONCE} rows need a second person.")
    uow.saw(f"download of {title.lower()}", rows=rows)
    uow.record("list_taken_out", title=title.lower(), rows=rows)


def begin_export(
    uow: UnitOfWork, permission: Permission, *, resource: str, title: str, asked_for: str, kind: FileKind,
    rows: int,
) -> UUID:  # fmt: skip
    """Begin asking for a list of more than 500 rows, of which it has so many today; a reason comes next. Returns its
    id."""
    may_export(uow, permission)
    if uow.actor.icb_id is None or uow.actor.user_id is None:
        raise NotAllowed("You do not act for a board.")
    return uow.add(
        ExportRequest, icb_id=uow.actor.icb_id, resource=resource, title=title, asked_for=asked_for,
        file_kind=kind.value, asked_by=uow.actor.user_id, asked_role=uow.actor.role.value,
        status=ExportStatus.BEGUN.value, rows_total=rows,
    ).id  # fmt: skip


def ask_export(uow: UnitOfWork, export_id: UUID, values: Mapping[str, Any]) -> None:
    """Give the reason and ask a second person."""
    row = uow.find(ExportRequest, export_id, lock=True)
    uow.require(Permission.EXPORT_ASK, row)
    uow.change(row, status=step(ExportStatus(row.status), "ask").value, reason=values["reason"])
    uow.record("export_asked", about=row, title=row.title.lower())


def ask_again(uow: UnitOfWork, export_id: UUID, _values: Mapping[str, Any]) -> None:
    """Ask for a list that could not be made once more, for the same reason. The second person agrees anew: its rows may
    be others by now."""
    row = uow.find(ExportRequest, export_id, lock=True)
    uow.require(Permission.EXPORT_ASK, row)
    uow.change(
        row, status=step(ExportStatus(row.status), "ask again").value, decided_by=None, decided_at=None, note="",
        rows_done=0,
    )  # fmt: skip
    uow.record("export_asked", about=row, title=row.title.lower())


def agree_export(uow: UnitOfWork, export_id: UUID, values: Mapping[str, Any]) -> None:
    """Agree to what somebody else asked for: the file is made after this, for them alone."""
    row = _decided(uow, export_id, "agree", "")
    uow.add(Job, kind=JOB, icb_id=row.icb_id, status="WAITING", payload=str(row.id), outcome="")
    uow.record("export_agreed", about=row, title=row.title.lower())


def refuse_export(uow: UnitOfWork, export_id: UUID, values: Mapping[str, Any]) -> None:
    """Refuse what somebody else asked for, with a reason."""
    row = _decided(uow, export_id, "refuse", values["note"])
    uow.record("export_refused", about=row, title=row.title.lower())


def _decided(uow: UnitOfWork, export_id: UUID, act: str, note: str) -> ExportRequest:
    row = uow.find(ExportRequest, export_id, lock=True)
    uow.require(Permission.EXPORT_DECIDE, row)
    uow.change(
        row, status=step(ExportStatus(row.status), act).value, decided_by=uow.actor.user_id, decided_at=uow.now,
        note=note,
    )  # fmt: skip
    return row


def take_export(uow: UnitOfWork, export_id: UUID) -> tuple[str, FileKind]:
    """The file of a ready export, for whoever asked for it and nobody else. Returns its random name and its kind."""
    row = uow.find(ExportRequest, export_id)
    uow.require(Permission.EXPORT_ASK, row)
    if ExportStatus(row.status) is not ExportStatus.READY:
        raise NotFound()
    uow.saw(f"download of {row.title.lower()}", rows=row.rows_done)
    uow.record("export_taken", about=row, title=row.title.lower(), rows=row.rows_done)
    return row.stored_as, FileKind(row.file_kind)


def agreed_export(uow: UnitOfWork, export_id: UUID) -> Agreed:
    """What the worker is to make, read as the person who asked. Refuses if they may not have it any more."""
    row = uow.session.get_one(ExportRequest, export_id)
    user = uow.session.get_one(User, row.asked_by)
    held = uow.session.execute(
        select(col(Assignment.id)).where(
            col(Assignment.user_id) == row.asked_by, col(Assignment.role) == row.asked_role,
            col(Assignment.icb_id) == row.icb_id, col(Assignment.revoked_at).is_(None),
            col(Assignment.valid_from) <= uow.today,
            col(Assignment.valid_to).is_(None) | (col(Assignment.valid_to) >= uow.today),
        )
    ).first()  # fmt: skip
    if held is None or user.disabled_at is not None:
        raise Refusal("Whoever asked for this does not have the role any more.")
    actor = Actor(Role(row.asked_role), user_id=row.asked_by, display_name=user.display_name, icb_id=row.icb_id)
    return Agreed(row.id, row.resource, row.asked_for, FileKind(row.file_kind), actor)


def note_progress(uow: UnitOfWork, export_id: UUID, done: int) -> None:
    """How far the making of a file is."""
    row = uow.session.get_one(ExportRequest, export_id, with_for_update=True)
    uow.change(row, rows_done=done)


def finish_export(uow: UnitOfWork, export_id: UUID, *, stored_as: str, rows: int) -> None:
    """The file is made."""
    row = uow.session.get_one(ExportRequest, export_id, with_for_update=True)
    uow.change(
        row, status=step(ExportStatus(row.status), "make").value, stored_as=stored_as, rows_done=rows,
        made_at=uow.now,
    )  # fmt: skip


def give_up_export(uow: UnitOfWork, payload: str, why: str) -> None:
    """The file could not be made: it says why, and what to do."""
    row = uow.session.get_one(ExportRequest, UUID(payload), with_for_update=True)
    if row.status != ExportStatus.AGREED:
        return  # made, or asked for again, meanwhile
    note = " ".join([why, _AFTER[why]] if why in _AFTER else [why])
    uow.change(row, status=step(ExportStatus(row.status), "fail").value, note=note[:300])


def kept_files(uow: UnitOfWork) -> set[str]:
    """The names of the files that are still to be had."""
    return set(
        uow.session.execute(
            select(col(ExportRequest.stored_as)).where(col(ExportRequest.status) == ExportStatus.READY.value)
        ).scalars()
    )


def forget_exports(uow: UnitOfWork) -> list[str]:
    """Let go of files made more than a day ago. Returns their names, to be taken from the folder."""
    before: datetime = uow.now - KEPT_FOR
    old = uow.session.execute(
        select(ExportRequest).where(
            col(ExportRequest.status) == ExportStatus.READY.value, col(ExportRequest.made_at) < before
        )
    ).scalars().all()  # fmt: skip
    names = [row.stored_as for row in old]
    for row in old:
        uow.change(row, status=step(ExportStatus(row.status), "forget").value, stored_as="")
    return names
