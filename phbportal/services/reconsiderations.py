"""A decision is looked at again: asked for in the portal or recorded by staff, answered by somebody who had no part in
the decision, with reasons and a letter (SI 2013/2354; invariant I24)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.decisions import REFUSALS, SHORTEST_REASONS, DecisionKind, DecisionStatus, step
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.reading import Reading, given
from phbportal.domain.reconsiderations import (
    LONGEST_WORDS,
    Answer,
    Asker,
    How,
    Outcome,
    ReconsiderationStatus,
    answer_problems,
    asking_problem,
    check_waiting,
)
from phbportal.domain.roles import Role
from phbportal.policy.decide import Decision as Leave
from phbportal.policy.permissions import Permission
from phbportal.services.decision_effects import change_amount, change_day, follow_up, undo, whose
from phbportal.services.letters import drafts_of_outcome, send_letters
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb

_ASKERS = {
    Role.HOLDER: Asker.HOLDER, Role.REPRESENTATIVE: Asker.REPRESENTATIVE, Role.NOMINEE: Asker.NOMINEE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedEntry:
    """What staff record: who asked, by what name, how and when, and in which words."""

    asker: Asker
    name: str
    how: How
    asked_on: date
    words: str


def read_words(form: Mapping[str, object]) -> str:
    """Read what somebody says who does not agree."""
    r = Reading(form)
    words = r.text("words", needed="Tell us why you do not agree.", longest=LONGEST_WORDS)
    r.finish()
    return words


def read_asked(form: Mapping[str, object], today: date) -> AskedEntry:
    """Read what staff record."""
    r = Reading(form)
    asker = r.choice("asker", Asker, needed="Choose who asked.")
    name = r.text("name", needed="Enter their name.")
    how = r.choice("how", How, needed="Choose how they asked.")
    on = r.day("asked_on", needed="Enter the day they asked.")
    if on and on > today:
        r.problem("The date cannot be in the future.", "asked_on")
    words = r.text("words", needed="Write down what they said, in their words.", longest=LONGEST_WORDS)
    r.finish()
    return AskedEntry(given(asker), name, given(how), given(on), words)


def read_answer(form: Mapping[str, object]) -> Answer:
    """Read the outcome; new terms are read for a changed decision alone."""
    r = Reading(form)
    outcome = r.choice("outcome", Outcome, needed="Choose what comes of it.")
    changed = outcome is Outcome.CHANGED
    day = r.day("effective_on") if changed else None
    weekly = r.money("weekly") if changed and r.raw("weekly") else None
    reasons = r.text("reasons", longest=4_000)
    if len(reasons) < SHORTEST_REASONS:
        r.problem("Write the reasons to the person, in a sentence or more.", "reasons")
    r.finish()
    return Answer(given(outcome), reasons, day, weekly)


def ask_again(uow: UnitOfWork, decision_id: UUID, words: str) -> UUID:
    """The person, or who acts for them, asks in the portal. Returns the id of the reconsideration."""
    decision = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.RECONSIDERATION_ASK, decision)
    asker = _ASKERS[uow.actor.role]
    return _add(uow, decision, AskedEntry(asker, uow.actor.display_name, How.PORTAL, uow.today, words), own=True)


def record_asked(uow: UnitOfWork, decision_id: UUID, entry: AskedEntry) -> UUID:
    """Staff record that somebody asked. The clock runs from the day they did."""
    decision = uow.find(Decision, decision_id, lock=True)
    uow.require(Permission.RECONSIDERATION_RECORD, decision)
    if decision.issued_on is not None and entry.asked_on < decision.issued_on:
        raise Refusal("The decision was issued after that day. Check the date.", field="asked_on")
    return _add(uow, decision, entry, own=False)


def withdraw_asked(uow: UnitOfWork, reconsideration_id: UUID) -> None:
    """Whoever asked says that it need not be looked at again; staff record it."""
    found = uow.find(Reconsideration, reconsideration_id, lock=True)
    uow.require(Permission.RECONSIDERATION_RECORD, found)
    check_waiting(ReconsiderationStatus(found.status))
    uow.change(found, status=ReconsiderationStatus.WITHDRAWN.value)
    decision = uow.find(Decision, found.decision_id)
    uow.record("reconsideration_withdrawn", about=found, decision=decision.kind, **whose(decision))


def answer_asked(uow: UnitOfWork, reconsideration_id: UUID, answer: Answer) -> None:
    """Answer with reasons: the decision stands, is changed, or is reversed; what it did is put back where that can be.

    Refuses whoever prepared or approved the decision, and whoever asked or recorded (I24).
    """
    found, decision, phb = _open(uow, reconsideration_id)
    uow.require(Permission.RECONSIDERATION_DECIDE, found)
    kind, status = DecisionKind(decision.kind), DecisionStatus(decision.status)
    refuse_if(
        answer_problems(
            answer, kind, status, effective_on=decision.effective_on, weekly_before=decision.weekly_before_pence,
            weekly_after=decision.weekly_after_pence, today=uow.today,
        )
    )  # fmt: skip
    uow.change(
        found, status=ReconsiderationStatus.DECIDED.value, outcome=answer.outcome.value, reasons=answer.reasons,
        effective_on=answer.effective_on, weekly_pence=answer.weekly_pence, decided_by=uow.actor.user_id,
        decided_on=uow.today,
    )  # fmt: skip
    letters = drafts_of_outcome(uow, decision, found)
    if answer.outcome is Outcome.REVERSED or (answer.outcome is Outcome.CHANGED and kind in REFUSALS):
        _put_back(uow, decision, phb, "reverse" if answer.outcome is Outcome.REVERSED else "change")
    elif answer.outcome is Outcome.CHANGED:
        _new_terms(uow, decision, phb, answer, status)
    uow.record("reconsideration_answered", about=found, decision=decision.kind, outcome=answer.outcome.value,
               **whose(decision))  # fmt: skip
    send_letters(uow, decision, found.id, letters)


def may_answer(uow: UnitOfWork, reconsideration_id: UUID) -> Leave:
    """Whether the actor may answer, and why not."""
    return uow.decide(Permission.RECONSIDERATION_DECIDE, uow.find(Reconsideration, reconsideration_id))


def _open(uow: UnitOfWork, reconsideration_id: UUID) -> tuple[Reconsideration, Decision, Phb]:
    """The three rows, locked; the person before them, whose budget may come back."""
    seen = uow.find(Reconsideration, reconsideration_id)
    person = select(col(Person.id)).where(col(Person.id) == seen.person_id)
    uow.session.execute(person.with_for_update(key_share=True))
    decision = uow.find(Decision, seen.decision_id, lock=True)
    phb = uow.find(Phb, decision.phb_id, lock=True)
    found = uow.find(Reconsideration, reconsideration_id, lock=True)
    check_waiting(ReconsiderationStatus(found.status))
    return found, decision, phb


def _add(uow: UnitOfWork, decision: Decision, entry: AskedEntry, *, own: bool) -> UUID:
    waits, answered_on = _earlier(uow, decision)
    # Staff may take it up again at any time: something may have changed that the guidance does not know of.
    again = whole_setting(uow, decision.icb_id, "reconsideration_again_months") if own else 0
    problem = asking_problem(
        DecisionKind(decision.kind), DecisionStatus(decision.status), waits=waits, answered_on=answered_on,
        again_months=again, on=uow.today,
    )  # fmt: skip
    if problem:
        raise Refusal(problem)
    days = whole_setting(uow, decision.icb_id, "reconsideration_days")
    row = uow.add(
        Reconsideration, decision_id=decision.id, icb_id=decision.icb_id, phb_id=decision.phb_id,
        person_id=decision.person_id, asker=entry.asker.value, asker_name=entry.name, how=entry.how.value,
        asked_on=entry.asked_on, words=entry.words, due_on=entry.asked_on + timedelta(days=days),
        status=ReconsiderationStatus.ASKED.value, reasons="",
    )  # fmt: skip
    uow.record("reconsideration_asked", about=row, decision=decision.kind, due_on=row.due_on, **whose(decision))
    return row.id


def _earlier(uow: UnitOfWork, decision: Decision) -> tuple[bool, date | None]:
    """Whether one waits, and the day the last was answered."""
    rows = uow.session.execute(
        select(col(Reconsideration.status), col(Reconsideration.decided_on)).where(
            col(Reconsideration.decision_id) == decision.id
        )
    ).all()
    answered = [row.decided_on for row in rows if row.decided_on is not None]
    return any(row.status == ReconsiderationStatus.ASKED for row in rows), max(answered, default=None)


def _put_back(uow: UnitOfWork, decision: Decision, phb: Phb, verb: str) -> None:
    after = step(DecisionStatus(decision.status), verb)
    paid_less = decision.kind == DecisionKind.REDUCE and decision.took_effect_at is not None
    whole = undo(uow, decision)
    uow.change(decision, status=after.value, ended_on=uow.today)
    done = "reversed" if verb == "reverse" else "changed"
    sentence = f"{phb.reference}: a decision was {done} after it was looked at again. Do what follows from the reasons."
    if paid_less:
        sentence = f"{phb.reference}: a reduction was reversed. What was not paid since comes with the next payment."
    if not whole:
        sentence = f"{phb.reference}: a decision was {done}, but something changed since. See what must be put right."
    follow_up(uow, decision, sentence)


def _new_terms(uow: UnitOfWork, decision: Decision, phb: Phb, answer: Answer, status: DecisionStatus) -> None:
    if answer.weekly_pence is not None:
        was = given(decision.weekly_after_pence)
        uow.change(decision, weekly_after_pence=answer.weekly_pence)
        if status is DecisionStatus.IN_EFFECT:
            change_amount(uow, decision, was, answer.weekly_pence)
            follow_up(
                uow, decision, f"{phb.reference}: a reduction was changed. The next payment makes good what was paid."
            )
    if answer.effective_on is not None:
        change_day(uow, decision, phb, answer.effective_on)
