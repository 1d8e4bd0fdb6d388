"""A plan's steps (domain.md §9.4), what it must hold to be submitted, and when it can no longer be changed (I38)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.plans import (
    BODY_WORDS,
    EDITABLE,
    IN_THE_MAKING,
    OUTCOME_WORDS,
    PLAN_STATUS_WORDS,
    SHARE_WORDS,
    STEPS,
    OutcomeStatus,
    PlanContents,
    PlanStatus,
    RegistrationBody,
    Share,
    check_editable,
    step,
    submit_problems,
)

WHOLE = PlanContents("I want to stay at home.", 1, 1, 0, 0)
P = PlanStatus

# Every step from every status: what comes of it, or nothing where it is refused.
AFTER = {
    **{("share", status): P.SHARED for status in (P.DRAFT, P.RETURNED)},
    ("send", P.DRAFT): P.SUBMITTED,
    ("send", P.SHARED): P.SUBMITTED,
    ("send", P.RETURNED): P.SUBMITTED,
    ("sign off", P.SUBMITTED): P.CLINICALLY_SIGNED,
    ("return", P.SUBMITTED): P.RETURNED,
    ("return", P.CLINICALLY_SIGNED): P.RETURNED,
    ("approve", P.CLINICALLY_SIGNED): P.APPROVED,
    ("start", P.APPROVED): P.ACTIVE,
    ("replace", P.APPROVED): P.SUPERSEDED,
    ("replace", P.ACTIVE): P.SUPERSEDED,
}


@pytest.mark.parametrize("verb", list(STEPS))
@pytest.mark.parametrize("status", list(PlanStatus))
def test_a_plan_takes_only_the_steps_of_its_status(verb: str, status: PlanStatus) -> None:
    if (verb, status) in AFTER:
        assert step(status, verb) is AFTER[verb, status]
    else:
        with pytest.raises(Refusal) as refused:
            step(status, verb)
        assert f"it is now “{PLAN_STATUS_WORDS[status]}”" in str(refused.value)


@pytest.mark.parametrize("status", [s for s in PlanStatus if s not in EDITABLE])
def test_i38_a_plan_others_rely_on_is_not_changed(status: PlanStatus) -> None:
    with pytest.raises(Refusal, match="can no longer be changed"):
        check_editable(status)


@pytest.mark.parametrize("status", sorted(EDITABLE))
def test_a_plan_being_written_can_be_changed(status: PlanStatus) -> None:
    check_editable(status)
    assert status in IN_THE_MAKING


def test_a_whole_plan_can_be_submitted() -> None:
    assert submit_problems(WHOLE) == []


@pytest.mark.parametrize(
    ("lacking", "field"),
    [
        ({"about_me": " \n "}, "about_me"),
        ({"outcomes": 0}, "outcomes"),
        ({"services": 0}, "services"),
        ({"services_without_outcome": 1}, "services"),
        ({"services_without_line": 1}, "lines"),
    ],
    ids=lambda value: str(value),
)
def test_what_a_plan_lacks_is_said_beside_its_part(lacking: dict[str, object], field: str) -> None:
    problems = submit_problems(replace(WHOLE, **lacking))
    assert [p.field for p in problems] == [field]


def test_everything_a_plan_lacks_is_said_at_once() -> None:
    problems = submit_problems(PlanContents("", 0, 0, 1, 1))
    assert len(problems) == 5
    assert len({p.sentence for p in problems}) == 5


def test_every_code_has_words() -> None:
    assert PLAN_STATUS_WORDS.keys() == set(PlanStatus)
    assert OUTCOME_WORDS.keys() == set(OutcomeStatus)
    assert SHARE_WORDS.keys() == set(Share)
    assert BODY_WORDS.keys() == set(RegistrationBody)
