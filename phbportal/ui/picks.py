"""Choosing rows of a table: a box before each, one for all of the page, and what is done to those that are chosen."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.text import hidden
from phbportal.ui.values import Text


def row_box(words: Text, *, checked: Any, on_change: Any) -> rx.Component:
    """A box as small as a row lets it be, with its words for those who hear the page."""
    return rx.el.label(
        rx.el.input(type="checkbox", checked=checked, on_change=on_change, class_name="phb-pick__box"),
        hidden(words),
        class_name="phb-pick__label",
    )


def chosen_rows(words: Text, *acts: rx.Component) -> rx.Component:
    """How many rows are chosen, announced as it changes, and what can be done to them."""
    return rx.el.section(
        rx.el.p(words, role="status", class_name="nhsuk-body phb-chosen__words"),
        rx.el.div(*acts, class_name="nhsuk-button-group phb-chosen__acts"),
        aria_label="Chosen rows",
        class_name="phb-chosen",
    )
