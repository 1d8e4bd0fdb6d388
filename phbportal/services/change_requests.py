"""Changes that need a second person: proposed by one, approved or returned by another, withdrawn by whoever proposed.

A noun's service says once how its changes are carried out::

    applies("rate", "add", what="A rate", decides=Permission.RATE_DECIDE, apply=_add_rate, now=_rate_then)

and its form, or an action of the engine, proposes one with ``propose``. There is no second way to write the row: what
an approval calls is the function that was given, in the name of whoever proposed it, with the leave they have today.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from phbportal.domain.change_requests import (
    SAVED_SINCE,
    ChangeStatus,
    Shown,
    Side,
    Values,
    changed_since,
    check_returned,
    check_waiting,
    differences,
    pack,
    told,
    unpack,
)
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import Record, Row
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan
from phbportal.tables.users import Assignment, User

Apply = Callable[[UnitOfWork, UUID | None, Values, int | None], UUID]
Now = Callable[[UnitOfWork, UUID | None, Values], Shown]
Under = Callable[[UnitOfWork, Values], Row | Subject]


@dataclass(frozen=True, slots=True)
class Applies:
    """How changes of one kind are carried out, and under which permission they are decided.

    ``apply(uow, row_id, values, seen_version)`` is the noun's own service: it asks leave, sees that all is right,
    writes and returns the row's id; ``uow`` acts in the name of whoever proposed. ``table`` is where the row stands: it
    is found in the proposer's sight, locked, and must be as it was when the change was proposed. ``now(uow, row_id,
    values)`` reads what stands today by the labels that were shown as "before", to say what has changed since.
    ``under(uow, values)`` is what a new row will belong to; if it is not given, the proposer's own board.
    """

    what: str
    decides: Permission
    apply: Apply
    table: type[Record] | None = None
    now: Now | None = None
    under: Under | None = None


APPLIES: dict[tuple[str, str], Applies] = {}


def applies(
    subject: str, act: str, *, what: str, decides: Permission, apply: Apply, table: type[Record] | None = None,
    now: Now | None = None, under: Under | None = None,
) -> str:  # fmt: skip
    """Say how changes of this kind are carried out, once, when the module of the noun is read. Returns the code a
    declaration names it by ("rate/add").

    ``subject`` and ``act`` are short codes ("rate", "add"). Raises ValueError for a kind that is known already.
    """
    if (subject, act) in APPLIES:
        raise ValueError(f"{subject}, {act}: there can be only one way to carry a change out")
    APPLIES[subject, act] = Applies(what, decides, apply, table, now, under)
    return f"{subject}/{act}"


def kind_of(code: str) -> Applies | None:
    """How changes of a kind are carried out, by the code ``applies`` returned; None for a kind nobody has told of."""
    subject, _, act = code.partition("/")
    return APPLIES.get((subject, act))


def propose(
    uow: UnitOfWork, *, subject: str, act: str, title: str, before: Shown, after: Shown, values: Values, reason: str,
    permission: Permission, row: Record | None = None, under: Row | Subject | None = None, national: bool = False,
    seen_version: int | None = None, slot: str = "", again: UUID | None = None, other_icb_id: UUID | None = None,
) -> UUID:  # fmt: skip
    """Propose a change for a second person to decide. Returns the id of the request (``routes.staff_change``).

    ``title`` says in plain words what it is about; it is told in the history of the person or budget, so it says
    nothing that whoever reads that may not know. ``before`` and ``after`` are text by the label of the field, as a
    person reads it; ``values`` is what is written if it is approved (kinds: ``domain/change_requests.py``).
    ``permission`` is what the proposer needs, on ``row`` (which is changed) or, for a new row, on ``under``: the row it
    will belong to, or a Subject. Board, person and budget are taken from these; what belongs to no board is the
    proposer's, unless it is ``national``: then every board sees it, and any may decide.
    ``seen_version`` is the row's when the form was opened, the present one if it is not given. ``slot`` names what only
    one change may wait for at a time; a row is its own. Refuses a change that changes nothing, and a second one that
    would wait for the same. ``other_icb_id`` is a board besides whose people may decide it.
    ``again`` is a change of the actor's own that was returned and that this takes the place of.
    """
    kind = APPLIES[subject, act]
    about = row or under or Subject()
    uow.require(permission, about)
    if all(not one.changed for one in differences(before, after)):
        raise Refusal("Nothing is different. Change something, or go back.")
    slot = slot or (str(row.id) if row else "")
    _refuse_a_second(uow, subject, slot)
    if again is not None:
        _settle_for(uow, again, subject, act, row)
    board, person_id, phb_id = _ids(uow, about)
    request = uow.add(
        ChangeRequest, subject=subject, act=act, row_id=row.id if row else None, slot=slot, title=title[:200],
        before_json=pack(Side(before)), after_json=pack(Side(after, values)), reason=reason,
        status=ChangeStatus.PROPOSED.value, proposes=permission.value, decides=kind.decides.value,
        proposed_by=_user(uow.actor), proposed_role=uow.actor.role.value,
        seen_version=seen_version if seen_version is not None else row.row_version if row else None,
        icb_id=None if national else board or uow.actor.icb_id, person_id=person_id, phb_id=phb_id, again_of=again,
        other_icb_id=other_icb_id,
    )  # fmt: skip
    uow.record(
        "change_proposed",
        what=kind.what[0].lower() + kind.what[1:],
        title=request.title,
        changes=_told(request),
        **_whose(request),
    )
    return request.id


def approve(uow: UnitOfWork, request_id: UUID, note: str = "") -> UUID:
    """Approve what somebody else proposed and carry it out, in one transaction. Returns the id of the row.

    Refuses, in words: a request that is decided; one by somebody who has left; a row that has changed since, with what.
    """
    request, kind = _to_decide(uow, request_id)
    theirs = replace(uow, actor=_proposer(uow, request))
    after = unpack(request.after_json)
    _refuse_if_changed(theirs, request, kind, after.values)
    row_id = kind.apply(theirs, request.row_id, after.values, request.seen_version)
    _decided(uow, request, ChangeStatus.APPROVED, note, row_id=row_id)
    uow.record("change_approved", proposer=theirs.actor.display_name, title=request.title, changes=_told(request),
               **_whose(request))  # fmt: skip
    return row_id


def send_back(uow: UnitOfWork, request_id: UUID, note: str) -> None:
    """Return what somebody else proposed, with a note they read. It is not carried out; they may propose it anew."""
    request, _kind = _to_decide(uow, request_id)
    _decided(uow, request, ChangeStatus.RETURNED, note)
    uow.record("change_returned", title=request.title, **_whose(request))


def settle(uow: UnitOfWork, request_id: UUID) -> None:
    """Take what one proposed and was returned off one's work list: it is proposed anew, or let be."""
    request = uow.find(ChangeRequest, request_id, lock=True)
    uow.require(Permission.CHANGE_WITHDRAW, request)
    check_returned(request.status, settled=request.settled_at is not None)
    uow.change(request, settled_at=uow.now)


