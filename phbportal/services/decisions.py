"""Decisions: prepared by a case manager, approved or returned by somebody else, issued with their letters in the same
transaction; carried out on their day (domain.md §9.4, §9.5; invariants I12, I23, I25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.domain.acting import ActingStatus
from phbportal.domain.decisions import (
    GROUNDS,
    OF_A_PART,
    OF_MONEY,
    SHORTEST_REASONS,
    About,
    DecisionFact,
    DecisionKind,
    DecisionStatus,
    Early,
    Ground,
    StreamAt,
    decision_problems,
    step,
)
from phbportal.domain.eligibility import Cohort, right_of
from phbportal.domain.errors import NotFound, Problem, Refusal, refuse_if
from phbportal.domain.money import pounds
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import Method, StreamStatus
from phbportal.policy.actors import SYSTEM
from phbportal.policy.permissions import Permission
from phbportal.services.decision_effects import at_issue, follow_up, take_effect, undo, whose
from phbportal.services.letters import Draft, digest, drafts_of_decision, send_letters
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.walks import Left, by_itself
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

BATCH = 200
CHANGED = "Something has changed since you opened this. Read the letter again, then decide."


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision as it is prepared. ``effective_on`` is for money; anything else takes effect when it is issued.

    ``weekly_pence`` is the new amount of a reduction, ``part_id`` the part that is given or refused.
    """

    kind: DecisionKind
    reasons: str
    ground: Ground | None = None
    stream_id: UUID | None = None
    part_id: UUID | None = None
    subject: str = ""
    weekly_pence: int | None = None
    effective_on: date | None = None
    early: Early | None = None
    early_words: str = ""
    replacement_id: UUID | None = None
    no_replacement: str = ""


def read_decision(form: Mapping[str, object]) -> DecisionEntry:
    """Read the form, in its order. What belongs to another kind than the one chosen is not read."""
    r = Reading(form)
    kind = r.choice("kind", DecisionKind, needed="Choose what is decided.")
    if kind is DecisionKind.REDUCE and not r.raw("stream"):
        r.problem("Choose which stream is reduced.", "stream")
    ground = r.raw("ground")
    if ground not in set(Ground) if ground else kind in GROUNDS:
        r.problem("Choose the ground in the law.", "ground")
        ground = ""
    of_money = kind in OF_MONEY
    weekly = r.money("weekly", needed="Enter the new amount a week.") if kind is DecisionKind.REDUCE else None
    subject = r.text("subject", longest=300)
    reasons = r.text("reasons", longest=4_000)
    if len(reasons) < SHORTEST_REASONS:
        r.problem("Write the reasons to the person, in a sentence or more.", "reasons")
    effective = r.day("effective_on", needed="Enter the day it takes effect.") if of_money else None
    early = r.choice("early", Early, needed="Choose one of these.") if of_money and r.raw("early") else None
    entry = {
        "early_words": r.text("early_words", longest=500) if early else "",
        "no_replacement": r.text("no_replacement", longest=500) if of_money else "",
    }
    ids = {name: _id(r, name) for name in ("stream", "part", "replacement")}
    r.finish()
    return DecisionEntry(
        given(kind), reasons, Ground(ground) if ground else None, ids["stream"], ids["part"], subject, weekly,
        effective, early, replacement_id=ids["replacement"], **entry,
    )  # fmt: skip


def _id(r: Reading, field: str) -> UUID | None:
    chosen = r.raw(field)
    try:
        return UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose one from the list.", field)
        return None


