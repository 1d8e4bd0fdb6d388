"""Indicative against final, over a year; and what must be told before planning (domain.md §3.2)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.indicative import (
    TOOL_WORDS,
    Tool,
    is_above,
    planning_problem,
    shown_problems,
    tolerance_problem,
    year_pence,
)

TODAY = date(2026, 4, 1)
PENCE = st.integers(0, 10**7)
WHY = "Two nights a week were added after the visit."


def above(told: tuple[int, int], final: tuple[int, int], percent: int) -> bool:
    return is_above(
        indicative_weekly=told[0], indicative_one_off=told[1], final_weekly=final[0], final_one_off=final[1],
        tolerance_percent=percent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("final", "is_more"),
    [((110_000, 0), False), ((110_001, 0), True), ((100_000, 520_000), False), ((100_000, 520_001), True)],
    ids=["exactly 10% a week", "a penny a week more", "exactly 10% once", "a penny once more"],
)
def test_exactly_the_tolerance_is_within_it(final: tuple[int, int], is_more: bool) -> None:
    """£1,000.00 a week is £52,000.00 a year; a tenth of that is £5,200.00."""
    assert above((100_000, 0), final, 10) is is_more


@given(PENCE, PENCE, PENCE, PENCE, st.integers(0, 50))
@settings(max_examples=300)
def test_above_is_decided_in_whole_pence_of_a_year(
    weekly: int, once: int, final_weekly: int, final_once: int, percent: int
) -> None:
    told, final = year_pence(weekly, once), year_pence(final_weekly, final_once)
    assert above((weekly, once), (final_weekly, final_once), percent) is (100 * final > (100 + percent) * told)
    assert not above((weekly, once), (weekly, once), percent)


@pytest.mark.parametrize(("reason", "refused"), [("", True), ("Because.", True), (WHY, False)])
def test_a_budget_above_the_tolerance_needs_a_reason_of_its_own(reason: str, refused: bool) -> None:
    problem = tolerance_problem(
        reason, indicative_weekly=100_000, indicative_one_off=0, final_weekly=120_000, final_one_off=0,
        tolerance_percent=10,
    )  # fmt: skip
    assert (problem is not None) is refused
    if problem is not None:
        assert problem.field == "note"
        assert "£62,400.00 a year" in problem.sentence
        assert "£52,000.00" in problem.sentence


def test_planning_waits_until_an_amount_is_recorded_and_shown() -> None:
    none, unseen = planning_problem(None, recorded=False), planning_problem(None, recorded=True)
    assert none is not None
    assert unseen is not None
    assert none.sentence != unseen.sentence
    assert planning_problem(TODAY, recorded=True) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"shown_on": TODAY + timedelta(days=1)}, "shown_on"),
        ({"shown_on": TODAY - timedelta(days=9)}, "shown_on"),
        ({"choices_explained": False}, "choices_explained"),
        ({"spending_explained": False}, "spending_explained"),
        ({"needs_name": True}, "name"),
    ],
    ids=["in the future", "before it was worked out", "choices", "spending", "no name"],
)
def test_what_is_wrong_with_having_shown_it_stands_beside_its_field(change: dict[str, object], field: str) -> None:
    right: dict[str, object] = {
        "shown_on": TODAY, "worked_out_on": TODAY - timedelta(days=3), "choices_explained": True,
        "spending_explained": True, "needs_name": False, "name": "",
    }  # fmt: skip
    given_all = right | change
    shown_on = given_all.pop("shown_on")
    assert [p.field for p in shown_problems(shown_on, TODAY, **given_all)] == [field]  # pyright: ignore


def test_every_way_has_words() -> None:
    assert TOOL_WORDS.keys() == set(Tool)
