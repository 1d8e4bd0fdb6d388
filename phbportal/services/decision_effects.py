"""What a decision does to a budget and its streams: on the day it is issued, on the day it takes effect, and back again
if it is reversed or lifted. What it changed is kept with it, so that it can be put back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.acting import step as acting_step
from phbportal.domain.decisions import DecisionKind, DecisionStatus, step
from phbportal.domain.periods import financial_year
from phbportal.domain.phbs import ENDED, PhbKind, PhbStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import GOES_ON, Method, StreamStatus
from phbportal.domain.tasks import DECISION_FOLLOWS
from phbportal.services.budget_versions import replace_versions, running_streams, write_version
from phbportal.services.decision_chain import (
    comes_back_with_its_budget,
    hand_on,
    handed,
    never_began,
    others,
    reduce_from,
)
from phbportal.services.other_streams import needed_by_others
from phbportal.services.payee_agreements import settle_ready
from phbportal.services.phbs import other_budget
from phbportal.services.tasks import done_with
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.uplift_effects import overtake, take_out
from phbportal.services.year_money import Costs, cost_of_years, settle_years
from phbportal.tables.acting import PersonRole
from phbportal.tables.base import Record
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.phbs import Phb, Task

_PAYING = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE)
_OPEN = (PhbStatus.SETUP, PhbStatus.ACTIVE, PhbStatus.CHANGE_PENDING, PhbStatus.SUSPENDED)
_CHANGES = (*GOES_ON, StreamStatus.STOPPING)
"""A reduction that was issued before a stop holds until the stop's day."""
_AGREED = (StreamStatus.AGREED, StreamStatus.READY)
_TABLES: dict[str, type[Record]] = {"phb": Phb, "stream": Stream, "person_role": PersonRole}


def at_issue(uow: UnitOfWork, decision: Decision, phb: Phb) -> None:
    """From the day a stop is issued its streams end the day before it takes effect; until then they are paid. What one
    stream does not cost any more goes back to the board; a whole budget gives back what is left when it is closed."""
    if decision.kind == DecisionKind.REDUCE:
        overtake(uow, [stream.id for stream in _streams(uow, decision, *_CHANGES)], decision.effective_on)
    if decision.kind != DecisionKind.STOP:
        return
    streams = _streams(uow, decision, *GOES_ON)
    before = [_costs(uow, decision, stream) for stream in streams]
    for stream in streams:
        end_before(uow, decision, stream)
    if decision.stream_id is None and phb.status in _OPEN:
        _set(uow, decision, phb, status=PhbStatus.STOPPING.value)
    if decision.stream_id is not None:
        after = [_costs(uow, decision, stream) for stream in streams]
        _settle(uow, decision, phb, streams, before, after)


def end_before(uow: UnitOfWork, decision: Decision, stream: Stream) -> None:
    """A stream stops the day before a decision takes effect; one that would begin later never does. One that is on hold
    stays so: notice of a stop is no reason to pay it."""
    last = decision.effective_on - timedelta(days=1)
    if last < stream.starts_on:
        _set(uow, decision, stream, status=StreamStatus.CLOSED.value)
        return
    ends = min(last, stream.ends_on) if stream.ends_on else last
    going = {} if stream.status == StreamStatus.SUSPENDED else {"status": StreamStatus.STOPPING.value}
    _set(uow, decision, stream, ends_on=ends, **going)


