"""Parts of a long record: each with a heading, and an address that a problem can lead to."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import Text, identity


def section(identifier: str, title: Text, *content: Any) -> rx.Component:
    """A part of a page. ``identifier`` is the field a ``Problem`` may name: its link leads here."""
    # a heading can take the focus that the link gives it, but is no stop for the Tab key
    return rx.el.section(heading(title), *content, **identity(identifier, tabIndex=-1))


def paragraphs(lines: rx.Var[Any], *, empty: Text = "") -> rx.Component:
    """Somebody's words, a paragraph a line; ``empty`` stands where there are none."""
    return rx.cond(lines, rx.fragment(rx.foreach(lines, lambda line: paragraph(line))), paragraph(empty))
