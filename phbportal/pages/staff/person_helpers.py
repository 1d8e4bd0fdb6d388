"""The sections of a person's record about who helps them, and about their capacity; ``s`` is its PersonState."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.resources.colours import HELPER_COLOURS
from phbportal.ui.buttons import link_button
from phbportal.ui.tables import Column, link_cell, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import heading
from phbportal.ui.values import when


def helpers(s: Any) -> rx.Component:
    """Everybody who helps the person or acts for them."""
    return rx.fragment(
        heading("People who help"),
        table(
            "People who help",
            [
                Column("Name", link_cell("name", "href")),
                Column("What they do", "what"),
                Column("Why", "why"),
                Column("Status", lambda row: status_tag(row.status, HELPER_COLOURS)),
            ],
            s.helpers,
            empty="Nobody is recorded.",
            caption_hidden=True,
        ),
        when(s.may_write, link_button("Add somebody who helps", s.base + "/new-helper", kind="secondary")),
    )


def assessments(s: Any) -> rx.Component:
    """What was found about the person's capacity to decide."""
    return rx.fragment(
        heading("Assessments of capacity", level=3, size="s"),
        table(
            "Assessments of capacity",
            [
                Column("Decision", "decision"),
                Column("Found", "outcome"),
                Column("Assessed", "assessed"),
                Column("To look at again", "review"),
            ],
            s.assessments,
            empty="None is recorded. A person of 16 or over is taken to have capacity.",
            caption_hidden=True,
        ),
        when(s.may_write, link_button("Record an assessment", s.base + "/capacity", kind="secondary")),
    )