def take_effect(uow: UnitOfWork, decision: Decision, phb: Phb) -> None:
    """Carry out what an issued decision says. Whoever calls it has locked both rows."""
    uow.change(
        decision, status=step(DecisionStatus(decision.status), "take effect").value, took_effect_at=uow.now
    )  # fmt: skip
    match DecisionKind(decision.kind):
        case DecisionKind.REFUSE_PHB:
            _set(uow, decision, phb, status=PhbStatus.REFUSED.value, ended_on=uow.today, end_reason="REFUSED")
        case DecisionKind.REFUSE_DP:
            _refuse_direct_payment(uow, decision, phb)
        case DecisionKind.REDUCE:
            _reduce(uow, decision, phb)
        case DecisionKind.STOP:
            _stop(uow, decision, phb)
        case DecisionKind.SUSPEND:
            for stream in _streams(uow, decision, *_PAYING, StreamStatus.STOPPING):
                _set(uow, decision, stream, status=StreamStatus.SUSPENDED.value)
            if decision.stream_id is None and phb.status in _OPEN:
                _set(uow, decision, phb, status=PhbStatus.SUSPENDED.value)
        case DecisionKind.REFUSE_APPOINT:
            _refuse_part(uow, decision)
        case _:
            pass
    uow.record("decision_in_effect", about=decision, decision=decision.kind, on=decision.effective_on,
               **whose(decision))  # fmt: skip


def _refuse_direct_payment(uow: UnitOfWork, decision: Decision, phb: Phb) -> None:
    """Of a whole budget those that are proposed are closed: one that was agreed is named, or stopped. What was set
    aside for that one goes back to the board: what takes its place is set aside anew."""
    about = _streams(uow, decision, StreamStatus.PROPOSED, *(_AGREED if decision.stream_id else ()))
    streams = [stream for stream in about if stream.method == Method.DIRECT_PAYMENT]
    agreed = [stream for stream in streams if stream.status in _AGREED]
    before = [_costs(uow, decision, stream) for stream in agreed]
    for stream in streams:
        _set(uow, decision, stream, status=StreamStatus.CLOSED.value)
    if agreed:
        _settle(uow, decision, phb, agreed, before, [_costs(uow, decision, stream) for stream in agreed])
        _say_what_is_paid(uow, decision, phb, decision.prepared_by)


def _reduce(uow: UnitOfWork, decision: Decision, phb: Phb) -> None:
    streams = _streams(uow, decision, *_CHANGES)
    before = [cost_of_years(uow, stream, without=decision.id) for stream in streams]
    for stream in streams:
        _set(uow, decision, stream, weekly_pence=decision.weekly_after_pence)
    after = [cost_of_years(uow, stream) for stream in streams]
    _pays_from_now(uow, decision, phb, streams, before, after, decision.prepared_by)


def _pays_from_now(
    uow: UnitOfWork, decision: Decision, phb: Phb, streams: Sequence[Stream], before: Sequence[Costs],
    after: Sequence[Costs], prepared_by: UUID | None,
) -> None:  # fmt: skip
    """The amounts of a budget have changed by a decision: the year's money follows, and a version says so (T19)."""
    _settle(uow, decision, phb, streams, before, after)
    _say_what_is_paid(uow, decision, phb, prepared_by)


def _settle(
    uow: UnitOfWork, decision: Decision, phb: Phb, streams: Sequence[Stream], before: Sequence[Costs],
    after: Sequence[Costs],
) -> None:  # fmt: skip
    """The year's money follows a decision about one stream, or none. What it could not give back is kept with it, so
    that its reversal sets aside what went back and no penny more. What another stream needs is not its to give."""
    more = 0
    for number, (stream, was, now) in enumerate(zip(streams, before, after, strict=True)):
        settled = settle_years(
            uow, phb, was, now, key=f"{decision.id}:{decision.row_version}:{number}", words="The amount has changed",
            kept_pence=decision.kept_pence or 0, needed_pence=needed_by_others(uow, phb.id, stream.id),
        )  # fmt: skip
        more += settled.moved_pence
        if settled.kept_pence != (decision.kept_pence or 0):
            uow.change(decision, kept_pence=settled.kept_pence)
    if more < 0:
        uow.record("year_given_back", about=decision, amount_pence=-more, **whose(decision))
    if more > 0:
        uow.record("year_set_aside", about=decision, amount_pence=more, **whose(decision))


