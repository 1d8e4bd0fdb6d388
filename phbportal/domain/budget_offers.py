"""The offer of a budget to a person, and their answer (domain.md §3.1, step 1; §9.1 Offer)."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.text import long_date


class OfferHow(StrEnum):
    IN_PERSON = "IN_PERSON"
    TELEPHONE = "TELEPHONE"
    VIDEO = "VIDEO"
    LETTER = "LETTER"
    EMAIL = "EMAIL"


HOW_WORDS: dict[OfferHow, str] = {
    OfferHow.IN_PERSON: "In person",
    OfferHow.TELEPHONE: "By telephone",
    OfferHow.VIDEO: "By video call",
    OfferHow.LETTER: "By letter",
    OfferHow.EMAIL: "By e-mail",
}


class Answer(StrEnum):
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    MORE_TIME = "MORE_TIME"


ANSWER_WORDS: dict[Answer, str] = {
    Answer.PENDING: "Not answered yet",
    Answer.ACCEPTED: "Accepted",
    Answer.DECLINED: "Declined",
    Answer.MORE_TIME: "Wants more time",
}
OPEN = (Answer.PENDING, Answer.MORE_TIME)
"""An offer that waits for an answer still."""


class Teller(StrEnum):
    """Who answered, or who was told."""

    PERSON = "PERSON"
    REPRESENTATIVE = "REPRESENTATIVE"


TELLER_WORDS: dict[Teller, str] = {Teller.PERSON: "The person", Teller.REPRESENTATIVE: "Their representative"}


def offer_problems(
    offered_on: date, today: date, *, known_since: date, information_given: bool, advocacy_offered: bool
) -> list[Problem]:
    """What is wrong with an offer: impossible days, or no information or advocacy with it (SI 2013/1617 reg 9)."""
    problems: list[Problem] = []
    if offered_on > today:
        problems.append(Problem("The offer cannot have been made in the future.", "offered_on"))
    elif offered_on < known_since:
        problems.append(
            Problem(
                f"The person was found eligible from {long_date(known_since)}. The offer cannot be earlier.",
                "offered_on",
            )
        )
    if not information_given:
        problems.append(
            Problem("Give the person information they can use, then record the offer.", "information_given")
        )
    if not advocacy_offered:
        problems.append(Problem("Offer the person an advocate, then record the offer.", "advocacy_offered"))
    return problems


def answer_problems(
    answer: Answer, answered_on: date, today: date, *, offered_on: date, reason: str, needs_representative: bool,
    by: Teller, name: str,
) -> list[Problem]:  # fmt: skip
    """What is wrong with an answer: who may give it (domain.md §1.3), on which day, and a reason where one is owed."""
    problems: list[Problem] = []
    if answer is Answer.PENDING:
        problems.append(Problem("Choose what the answer is.", "answer"))
    if answered_on > today:
        problems.append(Problem("The answer cannot have been given in the future.", "answered_on"))
    elif answered_on < offered_on:
        problems.append(
            Problem(f"The offer was made on {long_date(offered_on)}. The answer cannot be earlier.", "answered_on")
        )
    if answer is Answer.DECLINED and len(reason.strip()) < 5:
        problems.append(Problem("Say why the offer was declined, in the person’s own words if you can.", "reason"))
    if needs_representative and by is Teller.PERSON:
        problems.append(
            Problem("This person needs a representative to decide for them. Record who answered for them.", "by")
        )
    if by is Teller.REPRESENTATIVE and not name.strip():
        problems.append(Problem("Enter the name of whoever answered for the person.", "name"))
    return problems
