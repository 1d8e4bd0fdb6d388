"""The actor: who is asking, in one role, as read from the session for this one event."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from phbportal.domain.roles import STAFF_ROLES, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Detached facts about the person asking. ``sign_off_limit_pence`` is pence a week; None means no limit."""

    role: Role
    user_id: UUID | None = None
    display_name: str = ""
    icb_id: UUID | None = None
    organisation_id: UUID | None = None
    person_id: UUID | None = None
    assignment_id: UUID | None = None
    session_handle: str | None = None
    sign_off_limit_pence: int | None = None
    step_up_until: datetime | None = None
    # Break-glass in force at the moment of asking: whose record, until when, under which asking.
    let_in_to: UUID | None = None
    let_in_until: datetime | None = None
    break_glass_id: UUID | None = None

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES


SYSTEM = Actor(role=Role.SYSTEM, display_name="the portal")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a question may know of the thing it is asked about.

    ``icbs`` are the boards it belongs to today, ``made_by`` the users who prepared it, ``changed_by`` everybody
    who wrote any part of it, ``weekly_pence`` the amount a sign-off limit is held against, ``for_role`` whose work a
    task is. ``open_to`` are those who act for the person and whom this is open to now, each a role with the id of a
    user, or of an organisation and the board it acts for; ``party`` is the user or organisation a part in somebody's
    life is given to; ``organisations`` those it has been entrusted to (an offer in their sight, their own people);
    ``user_id`` the user it is about (who would get a role, who asked to be let in);
    ``for_roles`` those whose work a proposed change is, and ``everybodys`` what belongs to every board alike;
    ``untold`` what the person it is about has not been told yet, or is not told.
    """

    icbs: frozenset[UUID] = frozenset()
    person_id: UUID | None = None
    made_by: frozenset[UUID] = frozenset()
    weekly_pence: int = 0
    user_id: UUID | None = None
    changed_by: frozenset[UUID] = frozenset()
    for_role: Role | None = None
    open_to: frozenset[tuple[Role, UUID, UUID | None]] = frozenset()
    party: UUID | None = None
    organisations: frozenset[UUID] = frozenset()
    for_roles: frozenset[Role] = frozenset()
    everybodys: bool = False
    untold: bool = False
