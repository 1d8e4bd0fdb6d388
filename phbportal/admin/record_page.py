"""How a record looks: what may be done with it, its sections, the rows that point to it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import staff_page
from phbportal.admin.record_state import RecordState
from phbportal.ui.buttons import button_group, link_button
from phbportal.ui.data_table import data_table
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.tables import line
from phbportal.ui.tags import tag
from phbportal.ui.text import heading
from phbportal.ui.values import when


def record() -> rx.Component:
    """A record of any resource."""
    s = RecordState
    return staff_page(
        s.title,
        when(s.acts, button_group(rx.foreach(s.acts, lambda act: link_button(act.label, act.href, kind="secondary")))),
        rx.foreach(s.sections, _section),
        rx.foreach(s.related, _related),
        state=s,
        caption=s.caption,
        before=breadcrumb((s.back_label, s.back_href)),
    )


def _section(section: Any) -> rx.Component:
    return rx.el.section(
        heading(section.title),
        rx.el.dl(rx.foreach(section.facts, _fact), class_name="nhsuk-summary-list"),
    )


def _fact(fact: Any) -> rx.Component:
    value = rx.match(
        fact.kind,
        ("link", link(fact.text, fact.href)),
        ("tag", tag(fact.text, fact.colour)),
        ("long", rx.el.span(fact.text, class_name="phb-long")),
        rx.fragment(fact.text),
    )
    return line(fact.label, value)


def _related(related: Any) -> rx.Component:
    return rx.el.section(
        heading(related.title),
        data_table(related.title, related.heads, related.rows, record_base=related.record_base, empty=related.empty),
    )
