"""What would become of a board if others took over from it: tried, and nothing written (ADR 0022).

In numbers and references alone: an administrator decides where people go and may not know who they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import col

from phbportal.domain.change_requests import ChangeStatus
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.domain.isf import IsfStatus
from phbportal.domain.national import OrganisationKind
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import ENDED
from phbportal.domain.reading import given
from phbportal.domain.successions import MOST_TOLD, Assigned, Leaver, assign, check_days, refuse_incomplete
from phbportal.domain.text import plural
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.succession_staff import Member, staff_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task

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
    def refusals(self) -> tuple[str, ...]:
        """What keeps it from being proposed, in sentences."""
        try:
            refuse_incomplete(self.assigned)
        except Refusal as refusal:
            return tuple(problem.sentence for problem in refusal.problems)
        return ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may be a slip of the hand and keeps it from nothing."""
        unused = self.assigned.unused
        if not unused:
            return ()
        more = f" and {len(unused) - MOST_TOLD:,} more" if len(unused) > MOST_TOLD else ""
        return (f"Nobody is meant by {plural(len(unused), 'line')}: {', '.join(unused[:MOST_TOLD])}{more}.",)

    @property
    def goes_to(self) -> dict[UUID, UUID]:
        """The board everybody goes to, by person."""
        ids = {row.ods_code: row.id for row in self.successors}
        return {person: ids[code] for person, code in self.assigned.goes_to.items()}


def is_done(uow: UnitOfWork, board_id: UUID) -> ChangeRequest | None:
    """The approved succession of a board, if there was one."""
    c = ChangeRequest
    return uow.session.execute(
        select(c).where(
            col(c.icb_id) == board_id, col(c.subject) == SUBJECT, col(c.act) == SUCCEED,
            col(c.status) == ChangeStatus.APPROVED.value,
        ).limit(1)
    ).scalar_one_or_none()  # fmt: skip


def try_succession(uow: UnitOfWork, entry: SuccessionEntry) -> Trial:
    """What would become of the actor's own board. Writes nothing; refuses what could not be done at all."""
    board_id = given(uow.actor.icb_id)
    uow.require(Permission.SUCCESSION_PROPOSE, Subject(icbs=frozenset({board_id})))
    board = uow.session.get_one(Organisation, board_id)
    successors = _successors(uow, board, entry)
    assigned = assign(people_of(uow, board_id, entry.on), entry.codes, entry.lines)
    members = staff_of(uow, board_id)
    comes = _comes(members, entry)
    stays = tuple(one for one in members if one.user_id not in {member.user_id for member, _code in comes})
    return Trial(board, successors, assigned, _counted(uow, board_id, successors, assigned, comes), comes, stays)


def any_board(uow: UnitOfWork, code: str) -> Organisation:
    """The board with a code, whether it has ended or not."""
    found = successors_of(uow, (code.strip().upper(),))
    if not found:
        raise Refusal(f"There is no board with the code {code}. Check it against the ODS list.")
    return found[0]


def successors_of(uow: UnitOfWork, codes: tuple[str, ...]) -> list[Organisation]:
    """The boards with these codes, as far as there are."""
    known = col(Organisation.kind) == OrganisationKind.ICB.value, col(Organisation.ods_code).in_(codes)
    return list(uow.session.execute(select(Organisation).where(*known)).scalars())


def _successors(uow: UnitOfWork, board: Organisation, entry: SuccessionEntry) -> tuple[Organisation, ...]:
    if found := is_done(uow, board.id):
        raise Refusal(f"It is done: {found.title}.")
    rows = {given(row.ods_code): row for row in successors_of(uow, entry.codes)}
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


def people_of(uow: UnitOfWork, board_id: UUID, on: date) -> list[Leaver]:
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
        raise Refusal(f"Nobody of this board’s staff has the e-mail {', '.join(unknown)}.", field="staff")
    return tuple((one, said[one.email]) for one in members if one.email in said)


def _counted(
    uow: UnitOfWork, board_id: UUID, successors: tuple[Organisation, ...], assigned: Assigned,
    comes: tuple[tuple[Member, str], ...],
) -> tuple[Takes, ...]:  # fmt: skip
    def by_board(statement: Any) -> Counter[str]:
        found: Counter[str] = Counter()
        rows: list[tuple[UUID, int]] = [tuple(row) for row in uow.session.execute(statement)]
        for person, count in rows:
            found[assigned.goes_to.get(person, "")] += count
        return found

    def of_budgets(table: Any, *which: Any) -> Counter[str]:
        found = select(col(Phb.person_id), func.count()).select_from(table).join(Phb, col(Phb.id) == table.phb_id)
        return by_board(found.where(table.icb_id == board_id, *which).group_by(col(Phb.person_id)))

    t, i, c = Task, PaymentItem, IsfConfirmation
    whose = func.coalesce(col(t.person_id), col(Phb.person_id))
    budgets = by_board(
        select(col(Phb.person_id), func.count()).where(col(Phb.icb_id) == board_id).group_by(col(Phb.person_id))
    )
    tasks = by_board(
        select(whose, func.count()).select_from(t).outerjoin(Phb, col(Phb.id) == col(t.phb_id))
        .where(col(t.icb_id) == board_id, col(t.done_at).is_(None)).group_by(whose)
    )  # fmt: skip
    payments = of_budgets(i, col(i.status).not_in([one.value for one in _OVER]))
    offers = of_budgets(c, col(c.status).in_([one.value for one in _OFFERED]))
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
