"""Tables that become cards on a phone, and summary lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.ui.links import anchor, link
from phbportal.ui.values import Flag, Text, classes, pick, when

Cell = str | int | Callable[[Any], Any]


@dataclass(frozen=True)
class Sort:
    """A column the reader can sort by: where its heading leads, and how the table is sorted by it now."""

    href: Text
    direction: Text = "none"
    """"ascending", "descending" or "none"."""


@dataclass(frozen=True)
class Column:
    """One column. ``cell`` names the row's attribute, its position, or makes the content from the row."""

    heading: str
    cell: Cell
    numeric: bool = False
    sort: Sort | None = None

    def content(self, row: Any) -> Any:
        """What stands in this column for a row (a var inside ``rx.foreach``, or a plain object)."""
        if callable(self.cell):
            return self.cell(row)
        return row[self.cell] if isinstance(self.cell, int) else getattr(row, self.cell)


def link_cell(text: str, href: str) -> Callable[[Any], rx.Component]:
    """A cell that links: the names of the row's attributes for the text and the address."""
    return lambda row: link(getattr(row, text), getattr(row, href))


def table(
    caption: Text,
    columns: Sequence[Column],
    rows: Sequence[Any] | rx.Var[Any],
    *,
    empty: Text = "",
    caption_hidden: bool = False,
    size: str = "m",
    compact: bool = False,
) -> rx.Component:
    """A table of ready rows; the first column names the row.

    On a narrow screen each row is a card whose lines repeat the column headings. ``empty`` says what to do when there
    are no rows, and takes the table's place.
    """
    captions = "nhsuk-u-visually-hidden" if caption_hidden else f"nhsuk-table__caption nhsuk-table__caption--{size}"
    body = (
        [rx.foreach(rows, lambda row: _row(columns, row))]
        if isinstance(rows, rx.Var)
        else [_row(columns, r) for r in rows]
    )
    # the roles are stated because the narrow layout's display: block would take them away
    whole = rx.el.table(
        rx.el.caption(caption, class_name=captions),
        rx.el.thead(
            rx.el.tr(*[_heading(column) for column in columns], role="row", class_name="nhsuk-table__row"),
            role="rowgroup",
            class_name="nhsuk-table__head",
        ),
        rx.el.tbody(*body, role="rowgroup", class_name="nhsuk-table__body"),
        role="table",
        class_name=classes("nhsuk-table nhsuk-table--responsive phb-table", (compact, "nhsuk-table--compact")),
    )
    if isinstance(empty, str) and not empty:
        return whole
    return pick(rows, whole, rx.el.p(empty, class_name="nhsuk-body phb-empty"))


def _heading(column: Column) -> rx.Component:
    props: dict[str, Any] = {}
    content: Any = column.heading
    if column.sort is not None:
        content = anchor(column.heading, href=column.sort.href, class_name="nhsuk-link")
        props = {"data_sort": "true", "aria_sort": column.sort.direction}
    names = classes("nhsuk-table__header", (column.numeric, "nhsuk-table__header--numeric"))
    return rx.el.th(content, scope="col", role="columnheader", class_name=names, **props)


def _row(columns: Sequence[Column], row: Any) -> rx.Component:
    first, *rest = columns
    cells = [
        rx.el.th(*_cell(first, row), scope="row", role="rowheader", class_name="nhsuk-table__header"),
        *[
            rx.el.td(
                *_cell(column, row),
                role="cell",
                class_name=classes("nhsuk-table__cell", (column.numeric, "nhsuk-table__cell--numeric")),
            )
            for column in rest
        ],
    ]
    return rx.el.tr(*cells, role="row", class_name="nhsuk-table__row")


def _cell(column: Column, row: Any) -> list[rx.Component]:
    return [
        rx.el.span(column.heading + " ", aria_hidden=True, class_name="nhsuk-table__heading"),
        rx.el.span(column.content(row)),
    ]


@dataclass(frozen=True)
class Line:
    """One line of a summary list: what it is, what it says, and where it can be changed ("" for nowhere)."""

    key: str
    value: str
    href: str = ""
    act: str = "Change"


def summary_list(lines: Sequence[Any] | rx.Var[list[Line]], *, border: bool = True) -> rx.Component:
    """A record's facts: a var of ``Line``, or ready ``Line``s and ``line(…)`` components."""
    if isinstance(lines, rx.Var):
        rows = [rx.foreach(lines, lambda one: line(one.key, one.value, href=one.href, act=one.act))]
    else:
        rows = [line(x.key, x.value, href=x.href, act=x.act) if isinstance(x, Line) else x for x in lines]
    return rx.el.dl(*rows, class_name=classes("nhsuk-summary-list", (not border, "nhsuk-summary-list--no-border")))


def line(key: Text, *value: Any, href: Text = "", act: Text = "Change", shown: Flag = True) -> rx.Component:
    """One line with any content as its value."""
    row = rx.el.div(
        rx.el.dt(key, class_name="nhsuk-summary-list__key"),
        rx.el.dd(*value, class_name="nhsuk-summary-list__value"),
        when(href, rx.el.dd(link(act, href, hidden=_lower(key)), class_name="nhsuk-summary-list__actions")),
        class_name=classes("nhsuk-summary-list__row"),
    )
    return row if shown is True else when(shown, row)


def _lower(text: Text) -> Text:
    return text.lower()


def nothing_here() -> rx.Component:
    """A value that nobody has given: a dash for the eye, and words for whoever hears the page."""
    return rx.fragment(
        rx.el.span("–", aria_hidden=True), rx.el.span("Nothing recorded", class_name="nhsuk-u-visually-hidden")
    )
