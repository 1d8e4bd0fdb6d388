"""Charts of figures: bars, a line by month, stacked bars; each with a sentence, and the figures as a table.

Everything is reckoned here, in whole numbers: the browser gets widths, points and ready text. Parts of a bar differ by
pattern as well as by colour, and every amount stands in words. Pictures are hidden from people who hear the page: they
have the sentence and the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from phbportal.domain.figures import Figures, Hidden, Value
from phbportal.ui.charts import BarPart, bar_patterns
from phbportal.ui.choices import Choice
from phbportal.ui.details import details
from phbportal.ui.links import link
from phbportal.ui.text import heading, hidden, paragraph
from phbportal.ui.values import pick, when

PATTERNS = ("spent", "paid", "set-aside", "left")
"""One a series, in order; a single series has the plain one."""
WIDE, HIGH = 1000, 300


@dataclass(frozen=True)
class PlotCell:
    """One cell of the table: its column's name and its text."""

    name: str
    text: str


@dataclass(frozen=True)
class PlotRow:
    """One label: its whole as text, its cells, and the parts of its bar."""

    label: str
    whole: str
    cells: list[PlotCell] = field(default_factory=list[PlotCell])
    parts: list[BarPart] = field(default_factory=list[BarPart])


@dataclass(frozen=True)
class Plot:
    """A chart as it is drawn. ``points`` is the line, ``ground`` the same closed below; without rows only the sentence
    is shown."""

    kind: str
    title: str
    sentence: str
    by: str
    names: list[str]
    key: list[BarPart]
    rows: list[PlotRow]
    points: str = ""
    ground: str = ""
    first: str = ""
    last: str = ""
    files: list[Choice] = field(default_factory=list[Choice])
    """Where its figures can be had as a file: address and words."""


def plot_of(kind: str, title: str, by: str, sentence: str, figures: Figures) -> Plot:
    """What is drawn of some figures. ``kind`` is "bar", "line" or "stacked", ``by`` the head of the first column."""
    several = len(figures.series) > 1
    names = [one.name for one in figures.series] if several else ["Amount" if figures.unit == "pence" else "How many"]
    runs = [one.values for one in figures.series]
    totals = figures.totals()
    longest = max(totals, default=0)
    rows = [
        PlotRow(
            label,
            figures.words(totals[i]) if several else figures.words(runs[0][i]),
            [PlotCell(name, figures.words(run[i])) for name, run in zip(names, runs, strict=True)],
            _parts([run[i] for run in runs], longest, names),
        )
        for i, label in enumerate(figures.labels)
    ]
    key = [BarPart(PATTERNS[i], name, "", 0, 100) for i, name in enumerate(names)] if several else []
    points = _points(totals, longest) if kind == "line" else ""
    return Plot(
        kind, title, sentence, by, names, key, rows, points,
        f"0,{HIGH} {points} {WIDE},{HIGH}" if points else "",
        figures.labels[0] if rows else "", figures.labels[-1] if rows else "",
    )  # fmt: skip


def _parts(values: list[Value], longest: int, names: list[str]) -> list[BarPart]:
    """Parts beside each other, in whole percentages of the longest bar; what is not nought can be seen."""
    found: list[BarPart] = []
    start = up_to = 0
    for i, (value, name) in enumerate(zip(values, names, strict=True)):
        up_to += 0 if isinstance(value, Hidden) else max(0, value)
        end = up_to * 100 // longest if longest > 0 else 0  # of what is before it too, so that no percent is lost
        least = 1 if isinstance(value, Hidden) or value > 0 else 0
        width = min(100 - start, max(end - start, least))
        found.append(BarPart(PATTERNS[i] if len(values) > 1 else "paid", name, "", start, width))
        start += width
    return found