def _say_what_is_paid(uow: UnitOfWork, decision: Decision, phb: Phb, prepared_by: UUID | None) -> None:
    """A version of the budget says from the decision's day what is paid by each stream that runs (I07)."""
    weekly = {stream.id: stream.weekly_pence for stream in running_streams(uow, phb.id)}
    if not weekly:
        return
    approver = decision.approved_by if prepared_by else uow.actor.user_id
    version = write_version(
        uow, phb, weekly, starts_on=decision.effective_on, prepared_by=prepared_by, approved_by=approver,
        why="The amount of the stream has changed:",
    )  # fmt: skip
    replace_versions(uow, version)


def _stop(uow: UnitOfWork, decision: Decision, phb: Phb) -> None:
    for stream in _streams(uow, decision, *_PAYING):  # it was on hold when the stop was issued
        end_before(uow, decision, stream)
    for stream in _streams(uow, decision, StreamStatus.STOPPING, StreamStatus.SUSPENDED):
        over = StreamStatus.CLOSED if stream.method == Method.NOTIONAL else StreamStatus.WINDING_DOWN
        _set(uow, decision, stream, status=over.value)
    if decision.stream_id is None and phb.status in (PhbStatus.STOPPING, PhbStatus.SUSPENDED):
        _set(uow, decision, phb, status=PhbStatus.CLOSING.value)
    if decision.stream_id is not None:
        _say_what_is_paid(uow, decision, phb, decision.prepared_by)
    follow_up(uow, decision, f"{phb.reference}: money stopped. Ask for the last return and for what is left.")


def _costs(uow: UnitOfWork, decision: Decision, stream: Stream) -> Costs:
    """What a stream costs as it stands. A stop or a refusal gives back what was set aside: nothing was for what is only
    agreed for a day to come; all of it, start-up costs too, where the stream never began."""
    if decision.kind == DecisionKind.REDUCE:
        return cost_of_years(uow, stream)
    refused = decision.kind == DecisionKind.REFUSE_DP
    never = stream.starts_on >= decision.effective_on or str(stream.id) in never_began(decision)
    if stream.status == StreamStatus.CLOSED and (refused or never):
        return {}
    costs, begins = cost_of_years(uow, stream, waiting=False), financial_year(stream.starts_on)[0]
    return {year: pence + (stream.one_off_pence if year == begins else 0) for year, pence in costs.items()}


def _refuse_part(uow: UnitOfWork, decision: Decision) -> None:
    part = uow.session.execute(
        select(PersonRole).where(col(PersonRole.id) == decision.part_id).with_for_update(key_share=True)
    ).scalar_one()
    if part.status in (ActingStatus.PROPOSED, ActingStatus.CHECKS):
        after = acting_step(ActingStatus(part.status), "end")
        _set(uow, decision, part, status=after.value, ended_on=uow.today, end_reason="The board did not agree.")
        done_with(uow, part)


def undo(uow: UnitOfWork, decision: Decision) -> bool:
    """Put back what a decision changed, the last first. Where a later decision stands on it, that one puts back what
    was there before; what somebody else changed since stays. Returns whether everything was put back."""
    whole, streams, waits = True, _paid_less(uow, decision), set[str]()
    if decision.kind == DecisionKind.REDUCE:
        overtake(uow, [stream.id for stream in streams], decision.effective_on)
    costs = [_costs(uow, decision, stream) for stream in streams]
    touched = _its_streams(uow, decision)
    for table, row_id, before, became, *_ in reversed(json.loads(decision.before_json or "[]")):
        row = _row(uow, table, row_id)
        back = {name: _typed(name, before[name]) for name in before if _plain(getattr(row, name)) == became[name]}
        if isinstance(row, Phb) and _has_another(uow, row):
            back = {}
        if _budget_is_over(uow, row) and ("status" in back or row_id in waits):
            waits.add(row_id)
            whole = comes_back_with_its_budget(uow, decision, row_id, before, became) and whole
            continue
        uow.change(row, **back)
        if isinstance(row, Stream):
            settle_ready(uow, row)  # consent may have gone meanwhile
        _told(uow, row)
        for name in before.keys() - back.keys():
            later = hand_on(uow, decision, row_id, name, became[name], before[name])
            if not later and name == "weekly_pence":
                later = _past_uplift(uow, decision, row, became[name], before[name])
            whole = later and whole
    uow.change(decision, before_json="")
    if decision.kind == DecisionKind.REDUCE:
        reduce_from(uow, decision, decision.weekly_after_pence, decision.weekly_before_pence)
        after = []
    else:
        _stop_all_the_same(uow, decision, touched, whole=False)
        after = [_costs(uow, decision, stream) for stream in streams]
        # A whole budget gives nothing back before it is closed: its end comes after what the stream costs.
        _stop_all_the_same(uow, decision, touched, whole=True)
    if streams and whole:
        phb = uow.session.get_one(Phb, decision.phb_id)
        if decision.kind != DecisionKind.REDUCE:
            _settle(uow, decision, phb, streams, costs, after)
            if decision.took_effect_at is not None:
                _say_what_is_paid(uow, decision, phb, None)
        else:
            now = [cost_of_years(uow, stream, without=decision.id) for stream in streams]
            _pays_from_now(uow, decision, phb, streams, costs, now, None)
    return whole


