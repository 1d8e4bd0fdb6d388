"""What whoever represents a person reads of that person's budget and plan: the sentences of ``holder_words``, with the
person named.

"You" is the reader here, never the person. Every function takes the person's name, "" for a holder, who reads of
themselves.
"""

from __future__ import annotations

from datetime import date

from phbportal.domain import holder_words
from phbportal.domain.needs import OWN_OUTCOME, NeedsOutcome
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reviews import CONTROL_WORDS, QUESTIONS, Control, ReviewKind
from phbportal.domain.streams import Method
from phbportal.domain.text import long_date

_CHECKED_NEXT = "A nurse, a doctor or another health professional is checking it."

PHB_SENTENCES: dict[PhbStatus, tuple[str, ...]] = {
    PhbStatus.REFERRED: ("Somebody has asked for a personal health budget for {name}.", "The team will contact you."),
    PhbStatus.OFFERED: (
        "The NHS has offered {name} a personal health budget.",
        "Tell the team if {name} wants it, or if you want to know more.",
    ),
    PhbStatus.ACCEPTED: (
        "The answer to a personal health budget was yes.",
        "Next, the team finds out what {name} needs.",
    ),
    PhbStatus.ASSESSING: ("The team is finding out what {name} needs.", "Next, the plan is written together."),
    PhbStatus.INDICATIVE_SET: (
        "We have said about how much money there may be.",
        "Next, the plan is written together.",
    ),
    PhbStatus.PLANNING: ("The plan for {name} is being written.", "Next, the NHS checks the plan and agrees it."),
    PhbStatus.CLINICAL_REVIEW: ("The plan for {name} is written.", _CHECKED_NEXT),
    PhbStatus.FINANCE_REVIEW: ("The plan for {name} is written.", "The NHS is checking the money."),
    PhbStatus.PANEL: ("The plan for {name} is written and checked.", "Next, the NHS decides whether to agree it."),
    PhbStatus.APPROVED: ("The plan and the budget are agreed.", "The team is getting everything ready."),
    PhbStatus.RETURNED: ("The plan needs some changes.", "The team will talk about them with you."),
    PhbStatus.REFUSED: (
        "The NHS did not agree this budget.",
        "The team can tell you why, and how to ask for the decision to be looked at again.",
    ),
    PhbStatus.DECLINED: ("The answer to this budget was no.", "That can change. Tell the team."),
    PhbStatus.SETUP: ("The plan and the budget are agreed.", "The team is getting everything ready."),
    PhbStatus.ACTIVE: (),
    PhbStatus.CHANGE_PENDING: ("A change to the budget is being looked at.", "Nothing changes until it is agreed."),
    PhbStatus.SUSPENDED: ("The budget is on hold.", "The team can tell you why, and what happens next."),
    PhbStatus.STOPPING: (
        "The budget is coming to an end.",
        "The team will tell you what happens to the care of {name}.",
    ),
    PhbStatus.CLOSING: ("The budget is coming to an end.", "The team is working out what is left to pay."),
    PhbStatus.CLOSED: ("This budget has ended.",),
}

PLAN_SENTENCES: dict[PlanStatus, tuple[str, ...]] = {
    PlanStatus.DRAFT: ("The plan for {name} is being written.", "You will see it here when it is ready."),
    PlanStatus.SHARED: ("This is the plan so far.", "Tell the team what should change."),
    PlanStatus.SUBMITTED: ("This plan is not agreed yet.", _CHECKED_NEXT),
    PlanStatus.CLINICALLY_SIGNED: ("This plan is not agreed yet.", "The NHS is deciding whether to agree it."),
    PlanStatus.APPROVED: (),
    PlanStatus.ACTIVE: (),
    PlanStatus.RETURNED: ("The plan needs some changes.", "The team will talk about them with you."),
    PlanStatus.SUPERSEDED: ("This is an old plan.",),
    PlanStatus.ENDED: ("This plan has ended.",),
}

METHOD_PAYS: dict[Method, str] = {
    Method.DIRECT_PAYMENT: "Whoever is paid the money for {name} pays for this",
    Method.NOTIONAL: "The NHS pays for this",
    Method.THIRD_PARTY: "The organisation that holds the budget pays for this",
}


