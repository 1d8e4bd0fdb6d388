"""Buttons."""

from __future__ import annotations

from typing import Any, Literal

import reflex as rx

from phbportal.ui.links import anchor
from phbportal.ui.text import hidden
from phbportal.ui.values import Flag, Text, classes, pick

Kind = Literal["primary", "secondary", "warning", "reverse"]


def button(
    text: Text,
    *,
    kind: Kind = "primary",
    on_click: Any = None,
    disabled: Flag = False,
    small: bool = False,
    more: Text = "",
    controls: str = "",
    expanded: Flag | None = None,
) -> rx.Component:
    """A button. Without ``on_click`` it submits the form it stands in.

    ``disabled`` may be the state's "busy": a second press then does nothing. ``more`` is read out after the text
    ("Remove" + "Acme Care"). ``controls`` and ``expanded`` say which part of the page it opens, and whether it is open.
    """
    props: dict[str, Any] = {"type": "submit" if on_click is None else "button"}
    if on_click is not None:
        props["on_click"] = on_click
    if isinstance(disabled, rx.Var) or disabled:
        props |= {"disabled": disabled, "aria_disabled": pick(disabled, "true", "false")}
    if controls:
        props |= {"aria_controls": controls, "aria_expanded": pick(expanded, "true", "false")}
    after = [hidden(" ", more)] if not isinstance(more, str) or more else []
    return rx.el.button(text, *after, class_name=_classes(kind, small), **props)


def link_button(
    text: Text, href: Text, *, kind: Kind = "primary", small: bool = False, leaves: bool = False
) -> rx.Component:
    """A link that starts something, dressed as a button."""
    return anchor(text, href=href, leaves=leaves, draggable=False, class_name=_classes(kind, small))


def way_button(text: Text, way: Text) -> rx.Component:
    """Another button of a form: it sends what was typed and says which it was (``assets/portal.js``).

    Not a submit button: Enter in a box presses the form's first one, and that must be the one that sends it.
    """
    return rx.el.button(
        text, type="button", class_name="nhsuk-button nhsuk-button--secondary nhsuk-button--small phb-way",
        custom_attrs={"data-way": way},
    )  # fmt: skip


def print_button(text: Text = "Print this page") -> rx.Component:
    """Opens the browser's own print window (``assets/portal.js``)."""
    return rx.el.button(
        text, type="button", class_name="nhsuk-button nhsuk-button--secondary phb-no-print",
        custom_attrs={"data-print": "true"},
    )  # fmt: skip


def text_button(text: Text, *, on_click: Any, more: Text = "") -> rx.Component:
    """A button dressed as a link, for the lesser acts of a row."""
    after = [hidden(" ", more)] if not isinstance(more, str) or more else []
    return rx.el.button(text, *after, type="button", on_click=on_click, class_name="phb-text-button")


def button_group(*buttons: rx.Component) -> rx.Component:
    """Buttons and links side by side, below each other on a phone."""
    return rx.el.div(*buttons, class_name="nhsuk-button-group")


def _classes(kind: Kind, small: bool) -> Text:
    return classes("nhsuk-button", (kind != "primary", f"nhsuk-button--{kind}"), (small, "nhsuk-button--small"))
