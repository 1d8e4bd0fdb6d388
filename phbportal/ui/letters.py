"""What goes on paper by itself: when the page is printed, nothing else is (``assets/portal.css``)."""

from __future__ import annotations

import reflex as rx

from phbportal.ui.values import Text


def letter(address: Text, code: Text) -> rx.Component:
    """Where to go, and the code to type there."""
    return rx.el.div(
        rx.el.p("Go to ", rx.el.strong(address), " and type this code:", class_name="nhsuk-body"),
        rx.el.p(code, class_name="phb-letter__code"),
        class_name="phb-letter",
    )
