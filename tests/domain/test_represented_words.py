"""What a representative reads of a person's plan: the person by name, never "your", and nothing left out."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain import holder_words, represented_words
from phbportal.domain.exclusions import EXCLUSIONS
from phbportal.domain.needs import NeedsOutcome
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.represented_words import (
    budget_standing,
    control_words,
    needs_sentences,
    pays,
    plan_standing,
    review_day,
    review_questions,
    review_reason,
    review_sentences,
)
from phbportal.domain.reviews import Control, ReviewKind
from phbportal.domain.streams import Method

NAME = "Noah Iqbal-Webb"
TODAY = date(2026, 11, 26)


def everything_said() -> list[str]:
    """Every sentence there is about somebody else."""
    said = [words for status in PhbStatus for words in budget_standing(status, NAME)]
    said += [words for status in PlanStatus for words in plan_standing(status, NAME)]
    said += [pays(method, NAME) for method in (*Method, None)]
    for due in (None, date(2026, 11, 1), date(2027, 2, 1)):
        said += review_sentences(due, TODAY, NAME)
    for outcome in NeedsOutcome:
        said += needs_sentences("Beatrice Okoro", date(2026, 11, 16), outcome, date(2027, 11, 16), NAME)
    said += [review_reason(kind, NAME) for kind in ReviewKind]
    said += review_day(date(2026, 11, 1), TODAY, NAME) + review_day(TODAY, TODAY, NAME)
    return said + [one.for_others for one in EXCLUSIONS]


def test_nothing_of_the_person_s_is_called_the_reader_s() -> None:
    for words in everything_said():
        assert "your" not in words.lower().split(), words
        assert "{" not in words, words


def test_whatever_a_holder_is_told_a_representative_is_told_too() -> None:
    for status in PhbStatus:
        assert len(budget_standing(status, NAME)) == len(holder_words.PHB_SENTENCES[status])
    for status in PlanStatus:
        assert len(plan_standing(status, NAME)) == len(holder_words.PLAN_SENTENCES[status])
    assert set(represented_words.METHOD_PAYS) == set(Method)


def test_a_holder_reads_of_themselves() -> None:
    assert budget_standing(PhbStatus.PLANNING, "")[0] == "You and your team are writing your plan."
    assert plan_standing(PlanStatus.DRAFT, "")[0] == "You and your team are writing your plan."
    assert pays(Method.DIRECT_PAYMENT, "") == "You pay for this from your budget"
    assert pays(None, "") == "Ask your team who pays"


@pytest.mark.parametrize(
    ("due", "name", "said"),
    [
        (date(2026, 11, 25), "", "Your review was due on 25 November 2026."),
        (TODAY, "", "Your next review is by 26 November 2026."),
        (date(2026, 11, 25), NAME, "The review for Noah Iqbal-Webb was due on 25 November 2026."),
        (TODAY, NAME, "The next review for Noah Iqbal-Webb is by 26 November 2026."),
        (None, NAME, "No date is set yet. You can ask for a review at any time."),
    ],
)
def test_a_review_is_late_only_from_the_day_after(due: date | None, name: str, said: str) -> None:
    assert review_sentences(due, TODAY, name)[0] == said


def test_a_review_s_day_and_reason_are_said_to_the_person_and_of_them() -> None:
    assert review_day(TODAY, TODAY, "") == [
        "Your review is by 26 November 2026.", "Your team will find a day with you.",
    ]  # fmt: skip
    assert review_day(date(2026, 11, 25), TODAY, NAME) == [
        "The review for Noah Iqbal-Webb was due on 25 November 2026.", "Ask the team when it will be.",
    ]  # fmt: skip
    assert review_reason(ReviewKind.AGE16, "") == "You are 16, so you decide about your budget now."
    assert review_reason(ReviewKind.AGE16, NAME) == "Noah Iqbal-Webb is 16, and decides about the budget now."


def test_what_a_review_asks_names_whoever_somebody_answers_for() -> None:
    assert "Do you decide about your own care?" in review_questions("")
    of_them = review_questions(NAME)
    assert "Does Noah Iqbal-Webb decide about their own care?" in of_them
    assert len(of_them) == len(review_questions(""))
    assert not [one for one in of_them if " you" in one.lower()], "the reader is not asked about themselves"
    assert [control_words(Control.YES, name) for name in ("", NAME)] == ["Yes, I decide", "Yes, they decide"]


def test_an_assessment_names_whose_needs_they_are() -> None:
    said = needs_sentences("Beatrice Okoro", date(2026, 11, 16), NeedsOutcome.NEEDS, None, NAME)
    assert said == [
        "Beatrice Okoro looked at what Noah Iqbal-Webb needs on 16 November 2026.",
        "A personal health budget can help with it.",
    ]
