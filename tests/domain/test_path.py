"""The path of a case to live: every step from every status, and the six features (domain.md §3.1, §9.4, §1.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.path import (
    CASE_STEPS,
    PATH,
    TURN,
    FeatureFacts,
    approvers_needed,
    case_step,
    feature_problems,
    features,
    measures,
    place_of,
)
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus

WHOLE = FeatureFacts(True, 2, True, True, True, True)


@pytest.mark.parametrize("verb", list(CASE_STEPS))
@pytest.mark.parametrize("status", list(PhbStatus))
def test_a_case_takes_only_the_steps_of_its_status(verb: str, status: PhbStatus) -> None:
    allowed, after = CASE_STEPS[verb]
    if status in allowed:
        assert case_step(status, verb) is after
    else:
        with pytest.raises(Refusal) as refused:
            case_step(status, verb)
        assert f"it is now “{STATUS_WORDS[status]}”" in str(refused.value)


def test_no_way_leads_to_live_past_a_step() -> None:
    """Without any one of the steps of the path, live cannot be reached from referred."""
    must = ("offer", "accept", "set the indicative budget of", "plan", "send", "sign off", "check", "approve",
            "make live")  # fmt: skip
    for without in must:
        reached = {PhbStatus.REFERRED}
        while True:
            more = {
                after for verb, (allowed, after) in CASE_STEPS.items() if verb != without and allowed & reached
            } | reached
            if more == reached:
                break
            reached = more
        assert PhbStatus.ACTIVE not in reached, f"live is reached without “{without}”"


def test_every_status_has_its_place_and_whoever_must_act_is_named_until_it_is_live() -> None:
    assert sorted(status for step in PATH for status in step.statuses) == sorted(PhbStatus)
    ended = {PhbStatus.DECLINED, PhbStatus.REFUSED}
    assert set(TURN) == {s for s in PhbStatus if place_of(s) < len(PATH) - 1} - ended


def test_a_budget_with_all_six_features_lacks_nothing() -> None:
    assert len(features(WHOLE)) == 6
    assert feature_problems(features(WHOLE)) == []


@pytest.mark.parametrize(
    ("lacking", "words"),
    [
        ({"about_me": False}, "The person is at the centre of the plan"),
        ({"outcomes": 0}, "The outcomes are agreed"),
        ({"told_amount": False}, "The person knew an amount before planning"),
        ({"covers_full_cost": False}, "The money is enough for the agreed needs"),
        ({"choices_explained": False}, "The person may choose how the money is held"),
        ({"spending_explained": False}, "The money can be used flexibly, as agreed"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_each_feature_a_budget_lacks_is_named_with_what_to_do(lacking: dict[str, object], words: str) -> None:
    (problem,) = feature_problems(features(replace(WHOLE, **lacking)))
    assert problem.sentence.startswith(f"{words}: this is missing. ")


@given(st.integers(0, 10**8), st.integers(0, 10**9), st.integers(0, 10**7))
def test_a_panel_is_needed_above_the_limit_and_never_at_it(weekly: int, one_off: int, limit: int) -> None:
    above = weekly > limit or one_off > 52 * limit
    assert approvers_needed(weekly, one_off, limit) == (2 if above else 1)
    assert approvers_needed(limit, 52 * limit, limit) == 1
    assert approvers_needed(limit + 1, 0, limit) == 2
    assert approvers_needed(0, 52 * limit + 1, limit) == 2


def test_each_part_of_the_way_is_measured_once_both_its_days_are_known() -> None:
    """Offered 1 April, accepted the 8th, told on the 20th, approved 1 May, first paid 4 May."""
    days: dict[str, date | None] = {
        "offered": date(2026, 4, 1), "accepted": date(2026, 4, 8), "worked_out": date(2026, 4, 20),
        "approved": date(2026, 5, 1), "paid": date(2026, 5, 4),
    }  # fmt: skip
    assert measures(**days) == (
        "From the offer to yes: 7 days.",
        "From yes to the indicative budget: 12 days.",
        "From approval to the first payment: 3 days.",
    )
    assert measures(**days | {"accepted": None}) == ("From approval to the first payment: 3 days.",)
    assert measures(**dict.fromkeys(days)) == ()