def _points(totals: tuple[int, ...], longest: int) -> str:
    """A line from left to right, the highest value near the top; less than nought lies on the ground."""
    steps = max(1, len(totals) - 1)
    heights = [max(0, value) * (HIGH - 20) // longest if longest > 0 else 0 for value in totals]
    return " ".join(f"{i * WIDE // steps},{HIGH - 5 - height}" for i, height in enumerate(heights))


def plots(shown: rx.Var[list[Plot]]) -> rx.Component:
    """The charts of a page, one below the other, wide screens two beside each other."""
    return rx.fragment(bar_patterns(), rx.el.div(rx.foreach(shown, _plot), class_name="phb-plots"))


def _plot(plot: Any) -> rx.Component:
    return rx.el.section(
        heading(plot.title),
        rx.el.figure(
            rx.el.figcaption(plot.sentence, class_name="nhsuk-body phb-chart__sentence"),
            pick(
                plot.rows,
                rx.fragment(
                    rx.match(plot.kind, ("line", _line(plot)), ("stacked", _stacked(plot)), _bars(plot)), _table(plot)
                ),
                rx.fragment(),
            ),
            class_name="phb-chart",
        ),
        when(plot.files, _files(plot)),
        class_name="phb-plots__plot",
    )


def _files(plot: Any) -> rx.Component:
    each = rx.foreach(
        plot.files, lambda one: rx.fragment(link(one.text, one.value, hidden=plot.title, leaves=True), " ")
    )
    return paragraph("Download these figures: ", each)


def _bars(plot: Any) -> rx.Component:
    return rx.el.ul(rx.foreach(plot.rows, _bar), class_name="phb-bars", aria_hidden=True)


def _bar(row: Any) -> rx.Component:
    words = rx.el.span(rx.el.span(row.label), " ", rx.el.strong(row.whole), class_name="phb-bars__words")
    return rx.el.li(words, _drawing(rx.foreach(row.parts, _part), height="16"), class_name="phb-bars__row")


def _stacked(plot: Any) -> rx.Component:
    key = rx.el.ul(
        rx.foreach(
            plot.key,
            lambda part: rx.el.li(
                _drawing(_part(part), width="20", height="20"), rx.el.span(part.label), class_name="phb-bar__item"
            ),
        ),
        class_name="phb-bar__key",
        aria_hidden=True,
    )
    return rx.fragment(key, _bars(plot))


def _line(plot: Any) -> rx.Component:
    return rx.el.div(
        rx.el.svg(
            rx.el.svg.polygon(points=plot.ground, class_name="phb-line__ground"),
            rx.el.svg.polyline(points=plot.points, class_name="phb-line__stroke"),
            view_box=f"0 0 {WIDE} {HIGH}",
            width="100%",
            height="160",
            custom_attrs={"focusable": "false", "preserveAspectRatio": "none"},
        ),
        rx.el.div(rx.el.span(plot.first), rx.el.span(plot.last), class_name="phb-line__ends"),
        class_name="phb-line",
        aria_hidden=True,
    )


def _part(part: Any) -> rx.Component:
    return rx.el.svg.rect(
        x=part.start.to_string() + "%",
        y="0",
        width=part.percent.to_string() + "%",
        height="100%",
        class_name="phb-bar__part phb-bar__part--" + part.kind,
    )


def _drawing(*shapes: Any, height: str, width: str = "100%") -> rx.Component:
    return rx.el.svg(*shapes, width=width, height=height, custom_attrs={"focusable": "false"})


def _table(plot: Any) -> rx.Component:
    """As ``ui/tables.py`` paints them, with as many columns as there are series."""
    head = rx.el.tr(
        rx.el.th(plot.by, scope="col", role="columnheader", class_name="nhsuk-table__header"),
        rx.foreach(
            plot.names,
            lambda name: rx.el.th(
                name,
                scope="col",
                role="columnheader",
                class_name="nhsuk-table__header nhsuk-table__header--numeric",
            ),
        ),
        role="row",
        class_name="nhsuk-table__row",
    )
    whole = rx.el.table(
        rx.el.caption(plot.title, class_name="nhsuk-u-visually-hidden"),
        rx.el.thead(head, role="rowgroup", class_name="nhsuk-table__head"),
        rx.el.tbody(
            rx.foreach(plot.rows, lambda row: _row(plot, row)), role="rowgroup", class_name="nhsuk-table__body"
        ),
        role="table",
        class_name="nhsuk-table nhsuk-table--responsive phb-table",
    )
    return details(rx.fragment("Show as table", hidden(": ", plot.title)), whole)


def _row(plot: Any, row: Any) -> rx.Component:
    def cell(one: Any) -> rx.Component:
        return rx.el.td(
            rx.el.span(one.name, " ", aria_hidden=True, class_name="nhsuk-table__heading"),
            rx.el.span(one.text),
            role="cell",
            class_name="nhsuk-table__cell nhsuk-table__cell--numeric",
        )

    return rx.el.tr(
        rx.el.th(
            rx.el.span(plot.by, " ", aria_hidden=True, class_name="nhsuk-table__heading"),
            rx.el.span(row.label),
            scope="row",
            role="rowheader",
            class_name="nhsuk-table__header",
        ),
        rx.foreach(row.cells, cell),
        role="row",
        class_name="nhsuk-table__row",
    )
