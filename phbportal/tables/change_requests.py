"""Changes proposed by one person for another to approve."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql

from phbportal.domain.change_requests import ChangeStatus
from phbportal.domain.roles import Role
from phbportal.tables.base import Record, bare_id, link, long_text, moment, one_of, text, whole

_WAITING = sql("status = 'PROPOSED' AND slot <> ''")


class ChangeRequest(Record, table=True):
    """A change that waits for a second person, or what became of it.

    ``icb_id`` is empty for what belongs to every board alike (national rates); ``row_id`` for a new row, until it is
    approved. ``proposes`` and ``decides`` are the permissions it was proposed under and is decided under. ``slot``
    names what only one change may wait for at a time. ``seen_version`` is the row's when the change was proposed.
    ``again_of`` is the returned change it takes the place of; ``settled_at`` is when whoever proposed a change that was
    returned proposed it anew or let it be: until then it stands on their work list. ``other_icb_id`` is the board that
    takes over from one that ends, whose people may decide that too.
    """

    __tablename__ = "change_request"
    __table_args__ = (
        one_of("change_request", "status", ChangeStatus),
        one_of("change_request", "proposed_role", Role),
        CheckConstraint("decided_by <> proposed_by", name="ck_change_request_second_person"),
        CheckConstraint(
            "(status IN ('APPROVED', 'RETURNED') AND decided_by IS NOT NULL AND decided_at IS NOT NULL)"
            " OR (status IN ('PROPOSED', 'WITHDRAWN') AND decided_by IS NULL AND decided_at IS NULL)",
            name="ck_change_request_decided",
        ),
        Index("ix_change_request_board_status", "icb_id", "status", "id"),
        Index("ix_change_request_row", "subject", "row_id"),
        Index(
            "uq_change_request_slot", "subject", "slot", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
    )

    icb_id: UUID | None = link("organisation", default=None, index=False)
    subject: str = text(length=40)
    act: str = text(length=40)
    row_id: UUID | None = bare_id(why="the row it changes, whatever its table", default=None)
    slot: str = text(length=120, default="")
    title: str = text(personal=True)
    before_json: str = long_text(personal=True)
    after_json: str = long_text(personal=True)
    reason: str = text(personal=True, length=500)
    status: str = text(length=12)
    proposes: str = text(length=40)
    decides: str = text(length=40)
    proposed_by: UUID = link("user_account", index=False)
    proposed_role: str = text(length=20)
    person_id: UUID | None = link("person", default=None)
    phb_id: UUID | None = link("phb", default=None)
    seen_version: int | None = whole(default=None)
    decided_by: UUID | None = link("user_account", default=None, index=False)
    decided_at: datetime | None = moment()
    note: str = text(personal=True, length=500, default="")
    again_of: UUID | None = bare_id(why="the returned change it takes the place of", default=None)
    settled_at: datetime | None = moment()
    other_icb_id: UUID | None = bare_id(why="a board besides whose people may decide it too", default=None)
