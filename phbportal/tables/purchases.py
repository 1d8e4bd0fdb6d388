"""Questions asked before buying something, and their answers."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index

from phbportal.domain.purchases import Answered
from phbportal.domain.roles import Role
from phbportal.tables.base import Record, bare_id, day, link, one_of, pence, positive, text


class PurchaseQuestion(Record, table=True):
    """What somebody would like to buy, what it costs and what for; ``rules`` are the codes of the rules it seemed to
    touch, ``task_id`` the task that waits for the answer. What was bought after a yes is what its buyer says of it;
    ``journal_id`` is the entry by which it was accounted for, of ``spent_pence``."""

    __tablename__ = "purchase_question"
    __table_args__ = (
        one_of("purchase_question", "status", Answered),
        one_of("purchase_question", "asked_as", (Role.HOLDER.value, Role.REPRESENTATIVE.value, Role.NOMINEE.value)),
        positive("purchase_question", "cost_pence"),
        Index("ix_purchase_question_waiting", "icb_id", "status", "due_on"),
    )

    phb_id: UUID = link("phb")
    person_id: UUID = link("person", personal=True)
    icb_id: UUID = link("organisation", index=False)
    outcome_id: UUID | None = link("outcome", default=None, index=False)
    question: str = text(personal=True, length=1000)
    cost_pence: int = pence("what it would cost")
    asked_as: str = text(personal=True, length=20)
    asked_name: str = text(personal=True)
    asked_by: UUID = link("user_account", why="who asked", index=False)
    asked_on: date = day()
    due_on: date = day()
    rules: str = text(personal=True, length=100, default="")
    status: str = text(length=8)
    answer: str = text(personal=True, length=2000, default="")
    answered_by: UUID | None = bare_id(default=None)
    answered_on: date | None = day(default=None)
    task_id: UUID | None = bare_id(default=None)
    bought_pence: int | None = pence("what it cost in the end", default=None)
    bought_on: date | None = day(default=None)
    bought_from: str | None = text(personal=True, length=100, default=None)
    bought_name: str | None = text(personal=True, default=None)
    spent_pence: int | None = pence("what was accounted for", default=None)
    journal_id: UUID | None = bare_id(default=None)
