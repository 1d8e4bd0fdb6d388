"""Changes that wait for a second person: one with its before and after, and those that wait for the actor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.change_requests import STATUS_WORDS, ChangeStatus, Values, differences, unpack
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import london_day, show_moment
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import Decision, could_ever, decide, roles_that_could
from phbportal.policy.permissions import Permission
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, waited
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.users import User

# Who may decide is asked of each, so more are read than are shown.
MOST_READ = 4 * MOST


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One field of a change: "Changed" or "The same" beside what it is and would be."""

    label: str
    before: str
    after: str
    status: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change as text. ``because`` says why the actor may not decide it, "" if they may or nothing waits."""

    title: str = ""
    status: str = ""
    reason: str = ""
    proposed: str = ""
    decided: str = ""
    withdrawn: str = ""
    note: str = ""
    person: str = ""
    person_href: str = ""
    phb: str = ""
    phb_href: str = ""
    because: str = ""
    may_decide: bool = False
    may_withdraw: bool = False
    may_begin_anew: bool = False
    again_of_href: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """A change and its lines; whose record it is about, for the note of who looked."""

    view: ChangeView
    lines: tuple[ChangeLine, ...]
    person_id: UUID | None
    phb_id: UUID | None


def change_subject(request: ChangeRequest) -> Subject:
    """The facts the service's own question is asked of (services/subjects.py)."""
    boards = frozenset(board for board in (request.icb_id, request.other_icb_id) if board)
    return Subject(
        icbs=boards, everybodys=request.icb_id is None,
        person_id=request.person_id, made_by=frozenset({request.proposed_by}),
        for_roles=roles_that_could(Permission(request.proposes), Permission(request.decides)),
    )  # fmt: skip


def may_decide(actor: Actor, request: ChangeRequest) -> Decision:
    """Whether the actor may decide a change, by the law of all changes and by its own permission."""
    subject = change_subject(request)
    first = decide(actor, Permission.CHANGE_DECIDE, subject)
    return decide(actor, Permission(request.decides), subject) if first.allowed else first


def is_unsettled(request: ChangeRequest) -> bool:
    """Whether a change was returned, and whoever proposed it has neither proposed it anew nor let it be."""
    return request.status == ChangeStatus.RETURNED and request.settled_at is None


