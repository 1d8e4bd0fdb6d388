"""A holder writes their own plan, when they are asked to."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.pages.shared.plan_draft import DraftPage, draft_content
from phbportal.ui.links import back_link
from phbportal.ui.text import loading


class WriteMyPlanState(DraftPage, rx.State):
    """The draft."""

    _home: str = routes.MY_PLAN


def write() -> rx.Component:
    """The draft, whole."""
    s: Any = WriteMyPlanState
    return holder_page(
        "Write my plan",
        rx.cond(s.ready, draft_content(s, own=True), loading()),
        state=s,
        before=back_link(routes.MY_PLAN, "My plan"),
    )
