"""Tabs that are links: each has an address, so it can be sent to a colleague and the back button works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.ui.links import anchor
from phbportal.ui.values import NOTHING, Flag, Text, classes, pick


@dataclass(frozen=True)
class Tab:
    """One tab: its words, its address, and whether it is the one shown."""

    label: Text
    href: Text
    current: Flag = False


def tabs(items: Sequence[Tab], *content: Any, label: str) -> rx.Component:
    """The parts of one record. It is navigation, so it says "current page" and not "selected tab"."""
    return rx.el.div(
        rx.el.nav(rx.el.ul(*[_tab(item) for item in items], class_name="nhsuk-tabs__list"), aria_label=label),
        rx.el.div(*content, class_name="nhsuk-tabs__panel"),
        class_name="nhsuk-tabs phb-tabs",
    )


def _tab(item: Tab) -> rx.Component:
    return rx.el.li(
        anchor(
            item.label,
            href=item.href,
            class_name="nhsuk-tabs__tab",
            aria_current=pick(item.current, "page", NOTHING),
        ),
        class_name=classes("nhsuk-tabs__list-item", (item.current, "nhsuk-tabs__list-item--selected")),
    )
