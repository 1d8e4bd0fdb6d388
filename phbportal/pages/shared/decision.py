"""A decision as the person it is about reads it, or whoever acts for them; ``s`` is the page's state."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.pages.holder.parts import part
from phbportal.ui.buttons import button, button_group
from phbportal.ui.easy_read import said
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import Flag, when


def decision_parts(one: Any, *, easy: Flag) -> rx.Component:
    """What is decided, why, the care, what can be done and by when, and the letters."""
    return rx.fragment(
        rx.el.h2("The decision", class_name="nhsuk-u-visually-hidden"),
        part("arrow", "What we decided", said(one.said, apart=easy), paragraph(one.standing), easy=easy),
        part("talk", "Why", said(one.reasons, apart=easy), when(one.ground, paragraph(one.ground)), easy=easy),
        when(one.care, part("care", "Your care", said(one.care, apart=easy), easy=easy)),
        when(one.asked, part("calendar", "We look at it again", said(one.asked, apart=easy), easy=easy)),
        when(one.disagree, part("person", "If you do not agree", said(one.disagree, apart=True), easy=easy)),
        part(
            "pen", "Our letters",
            rx.el.ul(
                rx.foreach(
                    one.letters,
                    lambda letter: rx.el.li(
                        link(letter.title, letter.href, leaves=True), " (",
                        link(rx.fragment("PDF", rx.el.span(" of this letter", class_name="nhsuk-u-visually-hidden")),
                             letter.pdf_href, leaves=True),
                        ")",
                    ),
                ),
                class_name="nhsuk-list",
            ),
            easy=easy,
        ),
    )  # fmt: skip


def ask_form(s: Any, one: Any) -> rx.Component:
    """The form by which somebody asks for a decision to be looked at again."""
    return rx.fragment(
        when(one.why_not, inset(one.why_not)),
        when(
            one.may_ask,
            heading("Ask us to look at it again"),
            form(
                textarea(
                    "words", "Why do you not agree?", error=s.errors["words"], rows=6,
                    hint="Tell us what we got wrong, or what is new. Your own words are best.",
                ),
                button_group(button("Ask us to look at it again")),
                on_submit=s.ask,
            ),
        ),
    )  # fmt: skip
