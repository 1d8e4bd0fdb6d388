"""The forms on the page of somebody who acts for a person; ``s`` is its HelperState."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.confirming import confirm_hint
from phbportal.pages.shared.invitation import code_words
from phbportal.ui.buttons import button, button_group, text_button
from phbportal.ui.forms import date_input, form, text_input
from phbportal.ui.notices import warning
from phbportal.ui.tables import Column, table
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import pick, when


def agreeing(s: Any) -> rx.Component:
    """The second person's yes."""
    return rx.fragment(
        heading("Agree"),
        paragraph("When you agree, they act for this person from now on. Money that was on hold for this goes on."),
        confirm_hint(s),
        form(button("Agree that they act"), on_submit=s.agree),
    )


def checking(s: Any) -> rx.Component:
    """What was seen on paper."""
    return rx.fragment(
        heading("Record the checks"),
        pick(
            s.needs_dbs,
            paragraph("An enhanced DBS certificate with barred lists is needed. Do not keep a copy of it."),
            paragraph("No DBS certificate is needed."),
        ),
        form(
            date_input(
                "agreed_on", "When did they agree on paper? (optional)", error=s.errors["agreed_on"],
                hint="Leave empty if they accept in the portal",
            ),
            when(s.is_organisation, _individual(s)),
            when(s.needs_dbs, _certificate(s)),
            button_group(button("Record the checks", kind="secondary")),
            on_submit=s.check,
        ),
    )  # fmt: skip


def _individual(s: Any) -> rx.Component:
    return text_input(
        "individual", "Who looks after the money there from day to day?", error=s.errors["individual"], width="20",
        hint="Their full name. They are the one who is checked", auto_complete="off",
    )  # fmt: skip


def _certificate(s: Any) -> rx.Component:
    return rx.fragment(
        date_input("dbs_on", "What is the date on the certificate?", error=s.errors["dbs_on"]),
        text_input(
            "dbs_reference", "Number of the certificate", error=s.errors["dbs_reference"], width="20",
            auto_complete="off",
        ),
    )  # fmt: skip


def changing_individual(s: Any) -> rx.Component:
    """Somebody else at an organisation that acts, or a newer certificate."""
    return rx.fragment(
        heading("Who looks after the money there"),
        paragraph("If somebody else at the organisation looks after the money now, or they have a newer certificate, "
                  "record it. Do not keep a copy of the certificate."),
        form(
            _individual(s),
            when(s.needs_dbs, _certificate(s)),
            button_group(button("Record who looks after the money", kind="secondary")),
            on_submit=s.change_individual,
        ),
    )  # fmt: skip


def naming(s: Any) -> rx.Component:
    """For a stream that was brought in without saying who is paid, or whose payee has stopped."""
    return rx.fragment(
        heading("Who is paid"),
        paragraph(
            "A direct payment of this person has nobody to receive it. If they receive it from now on, say so here. "
            "Whoever takes another’s place needs their own bank details, and payments go on when an approver agrees."
        ),
        form(button("This is who is paid", kind="secondary"), on_submit=s.pay),
    )


def inviting(s: Any) -> rx.Component:
    """A code, shown once."""
    return rx.fragment(
        heading("Sign-in"),
        when(s.code, code_words(s.code), paragraph("The code works for 28 days. They sign in with NHS login.")),
        form(button("Make a code to sign in", kind="secondary"), on_submit=s.invite),
    )


def signing_in(s: Any) -> rx.Component:
    """Whom the board let in for an organisation that acts, each with the way to end it."""
    return rx.fragment(
        heading("Who signs in for them"),
        paragraph(
            "The people your board let in. Each sees everybody your board has asked this organisation to act for."
        ),
        table(
            "Who signs in for them",
            [
                Column("Name", "name"),
                Column(
                    "Action",
                    lambda row: text_button("End their sign-in", on_click=s.end_one(row.id), more=row.name),
                ),
            ],
            s.people,
            empty="Nobody signs in for them.",
            caption_hidden=True,
        ),
    )


def stopping(s: Any) -> rx.Component:
    """A hold, and the end."""
    return rx.fragment(
        heading("Stop"),
        when(
            s.may_suspend,  # they act today
            warning("Payments to them stop at once, and the case manager has a review to do. Make sure care goes on."),
        ),
        when(
            s.may_suspend,
            form(
                text_input("hold_reason", "Why are they put on hold?", error=s.errors["hold_reason"]),
                button_group(button("Put on hold", kind="secondary")),
                on_submit=s.hold,
            ),
        ),
        when(
            s.may_end,
            form(
                text_input("end_reason", "Why does their part end?", error=s.errors["end_reason"]),
                button_group(button("End their part", kind="warning")),
                on_submit=s.end,
            ),
        ),
    )
