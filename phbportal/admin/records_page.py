"""The page that leads to every list."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import engine_page
from phbportal.admin.records_state import RecordsState
from phbportal.ui.links import link
from phbportal.ui.values import when


def records() -> rx.Component:
    """Every resource the actor may read."""

    def way(one: Any) -> rx.Component:
        intro = when(one.intro, rx.el.div(one.intro, class_name="nhsuk-hint nhsuk-u-margin-bottom-0"))
        return rx.el.li(link(one.label, one.href), intro)

    return engine_page(
        "All records",
        rx.el.ul(rx.foreach(RecordsState.ways, way), class_name="nhsuk-list phb-ways"),
        state=RecordsState,
    )
