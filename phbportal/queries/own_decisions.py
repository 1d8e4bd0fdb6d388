"""Decisions as the person they are about reads them, or whoever acts for them: what, why, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.decision_words import (
    Decided,
    care_sentences,
    decision_sentence,
    disagree_sentences,
    outcome_sentence,
    standing_sentence,
)
from phbportal.domain.decisions import GROUND_WORDS, DecisionKind, DecisionStatus, Ground
from phbportal.domain.errors import NotFound
from phbportal.domain.reconsiderations import Outcome, ReconsiderationStatus, asking_problem, clock_words
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.letters import Letter
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class OwnLetter:
    """A letter, to be read or kept."""

    title: str
    href: str
    pdf_href: str


@dataclass(frozen=True, slots=True)
class OwnDecision:
    """A decision in sentences. ``may_ask`` is whether it can be looked at again now, ``why_not`` why it cannot."""

    id: str = ""
    said: list[str] = field(default_factory=list[str])
    reasons: list[str] = field(default_factory=list[str])
    ground: str = ""
    care: list[str] = field(default_factory=list[str])
    standing: str = ""
    disagree: list[str] = field(default_factory=list[str])
    asked: list[str] = field(default_factory=list[str])
    letters: list[OwnLetter] = field(default_factory=list[OwnLetter])
    may_ask: bool = False
    why_not: str = ""


def own_decisions(
    session: Session, actor: Actor, today: date, *, days: int, again_months: int, person_id: UUID | None = None
) -> list[OwnDecision]:
    """What has been decided, the latest first; of one of the people somebody acts for, where ``person_id`` is given.
    ``days`` and ``again_months`` are the board's settings. Four statements."""
    own = person_id is None
    which = [] if own else [col(Decision.person_id) == person_id]
    rows = session.execute(
        select(Decision, Person)
        .join(Person, col(Person.id) == col(Decision.person_id))
        .where(visible(actor, Decision, today), *which)
        .order_by(col(Decision.id).desc())
    ).all()
    ids = [row.id for row, _person in rows]
    streams = {one for row, _person in rows for one in (row.stream_id, row.replacement_id) if one}
    methods = {
        row.id: Method(row.method)
        for row in session.execute(select(col(Stream.id), col(Stream.method)).where(col(Stream.id).in_(streams)))
    }
    asked = session.execute(
        select(Reconsideration)
        .where(col(Reconsideration.decision_id).in_(ids), visible(actor, Reconsideration, today))
        .order_by(col(Reconsideration.id))
    ).scalars().all()  # fmt: skip
    letters = session.execute(
        select(Letter).where(col(Letter.decision_id).in_(ids), visible(actor, Letter, today)).order_by(col(Letter.id))
    ).scalars().all()  # fmt: skip
    return [
        _own(
            row, f"{person.given_name} {person.family_name}", methods,
            [one for one in asked if one.decision_id == row.id], [one for one in letters if one.decision_id == row.id],
            today, own=own, days=days, again_months=again_months,
        )
        for row, person in rows
    ]  # fmt: skip


def board_of_decisions(session: Session, actor: Actor, today: date, person_id: UUID | None = None) -> UUID | None:
    """The board whose settings hold for what somebody reads; None where nothing has been decided. One statement."""
    which = [col(Decision.person_id) == person_id] if person_id else []
    found = select(col(Decision.icb_id)).where(visible(actor, Decision, today), *which)
    return session.execute(found.order_by(col(Decision.id).desc()).limit(1)).scalar_one_or_none()


def one_of(found: Sequence[OwnDecision], decision_id: str) -> OwnDecision:
    """The one with this id; NotFound if it is not among them."""
    for one in found:
        if one.id == decision_id:
            return one
    raise NotFound()


def _own(
    row: Decision, name: str, methods: dict[UUID, Method], asked: Sequence[Reconsideration],
    letters: Sequence[Letter], today: date, *, own: bool, days: int, again_months: int,
) -> OwnDecision:  # fmt: skip
    kind, status = DecisionKind(row.kind), DecisionStatus(row.status)

    def method(stream_id: UUID | None) -> Method | None:
        return methods[stream_id] if stream_id else None

    words = Decided(
        kind, row.effective_on, method(row.stream_id), row.subject, row.weekly_before_pence, row.weekly_after_pence,
        method(row.replacement_id), row.no_replacement,
    )  # fmt: skip
    waits = any(one.status == ReconsiderationStatus.ASKED for one in asked)
    answered = [one.decided_on for one in asked if one.decided_on is not None]
    problem = asking_problem(
        kind, status, waits=waits, answered_on=max(answered, default=None), again_months=again_months, on=today
    )
    disagree = disagree_sentences(kind, days, own=own)
    return OwnDecision(
        id=str(row.id), said=[decision_sentence(words, name, own=own)],
        reasons=[part.strip() for part in row.reasons.split("\n") if part.strip()],
        ground=f"The reason in the law: “{GROUND_WORDS[Ground(row.ground)]}”." if row.ground else "",
        care=care_sentences(words, name, own=own, today=today),
        standing=standing_sentence(status, row.effective_on, today),
        disagree=disagree, asked=[said for one in asked for said in _asked_sentences(one, kind, today, own=own)],
        letters=[OwnLetter(one.title, routes.letter(one.id), routes.letter(one.id, pdf=True)) for one in letters],
        may_ask=problem is None, why_not=problem.sentence if problem and disagree and not waits else "",
    )  # fmt: skip


def _asked_sentences(one: Reconsideration, kind: DecisionKind, today: date, *, own: bool) -> list[str]:
    """That it was asked again, and what came of it."""
    who = "You" if own and one.asker == "HOLDER" else one.asker_name
    said = [f"{who} asked us to look at this again on {long_date(one.asked_on)}."]
    if one.status == ReconsiderationStatus.WITHDRAWN:
        return [*said, "It was withdrawn."]
    if one.status == ReconsiderationStatus.ASKED:
        return [*said, clock_words(one.due_on, today)]
    outcome = outcome_sentence(kind, Outcome(one.outcome), day=one.effective_on, weekly_pence=one.weekly_pence)
    return [*said, outcome, f"Our reasons: {one.reasons}"]
