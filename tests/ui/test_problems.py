"""Problems: the summary and the fields."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.errors import Problem
from phbportal.ui.problems import SUMMARY_ID, ProblemView, error_summary, errors_by_field, problem_views

PROBLEMS = [
    Problem("Enter the amount.", "amount"),
    Problem("The budget is stopped."),
    Problem("Enter pounds and pence.", "amount"),
]


def test_the_summary_keeps_every_problem_in_order():
    assert problem_views(PROBLEMS) == [
        ProblemView("Enter the amount.", "amount"),
        ProblemView("The budget is stopped.", ""),
        ProblemView("Enter pounds and pence.", "amount"),
    ]


def test_a_field_shows_the_first_of_its_problems():
    assert errors_by_field(PROBLEMS) == {"amount": "Enter the amount."}


def test_the_same_said_again_is_told_from_what_was_said_before():
    first, again = problem_views(PROBLEMS), problem_views(PROBLEMS)
    assert first == again
    assert {one.said for one in first}.isdisjoint({one.said for one in again})


def test_the_summary_can_take_the_focus_and_is_read_out_at_once():
    summary = str(error_summary(rx.Var("problems", _var_type=list[ProblemView])).render())
    assert f'id:"{SUMMARY_ID}"' in summary
    assert "tabIndex:-1" in summary
    assert 'role:"alert"' in summary
