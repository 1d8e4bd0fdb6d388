"""Pictures of money: bars drawn as SVG, always with a sentence and with the figures as a table.

Widths come as whole percentages and amounts as ready text, so nothing is reckoned in the browser. Each part of a bar
has its own pattern as well as its own colour, and its name and amount stand below it in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from phbportal.ui.details import details
from phbportal.ui.tables import Column, table
from phbportal.ui.text import hidden
from phbportal.ui.values import Text

Kind = Literal["paid", "spent", "set-aside", "left"]


@dataclass(frozen=True)
class BarPart:
    """One part of the year's bar. ``start`` and ``percent`` are whole percentages of the bar's width."""

    kind: str
    """"paid", "spent", "set-aside" or "left": which pattern it has."""
    label: str
    amount: str
    start: int
    percent: int


@dataclass(frozen=True)
class BarRow:
    """One row of a bar list: a kind of spending, its amount, and its whole percentage of the longest row."""

    label: str
    amount: str
    percent: int


def bar_parts(amounts: Sequence[tuple[Kind, str, str, int]]) -> list[BarPart]:
    """Parts whose widths add up to 100, from ``(kind, label, amount as text, amount in pence)``.

    Largest remainders get the odd percents; an amount above nought is never narrower than 1; debts are drawn as nought.
    """
    pence = [max(0, amount) for *_, amount in amounts]
    total = sum(pence)
    shares = [100 * p // total if total else 0 for p in pence]
    by_remainder = sorted(range(len(pence)), key=lambda i: (-(100 * pence[i] % total if total else 0), i))
    for i in by_remainder[: (100 - sum(shares)) if total else 0]:
        shares[i] += 1
    for i, amount in enumerate(pence):
        if amount and not shares[i]:
            shares[i] = 1
            shares[shares.index(max(shares))] -= 1
    starts = [sum(shares[:i]) for i in range(len(shares))]
    return [
        BarPart(kind, label, text, start, share)
        for (kind, label, text, _), start, share in zip(amounts, starts, shares, strict=True)
    ]


def budget_bar(
    parts: Sequence[BarPart] | rx.Var[list[BarPart]],
    sentence: Text,
    *,
    caption: str = "Your budget this year",
    total: Text = "",
) -> rx.Component:
    """A year of a budget as one bar: paid, spent, set aside, left.

    ``sentence`` says what the bar shows ("£4,200.00 of £12,000.00 has been paid; £7,800.00 is left."); ``total`` is the
    whole year's amount, the last line of the table.
    """
    return rx.el.figure(
        rx.el.figcaption(sentence, class_name="nhsuk-body phb-chart__sentence"),
        rx.el.svg(
            _patterns(),
            *_each(parts, _block),
            width="100%",
            height="48",
            aria_hidden=True,
            custom_attrs={"focusable": "false"},
            class_name="phb-bar",
        ),
        rx.el.ul(*_each(parts, _key), class_name="phb-bar__key"),
        details(
            "Show as table",
            table(
                caption,
                [Column("Part of the budget", "label"), Column("Amount", "amount", numeric=True)],
                parts,
                caption_hidden=True,
            ),
            *([rx.el.p("Whole budget: ", total)] if not isinstance(total, str) or total else []),
        ),
        class_name="phb-chart",
    )


def bar_list(
    rows: Sequence[BarRow] | rx.Var[list[BarRow]], sentence: Text, *, caption: str, heading: str = "Kind of spending"
) -> rx.Component:
    """Amounts beside each other as bars, one row each ("spending by kind")."""
    return rx.el.figure(
        rx.el.figcaption(sentence, class_name="nhsuk-body phb-chart__sentence"),
        rx.el.ul(*_each(rows, _bar_row), class_name="phb-bars", aria_label=caption),
        details(
            "Show as table",
            table(
                caption, [Column(heading, "label"), Column("Amount", "amount", numeric=True)], rows, caption_hidden=True
            ),
        ),
        class_name="phb-chart",
    )


def _block(part: Any) -> rx.Component:
    return rx.el.svg.rect(
        x=_percent(part.start),
        y="1",
        width=_percent(part.percent),
        height="46",
        class_name="phb-bar__part phb-bar__part--" + part.kind,
    )


def _key(part: Any) -> rx.Component:
    swatch = rx.el.svg(
        rx.el.svg.rect(x="1", y="1", width="18", height="18", class_name="phb-bar__part phb-bar__part--" + part.kind),
        width="20",
        height="20",
        aria_hidden=True,
        custom_attrs={"focusable": "false"},
    )
    return rx.el.li(swatch, rx.el.span(part.label, hidden(":")), rx.el.strong(part.amount), class_name="phb-bar__item")


def _bar_row(row: Any) -> rx.Component:
    bar = rx.el.svg(
        rx.el.svg.rect(
            x="0", y="0", width=_percent(row.percent), height="16", class_name="phb-bar__part phb-bar__part--paid"
        ),
        width="100%",
        height="16",
        aria_hidden=True,
        custom_attrs={"focusable": "false"},
    )
    words = rx.el.span(rx.el.span(row.label, hidden(":")), " ", rx.el.strong(row.amount), class_name="phb-bars__words")
    return rx.el.li(words, bar, class_name="phb-bars__row")


def bar_patterns() -> rx.Component:
    """The patterns by themselves, once for a page with several charts."""
    return rx.el.svg(
        _patterns(), width="0", height="0", aria_hidden=True, custom_attrs={"focusable": "false"},
        class_name="phb-patterns",
    )  # fmt: skip


def _patterns() -> rx.Component:
    """Stripes for what is spent, dots for what is set aside; the solid parts need none."""
    stripes = rx.el.svg.pattern(
        rx.el.svg.rect(width="8", height="8", class_name="phb-ink--spent-ground"),
        rx.el.svg.rect(width="4", height="8", class_name="phb-ink--spent"),
        width="8",
        height="8",
        pattern_units="userSpaceOnUse",
        pattern_transform="rotate(45)",
        custom_attrs={"id": "phb-stripes"},
    )
    dots = rx.el.svg.pattern(
        rx.el.svg.rect(width="10", height="10", class_name="phb-ink--aside-ground"),
        rx.el.svg.circle(cx="5", cy="5", r="2.5", class_name="phb-ink--aside"),
        width="10",
        height="10",
        pattern_units="userSpaceOnUse",
        custom_attrs={"id": "phb-dots"},
    )
    return rx.el.svg.defs(stripes, dots)


def _percent(number: Any) -> Text:
    return number.to_string() + "%" if isinstance(number, rx.Var) else f"{number}%"


def _each(items: Any, draw: Any) -> list[rx.Component]:
    return [rx.foreach(items, draw)] if isinstance(items, rx.Var) else [draw(item) for item in items]
