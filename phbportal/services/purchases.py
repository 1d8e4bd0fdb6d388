"""“Ask before you buy”: asked by the holder, a representative or a nominee, answered by staff, kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal, refuse_if
from phbportal.domain.phbs import ENDED
from phbportal.domain.purchases import (
    ANSWER_DAYS_SETTING,
    Answered,
    answer_problem,
    bought_problems,
    check_open,
)
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.tasks import PURCHASE_BOUGHT, PURCHASE_QUESTION
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


@dataclass(frozen=True, slots=True)
class BoughtEntry:
    """What something came to in the end, in pence, when and where it was bought."""

    question_id: UUID
    cost_pence: int
    on: date
    seller: str


def read_bought(form: Mapping[str, object]) -> BoughtEntry:
    """Read the form by which a buyer says what they bought after a yes."""
    r = Reading(form)
    question = r.text("bought_question", needed="Choose what you bought.")
    cost = r.money("bought", needed="Enter what it cost.")
    on = r.day("bought_on", needed="Enter the day you bought it.")
    seller = r.text("bought_from", needed="Say where you bought it, for example the shop.", longest=100)
    chosen: UUID | None = None
    try:
        chosen = UUID(question) if question else None
    except ValueError:
        r.problem("Choose what you bought.", "bought_question")
    r.finish()
    return BoughtEntry(given(chosen), cost, given(on), seller)


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


def tell_bought(uow: UnitOfWork, entry: BoughtEntry) -> None:
    """The buyer says what they bought after a yes; finance accounts for it against that answer. Until then it may be
    put right by telling it again."""
    row = uow.find(PurchaseQuestion, entry.question_id, lock=True)
    uow.require(Permission.PURCHASE_ASK, row)
    if row.journal_id is not None:
        raise Refusal("Your team has accounted for this already. Ask them if something is wrong.")
    refuse_if(
        bought_problems(
            Answered(row.status), cost_pence=entry.cost_pence, on=entry.on, answered_on=row.answered_on, today=uow.today
        )
    )
    first = row.bought_on is None
    uow.change(
        row, bought_pence=entry.cost_pence, bought_on=entry.on, bought_from=entry.seller,
        bought_name=uow.actor.display_name,
    )  # fmt: skip
    uow.record("purchase_bought", about=row, icb_id=row.icb_id, phb_id=row.phb_id, person_id=row.person_id,
               amount_pence=entry.cost_pence)  # fmt: skip
    if first:
        days = whole_setting(uow, row.icb_id, ANSWER_DAYS_SETTING)
        uow.add(Task, icb_id=row.icb_id, kind=PURCHASE_BOUGHT, role=Role.FINANCE.value, phb_id=row.phb_id,
                person_id=row.person_id, part_id=row.id, due_on=uow.today + timedelta(days=days),
                sentence="Account for what was bought after a yes.")  # fmt: skip


def account_for(uow: UnitOfWork, question_id: UUID, *, phb_id: UUID, amount_pence: int, journal_id: UUID) -> None:
    """Tie what was spent to the yes it was spent after. Asks no leave: a part of recording it, which has.

    What is more than was agreed is not refused, because the money is spent; it is said wherever it is shown.
    """
    row = uow.find(PurchaseQuestion, question_id, lock=True)
    if row.phb_id != phb_id or row.status != Answered.YES:
        raise Refusal("Choose an answer of this budget that was a yes.", field="question")
    if row.journal_id == journal_id:
        return
    if row.journal_id is not None:
        raise Refusal("This was accounted for already. Reload the page.", field="question")
    uow.change(row, journal_id=journal_id, spent_pence=amount_pence)
    uow.record("purchase_accounted", about=row, phb_id=row.phb_id, person_id=row.person_id, amount_pence=amount_pence)
    waiting = select(Task).where(
        col(Task.kind) == PURCHASE_BOUGHT, col(Task.part_id) == row.id, col(Task.done_at).is_(None)
    )
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)
