"""How a list looks: search and filters, the table, the way on."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import staff_page
from phbportal.admin.list_state import ListState
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.choices import select
from phbportal.ui.data_table import data_table
from phbportal.ui.links import link
from phbportal.ui.pagination import pager
from phbportal.ui.search import search
from phbportal.ui.text import paragraph
from phbportal.ui.values import when


def list_of_rows() -> rx.Component:
    """One page of any resource."""
    s = ListState
    return staff_page(
        s.title,
        when(s.intro, paragraph(s.intro)),
        search(
            "Search",
            value=s.search,
            hint=s.search_hint,
            before=rx.el.div(rx.foreach(s.filters, _filter), class_name="phb-filters"),
            on_submit=s.find,
        ),
        button_group(
            when(s.new_href, link_button(s.new_label, s.new_href, kind="secondary")),
            when(s.narrowed, link("Show everything", s.clear_href)),
        ),
        data_table(
            s.title, s.heads, s.rows, record_base=s.record_base, sort_base=s.sort_base, empty=s.nothing
        ),
        when(
            s.downloads,
            rx.el.p(
                "Download this list: ",
                rx.foreach(s.downloads, lambda one: rx.fragment(link(one.label, one.href, leaves=True), " ")),
                class_name="nhsuk-body phb-no-print",
            ),
        ),
        pager(
            on_previous=s.turn("before"), on_next=s.turn("after"), has_previous=s.has_before, has_next=s.has_after,
            summary=s.summary,
        ),
        state=s,
    )  # fmt: skip


def _filter(one: Any) -> rx.Component:
    return select(one.name, one.label, one.choices, value=one.value)
