"""Headings, paragraphs and lists with the NHS classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import reflex as rx

from phbportal.ui.values import Text

Size = Literal["xl", "l", "m", "s", "xs"]

_HEADINGS = {2: rx.el.h2, 3: rx.el.h3, 4: rx.el.h4}


def heading(text: Text, *, level: Literal[2, 3, 4] = 2, size: Size = "m", caption: Text = "") -> rx.Component:
    """A heading below the page's one h1. ``caption`` is a small line above it, part of what is read out."""
    small = (
        [rx.el.span(caption, " ", class_name=f"nhsuk-caption-{size}")]
        if not isinstance(caption, str) or caption
        else []
    )
    return _HEADINGS[level](*small, text, class_name=f"nhsuk-heading-{size}")


def paragraph(*content: Any, small: bool = False) -> rx.Component:
    """A paragraph of body text, or of small print."""
    return rx.el.p(*content, class_name="nhsuk-body-s" if small else "nhsuk-body")


def loading() -> rx.Component:
    """While the page asks the server."""
    return paragraph("Loading…")


def lead(*content: Any) -> rx.Component:
    """The first, larger paragraph of a page."""
    return rx.el.p(*content, class_name="nhsuk-lede-text")


def bullets(items: Sequence[Any] | rx.Var[list[str]], *, numbered: bool = False) -> rx.Component:
    """A bulleted or numbered list, of ready items or of a var of texts."""
    element, kind = (rx.el.ol, "number") if numbered else (rx.el.ul, "bullet")
    rows = [rx.foreach(items, rx.el.li)] if isinstance(items, rx.Var) else [rx.el.li(item) for item in items]
    return element(*rows, class_name=f"nhsuk-list nhsuk-list--{kind}")


def hidden(*content: Any) -> rx.Component:
    """Words for people who hear the page."""
    return rx.el.span(*content, class_name="nhsuk-u-visually-hidden")


def columns(*content: Any, wide: Literal["two-thirds", "one-half", "one-third"] = "two-thirds") -> rx.Component:
    """Content held to a readable width."""
    return rx.el.div(rx.el.div(*content, class_name=f"nhsuk-grid-column-{wide}"), class_name="nhsuk-grid-row")


def side_by_side(*content: Any) -> rx.Component:
    """Two, three or four blocks beside each other on a wide screen, below each other on a narrow one."""
    return rx.el.div(*content, class_name="phb-side-by-side")
