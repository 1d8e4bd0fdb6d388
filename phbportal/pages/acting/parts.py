"""What the pages of people who act for others share."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.text import heading
from phbportal.ui.values import when


def sentences_of(sentences: Any) -> rx.Component:
    """Short sentences, each on a line of its own."""
    return rx.foreach(sentences, lambda words: rx.el.p(words))


def money_lines(streams: Any) -> rx.Component:
    """What is left of each stream in words, and what comes next."""
    return rx.foreach(streams, _line)


def _line(line: Any) -> rx.Component:
    return rx.fragment(
        heading(line.name, level=3),
        rx.foreach(line.left, lambda words: rx.el.p(words)),
        when(line.next, heading("Next payment", level=4, size="s"), sentences_of(line.next)),
    )
