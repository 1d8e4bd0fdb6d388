"""The money of a budget drawn: balance, streams, payments, ledger entries."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.addresses import record_base
from phbportal.pages.staff.phb_frame import STATUS_COLOURS
from phbportal.queries.balances import BalanceView
from phbportal.resources.workers import WORKERS
from phbportal.ui.cards import figure_card
from phbportal.ui.charts import BarPart, bar_parts, budget_bar
from phbportal.ui.links import link
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import bullets, paragraph, side_by_side
from phbportal.ui.values import when

PAID_BEFORE = "Days up to ", " were paid before the budget was brought in."
WORKER = record_base(WORKERS) + "/"


def parts_of(balance: BalanceView) -> list[BarPart]:
    """The bar of a balance: spent, with the payee, set aside, left to pay out."""
    return bar_parts(
        [
            ("spent", "Spent", balance.spent, balance.spent_pence),
            ("paid", "With the payee", balance.with_payee, balance.with_payee_pence),
            ("set-aside", "Set aside for payments", balance.set_aside, balance.set_aside_pence),
            ("left", "Left to pay out", balance.left, balance.left_pence),
        ]
    )


def balance_figures(balance: Any, parts: Any) -> rx.Component:
    """The balance as figures, as a bar and in words."""
    return rx.cond(
        balance.shown,
        rx.fragment(
            paragraph("The board has put ", rx.el.strong(balance.allocated), " into this budget."),
            side_by_side(
                figure_card("Left to pay out", balance.left, hint="Not promised to anybody", level=3),
                figure_card("Set aside", balance.set_aside, hint="Payments waiting to be confirmed", level=3),
                figure_card("With the payee", balance.with_payee, hint="Paid and not yet spent", level=3),
                figure_card("Spent", balance.spent, hint="Accounted for, or invoices paid", level=3),
            ),
            budget_bar(parts, balance.sentence, caption="The budget by where its money is", total=balance.whole),
            when(balance.facts, bullets(balance.facts)),
        ),
        paragraph("There is no money in this budget yet. It comes when the plan is approved."),
    )


def streams_table(streams: Any, *more: Column, shows_accounts: Any) -> rx.Component:
    """The streams, with what stands in the way of each; ``more`` columns stand last."""

    def account(stream: Any) -> rx.Component:
        words = rx.fragment(stream.account, rx.cond(stream.account_status, ": " + stream.account_status, ""))
        return rx.cond(shows_accounts, rx.cond(stream.account, words, "Not entered yet"), "Not shown to you")

    return section(
        "streams",
        "Streams",
        table(
            "Streams",
            [
                Column("Stream", "name"),
                Column("Payee", "payee"),
                Column("A week", "weekly", numeric=True),
                Column("One-off", "one_off", numeric=True),
                Column("How often", lambda s: s.frequency.capitalize()),
                Column("Starts", "starts"),
                Column("Ends", lambda s: rx.cond(s.ends, s.ends, "No end date")),
                Column("Account", account),
                Column("Status", lambda s: status_tag(s.status, STATUS_COLOURS, otherwise="blue")),
                *more,
            ],
            streams,
            empty="There are no streams yet. A stream says how part of the money is managed.",
            caption_hidden=True,
        ),
        rx.foreach(
            streams,
            lambda s: rx.fragment(
                when(s.paid_to, paragraph(rx.el.strong(s.name + ": "), PAID_BEFORE[0], s.paid_to, PAID_BEFORE[1])),
                when(s.hindrance, paragraph(rx.el.strong(s.name + ": "), s.hindrance)),
            ),
        ),
    )


def payments_table(rows: Any, reference: Any, *, empty: str = "No payments have been recorded yet.") -> rx.Component:
    """Payments, each with what this person may do about it."""

    def way(route: str, text: str, row: Any) -> rx.Component:
        before, after = route.split("[phb]")
        return link(text, before + reference + after + "?payment=" + row.reference, hidden=row.reference)

    def acts(row: Any) -> rx.Component:
        return rx.fragment(
            when(row.may_confirm, way(routes.STAFF_MONEY_CONFIRM, "Confirm", row), " "),
            when(row.may_cancel, way(routes.STAFF_MONEY_CANCEL, "Cancel", row)),
        )

    return table(
        "Payments",
        [
            Column("Reference", "reference"),
            Column("For", "period"),
            Column("What", "what"),
            Column("Amount", "amount", numeric=True),
            Column("Status", lambda row: status_tag(row.status, STATUS_COLOURS, otherwise="blue")),
            Column("Recorded", "recorded"),
            Column("Outcome", "confirmed"),
            Column("Action", acts),
        ],
        rows,
        empty=empty,
        caption_hidden=True,
    )


def entries_table(rows: Any) -> rx.Component:
    """Ledger entries: from where to where."""
    return table(
        "Ledger entries",
        [
            Column("Date", "day"),
            Column("What happened", "what"),
            Column("From", "source"),
            Column("To", "target"),
            Column("Amount", "amount", numeric=True),
            Column("Reference", "reference"),
        ],
        rows,
        empty="Nothing has been posted yet.",
        caption_hidden=True,
        compact=True,
    )


def workers_table(workers: Any) -> rx.Component:
    """The personal assistants of a budget, each leading to their record."""
    return section(
        "workers",
        "Personal assistants",
        table(
            "Personal assistants",
            [
                Column("Name", lambda row: link(row.name, WORKER + row.id)),
                Column("Work", "pay"),
                Column("Checks", "checks"),
                Column("To do", "waits"),
            ],
            workers,
            empty="No personal assistants are written down.",
            caption_hidden=True,
        ),
    )
