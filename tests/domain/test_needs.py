"""Assessments of needs: dates, areas, the assessor's registration, and what may rest on one."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from phbportal.domain.needs import (
    AREA_WORDS,
    OUTCOME_WORDS,
    OWN_OUTCOME,
    NeedArea,
    NeedsOutcome,
    assessment_problems,
    assessor_problems,
    can_find_eligible,
)

TODAY = date(2026, 4, 1)
RIGHT: dict[str, Any] = {
    "assessed_on": TODAY, "next_due_on": date(2027, 4, 1), "outcome": NeedsOutcome.NEEDS, "areas": ["MOVING"],
    "born_on": date(1961, 2, 3), "today": TODAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"assessed_on": date(2026, 4, 2)}, "assessed_on", "cannot be in the future"),
        (
            {"assessed_on": date(1961, 2, 2), "next_due_on": date(1962, 1, 1)},
            "assessed_on",
            "before the person was born",
        ),
        ({"next_due_on": None}, "next_due_on", "Enter when the needs are looked at again."),
        ({"next_due_on": TODAY}, "next_due_on", "must be after this one"),
        ({"next_due_on": date(2028, 4, 2)}, "next_due_on", "within two years"),
        ({"areas": []}, "needs-more", "at least one need"),
        ({"areas": ["MOVING", "SKIN", "MOVING"]}, "needs-2-area", "“Moving about” is there twice."),
    ],
    ids=["tomorrow", "before birth", "no next", "next not after", "too far", "no needs", "twice"],
)
def test_what_cannot_be_has_its_sentence_beside_its_field(changed: dict[str, Any], field: str, sentence: str) -> None:
    (problem,) = assessment_problems(**RIGHT | changed)
    assert (problem.field, sentence in problem.sentence) == (field, True)


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"next_due_on": date(2028, 4, 1)},
        {"outcome": NeedsOutcome.NO_NEEDS, "areas": [], "next_due_on": None},
        {"outcome": NeedsOutcome.MORE_TO_FIND, "areas": []},
        {"areas": ["OTHER", "OTHER"]},
    ],
    ids=["usual", "two years to the day", "no needs", "more to find", "two other things"],
)
def test_what_can_be_is_let_through(changed: dict[str, Any]) -> None:
    assert assessment_problems(**RIGHT | changed) == []


def test_a_registration_is_whole_or_not_there() -> None:
    assert assessor_problems("", "") == ("", [])
    assert assessor_problems("NMC", "12a3456e") == ("12A3456E", [])
    for body, number, field in (("NMC", "", "number"), ("", "12A3456E", "body"), ("GMC", "12A3456E", "number")):
        (problem,) = assessor_problems(body, number)[1]
        assert problem.field == field


def test_only_an_assessment_that_found_needs_makes_anybody_eligible() -> None:
    assert can_find_eligible(NeedsOutcome.NEEDS) is None
    for outcome in (NeedsOutcome.NO_NEEDS, NeedsOutcome.MORE_TO_FIND):
        assert can_find_eligible(outcome) is not None


def test_everything_has_words() -> None:
    assert set(AREA_WORDS) == set(NeedArea)
    assert set(OUTCOME_WORDS) == set(OWN_OUTCOME) == set(NeedsOutcome)
