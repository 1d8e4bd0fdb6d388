"""What an approved uplift does: a version of each budget from its day with a notice to the person, and on the day the
new amount (domain.md §4.4). Each budget in a transaction of its own and once, however often it is begun again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, func, select
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.decisions import DecisionKind, DecisionStatus
from phbportal.domain.errors import Refusal
from phbportal.domain.letters import RAISE_CODE
from phbportal.domain.money import pounds
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.domain.tasks import UPLIFT_OVERTAKEN
from phbportal.domain.text import long_date, plural
from phbportal.domain.uplifts import ItemStatus, UpliftStatus, step
from phbportal.policy.actors import SYSTEM
from phbportal.services.budget_versions import (
    OVER,
    latest_version,
    replace_versions,
    running_streams,
    write_version,
)
from phbportal.services.letters import About, send_about, whom_to_tell, written_to
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import BEFORE_ALL, Left, by_itself
from phbportal.services.year_money import cost_of_years, settle_years
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import User

JOB = "uplift"
BATCH = 200
_MOVES = (StreamStatus.AGREED.value, StreamStatus.READY.value, StreamStatus.ACTIVE.value)
_BUDGETS = "budget", "budgets"


def write_uplift(engine: Engine, payload: str, progress: Callable[[int, int], None]) -> str:
    """Does the job of one approved uplift: what is chosen and not written yet, budget by budget. Can be begun again."""
    return f"{plural(write_all(engine, UUID(payload), progress), *_BUDGETS)} raised."


def give_up_uplift(uow: UnitOfWork, payload: str, why: str) -> None:
    """The writing of an approved uplift has stopped, and finance has it on its work list. What was written stays."""
    uplift = _locked(uow, UUID(payload))
    if uplift.status == UpliftStatus.APPROVED:
        uow.change(uplift, problem=f"{why} What is written stays. Choose “Write the rest” to go on.")


def write_all(
    engine: Engine, uplift_id: UUID, progress: Callable[[int, int], None] | None = None, *,
    now: datetime | None = None, left: Left | None = None,
) -> int:  # fmt: skip
    """Write what an approved uplift still has to write. Returns how many budgets were."""
    i = UpliftItem
    waits = (col(i.uplift_id) == uplift_id, col(i.status) == ItemStatus.CHOSEN.value)
    with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
        count = uow.session.execute(select(func.count(col(i.phb_id).distinct())).where(*waits)).scalar_one()
    done, number, last = 0, 0, BEFORE_ALL
    while True:
        with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
            stretch = select(col(i.id), col(i.phb_id)).where(*waits, col(i.id) > last).order_by(col(i.id)).limit(BATCH)
            found = uow.session.execute(stretch).all()
        for phb_id in dict.fromkeys(row.phb_id for row in found):
            # One that somebody is working on is left, and keeps no other from being written.
            written = partial(_write_one, uplift_id=uplift_id, phb_id=phb_id)
            done += by_itself(engine, written, "the uplift of budget", phb_id, now, left)
            number += 1
            if progress is not None and number % 50 == 0:
                progress(min(number, count), count)
        if len(found) < BATCH:
            break
        last = found[-1].id
    with open_unit(engine, SYSTEM, writes=True, now=now) as uow:
        uplift = _locked(uow, uplift_id)
        left_over = uow.session.execute(select(col(i.id)).where(*waits).limit(1)).first()
        if uplift.status == UpliftStatus.APPROVED and left_over is None:
            uow.change(uplift, status=step(UpliftStatus.APPROVED, "finish").value, problem=None)
            uow.record("uplift_written", about=uplift, icb_id=uplift.icb_id, on=uplift.effective_on)
    return done


def _write_one(uow: UnitOfWork, uplift_id: UUID, phb_id: UUID) -> int:
    return _write_budget(uow, uplift_id, phb_id)


def _locked(uow: UnitOfWork, uplift_id: UUID) -> Uplift:
    found = select(Uplift).where(col(Uplift.id) == uplift_id).with_for_update(key_share=True)
    return uow.session.execute(found.execution_options(populate_existing=True)).scalar_one()


def _items(uow: UnitOfWork, *which: Any) -> list[UpliftItem]:
    found = select(UpliftItem).where(*which).order_by(col(UpliftItem.id)).with_for_update(key_share=True)
    return list(uow.session.execute(found.execution_options(populate_existing=True)).scalars())


def _phb(uow: UnitOfWork, phb_id: UUID) -> Phb:
    return uow.session.execute(select(Phb).where(col(Phb.id) == phb_id).with_for_update(key_share=True)).scalar_one()


def _write_budget(uow: UnitOfWork, uplift_id: UUID, phb_id: UUID) -> bool:
    """Write the version of one budget and its notice, and raise it at once if the day has come."""
    phb = _phb(uow, phb_id)
    items = _items(
        uow, col(UpliftItem.uplift_id) == uplift_id, col(UpliftItem.phb_id) == phb_id,
        col(UpliftItem.status) == ItemStatus.CHOSEN.value,
    )  # fmt: skip
    uplift = uow.session.get_one(Uplift, uplift_id)
    running = running_streams(uow, phb_id)
    streams = {stream.id: stream for stream in running}
    told = _told_to_fall(uow, phb_id)
    sound = [
        item for item in items
        if (stream := streams.get(item.stream_id)) is not None and stream.weekly_pence == item.before_pence
        and stream.status in _MOVES and stream.id not in told
    ]  # fmt: skip
    weekly = {stream.id: stream.weekly_pence for stream in running}
    weekly |= {item.stream_id: item.after_pence for item in sound}
    if sum(weekly.values()) > uplift.largest_pence:  # it grew since: an approver's limit was measured by less (§9.5)
        sound = []
    for item in items:
        if item not in sound:
            _overtaken(uow, item, phb)
    if not sound:
        return False
    new: dict[UUID, dict[str, Any]] = {}
    for item in sound:
        new |= {UUID(line): change for line, change in json.loads(item.lines_json or "{}").items()}
    version = write_version(
        uow, phb, weekly, starts_on=uplift.effective_on, prepared_by=uplift.proposed_by,
        approved_by=uplift.approved_by, why="Raised with the stream:", new=new,
    )  # fmt: skip
    for item in sound:
        uow.change(item, status=ItemStatus.WRITTEN.value, version_id=version.id)
        uow.record("stream_to_rise", about=item, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
                   before_pence=item.before_pence, after_pence=item.after_pence, on=item.effective_on)  # fmt: skip
    _tell(uow, uplift, phb, version, [streams[item.stream_id] for item in sound])
    if uplift.effective_on <= uow.today:
        put_in_effect(uow, phb.id, version.id)
    return True


def _told_to_fall(uow: UnitOfWork, phb_id: UUID) -> set[UUID | None]:
    """The streams whose reduction was issued since the uplift was worked out, and has not taken effect."""
    d = Decision
    found = select(col(d.stream_id)).where(
        col(d.phb_id) == phb_id, col(d.kind) == DecisionKind.REDUCE.value,
        col(d.status) == DecisionStatus.ISSUED.value,
    )  # fmt: skip
    return set(uow.session.execute(found).scalars())


def _tell(uow: UnitOfWork, uplift: Uplift, phb: Phb, version: BudgetVersion, streams: Sequence[Stream]) -> None:
    """A notice to the person, or whoever represents them, and to whoever is paid. Nobody is told of the dead."""
    ids = [stream.payee_role_id for stream in streams if stream.payee_role_id]
    payees = [part for part_id in dict.fromkeys(ids) if (part := uow.session.get(PersonRole, part_id))]
    person = uow.session.get_one(Person, phb.person_id)
    manager = uow.session.get(User, phb.case_manager_id) if phb.case_manager_id else None
    before = sum(stream.weekly_pence for stream in running_streams(uow, phb.id))
    try:
        to_all = whom_to_tell(uow, phb.person_id, payees)
    except Refusal:
        return
    values = {
        "person_name": f"{person.given_name} {person.family_name}", "budget_reference": phb.reference,
        "board_name": uow.session.get_one(Organisation, phb.icb_id).name, "today": long_date(uow.today),
        "case_manager_name": manager.display_name if manager else "your contact", "reasons": uplift.policy,
        "weekly_amount": pounds(version.weekly_pence), "amount": pounds(before),
        "starts_on": long_date(version.starts_on), "effective_on": long_date(version.starts_on),
    }  # fmt: skip
    drafts = [written_to(uow, phb.icb_id, RAISE_CODE, to, {**values, "addressee_name": to.name}) for to in to_all]
    send_about(uow, About(phb.icb_id, phb.id, phb.person_id, version.id), drafts)


def put_in_effect(uow: UnitOfWork, phb_id: UUID, version_id: UUID) -> int:
    """The day has come: the streams pay the new amount, the year's money follows, and the version before is replaced.
    Returns how many streams were raised. Asks no leave: an approver gave it."""
    phb = _phb(uow, phb_id)
    items = _items(
        uow, col(UpliftItem.phb_id) == phb_id, col(UpliftItem.version_id) == version_id,
        col(UpliftItem.status) == ItemStatus.WRITTEN.value,
    )  # fmt: skip
    version = uow.session.get_one(BudgetVersion, version_id)
    raised = 0
    for item in items:
        raised += _raise(uow, phb, item)
    if raised and items:
        _say_what_is_paid(uow, phb, version)
    return raised


def _raise(uow: UnitOfWork, phb: Phb, item: UpliftItem) -> bool:
    stream = uow.session.execute(
        select(Stream).where(col(Stream.id) == item.stream_id).with_for_update(key_share=True).execution_options(
            populate_existing=True)
    ).scalar_one()  # fmt: skip
    if stream.weekly_pence != item.before_pence or stream.status in OVER:
        _overtaken(uow, item, phb)
        return False
    before = cost_of_years(uow, stream, without=item.id)
    uow.change(item, status=ItemStatus.IN_EFFECT.value)
    uow.change(stream, weekly_pence=item.after_pence)
    after = cost_of_years(uow, stream)
    settle_years(uow, phb, before, after, key=f"uplift:{item.id}", words="The yearly uplift")
    uow.record("stream_raised", about=stream, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               before_pence=item.before_pence, after_pence=item.after_pence, on=item.effective_on)  # fmt: skip
    return True


def _say_what_is_paid(uow: UnitOfWork, phb: Phb, version: BudgetVersion) -> None:
    """The version that was agreed takes the place of those before; where something changed since, one that says what
    is paid now does."""
    weekly = {stream.id: stream.weekly_pence for stream in running_streams(uow, phb.id)}
    latest = latest_version(uow, phb.id)
    if latest is not None and latest.id == version.id and sum(weekly.values()) == version.weekly_pence:
        replace_versions(uow, version)
        return
    written = write_version(
        uow, phb, weekly, starts_on=version.starts_on, prepared_by=version.prepared_by,
        approved_by=version.approved_by, why="Raised with the stream:",
    )  # fmt: skip
    replace_versions(uow, written)


def overtake(uow: UnitOfWork, stream_ids: Sequence[UUID], on: date) -> None:
    """A decision changes these streams from a day: what was agreed for later days must be worked out anew. Asks no
    leave: whoever decides has."""
    if not stream_ids:
        return
    for item in _items(
        uow, col(UpliftItem.stream_id).in_(stream_ids), col(UpliftItem.status) == ItemStatus.WRITTEN.value
    ):  # fmt: skip
        phb = uow.session.get_one(Phb, item.phb_id)
        _overtaken(uow, item, phb)
        version = uow.session.get(BudgetVersion, item.version_id) if item.version_id else None
        if version is not None and version.status == BudgetStatus.APPROVED:
            uow.change(version, status=BudgetStatus.SUPERSEDED.value)


def take_out(uow: UnitOfWork, stream_id: UUID, before_pence: int) -> int | None:
    """An uplift in effect stood on an amount that a decision had set and does not any more: it is taken out, and must
    be worked out anew. Returns the pence a week it had come to, or None where none stood on it. Asks no leave."""
    i = UpliftItem
    for item in _items(
        uow, col(i.stream_id) == stream_id, col(i.status) == ItemStatus.IN_EFFECT.value,
        col(i.before_pence) == before_pence,
    ):  # fmt: skip
        _overtaken(uow, item, uow.session.get_one(Phb, item.phb_id))
        return item.after_pence
    return None


def _overtaken(uow: UnitOfWork, item: UpliftItem, phb: Phb) -> None:
    uow.change(item, status=ItemStatus.OVERTAKEN.value)
    uow.record("raise_overtaken", about=item, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               on=item.effective_on)  # fmt: skip
    if uow.session.get_one(Stream, item.stream_id).status in OVER:
        return  # the budget ends: there is nothing to look at
    uow.add(
        Task, icb_id=phb.icb_id, kind=UPLIFT_OVERTAKEN, role=Role.CASE_MANAGER.value, phb_id=phb.id,
        person_id=phb.person_id, due_on=uow.today + timedelta(days=7),
        sentence=f"{phb.reference} was not raised from {long_date(item.effective_on)}, because something changed "
        "first. See whether it still should be.",
    )  # fmt: skip
