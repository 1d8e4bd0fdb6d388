"""What a dashboard looks like: its tiles, to stand above a page; and its charts and queues, to fill one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.dashboard_state import DashboardState
from phbportal.ui.links import link
from phbportal.ui.plots import plots
from phbportal.ui.tables import Column, table
from phbportal.ui.text import heading, loading
from phbportal.ui.tiles import tiles
from phbportal.ui.values import pick


def dashboard_tiles(*after: Any) -> rx.Component:
    """The figures at a glance, and what stands below them; nothing before it is known whose they are."""
    shown: Any = DashboardState.tiles
    return pick(shown, rx.fragment(tiles(shown), *after), rx.fragment())


def dashboard_body() -> rx.Component:
    """Tiles, queues, charts."""
    s: Any = DashboardState
    waiting = [
        Column("Queue", lambda row: link(row.title, row.href)),
        Column("Waiting", "waiting", numeric=True),
        Column("Overdue", "late", numeric=True),
    ]
    return rx.fragment(
        dashboard_tiles(),
        pick(s.drawn, rx.fragment(), loading()),
        pick(
            s.queues,
            rx.fragment(
                heading("What waits for you"), table("What waits for you", waiting, s.queues, caption_hidden=True)
            ),
            rx.fragment(),
        ),
        plots(s.charts),
    )
