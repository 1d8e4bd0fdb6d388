"""What stands around a list: filters built without code, columns, saving it, and the keys."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.asked import SIZES
from phbportal.ui.buttons import button, button_group, text_button
from phbportal.ui.choices import Choice, checkbox, select
from phbportal.ui.details import details
from phbportal.ui.forms import form, text_input
from phbportal.ui.inputs import any_input
from phbportal.ui.keys import keys_help
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick, when

DENSITIES = [Choice("comfortable", "Comfortable"), Choice("compact", "Compact")]
KEYS = (
    ("/", "go to the search box"),
    ("Down and Up arrows", "go to the next row and the one before"),
    ("Enter", "open the row"),
    ("?", "open or close this help"),
)


def filtering(s: Any) -> rx.Component:
    """The conditions there are, each in words with its way out; and the form that adds one."""

    def line(one: Any, place: Any) -> rx.Component:
        problem = when(one.problem, rx.el.span(one.problem, class_name="nhsuk-error-message"))
        away = text_button("Take away", on_click=s.drop(place), more=one.words)
        return rx.el.li(rx.el.span(one.words, class_name="phb-lines__words"), away, problem)

    lines = rx.el.ul(rx.foreach(s.lines, line), class_name="nhsuk-list phb-lines", aria_label="Filters")
    adding = form(
        select(
            "field", "Filter by", s.fields, blank="Choose what to filter by", error=s.errors["field"],
            on_change=s.choose, key=s.lines.length().to_string(),
        ),
        when(
            s.field,
            rx.el.div(
                select("op", "How", s.ops, on_change=s.compare),
                rx.foreach(s.inputs, lambda one: any_input(one, s.values, s.errors)),
                button("Add this filter", kind="secondary", small=True),
                key=s.field,
            ),
        ),
        on_submit=s.add,
    )  # fmt: skip
    more = when(s.fields.length() > 0, details("Filter by more", adding))
    return rx.fragment(when(s.lines.length() > 0, lines), more)


def choosing_columns(s: Any) -> rx.Component:
    """Which columns, in which order; how many rows, how dense."""

    def column(one: Any) -> rx.Component:
        def press(words: str, move: str) -> rx.Component:
            return text_button(words, on_click=s.arrange(one.name, move), more=one.label)

        ways = rx.fragment(
            when(one.can_up, press("Move up", "up")),
            when(one.can_down, press("Move down", "down")),
            press("Hide", "hide"),
        )
        return rx.el.li(
            rx.el.span(one.label, class_name=pick(one.shown, "phb-columns__on", "phb-columns__off")),
            rx.el.span(pick(one.shown, ways, press("Show", "show")), class_name="phb-columns__ways"),
            key=one.name,
        )

    sizes = [Choice(str(size), str(size)) for size in SIZES]
    return details(
        "Columns and rows",
        rx.el.ol(rx.foreach(s.columns, column), class_name="nhsuk-list phb-columns", aria_label="Columns"),
        form(
            select("size", "Rows a page", sizes, value=s.size),
            select("density", "Density", DENSITIES, value=s.density),
            button("Set out the list", kind="secondary", small=True),
            on_submit=s.set_out,
        ),
    )


def saving(s: Any) -> rx.Component:
    """Saving the list as it is: under a new name, or again under the one it has."""

    def boxes(name: str, shared: Any, first: Any, **named: Any) -> list[rx.Component]:
        return [
            text_input("name", name, width="20", error=s.errors["name"], auto_complete="off", **named),
            checkbox("shared", "Share it with everybody at your board who may see this list", checked=shared),
            checkbox("opens-first", "Open it first whenever I come to this list", checked=first),
        ]

    mine = rx.fragment(
        form(
            *boxes("Name of this saved list", s.view_shared, s.view_first, value=s.view_name),
            button_group(
                button("Save the changes", kind="secondary", small=True),
                text_button("Delete this saved list", on_click=s.delete, more=s.view_name),
            ),
            on_submit=s.save_again,
        ),
    )
    new = form(
        *boxes("Name", False, False),
        button("Save the list", kind="secondary", small=True),
        on_submit=s.save,
    )
    return details(
        "Save this list",
        paragraph("The search, the filters, the columns and the order are kept under a name."),
        pick(s.view_mine, mine, new),
    )


def keys() -> rx.Component:
    """What the keys do."""
    return keys_help("Keys for this list", KEYS)
