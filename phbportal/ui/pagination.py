"""Previous and next, for lists read by keyset."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.links import anchor
from phbportal.ui.text import hidden
from phbportal.ui.values import Flag, Text, when

_LEFT = (
    "M10.7 6.3c.4.4.4 1 0 1.4L7.4 11H19a1 1 0 0 1 0 2H7.4l3.3 3.3c.4.4.4 1 0 1.4a1 1 0 0 1-1.4 0l-5-5A1 1 0 0 1 4 12"
    "c0-.3.1-.5.3-.7l5-5a1 1 0 0 1 1.4 0Z"
)
_RIGHT = (
    "m14.7 6.3 5 5c.2.2.3.4.3.7 0 .3-.1.5-.3.7l-5 5a1 1 0 0 1-1.4-1.4l3.3-3.3H5a1 1 0 0 1 0-2h11.6l-3.3-3.3a1 1 0 1 1 "
    "1.4-1.4Z"
)


def pagination(
    *, previous_href: Text = "", next_href: Text = "", summary: Text = "", label: str = "Pages of the list"
) -> rx.Component:
    """Links to the pages before and after; an empty address hides its link.

    ``summary`` ("Showing 25 of more than 1,000") is read out when it changes.
    """
    return _frame(
        label,
        summary,
        when(
            previous_href, _item("previous", anchor(*_content("Previous", "left"), href=previous_href, **_link("prev")))
        ),
        when(next_href, _item("next", anchor(*_content("Next", "right"), href=next_href, **_link("next")))),
    )


def pager(
    *,
    on_previous: Any,
    on_next: Any,
    has_previous: Flag,
    has_next: Flag,
    summary: Text = "",
    label: str = "Pages of the list",
) -> rx.Component:
    """The same as buttons, where the place in the list may not stand in the address."""

    def press(words: str, side: str, rel: str, on_click: Any) -> rx.Component:
        return rx.el.button(
            *_content(words, side), type="button", on_click=on_click, class_name=f"{_link(rel)['class_name']} phb-pager"
        )

    return _frame(
        label,
        summary,
        when(has_previous, _item("previous", press("Previous", "left", "prev", on_previous))),
        when(has_next, _item("next", press("Next", "right", "next", on_next))),
    )


def _frame(label: str, summary: Text, *items: rx.Component) -> rx.Component:
    return rx.el.nav(
        rx.el.p(summary, role="status", class_name="nhsuk-body-s phb-pages"),
        rx.el.ul(*items, class_name="nhsuk-list nhsuk-pagination__list"),
        class_name="nhsuk-pagination",
        aria_label=label,
    )


def _item(side: str, content: rx.Component) -> rx.Component:
    return rx.el.li(content, class_name=f"nhsuk-pagination-item--{side}")


def _link(rel: str) -> dict[str, str]:
    return {"class_name": f"nhsuk-pagination__link nhsuk-pagination__link--{rel}", "rel": rel}


def _content(words: str, side: str) -> list[rx.Component]:
    arrow = rx.el.svg(
        rx.el.svg.path(d=_LEFT if side == "left" else _RIGHT),
        view_box="0 0 24 24",
        width="16",
        height="16",
        aria_hidden=True,
        custom_attrs={"focusable": "false"},
        class_name=f"nhsuk-icon nhsuk-icon--arrow-{side}",
    )
    return [rx.el.span(words, hidden(" page"), class_name="nhsuk-pagination__title"), arrow]
