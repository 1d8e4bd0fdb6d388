"""A decision looked at again by somebody who had no part in it (SI 2013/2354; domain.md §1.6, invariant I24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from phbportal.domain.decisions import AGAINST, IN_FORCE, OF_MONEY, DecisionKind, DecisionStatus, reasons_problem
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.periods import months_after
from phbportal.domain.text import long_date, plural

LONGEST_WORDS = 4_000


class ReconsiderationStatus(StrEnum):
    ASKED = "ASKED"
    DECIDED = "DECIDED"
    WITHDRAWN = "WITHDRAWN"


RECONSIDERATION_STATUS_WORDS: dict[ReconsiderationStatus, str] = {
    ReconsiderationStatus.ASKED: "Asked for",
    ReconsiderationStatus.DECIDED: "Decided",
    ReconsiderationStatus.WITHDRAWN: "Withdrawn",
}


class Outcome(StrEnum):
    UPHELD = "UPHELD"
    CHANGED = "CHANGED"
    REVERSED = "REVERSED"


OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.UPHELD: "The decision stands",
    Outcome.CHANGED: "The decision is changed",
    Outcome.REVERSED: "The decision is reversed",
}


class Asker(StrEnum):
    """Who asks: the person, or somebody who acts for them."""

    HOLDER = "HOLDER"
    REPRESENTATIVE = "REPRESENTATIVE"
    NOMINEE = "NOMINEE"


ASKER_WORDS: dict[Asker, str] = {
    Asker.HOLDER: "The budget holder",
    Asker.REPRESENTATIVE: "A representative",
    Asker.NOMINEE: "The nominee",
}


class How(StrEnum):
    PORTAL = "PORTAL"
    LETTER = "LETTER"
    TELEPHONE = "TELEPHONE"
    MEETING = "MEETING"


HOW_WORDS: dict[How, str] = {
    How.PORTAL: "In the portal",
    How.LETTER: "By letter or e-mail",
    How.TELEPHONE: "By telephone",
    How.MEETING: "In person",
}


def may_be_asked(kind: DecisionKind, status: DecisionStatus) -> bool:
    """Whether a decision can be reconsidered: it goes against somebody, and stands."""
    return kind in AGAINST and status in IN_FORCE


def asking_problem(
    kind: DecisionKind, status: DecisionStatus, *, waits: bool, answered_on: date | None, again_months: int, on: date
) -> Problem | None:
    """Why a decision cannot be reconsidered now. Guidance asks for one in so many months (a setting; 0: no limit)."""
    if not may_be_asked(kind, status):
        return Problem("There is nothing to look at again: this decision does not stand.")
    if waits:
        return Problem("We are looking at this decision again already.")
    if answered_on is not None and again_months and on < (again := months_after(answered_on, again_months)):
        return Problem(
            f"We looked at this again on {long_date(answered_on)}. You can ask once more from {long_date(again)}. "
            "If something has changed before then, tell the team.", "words",
        )  # fmt: skip
    return None


@dataclass(frozen=True, slots=True)
class Answer:
    """An outcome as it is decided; ``effective_on`` and ``weekly_pence`` are the new terms of what goes on."""

    outcome: Outcome
    reasons: str
    effective_on: date | None = None
    weekly_pence: int | None = None


def answer_problems(
    answer: Answer, kind: DecisionKind, status: DecisionStatus, *, effective_on: date, weekly_before: int | None,
    weekly_after: int | None, today: date,
) -> list[Problem]:  # fmt: skip
    """What is wrong with an outcome. A changed refusal lets the case go on, as the reasons say; a changed reduction has
    another amount, or a later day; a changed stop or suspension a later day, as long as it has not begun."""
    found = [reasons_problem(answer.reasons)]
    day, weekly = answer.effective_on, answer.weekly_pence
    terms = day is not None or weekly is not None
    if terms and (answer.outcome is not Outcome.CHANGED or kind not in OF_MONEY):
        found.append(Problem("New terms belong to a reduction, stop or suspension that is changed.", "outcome"))
    elif answer.outcome is Outcome.CHANGED and kind in OF_MONEY:
        if not terms:
            found.append(Problem("Say what is changed: the day, or the amount.", "effective_on"))
        if weekly is not None and kind is not DecisionKind.REDUCE:
            found.append(Problem("Only a reduction has an amount.", "weekly"))
        elif weekly is not None and not (weekly_after or 0) < weekly < (weekly_before or 0):
            found.append(Problem("The amount must lie between the reduced one and the one before.", "weekly"))
        if day is not None and status is DecisionStatus.IN_EFFECT:
            found.append(Problem("It is in effect, so the day cannot be another. Reverse it, or change the amount.",
                                 "effective_on"))  # fmt: skip
        elif day is not None and (day <= effective_on or day < today):
            found.append(Problem("The new day must be later than the one that was decided.", "effective_on"))
    return [problem for problem in found if problem is not None]


def check_waiting(status: ReconsiderationStatus) -> None:
    """Refuse what is decided or withdrawn."""
    if status is not ReconsiderationStatus.ASKED:
        words = RECONSIDERATION_STATUS_WORDS[status].lower()
        raise Refusal(f"This is {words} already. Reload the page to see what came of it.")


def clock_words(due_on: date, today: date) -> str:
    """How the answer stands to its day, as the person reads it."""
    if due_on < today:
        return f"We should have answered by {long_date(due_on)}. That is {plural((today - due_on).days, 'day')} ago."
    return f"We will answer by {long_date(due_on)}."
