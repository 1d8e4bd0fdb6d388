"""What the keys of a page do, and the button that turns them off; ``assets/lists.js`` listens for both."""

from __future__ import annotations

from collections.abc import Sequence

import reflex as rx

from phbportal.ui.details import details
from phbportal.ui.values import identity


def keys_help(title: str, keys: Sequence[tuple[str, str]]) -> rx.Component:
    """A list of keys in words, closed until it is asked for."""
    return rx.el.div(
        details(
            title,
            rx.el.ul(
                *[rx.el.li(rx.el.kbd(key), f": {words}") for key, words in keys], class_name="nhsuk-list phb-keys"
            ),
            rx.el.p(
                rx.el.button(
                    "Turn the keys off",
                    type="button",
                    class_name="phb-text-button",
                    **identity("keys-switch"),
                )
            ),
        ),
        **identity("list-keys"),
        class_name="phb-no-print",
    )