def _settle_for(uow: UnitOfWork, again: UUID, subject: str, act: str, row: Record | None) -> None:
    """Settle the change that a new one takes the place of: it must have been about the same."""
    old = uow.find(ChangeRequest, again)
    if (old.subject, old.act, old.row_id) != (subject, act, row.id if row else None):
        raise NotFound()
    settle(uow, again)


def let_be(uow: UnitOfWork, request_id: UUID) -> None:
    """Say that what one proposed and was returned will not be proposed anew."""
    settle(uow, request_id)
    request = uow.find(ChangeRequest, request_id)
    uow.record("change_let_be", title=request.title, **_whose(request))


def withdraw(uow: UnitOfWork, request_id: UUID) -> None:
    """Withdraw what one proposed oneself, while it waits."""
    request = uow.find(ChangeRequest, request_id, lock=True)
    uow.require(Permission.CHANGE_WITHDRAW, request)
    check_waiting(request.status)
    uow.change(request, status=ChangeStatus.WITHDRAWN.value)
    uow.record("change_withdrawn", title=request.title, **_whose(request))


def read_note(form: Mapping[str, object]) -> str:
    """Read the note of an approval, which may be empty."""
    r = Reading(form)
    note = r.text("note", longest=500)
    r.finish()
    return note


def read_return(form: Mapping[str, object]) -> str:
    """Read why a change is returned."""
    r = Reading(form)
    needed = "Say what must be different, so that whoever proposed it knows what to do."
    note = r.text("why", needed=needed, longest=500)
    r.finish()
    return note