def prepare_decision(uow: UnitOfWork, phb_id: UUID, entry: DecisionEntry) -> UUID:
    """Prepare a decision for a second person. Refuses what could not be issued today, and a second one of its kind."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.DECISION_PREPARE, phb)
    values = _columns(uow, phb, entry)
    _refuse_a_second(uow, phb, entry, None)
    row = uow.add(
        Decision, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id, prepared_by=given(uow.actor.user_id),
        status=DecisionStatus.PREPARED.value, **values,
    )  # fmt: skip
    refuse_if(_problems(uow, row, phb, entry.effective_on))
    drafts_of_decision(uow, row)  # what no letter can be written about is refused now, not when it is approved
    uow.record("decision_prepared", about=row, decision=row.kind, **whose(row))
    return row.id


def prepare_again(uow: UnitOfWork, decision_id: UUID, entry: DecisionEntry, *, seen_version: int) -> None:
    """Change a decision that was returned, and send it to a second person again."""
    row = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.DECISION_PREPARE, row)
    after = step(DecisionStatus(row.status), "prepare")
    uow.check_version(row, seen_version, theirs={}, mine={})
    phb = uow.find(Phb, row.phb_id, lock=True)
    values = _columns(uow, phb, entry)
    _refuse_a_second(uow, phb, entry, row.id)
    uow.change(row, status=after.value, prepared_by=given(uow.actor.user_id), return_reason="", **values)
    refuse_if(_problems(uow, row, phb, entry.effective_on))
    drafts_of_decision(uow, row)
    uow.record("decision_prepared", about=row, decision=row.kind, **whose(row))


def preview(uow: UnitOfWork, decision_id: UUID) -> list[Draft]:
    """The letters as they would be sent, to be read before anybody approves."""
    return drafts_of_decision(uow, uow.find(Decision, decision_id))


def approve_decision(uow: UnitOfWork, decision_id: UUID, *, seen: str) -> None:
    """Approve what somebody else prepared: it is issued, its letters are in the outbox, and what is due today happens.

    ``seen`` is the digest of the letters as they were read. Refuses the preparer (I12), and notice that has become too
    short while it waited.
    """
    row = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.DECISION_APPROVE, row)
    after = step(DecisionStatus(row.status), "approve")
    phb = uow.find(Phb, row.phb_id, lock=True)
    refuse_if(_problems(uow, row, phb, row.effective_on if DecisionKind(row.kind) in OF_MONEY else None))
    if DecisionKind(row.kind) not in OF_MONEY:
        uow.change(row, effective_on=uow.today)
    drafts = drafts_of_decision(uow, row)
    if digest(drafts) != seen:
        raise Refusal(CHANGED)
    uow.change(row, status=after.value, approved_by=uow.actor.user_id, issued_on=uow.today)
    uow.record("decision_issued", about=row, decision=row.kind, on=row.effective_on, **whose(row))
    at_issue(uow, row, phb)
    send_letters(uow, row, row.id, drafts)
    if row.effective_on <= uow.today:
        take_effect(uow, row, phb)


def return_decision(uow: UnitOfWork, decision_id: UUID, reason: str) -> None:
    """Return what somebody else prepared, with what must be different."""
    row = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.DECISION_APPROVE, row)
    uow.change(row, status=step(DecisionStatus(row.status), "return").value, return_reason=reason)
    uow.record("decision_returned", about=row, decision=row.kind, **whose(row))


def withdraw_decision(uow: UnitOfWork, decision_id: UUID) -> None:
    """Withdraw a decision nobody has been told of."""
    row = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.DECISION_PREPARE, row)
    uow.change(row, status=step(DecisionStatus(row.status), "withdraw").value)
    uow.record("decision_withdrawn", about=row, decision=row.kind, **whose(row))


def lift_suspension(uow: UnitOfWork, decision_id: UUID) -> None:
    """The reason for a suspension is over: the money is paid again from today."""
    row = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.DECISION_PREPARE, row)
    if row.kind != DecisionKind.SUSPEND:
        raise Refusal("Only a suspension can be lifted.")
    after = step(DecisionStatus(row.status), "lift")
    if not undo(uow, row):
        follow_up(uow, row, "A suspension is lifted, but something changed since. See that the money goes on.")
    uow.change(row, status=after.value, ended_on=uow.today)
    uow.record("decision_lifted", about=row, decision=row.kind, **whose(row))


def read_reason(form: Mapping[str, object], field: str = "reason") -> str:
    """Read why a decision is returned."""
    r = Reading(form)
    reason = r.text(field, needed="Say what must be different, so that whoever prepared it knows.", longest=500)
    r.finish()
    return reason


def carry_out_decisions(engine: Engine, *, now: datetime | None = None, left: Left | None = None) -> int:
    """Carry out the decisions whose day has come, each once and in a transaction of its own. Returns how many."""
    done, last = 0, UUID(int=0)
    while True:
        with open_unit(engine, SYSTEM, writes=False, now=now) as uow:
            due = uow.session.execute(
                select(col(Decision.id))
                .where(
                    col(Decision.status) == DecisionStatus.ISSUED.value, col(Decision.effective_on) <= uow.today,
                    col(Decision.id) > last,
                )
                .order_by(col(Decision.id))
                .limit(BATCH)
            ).scalars().all()  # fmt: skip
        for decision_id in due:
            carried_out = partial(_carry_out, decision_id=decision_id)
            done += by_itself(engine, carried_out, "decision", decision_id, now, left)
        if len(due) < BATCH:
            return done
        last = due[-1]


def _carry_out(uow: UnitOfWork, decision_id: UUID) -> bool:
    its = select(col(Decision.phb_id)).where(col(Decision.id) == decision_id)
    uow.hold_budgets(col(Phb.id) == its.scalar_subquery())
    row = uow.session.execute(
        select(Decision).where(col(Decision.id) == decision_id).with_for_update(key_share=True).execution_options(
            populate_existing=True)
    ).scalar_one()  # fmt: skip
    if row.status != DecisionStatus.ISSUED or row.effective_on > uow.today:
        return False
    phb = uow.session.execute(select(Phb).where(col(Phb.id) == row.phb_id).with_for_update(key_share=True)).scalar_one()
    take_effect(uow, row, phb)
    return True


def _columns(uow: UnitOfWork, phb: Phb, entry: DecisionEntry) -> dict[str, object]:
    """What is written of an entry; ids must be of this budget and this person."""
    stream = _stream(uow, phb, entry.stream_id, "stream")
    _stream(uow, phb, entry.replacement_id, "replacement")
    part = _part(uow, phb, entry) if entry.kind in OF_A_PART and entry.part_id else None
    return {
        "kind": entry.kind.value, "ground": entry.ground.value if entry.ground else "", "reasons": entry.reasons,
        "stream_id": entry.stream_id, "part_id": part.id if part else None,
        "subject": part.name if part else entry.subject,
        "weekly_before_pence": stream.weekly_pence if stream and entry.kind is DecisionKind.REDUCE else None,
        "weekly_after_pence": entry.weekly_pence, "effective_on": entry.effective_on or uow.today,
        "early": entry.early.value if entry.early else "", "early_words": entry.early_words,
        "replacement_id": entry.replacement_id, "no_replacement": entry.no_replacement,
    }  # fmt: skip


def _stream(uow: UnitOfWork, phb: Phb, stream_id: UUID | None, field: str) -> Stream | None:
    if stream_id is None:
        return None
    try:
        stream = uow.find(Stream, stream_id)
    except NotFound:
        stream = None
    if stream is None or stream.phb_id != phb.id:
        raise Refusal("Choose a stream of this budget.", field=field)
    return stream


def _part(uow: UnitOfWork, phb: Phb, entry: DecisionEntry) -> PersonRole:
    part = uow.find(PersonRole, given(entry.part_id))
    if part.person_id != phb.person_id:
        raise Refusal("Choose somebody of this person’s record.", field="part")
    if entry.kind is DecisionKind.APPOINT and part.status != ActingStatus.ACTIVE:
        raise Refusal(
            "The checks and the board’s agreement come first, on the record of who helps this person.", field="part"
        )
    if entry.kind is DecisionKind.REFUSE_APPOINT and part.status not in (ActingStatus.PROPOSED, ActingStatus.CHECKS):
        raise Refusal("Choose somebody who is proposed. A part that is agreed is ended, not refused.", field="part")
    return part


def _refuse_a_second(uow: UnitOfWork, phb: Phb, entry: DecisionEntry, but: UUID | None) -> None:
    """Two decisions about one thing may not wait, or stand, at the same time."""
    same = select(col(Decision.id)).where(
        col(Decision.phb_id) == phb.id, col(Decision.kind) == entry.kind.value,
        col(Decision.status).in_([DecisionStatus.PREPARED.value, DecisionStatus.ISSUED.value]),
        col(Decision.stream_id).is_not_distinct_from(entry.stream_id),
        col(Decision.part_id).is_not_distinct_from(entry.part_id),
    )  # fmt: skip
    if entry.subject:
        same = same.where(col(Decision.subject) == entry.subject)
    if but is not None:
        same = same.where(col(Decision.id) != but)
    if uow.session.execute(same.limit(1)).first() is not None:
        raise Refusal("A decision about this is prepared or issued already. Open that one.")


def _problems(uow: UnitOfWork, row: Decision, phb: Phb, effective_on: date | None) -> list[Problem]:
    kind = DecisionKind(row.kind)
    name = "notice_days_reduce" if kind is DecisionKind.REDUCE else "notice_days_stop"
    fact = DecisionFact(
        kind, row.reasons, Ground(row.ground) if row.ground else None, effective_on or uow.today,
        whole_setting(uow, row.icb_id, name), Early(row.early) if row.early else None, row.early_words, row.subject,
        row.weekly_after_pence, row.part_id is not None, row.no_replacement,
    )  # fmt: skip
    person = uow.session.get_one(Person, row.person_id)
    about = About(
        PhbStatus(phb.status), person.died_on, right_of(Cohort(phb.cohort)), _at(uow, row.stream_id),
        _at(uow, row.replacement_id),
    )  # fmt: skip
    found = decision_problems(fact, about, uow.today)
    was, now = row.weekly_before_pence, about.stream.weekly_pence if about.stream else None
    if kind is DecisionKind.REDUCE and None not in (was, now) and was != now:
        # What the days before it cost is worked out from the amount it was prepared from.
        found.append(
            Problem(
                f"The stream is paid {pounds(given(now))} a week now, not {pounds(given(was))} as when this was "
                "prepared. Return it, to be prepared again."
            )
        )
    return found


def _at(uow: UnitOfWork, stream_id: UUID | None) -> StreamAt | None:
    if stream_id is None:
        return None
    stream = uow.session.execute(
        select(Stream).where(col(Stream.id) == stream_id).execution_options(populate_existing=True)
    ).scalar_one()
    return StreamAt(
        str(stream.id), Method(stream.method), StreamStatus(stream.status), stream.weekly_pence, stream.starts_on,
        stream.ends_on,
    )  # fmt: skip
