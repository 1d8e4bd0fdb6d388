"""An offer of a budget, to whoever answers it: what it is, and yes, no, or more time."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.domain.budget_offers import Answer
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form, textarea
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick

ANSWERS = [
    Choice(Answer.ACCEPTED.value, "Yes"),
    Choice(Answer.DECLINED.value, "No", "You can change your mind later"),
    Choice(Answer.MORE_TIME.value, "I need more time, or I want to know more"),
]


def offer_form(s: Any, *, whom: Any) -> rx.Component:
    """The offer in short sentences, then the answer."""
    said = rx.fragment(
        paragraph(s.offer.board, " has offered ", whom, " a personal health budget, on ", s.offer.offered, "."),
        paragraph("A budget is money from the NHS for care that is planned together."),
        paragraph("Nobody has to take it. The care goes on if the answer is no."),
        paragraph("An advocate can help you to decide. Your team can tell you how to reach one."),
        form(
            radios("answer", "What is your answer?", ANSWERS, error=s.errors["answer"]),
            textarea("reason", "Is there anything you want to say?", error=s.errors["reason"], rows=3,
                     hint="If you say no, tell us why in a few words."),
            button_group(button("Send my answer")),
            on_submit=s.answer,
        ),
    )  # fmt: skip
    return pick(s.offer.phb, said, paragraph("No offer waits for an answer."))
