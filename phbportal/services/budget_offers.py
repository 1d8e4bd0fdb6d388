"""Offering a budget to a person, and recording what they answer (domain.md §3.1, step 1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budget_offers import (
    OPEN,
    Answer,
    OfferHow,
    Teller,
    answer_problems,
    offer_problems,
)
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.path import case_step
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.phbs import PhbKind, PhbStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.policy.permissions import Permission
from phbportal.services.phbs import check_only_one
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.path import BudgetOffer
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class OfferEntry:
    """An offer as it was made."""

    offered_on: date
    how: OfferHow
    information_given: bool = True
    advocacy_offered: bool = True


@dataclass(frozen=True, slots=True)
class AnswerEntry:
    """What the person, or whoever decides for them, answered. ``again_on`` is when to ask or offer again."""

    answer: Answer
    answered_on: date
    by: Teller = Teller.PERSON
    name: str = ""
    reason: str = ""
    again_on: date | None = None


def read_offer(form: Mapping[str, object]) -> OfferEntry:
    """Read the form of an offer."""
    r = Reading(form)
    on = r.day("offered_on", needed="Enter the day the budget was offered.")
    how = r.choice("how", OfferHow, needed="Choose how it was offered.")
    information, advocacy = r.yes("information_given"), r.yes("advocacy_offered")
    r.finish()
    return OfferEntry(given(on), given(how), information, advocacy)


def read_answer(form: Mapping[str, object], today: date) -> AnswerEntry:
    """Read the form of an answer."""
    r = Reading(form)
    answer = r.choice("answer", Answer, needed="Choose what the answer is.")
    on = r.day("answered_on", needed="Enter the day of the answer.")
    by = r.choice("by", Teller, needed="Choose who answered.")
    name, reason = r.text("name"), r.text("reason", longest=2000)
    again = r.day("again_on")
    if again and again <= today:
        r.problem("The day to ask again must be after today.", "again_on")
    r.finish()
    return AnswerEntry(given(answer), given(on), given(by), name, reason, again)


def read_own_answer(form: Mapping[str, object]) -> tuple[Answer, str]:
    """Read the form a holder or their representative answers by: the answer, and what they say with it."""
    r = Reading(form)
    answer = r.choice("answer", Answer, needed="Choose yes, no, or more time.")
    if answer is Answer.PENDING:
        r.problem("Choose yes, no, or more time.", "answer")
    reason = r.text("reason", longest=2000)
    r.finish()
    return given(answer), reason


def make_offer(uow: UnitOfWork, phb_id: UUID, entry: OfferEntry) -> UUID:
    """Record that a budget was offered, with information and an advocate; again after it was declined.

    Returns the id of the offer. Refuses a person who has died, an eligibility that ended, and a second ongoing budget.
    """
    person = uow.find(Person, uow.find(Phb, phb_id).person_id, lock=True)
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.BUDGET_OFFER, phb)
    after = case_step(PhbStatus(phb.status), "offer")
    if person.died_on is not None:
        raise Refusal("This person has died, so a budget cannot be offered.")
    eligible = uow.session.get(Eligibility, phb.eligibility_id) if phb.eligibility_id else None
    if eligible is not None and eligible.ends_on is not None and eligible.ends_on < uow.today:
        raise Refusal("What made this person eligible has ended. Record a current eligibility and open a new budget.")
    if phb.status == PhbStatus.DECLINED:
        check_only_one(uow, person.id, phb.cohort, PhbKind(phb.kind))
    known_since = min(eligible.decided_on, phb.opened_on) if eligible else phb.opened_on
    refuse_if(
        offer_problems(
            entry.offered_on, uow.today, known_since=known_since, information_given=entry.information_given,
            advocacy_offered=entry.advocacy_offered,
        )
    )  # fmt: skip
    offer = uow.add(
        BudgetOffer, icb_id=phb.icb_id, phb_id=phb.id, offered_on=entry.offered_on, how=entry.how.value,
        information_given=entry.information_given, advocacy_offered=entry.advocacy_offered,
        answer=Answer.PENDING.value,
    )  # fmt: skip
    uow.change(phb, status=after.value, ended_on=None, end_reason="")
    uow.record("budget_offered", about=offer, phb_id=phb.id, person_id=person.id, on=entry.offered_on)
    return offer.id


def open_offer(uow: UnitOfWork, phb_id: UUID) -> BudgetOffer:
    """The offer of a budget that waits for its answer. Raises a Refusal where none does."""
    found = uow.session.execute(
        select(BudgetOffer)
        .where(col(BudgetOffer.phb_id) == phb_id, col(BudgetOffer.answer).in_([one.value for one in OPEN]))
        .order_by(col(BudgetOffer.id).desc())
        .limit(1)
    ).scalar_one_or_none()
    if found is None:
        raise Refusal("No offer of this budget waits for an answer. Reload the page.")
    return found


def record_answer(uow: UnitOfWork, phb_id: UUID, entry: AnswerEntry) -> None:
    """Record what a person, or whoever decides for them, told the team."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.BUDGET_OFFER, phb)
    _answer(uow, phb, entry)


def answer_own_offer(uow: UnitOfWork, phb_id: UUID, answer: Answer, *, reason: str = "") -> None:
    """The holder's own answer in the portal, or that of their representative."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.BUDGET_OFFER_ANSWER, phb)
    by = Teller.REPRESENTATIVE if uow.actor.role is Role.REPRESENTATIVE else Teller.PERSON
    _answer(uow, phb, AnswerEntry(answer, uow.today, by, uow.actor.display_name, reason))


def _answer(uow: UnitOfWork, phb: Phb, entry: AnswerEntry) -> None:
    offer = uow.find(BudgetOffer, open_offer(uow, phb.id).id, lock=True)
    person = uow.session.get_one(Person, phb.person_id)
    refuse_if(
        answer_problems(
            entry.answer, entry.answered_on, uow.today, offered_on=offer.offered_on, reason=entry.reason,
            needs_representative=person.lacks_capacity
            or is_child_for_direct_payments(person.date_of_birth, entry.answered_on),
            by=entry.by, name=entry.name,
        )
    )  # fmt: skip
    verb = {Answer.ACCEPTED: "accept", Answer.DECLINED: "decline"}.get(entry.answer)
    after = case_step(PhbStatus(phb.status), verb) if verb else PhbStatus(phb.status)
    uow.change(
        offer, answer=entry.answer.value, answered_on=entry.answered_on, answered_by=entry.by.value,
        answered_name=entry.name.strip()[:200], reason=entry.reason.strip()[:2000], again_on=entry.again_on,
    )  # fmt: skip
    if after is PhbStatus.DECLINED:
        uow.change(phb, status=after.value, ended_on=entry.answered_on, end_reason="DECLINED")
    elif verb:
        uow.change(phb, status=after.value)
    uow.record("offer_answered", about=offer, phb_id=phb.id, person_id=phb.person_id, answer=entry.answer.value,
               on=entry.answered_on)  # fmt: skip


def begin_assessing(uow: UnitOfWork, phb_id: UUID) -> None:
    """Say that the person's needs are being assessed with them."""
    phb = uow.find(Phb, phb_id, lock=True)
    uow.require(Permission.BUDGET_OFFER, phb)
    uow.change(phb, status=case_step(PhbStatus(phb.status), "assess").value)
    uow.record("assessing_begun", about=phb, phb_id=phb.id, person_id=phb.person_id)
