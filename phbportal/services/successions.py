"""A board ends and others take over: tried, proposed by its administrator, approved by a second person of either board,
and carried out in one transaction on the day or after it (ADR 0022).

There is no way back: taken over by mistake, people are moved again one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from phbportal.domain.change_requests import ChangeStatus, Shown, Values
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.isf import IsfStatus
from phbportal.domain.national import OrganisationKind
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import ENDED
from phbportal.domain.reading import Reading, given
from phbportal.domain.successions import (
    Assigned,
    Leaver,
    assign,
    check_days,
    read_codes,
    read_lines,
    refuse_early,
    refuse_incomplete,
)
from phbportal.domain.text import listed, long_date, plural
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.change_requests import applies, propose
from phbportal.services.new_rows import NewRows
from phbportal.services.passing_on import pass_on
from phbportal.services.succession_staff import Member, others_follow, staff_follow, staff_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.settings import Job

SUBJECT, SUCCEED = "board", "succeed"
_OVER = (PaymentStatus.PAID, PaymentStatus.FAILED, PaymentStatus.CANCELLED)
_OFFERED = (IsfStatus.FEE_WAITS, IsfStatus.SENT, IsfStatus.CONFIRMED_WITH_CHANGES)


@dataclass(frozen=True, slots=True)
class SuccessionEntry:
    """What was entered: the codes of the boards that take over, the first one first; the day; where whom the lines say
    goes; and which staff go where, by e-mail (``staff`` None: everybody to the one board)."""

    codes: tuple[str, ...]
    on: date
    lines: Mapping[str, str] = field(default_factory=dict[str, str])
    staff: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Takes:
    """What one board would take over, in numbers: nobody's name."""

    code: str
    name: str
    people: int = 0
    budgets: int = 0
    tasks: int = 0
    payments: int = 0
    offers: int = 0
    staff: int = 0


@dataclass(frozen=True, slots=True)
class Trial:
    """What would become of a board: nothing is written. ``unused`` are lines about nobody, ``stays`` the names of staff
    whose roles would only end."""

    board: Organisation
    successors: tuple[Organisation, ...]
    assigned: Assigned
    takes: tuple[Takes, ...]
    comes: tuple[tuple[Member, str], ...]
    stays: tuple[Member, ...]

    @property
    def goes_to(self) -> dict[UUID, UUID]:
        """The board everybody goes to, by person."""
        ids = {row.ods_code: row.id for row in self.successors}
        return {person: ids[code] for person, code in self.assigned.goes_to.items()}


def read_succession(form: Mapping[str, object]) -> SuccessionEntry:
    """Read the form: ``successors``, ``on``, ``lines``, ``staff``. What is about staff is needed with several boards."""
    r = Reading(form)
    codes = r.take("successors", read_codes, needed="Enter the code of the board that takes over.") or ()
    on = r.day("on", needed="Enter the day the board is taken over.")
    lines, staff = r.raw("lines"), r.raw("staff")
    if len(codes) > 1 and not lines:
        r.problem("With several boards, say who goes to which of them.", "lines")
    if len(codes) == 1 and lines:
        r.problem("With one board everybody goes to it. Leave this empty.", "lines")
    r.finish()
    return SuccessionEntry(
        codes, given(on), read_lines(lines, codes, field="lines"),
        read_lines(staff, codes, field="staff") if staff or len(codes) > 1 else None,
    )  # fmt: skip


def day_of(uow: UnitOfWork, codes: tuple[str, ...]) -> date | None:
    """The day one of these boards takes over from the actor's own, where it is known."""
    s = OrganisationSuccession
    known = (
        select(func.min(col(s.succeeds_on)))
        .join(Organisation, col(Organisation.id) == col(s.successor_id))
        .where(col(s.predecessor_id) == uow.actor.icb_id, col(Organisation.ods_code).in_(codes))
    )
    return uow.session.execute(known).scalar_one()


