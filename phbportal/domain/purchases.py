"""“Ask before you buy”: a question about something one would like to buy, answered in words and kept (issue 6 §3)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.money import pounds
from phbportal.domain.text import long_date

SHORTEST_ANSWER = 10
ANSWER_DAYS_SETTING = "purchase_answer_days"


class Answered(StrEnum):
    """Where a question stands. ``TALK``: neither yes nor no yet, the team talks with whoever asked."""

    OPEN = "OPEN"
    YES = "YES"
    NO = "NO"
    TALK = "TALK"


ANSWERED_WORDS: dict[Answered, str] = {
    Answered.OPEN: "Waiting for an answer",
    Answered.YES: "Yes, the money may buy it",
    Answered.NO: "No, the money may not buy it",
    Answered.TALK: "We will talk with you about it",
}
ANSWERS: dict[Answered, str] = {code: words for code, words in ANSWERED_WORDS.items() if code is not Answered.OPEN}


def check_open(status: Answered) -> None:
    """A question is answered once; “we will talk” may still become a yes or a no."""
    if status in (Answered.YES, Answered.NO):
        raise Refusal("This question has been answered already. Reload the page to see the answer.")


def bought_problems(
    status: Answered, *, cost_pence: int, on: date, answered_on: date | None, today: date
) -> list[Problem]:
    """What is wrong with what somebody says they bought: only what had a yes, and after it."""
    if status is not Answered.YES:
        raise Refusal("Only something your team said yes to can be told of here.")
    problems: list[Problem] = []
    if cost_pence <= 0:
        problems.append(Problem("Enter what it cost.", "bought"))
    if on > today:
        problems.append(Problem("The day cannot be in the future.", "bought_on"))
    elif answered_on is not None and on < answered_on:
        said = long_date(answered_on)
        problems.append(Problem(f"Your team said yes on {said}. The day cannot be before that.", "bought_on"))
    return problems


def compared(agreed_pence: int, spent_pence: int) -> str:
    """How what was spent stands to what was agreed, in words. The question was about how much, so a penny more is said
    as much as a pound: whoever checks decides what is near enough."""
    over = spent_pence - agreed_pence
    if over > 0:
        return f"{pounds(over)} more than the {pounds(agreed_pence)} that was agreed."
    if over < 0:
        return f"Within the {pounds(agreed_pence)} that was agreed: {pounds(-over)} less."
    return f"Exactly the {pounds(agreed_pence)} that was agreed."


def answer_problem(answer: str) -> Problem | None:
    """An answer says why: whoever asked reads it."""
    if len(answer.strip()) < SHORTEST_ANSWER:
        return Problem("Say why in a sentence. Whoever asked reads this.", "answer")
    return None
