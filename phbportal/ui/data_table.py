"""A table whose columns are known only in the browser: headings and rows as the server sends them, as plain texts.

A heading has ``label``, ``kind`` ("text", "record", "link" or "tag"), ``at`` and ``leads`` (where in a row its text and
its address stand), ``numeric``, ``sort``, ``direction`` and ``colours``. A row is its key, then texts and addresses.
"""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.links import anchor, is_served, link
from phbportal.ui.tags import tag
from phbportal.ui.values import NOTHING, Text, classes, pick, when

_OTHER_COLOUR = "grey"


def data_table(
    caption: Text, heads: Any, rows: Any, *, record_base: Text, sort_base: Text = "", empty: Text = "",
    compact: Any = False, before: Any = None, has_before: Any = True,
) -> rx.Component:  # fmt: skip
    """The table, or what to do when it is empty. ``record_base`` and a row's key make the address of its record;
    ``sort_base`` and a heading's ``sort`` the address that sorts by it; ``before`` makes a first cell out of a row (the
    heading's out of None), while ``has_before``."""

    def first_cell(one: Any) -> list[rx.Component]:
        if before is None:
            return []
        if one is None:
            head = rx.el.th(before(None), scope="col", role="columnheader", class_name="nhsuk-table__header phb-pick")
            return [when(has_before, head)]
        return [when(has_before, rx.el.td(before(one), role="cell", class_name="nhsuk-table__cell phb-pick"))]

    def row(one: Any) -> rx.Component:
        cells = rx.foreach(heads, lambda head, n: _cell(head, one, n, record_base))
        return rx.el.tr(*first_cell(one), cells, role="row", class_name="nhsuk-table__row", key=one[0])

    whole = rx.el.table(
        rx.el.caption(caption, class_name="nhsuk-u-visually-hidden"),
        rx.el.thead(
            rx.el.tr(*first_cell(None), rx.foreach(heads, lambda head: _heading(head, sort_base)), role="row"),
            role="rowgroup",
            class_name="nhsuk-table__head",
        ),
        rx.el.tbody(rx.foreach(rows, row), role="rowgroup", class_name="nhsuk-table__body"),
        role="table",
        class_name=classes("nhsuk-table nhsuk-table--responsive phb-table phb-data", (compact, "phb-table--compact")),
    )
    return pick(rows, whole, rx.el.p(empty, class_name="nhsuk-body phb-empty"))


def _heading(head: Any, sort_base: Text) -> rx.Component:
    sorted_by = anchor(head.label, href=sort_base + head.sort, class_name="nhsuk-link")
    return rx.el.th(
        pick(head.sort, sorted_by, rx.fragment(head.label)),
        scope="col",
        role="columnheader",
        data_sort=pick(head.sort, "true", NOTHING),
        aria_sort=pick(head.sort, head.direction, NOTHING),
        class_name=classes("nhsuk-table__header", (head.numeric, "nhsuk-table__header--numeric")),
    )


def _cell(head: Any, row: Any, n: Any, record_base: Text) -> rx.Component:
    text, plain = row[head.at], rx.fragment(row[head.at])
    content = rx.match(
        head.kind,
        ("record", pick(record_base, link(text, record_base + "/" + row[0]), plain)),
        ("link", pick(row[head.leads], link(text, row[head.leads], leaves=is_served(row[head.leads])), plain)),
        ("tag", pick(text, tag(text, head.colours.get(text, _OTHER_COLOUR)), plain)),
        plain,
    )
    parts = (
        rx.el.span(head.label, " ", aria_hidden=True, class_name="nhsuk-table__heading"),
        rx.el.span(content),
    )
    return pick(
        n == 0,
        rx.el.th(*parts, scope="row", role="rowheader", class_name="nhsuk-table__header"),
        rx.el.td(
            *parts,
            role="cell",
            class_name=classes("nhsuk-table__cell", (head.numeric, "nhsuk-table__cell--numeric")),
        ),
    )
