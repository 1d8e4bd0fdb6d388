"""The offer of a budget and its answer: what each must say (domain.md §3.1, SI 2013/1617 reg 9)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from phbportal.domain.budget_offers import (
    ANSWER_WORDS,
    HOW_WORDS,
    TELLER_WORDS,
    Answer,
    OfferHow,
    Teller,
    answer_problems,
    offer_problems,
)

TODAY = date(2026, 4, 20)
KNOWN = date(2026, 4, 1)


def of_offer(offered_on: date = TODAY, *, information: bool = True, advocacy: bool = True) -> list[str | None]:
    found = offer_problems(
        offered_on, TODAY, known_since=KNOWN, information_given=information, advocacy_offered=advocacy
    )
    return [problem.field for problem in found]


def test_an_offer_is_made_between_the_eligibility_and_today_with_information_and_an_advocate() -> None:
    assert of_offer() == of_offer(KNOWN) == []
    assert of_offer(KNOWN - timedelta(days=1)) == of_offer(TODAY + timedelta(days=1)) == ["offered_on"]
    assert of_offer(information=False) == ["information_given"]
    assert of_offer(advocacy=False) == ["advocacy_offered"]


@pytest.mark.parametrize(
    ("change", "fields"),
    [
        ({}, []),
        ({"answer": Answer.MORE_TIME}, []),
        ({"answer": Answer.PENDING}, ["answer"]),
        ({"answer": Answer.DECLINED}, ["reason"]),
        ({"answer": Answer.DECLINED, "reason": "It is too much paperwork."}, []),
        ({"answered_on": TODAY + timedelta(days=1)}, ["answered_on"]),
        ({"answered_on": KNOWN - timedelta(days=1)}, ["answered_on"]),
        ({"needs_representative": True}, ["by"]),
        ({"by": Teller.REPRESENTATIVE}, ["name"]),
        ({"needs_representative": True, "by": Teller.REPRESENTATIVE, "name": "A. Parent"}, []),
    ],
    ids=lambda value: "",
)
def test_what_an_answer_must_say(change: dict[str, Any], fields: list[str]) -> None:
    said: dict[str, Any] = {
        "answer": Answer.ACCEPTED, "answered_on": TODAY, "offered_on": KNOWN, "reason": "",
        "needs_representative": False, "by": Teller.PERSON, "name": "",
    } | change  # fmt: skip
    answer, answered_on = said.pop("answer"), said.pop("answered_on")
    assert [p.field for p in answer_problems(answer, answered_on, TODAY, **said)] == fields


def test_every_code_has_words() -> None:
    assert (ANSWER_WORDS.keys(), HOW_WORDS.keys(), TELLER_WORDS.keys()) == (set(Answer), set(OfferHow), set(Teller))
