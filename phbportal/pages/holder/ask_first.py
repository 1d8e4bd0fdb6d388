"""A holder asks before they buy."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.pages.shared.ask_before_buying import Asking, ask_content
from phbportal.ui.links import back_link
from phbportal.ui.text import loading


class AskFirstState(Asking, rx.State):
    """The holder's own questions."""


def ask_first() -> rx.Component:
    """The form, then the answers."""
    s: Any = AskFirstState
    return holder_page(
        "Ask before you buy",
        rx.cond(s.ready, ask_content(s), loading()),
        state=s,
        before=back_link(routes.MY_PLAN, "My plan"),
    )
