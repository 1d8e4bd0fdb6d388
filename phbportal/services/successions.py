"""A board ends and others take over: tried, proposed by its administrator, approved by a second person of either board,
and carried out in one transaction on the day or after it (ADR 0022).

There is no way back: taken over by mistake, people are moved again one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.change_requests import Shown, Values, unpack
from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.reading import Reading, given
from phbportal.domain.successions import assign, read_codes, read_lines, refuse_early, refuse_incomplete
from phbportal.domain.text import listed, long_date, plural
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.change_requests import to_propose_anew
from phbportal.services.change_requests import applies, propose
from phbportal.services.new_rows import NewRows
from phbportal.services.passing_on import pass_on
from phbportal.services.succession_staff import others_follow, staff_follow
from phbportal.services.succession_trials import (
    SUBJECT,
    SUCCEED,
    SuccessionEntry,
    Trial,
    people_of,
    successors_of,
    try_succession,
)
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from phbportal.tables.people import PassedOn
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Job


def read_succession(form: Mapping[str, object]) -> SuccessionEntry:
    """Read the form: ``successors``, ``on``, ``lines``, ``staff``; without the last, all staff go to the one board."""
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


def read_reason(form: Mapping[str, object]) -> str:
    """Read why, for the second person."""
    r = Reading(form)
    reason = r.text("reason", needed="Say why, so that the second person can judge it.", longest=500)
    r.finish()
    return reason


def known_successors(uow: UnitOfWork) -> tuple[tuple[str, ...], date | None]:
    """The codes of the boards that are known to take over from the actor's own, and the day; nothing where none are."""
    s = OrganisationSuccession
    rows = uow.session.execute(
        select(col(Organisation.ods_code), col(s.succeeds_on))
        .join(Organisation, col(Organisation.id) == col(s.successor_id))
        .where(col(s.predecessor_id) == uow.actor.icb_id)
        .order_by(col(Organisation.ods_code))
    ).all()
    return tuple(code or "" for code, _on in rows), min((on for _code, on in rows), default=None)


def day_of(uow: UnitOfWork, codes: tuple[str, ...]) -> date | None:
    """The day one of these boards takes over from the actor's own, where it is known."""
    s = OrganisationSuccession
    known = (
        select(func.min(col(s.succeeds_on)))
        .join(Organisation, col(Organisation.id) == col(s.successor_id))
        .where(col(s.predecessor_id) == uow.actor.icb_id, col(Organisation.ods_code).in_(codes))
    )
    return uow.session.execute(known).scalar_one()


@dataclass(frozen=True, slots=True)
class ReturnedSuccession:
    """What was proposed before and returned, and why it was proposed."""

    entry: SuccessionEntry
    reason: str


def returned_succession(uow: UnitOfWork, change_id: UUID) -> ReturnedSuccession:
    """A succession of the actor's own that was returned, to be proposed anew. Raises NotFound."""
    found = to_propose_anew(uow.session, uow.actor, uow.today, change_id)
    if found.kind != f"{SUBJECT}/{SUCCEED}":
        raise NotFound()
    return ReturnedSuccession(_entry(found.values), found.reason)


def propose_succession(
    uow: UnitOfWork, entry: SuccessionEntry, reason: str, *, again: UUID | None = None
) -> UUID:  # fmt: skip
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
        again=again,
    )  # fmt: skip


def _apply(uow: UnitOfWork, _row_id: UUID | None, values: Values, _seen_version: int | None) -> UUID:
    board_id = given(uow.actor.icb_id)
    uow.require(Permission.SUCCESSION_PROPOSE, Subject(icbs=frozenset({board_id})))
    entry = _entry(values)
    refuse_early(entry.on, uow.today)
    # Not against those who only point to it: whoever is at work finishes, and what they wrote comes along.
    one = select(Organisation).where(col(Organisation.id) == board_id).with_for_update(key_share=True)
    board = uow.session.execute(one.execution_options(populate_existing=True)).scalar_one()
    _refuse_at_work(uow, board_id)
    trial = try_succession(uow, entry)
    refuse_incomplete(trial.assigned)
    _carry_out(uow, board, trial, entry)
    return board_id


def _entry(values: Values) -> SuccessionEntry:
    return SuccessionEntry(tuple(values["codes"]), values["on"], values["lines"], values["staff"])


def gather(uow: UnitOfWork, board: Organisation, done: ChangeRequest) -> int:
    """After an approved succession: take along what somebody wrote at the old board in the very moment of it. Returns
    how many rows and people. Done again it finds nothing. For the command line; asks no leave."""
    entry = _entry(unpack(done.after_json).values)
    ids = {row.ods_code: row.id for row in successors_of(uow, entry.codes)}
    passed = set(
        uow.session.execute(select(col(PassedOn.person_id)).where(col(PassedOn.from_icb_id) == board.id)).scalars()
    )
    late = [one for one in people_of(uow, board.id, entry.on) if one.person_id not in passed]
    assigned = assign(late, entry.codes, entry.lines)
    refuse_incomplete(assigned)
    goes_to = {person: ids[code] for person, code in assigned.goes_to.items()}
    return len(goes_to) + pass_on(uow, board.id, goes_to, ids[entry.codes[0]], entry.on)


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
        if (to := goes_to.get(person)) is None:  # Added in this very moment: ``gather`` takes them along.
            continue
        new.record("phb_passed_on", icb_id=to, phb_id=phb_id, organisation=board.name, into=names[to], on=entry.on)
    new.write()
    for to in ids.values():
        uow.record(
            "board_taken_over", icb_id=to, about=board, organisation=board.name, into=names[to], on=entry.on,
            people=plural(sum(one == to for one in goes_to.values()), "person", "people"),
            budgets=plural(sum(goes_to.get(person) == to for _phb, person in budgets), "budget"),
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


def _refuse_at_work(uow: UnitOfWork, board_id: UUID) -> None:
    busy = select(col(Job.id)).where(col(Job.icb_id) == board_id, col(Job.status).in_(["WAITING", "RUNNING"]))
    if uow.session.execute(busy.limit(1)).first() is not None:
        raise Refusal("A file of this board is being brought in or made. Wait until it is done, then try again.")


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