def is_done(uow: UnitOfWork) -> ChangeRequest | None:
    """The approved succession of the actor's board, if there was one."""
    c = ChangeRequest
    return uow.session.execute(
        select(c).where(
            col(c.icb_id) == uow.actor.icb_id, col(c.subject) == SUBJECT, col(c.act) == SUCCEED,
            col(c.status) == ChangeStatus.APPROVED.value,
        ).limit(1)
    ).scalar_one_or_none()  # fmt: skip


def try_succession(uow: UnitOfWork, entry: SuccessionEntry) -> Trial:
    """What would become of the actor's own board. Writes nothing; refuses what could not be done at all."""
    board_id = given(uow.actor.icb_id)
    uow.require(Permission.SUCCESSION_PROPOSE, Subject(icbs=frozenset({board_id})))
    board = uow.session.get_one(Organisation, board_id)
    successors = _successors(uow, board, entry)
    assigned = assign(_people(uow, board_id, entry.on), entry.codes, entry.lines)
    members = staff_of(uow, board_id)
    comes = _comes(members, entry)
    stays = tuple(one for one in members if one.user_id not in {member.user_id for member, _code in comes})
    return Trial(board, successors, assigned, _counted(uow, board_id, successors, assigned, comes), comes, stays)


def propose_succession(uow: UnitOfWork, entry: SuccessionEntry, reason: str) -> UUID:
    """Propose that other boards take over from the actor's own. Returns the id of the change request.

    Refuses unless everybody has a board to go to. Whoever works for the first of the boards may decide it too.
    """
    trial = try_succession(uow, entry)
    refuse_incomplete(trial.assigned, field="lines")
    ids = {row.ods_code: row.id for row in trial.successors}
    names = listed([row.name for row in trial.successors])
    return propose(
        uow, subject=SUBJECT, act=SUCCEED, title=f"{trial.board.name}, taken over by {names}",
        before=_before(trial), after=_after(trial, entry), reason=reason, permission=Permission.SUCCESSION_PROPOSE,
        values={
            "codes": list(entry.codes), "on": entry.on, "lines": dict(entry.lines),
            "staff": None if entry.staff is None else dict(entry.staff),
        },
        under=Subject(icbs=frozenset({trial.board.id})), slot=str(trial.board.id), other_icb_id=ids[entry.codes[0]],
    )  # fmt: skip


