"""The organisation's answers to an offer, line by line, and what they come to (domain.md §2.2, decisions.md §10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.isf import (
    LINES,
    Answer,
    IsfStatus,
    LineAnswer,
    answer_problems,
    check_answerable,
    outcome_verb,
    step,
)
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.services.agreements import open_agreement
from phbportal.services.arrangements import check_care, check_standing, done_with_tasks, told
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.arrangements import IsfAnswer, IsfConfirmation
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.phbs import Task

LONGEST = 1000
TASK_DAYS = 7
OUTCOMES: dict[IsfStatus, tuple[str, str]] = {
    IsfStatus.CONFIRMED: ("every line is accepted", "confirmed the arrangement. The agreement can be signed."),
    IsfStatus.CONFIRMED_WITH_CHANGES: ("changes are asked for", "asked for changes. Change the offer and send it."),
    IsfStatus.DECLINED: ("the role is declined", "declined the arrangement. Make an offer to another organisation."),
}


@dataclass(frozen=True, slots=True)
class AnswersEntry:
    """What was chosen, by line; a line left open is absent. ``role`` is what the person does there."""

    role: str
    answers: Mapping[int, LineAnswer] = field(default_factory=dict[int, LineAnswer])


def read_answers(form: Mapping[str, object]) -> AnswersEntry:
    """Read the form of twelve lines: ``a1`` … ``a12`` the answers, ``c1`` … ``c12`` the words beside them."""
    r = Reading(form)
    role = r.text("role", needed="Enter what you do at your organisation, such as manager.", longest=100)
    answers: dict[int, LineAnswer] = {}
    for number in LINES:
        comment = r.text(f"c{number}", longest=LONGEST)
        if r.raw(f"a{number}"):
            chosen = r.choice(f"a{number}", Answer, needed="Choose accept, query or decline.")
            if chosen is not None:
                answers[number] = LineAnswer(chosen, comment)
        elif comment:
            r.problem("Choose accept, query or decline for this line too.", f"a{number}")
    r.finish()
    return AnswersEntry(role, answers)


def wants_to_send(form: Mapping[str, object]) -> bool:
    """Whether the answers are to be sent, or only kept; refuses a form that says neither."""
    chosen = Reading(form).text("act")
    if chosen not in ("save", "send"):
        raise Refusal("Choose whether to keep your answers or to send them.", field="act")
    return chosen == "send"


def save_answers(uow: UnitOfWork, offer_id: UUID, entry: AnswersEntry) -> None:
    """Keep the answers so far, unsent: what differs from the last answer to a line is added with name, role, time."""
    offer = _answerable(uow, offer_id)
    _keep(uow, offer, entry)


def send_answers(uow: UnitOfWork, offer_id: UUID, entry: AnswersEntry) -> IsfStatus:
    """Send all twelve answers. Accepted throughout, the agreement is made ready to sign; else the offer goes back."""
    offer = _answerable(uow, offer_id)
    _keep(uow, offer, entry)
    answers = answers_of(uow, offer.id)
    refuse_if(answer_problems(answers))
    after = step(IsfStatus(offer.status), outcome_verb({line: given.answer for line, given in answers.items()}))
    if after is not IsfStatus.DECLINED:  # whoever is not registered for the care any more can still say no
        check_care(uow, offer)
    uow.change(offer, status=after.value, answered_by=uow.actor.user_id, answered_at=uow.now)
    if after is IsfStatus.CONFIRMED:
        open_agreement(uow, offer)
    done_with_tasks(uow, offer.phb_id)
    name = uow.session.get_one(Organisation, offer.organisation_id).name
    outcome, words = OUTCOMES[after]
    uow.add(Task, icb_id=offer.icb_id, kind="isf_answered", role=Role.CASE_MANAGER.value, phb_id=offer.phb_id,
            sentence=f"{name} {words}"[:300], due_on=uow.today)  # fmt: skip
    uow.record("isf_answered", about=offer, outcome=outcome, **told(uow, offer))
    return after


def _answerable(uow: UnitOfWork, offer_id: UUID) -> IsfConfirmation:
    """The offer, locked after its stream, if the actor's organisation may answer it today."""
    seen = uow.find(IsfConfirmation, offer_id)
    uow.require(Permission.ARRANGEMENT_ANSWER, seen)
    uow.find(Stream, seen.stream_id, lock=True)
    offer = uow.find(IsfConfirmation, offer_id, lock=True)
    check_answerable(IsfStatus(offer.status), offer.expires_on or uow.today, uow.today)
    check_standing(uow, offer)
    return offer


def answers_of(uow: UnitOfWork, offer_id: UUID) -> dict[int, LineAnswer]:
    """The last answer to each line."""
    rows = uow.session.execute(
        select(IsfAnswer).where(col(IsfAnswer.confirmation_id) == offer_id).order_by(col(IsfAnswer.id))
    ).scalars()
    return {row.line: LineAnswer(Answer(row.answer), row.comment) for row in rows}


def _keep(uow: UnitOfWork, offer: IsfConfirmation, entry: AnswersEntry) -> None:
    if not entry.role.strip():
        raise Refusal("Enter what you do at your organisation, such as manager.", field="role")
    before = answers_of(uow, offer.id)
    for line, given in sorted(entry.answers.items()):
        if before.get(line) != given:
            uow.add(
                IsfAnswer, icb_id=offer.icb_id, phb_id=offer.phb_id, confirmation_id=offer.id, line=line,
                answer=given.answer.value, comment=given.comment, answered_name=uow.actor.display_name,
                answered_role=entry.role,
            )  # fmt: skip
