"""Somebody who acts for a person asks before they buy from the money they look after."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.pages.shared.ask_before_buying import Asking, ask_content
from phbportal.ui.links import back_link
from phbportal.ui.text import loading
from phbportal.ui.values import pick


class ActingAskState(Asking, rx.State):
    """The questions of the budget in the address."""


def ask() -> rx.Component:
    """The form, then the answers."""
    s: Any = ActingAskState
    return acting_page(
        pick(s.found.whose, "Ask before you buy for " + s.found.whose, "Ask before you buy"),
        rx.cond(s.ready, ask_content(s), loading()),
        state=s,
        before=back_link(
            pick(s.found.reference, routes.ACTING_FOR + "/" + s.found.reference, routes.ACTING_FOR),
            pick(s.found.whose, "Money for " + s.found.whose, "People you act for"),
        ),
    )
