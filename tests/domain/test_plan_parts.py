"""The parts of a plan: which sections there are, what is still unwritten, and when a risk must be accepted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Refusal
from phbportal.domain.plan_parts import (
    HOLDER_HINTS,
    HOLDER_WORDS,
    MUST_BE_ACCEPTED,
    NEEDED,
    PLACE_WORDS,
    SECTION_HINTS,
    SECTION_WORDS,
    Place,
    RiskFact,
    Section,
    check_risk,
    risk_problem,
    risk_words,
    sections_for,
    unaccepted,
    unwritten,
)

SCALE = st.integers(1, 5)
RISKS = st.lists(st.builds(RiskFact, SCALE, SCALE, st.sampled_from(["", "  ", "Amina, 3 April"])), max_size=8)


def test_every_section_has_a_name_a_hint_and_a_name_in_the_first_person() -> None:
    assert set(SECTION_WORDS) == set(SECTION_HINTS) == set(HOLDER_WORDS) == set(HOLDER_HINTS) == set(Section)
    assert {place.value for place in Place} >= {section.value for section in Section}
    assert set(PLACE_WORDS) == set(Place)
    assert len(set(PLACE_WORDS.values())) == len(PLACE_WORDS), "two places would read the same"


@pytest.mark.parametrize("cohort", list(Cohort))
def test_only_those_who_may_have_an_ehc_plan_have_education_outcomes(cohort: Cohort) -> None:
    assert (Section.EDUCATION in sections_for(cohort)) is (cohort in (Cohort.CYPCC, Cohort.EHC))


@pytest.mark.parametrize("cohort", list(Cohort))
def test_what_regulation_8_asks_for_is_unwritten_until_it_is_written(cohort: Cohort) -> None:
    assert unwritten({}, cohort) == NEEDED
    assert unwritten(dict.fromkeys(Section, "  "), cohort) == NEEDED
    assert unwritten(dict.fromkeys(Section, "Said."), cohort) == ()
    assert unwritten({Section.NEEDS: "At night."}, cohort) == NEEDED[1:]


@settings(max_examples=200, deadline=None)
@given(RISKS)
def test_a_plan_is_held_up_by_exactly_its_high_risks_that_nobody_accepted(risks: list[RiskFact]) -> None:
    high = [r for r in risks if r.likelihood * r.impact >= 15]
    blank = [r for r in high if not r.accepted_by.strip()]
    assert unaccepted(risks) == len(blank)
    problem = risk_problem(risks)
    assert (problem is None) is (not blank)
    assert problem is None or problem.field == "risks"


@pytest.mark.parametrize(
    ("score", "words"),
    [(1, "Low"), (5, "Low"), (6, "Medium"), (14, "Medium"), (MUST_BE_ACCEPTED, "High"), (25, "High")],
)
def test_a_score_in_words(score: int, words: str) -> None:
    assert risk_words(score) == words


@pytest.mark.parametrize(("likelihood", "impact", "fields"), [
    (0, 3, ["likelihood"]), (3, 6, ["impact"]), (-1, 9, ["likelihood", "impact"]),
])  # fmt: skip
def test_what_is_not_on_the_scale_is_refused_beside_its_field(likelihood: int, impact: int, fields: list[str]) -> None:
    with pytest.raises(Refusal) as refused:
        check_risk(likelihood, impact)
    assert [problem.field for problem in refused.value.problems] == fields


def test_the_scale_is_from_one_to_five() -> None:
    for number in range(1, 6):
        check_risk(number, 6 - number)
