"""“Ask before you buy”: a question about something one would like to buy, answered in words and kept (issue 6 §3)."""

from __future__ import annotations

from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal

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


def answer_problem(answer: str) -> Problem | None:
    """An answer says why: whoever asked reads it."""
    if len(answer.strip()) < SHORTEST_ANSWER:
        return Problem("Say why in a sentence. Whoever asked reads this.", "answer")
    return None