QUESTIONS_OF_THEM: tuple[str, ...] = (
    "Is the care of {name} safe, and is it enough?",
    "How far is {name} with each thing they want to achieve?",
    "Is the money enough, and what was it used for?",
    "How well does the budget work for {name}?",
    "Does {name} decide about their own care?",
    "What should change?",
)
CONTROL_OF_THEM: dict[Control, str] = CONTROL_WORDS | {Control.YES: "Yes, they decide"}
"""The answers to whether the person decides, as whoever answers for them reads them."""


def budget_standing(status: PhbStatus, name: str) -> list[str]:
    """Where a budget stands and what happens next, in sentences; none while all is as it should be."""
    return _named(PHB_SENTENCES[status], name) if name else list(holder_words.PHB_SENTENCES[status])


def plan_standing(status: PlanStatus, name: str) -> list[str]:
    """Where a plan stands, in sentences; none of one that is agreed."""
    return _named(PLAN_SENTENCES[status], name) if name else list(holder_words.PLAN_SENTENCES[status])


def pays(method: Method | None, name: str) -> str:
    """Who pays for a service, without a full stop; None where its money is not settled."""
    if method is None:
        return f"Ask {'the' if name else 'your'} team who pays"
    return METHOD_PAYS[method].format(name=name) if name else holder_words.METHOD_PAYS[method]


def review_sentences(due_on: date | None, today: date, name: str) -> list[str]:
    """When a plan is looked at again; ``due_on`` is None while no day is set."""
    if due_on is None:
        return ["No date is set yet. You can ask for a review at any time."]
    day, their, the = long_date(due_on), f"The review for {name}" if name else "Your review", "the" if name else "your"
    if due_on < today:
        return [f"{their} was due on {day}.", f"Ask {the} team when it will be."]
    if name:
        return [
            f"The next review for {name} is by {day}.",
            "It is a talk about what works and what should change, with you and the team.",
        ]
    return [f"Your next review is by {day}.", "You and your team will talk about what works and what should change."]


def review_day(due_on: date, today: date, name: str) -> list[str]:
    """When a review is, or was to be, and what happens about the day."""
    their, team = (f"The review for {name}", "The team") if name else ("Your review", "Your team")
    if due_on < today:
        return [f"{their} was due on {long_date(due_on)}.", f"Ask {team.lower()} when it will be."]
    return [f"{their} is by {long_date(due_on)}.", f"{team} will find a day with you."]


def review_reason(kind: ReviewKind, name: str) -> str:
    """Why a budget is reviewed, in a sentence."""
    you = {
        ReviewKind.FIRST: "We look at every budget when it is three months old.",
        ReviewKind.ANNUAL: "We look at every budget at least once a year.",
        ReviewKind.AGE16: "You are 16, so you decide about your budget now.",
        ReviewKind.AGE18: "You are 18 soon. We plan with you what comes after.",
        ReviewKind.PAYEE: "Somebody new looks after your money.",
    }
    of_them = {
        ReviewKind.AGE16: f"{name} is 16, and decides about the budget now.",
        ReviewKind.AGE18: f"{name} is 18 soon. We plan with both of you what comes after.",
        ReviewKind.PAYEE: f"Somebody new looks after the money for {name}.",
    }
    if name:
        changed = f"Something in the life of {name} has changed, or somebody asked for a review."
        return (you | of_them).get(kind, changed)
    return you.get(kind, "Something in your life has changed, or you asked for a review.")


def review_questions(name: str) -> list[str]:
    """What a review asks, as it is read beforehand."""
    return _named(QUESTIONS_OF_THEM, name) if name else list(QUESTIONS)


def control_words(control: Control, name: str) -> str:
    """What was answered to whether the person decides about their own care."""
    return (CONTROL_OF_THEM if name else CONTROL_WORDS)[control]


def needs_sentences(
    assessor: str, assessed_on: date, outcome: NeedsOutcome, next_due_on: date | None, name: str
) -> list[str]:
    """Who found out what is needed, when, what it means, and when it is looked at again (None: it need not be)."""
    day = long_date(assessed_on)
    if not name:
        said = [f"{assessor} talked with you about what you need on {day}.", OWN_OUTCOME[outcome]]
        return said + ([f"We look at your needs again by {long_date(next_due_on)}."] if next_due_on else [])
    said = [f"{assessor} looked at what {name} needs on {day}."]
    said.append("A personal health budget can help with it." if outcome is NeedsOutcome.NEEDS else OWN_OUTCOME[outcome])
    return said + ([f"We look at these needs again by {long_date(next_due_on)}."] if next_due_on else [])


def _named(sentences: tuple[str, ...], name: str) -> list[str]:
    return [words.format(name=name) for words in sentences]
