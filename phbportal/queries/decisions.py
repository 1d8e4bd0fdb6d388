"""Decisions as text: for staff one with its letters and what was asked again, the list of a budget, and the choices of
the form that prepares one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.acting import ACTING_WORDS, Acting, ActingStatus
from phbportal.domain.decisions import (
    DECISION_STATUS_WORDS,
    EARLY_WORDS,
    GROUND_WORDS,
    KIND_WORDS,
    DecisionKind,
    DecisionStatus,
    Early,
    Ground,
)
from phbportal.domain.errors import NotFound
from phbportal.domain.letters import LETTER_STATUS_WORDS, LetterStatus
from phbportal.domain.money import pounds
from phbportal.domain.reconsiderations import (
    ASKER_WORDS,
    HOW_WORDS,
    OUTCOME_WORDS,
    RECONSIDERATION_STATUS_WORDS,
    Asker,
    How,
    Outcome,
    ReconsiderationStatus,
)
from phbportal.domain.streams import METHOD_WORDS, STREAM_STATUS_WORDS, Method, StreamStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.names import Names, names_of
from phbportal.queries.scope import visible
from phbportal.queries.work_items import due_words
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.letters import Letter
from phbportal.tables.phbs import Phb

WHOLE = "The whole budget"


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in the list of a budget."""

    kind: str
    href: str
    about: str
    effective: str
    status: str


@dataclass(frozen=True, slots=True)
class LetterRow:
    """A letter of a decision: to whom, where it stands, and where it is read."""

    title: str
    addressee: str
    status: str
    post_by: str
    href: str
    pdf_href: str


@dataclass(frozen=True, slots=True)
class AskedRow:
    """That a decision was to be looked at again, and the answer."""

    asked: str
    words: str
    status: str
    due: str
    outcome: str
    reasons: str
    answered: str


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision as text; what does not belong to its kind is empty."""

    kind: str = ""
    status: str = ""
    about: str = ""
    subject: str = ""
    ground: str = ""
    reasons: str = ""
    amount: str = ""
    effective: str = ""
    early: str = ""
    care: str = ""
    prepared: str = ""
    returned: str = ""
    issued: str = ""


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A decision for the code: ids and codes, and its view with its letters and what was asked."""

    id: UUID
    reference: str
    kind: DecisionKind
    status: DecisionStatus
    version: int
    asked_id: UUID | None
    view: DecisionView
    letters: tuple[LetterRow, ...]
    asked: tuple[AskedRow, ...]
    row: Decision


def decision_of(session: Session, actor: Actor, today: date, decision_id: UUID) -> DecisionRecord:
    """One decision in the actor's sight, whole; else NotFound. Five statements."""
    other = aliased(Stream)
    found = session.execute(
        select(Decision, col(Phb.reference), Stream, other)
        .join(Phb, col(Phb.id) == col(Decision.phb_id))
        .outerjoin(Stream, col(Stream.id) == col(Decision.stream_id))
        .outerjoin(other, col(other.id) == col(Decision.replacement_id))
        .where(col(Decision.id) == decision_id, visible(actor, Decision, today))
    ).one_or_none()
    if found is None:
        raise NotFound()
    row, reference, stream, replacement = found
    asked = session.execute(
        select(Reconsideration)
        .where(col(Reconsideration.decision_id) == row.id, visible(actor, Reconsideration, today))
        .order_by(col(Reconsideration.id).desc())
    ).scalars().all()  # fmt: skip
    names = names_of(session, [row.prepared_by, row.approved_by, *(one.decided_by for one in asked)])
    waiting = [one.id for one in asked if one.status == ReconsiderationStatus.ASKED]
    return DecisionRecord(
        row.id, reference, DecisionKind(row.kind), DecisionStatus(row.status), row.row_version,
        waiting[0] if waiting else None, _view(row, stream, replacement, names),
        letters_of(session, actor, today, row.id), tuple(_asked(one, names, today) for one in asked), row,
    )  # fmt: skip


def letters_of(session: Session, actor: Actor, today: date, decision_id: UUID) -> tuple[LetterRow, ...]:
    """The letters that tell of a decision and of what came of it. One statement."""
    rows = session.execute(
        select(Letter)
        .where(col(Letter.decision_id) == decision_id, visible(actor, Letter, today))
        .order_by(col(Letter.id))
    ).scalars()
    return tuple(
        LetterRow(
            letter.title, letter.addressee, LETTER_STATUS_WORDS[LetterStatus(letter.status)],
            "" if letter.left_on else long_date(letter.post_by), routes.letter(letter.id),
            routes.letter(letter.id, pdf=True),
        )
        for letter in rows
    )  # fmt: skip


