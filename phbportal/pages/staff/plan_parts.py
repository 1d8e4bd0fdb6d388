"""A plan and its budget drawn whole: the same on its own page, before signing and before approving."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.pages.staff.phb_frame import STATUS_COLOURS
from phbportal.queries.plans import WORDS
from phbportal.ui.sections import paragraphs, section
from phbportal.ui.tables import Column, line, summary_list, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when


def plan_words(plan: Any) -> rx.Component:
    """The written parts of a plan."""
    return rx.fragment(
        section("about_me", WORDS["about_me"], paragraphs(plan.about_me, empty="Not written yet.")),
        heading(WORDS["what_matters"]),
        paragraphs(plan.what_matters, empty="Not written yet."),
        heading(WORDS["contingency"]),
        paragraphs(plan.contingency, empty="Not written yet."),
    )


def plan_outcomes(plan: Any) -> rx.Component:
    """What the person wants, and what will be provided or bought for it."""
    return rx.fragment(
        section(
            "outcomes",
            "Outcomes",
            table(
                "Outcomes",
                [
                    Column("Outcome", "statement"),
                    Column("How we will know", "measure"),
                    Column("By", "target"),
                    Column("Status", "status"),
                ],
                plan.outcomes,
                empty="There are no outcomes yet. Add what the person wants to happen.",
                caption_hidden=True,
            ),
        ),
        section(
            "services",
            "Services",
            table(
                "Services",
                [
                    Column("Service", "description"),
                    Column("For the outcome", "outcome"),
                    Column("Who", _who),
                    Column("When", "when"),
                ],
                plan.services,
                empty="There are no services yet. Add what will be provided or bought for each outcome.",
                caption_hidden=True,
            ),
        ),
    )


def budget_totals(budget: Any) -> rx.Component:
    """What a budget comes to, and what approving it commits."""
    return rx.cond(
        budget.shown,
        rx.fragment(
            summary_list(
                [
                    line("Version", budget.title, " ", status_tag(budget.status, STATUS_COLOURS, otherwise="blue")),
                    line("Each week", budget.weekly),
                    line("One-off", budget.one_off),
                    line("Starts", budget.starts),
                ]
            ),
            when(budget.goes_on, paragraph(budget.goes_on)),
            when(budget.commitment, paragraph(budget.commitment)),
        ),
        paragraph("No budget has been written yet. Add a stream, then its lines."),
    )


def budget_lines(budget: Any, *more: Column) -> rx.Component:
    """The costed lines, with what they come to so far."""
    return section(
        "lines",
        "Budget lines",
        table(
            "Budget lines",
            [
                Column("Cost", "cost"),
                Column("For", _for),
                Column("Paid from", "stream"),
                Column("A week", "weekly", numeric=True),
                Column("One-off", "one_off", numeric=True),
                Column("Total a week so far", "running_weekly", numeric=True),
                Column("Total one-off so far", "running_one_off", numeric=True),
                *more,
            ],
            budget.lines,
            empty="There are no budget lines yet. Each service needs a line that pays for it.",
            caption_hidden=True,
        ),
    )


def who_pays(budget: Any) -> rx.Component:
    """The funders of a budget, where it is not the board alone."""
    told = [Column("Funder", "funder"), Column("Share", "part"), Column("A week", "weekly", numeric=True)]
    cycle = [Column("Four weeks", "four_weekly", numeric=True)]
    months = [Column("A month", "month", numeric=True), Column("A year of 52 weeks", "year", numeric=True)]

    def shown(more: list[Column]) -> rx.Component:
        return table("Who pays", [*told, *more], budget.funders, caption_hidden=True)

    return when(
        budget.funders, section("funders", "Who pays", rx.cond(budget.in_twelfths, shown(months), shown(cycle)))
    )


def _who(row: Any) -> rx.Component:
    """Who provides a service, and how it stands with registration where that is asked."""
    return rx.fragment(row.who, when(row.care, rx.el.div(row.care, class_name="nhsuk-hint nhsuk-u-margin-bottom-0")))


def _for(row: Any) -> rx.Component:
    """What a line pays for, and how it was worked out."""
    return rx.fragment(
        row.detail, when(row.working, rx.el.div(row.working, class_name="nhsuk-hint nhsuk-u-margin-bottom-0"))
    )


def plan_signatures(plan: Any) -> rx.Component:
    """Who wrote, sent, signed and approved the plan."""
    said = [
        ("Written", plan.written),
        ("Sent", plan.submitted),
        ("Signed off", plan.signed),
        ("Clinician’s note", plan.sign_off_note),
        ("Approved", plan.approved),
        ("Approver’s note", plan.approval_note),
        ("Returned because", plan.return_reason),
    ]
    return summary_list([line(key, words, shown=words) for key, words in said])
