"""The sections of a person's record; ``s`` is its PersonState."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.resources.colours import PHB_COLOURS
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.pagination import pager
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import status_tag, tag
from phbportal.ui.text import bullets, heading, paragraph
from phbportal.ui.timeline import timeline
from phbportal.ui.values import pick, when


def budgets(s: Any) -> rx.Component:
    """Their budgets, and the way to a new one once something makes them eligible."""
    can_open = s.may_write & (s.eligibilities.length() > 0)
    reason = Column("For", "reason")
    return rx.fragment(
        heading("Budgets"),
        pick(s.sees_eligibility, _budgets(s, reason), _budgets(s)),
        when(
            can_open,
            pick(
                s.budgets,
                link_button("Open another budget", s.base + "/new-budget", kind="secondary"),
                link_button("Open a budget", s.base + "/new-budget"),
            ),
        ),
    )


def _budgets(s: Any, *more: Column) -> rx.Component:
    return table(
        "Budgets",
        [
            Column("Reference", link_cell("reference", "href")),
            *more,
            Column("Kind", "kind"),
            Column("Opened", "opened"),
            Column("Status", lambda row: status_tag(row.status, PHB_COLOURS)),
        ],
        s.budgets,
        empty=pick(
            s.may_write & (s.eligibilities.length() == 0),
            "No budget yet. Record why this person may have one first; then you can open it.",
            "No budget yet.",
        ),
        caption_hidden=True,
    )


def needs(s: Any) -> rx.Component:
    """What assessments of their needs found."""
    return rx.fragment(
        heading("Assessments of needs"),
        table(
            "Assessments of needs",
            [
                Column("Assessed", link_cell("assessed", "href")),
                Column("What came of it", "outcome"),
                Column("To be looked at again by", "next"),
            ],
            s.needs,
            empty="No assessment is recorded yet.",
            caption_hidden=True,
        ),
        when(s.needs_href, link_button("Record an assessment of needs", s.needs_href, kind="secondary")),
    )


def eligibility(s: Any) -> rx.Component:
    """Why they may have a budget."""
    return rx.fragment(
        heading("Why this person may have a budget"),
        table(
            "Eligibility",
            [
                Column("Reason", "reason"),
                Column("Right", "right"),
                Column("Decided", "decided"),
                Column("From", "starts"),
                Column("To", "ends"),
                Column("Rests on", "rests_on"),
            ],
            s.eligibilities,
            empty=pick(
                s.may_write,
                "Nothing is recorded. Record the decision that makes this person eligible.",
                "Nothing is recorded. A case manager records the decision.",
            ),
            caption_hidden=True,
        ),
        when(s.may_write, link_button("Record eligibility", s.base + "/eligibility", kind="secondary")),
    )


def direct_payments(s: Any) -> rx.Component:
    """Consents, the check against the regulations, and what a direct payment still needs."""
    return rx.fragment(
        heading("Direct payments"),
        pick(
            s.missing_for_payment,
            inset(
                paragraph("Before this person can have a direct payment:"),
                bullets(s.missing_for_payment),
            ),
            inset("The consent and the check that a direct payment needs are in place."),
        ),
        heading("Consents", level=3, size="s"),
        table(
            "Consents",
            [
                Column("Consent", "what"),
                Column("Given by", "given_by"),
                Column("Given on", "given"),
                Column("Evidence", "evidence"),
                Column("Status", "status"),
                Column("Withdrawal", lambda row: _withdraw(s, row)),
            ],
            s.consents,
            empty="No consent is recorded.",
            caption_hidden=True,
        ),
        heading("Check against the regulations", level=3, size="s"),
        paragraph(pick(s.check, s.check, "Nobody has checked yet.")),
        when(
            s.may_write,
            button_group(
                link_button("Record a consent", s.base + "/consent", kind="secondary"),
                link_button("Record the check", s.base + "/direct-payment-check", kind="secondary"),
            ),
        ),
    )


def _withdraw(s: Any, row: Any) -> rx.Component:
    more = "of the consent given on " + row.given
    return when(s.may_write & (row.withdraw_href != ""), link("Record a withdrawal", row.withdraw_href, hidden=more))


def tasks(s: Any) -> rx.Component:
    """What waits to be done for this person."""
    return rx.fragment(
        heading("Tasks"),
        table(
            "Tasks",
            [
                Column("What", lambda row: pick(row.href, link(row.sentence, row.href), row.sentence)),
                Column("For", "who"),
                Column("Due", lambda row: rx.fragment(row.due, when(row.late, " ", tag("Overdue", "orange")))),
                Column("Done", "done"),
            ],
            s.tasks,
            empty="Nothing waits to be done.",
            caption_hidden=True,
        ),
    )


def history(s: Any) -> rx.Component:
    """What has happened to the record, in sentences."""
    return rx.fragment(
        heading("History"),
        timeline(s.history),
        when(
            s.has_newer | s.has_older,
            pager(
                on_previous=s.turn("newer"),
                on_next=s.turn("older"),
                has_previous=s.has_newer,
                has_next=s.has_older,
                label="Pages of the history",
            ),
        ),
    )


def looks(s: Any) -> rx.Component:
    """Who has looked at this record, for those who watch over that."""
    return rx.fragment(
        heading("Who has looked at this record"),
        paragraph("The 25 latest, the newest first."),
        table(
            "Who has looked at this record",
            [Column("Who", "who"), Column("Role", "role"), Column("What they opened", "page"), Column("When", "when")],
            s.looks,
            empty="Nobody has looked at this record before.",
            caption_hidden=True,
        ),
    )