def waiting(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    """Changes in the actor's sight that wait, with the name of whoever proposed each, the oldest first."""
    c = ChangeRequest
    return (
        select(c, col(User.display_name))
        .outerjoin(User, col(User.id) == col(c.proposed_by))
        .where(visible(actor, c, today), col(c.status) == ChangeStatus.PROPOSED.value)
        .order_by(col(c.id))
    )


def changes_waiting(session: Session, actor: Actor, today: date) -> WorkGroup:
    """What others proposed and the actor may decide. One statement, or none for who could decide nothing."""
    found: list[WorkItem] = []
    if could_ever(actor, Permission.CHANGE_DECIDE):
        others = waiting(actor, today).where(col(ChangeRequest.proposed_by) != actor.user_id).limit(MOST_READ)
        found = [
            WorkItem(
                request.title, routes.staff_change(request.id),
                f"Proposed by {by or NOBODY}. Waiting {waited(london_day(request.created_at), today)}.",
            )
            for request, by in session.execute(others)
            if may_decide(actor, request).allowed
        ]  # fmt: skip
    return WorkGroup.of("Changes to decide", found)


def changes_returned(session: Session, actor: Actor, today: date) -> WorkGroup:
    """What the actor proposed and somebody returned, until they propose it anew or let it be. One statement, or none
    for who proposes nothing."""
    c, found = ChangeRequest, list[WorkItem]()
    if could_ever(actor, Permission.CHANGE_WITHDRAW):
        rows = session.execute(
            select(c, col(User.display_name))
            .outerjoin(User, col(User.id) == col(c.decided_by))
            .where(
                visible(actor, c, today), col(c.proposed_by) == actor.user_id,
                col(c.status) == ChangeStatus.RETURNED.value, col(c.settled_at).is_(None),
            )
            .order_by(col(c.decided_at), col(c.id))
            .limit(MOST + 1)
        )  # fmt: skip
        found = [
            WorkItem(request.title, routes.staff_change(request.id), f"Returned by {by or NOBODY}: {request.note}")
            for request, by in rows
        ]
    return WorkGroup.of("Changes returned to you", found)


@dataclass(frozen=True, slots=True)
class Returned:
    """A change of the actor's own that was returned: its kind ("rate/add"), its row, what was typed and why."""

    kind: str
    row_id: UUID | None
    values: Values
    reason: str


def to_propose_anew(session: Session, actor: Actor, today: date, change_id: UUID) -> Returned:
    """A change the actor may propose anew. One statement. Raises NotFound."""
    c = ChangeRequest
    request = session.execute(
        select(c).where(
            col(c.id) == change_id, visible(actor, c, today), col(c.proposed_by) == actor.user_id,
            col(c.status) == ChangeStatus.RETURNED.value, col(c.settled_at).is_(None),
        )
    ).scalar_one_or_none()  # fmt: skip
    if request is None:
        raise NotFound()
    kind = f"{request.subject}/{request.act}"
    return Returned(kind, request.row_id, unpack(request.after_json).values, request.reason)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A change that waits for a record, as text."""

    text: str
    href: str


def waiting_for(
    session: Session, actor: Actor, today: date, subjects: frozenset[str], row_id: UUID
) -> list[WaitingLine]:  # fmt: skip
    """Changes in the actor's sight that wait for one row. One statement."""
    c = ChangeRequest
    found = waiting(actor, today).where(col(c.subject).in_(sorted(subjects)), col(c.row_id) == row_id)
    return [
        WaitingLine(f"{request.title}. Proposed by {by or NOBODY}.", routes.staff_change(request.id))
        for request, by in session.execute(found.limit(MOST))
    ]


def change_view(session: Session, actor: Actor, today: date, change_id: UUID) -> ChangeRecord:
    """One change the actor may see. One statement. Raises NotFound."""
    c, proposer, decider = ChangeRequest, aliased(User), aliased(User)
    row = session.execute(
        select(
            c, col(proposer.display_name), col(decider.display_name), col(Person.given_name), col(Person.family_name),
            col(Phb.reference),
        )
        .outerjoin(proposer, col(proposer.id) == col(c.proposed_by))
        .outerjoin(decider, col(decider.id) == col(c.decided_by))
        .outerjoin(Person, (col(Person.id) == col(c.person_id)) & visible(actor, Person, today))
        .outerjoin(Phb, (col(Phb.id) == col(c.phb_id)) & visible(actor, Phb, today))
        .where(col(c.id) == change_id, visible(actor, c, today))
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound()
    request, by, decided, given_name, family_name, reference = row
    waits = request.status == ChangeStatus.PROPOSED
    decision = may_decide(actor, request)
    subject = change_subject(request)
    before, after = unpack(request.before_json), unpack(request.after_json)
    own = decide(actor, Permission.CHANGE_WITHDRAW, subject).allowed
    view = ChangeView(
        title=request.title, status=STATUS_WORDS[ChangeStatus(request.status)], reason=request.reason,
        proposed=f"{by or NOBODY}, {show_moment(request.created_at)}",
        decided=f"{decided or NOBODY}, {show_moment(request.decided_at)}" if request.decided_at else "",
        withdrawn=show_moment(request.updated_at) if request.status == ChangeStatus.WITHDRAWN else "",
        note=request.note, person=f"{given_name} {family_name}" if family_name else "",
        person_href=routes.staff_person(request.person_id) if family_name and request.person_id else "",
        phb=reference or "",
        phb_href=routes.staff_phb(reference) if reference else "",
        because=decision.because if waits and not decision.allowed else "", may_decide=waits and decision.allowed,
        may_withdraw=waits and own, may_begin_anew=own and is_unsettled(request),
        again_of_href=routes.staff_change(request.again_of) if request.again_of else "",
    )  # fmt: skip
    lines = tuple(
        ChangeLine(one.label, one.before, one.after, "Changed" if one.changed else "The same")
        for one in differences(before.shown, after.shown)
    )
    return ChangeRecord(view, lines, request.person_id, request.phb_id)