def decisions_of(session: Session, actor: Actor, today: date, phb_id: UUID) -> tuple[DecisionRow, ...]:
    """The decisions of a budget, the latest first. One statement."""
    rows = session.connection().execute(_decisions(actor, today), {"phb": phb_id})
    return tuple(
        DecisionRow(
            KIND_WORDS[DecisionKind(row.kind)], routes.staff_decision(row.id),
            row.subject or (METHOD_WORDS[Method(row.method)] if row.method else WHOLE), long_date(row.effective_on),
            DECISION_STATUS_WORDS[DecisionStatus(row.status)],
        )
        for row in rows
    )  # fmt: skip


@by_shape
def _decisions(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    d = Decision
    return (
        select(
            col(d.id), col(d.kind), col(d.subject), col(d.effective_on), col(d.status), col(Stream.method)
        )
        .outerjoin(Stream, col(Stream.id) == col(d.stream_id))
        .where(col(d.phb_id) == bindparam("phb", type_=Uuid()), visible(actor, d, today))
        .order_by(col(d.id).desc())
    )  # fmt: skip


def stream_choices(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[tuple[str, str]]:
    """The streams of a budget that are not over, by id, as they are told apart. One statement."""
    over = [StreamStatus.CLOSED.value, StreamStatus.WINDING_DOWN.value]
    rows = session.execute(
        select(Stream)
        .where(col(Stream.phb_id) == phb_id, col(Stream.status).not_in(over), visible(actor, Stream, today))
        .order_by(col(Stream.id))
    ).scalars()
    return [
        (
            str(one.id),
            f"{METHOD_WORDS[Method(one.method)]}, {pounds(one.weekly_pence)} a week, from {long_date(one.starts_on)} "
            f"({STREAM_STATUS_WORDS[StreamStatus(one.status)].lower()})",
        )
        for one in rows
    ]


def part_choices(
    session: Session, actor: Actor, today: date, person_id: UUID, *, agreed: bool
) -> list[tuple[str, str]]:
    """Whoever acts for a person, or is proposed to. One statement."""
    wanted = [ActingStatus.ACTIVE] if agreed else [ActingStatus.PROPOSED, ActingStatus.CHECKS]
    rows = session.execute(
        select(col(PersonRole.id), col(PersonRole.name), col(PersonRole.role)).where(
            col(PersonRole.person_id) == person_id, col(PersonRole.status).in_([one.value for one in wanted]),
            col(PersonRole.role).in_([Acting.REPRESENTATIVE.value, Acting.NOMINEE.value]),
            visible(actor, PersonRole, today),
        )
    )  # fmt: skip
    return [(str(row.id), f"{row.name}, {ACTING_WORDS[Acting(row.role)].lower()}") for row in rows]


def _view(row: Decision, stream: Stream | None, replacement: Stream | None, names: Names) -> DecisionView:
    before, after = row.weekly_before_pence, row.weekly_after_pence
    care = METHOD_WORDS[Method(replacement.method)] if replacement else row.no_replacement
    returned = f"{row.return_reason}" if row.status == DecisionStatus.RETURNED else ""
    early = f"{EARLY_WORDS[Early(row.early)]}: {row.early_words}" if row.early else ""
    return DecisionView(
        kind=KIND_WORDS[DecisionKind(row.kind)], status=DECISION_STATUS_WORDS[DecisionStatus(row.status)],
        about=METHOD_WORDS[Method(stream.method)] if stream else WHOLE, subject=row.subject,
        ground=GROUND_WORDS[Ground(row.ground)] if row.ground else "", reasons=row.reasons,
        amount=f"From {pounds(before or 0)} to {pounds(after)} a week" if after is not None else "",
        effective=long_date(row.effective_on), early=early, care=care, prepared=names.of(row.prepared_by),
        returned=returned,
        issued=f"{names.of(row.approved_by)}, {long_date(row.issued_on)}" if row.issued_on else "",
    )  # fmt: skip


def _asked(one: Reconsideration, names: Names, today: date) -> AskedRow:
    waits = one.status == ReconsiderationStatus.ASKED
    terms = [f"from {long_date(one.effective_on)}"] if one.effective_on else []
    terms += [f"{pounds(one.weekly_pence)} a week"] if one.weekly_pence is not None else []
    outcome = OUTCOME_WORDS[Outcome(one.outcome)] if one.outcome else ""
    return AskedRow(
        f"{ASKER_WORDS[Asker(one.asker)]} ({one.asker_name}), {HOW_WORDS[How(one.how)].lower()}, "
        f"{long_date(one.asked_on)}",
        one.words,
        "Overdue" if waits and one.due_on < today else RECONSIDERATION_STATUS_WORDS[ReconsiderationStatus(one.status)],
        f"{long_date(one.due_on)}, {due_words(one.due_on, today)}" if waits else "",
        f"{outcome}: {', '.join(terms)}" if terms else outcome, one.reasons,
        f"{names.of(one.decided_by)}, {long_date(one.decided_on)}" if one.decided_on else "",
    )  # fmt: skip
