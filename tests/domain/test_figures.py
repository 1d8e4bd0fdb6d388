"""Figures of a whole board: their words, their months, and the small ones that are kept back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.figures import (
    SAYS,
    Figures,
    Hidden,
    Series,
    by_label,
    by_month,
    counted,
    last_months,
    sentence_of,
    sentence_problem,
    since_the_first,
    without_small,
)
from phbportal.domain.roles import STAFF_ROLES, Role

WATCH = (Role.AUDITOR, Role.ADMIN)


def figures(*values: int) -> Figures:
    return Figures(tuple(f"Group {i}" for i in range(len(values))), (Series("", values),))


def seen(shown: Figures) -> tuple[str, ...]:
    return tuple(shown.words(v) for v in shown.series[0].values)


@pytest.mark.parametrize(("number", "words"), [(0, "0"), (1000, "1,000"), (1001, "More than 1,000")])
def test_a_count_stops_at_a_thousand(number: int, words: str) -> None:
    assert counted(number) == words


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - set(WATCH)))
def test_who_looks_after_the_people_sees_every_group(role: Role) -> None:
    assert seen(without_small(figures(12, 4, 1), role)) == ("12", "4", "1")


@pytest.mark.parametrize("role", WATCH)
@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((12, 4, 1), ("12", "fewer than 5", "fewer than 5")),
        ((12, 9, 4), ("12", "not shown", "fewer than 5")),
        ((12, 5, 0), ("12", "5", "0")),
        ((3,), ("fewer than 5",)),
    ],
)
def test_of_small_groups_those_who_watch_are_told_that_they_are_small(
    role: Role, values: tuple[int, ...], shown: tuple[str, ...]
) -> None:
    assert seen(without_small(figures(*values), role)) == shown


@settings(deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=12))
def test_no_small_group_can_be_worked_out_from_the_others_and_the_whole(values: list[int]) -> None:
    shown = without_small(figures(*values), Role.AUDITOR).series[0].values
    hidden = [true for value, true in zip(shown, values, strict=True) if isinstance(value, Hidden)]
    assert all(isinstance(value, Hidden) for value, true in zip(shown, values, strict=True) if 0 < true < 5)
    alone = sum(0 < v < 5 for v in values) == 1 and all(v < 5 for v in values)
    assert len(hidden) != 1 or alone, "one hidden figure is the whole less the others"


def test_the_last_twelve_months_end_with_this_one() -> None:
    months = last_months(date(2026, 3, 31))
    assert (months[0], months[-1], len(months)) == (date(2025, 4, 1), date(2026, 3, 1), 12)


def test_a_month_without_anything_is_nought_and_a_label_without_anything_is_left_out() -> None:
    months = (date(2026, 2, 1), date(2026, 3, 1))
    assert by_month(months, {"": {months[1]: 250}}, "pence") == Figures(
        ("February 2026", "March 2026"), (Series("", (0, 250)),), "pence"
    )
    found = by_label({"A": "Apple", "B": "Beet", "C": "Cress"}, {"A": 2, "B": 0, "C": 9})
    assert (found.labels, found.series[0].values) == (("Cress", "Apple"), (9, 2))


def test_months_before_the_first_with_anything_are_left_out_but_never_the_last() -> None:
    months = ("January", "February", "March")
    found = since_the_first(Figures(months, (Series("a", (0, 0, 3)), Series("b", (0, 2, 0)))))
    assert (found.labels, [one.values for one in found.series]) == (("February", "March"), [(0, 3), (2, 0)])
    assert since_the_first(Figures(months, (Series("", (0, 0, 0)),))).labels == ("March",)


def test_a_sentence_says_the_whole_the_most_and_the_last() -> None:
    money = Figures(("April 2026", "May 2026"), (Series("a", (100, 50)), Series("b", (25, 0))), "pence")
    said = sentence_of("{total}: {top} {top_amount}, {first} to {last} {last_amount}.", money)
    assert said == "£1.75: April 2026 £1.25, April 2026 to May 2026 £0.50."


@pytest.mark.parametrize("name", sorted(SAYS))
def test_every_name_a_sentence_may_hold_is_known(name: str) -> None:
    assert sentence_problem(f"It is {{{name}}}.") == ""
    assert "{" not in sentence_of(f"It is {{{name}}}.", figures(1, 2))


@pytest.mark.parametrize(
    ("says", "problem"),
    [
        ("The most in {month}.", "names 'month', which no figures have"),
        ("The most in {top}", "does not end with a full stop"),
        ("The most in {top.", "has a brace without its other half"),
    ],
)
def test_a_sentence_that_cannot_be_said_is_told_why(says: str, problem: str) -> None:
    assert sentence_problem(says) == problem
