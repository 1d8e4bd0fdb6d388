"""How a list looks: saved lists, search and filters, the table, the way on."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import engine_page
from phbportal.admin.list_state import ListState
from phbportal.admin.list_tools import choosing_columns, filtering, keys, saving
from phbportal.ui.buttons import button, button_group, link_button, text_button
from phbportal.ui.choices import select
from phbportal.ui.data_table import data_table
from phbportal.ui.links import anchor, link
from phbportal.ui.pagination import pager
from phbportal.ui.picks import chosen_rows, row_box
from phbportal.ui.search import search
from phbportal.ui.text import paragraph
from phbportal.ui.values import NOTHING, pick, when


def list_of_rows() -> rx.Component:
    """One page of any resource."""
    s = ListState
    return engine_page(
        s.title,
        when(s.intro, paragraph(s.intro)),
        _views(s),
        search(
            s.search_label,
            value=s.search,
            hint=s.search_hint,
            before=rx.el.div(rx.foreach(s.filters, _filter), class_name="phb-filters"),
            otherwise=when(_any(s.filters), button("Show these", kind="secondary", small=True)),
            on_submit=s.find,
        ),
        filtering(s),
        button_group(
            when(s.new_href, link_button(s.new_label, s.new_href, kind="secondary")),
            when(s.narrowed, link("Show everything", s.clear_href)),
            rx.foreach(s.see_also, lambda one: link(one.text, one.value)),
        ),
        _chosen(s),
        data_table(
            s.title, s.heads, s.rows, record_base=s.record_base, sort_base=s.sort_base, empty=s.nothing,
            compact=s.density == "compact", before=lambda row: _box(s, row), has_before=_any(s.acts),
        ),
        when(
            s.downloads,
            rx.el.p(
                "Download this list: ",
                rx.foreach(s.downloads, lambda one: rx.fragment(link(one.text, one.value, leaves=True), " ")),
                class_name="nhsuk-body phb-no-print",
            ),
        ),
        pager(
            on_previous=s.turn("before"), on_next=s.turn("after"), has_previous=s.has_before, has_next=s.has_after,
            summary=s.summary,
        ),
        choosing_columns(s),
        saving(s),
        keys(),
        state=s,
    )  # fmt: skip


def _filter(one: Any) -> rx.Component:
    return select(one.name, one.label, one.choices, value=one.value)


def _views(s: Any) -> rx.Component:
    """The saved lists, as a short row of links."""

    def item(one: Any) -> rx.Component:
        note = when(one.note, rx.el.span(" (", one.note, ")", class_name="phb-views__note"))
        way = anchor(one.label, href=one.href, class_name="nhsuk-link", aria_current=pick(one.current, "page", NOTHING))
        return rx.el.li(way, note)

    listed = rx.el.ul(rx.foreach(s.views, item), class_name="nhsuk-list phb-views__list")
    return when(s.views.length() > 0, rx.el.nav(listed, aria_label="Saved lists", class_name="phb-views"))


def _chosen(s: Any) -> rx.Component:
    """What can be done to the chosen rows."""
    acts = rx.foreach(
        s.acts, lambda one: button(one.label, kind="secondary", small=True, on_click=s.act(one.code))
    )  # fmt: skip
    ways = when(
        s.picked_words,
        acts,
        text_button("Choose none", on_click=s.pick_none),
    )
    every = when(s.has_after | s.has_before, text_button("Choose all that match", on_click=s.pick_all))
    return when(_any(s.acts) & (s.rows.length() > 0), chosen_rows(s.picked_words, ways, every))


def _box(s: Any, row: Any) -> rx.Component:
    if row is None:
        return row_box("Choose every row of this page", checked=s.all_here, on_change=s.pick_page(~s.all_here))
    chosen = s.picked.contains(row[0])
    first = pick(s.apart.length() > 0, ", " + row[s.apart[0]], "")
    words = row[1] + first + pick(s.apart.length() > 1, ", " + row[s.apart[1]], "")
    return row_box("Choose " + words, checked=chosen, on_change=s.pick(row[0], ~chosen))


def _any(var: Any) -> Any:
    return var.length() > 0
