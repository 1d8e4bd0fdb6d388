"""Reviews of a plan and its budget: kinds, when each is due, what is found (SI 2013/1617 reg 14, domain.md §1.12)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.periods import months_after


class ReviewKind(StrEnum):
    FIRST = "FIRST"
    ANNUAL = "ANNUAL"
    UNPLANNED = "UNPLANNED"
    AGE16 = "AGE16"
    AGE18 = "AGE18"
    DEATH = "DEATH"
    CHANGE = "CHANGE"
    PAYEE = "PAYEE"


REVIEW_WORDS: dict[ReviewKind, str] = {
    ReviewKind.FIRST: "First review",
    ReviewKind.ANNUAL: "Yearly review",
    ReviewKind.UNPLANNED: "Unplanned review",
    ReviewKind.AGE16: "Review at 16",
    ReviewKind.AGE18: "Review at 18",
    ReviewKind.DEATH: "Review after a death",
    ReviewKind.CHANGE: "Review of a change",
    ReviewKind.PAYEE: "Review of who is paid",
}

REGULAR = (ReviewKind.FIRST, ReviewKind.ANNUAL)
"""The reviews the law wants by a day: the first within three months, then at most a year apart (invariant I22)."""
ASKED_FOR = (ReviewKind.UNPLANNED, ReviewKind.CHANGE, ReviewKind.PAYEE)
"""What a person may set a review for; the portal sets the others."""
FIRST_MONTHS, NEXT_MONTHS = 3, 12
"""The longest the law allows (reg 14); a board's own setting may be shorter."""
CHANGE_DAYS = 14
AGE18_MONTHS = (12, 6)
"""How long before an 18th birthday the team is warned, and warned again (domain.md §1.18)."""
CHECKLIST_AGE, PRINCIPLE_AGE = 14, 16
"""When the adult checklist of a child in continuing care begins, and when what comes after 18 is decided in principle
(domain.md §1.3)."""
SHORTEST_FINDINGS = 20


class MoneyUsed(StrEnum):
    AS_AGREED = "AS_AGREED"
    LESS = "LESS"
    MORE = "MORE"
    OTHERWISE = "OTHERWISE"


MONEY_USED_WORDS: dict[MoneyUsed, str] = {
    MoneyUsed.AS_AGREED: "As the plan says",
    MoneyUsed.LESS: "Less than was paid",
    MoneyUsed.MORE: "All of it, and it was not enough",
    MoneyUsed.OTHERWISE: "On something that is not in the plan",
}


class ReviewResult(StrEnum):
    CONTINUE = "CONTINUE"
    AMEND_PLAN = "AMEND_PLAN"
    CHANGE_AMOUNT = "CHANGE_AMOUNT"
    CHANGE_PAYEE = "CHANGE_PAYEE"
    CONDITIONS = "CONDITIONS"
    STOP = "STOP"


RESULT_WORDS: dict[ReviewResult, str] = {
    ReviewResult.CONTINUE: "Nothing, it goes on as it is",
    ReviewResult.AMEND_PLAN: "The plan",
    ReviewResult.CHANGE_AMOUNT: "The amount",
    ReviewResult.CHANGE_PAYEE: "Who is paid, or how the money is managed",
    ReviewResult.CONDITIONS: "Conditions are added",
    ReviewResult.STOP: "It may have to stop",
}
RESULT_TASKS: dict[ReviewResult, str] = {
    ReviewResult.AMEND_PLAN: "write a new version of the plan, as the review found.",
    ReviewResult.CHANGE_AMOUNT: "write a new version of the plan with another amount, as the review found.",
    ReviewResult.CHANGE_PAYEE: "change who is paid or how the money is managed, as the review found.",
    ReviewResult.CONDITIONS: "tell the person in writing of the conditions that the review added.",
    ReviewResult.STOP: "decide whether the payment stops, with notice, reasons and other care, as the review found.",
}
"""What each result leaves to do, after the budget's reference; nothing where it goes on as it is."""


class Satisfaction(StrEnum):
    VERY_GOOD = "VERY_GOOD"
    GOOD = "GOOD"
    MIXED = "MIXED"
    BAD = "BAD"


SATISFACTION_WORDS: dict[Satisfaction, str] = {
    Satisfaction.VERY_GOOD: "Very well",
    Satisfaction.GOOD: "Well",
    Satisfaction.MIXED: "Some of it works, some does not",
    Satisfaction.BAD: "Not well",
}


class Control(StrEnum):
    YES = "YES"
    PARTLY = "PARTLY"
    NO = "NO"


CONTROL_WORDS: dict[Control, str] = {
    Control.YES: "Yes, I decide",
    Control.PARTLY: "Sometimes",
    Control.NO: "No, others decide",
}


class AnsweredBy(StrEnum):
    HOLDER = "HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    STAFF = "STAFF"


ANSWERED_WORDS: dict[AnsweredBy, str] = {
    AnsweredBy.HOLDER: "The holder, in the portal",
    AnsweredBy.REPRESENTATIVE: "Their representative, in the portal",
    AnsweredBy.STAFF: "The holder, written down by the team",
}


ASKED_BEFORE = tuple(kind for kind in ReviewKind if kind is not ReviewKind.DEATH)
"""The reviews before which whoever is paid is asked how it goes; after a death the accounts are looked at."""


class SaidAs(StrEnum):
    """Whoever is paid for the person and says something before a review (domain.md §9.3)."""

    NOMINEE = "NOMINEE"
    PROVIDER = "PROVIDER"


SAID_AS_WORDS: dict[SaidAs, str] = {
    SaidAs.NOMINEE: "Nominee",
    SaidAs.PROVIDER: "Organisation that holds the money",
}

QUESTIONS: tuple[str, ...] = (
    "Is your care safe, and is it enough?",
    "How far are you with each thing you want to achieve?",
    "Is the money enough, and what did you use it for?",
    "How well does your budget work for you?",
    "Do you decide about your own care?",
    "What should change?",
)
"""What a review asks, as its holder reads it beforehand."""


def first_due(first_payment_on: date, months: int = FIRST_MONTHS) -> date:
    """The latest day of the first review: the board's months after the first payment, three at most (I22, T01)."""
    return months_after(first_payment_on, min(months, FIRST_MONTHS))


def next_due(held_on: date, months: int = NEXT_MONTHS) -> date:
    """The latest day of the review after one that was held: the board's months after it, twelve at most (I22)."""
    return months_after(held_on, min(months, NEXT_MONTHS))


def next_problem(chosen: date, held_on: date, months: int) -> Problem | None:
    """Why the next review cannot be on the day that was chosen."""
    if chosen <= held_on:
        return Problem("The next review must be after this one.", "next_due")
    if chosen > next_due(held_on, months):
        latest = "a year" if min(months, NEXT_MONTHS) == NEXT_MONTHS else f"{months} months"
        return Problem(f"The next review must be within {latest} of this one.", "next_due")
    return None