def _apply(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    board_id = given(uow.actor.icb_id)
    uow.require(Permission.SUCCESSION_PROPOSE, Subject(icbs=frozenset({board_id})))
    entry = SuccessionEntry(tuple(values["codes"]), values["on"], values["lines"], values["staff"])
    refuse_early(entry.on, uow.today)
    # Whoever writes a row of this board holds its organisation for as long: they are waited for.
    board = uow.find(Organisation, board_id, lock=True)
    _refuse_at_work(uow, board_id)
    trial = try_succession(uow, entry)
    refuse_incomplete(trial.assigned)
    _carry_out(uow, board, trial, entry)
    return board_id


def _carry_out(uow: UnitOfWork, board: Organisation, trial: Trial, entry: SuccessionEntry) -> None:
    ids = {given(row.ods_code): row.id for row in trial.successors}
    names = {row.id: row.name for row in trial.successors}
    first, goes_to = ids[entry.codes[0]], trial.goes_to
    budgets = uow.session.execute(select(col(Phb.id), col(Phb.person_id)).where(col(Phb.icb_id) == board.id)).all()
    pass_on(uow, board.id, goes_to, first, entry.on)
    others_follow(uow, board.id, first)
    staff = {member.user_id: ids[code] for member, code in trial.comes}
    staff_follow(uow, board.id, staff, {board_id: code for code, board_id in ids.items()})
    _link(uow, board, list(ids.values()), entry.on)
    new = NewRows(uow)
    for person, to in goes_to.items():
        new.record("person_passed_on", icb_id=to, person_id=person, organisation=board.name, into=names[to],
                   on=entry.on)  # fmt: skip
    for phb_id, person in budgets:
        to = goes_to[person]
        new.record("phb_passed_on", icb_id=to, phb_id=phb_id, organisation=board.name, into=names[to], on=entry.on)
    new.write()
    for to in ids.values():
        uow.record(
            "board_taken_over", icb_id=to, about=board, organisation=board.name, into=names[to], on=entry.on,
            people=plural(sum(one == to for one in goes_to.values()), "person", "people"),
            budgets=plural(sum(goes_to[person] == to for _phb, person in budgets), "budget"),
        )  # fmt: skip


def _link(uow: UnitOfWork, board: Organisation, successors: list[UUID], on: date) -> None:
    """The board ends the day before; which boards followed it is said where it is not."""
    if board.valid_to is None:
        uow.change(board, valid_to=on - timedelta(days=1))
    s = OrganisationSuccession
    known = set(uow.session.execute(select(col(s.successor_id)).where(col(s.predecessor_id) == board.id)).scalars())
    kind = "merger" if len(successors) == 1 else "split"
    for to in successors:
        if to not in known:
            uow.add(s, predecessor_id=board.id, successor_id=to, succeeds_on=on, kind=kind)


def _successors(uow: UnitOfWork, board: Organisation, entry: SuccessionEntry) -> tuple[Organisation, ...]:
    if found := is_done(uow):
        raise Refusal(f"It is done: {found.title}.")
    rows = {row.ods_code: row for row in uow.session.execute(
        select(Organisation).where(
            col(Organisation.kind) == OrganisationKind.ICB.value, col(Organisation.ods_code).in_(entry.codes)
        )
    ).scalars()}  # fmt: skip
    refuse_if([
        Problem(f"There is no board with the code {code}. Check it against the ODS list.", "successors")
        for code in entry.codes if code not in rows
    ])  # fmt: skip
    if board.ods_code in rows:
        raise Refusal("That is the board itself. Enter the boards that take over from it.", field="successors")
    for row in rows.values():
        if row.valid_to is not None and row.valid_to < entry.on:
            raise Refusal(f"{row.name} was abolished itself. Use the board that followed it.", field="successors")
        check_days(entry.on, uow.today, ends_on=board.valid_to, starts_on=row.valid_from)
    return tuple(rows[code] for code in entry.codes)


def _refuse_at_work(uow: UnitOfWork, board_id: UUID) -> None:
    busy = select(col(Job.id)).where(col(Job.icb_id) == board_id, col(Job.status).in_(["WAITING", "RUNNING"]))
    if uow.session.execute(busy.limit(1)).first() is not None:
        raise Refusal("A file of this board is being brought in or made. Wait until it is done, then try again.")


def _people(uow: UnitOfWork, board_id: UUID, on: date) -> list[Leaver]:
    """Everybody the board has answered for or holds a budget of. Named by a reference: an administrator approves where
    people go and may not know who they are."""
    r, p = PersonResponsibility, Person
    current: dict[UUID, bool] = {}
    for person, ends_on in uow.session.execute(
        select(col(r.person_id), col(r.ends_on)).where(col(r.icb_id) == board_id)
    ):
        current[person] = current.get(person, False) or ends_on is None or ends_on >= on
    references: dict[UUID, list[str]] = {}
    for person, reference, status in uow.session.execute(
        select(col(Phb.person_id), col(Phb.reference), col(Phb.status))
        .where(col(Phb.icb_id) == board_id)
        .order_by(col(Phb.reference))
    ):
        references.setdefault(person, []).append(reference)
        current[person] = current.get(person, False) or status not in ENDED
    theirs = or_(
        col(p.id).in_(select(col(r.person_id)).where(col(r.icb_id) == board_id)),
        col(p.id).in_(select(col(Phb.person_id)).where(col(Phb.icb_id) == board_id)),
    )
    found: list[Leaver] = []
    for person, local, postcode in uow.session.execute(
        select(col(p.id), col(p.local_reference), col(p.postcode)).where(theirs).order_by(col(p.id))
    ):
        own = (*references.get(person, ()), *((local,) if local else ()))
        name = own[0] if own else f"somebody without a reference, postcode {postcode.partition(' ')[0] or 'not known'}"
        found.append(Leaver(person, name, postcode, own, current[person]))
    return found


def _comes(members: tuple[Member, ...], entry: SuccessionEntry) -> tuple[tuple[Member, str], ...]:
    if entry.staff is None:
        return tuple((one, entry.codes[0]) for one in members)
    said = {email.lower(): code for email, code in entry.staff.items()}
    unknown = sorted(said.keys() - {one.email for one in members})
    if unknown:
        raise Refusal(f"Nobody of this board's staff has the e-mail {', '.join(unknown)}.", field="staff")
    return tuple((one, said[one.email]) for one in members if one.email in said)


def _counted(
    uow: UnitOfWork, board_id: UUID, successors: tuple[Organisation, ...], assigned: Assigned,
    comes: tuple[tuple[Member, str], ...],
) -> tuple[Takes, ...]:  # fmt: skip
    def by_board(statement: Any) -> Counter[str]:
        found: Counter[str] = Counter()
        for person, count in uow.session.execute(statement):
            found[assigned.goes_to.get(person, "")] += count
        return found

    t, i, c = Task, PaymentItem, IsfConfirmation
    whose = func.coalesce(col(t.person_id), col(Phb.person_id))
    budgets = by_board(
        select(col(Phb.person_id), func.count()).where(col(Phb.icb_id) == board_id).group_by(col(Phb.person_id))
    )
    tasks = by_board(
        select(whose, func.count()).outerjoin(Phb, col(Phb.id) == col(t.phb_id))
        .where(col(t.icb_id) == board_id, col(t.done_at).is_(None)).group_by(whose)
    )  # fmt: skip
    payments = by_board(
        select(col(Phb.person_id), func.count()).join(Phb, col(Phb.id) == col(i.phb_id))
        .where(col(i.icb_id) == board_id, col(i.status).not_in([one.value for one in _OVER]))
        .group_by(col(Phb.person_id))
    )  # fmt: skip
    offers = by_board(
        select(col(Phb.person_id), func.count()).join(Phb, col(Phb.id) == col(c.phb_id))
        .where(col(c.icb_id) == board_id, col(c.status).in_([one.value for one in _OFFERED]))
        .group_by(col(Phb.person_id))
    )  # fmt: skip
    people, staff = Counter(assigned.goes_to.values()), Counter(code for _one, code in comes)
    nobodys = uow.session.execute(
        select(func.count()).where(col(t.icb_id) == board_id, col(t.done_at).is_(None), col(t.person_id).is_(None),
                                   col(t.phb_id).is_(None))
    ).scalar_one()  # fmt: skip
    tasks[given(successors[0].ods_code)] += nobodys
    return tuple(
        Takes(code, row.name, people[code], budgets[code], tasks[code], payments[code], offers[code], staff[code])
        for row in successors
        for code in [given(row.ods_code)]
    )


_COUNTED = {
    "People": "people", "Budgets": "budgets", "Tasks that wait": "tasks", "Payments not made yet": "payments",
    "Offers that wait": "offers", "Staff who come along": "staff",
}  # fmt: skip


def _before(trial: Trial) -> Shown:
    return {"Board": f"{trial.board.name} ({trial.board.ods_code})"}


def _after(trial: Trial, entry: SuccessionEntry) -> Shown:
    boards = listed([f"{one.name} ({one.code})" for one in trial.takes])
    numbers = {
        label: ", ".join(
            f"{getattr(one, name):,} to {one.code}" if len(trial.takes) > 1 else f"{getattr(one, name):,}"
            for one in trial.takes
        )
        for label, name in _COUNTED.items()
    }
    return {
        "Board": boards, "From": long_date(entry.on), **numbers,
        "Staff whose roles end": ", ".join(one.name for one in trial.stays),
        "Lines that say who goes where": f"{len(entry.lines):,}" if entry.lines else "",
    }  # fmt: skip


applies(
    SUBJECT, SUCCEED, what="One board taken over by others", decides=Permission.SUCCESSION_DECIDE, apply=_apply
)  # fmt: skip