def _to_decide(uow: UnitOfWork, request_id: UUID) -> tuple[ChangeRequest, Applies]:
    request = uow.find(ChangeRequest, request_id, lock=True)
    uow.require(Permission.CHANGE_DECIDE, request)
    kind = APPLIES[request.subject, request.act]
    uow.require(kind.decides, request)
    check_waiting(request.status)
    return request, kind


def _decided(uow: UnitOfWork, request: ChangeRequest, status: ChangeStatus, note: str, **more: Any) -> None:
    uow.change(
        request, status=status.value, decided_by=uow.actor.user_id, decided_at=uow.now, note=note, **more
    )  # fmt: skip


def _proposer(uow: UnitOfWork, request: ChangeRequest) -> Actor:
    """Whoever proposed it, in the role they proposed it in, which they must have still."""
    a = Assignment
    found = select(User, a).join(a, col(a.user_id) == col(User.id)).where(
        col(User.id) == request.proposed_by, col(User.disabled_at).is_(None), col(a.role) == request.proposed_role,
        col(a.revoked_at).is_(None), col(a.valid_from) <= uow.today,
        or_(col(a.valid_to).is_(None), col(a.valid_to) >= uow.today),
    )  # fmt: skip
    if request.icb_id is not None:
        found = found.where(col(a.icb_id) == request.icb_id)
    row = uow.session.execute(found.order_by(col(a.id)).limit(1)).one_or_none()
    if row is None:
        raise Refusal(
            "Whoever proposed this does not have that role any more. Return it, and have somebody else propose it."
        )
    user, role = row
    return Actor(
        role=Role(role.role), user_id=user.id, display_name=user.display_name, icb_id=role.icb_id,
        assignment_id=role.id, sign_off_limit_pence=role.sign_off_limit_pence,
    )  # fmt: skip


def _refuse_if_changed(theirs: UnitOfWork, request: ChangeRequest, kind: Applies, values: Values) -> None:
    """The row must be what the proposer saw: of a change on a change the second person would see only half."""
    row: Record | None = None
    if kind.table is not None and request.row_id is not None:
        try:
            row = theirs.find(kind.table, request.row_id, lock=True)
        except NotFound:
            raise Refusal("What this was about is not there any more. Return it.") from None
    if kind.now is not None:
        seen, now = unpack(request.before_json).shown, kind.now(theirs, request.row_id, values)
        if dict(seen) != dict(now):
            raise Refusal(changed_since(seen, now))
    if row is not None and row.row_version != request.seen_version:
        raise Refusal(SAVED_SINCE)


def _refuse_a_second(uow: UnitOfWork, subject: str, slot: str) -> None:
    c = ChangeRequest
    waiting = select(col(c.id)).where(
        col(c.subject) == subject, col(c.slot) == slot, col(c.status) == ChangeStatus.PROPOSED.value
    )
    if slot and uow.session.execute(waiting.limit(1)).first() is not None:
        raise Refusal("A change to this is proposed already and waits for a second person.")


def _ids(uow: UnitOfWork, about: Row | Subject) -> tuple[UUID | None, UUID | None, UUID | None]:
    """The board, the person and the budget of a row; a Subject says none of them."""
    if isinstance(about, Subject):
        return None, None, None
    phb_id = about.id if isinstance(about, Phb) else getattr(about, "phb_id", None)
    if phb_id is None and (plan_id := getattr(about, "plan_id", None)):  # a part of a plan names its plan alone
        phb_id = uow.session.get_one(Plan, plan_id).phb_id
    person_id = about.id if isinstance(about, Person) else getattr(about, "person_id", None)
    if phb_id is not None and person_id is None:
        person_id = uow.session.get_one(Phb, phb_id).person_id
    return getattr(about, "icb_id", None), person_id, phb_id


def _told(request: ChangeRequest) -> str:
    """What differs, for the history. Of somebody's record only which fields: the values are told by the noun's own
    event, to those who may read them."""
    before, after = unpack(request.before_json).shown, unpack(request.after_json).shown
    if request.person_id is None:
        return told(before, after)
    labels = [one.label.lower() for one in differences(before, after) if one.changed]
    return f"the {', the '.join(labels)}"


def _whose(request: ChangeRequest) -> dict[str, Any]:
    return {"icb_id": request.icb_id, "person_id": request.person_id, "phb_id": request.phb_id}


def _user(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise Refusal("Only a person can propose a change.")
    return actor.user_id
