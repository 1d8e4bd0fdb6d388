"""What must add up in a budget (invariants I07, I09, I18), and a year's commitment (T01)."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.budgets import (
    BUDGET_KIND_WORDS,
    BUDGET_STATUS_WORDS,
    LINE_WORDS,
    BudgetKind,
    BudgetStatus,
    LineFact,
    LineType,
    StreamAmount,
    adding_up_problems,
    year_commitment,
)
from phbportal.domain.errors import Problem

APRIL = date(2026, 4, 6)


def stream(name: str, weekly: int, one_off: int = 0, starts: date = APRIL, ends: date | None = None) -> StreamAmount:
    return StreamAmount(name, weekly, one_off, starts, ends)


def said(problems: list[Problem]) -> str:
    return " ".join(p.sentence for p in problems)


def test_a_budget_whose_lines_and_streams_come_to_it_has_nothing_wrong() -> None:
    lines = [LineFact("nights", 40_000, 0, True), LineFact("days", 65_000, 59_800, True)]
    streams = [stream("nights", 40_000), stream("days", 65_000, 59_800)]
    assert adding_up_problems(weekly_pence=105_000, one_off_pence=59_800, lines=lines, streams=streams) == []


def test_i09_lines_that_do_not_come_to_the_budget_are_told_with_both_sums() -> None:
    lines = [LineFact("days", 65_000, 0, False)]
    found = adding_up_problems(weekly_pence=65_100, one_off_pence=0, lines=lines, streams=[stream("days", 65_000)])
    assert "£650.00 a week" in said(found)
    assert "£651.00 a week" in said(found)


def test_i07_streams_that_do_not_come_to_the_budget_are_told_with_both_sums() -> None:
    lines = [LineFact("days", 65_000, 0, True)]
    streams = [stream("days", 65_000), stream("nights", 40_000)]
    found = adding_up_problems(weekly_pence=65_000, one_off_pence=0, lines=lines, streams=streams)
    assert "The streams come to £1,050.00 a week" in said(found)


def test_i07_streams_of_different_days_leave_days_on_which_the_sum_is_wrong() -> None:
    lines = [LineFact("nights", 40_000, 0, True), LineFact("days", 65_000, 0, True)]
    streams = [stream("nights", 40_000), stream("days", 65_000, starts=date(2026, 5, 4))]
    found = adding_up_problems(weekly_pence=105_000, one_off_pence=0, lines=lines, streams=streams)
    assert "do not run over the same days" in said(found)


def test_i07_a_stream_of_one_off_money_alone_may_start_on_any_day() -> None:
    lines = [LineFact("days", 65_000, 0, True), LineFact("chair", 0, 115_000, True)]
    streams = [stream("days", 65_000), stream("chair", 0, 115_000, starts=date(2026, 5, 18))]
    assert adding_up_problems(weekly_pence=65_000, one_off_pence=115_000, lines=lines, streams=streams) == []


def test_i18_a_budget_below_the_full_cost_of_its_services_is_refused() -> None:
    lines = [LineFact("days", 65_000, 0, True)]
    found = adding_up_problems(weekly_pence=60_000, one_off_pence=0, lines=lines, streams=[])
    assert "must cover the full cost" in said(found)


def test_i18_one_off_costs_count_as_full_cost_too() -> None:
    lines = [LineFact("days", 0, 59_800, True)]
    found = adding_up_problems(weekly_pence=0, one_off_pence=59_799, lines=lines, streams=[])
    assert "£598.00 one-off" in said(found)


def test_a_line_on_the_wrong_stream_is_told() -> None:
    lines = [LineFact("days", 65_000, 0, True), LineFact("days", 40_000, 0, True)]
    streams = [stream("days", 65_000), stream("nights", 40_000)]
    found = adding_up_problems(weekly_pence=105_000, one_off_pence=0, lines=lines, streams=streams)
    assert "Check each line’s stream" in said(found)


amounts = st.integers(0, 10_000_000)


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 3), amounts, amounts, st.booleans()), min_size=1, max_size=12))
def test_totals_worked_out_from_the_lines_always_add_up(rows: list[tuple[int, int, int, bool]]) -> None:
    lines = [LineFact(str(n), weekly, one_off, pays) for n, weekly, one_off, pays in rows]
    streams = [
        stream(
            name,
            sum(line.weekly_pence for line in lines if line.stream == name),
            sum(line.one_off_pence for line in lines if line.stream == name),
        )
        for name in sorted({line.stream for line in lines})
    ]
    weekly, one_off = sum(s.weekly_pence for s in streams), sum(s.one_off_pence for s in streams)
    assert adding_up_problems(weekly_pence=weekly, one_off_pence=one_off, lines=lines, streams=streams) == []
    # and a penny either way, in any one figure, is found
    assert adding_up_problems(weekly_pence=weekly + 1, one_off_pence=one_off, lines=lines, streams=streams)
    assert adding_up_problems(weekly_pence=weekly, one_off_pence=one_off + 1, lines=lines, streams=streams)


def test_t01_a_year_from_mid_april_is_committed_to_31_march_with_its_start_up_costs() -> None:
    streams = [stream("days", 125_000, 59_800, starts=date(2026, 4, 13))]
    assert year_commitment(streams, date(2026, 4, 13)) == 6_363_371


def test_start_up_costs_are_not_committed_again_the_year_after() -> None:
    streams = [stream("days", 125_000, 59_800, starts=date(2026, 4, 13))]
    assert year_commitment(streams, date(2027, 4, 1)) == (125_000 * 366 + 3) // 7


def test_every_code_has_words() -> None:
    assert LINE_WORDS.keys() == set(LineType)
    assert BUDGET_KIND_WORDS.keys() == set(BudgetKind)
    assert BUDGET_STATUS_WORDS.keys() == set(BudgetStatus)
    assert len(set(LINE_WORDS.values())) == len(LineType)
