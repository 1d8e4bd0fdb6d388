"""History as sentences, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.ui.values import Text, pick, when


@dataclass(frozen=True)
class HistoryLine:
    """What happened ("Approved the plan."), who did it, when ("6 April 2026 at 10:15am"), and their note."""

    sentence: str
    who: str
    when: str
    note: str = ""


def timeline(
    lines: Sequence[HistoryLine] | rx.Var[list[HistoryLine]], *, empty: Text = "Nothing has happened yet."
) -> rx.Component:
    """A list of what happened to a record."""
    rows = [rx.foreach(lines, _line)] if isinstance(lines, rx.Var) else [_line(one) for one in lines]
    return pick(lines, rx.el.ol(*rows, class_name="phb-timeline"), rx.el.p(empty, class_name="nhsuk-body phb-empty"))


def _changes(one: Any) -> rx.Component:
    """What each field held before and after, where that is known."""
    changes = getattr(one, "changes", ())
    if not isinstance(changes, rx.Var):
        return rx.fragment()
    rows = rx.foreach(changes, lambda words: rx.el.li(words))
    return when(changes, rx.el.ul(rows, class_name="nhsuk-list phb-timeline__changes"))


def _line(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.sentence, class_name="phb-timeline__sentence"),
        rx.el.p(one.who, ", ", one.when, class_name="phb-timeline__by"),
        when(one.note, rx.el.p(one.note, class_name="phb-timeline__note")),
        _changes(one),
        class_name="phb-timeline__item",
    )
