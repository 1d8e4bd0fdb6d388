"""The yearly uplift: what a budget is raised to, and why some are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.budget_sums import LineIn, work_all_out
from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.periods import uplift
from phbportal.domain.streams import StreamStatus
from phbportal.domain.uplifts import (
    StreamAt,
    UpliftStatus,
    Why,
    a_year,
    day_problem,
    next_first_of_april,
    raise_streams,
    step,
    why_not,
)
from phbportal.domain.workings import Answers, Basis
from tests.domain.rate_books import BOOK, LAST

ON = date(2026, 4, 1)


def line(key: str, kind: LineType, answers: Answers | None = None, weekly: int = 0, **more: Any) -> LineIn:
    return LineIn(key, "s", "HOLDER:", LAST, kind, answers, weekly, **more)


def as_written(*lines: LineIn) -> list[LineIn]:
    """The lines with what they come to by the rates of their own day."""
    worked = work_all_out(lines, BOOK)
    return [replace(one, weekly_pence=worked[one.key].weekly_pence) for one in lines]


def test_t03_an_amount_is_raised_by_the_percentage_with_one_rounding() -> None:
    lines = [line("a", LineType.AGENCY, weekly=50_000), line("b", LineType.ACTIVITY, weekly=48_000)]
    found = raise_streams({"s": 98_000}, lines, {}, 410, ON, BOOK)["s"]
    assert found.weekly_pence == 102_018
    assert sum(out.weekly_pence for out, _answers in found.lines.values()) == 102_018
    assert found.words == "4.1% more on prices and amounts. £980.00 a week becomes £1,020.18."
    assert a_year(98_000, 102_018) == 208_936


def test_pay_below_the_new_minimum_is_raised_to_it_and_what_stands_on_it_is_worked_out_again() -> None:
    lines = as_written(
        line("pay", LineType.PA_WAGE, Answers(Basis.HOURS, 3_000, 1_230, 5_200), worker="w", who="Ana"),
        line("ni", LineType.EMPLOYER_NI, Answers(Basis.EMPLOYER_NI)),
    )
    amount = sum(one.weekly_pence for one in lines)
    found = raise_streams({"s": amount}, lines, {"pay": None}, 0, ON, BOOK)["s"]
    # 30 hours at £12.71 for 52 weeks is £19,827.60; 15% of what is above £5,000.00 is £2,224.14: £424.07 a week.
    assert found.weekly_pence == 42_407
    assert found.lines["pay"][0].annual_pence == 1_982_760
    assert "The pay of Ana, £12.30 an hour, becomes £12.71: the minimum wage from 1 April 2026." in found.words
    assert "Employer’s National Insurance: £40.93 a week becomes £42.77" in found.words


def test_what_an_employer_pays_on_top_is_counted_once_where_the_budget_grew() -> None:
    """30 hours and 10 hours more of Ana's: two lines for the employer's National Insurance carry the whole of it."""
    wages = [
        line("pay", LineType.PA_WAGE, Answers(Basis.HOURS, 3_000, 1_271, 5_200), worker="w", who="Ana"),
        line("more", LineType.PA_WAGE, Answers(Basis.HOURS, 1_000, 1_271, 5_200), worker="w", who="Ana"),
    ]
    ni = [line("ni", LineType.EMPLOYER_NI, Answers(Basis.EMPLOYER_NI), 4_277),
          line("ni more", LineType.EMPLOYER_NI, Answers(Basis.EMPLOYER_NI), 1_907)]  # fmt: skip
    amount = 38_130 + 12_710 + 4_277 + 1_907
    lines = [*(replace(one, weekly_pence=pence) for one, pence in zip(wages, (38_130, 12_710), strict=True)), *ni]
    found = raise_streams({"s": amount}, lines, {"pay": None, "more": None}, 0, ON, BOOK)["s"]
    # 40 hours at £12.71 for 52 weeks is £26,436.80; 15% of what is above £5,000.00 is £3,215.52.
    on_top = [found.lines[key][0].annual_pence or 0 for key in ("ni", "ni more")]
    assert sum(on_top) == 321_552
    assert all(on_top)


@pytest.mark.parametrize(("born", "price"), [(date(2007, 4, 2), 1_085), (date(2005, 4, 1), 1_271), (None, 1_271)])
def test_the_minimum_is_that_of_the_workers_age_on_the_day(born: date | None, price: int) -> None:
    lines = as_written(line("pay", LineType.PA_WAGE, Answers(Basis.HOURS, 1_000, 1_000, 5_200), worker="w"))
    found = raise_streams({"s": lines[0].weekly_pence}, lines, {"pay": born}, 0, ON, BOOK)["s"]
    answers = found.lines["pay"][1]
    assert answers is not None
    assert answers.price_pence == price


def test_a_budget_whose_lines_do_not_come_to_its_amount_is_raised_as_a_whole() -> None:
    found = raise_streams({"s": 10_000}, [line("a", LineType.AGENCY, weekly=9_000)], {}, 500, ON, BOOK)["s"]
    assert (found.weekly_pence, dict(found.lines)) == (10_500, {})


def test_what_nothing_changes_stays_as_it_is_and_what_is_paid_once_too() -> None:
    lines = as_written(
        line("a", LineType.AGENCY, Answers(Basis.HOURS, 1_000, 2_650, 5_200)),
        line("b", LineType.DBS, Answers(Basis.ONCE, 200, 4_950)),
    )
    same = raise_streams({"s": 26_500}, lines, {}, 0, ON, BOOK)["s"]
    more = raise_streams({"s": 26_500}, lines, {}, 1_000, ON, BOOK)["s"]
    assert same.weekly_pence == 26_500
    assert (more.weekly_pence, more.lines["b"][0].one_off_pence) == (29_150, 9_900)


def test_a_rate_without_a_value_on_the_day_is_refused_by_name() -> None:
    lines = as_written(line("pay", LineType.PA_WAGE, Answers(Basis.HOURS, 1_000, 1_271, 5_200)))
    with pytest.raises(Refusal, match="do not say what this is on 1 April 2020: National Living Wage"):
        raise_streams({"s": lines[0].weekly_pence}, lines, {"pay": None}, 0, date(2020, 4, 1), BOOK)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(1, 500_000), min_size=1, max_size=5), st.integers(0, 2_500))
def test_i09_the_lines_come_to_the_stream_and_the_stream_to_the_percentage(typed: list[int], points: int) -> None:
    lines = [line(str(number), LineType.AGENCY, weekly=pence) for number, pence in enumerate(typed)]
    found = raise_streams({"s": sum(typed)}, lines, {}, points, ON, BOOK)["s"]
    assert found.weekly_pence == uplift(sum(typed), points)
    assert sum(out.weekly_pence for out, _answers in found.lines.values()) == found.weekly_pence
    assert all(out.weekly_pence >= was for (out, _), was in zip(found.lines.values(), typed, strict=True))


@pytest.mark.parametrize(
    ("stream", "why"),
    [
        (StreamAt(StreamStatus.ACTIVE, 100, None), None),
        (StreamAt(StreamStatus.ACTIVE, 100, date(2026, 4, 1)), None),
        (StreamAt(StreamStatus.ACTIVE, 100, date(2026, 3, 31)), Why.ENDS),
        (StreamAt(StreamStatus.STOPPING, 100, None), Why.ENDS),
        (StreamAt(StreamStatus.SUSPENDED, 100, None), Why.SUSPENDED),
        (StreamAt(StreamStatus.ACTIVE, 100, None, price_agreed="With the agency until 2027"), Why.HAND_AGREED),
        (StreamAt(StreamStatus.ACTIVE, 100, None, has_contract=True), Why.ORGANISATION),
        (StreamAt(StreamStatus.ACTIVE, 100, None, other_change=True), Why.OTHER_CHANGE),
    ],
)
def test_exceptions_say_why(stream: StreamAt, why: Why | None) -> None:
    assert why_not(stream, ON) is why


@pytest.mark.parametrize("status", list(UpliftStatus))
def test_an_uplift_goes_only_the_way_it_may(status: UpliftStatus) -> None:
    allowed = {
        UpliftStatus.DRAFT: {"propose", "withdraw"}, UpliftStatus.RETURNED: {"propose", "withdraw"},
        UpliftStatus.PROPOSED: {"approve", "return", "withdraw"}, UpliftStatus.APPROVED: {"finish"},
    }.get(status, set())  # fmt: skip
    for verb in ("propose", "approve", "return", "withdraw", "finish"):
        if verb in allowed:
            step(status, verb)
        else:
            with pytest.raises(Refusal, match=f"You cannot {verb} this uplift"):
                step(status, verb)


def test_which_1_april_and_which_days() -> None:
    assert next_first_of_april(date(2026, 6, 30)) == date(2026, 4, 1)
    assert next_first_of_april(date(2026, 7, 1)) == date(2027, 4, 1)
    assert day_problem(date(2026, 4, 1), date(2026, 4, 20)) is None
    assert day_problem(date(2025, 4, 1), date(2026, 4, 1)) is not None
    assert day_problem(date(2028, 4, 1), date(2026, 4, 1)) is not None
