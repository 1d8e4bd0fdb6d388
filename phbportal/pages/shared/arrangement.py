"""A third-party arrangement drawn, the same for everybody who may see it: lines and answers, agreement, signatures."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from phbportal.domain.isf import ANSWER_WORDS, Answer
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import Colour, status_tag, tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when

ANSWER_COLOURS: dict[str, Colour] = {
    ANSWER_WORDS[Answer.ACCEPTED]: "green",
    ANSWER_WORDS[Answer.QUERIED]: "yellow",
    ANSWER_WORDS[Answer.DECLINED]: "red",
}
ARRANGEMENT_COLOURS: dict[str, Colour] = {
    "Confirmed": "green",
    "Signed by all three": "green",
    "Waiting for the organisation": "yellow",
    "Waiting for your answer": "yellow",
    "Waiting for signatures": "yellow",
    "Fee waits for an approver": "yellow",
    "Changes asked for": "orange",
    "Declined": "red",
    "Ran out": "red",
}


def user_led_tag(shown: Any) -> rx.Component:
    """The mark of an organisation that is led by the people it serves."""
    return when(shown, " ", tag("User-led", "purple"))


def lines_of(lines: Any) -> rx.Component:
    """The twelve lines with the answer to each, if one was given."""

    def one(line: Any) -> rx.Component:
        answered = rx.fragment(
            paragraph(status_tag(line.said, ANSWER_COLOURS), " ", line.comment),
            paragraph(line.who, small=True),
        )
        return rx.el.li(
            heading(line.title, level=3, size="s"), paragraph(line.words), rx.cond(line.said, answered, rx.fragment())
        )

    return rx.el.ol(rx.foreach(lines, one), class_name="nhsuk-list nhsuk-list--number")


def agreement_words(agreement: Any, *, level: Literal[2, 3] = 3) -> rx.Component:
    """The agreement as it is signed; its parts have headings of this level."""

    def part(one: Any) -> rx.Component:
        return rx.fragment(
            heading(one.heading, level=level, size="s"), rx.foreach(one.sentences, lambda words: paragraph(words))
        )

    return rx.fragment(
        rx.foreach(agreement.parts, part),
        paragraph("Code of this wording: ", agreement.code, small=True),
    )


def signatures_table(agreement: Any) -> rx.Component:
    """Who has signed, as what, and when."""
    return table(
        "Signatures",
        [
            Column("For", "party"),
            Column("Signed by", "name"),
            Column("When", lambda row: rx.cond(row.when, row.when, "Not yet")),
        ],
        agreement.signatures,
        empty="Nobody has signed yet.",
        caption_hidden=True,
    )
