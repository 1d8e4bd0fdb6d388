"""Status tags: a word with a colour, never a colour alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import reflex as rx

from phbportal.ui.values import Text

Colour = Literal["blue", "white", "grey", "green", "aqua-green", "purple", "pink", "red", "orange", "yellow"]


def tag(text: Text, colour: Colour | rx.Var[str] = "blue") -> rx.Component:
    """A status. Blue is the plain colour; green is done, yellow waits, orange is late, red is stopped, grey is over."""
    named = colour.to(str) if isinstance(colour, rx.Var) else colour
    return rx.el.strong(text, class_name="nhsuk-tag nhsuk-tag--" + named)


def status_tag(status: Text, colours: Mapping[str, Colour], *, otherwise: Colour = "grey") -> rx.Component:
    """A status whose colour follows from its words."""
    if not isinstance(status, rx.Var):
        return tag(status, colours.get(status, otherwise))
    cases: list[Any] = [(word, colour) for word, colour in colours.items()]
    return tag(status, rx.match(status, *cases, otherwise) if cases else otherwise)
