"""An agreement about how money is managed drawn, the same for everybody who may see it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.pages.shared.arrangement import agreement_words, signatures_table
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import checkbox
from phbportal.ui.details import details
from phbportal.ui.forms import form
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

COLOURS: dict[str, Colour] = {"Signed by everybody": "green", "Waiting for signatures": "yellow"}


def whole_agreement(agreement: Any) -> rx.Component:
    """Where it stands, its words, and who has signed."""
    return rx.fragment(
        paragraph(status_tag(agreement.status, COLOURS)),
        when(agreement.waits, paragraph("Still to sign: ", agreement.waits, ".")),
        agreement_words(agreement, level=2),
        heading("Signatures"),
        signatures_table(agreement),
    )


def other_agreements(agreements: Any) -> rx.Component:
    """The others, to be read: each behind its name."""
    return when(
        agreements,
        heading("Your other agreements"),
        rx.foreach(
            agreements,
            lambda one: details(one.title, paragraph(status_tag(one.status, COLOURS)), agreement_words(one, level=3)),
        ),
    )


def to_sign(s: Any, *, words: Any, press: Any) -> rx.Component:
    """The box to tick and the button, for whoever may sign now."""
    return when(
        s.may_sign,
        form(
            checkbox("agreed", words, error=s.errors["agreed"]),
            button_group(button(press)),
            on_submit=s.sign,
        ),
    )
