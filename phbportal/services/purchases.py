"""“Ask before you buy”: asked by the holder, a representative or a nominee, answered by staff, kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.phbs import ENDED
from phbportal.domain.purchases import (
    ANSWER_DAYS_SETTING,
    Answered,
    answer_problem,
    check_open,
)
from phbportal.domain.reading import Reading
from phbportal.domain.roles import Role
from phbportal.domain.tasks import PURCHASE_QUESTION
from phbportal.policy.permissions import Permission
from phbportal.queries.scope import visible
from phbportal.services.exclusions import found_in
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.plans import Outcome
from phbportal.tables.purchases import PurchaseQuestion


@dataclass(frozen=True, slots=True)
class QuestionEntry:
    """What somebody would like to buy, its cost in pence, and the outcome it is for, if they say."""

    question: str
    cost_pence: int
    outcome_id: UUID | None = None


def read_question(form: Mapping[str, object]) -> QuestionEntry:
    """Read the form of a question before buying."""
    r = Reading(form)
    question = r.text("question", needed="Say what you would like to buy, and why.", longest=1000)
    cost = r.money("cost", needed="Enter about how much it costs.")
    if not r.problems and cost == 0:
        r.problem("Enter about how much it costs.", "cost")
    chosen = r.text("outcome")
    outcome: UUID | None = None
    try:
        outcome = UUID(chosen) if chosen else None
    except ValueError:
        r.problem("Choose one from the list.", "outcome")
    r.finish()
    return QuestionEntry(question, cost, outcome)


def ask(uow: UnitOfWork, reference: str, entry: QuestionEntry) -> UUID:
    """Ask about something before buying it from a budget, by its reference. Returns the question's id.

    The team answers within the days of its setting; nothing is refused here, what the question seems to touch of the
    list of what cannot be bought is noted for whoever answers.
    """
    stream = uow.session.execute(
        select(Stream)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .where(col(Phb.reference) == reference, visible(uow.actor, Stream, uow.today))
        .order_by(col(Stream.id))
        .limit(1)
    ).scalar_one_or_none()
    if stream is None:
        raise NotFound()
    uow.require(Permission.PURCHASE_ASK, stream)
    phb = uow.session.get_one(Phb, stream.phb_id)
    if phb.status in ENDED:
        raise Refusal("This budget has ended, so nothing can be bought from it.")
    if uow.actor.user_id is None:
        raise NotFound()
    if entry.outcome_id is not None:
        uow.find(Outcome, entry.outcome_id)
    due = uow.today + timedelta(days=whole_setting(uow, phb.icb_id, ANSWER_DAYS_SETTING))
    rules = ", ".join(one.code for one in found_in(uow, phb.icb_id, entry.question))
    task = uow.add(Task, icb_id=phb.icb_id, kind=PURCHASE_QUESTION, role=Role.CASE_MANAGER.value, phb_id=phb.id,
                   person_id=phb.person_id, sentence="Answer a question asked before buying.", due_on=due)  # fmt: skip
    row = uow.add(
        PurchaseQuestion, phb_id=phb.id, person_id=phb.person_id, icb_id=phb.icb_id, outcome_id=entry.outcome_id,
        question=entry.question, cost_pence=entry.cost_pence, asked_as=uow.actor.role.value,
        asked_name=uow.actor.display_name, asked_by=uow.actor.user_id, asked_on=uow.today, due_on=due,
        rules=rules[:100], status=Answered.OPEN.value, task_id=task.id,
    )  # fmt: skip
    uow.change(task, part_id=row.id)
    uow.record("purchase_asked", about=row, icb_id=phb.icb_id, phb_id=phb.id, person_id=phb.person_id,
               cost_pence=row.cost_pence)  # fmt: skip
    return row.id


def answer_question(uow: UnitOfWork, question_id: UUID, values: Mapping[str, Any]) -> None:
    """Answer a question asked before buying: yes, no or “we will talk”, and why. The task ends with a yes or a no."""
    row = uow.find(PurchaseQuestion, question_id, lock=True)
    uow.require(Permission.PURCHASE_ANSWER, row)
    check_open(Answered(row.status))
    answered, words = Answered(values["status"]), str(values["answer"]).strip()
    if problem := answer_problem(words):
        raise Refusal(problem)
    uow.change(row, status=answered.value, answer=words, answered_by=uow.actor.user_id, answered_on=uow.today)
    uow.record("purchase_answered", about=row, phb_id=row.phb_id, person_id=row.person_id,
               cost_pence=row.cost_pence)  # fmt: skip
    task = uow.session.get(Task, row.task_id) if row.task_id else None
    if task is not None and task.done_at is None and answered is not Answered.TALK:
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
