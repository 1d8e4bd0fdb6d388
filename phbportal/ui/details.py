"""Content behind a heading that opens and closes, without script."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.values import Text


def details(summary: Text, *content: Any, expander: bool = False, start_open: bool = False) -> rx.Component:
    """Words that only some people need. ``expander`` draws it as a card."""
    inner = [x if isinstance(x, rx.Component) else rx.el.p(x) for x in content]
    props = {"open": True} if start_open else {}
    return rx.el.details(
        rx.el.summary(
            rx.el.span(summary, class_name="nhsuk-details__summary-text"), class_name="nhsuk-details__summary"
        ),
        rx.el.div(*inner, class_name="nhsuk-details__text"),
        class_name="nhsuk-details" + (" nhsuk-expander" if expander else ""),
        **props,
    )
