"""What a plan holds besides words, outcomes and services, drawn for staff; and what was said about it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.addresses import new_address, record_base
from phbportal.resources.plan_parts import CONTINGENCIES, OMISSIONS, RISKS
from phbportal.resources.plan_sharing import COMMENTS, PLANNERS
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import Colour, status_tag
from phbportal.ui.text import bullets, heading
from phbportal.ui.values import pick, when

_WRITERS: dict[str, Colour] = {"Writing": "blue", "Handed in": "green", "Taken back": "grey", "Declined": "orange"}


def plan_care(s: Any) -> rx.Component:
    """The sections that are written, then risks, what happens if, what was not agreed, who writes, what was said."""
    parts = s.parts
    return rx.fragment(
        heading("Sections"),
        when(s.still_needed, inset(s.still_needed)),
        table(
            "Sections",
            [
                Column("Section", "title"),
                Column("What it says", lambda one: rx.cond(one.words, _lines(one.words), "Not written yet")),
                Column("Who else may read it", "share"),
            ],
            s.sections,
            caption_hidden=True,
        ),
        section("risks", "Risks", _risks(parts)),
        heading("If something goes wrong"),
        table(
            "If something goes wrong",
            [Column("If", _to(CONTINGENCIES, "happens")), Column("Then", "action"), Column("Who", "who")],
            parts.contingencies,
            empty="Nothing is written yet.",
            caption_hidden=True,
        ),
        heading("Asked for and not agreed"),
        table(
            "Asked for and not agreed",
            [Column("What", _to(OMISSIONS, "asked_for")), Column("Why not", "reason")],
            parts.omissions,
            empty="Nothing was asked for that is not in the plan.",
            caption_hidden=True,
        ),
        when(s.writers, heading("Who was asked to write it"), _writers(s.writers)),
        when(parts.comments, heading("What the person says"), _comments(parts.comments)),
    )


def care_links(s: Any) -> rx.Component:
    """What can be added to a plan that is being written."""
    of_budget = "?phb_id=" + s.head.id
    ways = [(RISKS, "Add a risk"), (CONTINGENCIES, "Add what is done if something happens"),
            (OMISSIONS, "Add what was asked for and is not agreed"),
            (PLANNERS, "Ask somebody else to write the plan")]  # fmt: skip
    return rx.fragment(
        heading("Write the sections"),
        rx.el.ul(
            rx.foreach(
                s.sections,
                lambda one: rx.el.li(
                    link(one.title, s.head.plan_href + "/section?section=" + one.code), pick(one.words, "", " (empty)")
                ),
            ),
            class_name="nhsuk-list nhsuk-list--bullet",
        ),
        heading("Add to the plan"),
        bullets([link(words, new_address(resource) + of_budget) for resource, words in ways]),
    )


def _risks(parts: Any) -> rx.Component:
    return table(
        "Risks",
        [
            Column("What could go wrong", _to(RISKS, "risk")),
            Column("How high", "score"),
            Column("What is done", "mitigation"),
            Column("Who sees to it", "owner"),
            Column("Accepted by", lambda one: rx.cond(one.accepted, one.accepted, "Nobody")),
        ],
        parts.risks,
        empty="No risks are written yet.",
        caption_hidden=True,
    )


def _writers(writers: Any) -> rx.Component:
    return table(
        "Who was asked to write it",
        [
            Column("Who", _to(PLANNERS, "name")),
            Column("Asked on", "asked"),
            Column("Status", lambda one: status_tag(one.status, _WRITERS)),
            Column("What they said", "note"),
        ],
        writers,
        caption_hidden=True,
    )


def _comments(comments: Any) -> rx.Component:
    return table(
        "What the person says",
        [
            Column("About", _to(COMMENTS, "place")),
            Column("Who and when", "said"),
            Column("What was said", "words"),
            Column("Answer", lambda one: rx.cond(one.answer, one.answer, "Not answered yet")),
        ],
        comments,
        caption_hidden=True,
    )


def _to(resource: Any, name: str) -> Any:
    """A cell that leads to the row's own record, where it is changed, answered or taken back."""
    return lambda one: link(getattr(one, name), record_base(resource) + "/" + one.id)


def _lines(words: Any) -> rx.Component:
    """Somebody's words, with the line breaks they wrote."""
    return rx.el.span(words, class_name="phb-own-words")
