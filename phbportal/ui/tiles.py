"""Tiles: a few figures beside each other, small enough to stand above what somebody came for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.ui.links import anchor
from phbportal.ui.text import hidden
from phbportal.ui.values import pick


@dataclass(frozen=True)
class TileView:
    """A figure as text, "" while it is being counted; its name, the line below it, and the list it is of."""

    label: str
    says: str
    href: str
    figure: str = ""


def tiles(shown: rx.Var[list[TileView]], *, name: str = "Figures") -> rx.Component:
    """The tiles in a list; two beside each other even on a small phone. The whole tile leads to its list."""
    return rx.el.ul(rx.foreach(shown, _tile), class_name="phb-tiles", aria_label=name)


def _tile(one: Any) -> rx.Component:
    counting = rx.fragment(rx.el.span("…", aria_hidden=True), hidden("Still being counted"))
    return rx.el.li(
        anchor(one.label, hidden(":"), href=one.href, class_name="phb-tiles__link"),
        rx.el.span(pick(one.figure, rx.fragment(one.figure), counting), class_name="phb-tiles__figure"),
        rx.el.span(one.says, class_name="phb-tiles__says"),
        class_name="phb-tiles__tile",
    )
