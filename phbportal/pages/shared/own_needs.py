"""What an assessment of somebody's needs found, as they read it, or whoever represents them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.pages.holder.parts import listed, part
from phbportal.ui.easy_read import said
from phbportal.ui.values import Flag, Text, when


def own_needs(needs: Any, *, easy: Flag, title: Text = "What you need help with") -> rx.Component:
    """The latest assessment; nothing where none is recorded."""
    return when(
        needs.said,
        part(
            "person",
            title,
            said(needs.said, apart=easy),
            when(needs.summary, rx.el.p(needs.summary, class_name="phb-own-words")),
            listed(needs.needs, lambda one: rx.fragment(rx.el.strong(one.area), ": ", one.words)),
            easy=easy,
            level=2,
        ),
    )