def _paid_less(uow: UnitOfWork, decision: Decision) -> list[Stream]:
    """The streams whose year's money a decision has changed: a reduction on its day, a stop when it was issued, the
    refusal of a direct payment that was agreed; of a whole budget, those that come back with it."""
    if decision.kind == DecisionKind.REDUCE and decision.took_effect_at is not None:
        return _streams(uow, decision, *_CHANGES)
    if decision.kind not in (DecisionKind.STOP, DecisionKind.REFUSE_DP):
        return []
    back = handed(decision)
    return [one for one in _its_streams(uow, decision) if decision.stream_id is not None or str(one.id) in back]


def _its_streams(uow: UnitOfWork, decision: Decision) -> list[Stream]:
    """The streams a decision has changed that had been agreed, locked."""
    kept = [(row_id, was) for table, row_id, was, *_ in json.loads(decision.before_json or "[]") if table == "stream"]
    ids = dict.fromkeys(row_id for row_id, was in kept if was.get("status") != StreamStatus.PROPOSED)
    return [_row(uow, "stream", row_id) for row_id in ids]


def _budget_is_over(uow: UnitOfWork, row: Record) -> bool:
    """Whether a stream's budget has ended: nothing is paid by it again, whatever is put back."""
    return isinstance(row, Stream) and uow.session.get_one(Phb, row.phb_id).status in {PhbStatus.CLOSING, *ENDED}


def _stop_all_the_same(uow: UnitOfWork, decision: Decision, streams: Sequence[Stream], *, whole: bool) -> None:
    """Where its ``whole`` budget, or else a stream itself, is to stop by another decision, a stream that goes on again
    stops."""
    for stop in others(uow, decision) if streams else ():
        if (stop.kind, stop.status) == (DecisionKind.STOP, DecisionStatus.ISSUED) and whole is (stop.stream_id is None):
            for stream in streams:
                if stream.status in GOES_ON and (whole or stop.stream_id == stream.id):
                    end_before(uow, stop, stream)


def _has_another(uow: UnitOfWork, phb: Phb) -> bool:
    """Whether another budget was opened since this one ended: there is one at a time (I02)."""
    return phb.status in ENDED and other_budget(uow, phb.person_id, phb.cohort, PhbKind(phb.kind)) is not None


