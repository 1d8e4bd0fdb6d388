"""The plan somebody who acts for a person is asked to write."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.pages.shared.plan_draft import DraftPage, draft_content
from phbportal.ui.links import back_link
from phbportal.ui.text import loading


class ActingWriteState(DraftPage, rx.State):
    """The draft."""

    _home: str = routes.ACTING_FOR


def write() -> rx.Component:
    """The draft, whole."""
    s: Any = ActingWriteState
    return acting_page(
        "Plan of " + s.view.person,
        rx.cond(s.ready, draft_content(s), loading()),
        state=s,
        before=back_link(routes.ACTING_FOR, "People you act for"),
    )
