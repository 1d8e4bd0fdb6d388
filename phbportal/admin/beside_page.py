"""How the way to the records before and after looks, and the keys for it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.beside_state import BesideState
from phbportal.ui.keys import keys_help
from phbportal.ui.links import anchor, link
from phbportal.ui.values import when

KEYS = (("[", "open the one before"), ("]", "open the one after"), ("?", "open or close this help"))


def beside() -> rx.Component:
    """Previous, next, and back to the list: nothing for whoever did not come from a list."""
    s: Any = BesideState

    def way(words: str, title: Any, href: Any, rel: str) -> rx.Component:
        lead = rx.el.span(words, " ", s.one, ": ", class_name="phb-beside__words")
        there = anchor(lead, title, href=href, class_name="nhsuk-link", rel=rel, custom_attrs={"data-beside": rel})
        return when(href, rx.el.li(there, class_name=f"phb-beside__{rel}"))

    ways = rx.el.ul(
        way("Previous", s.before_title, s.before_href, "prev"),
        way("Next", s.after_title, s.after_href, "next"),
        rx.el.li(link("Back to the list", s.list_href), class_name="phb-beside__list"),
        class_name="nhsuk-list phb-beside__ways",
    )
    return when(s.ready, rx.el.nav(ways, aria_label="The list you came from", class_name="phb-beside phb-no-print"))


def beside_keys() -> rx.Component:
    """What the keys do on a record, while there is a list to go through."""
    s: Any = BesideState
    return when(s.ready, keys_help("Keys for this record", KEYS))