def change_amount(uow: UnitOfWork, decision: Decision, was_pence: int, weekly_pence: int) -> None:
    """A reduction that is in effect has another amount; what was there before it is put back still."""
    kept = json.loads(decision.before_json or "[]")
    streams = _streams(uow, decision, *_CHANGES)
    overtake(uow, [stream.id for stream in streams], decision.effective_on)
    costs = [cost_of_years(uow, stream) for stream in streams]
    for table, row_id, _before, after, *_ in kept:
        row = _row(uow, table, row_id)
        if _plain(row.weekly_pence) == was_pence:
            uow.change(row, weekly_pence=weekly_pence)
        elif not hand_on(uow, decision, row_id, "weekly_pence", was_pence, weekly_pence):
            _past_uplift(uow, decision, row, was_pence, weekly_pence)
        after["weekly_pence"] = weekly_pence
    uow.change(decision, before_json=json.dumps(kept))
    reduce_from(uow, decision, was_pence, weekly_pence)
    now = [cost_of_years(uow, stream) for stream in streams]
    _pays_from_now(uow, decision, uow.session.get_one(Phb, decision.phb_id), streams, costs, now, None)


def _row(uow: UnitOfWork, table: str, row_id: str) -> Any:
    found = select(_TABLES[table]).where(col(_TABLES[table].id) == UUID(row_id)).with_for_update(key_share=True)
    return uow.session.execute(found.execution_options(populate_existing=True)).scalar_one()


def _past_uplift(uow: UnitOfWork, decision: Decision, row: Any, old: int, new: int) -> bool:
    """An uplift raised what this decision had left. It would say that the days before it cost what was reduced, and
    ask back what was paid: it is taken out, and the case manager is told to see to it. Returns whether one was."""
    raised = take_out(uow, row.id, old)
    if raised is None:
        return False
    reduce_from(uow, decision, raised, new)
    if row.weekly_pence == raised:
        uow.change(row, weekly_pence=new)
        _told(uow, row)
        return True
    return hand_on(uow, decision, str(row.id), "weekly_pence", raised, new) or _past_uplift(
        uow, decision, row, raised, new
    )


def change_day(uow: UnitOfWork, decision: Decision, phb: Phb, day: date) -> None:
    """An issued decision takes effect on another day."""
    undo(uow, decision)
    uow.change(decision, effective_on=day)
    at_issue(uow, decision, phb)


def follow_up(uow: UnitOfWork, decision: Decision, sentence: str) -> None:
    """What the case manager has to do because of a decision."""
    uow.add(
        Task, icb_id=decision.icb_id, kind=DECISION_FOLLOWS, role=Role.CASE_MANAGER.value, phb_id=decision.phb_id,
        person_id=decision.person_id, sentence=sentence, due_on=uow.today + timedelta(days=7),
    )  # fmt: skip


def whose(decision: Decision) -> dict[str, Any]:
    """Board, budget and person of a decision, for its lines of history."""
    return {"icb_id": decision.icb_id, "phb_id": decision.phb_id, "person_id": decision.person_id}


def _streams(uow: UnitOfWork, decision: Decision, *statuses: StreamStatus) -> list[Stream]:
    """The streams a decision is about that are in one of these statuses, locked."""
    which = col(Stream.id) == decision.stream_id if decision.stream_id else col(Stream.phb_id) == decision.phb_id
    found = select(Stream).where(which, col(Stream.status).in_([one.value for one in statuses]))
    return list(
        uow.session.execute(
            found.order_by(col(Stream.id)).with_for_update(key_share=True).execution_options(populate_existing=True)
        ).scalars()
    )


def _set(uow: UnitOfWork, decision: Decision, row: Record, **values: Any) -> None:
    """Change a row and keep with the decision what it was and what it became."""
    before = {name: _plain(getattr(row, name)) for name in values}
    kept = json.loads(decision.before_json or "[]")
    table = next(name for name, kind in _TABLES.items() if isinstance(row, kind))
    after = {name: _plain(value) for name, value in values.items()}
    uow.change(row, **values)
    uow.change(decision, before_json=json.dumps([*kept, [table, str(row.id), before, after]]))
    _told(uow, row)


def _told(uow: UnitOfWork, row: Record) -> None:
    """A budget tells of what a decision did to it; streams and parts are told as what follows."""
    if isinstance(row, Phb):
        uow.record("phb_followed", about=row, phb_id=row.id, person_id=row.person_id, icb_id=row.icb_id)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _typed(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name.endswith("_on") and value else value
